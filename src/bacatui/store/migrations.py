"""Schema 1 and what comes after it, as migrations of sqlite-utils inside our own transaction.

Imported only when a file is made or is older than the program: a store that is up to date needs sqlite3 alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bacatui.store import index
from bacatui.store.sql import HERE, immediate

APPLICATION_ID = 0x62616361  # "baca"
SCHEMA = 1
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


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to this program's schema, in one transaction: all of it or nothing."""
    database = Database(connection)
    with immediate(connection):
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        migrations.apply(database)
        if 0 < found < SCHEMA:
            index.rebuild(connection)
        connection.execute("PRAGMA application_id = 1650549601")
        connection.execute("PRAGMA user_version = 1")


def described() -> str:
    """docs/store.md: the schema with its comments, and what each table has in columns and indexes."""
    database = Database(memory=True)
    migrate(database.conn)
    text = (HERE / "schema.sql").read_text("utf-8")
    head, *blocks = text.split("\n\n")
    said = [block for block in blocks if "CREATE" in block]
    parts = ["# The store", " ".join(line.removeprefix("-- ") for line in head.splitlines())]
    parts.append("Made from `src/bacatui/store/schema.sql` by `python -m bacatui.store.migrations`; do not edit.")
    for block in said:
        lines = block.strip().splitlines()
        comment = " ".join(line.removeprefix("--").strip() for line in lines if line.startswith("--"))
        body = "\n".join(line for line in lines if not line.startswith("--"))
        name = (
            body.split("(")[0].replace("USING", "").split(" AS")[0].split()[-1] if "TABLE" in body else body.split()[2]
        )
        name = "search" if "fts5" in body and " search " in body else "bigram" if "fts5" in body else name
        keys = ", ".join(index_.name for index_ in database[name].indexes if not index_.name.startswith("sqlite_"))  # type: ignore[union-attr]
        parts += [f"## {name}", comment, f"```sql\n{body}\n```"]
        if keys:
            parts.append(f"Indexes: {keys}.")
    return "\n\n".join(filter(None, parts)) + "\n"
