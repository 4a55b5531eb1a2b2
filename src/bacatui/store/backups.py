"""The store as a file: creation, migration to the current schema, backups, recovery from damage."""

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
from bacatui.store.sql import APPLICATION_ID, HERE, SCHEMA, connect, immediate, statement, suspicion
from bacatui.store.types import StoreError
from bacatui.store.validation import VALIDATORS, RowValidator

if TYPE_CHECKING:
    from sqlite_utils import Database

Db = sqlite3.Connection
_DAILY_FILES: Final = "bacatui-????-??-??.db"  # a glob pattern
# Tables that a daily backup holds whole. Of those with texts it holds only the kept entries.
_WHOLE_TABLES: Final = (
    "feed",
    "fetch",
    "mark",
    "tag",
    "saved_search",
    "mute_rule",
    "meta",
    "tombstone",
)
_TEXT_TABLES: Final = ("entry", "content", "article")
# The order in which tables are salvaged: the small ones, which cannot be fetched again, come first.
_SALVAGE_ORDER: Final = sorted(VALIDATORS, key=lambda table: table not in _WHOLE_TABLES)
_STALE: Final = 86_400  # seconds after which a temporary file was left by a run that was killed
_SUFFIXES: Final = ("", "-wal", "-shm")  # of the files that make up one SQLite database


def _create_schema(db: Database) -> None:
    """Run schema.sql statement by statement, since `executescript` would commit first."""
    pending = ""
    for line in (HERE / "schema.sql").read_text("utf-8").splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            db.execute(pending)
            pending = ""


# Migrations from one schema to the next, by the name under which the database remembers them.
STEPS: Final = [("0001 first light", _create_schema)]


def build(db: Db) -> None:
    """Apply the migrations that a database has not had yet, in the caller's transaction."""
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("bacatui")
    for name, step in STEPS:
        migrations(name=name)(step)
    migrations.apply(Database(db))


