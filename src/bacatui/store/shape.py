"""The shape of a library: every row of its schema, compared with what ours is made of."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from typing import Final

from bacatui.store import backups
from bacatui.text import sanitize

Shape = dict[tuple[str, str], str]  # type and name of each thing -> what it is made of

_TOKEN: Final = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[[^\]]*\]|`[^`]*`|\w+|\s+|.",
    re.DOTALL,
)
_MIGRATIONS: Final = (
    "_sqlite_migrations"  # of sqlite-utils, whose versions spell it each in its own way
)


def shape_of(db: sqlite3.Connection) -> Shape:
    """What stands in the schema of a database. Raises sqlite3.Error where that cannot be read."""
    found = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    return {(str(kind), str(name)): _made_of(str(table), sql) for kind, name, table, sql in found}


def _made_of(table: str, sql: object) -> str:
    """SQL without its comments and white space; for what SQLite makes by itself there is none."""
    if not isinstance(sql, str) or table == _MIGRATIONS:
        return table
    words = (
        word
        for word in _TOKEN.findall(sql)
        if not word.isspace() and not word.startswith(("--", "/*"))
    )
    return " ".join((table, *words))


@cache
def ours() -> Shape:
    """The shape of a fresh library of our schema."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        backups.build(db)
        return shape_of(db)


def foreign(found: Shape) -> list[str]:
    """What no library of ours has, by kind and name, for the reader to see."""
    return _named(found.keys() - ours().keys())


def missing(found: Shape) -> list[str]:
    """What every library of ours has, and this one has not."""
    return _named(ours().keys() - found.keys())


def changed(found: Shape) -> list[str]:
    """What has a name of ours and is made of something else."""
    return _named(key for key in found.keys() & ours().keys() if found[key] != ours()[key])


def _named(things: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(sanitize.clean(f"{kind} {name}", 100) for kind, name in things)
