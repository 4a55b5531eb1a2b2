"""Storing what sync brings: the entries of feed documents, articles and pictures.

The user's marks are changed only through the journal.
"""

import itertools
import json
import re
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, astuple, dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from html import unescape
from typing import Final

from bacatui.clock import now
from bacatui.document import with_lead
from bacatui.i18n import _
from bacatui.model import Article, FetchState, FullText, Offline, ParsedEntry, ParsedFeed, picture
from bacatui.store import index, journal
from bacatui.store.sql import Values, choose, immediate, seconds, statement, update_lists
from bacatui.store.types import FeedUnknown, Stored, StoredPicture
from bacatui.text import count_words, sanitize

Db = sqlite3.Connection
Keyed = tuple[str, ParsedEntry]
CHUNK: Final = 20  # entries that are stored between two checks whether the user waits
MOST: Final = 100  # entries in one transaction; indexing many at once costs less
LATE: Final = 30 * 86400  # seconds; an entry older than that on arrival is sorted by its arrival
_TRACKING = re.compile(r"[?&]utm_[^&#]*")
_PICTURE = re.compile(r'<img src="(https?:[^"]+)"')


@dataclass(eq=False)
class FeedDocument:
    """A feed document that is being stored, and its progress; see `Writer.store_feed`."""

    feed: int
    parsed: ParsedFeed
    state: FetchState
    newest: int | None  # entries that stay unread on a feed's first sync; None: all
    entries: list[Keyed] = field(default_factory=list)
    fresh: dict[str, int | None] = field(
        default_factory=dict
    )  # keys of new entries -> reserved ids
    silent: list[str] = field(default_factory=list)  # keys of new entries that arrive read
    is_first: bool = False  # the feed was never stored whole before
    stored: int = 0  # how many of `entries` are stored
    is_whole: bool = False  # everything is stored
    new: list[int] = field(default_factory=list)
    updated: int = 0
    error: FeedUnknown | None = None

    def look(self, db: Db, at: datetime) -> None:
        """Find out which entries are new, and which of them arrive read."""
        self.entries, self.stored, self.new, self.updated = keyed(self.parsed.entries), 0, [], 0
        self.is_first = bool(db.execute(statement("first_sync"), (self.feed,)).fetchone()[0])
        rebind(db, self.feed, self.entries)
        new = unknown(db, self.feed, self.entries)
        self.fresh = {key: None for key, _ in new}
        if self.is_first and self.newest is not None:
            oldest_first = sorted(new, key=lambda each: min(each[1].published or at, at))
            self.silent = [key for key, _ in oldest_first[: max(0, len(new) - self.newest)]]

    def store(self, db: Db, at: datetime) -> list[int]:
        """Store the next `CHUNK` entries, in the caller's transaction; returns their numbers.

        The fetch state is stored with the last entries, so that an interrupted document is fetched
        again. Sets `error` where the feed is gone.
        """
        feed = db.execute(
            "SELECT * FROM feed WHERE id = ? AND removed_at IS NULL", (self.feed,)
        ).fetchone()
        if feed is None:
            self.error = FeedUnknown(_("No feed has the number {id}.").format(id=self.feed))
            return []
        chunk = self.entries[self.stored : self.stored + CHUNK]
        self.stored += len(chunk)
        new, changed = store(db, feed, chunk, self.fresh, self.is_first, at)
        if self.stored >= len(self.entries):
            db.execute(statement("describe"), (self.parsed.title, self.parsed.link, self.feed))
            store_state(db, self.feed, self.state)
        self.new, self.updated = [*new, *self.new], self.updated + len(changed)
        return new + changed

    @property
    def result(self) -> Stored:
        """What has been stored so far."""
        return Stored(tuple(sorted(self.new, reverse=True)), self.updated)


