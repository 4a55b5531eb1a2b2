"""Keeping the store: retention, backups, what to do with a damaged file, and the doctor."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bacatui.clock import now as clock_now
from bacatui.i18n import _
from bacatui.paths import make_private
from bacatui.store import index, intake
from bacatui.store.sql import choose, chosen, immediate, named, relist, seconds
from bacatui.store.types import Finding, Purged, StoreDamaged, StoreError

Db = sqlite3.Connection
Connect = Callable[[Path, str], Db]
REMOVED_DAYS: Final = 30  # how long an unsubscribed feed can come back whole
JOURNAL_DAYS: Final = 400
# What a damaged or an older file is asked for, the goods first.
_TABLES: Final = (
    "feed", "mark", "tag", "journal", "saved_search", "mute_rule", "meta", "tombstone", "fetch", "host", "entry", "content",
    "article", "picture", "need",
)  # fmt: skip


def purge(db: Db, keep_days: int, keep_count: int, keep_bytes: int, now: datetime) -> Generator[None, None, Purged]:
    """Retention, in small transactions; see `Writer.purge`."""
    at = seconds(now) or 0
    choose(db, ())
    db.execute(named("of_removed"), (at - REMOVED_DAYS * 86400,))
    db.execute(named("over_keep"))
    if keep_days:
        db.execute(named("age_out"), (at - keep_days * 86400,))
    if keep_count:
        db.execute(named("over_count"), (keep_count,))
    doomed = chosen(db)
    for n in range(0, len(doomed), intake.CHUNK):
        with immediate(db):
            bury(db, doomed[n : n + intake.CHUNK])
        yield
    articles = 0
    if keep_bytes:
        for row in db.execute(named("heavy")).fetchall():
            if _size(db) <= keep_bytes:
                break
            with immediate(db):
                _lighten(db, row[0], at)
            articles += 1
            yield
    with immediate(db):
        paths = [
            row[0] for row in db.execute("DELETE FROM picture WHERE url NOT IN (SELECT url FROM need) RETURNING path")
        ]
        used = {row[0] for row in db.execute("SELECT path FROM picture")}
        sql = "DELETE FROM feed WHERE removed_at < ? AND NOT EXISTS (SELECT 1 FROM entry WHERE feed = feed.id) RETURNING id"
        gone = [row[0] for row in db.execute(sql, (at - REMOVED_DAYS * 86400,)).fetchall()]
        for table in ("fetch", "tally", "tombstone"):
            db.executemany(" ".join(("DELETE FROM", table, "WHERE feed = ?")), ((feed,) for feed in gone))
    return Purged(len(doomed), articles, tuple({p for p in paths if p} - used), len(gone))


def bury(db: Db, ids: Iterable[int]) -> None:
    """Take entries out, leaving a tombstone each, in the caller's transaction. Marks stay."""
    choose(db, ids)
    rows = db.execute("SELECT id, feed, key, url, title FROM entry WHERE id IN (SELECT id FROM chosen)").fetchall()
    index.remove(db, [row["id"] for row in rows])
    stones = [(r["feed"], r["key"], intake.likeness(r["url"], r["title"]), r["id"]) for r in rows]
    db.executemany("INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?)", stones)
    db.execute(named("unlist"))
    for table in ("content", "article", "need"):
        db.execute(" ".join(("DELETE FROM", table, "WHERE entry IN (SELECT id FROM chosen)")))
    db.execute("DELETE FROM entry WHERE id IN (SELECT id FROM chosen)")
    relist(db, {row["feed"] for row in rows})


def _lighten(db: Db, entry: int, at: int) -> None:
    index.remove(db, [entry])
    sql = "UPDATE article SET text = '', html = '', cuts = '[]', error = ?, tried_at = ? WHERE entry = ?"
    db.execute(sql, (_("given up to save space"), at, entry))
    db.execute("DELETE FROM need WHERE entry = ?", (entry,))
    text = db.execute("SELECT text FROM content WHERE entry = ?", (entry,)).fetchone()[0]
    db.execute("UPDATE entry SET text_state = 'failed', words = ? WHERE id = ?", (intake.words(text), entry))
    index.add(db, [entry])
    intake.settle(db, [entry])


