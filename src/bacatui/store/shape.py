"""Comparing the schema of a library with ours."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from typing import Final

from bacatui.store import backups
from bacatui.text import sanitize

Shape = dict[tuple[str, str], str]  # type and name of each table, index, ... -> its SQL

_TOKEN: Final = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[[^\]]*\]|`[^`]*`|\w+|\s+|.",
    re.DOTALL,
)
# A table of sqlite-utils, whose SQL differs between versions of sqlite-utils.
_MIGRATIONS: Final = "_sqlite_migrations"


def shape_of(db: sqlite3.Connection) -> Shape:
    """The shape of a database. Raises sqlite3.Error where its schema cannot be read."""
    found = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    return {
        (str(kind), str(name)): _normalized(str(table), sql) for kind, name, table, sql in found
    }


def _normalized(table: str, sql: object) -> str:
    """The table and its SQL without comments and white space; internal indexes have no SQL."""
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
    """The shape of a new library."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        backups.build(db)
        return shape_of(db)


def foreign(found: Shape) -> list[str]:
    """What a library of ours does not have, by type and name, as text for the user."""
    return _named(found.keys() - ours().keys())


def missing(found: Shape) -> list[str]:
    """What a library of ours has, and this one lacks."""
    return _named(ours().keys() - found.keys())


def changed(found: Shape) -> list[str]:
    """What a library of ours has, too, but with other SQL."""
    return _named(key for key in found.keys() & ours().keys() if found[key] != ours()[key])


def _named(things: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(sanitize.clean(f"{kind} {name}", 100) for kind, name in things)