def documents(
    own: Db, sync: Db, batch: Sequence[FeedDocument], is_awaited: Callable[[], bool]
) -> Generator[None, None, None]:
    """Store documents of several feeds, with up to `MOST` entries in one transaction.

    `is_awaited` says whether the user waits: then a transaction ends early. Yields after each
    transaction, so that the user's acts can go ahead.
    """
    at, left = now(), deque(batch)
    for document in batch:
        document.look(sync, at)
    if any(document.silent for document in batch):
        with immediate(own):  # marks first, under ids that are reserved for these entries
            reserve(own, batch)
            for document in batch:
                ids = [document.fresh[key] or 0 for key in document.silent]
                read = [journal.change("mark.read_at", None, seconds(at), ids)] if ids else []
                journal.perform(own, "sync", "read", document.parsed.title, read)
    while left:
        touched, count, finished = list[int](), 0, list[FeedDocument]()
        with immediate(sync):
            while left and count < MOST and not (count and is_awaited()):
                touched += left[0].store(sync, at)
                count += CHUNK
                if left[0].error or left[0].stored >= len(left[0].entries):
                    finished.append(left.popleft())
            settle(sync, touched)
        new = [id for document in finished for id in document.new]
        if new and own.execute("SELECT 1 FROM mute_rule").fetchone():
            with immediate(own):
                journal.mute(own, new)
        for document in finished:
            document.is_whole = True
        yield


def reserve(db: Db, batch: Sequence[FeedDocument]) -> None:
    """Reserve ids for the new entries of these documents, in order."""
    count = sum(len(document.fresh) for document in batch)
    db.execute(statement("sequence"))
    last = int(db.execute(statement("reserve"), (count,)).fetchone()[0])
    ids = itertools.count(last - count + 1)
    for document in batch:
        document.fresh = dict(zip(document.fresh, ids, strict=False))


def store(
    db: Db,
    feed: sqlite3.Row,
    chunk: list[Keyed],
    fresh: Mapping[str, int | None],
    is_first: bool,
    at: datetime,
) -> tuple[list[int], list[int]]:
    """Store entries in the caller's transaction; returns the ids of new and of changed ones.

    The caller passes these ids to `settle`. `fresh` has the keys of new entries, with the ids that
    are reserved for some of them. Other unknown entries, which retention deleted, are left out.
    """
    keys = json.dumps([key for key, _ in chunk])
    known = {row["key"]: row for row in db.execute(statement("known"), (feed["id"], keys))}
    new: list[int] = []
    changed: list[int] = []
    for key, entry in chunk:
        row, hash = known.get(key), digest(entry)
        is_unchanged = row["hash"] == hash if row else key not in fresh
        if is_unchanged:
            continue
        values = _values(entry, feed, is_first, at) | {"key": key, "hash": hash}
        if row:
            id = values["id"] = row["id"]
            index.remove(db, [id])
            db.execute(statement("changed_entry"), values)
            db.execute(statement("content"), values)
            index.add(db, [id])
            changed.append(id)
        else:
            values["id"] = fresh[key]
            id = values["id"] = int(db.execute(statement("new_entry"), values).lastrowid or 0)
            db.execute(statement("content"), values)
            index.write(db, id, (entry.title, entry.author, entry.text))
            new.append(id)
        if not (row and _has_article(db, id)):
            html = with_lead(entry.content, picture(entry.enclosures))
            _set_needs(db, id, html, is_new=not row)
    return new, changed


def _has_article(db: Db, entry: int) -> bool:
    sql = "SELECT 1 FROM article WHERE entry = ? AND text <> ''"
    return db.execute(sql, (entry,)).fetchone() is not None


def settle(db: Db, ids: list[int]) -> None:
    """Update what is derived for these entries: lists, tallies, offline state."""
    choose(db, ids)
    update_lists(db)
    db.execute(statement("needs_met"))


