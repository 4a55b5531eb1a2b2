"""The statements of `statements.sql` by name, and one way for values to and from SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bacatui.i18n import _
from bacatui.store.types import StoreDamaged, StoreError, StoreFull, StoreLocked, StoreReadOnly

HERE = Path(__file__).parent
Values = dict[str, Any]


@cache
def _statements() -> dict[str, str]:
    parts = (HERE / "statements.sql").read_text("utf-8").split("\n-- name: ")[1:]
    return {name.strip(): body.strip() for name, _, body in (part.partition("\n") for part in parts)}


def named(name: str) -> str:
    """The statement called `name`."""
    return _statements()[name]


def seconds(moment: datetime | None) -> int | None:
    """A time as the store keeps it."""
    return None if moment is None else int(moment.timestamp())


def moment(stored: int | None) -> datetime | None:
    """A stored time, aware and in UTC; what no calendar holds is unknown."""
    try:
        return None if stored is None else datetime.fromtimestamp(stored, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def surely(stored: int | None) -> datetime:
    """A stored time where the schema has one."""
    return moment(stored) or datetime.fromtimestamp(0, UTC)


def explained(error: sqlite3.Error) -> StoreError:
    """What an error of SQLite means for the reader."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreLocked(_("Another program keeps the library busy. Nothing was changed; try again in a moment."))
    if code == sqlite3.SQLITE_FULL:
        return StoreFull(_("The disk is full. Nothing was half written; make room and try again."))
    if code == sqlite3.SQLITE_READONLY:
        return StoreReadOnly(_("The library cannot be written to. What you read is safe; changes are not kept."))
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return StoreDamaged(_("The library's file is damaged. It is repaired from what can be read at the next start."))
    return StoreError(_("The library could not be used: {error}.").format(error=error))


def suspicion(path: Path) -> Path:
    """The file whose being there says that the store beside it was seen damaged."""
    return path.with_name(path.name + "-suspect")


def suspect(path: Path, error: StoreError) -> None:
    """Remember damage, so that the next start looks through the whole file."""
    if isinstance(error, StoreDamaged):
        with suppress(OSError):
            suspicion(path).touch(mode=0o600)


@contextmanager
def immediate(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction, sure of its lock from the beginning, whole or not at all. Waits for up to a minute."""
    for last in (False,) * 5 + (True,):
        try:
            db.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as error:
            if last or not isinstance(explained(error), StoreLocked):
                raise
    try:
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def choose(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Make `ids` the entries that the next statements are about."""
    db.execute("DELETE FROM chosen")
    db.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", ((n,) for n in ids))


def chosen(db: sqlite3.Connection) -> list[int]:
    return [row[0] for row in db.execute("SELECT id FROM chosen")]


def relist(db: sqlite3.Connection, feeds: Iterable[int] = ()) -> None:
    """Bring what is derived for the chosen entries, and the tallies of their feeds, up to date."""
    db.execute(named("hide"))
    db.execute(named("unlist"))
    db.execute(named("list"))
    touched = db.execute("SELECT DISTINCT e.feed FROM chosen c CROSS JOIN entry e ON e.id = c.id")
    for feed in {*feeds, *(row[0] for row in touched)}:
        db.execute(named("tally"), (feed,))
