"""What the reader does, as functions on the writer's own connection, each in the caller's transaction; and the journal.

A change says what it is about, the field, what it was and what it became, and for which numbers. It is applied and
taken back by the same statements, which touch a value only where it still is what the change left there.
"""

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

from bacatui.clock import now
from bacatui.i18n import _
from bacatui.model import Feed, FullText, Scope, ScopeKind
from bacatui.store.query import parse
from bacatui.store.reader import Reader
from bacatui.store.scopes import scope_query
from bacatui.store.sql import (
    LISTS,
    bounds,
    choose,
    choose_ranges,
    gather,
    numbers,
    ranges,
    seconds,
    settings_of,
    settings_text,
    statement,
    update_lists,
)
from bacatui.store.types import Act, FeedExists, FeedUnknown, SavedSearch, StoreError, is_setting
from bacatui.text import sanitize

Db = sqlite3.Connection
Change = dict[str, Any]
_TWO_WAYS: Final = {"tag", "saved_search", "mute_rule"}  # there or not, rather than of some value


def set_read(db: Db, what: Iterable[int] | Scope, read: bool = True, author: str = "reader") -> Act:
    """Mark as read or unread; a scope means all that is in it at that moment."""
    _choose(db, what, unread_only=read)
    return set_mark(
        db, "read_at", seconds(now()) if read else None, author, "read" if read else "unread"
    )


def set_bookmark(
    db: Db, what: Iterable[int] | Scope, on: bool = True, author: str = "reader"
) -> Act:
    _choose(db, what)
    kind = "bookmark" if on else "unbookmark"
    return set_mark(db, "bookmarked_at", seconds(now()) if on else None, author, kind)


def set_tags(
    db: Db,
    ids: Iterable[int],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    author: str = "reader",
) -> Act:
    choose(db, ids)
    minus = list(filter(None, map(sanitize.name, remove)))
    plus = [tag for tag in map(sanitize.name, add) if tag and tag not in minus]
    rows = list[tuple[Any, Any, int]]()
    rows += [
        (None, tag, row[0]) for tag in plus for row in db.execute(statement("now.untagged"), (tag,))
    ]
    rows += [
        (tag, None, row[0]) for tag in minus for row in db.execute(statement("now.tagged"), (tag,))
    ]
    said = " ".join([*plus, *(f"-{tag}" for tag in minus)])
    return perform(db, author, "tags", said, changes_of(("tag", *row) for row in rows))


def set_note(db: Db, id: int, text: str) -> Act:
    choose(db, [id])
    return set_mark(db, "note", sanitize.clean(text, lines=True), "reader", "note")


def set_place(db: Db, id: int, place: float) -> None:
    """How far the article was read; not journaled."""
    db.execute(statement("place"), (id, place))


