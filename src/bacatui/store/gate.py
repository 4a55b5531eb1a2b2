"""The gate for the rows of a library that anyone may have made.

What it says goes through the text gate, as all that comes from the network. A value that no library of ours holds
gives way to its column's default; a row whose numbers or keys make no sense is left out. Nothing comes in that runs a
program or opens the user's network, but for what the user grants.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, NoReturn

from bacatui import document
from bacatui.i18n import _
from bacatui.model import FullText, Kind, Network, Offline
from bacatui.store.query import QueryError, parse
from bacatui.store.sql import bounds, settings_text
from bacatui.store.types import NETWORK, Privilege, is_picture_path, is_privilege, is_setting
from bacatui.text import sanitize

Fit = Callable[[Any], Any]  # what becomes of a value; raises Unfit

MOST_ID: Final = 1 << 52
MOST_MARKED: Final = 10_000_000  # entries in one act
_LONG: Final = 100_000  # characters of what is neither a line nor a text
_FIRST, _LAST = -62_135_596_800, 253_402_300_799  # seconds: the years 1 and 9999
_STATES: Final = {"new", "ok", "failing", "gone", "waiting", "paused"}
_RANGES: Final = re.compile(r"[0-9]{1,16}(?:-[0-9]{1,16})?(?:,[0-9]{1,16}(?:-[0-9]{1,16})?)*")
_NOTE: Final = re.compile(r"#[\w:.-]{1,100}")  # a link to a footnote
_LANGUAGE: Final = re.compile(r"[\w+#.-]{1,40}")


class Unfit(ValueError):  # noqa: N818 - says what the row is
    """A row that cannot be taken."""


def _refuse() -> NoReturn:
    raise Unfit


def _line(limit: int = sanitize.URL_LIMIT) -> Fit:  # a page's address may have to be its title
    return lambda value: sanitize.clean(value, limit) if isinstance(value, str) else ""


def _same(value: Any) -> Any:
    return value  # what is looked into with its whole row


def _text(value: Any) -> str:
    return sanitize.code(value) if isinstance(value, str) else ""


def _key(value: Any) -> str:
    found = sanitize.markup(value)[: sanitize.URL_LIMIT + 2] if isinstance(value, str) else ""
    return found or _refuse()


def _url(value: Any) -> str:
    return sanitize.url(value) if isinstance(value, str) else ""


def _feed_url(value: Any) -> str:
    return "" if value == "" else _url(value) or _refuse()


def _page_url(value: Any) -> str:
    return _url(value) or _refuse()


def _verbatim(value: Any) -> str:
    """What is sent back to a server as it came."""
    is_fit = (
        isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= 4096
    )
    return value if is_fit else ""


def _name(value: Any) -> str:
    return str(_line(sanitize.NAME_LIMIT)(value)) or _refuse()


def _query(value: Any) -> str:
    query = str(_line(4_000)(value))
    try:
        parse(query)
    except QueryError as error:
        raise Unfit from error
    return query


def _id(value: Any) -> int:
    return value if type(value) is int and 0 < value <= MOST_ID else _refuse()


def _whole(least: int, most: int, usual: int | None = 0) -> Fit:
    return lambda value: value if type(value) is int and least <= value <= most else usual


def _among(choices: Container[str] | type[StrEnum], usual: str) -> Fit:
    known = {each.value for each in choices} if isinstance(choices, type) else choices
    return lambda value: value if isinstance(value, str) and value in known else usual


def _moment(value: Any) -> str | None:
    """A time as its publisher wrote it."""
    return value if isinstance(value, str) and re.fullmatch(r"[0-9T:+.Z -]{10,40}", value) else None


def _share(value: Any) -> float:
    return value if isinstance(value, float) and 0 <= value < 1e9 else 0.0


def _bytes(value: Any) -> bytes:
    return value[:64] if isinstance(value, bytes) else b""


def _path(value: Any) -> str:
    return str(value) if value == "" or is_picture_path(str(value)) else _refuse()


def _letters(value: Any) -> str:
    return value if isinstance(value, str) and value.isalpha() else ""


def _html(value: Any) -> str:
    """Stored HTML as our own writer would have written it, with clean text and addresses."""
    if not isinstance(value, str):
        return ""
    return sanitize.markup(
        document.to_html(document.read(value[: 4 * sanitize.BODY_LIMIT], builder=_Washing))
    )


class _Washing(document.Builder):
    """A builder that takes nothing on trust."""

    _fits: Final[dict[str, Fit]] = {
        "href": lambda value: value if _NOTE.fullmatch(value) else sanitize.url(value), "src": sanitize.url,
        "alt": sanitize.clean, "id": lambda value: value if _NOTE.fullmatch("#" + value) else "",
        "class": str, "start": str, "width": str, "height": str,  # the builder knows what it takes
        "data-language": lambda value: value if _LANGUAGE.fullmatch(value) else "",
    }  # fmt: skip

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        super().start(
            tag,
            {name: self._fits[name](text) for name, text in attrs.items() if name in self._fits},
        )

    def text(self, text: str) -> None:
        super().text(sanitize.markup(text))


def _parsed(value: Any, kind: type) -> Any:
    """What JSON says, an empty `kind` where it says nothing of that kind."""
    try:
        found = json.loads(value)
    except (TypeError, ValueError, RecursionError):
        return kind()
    return found if isinstance(found, kind) else kind()


def _enclosures(value: Any) -> str:
    shape: dict[str, Fit] = {
        "url": _url,
        "type": _line(200),
        "length": _whole(0, 1 << 53, None),
        "title": _line(),
    }
    found = (
        {name: fit(each.get(name)) for name, fit in shape.items()} for each in _objects(value, dict)
    )
    return json.dumps([each for each in found if each["url"]])


def _categories(value: Any) -> str:
    named = map(_line(sanitize.NAME_LIMIT), _objects(value, str))
    return json.dumps([name for name in named if name], ensure_ascii=False)


def _cuts(value: Any) -> str:
    found = (each for each in _objects(value, list) if len(each) in {3, 4})
    fits = (_whole(0, _LONG), _html, _line(), _line())
    cuts = [
        [fit(part) for fit, part in zip(fits, [*each, ""], strict=False)][: len(each)]
        for each in found
    ]
    return json.dumps(cuts, ensure_ascii=False)


def _objects(value: Any, kind: type) -> Iterator[Any]:
    return (
        each for each in ([] if value == "[]" else _parsed(value, list)) if isinstance(each, kind)
    )


def _state(value: Any) -> str:
    """A small fact, or the state of the screen."""
    return sanitize.code(value, _LONG) if isinstance(value, str) else _refuse()


_at, _maybe_at = _whole(_FIRST, _LAST), _whole(_FIRST, _LAST, None)
_some, _flag = _whole(0, 1_000_000_000), _whole(0, 1)
FITS: Final[dict[str, dict[str, Fit]]] = {  # of each table that holds what cannot be made anew
    "feed": {
        "id": _id, "url": _feed_url, "title": _line(), "publisher_title": _line(), "site": _url, "folder": _line(),
        "full_text": _among(FullText, "auto"), "settings": _same, "added_at": _at, "removed_at": _maybe_at,
    },
    "fetch": {
        "feed": _id, "etag": _verbatim, "last_modified": _verbatim, "body_hash": _verbatim, "refused_hash": _verbatim,
        "status": _among(_STATES, "new"), "error": _line(), "errors": _some, "reached": _flag,
        "last_checked": _maybe_at, "last_ok": _maybe_at, "last_full": _maybe_at, "next_check": _maybe_at,
        "ttl": _whole(0, 1_000_000_000, None), "moved_to": _url, "moved_seen": _some,
    },
    "entry": {
        "id": _id, "feed": _id, "key": _key, "guid": _line(), "title": _line(), "url": _url,
        "author": _line(), "published": _maybe_at, "updated": _maybe_at, "first_seen": _at, "sort_at": _at,
        "language": _line(100), "words": _some, "is_stub": _flag, "text_state": _among(Offline, "ready"),
        "offline": _among(Offline, "ready"), "hidden": _flag, "hash": _bytes,
    },
    "content": {
        "entry": _id, "html": _html, "text": _text, "summary": _text, "comments": _url, "enclosures": _enclosures,
        "categories": _categories,
    },
    "article": {
        "entry": _id, "title": _line(), "byline": _line(), "published": _moment, "lead": _text, "text": _text,
        "html": _html, "language": _line(100), "site": _line(), "lead_image": _url, "url": _url,
        "kind": _among(Kind, "article"), "next_page": _url, "extractor": _line(), "rules": _line(), "cuts": _cuts,
        "error": _line(), "tried_at": _maybe_at, "attempts": _some,
    },
    "picture": {
        "url": _page_url, "path": _path, "format": _letters,
        "width": _some, "height": _some, "size": _some, "error": _line(), "tried_at": _at, "attempts": _some,
    },
    "need": {"entry": _id, "url": _page_url},
    "host": {"name": _name, "wait_until": _at},
    "tombstone": {"feed": _id, "key": _key, "likeness": _whole(-(1 << 63), (1 << 63) - 1), "entry": _id},
    "mark": {
        "entry": _id, "read_at": _maybe_at, "bookmarked_at": _maybe_at, "hidden_at": _maybe_at, "note": _text,
        "place": _share,
    },
    "tag": {"name": _name, "entry": _id},
    "journal": {
        "id": _id, "at": _at, "author": _name, "kind": _name, "count": _some, "detail": _line(),
        "undone_at": _maybe_at, "can_redo": _flag, "changes": _same,
    },
    "saved_search": {"id": _id, "name": _name, "query": _query},
    "mute_rule": {
        "id": _id, "name": _name, "query": _query,
        "action": lambda value: value if value in {"read", "hide"} else _refuse(),
    },
    "meta": {"key": _name, "value": _state},
}  # fmt: skip


class Gate:
    """One passage of rows. `granted`: what feeds may go on doing, as feed, setting and value; None: all."""

    def __init__(self, granted: Container[tuple[int, str, str]] | None = None) -> None:
        self._granted = granted
        self.refused = 0  # rows that were left out

    def rows(
        self, table: str, columns: Sequence[str], found: Iterable[Sequence[Any]]
    ) -> Iterator[list[Any]]:
        """The rows of a table as they may come in."""
        fits = [FITS[table][name] for name in columns]
        for row in found:
            try:
                values = [fit(value) for fit, value in zip(fits, row, strict=True)]
                if table == "feed":
                    at = columns.index("settings")
                    values[at] = self._settings(values[at], values[columns.index("id")])
                elif table == "journal":
                    values[columns.index("changes")] = self._changes(
                        values[columns.index("changes")]
                    )
            except Unfit:
                self.refused += 1
            else:
                yield values

    def _settings(self, stored: Any, feed: int) -> str:
        """A feed's settings, those that we know, without the privileges that were not granted."""
        found = {
            name: sanitize.code(str(text), _LONG) for name, text in _parsed(stored, dict).items()
        }
        known = {name: text for name, text in found.items() if is_setting(name)}
        for name, text in found.items():
            if is_privilege(name, text) and not self._is_granted(feed, name, text):
                known[name] = Network.PUBLIC if name == NETWORK else ""
        return settings_text(known)

    def _is_granted(self, feed: int, name: str, text: str) -> bool:
        return self._granted is None or (feed, name, text) in self._granted

    def _changes(self, stored: Any) -> str:
        """What undo and redo do, as far as any act of ours can have done it."""
        changes = [self._change(each) for each in _objects(stored, dict)]
        return json.dumps(changes, ensure_ascii=False) if changes else _refuse()

    def _change(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.keys() != {"what", "from", "to", "ids", "about"}:
            raise Unfit
        what, about, ids = given["what"], given["about"], given["ids"]
        if not isinstance(what, str):
            raise Unfit
        column = what.partition(".")[2]
        if what in _NAMED:
            about, fit = _name(about), _NAMED[what]
        elif what in _EDITED:
            about = _id(about)
            fit = (
                (lambda text: self._settings(text, about))
                if column == "settings"
                else FITS["feed"][column]
            )
        elif what in _MARKED:
            about, fit = None, _MARKED[what]
        else:
            raise Unfit
        was, becomes = (None if given[end] is None else fit(given[end]) for end in ("from", "to"))
        return {"what": what, "from": was, "to": becomes, "ids": _ranges(ids), "about": about}


def _rule(value: Any) -> str:
    query, action = [*_parsed(value, list), "", ""][:2]
    return json.dumps([_query(query), FITS["mute_rule"]["action"](action)])


_EDITED: Final = {
    "feed.url", "feed.title", "feed.folder", "feed.full_text", "feed.site", "feed.settings", "feed.removed_at",
}  # fmt: skip
_NAMED: Final[dict[str, Fit]] = {"saved_search": _query, "mute_rule": _rule}
_MARKED: Final[dict[str, Fit]] = {"tag": _name, "entry.feed": _id} | {
    f"mark.{column}": FITS["mark"][column]
    for column in ("read_at", "bookmarked_at", "hidden_at", "note")
}


def _ranges(value: Any) -> str:
    """Numbers of entries, not more than there can be."""
    if value == "":
        return ""
    if not isinstance(value, str) or not _RANGES.fullmatch(value):
        raise Unfit
    spans = list(bounds(value))
    if not all(0 < first <= last <= MOST_ID for first, last in spans):
        raise Unfit
    return value if sum(last - first + 1 for first, last in spans) <= MOST_MARKED else _refuse()


def privileges(db: sqlite3.Connection) -> list[Privilege]:
    """What a library lets its feeds do, removed ones among them, for the user to see."""
    found, line = list[Privilege](), _line(200)
    for id, url, own, theirs, settings in db.execute(
        "SELECT id, url, title, publisher_title, settings FROM feed"
    ):
        title = line(own) or line(theirs) or _("a feed without a name")
        for name, value in _parsed(settings, dict).items() if type(id) is int else ():
            text = str(value)
            if text and is_privilege(name, text):
                is_plain = text.isprintable() and sanitize.is_safe(text)
                found.append(
                    Privilege(
                        id, title, _url(url), name, text if is_plain else ascii(text), is_plain
                    )
                )
    return found
