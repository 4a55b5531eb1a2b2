"""What sync brings: a feed's document into entries, a page into an article. Marks are not touched here.

An entry is known again by its key: the guid where it is unique in the document, else the link, else a hash. A guid
that comes back with another link and another title is another entry (some feeds number 1, 2, 3 anew each day).
Feeds that change all their ids keep their entries, found by link, and with them the reader's marks.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b
from html import unescape
from typing import Final

from bacatui.model import Article, FetchState, FullText, Offline, ParsedEntry, ParsedFeed
from bacatui.store import index
from bacatui.store.sql import Values, choose, named, relist, seconds
from bacatui.store.types import StoredPicture

CHUNK: Final = 100  # entries in one transaction
LATE: Final = 30 * 86400  # seconds; what is older when it arrives is sorted by its arrival
_PICTURE = re.compile(r'<img src="(https?:[^"]+)"')
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
    stored = db.execute(
        "SELECT id, key, url, title FROM entry WHERE feed = ? ORDER BY id DESC LIMIT 5000", (feed,)
    ).fetchall()
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
    # in two steps, since keys may change places
    db.executemany("UPDATE entry SET key = 'x:' || id WHERE id = ?", ((n,) for n in new_keys))
    db.executemany("UPDATE OR IGNORE entry SET key = ? WHERE id = ?", ((key, n) for n, key in new_keys.items()))


def _is_same(row: sqlite3.Row | None, entry: ParsedEntry) -> bool:
    return row is not None and (row["title"] == entry.title or address(row["url"]) == address(entry.link))


def unknown(db: sqlite3.Connection, feed: int, document: list[Keyed]) -> list[Keyed]:
    """Those that are neither stored nor were purged."""
    keys = json.dumps([key for key, _ in document])
    known = {
        row[0]
        for row in db.execute(
            "SELECT key FROM entry WHERE feed = ? AND key IN (SELECT value FROM json_each(?))", (feed, keys)
        )
    }
    buried = {row[0] for row in db.execute("SELECT key FROM tombstone WHERE feed = ?", (feed,))}
    likes = (
        {row[0] for row in db.execute("SELECT likeness FROM tombstone WHERE feed = ?", (feed,))} if buried else set()
    )
    return [
        (key, entry) for key, entry in document
        if key not in known and key not in buried and not (likes and entry.link and likeness(entry.link, entry.title) in likes)
    ]  # fmt: skip


def quiet(fresh: list[Keyed], newest: int, now: datetime) -> list[str]:
    """The keys that arrive read on a first sync: all but the newest ones."""
    order = sorted(range(len(fresh)), key=lambda n: (min(fresh[n][1].published or now, now), n), reverse=True)
    return [fresh[n][0] for n in sorted(order[newest:])]


def reserve(db: sqlite3.Connection, count: int) -> int:
    """The first of `count` entry numbers that nobody else will get."""
    if db.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'entry'").fetchone() is None:
        db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entry', 0)")
    db.execute("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'entry'", (count,))
    return int(db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()[0]) - count + 1


def chunks(document: list[Keyed]) -> Iterator[list[Keyed]]:
    for n in range(0, len(document), CHUNK):
        yield document[n : n + CHUNK]


def store(
    db: sqlite3.Connection,
    feed: sqlite3.Row,
    chunk: list[Keyed],
    reserved: dict[str, int],
    is_first: bool,
    now: datetime,
) -> tuple[list[int], int]:
    """One chunk of a document, in the caller's transaction: numbers of the new ones, and how many changed."""
    keys = json.dumps([key for key, _ in chunk])
    sql = "SELECT key, id, hash FROM entry WHERE feed = ? AND key IN (SELECT value FROM json_each(?))"
    known = {row["key"]: row for row in db.execute(sql, (feed["id"], keys))}
    fresh = {key for key, _ in unknown(db, feed["id"], chunk)}
    new: list[int] = []
    changed: list[int] = []
    for key, entry in chunk:
        row = known.get(key)
        values = _values(entry, feed, key, is_first, now)
        if row is not None and row["hash"] != values["hash"]:
            index.remove(db, [row["id"]])
            values["id"] = row["id"]
            db.execute(named("changed_entry"), values)
            changed.append(row["id"])
        elif key in fresh:
            values["id"] = reserved.get(key)
            values["id"] = db.execute(named("new_entry"), values).lastrowid
            new.append(values["id"])
        else:
            continue
        db.execute(named("content"), values)
        index.add(db, [values["id"]])
        if not (row and db.execute("SELECT 1 FROM article WHERE entry = ? AND text <> ''", (row["id"],)).fetchone()):
            _need(db, values["id"], entry.content, "", bool(row))
    if new or changed:
        settle(db, [*new, *changed])
    return new, len(changed)


def settle(db: sqlite3.Connection, ids: list[int]) -> None:
    """What is derived for these entries: lists, tallies, offline state."""
    choose(db, ids)
    relist(db)
    wants = db.execute("SELECT value FROM meta WHERE key = 'pictures'").fetchone()
    db.execute(named("needs_met"), (wants is None or wants[0] != "off",))


