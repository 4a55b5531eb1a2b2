"""Deleting what is old, maintenance in idle time, and rebuilding what is derived."""

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import Final

from bacatui.clock import now
from bacatui.i18n import _
from bacatui.store import index, intake
from bacatui.store.sql import choose, chosen, immediate, seconds, statement, update_lists
from bacatui.store.types import Purged, is_picture_path
from bacatui.text import count_words

Db = sqlite3.Connection
REMOVED: Final = 30 * 86400  # seconds for which a removed feed keeps all of its entries
JOURNAL: Final = 400 * 86400  # seconds for which acts stay in the journal


def purge(
    db: Db, keep_days: int, keep_count: int, keep_bytes: int
) -> Generator[None, None, Purged]:
    """Delete old entries and texts in small transactions; see `Writer.purge` for the limits."""
    at = seconds(now()) or 0
    choose(db, ())
    db.execute(statement("of_removed"), (at - REMOVED,))
    db.execute(statement("over_keep"))
    unread_too = chosen(db)
    if keep_days:
        db.execute(statement("age_out"), (at - keep_days * 86400,))
    if keep_count:
        db.execute(statement("over_count"), (keep_count,))
    only_read = set(chosen(db)).difference(unread_too)
    entries = 0
    for doomed, what in ((unread_too, "spare_kept"), (sorted(only_read), "spare_unread")):
        for n in range(0, len(doomed), intake.CHUNK):
            with immediate(db):
                entries += delete_entries(db, doomed[n : n + intake.CHUNK], what)
            yield
    articles = 0
    for row in db.execute(statement("heavy")).fetchall() if keep_bytes else ():
        if size(db)[0] <= keep_bytes:
            break
        with immediate(db):
            _delete_article(db, row[0], at)
        articles += 1
        yield
    with immediate(db):
        paths = {
            row[0] for row in db.execute(statement("drop_pictures")) if is_picture_path(row[0])
        }
        used = {row[0] for row in db.execute("SELECT path FROM picture")}
        gone = [row[0] for row in db.execute(statement("drop_feeds"), (at - REMOVED,)).fetchall()]
        for table in ("fetch", "tally", "tombstone"):
            db.executemany(
                " ".join(("DELETE FROM", table, "WHERE feed = ?")), ((feed,) for feed in gone)
            )
    db.execute("PRAGMA shrink_memory")
    return Purged(entries, articles, tuple(sorted(paths - used)), len(gone))


def delete_entries(db: Db, ids: Iterable[int], spare: str) -> int:
    """Delete entries in the caller's transaction, and leave a tombstone for each; marks stay.

    `spare` names the statement that spares entries which the user has kept, or marked as unread,
    since they were chosen. Returns how many were deleted.
    """
    choose(db, ids)
    db.execute(statement(spare))
    rows = db.execute(
        "SELECT id, feed, key, url, title FROM entry WHERE id IN (SELECT id FROM chosen)"
    ).fetchall()
    index.remove(db, [row["id"] for row in rows])
    tombstones = [
        (row["feed"], row["key"], intake.likeness(row["url"], row["title"]), row["id"])
        for row in rows
    ]
    db.executemany("INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?)", tombstones)
    db.execute(statement("unlist"))
    for table in ("content", "article", "need"):
        db.execute(" ".join(("DELETE FROM", table, "WHERE entry IN (SELECT id FROM chosen)")))
    db.execute("DELETE FROM entry WHERE id IN (SELECT id FROM chosen)")
    update_lists(db, {row["feed"] for row in rows})
    return len(rows)


def _delete_article(db: Db, entry: int, at: int) -> None:
    """Delete the fetched article of an entry; the feed's own text stays."""
    index.remove(db, [entry])
    db.execute(statement("give_up"), (_("given up to save space"), at, entry))
    db.execute("DELETE FROM need WHERE entry = ?", (entry,))
    text = db.execute("SELECT text FROM content WHERE entry = ?", (entry,)).fetchone()[0]
    db.execute(
        "UPDATE entry SET text_state = 'failed', words = ? WHERE id = ?", (count_words(text), entry)
    )
    index.add(db, [entry])
    intake.settle(db, [entry])


def size(db: Db) -> tuple[int, int, int]:
    """Bytes in use, the number of all pages, and the number of free ones."""
    names = ("page_count", "freelist_count", "page_size")
    pages, free, size = (int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in names)
    return (pages - free) * size, pages, free


def tidy(db: Db) -> None:
    """Maintenance for idle time.

    Merges the full-text indexes a little, deletes old acts, returns free space to the file system,
    and moves the write-ahead log into the file.
    """
    with immediate(db):
        db.execute("INSERT INTO search (search, rank) VALUES ('merge', 500)")
        db.execute("INSERT INTO bigram (bigram, rank) VALUES ('merge', 500)")
        db.execute("DELETE FROM journal WHERE at < ?", ((seconds(now()) or 0) - JOURNAL,))
    _bytes, pages, free = size(db)
    if free * 4 > pages > 2500:
        with suppress(sqlite3.OperationalError):  # another connection reads: not this time
            db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def drop_orphans(db: Db) -> int:
    """Delete rows whose entry or feed does not exist; returns how many entries were among them."""
    count = db.execute("DELETE FROM entry WHERE feed NOT IN (SELECT id FROM feed)").rowcount
    count += db.execute("DELETE FROM entry WHERE id NOT IN (SELECT entry FROM content)").rowcount
    for table in ("content", "article", "need"):
        db.execute(" ".join(("DELETE FROM", table, "WHERE entry NOT IN (SELECT id FROM entry)")))
    return count


def rebuild(db: Db) -> None:
    """Make anew all that is derived: offline states, lists, counts, and both indexes."""
    db.execute("DELETE FROM unread")
    db.execute("DELETE FROM tally")
    db.execute("DELETE FROM chosen")
    for name in ("choose_needy", "needs_met", "rebuild_hidden", "rebuild_unread", "rebuild_tally"):
        db.execute(statement(name))
    index.rebuild(db)
