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
from bacatui.store.sql import choose, chosen, named, relist, seconds, surely
from bacatui.store.types import Act

Change = dict[str, Any]

# was ?1, becomes ?2, for the chosen entries; what is about other things names its number or name as ?3
_SET: Final = {
    "mark.read_at": "INSERT INTO mark (entry, read_at) SELECT id, ?2 FROM chosen WHERE 1"
    " ON CONFLICT (entry) DO UPDATE SET read_at = ?2 WHERE read_at IS ?1",
    "mark.bookmarked_at": "INSERT INTO mark (entry, bookmarked_at) SELECT id, ?2 FROM chosen WHERE 1"
    " ON CONFLICT (entry) DO UPDATE SET bookmarked_at = ?2 WHERE bookmarked_at IS ?1",
    "mark.hidden_at": "INSERT INTO mark (entry, hidden_at) SELECT id, ?2 FROM chosen WHERE 1"
    " ON CONFLICT (entry) DO UPDATE SET hidden_at = ?2 WHERE hidden_at IS ?1",
    "mark.note": "INSERT INTO mark (entry, note) SELECT id, ?2 FROM chosen WHERE 1"
    " ON CONFLICT (entry) DO UPDATE SET note = ?2 WHERE note IS ?1",
    "tag.on": "INSERT OR IGNORE INTO tag SELECT ?2, id FROM chosen WHERE ?1 IS NULL",
    "tag.off": "DELETE FROM tag WHERE name = ?1 AND entry IN (SELECT id FROM chosen) AND ?2 IS NULL",
    "entry.feed": "UPDATE OR IGNORE entry SET feed = ?2 WHERE id IN (SELECT id FROM chosen) AND feed = ?1",
    "feed.url": "UPDATE OR IGNORE feed SET url = ?2 WHERE id = ?3 AND url = ?1",
    "feed.title": "UPDATE feed SET title = ?2 WHERE id = ?3 AND title = ?1",
    "feed.folder": "UPDATE feed SET folder = ?2 WHERE id = ?3 AND folder = ?1",
    "feed.full_text": "UPDATE feed SET full_text = ?2 WHERE id = ?3 AND full_text = ?1",
    "feed.site": "UPDATE feed SET site = ?2 WHERE id = ?3 AND site = ?1",
    "feed.settings": "UPDATE feed SET settings = ?2 WHERE id = ?3 AND settings = ?1",
    "feed.removed_at": "UPDATE feed SET removed_at = ?2 WHERE id = ?3 AND removed_at IS ?1",
    "saved_search.on": "INSERT OR REPLACE INTO saved_search (name, query) SELECT ?3, ?2 WHERE ?2 IS NOT NULL",
    "saved_search.off": "DELETE FROM saved_search WHERE name = ?3 AND ?1 = ?1 AND ?2 IS NULL",
    "mute_rule.on": "INSERT OR REPLACE INTO mute_rule (name, query, action) SELECT ?3, ?2 ->> 0, ?2 ->> 1 WHERE ?2 IS NOT NULL",
    "mute_rule.off": "DELETE FROM mute_rule WHERE name = ?3 AND ?1 = ?1 AND ?2 IS NULL",
}
_NOW: Final = {
    "read_at": "SELECT c.id, m.read_at FROM chosen c CROSS JOIN entry e ON e.id = c.id LEFT JOIN mark m ON m.entry = c.id"
    " WHERE (m.read_at IS NULL) = (?1 IS NOT NULL)",
    "bookmarked_at": "SELECT c.id, m.bookmarked_at FROM chosen c CROSS JOIN entry e ON e.id = c.id"
    " LEFT JOIN mark m ON m.entry = c.id WHERE (m.bookmarked_at IS NULL) = (?1 IS NOT NULL)",
    "hidden_at": "SELECT c.id, m.hidden_at FROM chosen c CROSS JOIN entry e ON e.id = c.id LEFT JOIN mark m ON m.entry = c.id"
    " WHERE (m.hidden_at IS NULL) = (?1 IS NOT NULL)",
    "note": "SELECT c.id, coalesce(m.note, '') FROM chosen c CROSS JOIN entry e ON e.id = c.id"
    " LEFT JOIN mark m ON m.entry = c.id WHERE coalesce(m.note, '') <> ?1",
}
_PARTNER = {"tag.on": "tag.off", "saved_search.on": "saved_search.off", "mute_rule.on": "mute_rule.off"}


def ranges(ids: Iterable[int]) -> str:
    """Numbers as text that a person can read: `1-5,9`."""
    parts: list[list[int]] = []
    for n in sorted(ids):
        if parts and n <= parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def numbers(text: str, limit: int = 10**9) -> list[int]:
    """The numbers of `ranges`, the first `limit` of each range."""
    found: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), min(int(last or first), int(first) + limit) + 1)
    return found


def change(what: str, was: Any, becomes: Any, ids: Iterable[int] = (), about: int | str | None = None) -> Change:
    return {"what": what, "from": was, "to": becomes, "ids": ranges(ids), "about": about}


def perform(db: sqlite3.Connection, author: str, kind: str, count: int, detail: str, changes: list[Change]) -> Act:
    """Apply `changes` and write them down; without any there is no act."""
    at = seconds(now()) or 0
    if not changes:
        return Act(0, surely(at), author, kind, 0, detail)
    apply(db, changes)
    if author == "reader":
        db.execute("UPDATE journal SET can_redo = 0 WHERE can_redo = 1")
    sql = "INSERT INTO journal (at, author, kind, count, detail, changes) VALUES (?, ?, ?, ?, ?, ?)"
    row = db.execute(sql, (at, author, kind, count, detail, json.dumps(changes, ensure_ascii=False)))
    ids = [n for each in changes for n in numbers(each["ids"], 1000)][:1000]
    return Act(row.lastrowid or 0, surely(at), author, kind, count, detail, False, tuple(ids))


