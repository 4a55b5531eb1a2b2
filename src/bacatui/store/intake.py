"""What sync brings: a feed's document into entries, a page into an article. The reader's marks are not touched here."""

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
CHUNK: Final = 20  # entries between two looks at who waits
MOST: Final = 100  # entries in one transaction, where nobody waits: indexed together they cost less
LATE: Final = 30 * 86400  # seconds; what is older when it arrives is sorted by its arrival
_TRACKING = re.compile(r"[?&]utm_[^&#]*")
_PICTURE = re.compile(r'<img src="(https?:[^"]+)"')


@dataclass(eq=False)
class FeedDocument:
    """A feed's document on its way into the store, and how far it has come; see `Writer.store_feed`."""

    feed: int
    parsed: ParsedFeed
    state: FetchState
    newest: int | None  # entries that stay unread on a feed's first sync; None: all
    entries: list[Keyed] = field(default_factory=list)
    fresh: dict[str, int | None] = field(default_factory=dict)  # new keys, with reserved numbers
    silent: list[str] = field(default_factory=list)  # those of them that arrive read
    is_first: bool = False
    stored: int = 0
    is_whole: bool = False
    new: list[int] = field(default_factory=list)
    updated: int = 0
    error: FeedUnknown | None = None

    def look(self, db: Db, at: datetime) -> None:
        """Find out what is new, and under which keys."""
        self.entries, self.stored, self.new, self.updated = keyed(self.parsed.entries), 0, [], 0
        self.is_first = bool(db.execute(statement("first_sync"), (self.feed,)).fetchone()[0])
        rebind(db, self.feed, self.entries)
        new = unknown(db, self.feed, self.entries)
        self.fresh = {key: None for key, _ in new}
        if self.is_first and self.newest is not None:
            oldest_first = sorted(new, key=lambda each: min(each[1].published or at, at))
            self.silent = [key for key, _ in oldest_first[: max(0, len(new) - self.newest)]]

    def store(self, db: Db, at: datetime) -> list[int]:
        """Store the next entries, in the caller's transaction; validators only with the last of what they stand for."""
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
        return Stored(tuple(sorted(self.new, reverse=True)), self.updated)


def documents(
    own: Db, sync: Db, batch: Sequence[FeedDocument], is_awaited: Callable[[], bool]
) -> Generator[None, None, None]:
    """Store documents of several feeds, many in one transaction while nobody waits.

    Yields after each transaction, so that what the reader does can go ahead.
    """
    at, left = now(), deque(batch)
    for document in batch:
        document.look(sync, at)
    if any(document.silent for document in batch):
        with immediate(own):  # the marks first, on the numbers that these entries will have
            reserve(own, batch)
            for document in batch:
                ids = [document.fresh[key] or 0 for key in document.silent]
                read = [journal.change("mark.read_at", None, seconds(at), ids)] if ids else []
                journal.perform(own, "sync", "read", document.parsed.title, read)
    while left:
        touched, count, whole = list[int](), 0, list[FeedDocument]()
        with immediate(sync):
            while left and count < MOST and not (count and is_awaited()):
                touched += left[0].store(sync, at)
                count += CHUNK
                if left[0].error or left[0].stored >= len(left[0].entries):
                    whole.append(left.popleft())
            settle(sync, touched)
        new = [id for document in whole for id in document.new]
        if new and own.execute("SELECT 1 FROM mute_rule").fetchone():
            with immediate(own):
                journal.mute(own, new)
        for document in whole:
            document.is_whole = True
        yield


def reserve(db: Db, batch: Sequence[FeedDocument]) -> None:
    """Give all that is new in these documents numbers that nobody else will get, in order."""
    count = sum(len(document.fresh) for document in batch)
    db.execute(statement("sequence"))
    numbers = itertools.count(
        int(db.execute(statement("reserve"), (count,)).fetchone()[0]) - count + 1
    )
    for document in batch:
        document.fresh = dict(zip(document.fresh, numbers, strict=False))


