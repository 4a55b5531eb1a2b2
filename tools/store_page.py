"""docs/store.md: the schema with its comments, and the columns that SQLite made of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlite_utils import Database

from bacatui.store import backups
from bacatui.store.sql import HERE

PAGE = Path(__file__).parents[1] / "docs" / "store.md"


def described() -> str:
    """The page."""
    with tempfile.TemporaryDirectory() as folder:
        backups.create(Path(folder) / "store.db")
        database = Database(Path(folder) / "store.db")
        head, *blocks = (HERE / "schema.sql").read_text("utf-8").strip().split("\n\n")
        parts = ["# The store", _comment(head)]
        parts.append("Made by `python -m tools.store_page`; the source is `store/schema.sql`.")
        for block in blocks:
            body = "\n".join(line for line in block.splitlines() if not line.startswith("--"))
            name = next(
                word
                for word in body.split()
                if word in {*database.table_names(), *database.view_names()}
            )
            columns = ", ".join(f"`{column.name}`" for column in database[name].columns)
            parts += [f"## {name}", _comment(block), f"Columns: {columns}.", f"```sql\n{body}\n```"]
        database.close()
    return "\n\n".join(filter(None, parts)) + "\n"


def _comment(block: str) -> str:
    return " ".join(
        line.removeprefix("--").strip() for line in block.splitlines() if line.startswith("--")
    )


if __name__ == "__main__":
    PAGE.write_text(described(), "utf-8")