def set_meta(db: Db, key: str, value: str) -> None:
    """The state of the screen; not journaled."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def add_feed(
    db: Db, url: str, title: str = "", folder: str = "", full_text: FullText = FullText.AUTO, site: str = "",
    settings: Mapping[str, str] | None = None,
) -> Feed:  # fmt: skip
    """Subscribe; a feed that was removed comes back with its entries and marks. FeedExists where it is there."""
    row = db.execute("SELECT id, removed_at FROM feed WHERE url = ?", (url,)).fetchone()
    if row is not None and row[1] is None:
        raise FeedExists(_feed(db, row[0]))
    if row is None:
        row = db.execute(statement("new_feed"), (url, seconds(now()))).fetchone()
    given = {
        "title": title,
        "folder": folder,
        "full_text": full_text,
        "site": site,
        "settings": settings,
    }
    edits = _edits(db, row[0], {key: value for key, value in given.items() if value})
    back = change("feed.removed_at", row[1], None, about=row[0])
    perform(db, "reader", "subscribe", title or url, [back, *edits])
    return _feed(db, row[0])


def add_feeds(db: Db, wanted: Iterable[Mapping[str, Any]]) -> list[Feed]:
    """Subscribe to all of a list, in one transaction; each as `add_feed` is told."""
    return [add_feed(db, **each) for each in wanted]


def edit_feed(db: Db, /, id: int, *, author: str = "reader", **changes: Any) -> Act:
    """Change url, title, folder, full_text, site or settings (a setting of "" goes). FeedUnknown, FeedExists.

    Where a new address may lead is decided anew, unless `settings` says it with the setting `network`.
    """
    feed = _feed(db, id)
    for other in db.execute(statement("same_url"), (changes.get("url"), id)).fetchall():
        raise FeedExists(Reader(db).feed(other[0]) or Feed(*other))  # there, or removed
    if changes.get("url", feed.url) != feed.url:
        changes["settings"] = {"network": "", **changes.get("settings", {})}
    return perform(db, author, "feed", feed.title, _edits(db, id, changes))


def rename_folder(db: Db, old: str, new: str) -> Act:
    """Move all feeds of a folder into another, in one act."""
    feeds = db.execute(
        "SELECT id FROM feed WHERE folder = ? AND removed_at IS NULL", (old,)
    ).fetchall()
    return perform(
        db,
        "reader",
        "feed",
        new,
        [edit for row in feeds for edit in _edits(db, row[0], {"folder": new})],
    )


def remove_feed(db: Db, id: int) -> Act:
    """Unsubscribe. Entries are hidden, kept ones stay; all of it comes back with undo until it is purged."""
    gone = change("feed.removed_at", None, seconds(now()), about=id)
    return perform(db, "reader", "unsubscribe", _feed(db, id).title, [gone])


def merge_feeds(db: Db, keep: int, gone: int) -> Act:
    """Two subscriptions that turned out to be one: entries and marks of both, under `keep`."""
    feed, rows = _feed(db, keep), db.execute(statement("merge"), (keep, _feed(db, gone).id))
    removed = change("feed.removed_at", None, seconds(now()), about=gone)
    return perform(db, "sync", "merge", feed.title, [*changes_of(rows), removed])


def save_search(db: Db, name: str, query: str) -> SavedSearch:
    """Keep a query under a name, or change the one that has it. QueryError."""
    parse(query)
    _keep(db, "saved_search", name, query)
    return next(one for one in Reader(db).saved_searches() if one.name == sanitize.name(name))


def remove_search(db: Db, id: int) -> Act:
    return _keep(db, "saved_search", id, None)


def add_rule(db: Db, name: str, query: str, action: str = "read") -> Act:
    """A mute rule, to mark as read or to hide what arrives from now on. QueryError."""
    if parse(query) is None or action not in {"read", "hide"}:
        raise StoreError(_("A mute rule needs a query, and read or hide."))
    return _keep(db, "mute_rule", name, json.dumps([query, action]))


def remove_rule(db: Db, id: int) -> Act:
    return _keep(db, "mute_rule", id, None)


def _keep(db: Db, table: str, which: str | int, becomes: str | None) -> Act:
    """Make, change or remove a saved search or a mute rule, by name or number."""
    label = sanitize.name(which) if isinstance(which, str) else which
    name, was = db.execute(statement("now." + table), (label,)).fetchone() or (label, None)
    changes = [change(table, was, becomes, about=name)] if was != becomes else []
    return perform(
        db, "reader", "search" if table == "saved_search" else "rule", str(name), changes
    )


def mute(db: Db, ids: list[int]) -> None:
    """Run the mute rules over entries that have just come; bookmarks are spared."""
    for rule in Reader(db).mute_rules():
        choose(db, ids)
        plan = scope_query(db, Scope(ScopeKind.SEARCH, rule.query), unread_only=True, probe=True)
        sql = plan.select("e.id", statement("muted"))
        choose(db, [row[0] for row in db.execute(sql, plan.values).fetchall()])
        field = "hidden_at" if rule.action == "hide" else "read_at"
        set_mark(db, field, seconds(now()), "rule:" + rule.name, rule.action, rule.name)


def _choose(db: Db, what: Iterable[int] | Scope, unread_only: bool = False) -> None:
    if not isinstance(what, Scope):
        choose(db, what)
        return
    plan = scope_query(db, what, unread_only)
    choose(db, ())
    db.execute(" ".join(("INSERT INTO chosen", plan.select("e.id", "ORDER BY e.id"))), plan.values)


def _feed(db: Db, id: int) -> Feed:
    feed = Reader(db).feed(id)
    if feed is None:
        raise FeedUnknown(_("No feed has the number {id}.").format(id=id))
    return feed


def _edits(db: Db, id: int, wanted: Mapping[str, Any]) -> list[Change]:
    row = db.execute(statement("feed_row"), (id,)).fetchone()
    new = dict(wanted)
    for key in {"title", "folder"} & set(new):
        new[key] = sanitize.name(new[key])
    if "settings" in new:
        if unknown := [name for name in new["settings"] if not is_setting(name)]:
            raise ValueError(
                f"store.types.is_setting knows no {unknown[0]}, and no backup would bring it back"
            )
        new["settings"] = settings_text({**settings_of(row["settings"]), **new["settings"]})
    return [change("feed." + k, row[k], str(v), about=id) for k, v in new.items() if row[k] != v]


def change(
    what: str, was: Any, becomes: Any, ids: Iterable[int] = (), about: int | str | None = None
) -> Change:
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
    marked = {each["ids"] for each in changes} - {""}
    if len(marked) > 1:
        count = len({entry for ids in marked for entry in numbers(ids)})
    else:  # which may be the whole library
        count = sum(last - first + 1 for ids in marked for first, last in bounds(ids)) or 1
    row = (seconds(now()), author, kind, count, detail, json.dumps(changes, ensure_ascii=False))
    return _act(db, db.execute(statement("new_act"), row).lastrowid)


def _act(db: Db, id: int | None) -> Act:
    return gather(Act, db.execute(statement("journal"), (id, 1)))[0]


def set_mark(
    db: Db, field: str, value: int | str | None, author: str, kind: str, detail: str = ""
) -> Act:
    """Set `field` of the chosen entries' marks, where it is not so already."""
    ids: defaultdict[Any, array[int]] = defaultdict(lambda: array("q"))
    cursor = db.cursor()
    cursor.row_factory = None
    for entry, was in cursor.execute(statement("now." + field), (value,)):
        ids[was].append(entry)
    changes = [change("mark." + field, was, value, entries) for was, entries in ids.items()]
    return perform(db, author, kind, detail, changes)