def store(
    db: Db,
    feed: sqlite3.Row,
    chunk: list[Keyed],
    fresh: Mapping[str, int | None],
    is_first: bool,
    at: datetime,
) -> tuple[list[int], list[int]]:
    """Some entries, in the caller's transaction: numbers of the new ones and of those that changed, to be settled.

    `fresh` are the keys that are new, with the numbers that are reserved for some of them.
    """
    known = {
        row["key"]: row
        for row in db.execute(
            statement("known"), (feed["id"], json.dumps([key for key, _ in chunk]))
        )
    }
    new: list[int] = []
    changed: list[int] = []
    for key, entry in chunk:
        row, hash = known.get(key), digest(entry)
        if row["hash"] == hash if row else key not in fresh:
            continue
        values = _values(entry, feed, is_first, at) | {"key": key, "hash": hash}
        if row:
            id = values["id"] = row["id"]
            index.remove(db, [id])
            db.execute(statement("changed_entry"), values)
            db.execute(statement("content"), values)
            index.add(db, [id])
        else:
            values["id"] = fresh[key]
            id = values["id"] = int(db.execute(statement("new_entry"), values).lastrowid or 0)
            db.execute(statement("content"), values)
            index.write(db, id, (entry.title, entry.author, entry.text))
        (changed if row else new).append(id)
        if not (
            row
            and db.execute("SELECT 1 FROM article WHERE entry = ? AND text <> ''", (id,)).fetchone()
        ):
            _need(db, id, with_lead(entry.content, picture(entry.enclosures)), bool(row))
    return new, changed


def settle(db: Db, ids: list[int]) -> None:
    """What is derived for these entries: lists, tallies, offline state."""
    choose(db, ids)
    update_lists(db)
    db.execute(statement("needs_met"))


def _values(entry: ParsedEntry, feed: sqlite3.Row, is_first: bool, at: datetime) -> Values:
    published, seen = seconds(entry.published), seconds(at) or 0
    is_usual = (
        published is not None and published <= seen and (is_first or seen - published <= LATE)
    )
    full_text = feed["full_text"]
    wants_page = entry.link and (
        full_text == FullText.ALWAYS or (full_text == FullText.AUTO and entry.is_stub)
    )
    return {
        "feed": feed["id"], "guid": entry.id, "title": entry.title, "url": entry.link,
        "author": entry.author, "published": published, "updated": seconds(entry.updated), "now": seen,
        "sort_at": published if is_usual else seen, "language": entry.language, "words": count_words(entry.text),
        "is_stub": int(entry.is_stub), "text_state": Offline.PENDING if wants_page else Offline.READY,
        "html": entry.content, "text": entry.text, "summary": entry.summary, "comments": entry.comments,
        "categories": json.dumps(entry.categories, ensure_ascii=False),
        "enclosures": json.dumps([asdict(enclosure) for enclosure in entry.enclosures]),
    }  # fmt: skip


def _need(db: Db, entry: int, html: str, again: bool = True) -> None:
    if again:
        db.execute("DELETE FROM need WHERE entry = ?", (entry,))
    for url in {unescape(url) for url in _PICTURE.findall(html)} if "<img" in html else ():
        db.execute("INSERT OR IGNORE INTO need VALUES (?, ?)", (entry, url))


