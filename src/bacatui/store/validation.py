"""Validation of rows from a library file that anyone may have made.

Text is sanitized as text from the network is. An invalid value is replaced with its column's
default; a row whose numbers or keys are invalid is left out. Settings that run a program, or that
open the user's own network, are taken over only where the user grants them.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

from bacatui import document
from bacatui.i18n import _
from bacatui.model import FullText, Kind, Network, Offline
from bacatui.store.query import QueryError, parse
from bacatui.store.sql import bounds, settings_text
from bacatui.store.types import NETWORK, Privilege, is_picture_path, is_privilege, is_setting
from bacatui.text import sanitize

Validator = Callable[[Any], Any]  # stored value -> valid value; raises InvalidRowError

MAX_ID: Final = 1 << 52
MAX_MARKED: Final = 10_000_000  # entries in one act
_SETTING_LIMIT: Final = 100_000  # characters of a setting, or of a value in `meta`
_MIN_TIME, _MAX_TIME = -62_135_596_800, 253_402_300_799  # seconds: the years 1 and 9999
_STATUSES: Final = {"new", "ok", "failing", "gone", "waiting", "paused"}
_RANGES: Final = re.compile(r"[0-9]{1,16}(?:-[0-9]{1,16})?(?:,[0-9]{1,16}(?:-[0-9]{1,16})?)*")
_FOOTNOTE_LINK: Final = re.compile(r"#[\w:.-]{1,100}")
_CODE_LANGUAGE: Final = re.compile(r"[\w+#.-]{1,40}")


class InvalidRowError(ValueError):
    """A row that cannot be taken over."""


def _line(limit: int = sanitize.URL_LIMIT) -> Validator:
    """One line of text. The limit is a URL's, since a page without a title has its URL as title."""
    return lambda value: sanitize.clean(value, limit) if isinstance(value, str) else ""


def _unchecked(value: Any) -> Any:
    """The value as it is: it is validated with the rest of its row in `RowValidator`."""
    return value


def _text(value: Any) -> str:
    return sanitize.code(value) if isinstance(value, str) else ""


def _key(value: Any) -> str:
    key = sanitize.markup(value)[: sanitize.URL_LIMIT + 2] if isinstance(value, str) else ""
    if not key:
        raise InvalidRowError
    return key


def _url(value: Any) -> str:
    return sanitize.url(value) if isinstance(value, str) else ""


def _required_url(value: Any) -> str:
    url = _url(value)
    if not url:
        raise InvalidRowError
    return url


def _feed_url(value: Any) -> str:
    return "" if value == "" else _required_url(value)


def _verbatim(value: Any) -> str:
    """A value that is sent back to a server exactly as it came, such as an ETag."""
    is_valid = (
        isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= 4096
    )
    return value if is_valid else ""


def _name(value: Any) -> str:
    name = str(_line(sanitize.NAME_LIMIT)(value))
    if not name:
        raise InvalidRowError
    return name


def _query(value: Any) -> str:
    query = str(_line(4_000)(value))
    try:
        parse(query)
    except QueryError as error:
        raise InvalidRowError from error
    return query


def _id(value: Any) -> int:
    if type(value) is int and 0 < value <= MAX_ID:
        return value
    raise InvalidRowError


def _integer(least: int, most: int, default: int | None = 0) -> Validator:
    return lambda value: value if type(value) is int and least <= value <= most else default


def _one_of(choices: Container[str] | type[StrEnum], default: str) -> Validator:
    known = {each.value for each in choices} if isinstance(choices, type) else choices
    return lambda value: value if isinstance(value, str) and value in known else default


def _date_text(value: Any) -> str | None:
    """A time as text, with the publisher's own offset."""
    return value if isinstance(value, str) and re.fullmatch(r"[0-9T:+.Z -]{10,40}", value) else None


def _place(value: Any) -> float:
    return value if isinstance(value, float) and 0 <= value < 1e9 else 0.0


def _hash(value: Any) -> bytes:
    return value[:64] if isinstance(value, bytes) else b""


