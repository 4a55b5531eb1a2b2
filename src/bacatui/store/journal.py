"""The journal: every change to what the reader owns, who did it, and what reverses it.

A change says what it is about, the field, what it was and what it became, and for which numbers. It is applied and
taken back by the same statements, which touch a value only where it still is what the change left there.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

from bacatui.clock import now
from bacatui.store.sql import LISTS, choose, gather, named, numbers, ranges, relist, seconds
from bacatui.store.types import Act

Db = sqlite3.Connection
Change = dict[str, Any]
_TWO_WAYS: Final = {"tag", "saved_search", "mute_rule"}  # there or not, rather than of some value


def change(what: str, was: Any, becomes: Any, ids: Iterable[int] = (), about: int | str | None = None) -> Change:
    return {"what": what, "from": was, "to": becomes, "ids": ranges(ids), "about": about}


def changes_of(rows: Iterable[tuple[str, Any, Any, int]]) -> list[Change]:
    """Rows of what, from, to and entry as changes, each for all the entries that it concerns."""
    ids = defaultdict[tuple[str, Any, Any], list[int]](list)
    for what, was, becomes, entry in rows:
        ids[what, was, becomes].append(entry)
    return [change(*key, entries) for key, entries in ids.items()]


def perform(db: Db, author: str, kind: str, detail: str, changes: list[Change]) -> Act:
    """Apply `changes` and write them down; without any there is no act."""
    if not changes:
        return Act(0, now(), author, kind, 0, detail)
    apply(db, changes)
    if author == "reader":
        db.execute("UPDATE journal SET can_redo = 0 WHERE can_redo = 1")
    count = len({entry for each in changes for entry in numbers(each["ids"])}) or 1
    sql = "INSERT INTO journal (at, author, kind, count, detail, changes) VALUES (?, ?, ?, ?, ?, ?)"
    row = (seconds(now()), author, kind, count, detail, json.dumps(changes, ensure_ascii=False))
    return _act(db, db.execute(sql, row).lastrowid)


def _act(db: Db, id: int | None) -> Act:
    return gather(Act, db.execute(named("journal"), (id, 1)))[0]


def set_mark(db: Db, field: str, value: int | str | None, author: str, kind: str, detail: str = "") -> Act:
    """Set `field` of the chosen entries' marks, where it is not so already."""
    ids = defaultdict[Any, list[int]](list)
    for entry, was in db.execute(named("now." + field), (value,)):
        ids[was].append(entry)
    changes = [change("mark." + field, was, value, entries) for was, entries in ids.items()]
    return perform(db, author, kind, detail, changes)


def apply(db: Db, changes: list[Change], back: bool = False) -> None:
    """Make `changes` true, or take them back, and bring what is derived up to date."""
    touched, feeds, steps = set[str](), set[int](), set[str]()
    for each in reversed(changes) if back else changes:
        was, becomes = (each["to"], each["from"]) if back else (each["from"], each["to"])
        what, ids, about = each["what"], each["ids"], each["about"]
        if what == "feed.removed_at":
            ids = ranges(row[0] for row in db.execute("SELECT id FROM entry WHERE feed = ?", (about,)))
        if ids:
            choose(db, numbers(ids))
        values = {"was": was, "becomes": becomes, "about": about}
        db.execute(named(what if becomes is not None or what not in _TWO_WAYS else "no." + what), values)
        if what == "entry.feed":
            feeds |= {was, becomes}
        elif what == "feed.full_text":
            db.execute(named("full_text"), (about, becomes))
            sql = "UPDATE entry SET offline = text_state WHERE feed = ? AND offline <> text_state"
            db.execute(sql, (about,))
        touched |= {ids} - {""}
        steps |= {"list" if becomes is None else "unlist"} if what == "mark.read_at" else {*LISTS}
    if len(touched) > 1:  # else it is what was chosen last
        choose(db, chain(*map(numbers, touched)))
    if touched:
        relist(db, feeds, steps)


def undo(db: Db, id: int | None = None) -> Act | None:
    """Take back the reader's last act, or the act `id` of anyone; None where there is nothing to take back."""
    return _turn(db, named("undoable"), (id,), seconds(now()), can_redo=id is None)


def redo(db: Db) -> Act | None:
    """Do again what was undone last, unless the reader has done something since."""
    return _turn(db, "SELECT id, changes FROM journal WHERE can_redo = 1 ORDER BY id LIMIT 1", (), None, can_redo=False)


def _turn(db: Db, sql: str, values: tuple[Any, ...], undone_at: int | None, can_redo: bool) -> Act | None:
    for id, changes in db.execute(sql, values).fetchall():
        apply(db, json.loads(changes), back=undone_at is not None)
        db.execute("UPDATE journal SET undone_at = ?, can_redo = ? WHERE id = ?", (undone_at, can_redo, id))
        return _act(db, id)
    return None
