"""What newsboat keeps: its `urls` file (tags, titles, query feeds) and its cache.db (entries, read state, flags)."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from bacatui.feeds.opml import Subscription, Subscriptions, same, web_address
from bacatui.feeds.source import BODY_LIMIT, table
from bacatui.i18n import _
from bacatui.model import Enclosure, FeedError, ParsedEntry
from bacatui.text import sanitize

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_TERM = re.compile(
    r'\s*(title|author|content|feedtitle|tags|unread|age|flags)\s*(!?=~?|==|#|!#|<=?)\s*"?([^"]*)"?\s*$'
)
_QUERIES: Final = {
    "title": "title:", "author": "author:", "content": "text:", "feedtitle": "feed:", "tags": "folder:",
    "flags": "tag:",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ForeignEntry:
    """An entry out of another reader's store, with what its reader did there."""

    feed_url: str
    entry: ParsedEntry
    is_read: bool
    flags: str = ""  # newsboat's letters


def read_newsboat(data: bytes) -> Subscriptions:
    """The subscriptions in newsboat's `urls` file. Raises FeedError for what is none."""
    found: dict[str, Subscription] = {}
    refused: list[tuple[str, str]] = []
    searches: list[tuple[str, str]] = []
    text = data.decode("utf-8", "replace")
    if other := table(text):
        raise FeedError(other)
    for line in text.splitlines():
        words = [re.sub(r"\\(.)", r"\1", quoted) or bare for quoted, bare in _WORD.findall(line)]
        if not words or line.lstrip().startswith("#"):
            continue
        shown = sanitize.clean(words[0], 200)
        if words[0].startswith("query:"):
            _kind, name, expression = (words[0] + "::").split(":", 2)
            if query := _query(expression.removesuffix("::")):
                searches.append((sanitize.title(name), query))
            else:
                refused.append((shown, _("This query has no equivalent here.")))
        elif address := web_address(words[0]):
            tags = tuple(
                filter(None, (sanitize.name(word) for word in words[1:] if word[:1] not in "~!"))
            )
            title = next((sanitize.title(word[1:]) for word in words[1:] if word[:1] == "~"), "")
            found.setdefault(
                same(address), Subscription(address, title, next(iter(tags), ""), tags=tags)
            )
        else:
            refused.append((shown, _("Only addresses with http and https are taken.")))
    return Subscriptions(tuple(found.values()), tuple(refused), tuple(searches))


def _query(expression: str) -> str:
    """A query feed's filter in our QUERY; "" where it cannot be said."""
    terms = []
    for part in re.split(" and ", " ".join(expression.split()), flags=re.IGNORECASE):
        key, operator, value = match.groups() if (match := _TERM.match(part)) else ("", "", "")
        if key == "unread":
            terms.append("is:unread" if (value == "yes") is (operator != "!=") else "is:read")
        elif key == "age" and operator[0] == "<" and value.isdigit():
            terms.append(f"after:{value}d")
        elif key in _QUERIES and re.fullmatch(r"[\w .\-]+", value):
            terms.append(f'{"-" * (operator[0] == "!")}{_QUERIES[key]}"{value}"')
        else:
            return ""
    return " ".join(terms)


def read_newsboat_cache(path: Path) -> Iterator[ForeignEntry]:
    """The entries in newsboat's cache.db, deleted ones left out; the file is only read. Raises FeedError."""
    path = path / "cache.db" if path.is_dir() else path
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as cache:
            cache.setlimit(
                sqlite3.SQLITE_LIMIT_LENGTH, BODY_LIMIT
            )  # a column may be computed, and be vast
            cache.execute("PRAGMA trusted_schema = OFF")
            cache.text_factory = partial(str, encoding="utf-8", errors="replace")
            cache.row_factory = sqlite3.Row
            found = cache.execute(
                "SELECT type, rootpage FROM sqlite_master WHERE name = 'rss_item'"
            ).fetchone()
            if not found or found[0] != "table" or not found[1]:
                raise ValueError("a view can go on for ever, and a virtual table do anything")
            if any(column["hidden"] for column in cache.execute("PRAGMA table_xinfo (rss_item)")):
                raise ValueError("a computed column can call any function")
            for row in cache.execute("SELECT * FROM rss_item ORDER BY id"):
                if (found := dict(row)) and not found.get("deleted"):
                    yield _entry(
                        {key: "" if value is None else value for key, value in found.items()}
                    )
    except (sqlite3.Error, ValueError) as error:
        raise FeedError(_("{file} is not a cache of newsboat.").format(file=path.name)) from error


def _entry(row: dict[str, str | int]) -> ForeignEntry:
    text = {key: str(value) for key, value in row.items()}
    seconds = int(text["pubDate"]) if re.fullmatch("[0-9]{1,10}", text.get("pubDate", "")) else 0
    link = sanitize.url(text.get("url", ""), text.get("base", ""))
    enclosure = sanitize.url(text.get("enclosure_url", ""))
    guid = sanitize.clean(text.get("guid", ""), sanitize.ID_LIMIT)
    entry = ParsedEntry(
        id=guid or link, title=sanitize.title(text.get("title", "")) or link, link=link, has_guid=bool(guid),
        author=sanitize.name(text.get("author", "")), content=text.get("content", "")[: sanitize.BODY_LIMIT],
        published=datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 1 << 33 else None,
        enclosures=(Enclosure(enclosure, sanitize.name(text.get("enclosure_type", ""))),) if enclosure else (),
    )  # fmt: skip
    is_read, flags = text.get("unread") != "1", sanitize.name(text.get("flags", ""))
    return ForeignEntry(text.get("feedurl", ""), entry, is_read, flags)