def _path(value: Any) -> str:
    path = str(value)
    if value == "" or is_picture_path(path):
        return path
    raise InvalidRowError


def _format(value: Any) -> str:
    return value if isinstance(value, str) and value.isalpha() else ""


def _action(value: Any) -> str:
    if isinstance(value, str) and value in {"read", "hide"}:
        return value
    raise InvalidRowError


def _html(value: Any) -> str:
    """Stored HTML as our own writer would have written it, with clean text and addresses."""
    if not isinstance(value, str):
        return ""
    blocks = document.read(value[: 4 * sanitize.BODY_LIMIT], builder=_SanitizingBuilder)
    return sanitize.markup(document.to_html(blocks))


class _SanitizingBuilder(document.Builder):
    """A builder that sanitizes text and attributes, since the stored HTML is not trusted."""

    _attributes: Final[dict[str, Validator]] = {
        "href": lambda value: value if _FOOTNOTE_LINK.fullmatch(value) else sanitize.url(value),
        "src": sanitize.url,
        "alt": sanitize.clean,
        "id": lambda value: value if _FOOTNOTE_LINK.fullmatch("#" + value) else "",
        "class": str,  # the builder itself takes only known values of this and the next three
        "start": str,
        "width": str,
        "height": str,
        "data-language": lambda value: value if _CODE_LANGUAGE.fullmatch(value) else "",
    }

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Start an element with the attributes that are known, sanitized."""
        known = {name: text for name, text in attrs.items() if name in self._attributes}
        super().start(tag, {name: self._attributes[name](text) for name, text in known.items()})

    def text(self, text: str) -> None:
        """Add sanitized text."""
        super().text(sanitize.markup(text))


def _parsed(value: Any, kind: type) -> Any:
    """JSON as a value of `kind`, which is empty where the text is not JSON of that kind."""
    try:
        found = json.loads(value)
    except (TypeError, ValueError, RecursionError):
        return kind()
    return found if isinstance(found, kind) else kind()


def _items(value: Any, kind: type) -> Iterator[Any]:
    """The items of a JSON list that are of `kind`."""
    items = [] if value == "[]" else _parsed(value, list)
    return (item for item in items if isinstance(item, kind))


def _enclosures(value: Any) -> str:
    validators: dict[str, Validator] = {
        "url": _url,
        "type": _line(200),
        "length": _integer(0, 1 << 53, None),
        "title": _line(),
    }
    enclosures = [
        {name: validate(item.get(name)) for name, validate in validators.items()}
        for item in _items(value, dict)
    ]
    return json.dumps([enclosure for enclosure in enclosures if enclosure["url"]])


def _categories(value: Any) -> str:
    names = map(_line(sanitize.NAME_LIMIT), _items(value, str))
    return json.dumps([name for name in names if name], ensure_ascii=False)


def _cuts(value: Any) -> str:
    """JSON list of [position, html, by, where], of which older libraries have no `where`."""
    validators = (_integer(0, 100_000), _html, _line(), _line())
    cuts = [
        [validate(part) for validate, part in zip(validators, item, strict=False)]
        for item in _items(value, list)
        if len(item) in {3, 4}
    ]
    return json.dumps(cuts, ensure_ascii=False)


def _meta_value(value: Any) -> str:
    if isinstance(value, str):
        return sanitize.code(value, _SETTING_LIMIT)
    raise InvalidRowError


_time = _integer(_MIN_TIME, _MAX_TIME)
_optional_time = _integer(_MIN_TIME, _MAX_TIME, None)
_count = _integer(0, 1_000_000_000)
_flag = _integer(0, 1)

# Table and column -> validator, for each table that holds what cannot be made anew.
VALIDATORS: Final[dict[str, dict[str, Validator]]] = {
    "feed": {
        "id": _id,
        "url": _feed_url,
        "title": _line(),
        "publisher_title": _line(),
        "site": _url,
        "folder": _line(),
        "full_text": _one_of(FullText, "auto"),
        "settings": _unchecked,
        "added_at": _time,
        "removed_at": _optional_time,
    },
    "fetch": {
        "feed": _id,
        "etag": _verbatim,
        "last_modified": _verbatim,
        "body_hash": _verbatim,
        "refused_hash": _verbatim,
        "status": _one_of(_STATUSES, "new"),
        "error": _line(),
        "errors": _count,
        "reached": _flag,
        "last_checked": _optional_time,
        "last_ok": _optional_time,
        "last_full": _optional_time,
        "next_check": _optional_time,
        "ttl": _integer(0, 1_000_000_000, None),
        "moved_to": _url,
        "moved_seen": _count,
    },
    "entry": {
        "id": _id,
        "feed": _id,
        "key": _key,
        "guid": _line(),
        "title": _line(),
        "url": _url,
        "author": _line(),
        "published": _optional_time,
        "updated": _optional_time,
        "first_seen": _time,
        "sort_at": _time,
        "language": _line(100),
        "words": _count,
        "is_stub": _flag,
        "text_state": _one_of(Offline, "ready"),
        "offline": _one_of(Offline, "ready"),
        "hidden": _flag,
        "hash": _hash,
    },
    "content": {
        "entry": _id,
        "html": _html,
        "text": _text,
        "summary": _text,
        "comments": _url,
        "enclosures": _enclosures,
        "categories": _categories,
    },
    "article": {
        "entry": _id,
        "title": _line(),
        "byline": _line(),
        "published": _date_text,
        "lead": _text,
        "text": _text,
        "html": _html,
        "language": _line(100),
        "site": _line(),
        "lead_image": _url,
        "url": _url,
        "kind": _one_of(Kind, "article"),
        "next_page": _url,
        "extractor": _line(),
        "rules": _line(),
        "cuts": _cuts,
        "error": _line(),
        "tried_at": _optional_time,
        "attempts": _count,
    },
    "picture": {
        "url": _required_url,
        "path": _path,
        "format": _format,
        "width": _count,
        "height": _count,
        "size": _count,
        "error": _line(),
        "tried_at": _time,
        "attempts": _count,
    },
    "need": {"entry": _id, "url": _required_url},
    "host": {"name": _name, "wait_until": _time},
    "tombstone": {
        "feed": _id,
        "key": _key,
        "likeness": _integer(-(1 << 63), (1 << 63) - 1),
        "entry": _id,
    },
    "mark": {
        "entry": _id,
        "read_at": _optional_time,
        "bookmarked_at": _optional_time,
        "hidden_at": _optional_time,
        "note": _text,
        "place": _place,
    },
    "tag": {"name": _name, "entry": _id},
    "journal": {
        "id": _id,
        "at": _time,
        "author": _name,
        "kind": _name,
        "count": _count,
        "detail": _line(),
        "undone_at": _optional_time,
        "can_redo": _flag,
        "changes": _unchecked,
    },
    "saved_search": {"id": _id, "name": _name, "query": _query},
    "mute_rule": {"id": _id, "name": _name, "query": _query, "action": _action},
    "meta": {"key": _name, "value": _meta_value},
}


class RowValidator:
    """Validates rows, and counts those that it leaves out.

    `granted` names the privileges that feeds keep, as feed, setting and value; None grants all.
    """

    def __init__(self, granted: Container[tuple[int, str, str]] | None = None) -> None:
        self._granted = granted
        self.refused = 0  # rows that were left out

    def rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> Iterator[list[Any]]:
        """The valid rows of a table, each with the values of `columns` in that order."""
        validators = [VALIDATORS[table][name] for name in columns]
        for row in rows:
            try:
                values = [validate(value) for validate, value in zip(validators, row, strict=True)]
                if table == "feed":
                    at = columns.index("settings")
                    values[at] = self._settings(values[at], values[columns.index("id")])
                elif table == "journal":
                    at = columns.index("changes")
                    values[at] = self._changes(values[at])
            except InvalidRowError:
                self.refused += 1
            else:
                yield values

    def _settings(self, stored: Any, feed: int) -> str:
        """A feed's known settings, without the privileges that were not granted."""
        settings = {}
        for name, value in _parsed(stored, dict).items():
            text = sanitize.code(str(value), _SETTING_LIMIT)
            if is_privilege(name, text) and not self._is_granted(feed, name, text):
                text = Network.PUBLIC if name == NETWORK else ""
            if is_setting(name):
                settings[name] = text
        return settings_text(settings)

    def _is_granted(self, feed: int, name: str, text: str) -> bool:
        return self._granted is None or (feed, name, text) in self._granted

    def _changes(self, stored: Any) -> str:
        """A journal row's changes, each of a kind that the program itself could have written."""
        changes = [self._change(item) for item in _items(stored, dict)]
        if not changes:
            raise InvalidRowError
        return json.dumps(changes, ensure_ascii=False)

    def _change(self, given: dict[str, Any]) -> dict[str, Any]:
        what = given.get("what")
        if given.keys() != {"what", "from", "to", "ids", "about"} or not isinstance(what, str):
            raise InvalidRowError
        about, validate = self._about_and_validator(what, given["about"])
        was, becomes = (
            None if given[end] is None else validate(given[end]) for end in ("from", "to")
        )
        ids = _valid_ranges(given["ids"])
        return {"what": what, "from": was, "to": becomes, "ids": ids, "about": about}

    def _about_and_validator(self, what: str, about: Any) -> tuple[int | str | None, Validator]:
        """What a change is about (a name, a feed, or None for entries), and how to validate it."""
        if what in _CHANGES_OF_NAMES:
            return _name(about), _CHANGES_OF_NAMES[what]
        if what in _CHANGES_OF_FEEDS:
            feed = _id(about)
            if what == "feed.settings":
                return feed, lambda text: self._settings(text, feed)
            return feed, VALIDATORS["feed"][what.removeprefix("feed.")]
        if what in _CHANGES_OF_ENTRIES:
            return None, _CHANGES_OF_ENTRIES[what]
        raise InvalidRowError