def _values(entry: ParsedEntry, feed: sqlite3.Row, is_first: bool, at: datetime) -> Values:
    published, seen = seconds(entry.published), seconds(at) or 0
    is_sorted_by_date = (
        published is not None and published <= seen and (is_first or seen - published <= LATE)
    )
    full_text = feed["full_text"]
    wants_page = entry.link and (
        full_text == FullText.ALWAYS or (full_text == FullText.AUTO and entry.is_stub)
    )
    return {
        "feed": feed["id"],
        "guid": entry.id,
        "title": entry.title,
        "url": entry.link,
        "author": entry.author,
        "published": published,
        "updated": seconds(entry.updated),
        "now": seen,
        "sort_at": published if is_sorted_by_date else seen,
        "language": entry.language,
        "words": count_words(entry.text),
        "is_stub": int(entry.is_stub),
        "text_state": Offline.PENDING if wants_page else Offline.READY,
        "html": entry.content,
        "text": entry.text,
        "summary": entry.summary,
        "comments": entry.comments,
        "categories": json.dumps(entry.categories, ensure_ascii=False),
        "enclosures": json.dumps([asdict(enclosure) for enclosure in entry.enclosures]),
    }


def _set_needs(db: Db, entry: int, html: str, is_new: bool = False) -> None:
    """Remember which pictures an entry shows."""
    if not is_new:
        db.execute("DELETE FROM need WHERE entry = ?", (entry,))
    if "<img" in html:
        urls = {unescape(url) for url in _PICTURE.findall(html)}
        rows = [(entry, url) for url in urls]
        db.executemany("INSERT OR IGNORE INTO need VALUES (?, ?)", rows)


def save_page(
    db: Db,
    url: str,
    title: str = "",
    article: Article | None = None,
    offline: Offline = Offline.PENDING,
    at: datetime | None = None,
) -> int:
    """Save a page in the feed "Saved pages", bookmarked at the time `at`; returns its entry number.

    `offline` says how much of `article` could be had.
    """
    seen = now()
    db.execute(statement("saved_pages"), (_("Saved pages"), seconds(seen)))
    feed = db.execute("SELECT * FROM feed WHERE url = ''").fetchone()
    if feed["removed_at"] is not None:
        journal.apply(
            db, [journal.change("feed.removed_at", feed["removed_at"], None, about=feed["id"])]
        )
    key, known = "l:" + url, "SELECT id FROM entry WHERE feed = ? AND key = ?"
    if db.execute(known, (feed["id"], key)).fetchone() is None:
        name = sanitize.title(title or (article.title if article else "")) or url
        page = ParsedEntry(url, name, url, is_stub=True)
        new, _changed = store(db, feed, [(key, page)], {key: None}, True, seen)
        settle(db, new)
    entry = int(db.execute(known, (feed["id"], key)).fetchone()[0])
    if article is not None:
        store_article(db, entry, article, offline)
    choose(db, [entry])
    journal.set_mark(db, "bookmarked_at", seconds(at or seen), "reader", "bookmark")
    return entry


def store_states(db: Db, states: Mapping[int, FetchState]) -> None:
    """Store the fetch states of several feeds, by feed number."""
    for feed, state in states.items():
        store_state(db, feed, state)


def store_state(db: Db, feed_id: int, state: FetchState) -> None:
    """Store the fetch state of one feed."""
    values = {
        name: seconds(value) if isinstance(value, datetime) else value
        for name, value in asdict(state).items()
    }
    db.execute(statement("fetch"), {"feed": feed_id, **values})


def set_host_wait(db: Db, host: str, until: datetime | None) -> None:
    """Send no requests to a host until the time `until`; None ends that."""
    if until:
        db.execute("INSERT OR REPLACE INTO host VALUES (?, ?)", (host, seconds(until)))
    else:
        db.execute("DELETE FROM host WHERE name = ?", (host,))