def _values(entry: ParsedEntry, feed: sqlite3.Row, key: str, is_first: bool, now: datetime) -> Values:
    published, seen = seconds(entry.published), seconds(now) or 0
    is_usual = published is not None and published <= seen and (is_first or seen - published <= LATE)
    full_text = feed["full_text"]
    wants_page = entry.link and (full_text == FullText.ALWAYS or full_text == FullText.AUTO and entry.is_stub)
    return {
        "feed": feed["id"], "key": key, "guid": entry.id, "title": entry.title, "url": entry.link, "author": entry.author,
        "published": published, "updated": seconds(entry.updated), "now": seen, "sort_at": published if is_usual else seen,
        "language": entry.language, "words": words(entry.text), "is_stub": int(entry.is_stub),
        "text_state": Offline.PENDING if wants_page else Offline.READY, "hash": digest(entry), "html": entry.content,
        "text": entry.text, "summary": entry.summary, "comments": entry.comments,
        "enclosures": json.dumps([asdict(e) for e in entry.enclosures]) if entry.enclosures else "[]",
        "categories": json.dumps(entry.categories, ensure_ascii=False) if entry.categories else "[]",
    }  # fmt: skip


def words(text: str) -> int:
    """Words, with two letters of a script without spaces for one."""
    return (
        len(text.split())
        if text.isascii()
        else len(index.sparse(text).split()) + sum(map(len, index.dense_runs(text))) // 2
    )


def _need(db: sqlite3.Connection, entry: int, html: str, lead: str, again: bool = True) -> None:
    if again:
        db.execute("DELETE FROM need WHERE entry = ?", (entry,))
    urls = {unescape(url) for url in _PICTURE.findall(html)} if "<img" in html else set()
    for url in urls | ({lead} if lead.startswith("http") else set()):
        db.execute("INSERT OR IGNORE INTO need VALUES (?, ?)", (entry, url))


def store_state(db: sqlite3.Connection, feed: int, state: FetchState) -> None:
    values = {k: seconds(v) if isinstance(v, datetime) else v for k, v in asdict(state).items()}
    db.execute(named("fetch"), {"feed": feed, **values})


def describe(db: sqlite3.Connection, feed: int, parsed: ParsedFeed) -> None:
    """The publisher's own words about the feed."""
    sql = """UPDATE feed SET publisher_title = coalesce(nullif(?1, ''), publisher_title), site = coalesce(nullif(site, ''), ?2)
      WHERE id = ?3 AND (publisher_title <> ?1 OR site = '')"""
    db.execute(sql, (parsed.title, parsed.link, feed))


def store_article(
    db: sqlite3.Connection, entry: int, article: Article, offline: Offline, rules: str, now: datetime
) -> None:
    """The page of an entry. One that could not be had never takes the place of one that could."""
    if db.execute("SELECT 1 FROM entry WHERE id = ?", (entry,)).fetchone() is None:
        return
    had = db.execute("SELECT 1 FROM article WHERE entry = ? AND text <> ''", (entry,)).fetchone()
    values: Values = {**asdict(article), "entry": entry, "tried_at": seconds(now), "rules": rules}
    values["published"] = article.published.isoformat() if article.published else None
    values["cuts"] = json.dumps([[c.position, c.html, c.by] for c in article.cuts], ensure_ascii=False)
    if article.text:
        index.remove(db, [entry])
        db.execute("UPDATE entry SET title = ?2 WHERE id = ?1 AND title = url AND ?2 <> ''", (entry, article.title))
        db.execute(named("article"), values)
        if article.title:  # a saved page is known by its address until it has been seen
            db.execute("UPDATE entry SET title = ? WHERE id = ? AND title = url", (article.title, entry))
        index.add(db, [entry])
        db.execute("UPDATE entry SET words = ?, text_state = ? WHERE id = ?", (words(article.text), offline, entry))
        _need(db, entry, article.html, article.lead_image)
    else:
        db.execute(named("failed_again"), values)
        if not had:
            db.execute("UPDATE entry SET text_state = ? WHERE id = ?", (offline, entry))
    settle(db, [entry])


def store_picture(db: sqlite3.Connection, picture: StoredPicture, now: datetime) -> None:
    db.execute(named("picture"), {**asdict(picture), "now": seconds(now)})
    settle(db, [row[0] for row in db.execute("SELECT entry FROM need WHERE url = ?", (picture.url,))])


def want_pictures(db: sqlite3.Connection, on: bool) -> None:
    """Settle all entries with pictures anew where the wish has changed."""
    wish = ("on" if on else "off",)
    if db.execute("SELECT coalesce((SELECT value FROM meta WHERE key = 'pictures'), 'on') = ?", wish).fetchone()[0]:
        return
    db.execute("INSERT OR REPLACE INTO meta VALUES ('pictures', ?)", wish)
    settle(db, [row[0] for row in db.execute("SELECT DISTINCT entry FROM need")])
