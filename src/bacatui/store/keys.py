"""Which entry is which: an entry is known again by its key.

The key is the guid where it is unique in the document, else the link, else a hash. A guid that comes back with another
link and another title is another entry (some feeds number 1, 2, 3 anew each day). Feeds that change all their ids keep
their entries, found by link, and with them the reader's marks.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from hashlib import blake2b

from bacatui.model import ParsedEntry
from bacatui.store.sql import immediate, named

_TRACKING = re.compile(r"[?&]utm_[^&#]*")
Keyed = tuple[str, ParsedEntry]


def keyed(entries: Iterable[ParsedEntry]) -> list[Keyed]:
    """Each entry with its key, oldest last in the document first, so that its number is lowest; twins once."""
    entries = list(entries)
    guids = Counter(entry.id for entry in entries if entry.has_guid)
    links = Counter(entry.link for entry in entries)
    found: dict[str, ParsedEntry] = {}
    for entry in entries:
        if entry.has_guid and guids[entry.id] == 1:
            key = "g:" + entry.id
        elif entry.link and links[entry.link] == 1:
            key = "l:" + entry.link
        else:
            key = "h:" + blake2b((entry.title + "\n" + entry.content).encode(), digest_size=16).hexdigest()
        found.setdefault(key, entry)
    return list(reversed(found.items()))


def address(url: str) -> str:
    """A link without what changes about it from day to day."""
    return _TRACKING.sub("", url.partition("#")[0]).partition("://")[2].rstrip("/")


def likeness(url: str, title: str) -> int:
    """A number for link and title."""
    digest = blake2b((address(url) + "\n" + title).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def digest(entry: ParsedEntry) -> bytes:
    """A hash of all that the publisher wrote."""
    return blake2b(repr(entry).encode("utf-8", "replace"), digest_size=12).digest()


def rebind(db: sqlite3.Connection, feed: int, document: list[Keyed]) -> None:
    """Give entries that are known under another key the key that they have in this document."""
    sql = "SELECT key, hash FROM entry WHERE feed = ? AND key IN (SELECT value FROM json_each(?))"
    hashes = dict(db.execute(sql, (feed, json.dumps([key for key, _ in document]))).fetchall())
    if all(hashes.get(key) == digest(entry) for key, entry in document):
        return
    sql = "SELECT id, key, url, title FROM entry WHERE feed = ? ORDER BY id DESC LIMIT 5000"
    stored = db.execute(sql, (feed,)).fetchall()
    by_key = {row["key"]: row for row in stored}
    by_link: dict[str, list[sqlite3.Row]] = {}
    for row in stored:
        by_link.setdefault(address(row["url"]), []).append(row)
    links = Counter(address(entry.link) for _, entry in document)

    def alone(entry: ParsedEntry) -> sqlite3.Row | None:
        """The one stored entry with this entry's link, where that link means one entry."""
        link = address(entry.link)
        rows = by_link.get(link, [])
        return rows[0] if link and links[link] == 1 and len(rows) == 1 else None

    strange = [(key, entry, alone(entry)) for key, entry in document if not _is_same(by_key.get(key), entry)]
    moved = sum(row is not None for _, _, row in strange)
    are_most = moved * 2 > len(document)
    new_keys: dict[int, str] = {}
    for key, entry, row in strange:
        if row is not None and (are_most or row["title"] == entry.title):
            new_keys[row["id"]] = key
        if (holder := by_key.get(key)) is not None:  # a number given to another entry
            new_keys.setdefault(holder["id"], f"x:{holder['id']}:{key}")
    with immediate(db) if new_keys else nullcontext():  # in two steps, since keys may change places
        db.executemany("UPDATE entry SET key = 'x:' || id WHERE id = ?", ((n,) for n in new_keys))
        db.executemany("UPDATE OR IGNORE entry SET key = ? WHERE id = ?", ((key, n) for n, key in new_keys.items()))


def _is_same(row: sqlite3.Row | None, entry: ParsedEntry) -> bool:
    return row is not None and (row["title"] == entry.title or address(row["url"]) == address(entry.link))


def unknown(db: sqlite3.Connection, feed: int, document: list[Keyed]) -> list[Keyed]:
    """Those that are neither stored nor were purged, by their key or by link and title."""
    asked = [[key, likeness(entry.link, entry.title) if entry.link else None] for key, entry in document]
    fresh = {row[0] for row in db.execute(named("unknown"), (feed, json.dumps(asked)))}
    return [(key, entry) for key, entry in document if key in fresh]
