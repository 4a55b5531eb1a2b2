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
        connection.execute(" ".join(("PRAGMA user_version =", str(SCHEMA))))


def described() -> str:
    """docs/store.md: the schema with its comments, and the columns that SQLite made of it."""
    database = Database(memory=True)
    migrate(database.conn)
    head, *blocks = (HERE / "schema.sql").read_text("utf-8").strip().split("\n\n")
    parts = ["# The store", _comment(head)]
    parts.append("Made by `python -m bacatui.store.migrations > docs/store.md`; the source is `store/schema.sql`.")
    for block in blocks:
        body = "\n".join(line for line in block.splitlines() if not line.startswith("--"))
        name = next(word for word in body.split() if word in {*database.table_names(), *database.view_names()})
        columns = ", ".join(f"`{column.name}`" for column in database[name].columns)
        parts += [f"## {name}", _comment(block), f"Columns: {columns}.", f"```sql\n{body}\n```"]
    return "\n\n".join(filter(None, parts)) + "\n"


def _comment(block: str) -> str:
    return " ".join(line.removeprefix("--").strip() for line in block.splitlines() if line.startswith("--"))


if __name__ == "__main__":
    print(described(), end="")