def save_page(
    db: Db, url: str, title: str = "", article: Article | None = None, offline: Offline = Offline.PENDING,
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Any page into the library, bookmarked `at` that time, in the feed of saved pages; gives its entry number."""
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
        new, _changed = store(
            db, feed, [(key, ParsedEntry(url, name, url, is_stub=True))], {key: None}, True, seen
        )
        settle(db, new)
    entry = int(db.execute(known, (feed["id"], key)).fetchone()[0])
    if article is not None:
        store_article(db, entry, article, offline)
    choose(db, [entry])
    journal.set_mark(db, "bookmarked_at", seconds(at or seen), "reader", "bookmark")
    return entry


def store_states(db: Db, states: Mapping[int, FetchState]) -> None:
    """The fetch state of several feeds at once."""
    for feed, state in states.items():
        store_state(db, feed, state)


def store_state(db: Db, feed_id: int, state: FetchState) -> None:
    values = {k: seconds(v) if isinstance(v, datetime) else v for k, v in asdict(state).items()}
    db.execute(statement("fetch"), {"feed": feed_id, **values})


def set_host_wait(db: Db, host: str, until: datetime | None) -> None:
    """Leave a host alone until then, or no longer."""
    if until:
        db.execute("INSERT OR REPLACE INTO host VALUES (?, ?)", (host, seconds(until)))
    else:
        db.execute("DELETE FROM host WHERE name = ?", (host,))


def store_article(db: Db, entry_id: int, article: Article, offline: Offline | None) -> None:
    """What was made of an entry's page. `offline` is about its text; pictures are added to it here. None: nothing was
    fetched, the stored text was cleaned again.

    A page that could not be had never takes the place of one that could.
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
        _need(db, entry_id, with_lead(article.html, article.lead_image))
    else:
        db.execute(statement("failed_again"), values)
        db.execute(statement("text_missing"), (offline, entry_id))
    settle(db, [entry_id])


def store_picture(db: Db, picture: StoredPicture) -> None:
    """A picture's file, or why it could not be had; the entries that show it are settled."""
    db.execute(statement("picture"), {**asdict(picture), "now": seconds(now())})
    settle(
        db, [row[0] for row in db.execute("SELECT entry FROM need WHERE url = ?", (picture.url,))]
    )


def want_pictures(db: Db, on: bool) -> None:
    """Whether a picture that is missing makes an entry partial; a new wish settles all entries with pictures."""
    wish = ("on" if on else "off",)
    if db.execute(
        "SELECT coalesce((SELECT value FROM meta WHERE key = 'pictures'), 'on') = ?", wish
    ).fetchone()[0]:
        return
    db.execute("INSERT OR REPLACE INTO meta VALUES ('pictures', ?)", wish)
    settle(db, [row[0] for row in db.execute("SELECT DISTINCT entry FROM need")])


# Which entry is which. The key is the guid where it is unique in the document, else the link, else a hash. A guid that
# comes back with another link and another title is another entry (some feeds number 1, 2, 3 anew each day). Feeds that
# change all their ids keep their entries, found by link, and with them the reader's marks.


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
            key = (
                "h:"
                + blake2b((entry.title + "\n" + entry.content).encode(), digest_size=16).hexdigest()
            )
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
    """A hash of all that the publisher wrote; the plain text is made of the HTML, and the language told by it."""
    found = blake2b(entry.content.encode("utf-8", "replace"), digest_size=12)
    found.update(repr(replace(entry, content="", text="", language="")).encode("utf-8", "replace"))
    return found.digest()


def rebind(db: Db, feed: int, document: list[Keyed]) -> None:
    """Give entries that are known under another key the key that they have in this document."""
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

    def alone(entry: ParsedEntry) -> sqlite3.Row | None:
        """The one stored entry with this entry's link, where that link means one entry."""
        link = address(entry.link)
        rows = by_link.get(link, [])
        return rows[0] if link and links[link] == 1 and len(rows) == 1 else None

    strange = [
        (key, entry, alone(entry))
        for key, entry in document
        if not _is_same(by_key.get(key), entry)
    ]
    moved = sum(row is not None for _, _, row in strange)
    are_most = moved * 2 > len(document)
    new_keys = _rehashed(db, feed, document, by_key)
    for key, entry, row in strange:
        if row is not None and (are_most or row["title"] == entry.title):
            new_keys[row["id"]] = key
        if (holder := by_key.get(key)) is not None:  # a number given to another entry
            new_keys.setdefault(holder["id"], f"x:{holder['id']}:{key}")
    with immediate(db) if new_keys else nullcontext():  # in two steps, since keys may change places
        db.executemany("UPDATE entry SET key = 'x:' || id WHERE id = ?", ((n,) for n in new_keys))
        db.executemany(
            "UPDATE OR IGNORE entry SET key = ? WHERE id = ?",
            ((key, n) for n, key in new_keys.items()),
        )


def _is_same(row: sqlite3.Row | None, entry: ParsedEntry) -> bool:
    if row is None:
        return False
    is_linked_by_id = not row["url"] and entry.has_guid and sanitize.url(entry.id) == entry.link
    return (
        is_linked_by_id or row["title"] == entry.title or address(row["url"]) == address(entry.link)
    )


def _rehashed(
    db: Db, feed: int, document: list[Keyed], known: Mapping[str, sqlite3.Row]
) -> dict[int, str]:
    """New keys for entries that are known by a hash, where nothing but what we make of them differs.

    The title of an entry without one is made of its text, and the text is one of several that
    its publisher gives: a version of ours that makes them otherwise must not take such an entry
    for another.
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
        likely = [
            (title, entry.content),
            ("", entry.content),
            (title, seconds(entry.published)),
            (title, ""),
        ]
        if title and _letters(entry.text).startswith(title):  # it is made of the text
            likely.append(("*", entry.content))
        rows = (alike[one] for one in likely if one in alike)
        row = next(
            (row for row in rows if not row["url"] or address(row["url"]) == address(entry.link)),
            None,
        )
        if row is not None:
            found.setdefault(row["id"], key)
    return found


def _letters(text: str) -> str:
    """The first letters of a title or text, whatever stood between them."""
    return "".join(filter(str.isalnum, sanitize.title(text[:1_000])))[:60]


def unknown(db: Db, feed: int, document: list[Keyed]) -> list[Keyed]:
    """Those that are neither stored nor were purged, by their key or by link and title."""
    asked = [
        [key, likeness(entry.link, entry.title) if entry.link else None] for key, entry in document
    ]
    fresh = {row[0] for row in db.execute(statement("unknown"), (feed, json.dumps(asked)))}
    return [(key, entry) for key, entry in document if key in fresh]