def apply(db: Db, changes: list[Change], back: bool = False) -> None:
    """Make `changes` true, or take them back, and bring what is derived up to date."""
    touched, feeds, steps = set[str](), set[int](), set[str]()
    for each in reversed(changes) if back else changes:
        was, becomes = (each["to"], each["from"]) if back else (each["from"], each["to"])
        what, ids, about = each["what"], each["ids"], each["about"]
        if what == "feed.settings":
            was, becomes = _settings_changed(db, about, was, becomes)
        elif what == "feed.removed_at":
            ids = ranges(
                row[0] for row in db.execute("SELECT id FROM entry WHERE feed = ?", (about,))
            )
        if ids:
            choose_ranges(db, ids)
        values = {"was": was, "becomes": becomes, "about": about}
        db.execute(
            statement(what if becomes is not None or what not in _TWO_WAYS else "no." + what),
            values,
        )
        if what == "entry.feed":
            feeds |= {was, becomes}
        elif what == "feed.full_text":
            db.execute(statement("full_text"), (about, becomes))
            db.execute(statement("offline_as_text"), (about,))
        touched |= {ids} - {""}
        steps |= {"list" if becomes is None else "unlist"} if what == "mark.read_at" else {*LISTS}
    if len(touched) > 1:  # else it is what was chosen last
        choose(db, chain(*map(numbers, touched)))
    if touched:
        update_lists(db, feeds, steps)


def _settings_changed(db: Db, feed: int, was: str, becomes: str) -> tuple[str, str]:
    """A feed's settings as they are, and with the change from `was` to `becomes` in them.

    Each setting is changed by itself, where it still is what it was: some have been changed since, by a sync for one.
    """
    row = db.execute("SELECT settings FROM feed WHERE id = ?", (feed,)).fetchone()
    stored, old, new = (settings_of(text) for text in (row[0] if row else "{}", was, becomes))
    fit = {name for name in old.keys() | new.keys() if stored.get(name) == old.get(name)}
    return row[0] if row else was, settings_text(stored | {name: new.get(name, "") for name in fit})


def undo(db: Db, id: int | None = None) -> Act | None:
    """Take back the reader's last act, or the act `id` of anyone; None where there is nothing to take back."""
    return _turn(db, statement("undoable"), (id,), seconds(now()), can_redo=id is None)


def redo(db: Db) -> Act | None:
    """Do again what was undone last, unless the reader has done something since."""
    return _turn(db, statement("redoable"), (), None, can_redo=False)


def _turn(
    db: Db, sql: str, values: tuple[Any, ...], undone_at: int | None, can_redo: bool
) -> Act | None:
    for id, changes in db.execute(sql, values).fetchall():
        apply(db, json.loads(changes), back=undone_at is not None)
        db.execute(
            "UPDATE journal SET undone_at = ?, can_redo = ? WHERE id = ?", (undone_at, can_redo, id)
        )
        return _act(db, id)
    return None