def store_article(db: Db, entry_id: int, article: Article, offline: Offline | None) -> None:
    """Store what was extracted from an entry's page.

    `offline` is the state of its text alone; None says that nothing was fetched, and the stored
    text was cleaned again. An article without text, from a page that could not be fetched or read,
    never replaces one with text.
    """
    if db.execute("SELECT 1 FROM entry WHERE id = ?", (entry_id,)).fetchone() is None:
        return
    values: Values = {
        **asdict(article),
        "entry": entry_id,
        "tried_at": seconds(now()) if offline else None,
    }
    values["published"] = article.published.isoformat() if article.published else None
    values["cuts"] = json.dumps([astuple(cut) for cut in article.cuts], ensure_ascii=False)
    if article.text:
        index.remove(db, [entry_id])
        db.execute(statement("article"), values)
        if article.title:  # a saved page is known by its address until it has been seen
            db.execute(
                "UPDATE entry SET title = ? WHERE id = ? AND title = url", (article.title, entry_id)
            )
        index.add(db, [entry_id])
        db.execute(statement("text_came"), (count_words(article.text), offline, entry_id))
        _set_needs(db, entry_id, with_lead(article.html, article.lead_image))
    else:
        db.execute(statement("failed_again"), values)
        db.execute(statement("text_missing"), (offline, entry_id))
    settle(db, [entry_id])


def store_picture(db: Db, picture: StoredPicture) -> None:
    """Store where a picture's file is, or why there is none; settles the entries that show it."""
    db.execute(statement("picture"), {**asdict(picture), "now": seconds(now())})
    settle(
        db, [row[0] for row in db.execute("SELECT entry FROM need WHERE url = ?", (picture.url,))]
    )


def want_pictures(db: Db, on: bool) -> None:
    """Set whether a missing picture makes an entry partial; a change settles all that have one."""
    wish = ("on" if on else "off",)
    if db.execute(
        "SELECT coalesce((SELECT value FROM meta WHERE key = 'pictures'), 'on') = ?", wish
    ).fetchone()[0]:
        return
    db.execute("INSERT OR REPLACE INTO meta VALUES ('pictures', ?)", wish)
    settle(db, [row[0] for row in db.execute("SELECT DISTINCT entry FROM need")])


# How an entry is recognized. Its key is the guid where that is unique in the document, else the
# link, else a hash. A guid that comes back with another link and another title is another entry,
# since some feeds number their entries 1, 2, 3 each day. When a feed changes all its guids, its
# entries are recognized by their links, and so keep the user's marks.


def keyed(entries: Iterable[ParsedEntry]) -> list[Keyed]:
    """Each entry with its key, without duplicates.

    The order is that of the document reversed: the last is the oldest, and gets the lowest number.
    """
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
            content = (entry.title + "\n" + entry.content).encode()
            key = "h:" + blake2b(content, digest_size=16).hexdigest()
        found.setdefault(key, entry)
    return list(reversed(found.items()))


def address(url: str) -> str:
    """A link without scheme, fragment, tracking parameters and final slash, to be compared."""
    return _TRACKING.sub("", url.partition("#")[0]).partition("://")[2].rstrip("/")


