"""The doctor, who looks through a library for faults, and mends what can be made anew."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TypeVar

from bacatui.i18n import _
from bacatui.store import gate, retention, shape, sql
from bacatui.store.opening import Store
from bacatui.store.types import COMMAND, Finding, StoreError

T = TypeVar("T")
Db = sqlite3.Connection
NAMED = 8  # strange things that are told by name


def doctor(store: Store) -> list[Finding]:
    """What is right with the store's file and what is not; what is derived is made anew, and the file private.

    What is not ours in the schema is named and left alone.
    """
    with closing(sql.connect(store.path, "read")) as db:
        broken = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        strange, commands = _strange(db), _asked(db, _commands)
        lists, missing = _asked(db, _counted("check_lists")), _asked(db, _counted("check_index"))
        version, megabytes = (
            db.execute("PRAGMA user_version").fetchone()[0],
            round(retention.size(db)[0] / 1e6, 1),
        )
    if (lists or missing) and not store.readonly:
        try:
            store.write.repair().result()
        except StoreError:
            if not strange:
                raise
    differ, lacks = _("{n} differences; made anew"), _("{n} entries were not in it; made anew")
    is_private = _make_private(store)
    return [
        Finding(_("file"), not broken, "; ".join(broken) or _("whole")),
        Finding(
            _("lists and counts"),
            lists == 0,
            differ.format(n=lists) if lists else _said(lists, _("right")),
        ),
        Finding(
            _("search index"),
            missing == 0,
            lacks.format(n=missing) if missing else _said(missing, _("complete")),
        ),
        Finding(_("schema"), not strange, strange or _("version {n}").format(n=version)),
        Finding(
            _("commands"),
            commands is not None,
            commands or _said(commands, _("no feed runs a command")),
        ),
        Finding(_("size"), True, _("{n} MB").format(n=megabytes)),
        Finding(
            _("privacy"),
            is_private,
            _("only you can read it") if is_private else _("others can read it"),
        ),
    ]


def _asked(db: Db, question: Callable[[Db], T]) -> T | None:
    """The answer, or None where a table is not what it should be."""
    with suppress(sqlite3.OperationalError, IndexError):
        return question(db)
    return None


def _said(found: object, well: str) -> str:
    return _("could not be looked at") if found is None else well


def _counted(check: str) -> Callable[[Db], int]:
    return lambda db: int(db.execute(sql.statement(check)).fetchone()[0])


def _commands(db: Db) -> str:
    """The commands that feeds run, each with its feed."""
    told = _("feed {n}, {title}, runs {command}")
    found = (each for each in gate.privileges(db) if each.setting == COMMAND)
    return "; ".join(
        told.format(n=each.feed, title=each.title, command=each.value) for each in found
    )


def _strange(db: Db) -> str:
    """What is different about the schema, and what to do; "" where it is ours."""
    found = shape.shape_of(db)
    parts = [
        (_("foreign: {names}"), shape.foreign(found)),
        (_("missing: {names}"), missing := shape.missing(found)),
        (_("different: {names}"), shape.changed(found)),
    ]
    told = [
        said.format(names=", ".join(names[:NAMED]) + " …" * (len(names) > NAMED))
        for said, names in parts
        if names
    ]
    if not told:
        return ""
    if any(f"table {name}" in missing for name in gate.FITS):
        return "; ".join((*told, _("bacatui restore FILE takes the library from a backup")))
    return "; ".join(
        (*told, _("bacatui backup FILE, then bacatui restore FILE, leaves out what is foreign"))
    )


def _make_private(store: Store) -> bool:
    """Keep the library from others; False where that cannot be done."""
    is_private = True
    for place in (store.path, store.path.parent):
        with suppress(OSError):
            place.chmod(place.stat().st_mode & 0o700)
        is_private = is_private and not place.stat().st_mode & 0o077
    return is_private
