"""The store as a file: making it, bringing an older one up to date, backups, and what to do with a damaged one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import partial
from glob import escape
from itertools import islice
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Final

from bacatui.clock import now
from bacatui.i18n import _
from bacatui.paths import make_private
from bacatui.store import index, intake, retention
from bacatui.store.gate import FITS, Gate
from bacatui.store.sql import APPLICATION_ID, HERE, SCHEMA, connect, immediate, statement, suspicion
from bacatui.store.types import StoreError

if TYPE_CHECKING:
    from sqlite_utils import Database

Db = sqlite3.Connection
_COPIES: Final = "bacatui-????-??-??.db"
_GOODS: Final = ("feed", "fetch", "mark", "tag", "saved_search", "mute_rule", "meta", "tombstone")
_TEXTS: Final = ("entry", "content", "article")
_FIRST: Final = sorted(
    FITS, key=lambda table: table not in _GOODS
)  # of what is saved from a damaged file
_STALE: Final = 86_400  # seconds
_ENDS: Final = ("", "-wal", "-shm")  # of a store's files


def _first_light(db: Database) -> None:
    """The schema, statement by statement: `executescript` would end our transaction."""
    pending = ""
    for line in (HERE / "schema.sql").read_text("utf-8").splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            db.execute(pending)
            pending = ""


STEPS: Final = [("0001 first light", _first_light)]  # from one schema to the next, each once


def build(db: Db) -> None:
    """Take the steps to our schema that a database has not taken yet, in the caller's transaction."""
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("bacatui")
    for name, step in STEPS:
        migrations(name=name)(step)
    migrations.apply(Database(db))


def migrate(path: Path) -> None:
    """Bring a file to our schema, all of it or nothing, with a copy of it kept beside where it is not new."""
    with closing(connect(path, "own")) as db:
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found > 0:
            backup(db, path.with_name(f"{path.name}.schema-{found}"))
        with immediate(db):
            build(db)
            if 0 < found < SCHEMA:
                index.rebuild(db)
            db.execute(" ".join(("PRAGMA application_id =", str(APPLICATION_ID))))
            db.execute(" ".join(("PRAGMA user_version =", str(SCHEMA))))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def create(path: Path) -> None:
    """A new, empty store, complete before it stands at `path`; one that another process made meanwhile stays."""
    with beside(path) as aside:
        migrate(aside)
        try:
            os.link(aside, path)
        except OSError:
            if not path.exists():
                aside.rename(path)  # a file system without links


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A private, empty file in which to make what is to stand at `path`; nothing of it stays."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    for left in path.parent.glob(f".{escape(path.name)}.*.new*"):  # by a run that was killed
        with suppress(FileNotFoundError):
            if time() - left.stat().st_mtime > _STALE:
                left.unlink()
    try:
        aside.unlink(missing_ok=True)
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield aside
    finally:
        for end in _ENDS:
            aside.with_name(aside.name + end).unlink(missing_ok=True)


def _put(aside: Path, path: Path) -> None:
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    aside.replace(path)


def backup(db: Db, path: Path) -> None:
    """A whole copy, written aside, synced and renamed. Raises StoreError."""
    try:
        with beside(path) as aside:
            db.execute("VACUUM INTO ?", (str(aside),))
            _put(aside, path)
    except OSError as error:
        said = _("The copy {path} could not be written: {problem}.")
        raise StoreError(said.format(path=path, problem=error.strerror)) from error


def daily(db: Db, folder: Path) -> Path | None:
    """Marks and feeds of today as a small store: what was kept whole, of the rest that it was there and was read."""
    target = folder / f"bacatui-{now():%Y-%m-%d}.db"
    if target.exists():
        return None
    make_private(folder)
    with beside(target) as aside:
        migrate(aside)
        with closing(connect(aside, "own")) as copy, immediate(copy):
            for table in _GOODS:
                take(copy, table, db)
            for table in _TEXTS:
                key = "id" if table == "entry" else "entry"
                take(copy, table, db, " ".join(("WHERE", key, "IN (SELECT entry FROM kept)")))
            stones = (
                (r[0], r[1], intake.likeness(r[2], r[3]), r[4])
                for r in db.execute(statement("read_entries"))
            )
            copy.executemany("INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?, ?)", stones)
            retention.rebuild(copy)
        _put(aside, target)
    days, weeks = [], {}
    for path in sorted(folder.glob(_COPIES)):
        with suppress(ValueError):
            weeks[date.fromisoformat(path.stem[8:]).isocalendar()[:2]] = path
            days.append(path)
    for old in {*days[:-8]}.difference(list(weeks.values())[-4:]):
        old.unlink(missing_ok=True)
    return target


def recover(path: Path) -> str:
    """Set a damaged file aside and build a new one of what can be read of it and the newest daily backup."""
    broken = path.with_name(f"{path.name}.damaged-{now():%Y%m%d-%H%M%S}")
    for end in _ENDS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(broken.with_name(broken.name + end))
    create(path)
    newest = max((path.parent / "backups").glob(_COPIES), default=None)
    with closing(connect(path, "own")) as db:
        db.execute("PRAGMA synchronous = NORMAL")
        is_whole = _salvage(db, broken)
        if newest is not None:
            _salvage(db, newest)
        with immediate(db):
            retention.drop_orphans(db)
            retention.rebuild(db)
        entries = db.execute("SELECT count(*) FROM entry").fetchone()[0]
    suspicion(path).unlink(missing_ok=True)
    said = _(
        "The library's file was damaged and is kept as {name}. {n} entries were read from it and the last backup."
    )
    more = (
        ""
        if is_whole
        else " " + _("The rest comes back with the next sync where the feeds still have it.")
    )
    return said.format(name=broken.name, n=entries) + more


def _salvage(db: Db, source: Path) -> bool:
    """Copy what can be read of `source`, the goods first; True where that was all of it."""
    whole, gate = True, Gate()
    try:
        old = connect(source, "read")
    except sqlite3.Error:
        return False
    with closing(old):
        old.text_factory = partial(str, encoding="utf-8", errors="replace")
        for table in _FIRST:
            for order in ("", "ORDER BY 1 DESC"):  # past the damage, from the other end
                try:
                    with immediate(db):
                        take(db, table, old, order, gate)
                    break
                except sqlite3.DatabaseError:
                    whole = False
    return whole


def columns(db: Db, table: str) -> list[str]:
    """The names of a table's own columns; those that are computed are left out."""
    return [
        row[1] for row in db.execute(" ".join(("PRAGMA table_xinfo (", table, ")"))) if not row[6]
    ]


def take(db: Db, table: str, source: Db, which: str = "", gate: Gate | None = None) -> None:
    """Rows of `source` into the table of the same name, as far as they can be read; those that are there stay.

    They pass `gate`, where the source may be anyone's.
    """
    there = columns(source, table)
    names = [name for name in columns(db, table) if name in there]
    listed, marks = ", ".join(names), ", ".join("?" * len(names))
    into = " ".join(("INSERT OR IGNORE INTO", table, "(", listed, ") VALUES (", marks, ")"))
    rows = source.execute(" ".join(("SELECT", listed, "FROM", table, which)))
    found = gate.rows(table, names, rows) if gate else iter(rows)
    try:
        while some := list(islice(found, 50)):
            db.executemany(into, map(tuple, some))
    except sqlite3.DatabaseError:
        db.execute("COMMIT")  # what was read so far
        db.execute("BEGIN")
        raise