def likeness(url: str, title: str) -> int:
    """A 64-bit hash of link and title, by which the purged entries of a feed are recognized."""
    digest = blake2b((address(url) + "\n" + title).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def digest(entry: ParsedEntry) -> bytes:
    """A hash of all that the publisher wrote.

    Text and language are left out, since they are computed from the HTML.
    """
    found = blake2b(entry.content.encode("utf-8", "replace"), digest_size=12)
    found.update(repr(replace(entry, content="", text="", language="")).encode("utf-8", "replace"))
    return found.digest()


def rebind(db: Db, feed: int, document: list[Keyed]) -> None:
    """Give stored entries the keys under which this document has them."""
    known = db.execute(statement("known"), (feed, json.dumps([key for key, _ in document])))
    hashes = {row["key"]: row["hash"] for row in known}
    if all(hashes.get(key) == digest(entry) for key, entry in document):
        return
    stored = db.execute(statement("stored_lately"), (feed,)).fetchall()
    by_key = {row["key"]: row for row in stored}
    by_link: dict[str, list[sqlite3.Row]] = {}
    for row in stored:
        by_link.setdefault(address(row["url"]), []).append(row)
    links = Counter(address(entry.link) for _, entry in document)

    def same_link(entry: ParsedEntry) -> sqlite3.Row | None:
        """The stored entry with this link, where neither side has a second entry with it."""
        link = address(entry.link)
        rows = by_link.get(link, [])
        return rows[0] if link and links[link] == 1 and len(rows) == 1 else None

    unrecognized = [
        (key, entry, same_link(entry))
        for key, entry in document
        if not _is_same(by_key.get(key), entry)
    ]
    moved = sum(row is not None for _, _, row in unrecognized)
    are_most = moved * 2 > len(document)
    new_keys = _rehashed(db, feed, document, by_key)
    for key, entry, row in unrecognized:
        if row is not None and (are_most or row["title"] == entry.title):
            new_keys[row["id"]] = key
        if (holder := by_key.get(key)) is not None:  # the feed gave its guid to another entry
            new_keys.setdefault(holder["id"], f"x:{holder['id']}:{key}")
    with immediate(db) if new_keys else nullcontext():  # in two steps, since keys may change places
        db.executemany("UPDATE entry SET key = 'x:' || id WHERE id = ?", ((n,) for n in new_keys))
        db.executemany(
            "UPDATE OR IGNORE entry SET key = ? WHERE id = ?",
            ((key, n) for n, key in new_keys.items()),
        )


def _is_same(row: sqlite3.Row | None, entry: ParsedEntry) -> bool:
    """Whether the stored entry with the key of `entry` is that entry, by its title or link."""
    if row is None:
        return False
    is_linked_by_id = not row["url"] and entry.has_guid and sanitize.url(entry.id) == entry.link
    return (
        is_linked_by_id or row["title"] == entry.title or address(row["url"]) == address(entry.link)
    )


def _rehashed(
    db: Db, feed: int, document: list[Keyed], known: Mapping[str, sqlite3.Row]
) -> dict[int, str]:
    """New keys for stored entries whose key is a hash, where only our parsing of them differs.

    An entry without a title gets one from its text, and of several texts that a publisher gives one
    is chosen. A version of the program that does this differently computes another hash, and must
    still recognize the entry.
    """
    fresh = [(key, entry) for key, entry in document if key.startswith("h:") and key not in known]
    if not fresh:
        return {}
    here = {key for key, _ in document}
    alike: dict[tuple[str, str | int | None], sqlite3.Row] = {}
    for row in db.execute(statement("hashed_lately"), (feed,)).fetchall():
        if row["key"] in here:
            continue
        title = _letters(row["title"])
        alike.setdefault((title, row["html"]), row)
        if row["published"] is not None:
            alike.setdefault((title, row["published"]), row)
        if title and _letters(row["text"]).startswith(title):  # it was made of the text
            alike.setdefault(("", row["html"]), row)
        if row["html"]:
            alike.setdefault(("*", row["html"]), row)
    found: dict[int, str] = {}
    for key, entry in fresh:
        title = _letters(entry.title)
        candidates = [
            (title, entry.content),
            ("", entry.content),
            (title, seconds(entry.published)),
            (title, ""),
        ]
        if title and _letters(entry.text).startswith(title):  # it is made of the text
            candidates.append(("*", entry.content))
        for row in (alike[each] for each in candidates if each in alike):
            if not row["url"] or address(row["url"]) == address(entry.link):
                found.setdefault(row["id"], key)
                break
    return found


def _letters(text: str) -> str:
    """The first letters of a title or text, whatever stood between them."""
    return "".join(filter(str.isalnum, sanitize.title(text[:1_000])))[:60]


def unknown(db: Db, feed: int, document: list[Keyed]) -> list[Keyed]:
    """The entries that are neither stored nor purged, by their keys or by link and title."""
    asked = [
        [key, likeness(entry.link, entry.title) if entry.link else None] for key, entry in document
    ]
    fresh = {row[0] for row in db.execute(statement("unknown"), (feed, json.dumps(asked)))}
    return [(key, entry) for key, entry in document if key in fresh]