def migrate(path: Path) -> None:
    """Bring a file to the current schema in one transaction.

    A file that is not new is copied to `NAME.schema-N` first.
    """
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
    """Create an empty store at `path`, which appears only when complete.

    A store that another process created meanwhile is left as it is.
    """
    with temporary_beside(path) as temporary:
        migrate(temporary)
        try:
            os.link(temporary, path)
        except OSError:
            if not path.exists():
                temporary.rename(path)  # a file system without links


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """A private, empty file in the folder of `path`, deleted at the end unless it was renamed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    _delete_stale(path)
    try:
        temporary.unlink(missing_ok=True)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield temporary
    finally:
        for suffix in _SUFFIXES:
            temporary.with_name(temporary.name + suffix).unlink(missing_ok=True)


def _delete_stale(path: Path) -> None:
    """Delete the temporary files for `path` that a run that was killed has left."""
    for stale in path.parent.glob(f".{escape(path.name)}.*.new*"):
        with suppress(FileNotFoundError):
            if time() - stale.stat().st_mtime > _STALE:
                stale.unlink()


def _move_into_place(temporary: Path, path: Path) -> None:
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def backup(db: Db, path: Path) -> None:
    """Write a complete copy to `path`, which appears only when synced. Raises StoreError."""
    try:
        with temporary_beside(path) as temporary:
            db.execute("VACUUM INTO ?", (str(temporary),))
            _move_into_place(temporary, path)
    except OSError as error:
        said = _("The copy {path} could not be written: {problem}.")
        raise StoreError(said.format(path=path, problem=error.strerror)) from error


def daily(db: Db, folder: Path) -> Path | None:
    """Write today's backup, or return None where `folder` has it already.

    It is a small store: feeds, marks and settings, the entries that the user kept (see the view
    `kept`), and a tombstone for each other entry that was read.
    """
    target = folder / f"bacatui-{now():%Y-%m-%d}.db"
    if target.exists():
        return None
    make_private(folder)
    with temporary_beside(target) as temporary:
        migrate(temporary)
        with closing(connect(temporary, "own")) as copy, immediate(copy):
            for table in _WHOLE_TABLES:
                copy_rows(copy, table, db)
            for table in _TEXT_TABLES:
                key = "id" if table == "entry" else "entry"
                copy_rows(copy, table, db, " ".join(("WHERE", key, "IN (SELECT entry FROM kept)")))
            tombstones = (
                (feed, key, intake.likeness(url, title), entry)
                for feed, key, url, title, entry in db.execute(statement("read_entries"))
            )
            copy.executemany("INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?, ?)", tombstones)
            retention.rebuild(copy)
        _move_into_place(temporary, target)
    _delete_old_backups(folder)
    return target


def _delete_old_backups(folder: Path) -> None:
    """Keep the last eight daily backups, and the last one of each of the last four weeks."""
    by_day, by_week = [], {}
    for path in sorted(folder.glob(_DAILY_FILES)):
        with suppress(ValueError):
            day = date.fromisoformat(path.stem.removeprefix("bacatui-"))
            by_week[day.isocalendar()[:2]] = path
            by_day.append(path)
    kept = {*by_day[-8:], *list(by_week.values())[-4:]}
    for path in by_day:
        if path not in kept:
            path.unlink(missing_ok=True)


def recover(path: Path) -> str:
    """Rename a damaged file, and build a new one from what it and the newest daily backup hold.

    Returns one sentence for the user.
    """
    broken = path.with_name(f"{path.name}.damaged-{now():%Y%m%d-%H%M%S}")
    for suffix in _SUFFIXES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(broken.with_name(broken.name + suffix))
    create(path)
    newest = max((path.parent / "backups").glob(_DAILY_FILES), default=None)
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
        "The library's file was damaged and is kept as {name}. "
        "{n} entries were read from it and the last backup."
    )
    notice = said.format(name=broken.name, n=entries)
    if is_whole:
        return notice
    rest = _("The rest comes back with the next sync where the feeds still have it.")
    return f"{notice} {rest}"


def _salvage(db: Db, source: Path) -> bool:
    """Copy the rows of `source` that can be read and are valid; True where all could be read."""
    is_whole, validator = True, RowValidator()
    try:
        old = connect(source, "read")
    except sqlite3.Error:
        return False
    with closing(old):
        old.text_factory = partial(str, encoding="utf-8", errors="replace")
        for table in _SALVAGE_ORDER:
            for order in ("", "ORDER BY 1 DESC"):  # backwards reaches rows behind the damage
                try:
                    with immediate(db):
                        copy_rows(db, table, old, order, validator)
                    break
                except sqlite3.DatabaseError:
                    is_whole = False
    return is_whole


def columns(db: Db, table: str) -> list[str]:
    """The names of a table's columns, without generated and hidden ones."""
    rows = db.execute(" ".join(("PRAGMA table_xinfo (", table, ")")))
    return [name for _cid, name, _type, _notnull, _default, _pk, hidden in rows if not hidden]


def copy_rows(
    db: Db, table: str, source: Db, which: str = "", validator: RowValidator | None = None
) -> None:
    """Copy the rows of `source` into the table of the same name; rows that are there stay.

    `which` is the end of the SELECT. With `validator`, only valid rows are copied. Raises
    sqlite3.DatabaseError at the first row that cannot be read; what was read before is committed.
    """
    there = columns(source, table)
    names = [name for name in columns(db, table) if name in there]
    listed, places = ", ".join(names), ", ".join("?" * len(names))
    into = " ".join(("INSERT OR IGNORE INTO", table, "(", listed, ") VALUES (", places, ")"))
    rows = source.execute(" ".join(("SELECT", listed, "FROM", table, which)))
    found = validator.rows(table, names, rows) if validator else iter(rows)
    try:
        while batch := list(islice(found, 50)):
            db.executemany(into, map(tuple, batch))
    except sqlite3.DatabaseError:
        db.execute("COMMIT")  # what was read so far
        db.execute("BEGIN")
        raise
