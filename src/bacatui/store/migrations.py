"""Making a store, and bringing an older one up to date, by migrations of sqlite-utils.

Imported only when a file is made or is older than the program: a store that is up to date needs sqlite3 alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bacatui.store import index
from bacatui.store.copies import backup
from bacatui.store.sql import APPLICATION_ID, HERE, SCHEMA, connect, immediate

migrations = Migrations("bacatui")


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end our transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


@migrations(name="0001 first light")
def first_light(db: Database) -> None:
    for statement in statements((HERE / "schema.sql").read_text("utf-8")):
        db.execute(statement)


def migrate(path: Path) -> None:
    """Bring a file to our schema, all of it or nothing, with a copy of it kept beside where it is not new."""
    with closing(connect(path, "own")) as db:
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found > 0:
            backup(db, path.with_name(f"{path.name}.schema-{found}"))
        with immediate(db):
            migrations.apply(Database(db))
            if 0 < found < SCHEMA:
                index.rebuild(db)
            db.execute(" ".join(("PRAGMA application_id =", str(APPLICATION_ID))))
            db.execute(" ".join(("PRAGMA user_version =", str(SCHEMA))))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def create(path: Path) -> None:
    """A new, empty store, complete before it stands at `path`; one that another process made meanwhile stays."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        migrate(aside)
        try:
            os.link(aside, path)
        except OSError:
            if not path.exists():
                aside.rename(path)  # a file system without links
    finally:
        for end in ("", "-wal", "-shm"):
            aside.with_name(aside.name + end).unlink(missing_ok=True)
