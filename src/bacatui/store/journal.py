"""The journal: every change to what the reader owns, who did it, and what reverses it.

A change says what it is about, the field, what it was and what it became, and for which numbers. It is applied and
taken back by the same statements, which touch a value only where it still is what the change left there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from bacatui.clock import now
from bacatui.store.sql import choose, gather, named, numbers, ranges, relist, seconds
from bacatui.store.types import Act

Db = sqlite3.Connection
Change = dict[str, Any]
_NONE: Final = {"read_at": None, "bookmarked_at": None, "note": ""}
_TWO_WAYS: Final = {"tag", "saved_search", "mute_rule"}  # there or not, rather than of some value


def change(what: str, was: Any, becomes: Any, ids: Iterable[int] = (), about: int | str | None = None) -> Change:
    return {"what": what, "from": was, "to": becomes, "ids": ranges(ids), "about": about}


def perform(db: Db, author: str, kind: str, count: int, detail: str, changes: list[Change]) -> Act:
    """Apply `changes` and write them down; without any there is no act."""
    if not changes:
        return Act(0, now(), author, kind, 0, detail)
    apply(db, changes)
    if author == "reader":
        db.execute("UPDATE journal SET can_redo = 0 WHERE can_redo = 1")
    sql = "INSERT INTO journal (at, author, kind, count, detail, changes) VALUES (?, ?, ?, ?, ?, ?)"
    row = (seconds(now()), author, kind, count, detail, json.dumps(changes, ensure_ascii=False))
    return _act(db, db.execute(sql, row).lastrowid)


def _act(db: Db, id: int | None) -> Act:
    return gather(Act, db.execute(named("journal"), (id, 1)))[0]


def set_mark(db: Db, field: str, value: int | str | None, author: str, kind: str, detail: str = "") -> Act:
    """Set `field` of the chosen entries' marks, where it is not so already."""
    before: dict[int | str | None, list[int]] = {}
    for entry, was in db.execute(named("now." + field), (value,)):
        before.setdefault(was, []).append(entry)
    changes = [change("mark." + field, was, value, ids) for was, ids in before.items()]
    return perform(db, author, kind, sum(map(len, before.values())), detail, changes)


def set_tags(db: Db, add: Iterable[str], remove: Iterable[str], author: str) -> Act:
    """Add and remove tags of the chosen entries."""
    add, remove = list(dict.fromkeys(add)), list(dict.fromkeys(remove))
    every = {row[0] for row in db.execute("SELECT c.id FROM chosen c CROSS JOIN entry e ON e.id = c.id")}
    changes: list[Change] = []
    for tag in (*add, *remove):
        sql = "SELECT entry FROM tag WHERE name = ? AND entry IN (SELECT id FROM chosen)"
        has = {row[0] for row in db.execute(sql, (tag,))}
        if tag in add and tag not in remove and every - has:
            changes.append(change("tag", None, tag, every - has))
        elif tag in remove and has:
            changes.append(change("tag", tag, None, has))
    touched = {n for each in changes for n in numbers(each["ids"])}
    return perform(db, author, "tags", len(touched), " ".join([*add, *(f"-{tag}" for tag in remove)]), changes)


def apply(db: Db, changes: list[Change], back: bool = False) -> None:
    """Make `changes` true, or take them back, and bring what is derived up to date."""
    touched: set[int] = set()
    feeds: set[int] = set()
    for each in reversed(changes) if back else changes:
        was, becomes = (each["to"], each["from"]) if back else (each["from"], each["to"])
        what = each["what"]
        if each["ids"]:
            choose(db, numbers(each["ids"]))
            touched.update(numbers(each["ids"]))
        values = {"was": was, "becomes": becomes, "about": each["about"]}
        db.execute(named(what if becomes is not None or what not in _TWO_WAYS else "no." + what), values)
        if what == "entry.feed":
            feeds |= {was, becomes}
        elif what == "feed.full_text":
            db.execute(named("full_text"), (each["about"], becomes))
            sql = "UPDATE entry SET offline = text_state WHERE feed = ? AND offline <> text_state"
            db.execute(sql, (each["about"],))
        elif what == "feed.removed_at":
            touched |= {row[0] for row in db.execute("SELECT id FROM entry WHERE feed = ?", (each["about"],))}
    if touched:
        choose(db, touched)
        relist(db, feeds)


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


def merge(db: Db, keep: int, gone: int, detail: str) -> Act:
    """One feed of two: entries move over; of those that both have, the marks are united."""
    changes: list[Change] = []
    twins = db.execute(
        "SELECT a.id, b.id FROM entry a JOIN entry b ON b.key = a.key AND b.feed = ? WHERE a.feed = ?", (keep, gone)
    )
    pairs = {row[0]: row[1] for row in twins}
    moving = [row[0] for row in db.execute("SELECT id FROM entry WHERE feed = ?", (gone,)) if row[0] not in pairs]
    if moving:
        changes.append(change("entry.feed", gone, keep, moving))
    for old, new in pairs.items():
        marks = {row["entry"]: row for row in db.execute("SELECT * FROM mark WHERE entry IN (?, ?)", (old, new))}
        for field in ("read_at", "bookmarked_at", "note"):
            value, present = (marks[n][field] if n in marks else _NONE[field] for n in (old, new))
            if value and not present:
                changes.append(change("mark." + field, present, value, [new]))
        sql = "SELECT name FROM tag WHERE entry = ? EXCEPT SELECT name FROM tag WHERE entry = ?"
        changes += [change("tag", None, row[0], [new]) for row in db.execute(sql, (old, new))]
    changes.append(change("feed.removed_at", None, seconds(now()), about=gone))
    return perform(db, "sync", "merge", len(pairs) + len(moving), detail, changes)
