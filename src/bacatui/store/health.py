"""The checks of `bacatui doctor`, and the repair of what is derived."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TypeVar

from bacatui.i18n import _
from bacatui.store import retention, shape, sql, validation
from bacatui.store.opening import Store
from bacatui.store.types import COMMAND, Finding, StoreError

T = TypeVar("T")
Db = sqlite3.Connection
MAX_NAMED = 8  # differences of the schema that are listed by name


def doctor(store: Store) -> list[Finding]:
    """Check the store's file: one finding for each check.

    Derived data that is wrong is made anew, and the file and its folder are made private. Foreign
    things in the schema are reported and left alone.
    """
    with closing(sql.connect(store.path, "read")) as db:
        broken = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        differences = _schema_differences(db)
        commands = _answer(db, _commands)
        lists = _answer(db, _counter("check_lists"))
        missing = _answer(db, _counter("check_index"))
        version = db.execute("PRAGMA user_version").fetchone()[0]
        megabytes = round(retention.size(db)[0] / 1e6, 1)
    if (lists or missing) and not store.readonly:
        try:
            store.write.repair().result()
        except StoreError:
            if not differences:
                raise
    is_private = _make_private(store)
    return [
        Finding(_("file"), not broken, "; ".join(broken) or _("whole")),
        Finding(
            _("lists and counts"),
            lists == 0,
            _result(lists, _("{n} differences; made anew"), _("right")),
        ),
        Finding(
            _("search index"),
            missing == 0,
            _result(missing, _("{n} entries were not in it; made anew"), _("complete")),
        ),
        Finding(_("schema"), not differences, differences or _("version {n}").format(n=version)),
        Finding(
            _("commands"),
            commands is not None,
            _result(commands, "{n}", _("no feed runs a command")),
        ),
        Finding(_("size"), True, _("{n} MB").format(n=megabytes)),
        Finding(
            _("privacy"),
            is_private,
            _("only you can read it") if is_private else _("others can read it"),
        ),
    ]


def _answer(db: Db, question: Callable[[Db], T]) -> T | None:
    """The answer to `question`, or None where a table is missing or different."""
    with suppress(sqlite3.OperationalError, IndexError):
        return question(db)
    return None


def _result(found: int | str | None, problem: str, well: str) -> str:
    """The text of a finding: `problem` with what was found as `{n}`, or that all is well."""
    if found is None:
        return _("could not be looked at")
    return problem.format(n=found) if found else well


def _counter(check: str) -> Callable[[Db], int]:
    return lambda db: int(db.execute(sql.statement(check)).fetchone()[0])


def _commands(db: Db) -> str:
    """The commands that feeds run for their passwords, each with its feed, in one line."""
    told = _("feed {n}, {title}, runs {command}")
    return "; ".join(
        told.format(n=each.feed, title=each.title, command=each.value)
        for each in validation.privileges(db)
        if each.setting == COMMAND
    )


def _schema_differences(db: Db) -> str:
    """How the schema differs from ours, and what to do about it; "" where it does not."""
    found = shape.shape_of(db)
    missing = shape.missing(found)
    parts = [
        (_("foreign: {names}"), shape.foreign(found)),
        (_("missing: {names}"), missing),
        (_("different: {names}"), shape.changed(found)),
    ]
    told = [text.format(names=_first_names(names)) for text, names in parts if names]
    if not told:
        return ""
    if any(f"table {name}" in missing for name in validation.VALIDATORS):
        return "; ".join((*told, _("bacatui restore FILE takes the library from a backup")))
    return "; ".join(
        (*told, _("bacatui backup FILE, then bacatui restore FILE, leaves out what is foreign"))
    )


def _first_names(names: list[str]) -> str:
    listed = ", ".join(names[:MAX_NAMED])
    return f"{listed} …" if len(names) > MAX_NAMED else listed


def _make_private(store: Store) -> bool:
    """Take the permissions of other users off the file and its folder; False where that fails."""
    is_private = True
    for place in (store.path, store.path.parent):
        with suppress(OSError):
            place.chmod(place.stat().st_mode & 0o700)
        is_private = is_private and not place.stat().st_mode & 0o077
    return is_private