def set_mark(
    db: sqlite3.Connection, field: str, value: int | str | None, author: str, kind: str, detail: str = ""
) -> Act:
    """Set `field` of the chosen entries' marks, where it is not so already."""
    before: dict[int | str | None, list[int]] = {}
    for entry, was in db.execute(_NOW[field], (value,)):
        before.setdefault(was, []).append(entry)
    changes = [change("mark." + field, was, value, ids) for was, ids in before.items()]
    return perform(db, author, kind, sum(map(len, before.values())), detail, changes)


def set_tags(db: sqlite3.Connection, add: Iterable[str], remove: Iterable[str], author: str) -> Act:
    """Add and remove tags of the chosen entries."""
    add, remove = list(dict.fromkeys(add)), list(dict.fromkeys(remove))
    every = {row[0] for row in db.execute("SELECT c.id FROM chosen c CROSS JOIN entry e ON e.id = c.id")}
    changes: list[Change] = []
    for tag in (*add, *remove):
        sql = "SELECT entry FROM tag WHERE name = ? AND entry IN (SELECT id FROM chosen)"
        has = {row[0] for row in db.execute(sql, (tag,))}
        if tag in add and tag not in remove and every - has:
            changes.append(change("tag.on", None, tag, every - has))
        elif tag in remove and has:
            changes.append(change("tag.on", tag, None, has))
    touched = {n for each in changes for n in numbers(each["ids"])}
    return perform(db, author, "tags", len(touched), " ".join([*add, *(f"-{tag}" for tag in remove)]), changes)


def apply(db: sqlite3.Connection, changes: list[Change], back: bool = False) -> None:
    """Make `changes` true, or take them back, and bring what is derived up to date."""
    touched: set[int] = set()
    feeds: set[int] = set()
    for each in reversed(changes) if back else changes:
        was, becomes = (each["to"], each["from"]) if back else (each["from"], each["to"])
        what = each["what"]
        if each["ids"]:
            ids = numbers(each["ids"])
            choose(db, ids)
            touched.update(ids)
        if becomes is None:
            what = _PARTNER.get(what, what)
        db.execute(_SET[what], (was, becomes, each["about"])[: 3 if each["about"] is not None else 2])
        if what == "entry.feed":
            feeds |= {was, becomes}
        elif what == "feed.full_text":
            db.execute(named("full_text"), (each["about"], becomes))
            db.execute(
                "UPDATE entry SET offline = text_state WHERE feed = ? AND offline <> text_state", (each["about"],)
            )
        elif what == "feed.removed_at":
            touched |= {row[0] for row in db.execute("SELECT id FROM entry WHERE feed = ?", (each["about"],))}
    if touched:
        choose(db, touched)
        relist(db, feeds)


def reverse(db: sqlite3.Connection, act: int | None) -> sqlite3.Row | None:
    """Take back `act`, or the reader's last one; the journal's row of it, or None where there is none."""
    own = "SELECT * FROM journal WHERE author = 'reader' AND undone_at IS NULL ORDER BY id DESC LIMIT 1"
    named_one = "SELECT * FROM journal WHERE id = ? AND undone_at IS NULL"
    row: sqlite3.Row | None = (db.execute(own) if act is None else db.execute(named_one, (act,))).fetchone()
    return _turn(db, row, back=True, can_redo=int(act is None))


def again(db: sqlite3.Connection) -> sqlite3.Row | None:
    """Do again what was undone last, unless the reader has done something since."""
    row = db.execute("SELECT * FROM journal WHERE can_redo = 1 ORDER BY id LIMIT 1").fetchone()
    return _turn(db, row, back=False, can_redo=0)


def _turn(db: sqlite3.Connection, row: sqlite3.Row | None, back: bool, can_redo: int) -> sqlite3.Row | None:
    if row is None:
        return None
    apply(db, json.loads(row["changes"]), back)
    sql = "UPDATE journal SET undone_at = ?, can_redo = ? WHERE id = ?"
    db.execute(sql, (seconds(now()) if back else None, can_redo, row["id"]))
    found: sqlite3.Row = db.execute("SELECT * FROM journal WHERE id = ?", (row["id"],)).fetchone()
    return found


def merge(db: sqlite3.Connection, keep: int, gone: int, detail: str) -> Act:
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
        for field in ("read_at", "bookmarked_at", "note"):
            choose(db, [old])
            was = db.execute("SELECT read_at, bookmarked_at, note FROM mark WHERE entry = ?", (old,)).fetchone()
            choose(db, [new])
            now_is = db.execute("SELECT read_at, bookmarked_at, note FROM mark WHERE entry = ?", (new,)).fetchone()
            value, present = (row[field] if row else ("" if field == "note" else None) for row in (was, now_is))
            if value and not present:
                changes.append(change("mark." + field, present, value, [new]))
        for row in db.execute(
            "SELECT name FROM tag WHERE entry = ? AND name NOT IN (SELECT name FROM tag WHERE entry = ?)", (old, new)
        ):
            changes.append(change("tag.on", None, row[0], [new]))
    changes.append(change("feed.removed_at", None, seconds(now()), about=gone))
    return perform(db, "sync", "merge", len(pairs) + len(moving), detail, changes)


def restrict(db: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    """Choose those of `ids` that are not bookmarked: what a mute rule may touch."""
    choose(db, ids)
    db.execute("DELETE FROM chosen WHERE id IN (SELECT entry FROM mark WHERE bookmarked_at IS NOT NULL)")
    return chosen(db)