def _rule(value: Any) -> str:
    """A mute rule as the journal holds it: a JSON list of query and action."""
    query, action = [*_parsed(value, list), "", ""][:2]
    return json.dumps([_query(query), _action(action)])


_CHANGES_OF_FEEDS: Final = {
    "feed.url",
    "feed.title",
    "feed.folder",
    "feed.full_text",
    "feed.site",
    "feed.settings",
    "feed.removed_at",
}
_CHANGES_OF_NAMES: Final[dict[str, Validator]] = {"saved_search": _query, "mute_rule": _rule}
_CHANGES_OF_ENTRIES: Final[dict[str, Validator]] = {
    "tag": _name,
    "entry.feed": _id,
    "mark.read_at": _optional_time,
    "mark.bookmarked_at": _optional_time,
    "mark.hidden_at": _optional_time,
    "mark.note": _text,
}


def _valid_ranges(value: Any) -> str:
    """Entry numbers as `sql.ranges` writes them, at most `MAX_MARKED` of them."""
    if value == "":
        return ""
    if not isinstance(value, str) or not _RANGES.fullmatch(value):
        raise InvalidRowError
    spans = list(bounds(value))
    if not all(0 < first <= last <= MAX_ID for first, last in spans):
        raise InvalidRowError
    if sum(last - first + 1 for first, last in spans) > MAX_MARKED:
        raise InvalidRowError
    return value


def privileges(db: sqlite3.Connection) -> list[Privilege]:
    """The privileges of a library's feeds, removed feeds included, as the user is to see them."""
    found, line = list[Privilege](), _line(200)
    rows = db.execute("SELECT id, url, title, publisher_title, settings FROM feed")
    for id, url, own_title, publisher_title, settings in rows:
        if type(id) is not int:
            continue
        title = line(own_title) or line(publisher_title) or _("a feed without a name")
        for name, value in _parsed(settings, dict).items():
            text = str(value)
            if not text or not is_privilege(name, text):
                continue
            is_plain = text.isprintable() and sanitize.is_safe(text)
            shown = text if is_plain else ascii(text)
            found.append(Privilege(id, title, _url(url), name, shown, is_plain))
    return found