def _size(db: Db) -> int:
    pages, free, size = (
        db.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def tidy(db: Db) -> None:
    """Merge the indexes a little, drop old acts, give space back where a quarter is free, fold the log in."""
    with immediate(db):
        db.execute("INSERT INTO search (search, rank) VALUES ('merge', 500)")
        db.execute("INSERT INTO bigram (bigram, rank) VALUES ('merge', 500)")
        db.execute("DELETE FROM journal WHERE at < ?", ((seconds(clock_now()) or 0) - JOURNAL_DAYS * 86400,))
    free, pages = (db.execute(f"PRAGMA {what}").fetchone()[0] for what in ("freelist_count", "page_count"))
    if free * 4 > pages and pages > 2500:
        with suppress(sqlite3.OperationalError):  # somebody reads: another time
            db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rebuild(db: Db) -> None:
    """Make anew all that is derived, in the caller's transaction."""
    for table in ("unread", "tally"):
        db.execute(" ".join(("DELETE FROM", table)))
    for statement in ("rebuild_hidden", "rebuild_unread", "rebuild_tally"):
        db.execute(named(statement))
    index.rebuild(db)


# --- copies


def migrate(path: Path, connect: Connect) -> None:
    """Bring a file to our schema, with a copy of it kept beside where it is not new."""
    from bacatui.store import migrations

    with closing(connect(path, "own")) as db:
        if (version := db.execute("PRAGMA user_version").fetchone()[0]) > 0:
            backup(db, path.with_name(f"{path.name}.schema-{version}"))
        migrations.migrate(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def backup(db: Db, path: Path) -> None:
    """A whole copy, written aside, synced and renamed. Raises StoreError."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        aside.unlink(missing_ok=True)
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        db.execute("VACUUM INTO ?", (str(aside),))
        _put(aside, path)
    except OSError as error:
        raise StoreError(
            _("The copy {path} could not be written: {problem}.").format(path=path, problem=error.strerror)
        ) from error
    finally:
        aside.unlink(missing_ok=True)


def _put(aside: Path, path: Path) -> None:
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)


def daily(db: Db, store: Path, folder: Path, now: datetime) -> Path | None:
    """Marks and feeds of today as a small store: what was kept whole, of the rest that it was there and was read."""
    from bacatui.store.opening import connect, create

    target = folder / f"bacatui-{now:%Y-%m-%d}.db"
    if target.exists():
        return None
    make_private(folder)
    aside = folder / f".{target.name}.{os.getpid()}"
    aside.unlink(missing_ok=True)
    create(aside)
    with closing(connect(aside, "own")) as copy, immediate(copy):
        for table in ("feed", "fetch", "mark", "tag", "saved_search", "mute_rule", "meta", "tombstone"):
            _copy(db.execute(" ".join(("SELECT * FROM", table))), copy, table)
        for table, key in (("entry", "id"), ("content", "entry"), ("article", "entry")):
            _copy(
                db.execute(" ".join(("SELECT * FROM", table, "WHERE", key, "IN (SELECT entry FROM kept)"))), copy, table
            )
        read = db.execute(
            "SELECT feed, key, url, title, id FROM entry JOIN mark m ON m.entry = id WHERE m.read_at IS NOT NULL"
        )
        stones = ((r[0], r[1], intake.likeness(r[2], r[3]), r[4]) for r in read)
        copy.executemany("INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?, ?)", stones)
        rebuild(copy)
    _put(aside, target)
    for old in _expired(sorted(folder.glob("bacatui-????-??-??.db")), now):
        old.unlink(missing_ok=True)
    return target


def _expired(copies: list[Path], now: datetime) -> list[Path]:
    """All but those of the last 7 days and the newest of each of the last 4 weeks."""
    kept: set[Path] = set()
    weeks: dict[str, Path] = {}
    for path in copies:
        with suppress(ValueError):
            day = datetime.strptime(path.stem[8:], "%Y-%m-%d").replace(tzinfo=now.tzinfo)
            if now - day < timedelta(days=8):
                kept.add(path)
            weeks[f"{day:%G-%V}"] = path
    kept.update(path for _week, path in sorted(weeks.items())[-4:])
    return [path for path in copies if path not in kept]


def restore(path: Path, source: Path) -> str:
    """Put the store back as `source` has it; what was there is kept beside. Gives a sentence; raises StoreError."""
    from bacatui.store.opening import connect, open_store

    if not source.is_file():
        raise StoreError(_("There is no file {path}.").format(path=source))
    open_store(source, readonly=True).close()  # refuses what is not ours, newer, or cut off
    with closing(connect(source, "read")) as old:
        if old.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise StoreDamaged(_("The copy {path} is damaged; nothing was changed.").format(path=source))
        kept = ""
        with open_store(path) as store:
            beside = path.with_name(f"{path.name}.before-restore-{clock_now():%Y%m%d-%H%M%S}")
            store.write.backup(beside).result()
            kept = beside.name
        with closing(connect(path, "own")) as db:
            db.execute("PRAGMA query_only = OFF")
            old.backup(db)
    return _("Restored from {source}. What was there before is kept as {kept}.").format(source=source.name, kept=kept)


# --- damage


def suspicion(path: Path) -> Path:
    return path.with_name(path.name + "-suspect")


def suspect(path: Path, error: StoreError) -> None:
    """Remember that the file was seen damaged, so that the next start looks through it."""
    if isinstance(error, StoreDamaged):
        with suppress(OSError):
            suspicion(path).touch(mode=0o600)


def is_suspect(path: Path) -> bool:
    return suspicion(path).exists()


def recover(path: Path, connect: Connect, create: Callable[[Path], None]) -> str:
    """Set a damaged file aside and build a new one of what can be read of it and the newest daily backup."""
    broken = path.with_name(f"{path.name}.damaged-{clock_now():%Y%m%d-%H%M%S}")
    for end in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(broken.with_name(broken.name + end))
    suspicion(path).unlink(missing_ok=True)
    create(path)
    copies = sorted((path.parent / "backups").glob("bacatui-????-??-??.db"), reverse=True)
    with closing(connect(path, "own")) as db:
        db.execute("PRAGMA synchronous = NORMAL")
        whole = all([_salvage(db, source, connect) for source in (broken, *copies[:1])][:1])
        with immediate(db):
            for table, key in (("content", "entry"), ("entry", "id")):  # halves of entries are none
                other = "entry" if table == "content" else "content"
                column = "id" if other == "entry" else "entry"
                db.execute(" ".join(("DELETE FROM", table, "WHERE", key, "NOT IN (SELECT", column, "FROM", other, ")")))
            rebuild(db)
        entries = db.execute("SELECT count(*) FROM entry").fetchone()[0]
    said = _("The library's file was damaged and is kept as {name}. {n} entries were read from it and the last backup.")
    more = "" if whole else " " + _("The rest comes back with the next sync where the feeds still have it.")
    return said.format(name=broken.name, n=entries) + more


def _salvage(db: Db, source: Path, connect: Connect) -> bool:
    """Copy what can be read of `source`; True where that was all of it."""
    whole = True
    try:
        old = connect(source, "read")
    except sqlite3.Error:
        return False
    with closing(old):
        for table in _TABLES:
            for order in ("", "ORDER BY 1 DESC"):  # past the damage, from the other end
                try:
                    with immediate(db):
                        _copy(old.execute(" ".join(("SELECT * FROM", table, order))), db, table)
                    break
                except sqlite3.DatabaseError:
                    whole = False
    return whole


def _copy(rows: sqlite3.Cursor, db: Db, table: str) -> None:
    """Rows into the table of the same name, as far as they can be read; those that are there stay."""
    columns = [column[0] for column in rows.description]
    marks = ", ".join("?" * len(columns))
    sql = " ".join(("INSERT OR IGNORE INTO", table, "(", ", ".join(columns), ") VALUES (", marks, ")"))
    while True:
        try:
            some = rows.fetchmany(50)
        except sqlite3.DatabaseError:
            db.execute("COMMIT")  # what was read so far
            db.execute("BEGIN")
            raise
        if not some:
            return
        db.executemany(sql, [tuple(row) for row in some])


# --- the doctor


def doctor(path: Path, connect: Connect) -> list[Finding]:
    """What is right and what is not, each with what to do."""
    from bacatui.store.opening import keep_private

    found = []
    with closing(connect(path, "read")) as db:
        broken = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        found.append(Finding(_("file"), not broken, "; ".join(broken) or _("whole")))
        lists = db.execute(named("check_lists")).fetchone()[0]
        found.append(
            Finding(
                _("lists and counts"),
                not lists,
                _("{n} differences; repair makes them anew").format(n=lists) if lists else _("right"),
            )
        )
        missing = db.execute(named("check_index")).fetchone()[0]
        found.append(
            Finding(
                _("search index"),
                not missing,
                _("{n} entries are not in it; repair makes it anew").format(n=missing) if missing else _("complete"),
            )
        )
        version = db.execute("PRAGMA user_version").fetchone()[0]
        found.append(Finding(_("schema"), True, _("version {n}").format(n=version)))
        found.append(Finding(_("size"), True, _("{n} MB").format(n=round(_size(db) / 1e6, 1))))
    private = keep_private(path)
    found.append(Finding(_("privacy"), private, _("only you can read it") if private else _("others can read it")))
    return found
