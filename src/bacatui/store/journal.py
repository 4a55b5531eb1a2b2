"""What the user does, and the journal by which it is undone and redone.

The functions run on the writer's own connection, in the caller's transaction. A change names a
field, its old and new value, and the entries or the feed that it is about. The same statements
apply and revert it; they touch a value only where it still is what the change expects.
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
_ROWS: Final = {"tag", "saved_search", "mute_rule"}  # changes that add or delete whole rows


def set_read(db: Db, what: Iterable[int] | Scope, read: bool = True, author: str = "reader") -> Act:
    """Mark entries as read or unread; a scope stands for all entries that are in it now."""
    _choose(db, what, unread_only=read)
    kind = "read" if read else "unread"
    return set_mark(db, "read_at", seconds(now()) if read else None, author, kind)


def set_bookmark(
    db: Db, what: Iterable[int] | Scope, on: bool = True, author: str = "reader"
) -> Act:
    """Bookmark entries, or take their bookmarks off; a scope stands for all entries in it."""
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
    """Add tags to entries and remove others; a tag that is in both is removed."""
    choose(db, ids)
    removed = list(filter(None, map(sanitize.name, remove)))
    added = [tag for tag in map(sanitize.name, add) if tag and tag not in removed]
    rows = list[tuple[Any, Any, int]]()
    rows += [
        (None, tag, row[0])
        for tag in added
        for row in db.execute(statement("now.untagged"), (tag,))
    ]
    rows += [
        (tag, None, row[0])
        for tag in removed
        for row in db.execute(statement("now.tagged"), (tag,))
    ]
    detail = " ".join([*added, *(f"-{tag}" for tag in removed)])
    return perform(db, author, "tags", detail, changes_of(("tag", *row) for row in rows))


def set_note(db: Db, id: int, text: str) -> Act:
    """Replace the note on an entry; "" deletes it."""
    choose(db, [id])
    return set_mark(db, "note", sanitize.clean(text, lines=True), "reader", "note")


def set_place(db: Db, id: int, place: float) -> None:
    """Remember how far the article was read (see `Mark.place`); not journaled."""
    db.execute(statement("place"), (id, place))


def set_meta(db: Db, key: str, value: str) -> None:
    """Remember a small value, such as the state of the screen; not journaled."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def add_feed(
    db: Db,
    url: str,
    title: str = "",
    folder: str = "",
    full_text: FullText = FullText.AUTO,
    site: str = "",
    settings: Mapping[str, str] | None = None,
) -> Feed:
    """Subscribe to a feed; one that was removed comes back with its entries and marks.

    Raises FeedExists where it is subscribed already.
    """
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
    """Subscribe to several feeds in one transaction; each item has the arguments of `add_feed`."""
    return [add_feed(db, **each) for each in wanted]


def edit_feed(db: Db, /, id: int, *, author: str = "reader", **changes: Any) -> Act:
    """Change url, title, folder, full_text, site or settings of a feed; a setting of "" is removed.

    With a new URL the setting `network` is reset, unless `settings` gives it: whether the address
    may lie inside the user's network is decided anew. Raises FeedUnknown, FeedExists.
    """
    feed = _feed(db, id)
    for other in db.execute(statement("same_url"), (changes.get("url"), id)).fetchall():
        raise FeedExists(Reader(db).feed(other[0]) or Feed(*other))  # `or`: it was removed
    if changes.get("url", feed.url) != feed.url:
        changes["settings"] = {"network": "", **changes.get("settings", {})}
    return perform(db, author, "feed", feed.title, _edits(db, id, changes))


def rename_folder(db: Db, old: str, new: str) -> Act:
    """Move all feeds of a folder into another, in one act."""
    sql = "SELECT id FROM feed WHERE folder = ? AND removed_at IS NULL"
    feeds = db.execute(sql, (old,)).fetchall()
    edits = [edit for row in feeds for edit in _edits(db, row[0], {"folder": new})]
    return perform(db, "reader", "feed", new, edits)


def remove_feed(db: Db, id: int) -> Act:
    """Unsubscribe. Its entries are hidden, except kept ones; undo works until they are purged.

    Raises FeedUnknown.
    """
    removed = change("feed.removed_at", None, seconds(now()), about=id)
    return perform(db, "reader", "unsubscribe", _feed(db, id).title, [removed])


def merge_feeds(db: Db, keep: int, gone: int) -> Act:
    """Merge feed `gone` into feed `keep`, with its entries and marks. Raises FeedUnknown."""
    feed, rows = _feed(db, keep), db.execute(statement("merge"), (keep, _feed(db, gone).id))
    removed = change("feed.removed_at", None, seconds(now()), about=gone)
    return perform(db, "sync", "merge", feed.title, [*changes_of(rows), removed])


def save_search(db: Db, name: str, query: str) -> SavedSearch:
    """Save a query under a name, or replace the query of that name. Raises QueryError."""
    parse(query)
    _save(db, "saved_search", name, query)
    return next(one for one in Reader(db).saved_searches() if one.name == sanitize.name(name))


def remove_search(db: Db, id: int) -> Act:
    """Delete a saved search."""
    return _save(db, "saved_search", id, None)


def add_rule(db: Db, name: str, query: str, action: str = "read") -> Act:
    """Add a mute rule, which marks as read ("read") or hides ("hide") what arrives from now on.

    Raises QueryError, and StoreError for an empty query or another action.
    """
    if parse(query) is None or action not in {"read", "hide"}:
        raise StoreError(_("A mute rule needs a query, and read or hide."))
    return _save(db, "mute_rule", name, json.dumps([query, action]))


def remove_rule(db: Db, id: int) -> Act:
    """Delete a mute rule; what it has done stays."""
    return _save(db, "mute_rule", id, None)


def _save(db: Db, table: str, which: str | int, becomes: str | None) -> Act:
    """Make, change or remove a saved search or a mute rule, by name or number."""
    label = sanitize.name(which) if isinstance(which, str) else which
    name, was = db.execute(statement("now." + table), (label,)).fetchone() or (label, None)
    changes = [change(table, was, becomes, about=name)] if was != becomes else []
    kind = "search" if table == "saved_search" else "rule"
    return perform(db, "reader", kind, str(name), changes)


def mute(db: Db, ids: list[int]) -> None:
    """Apply the mute rules to entries that have just arrived; bookmarked ones are left alone."""
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
    """The feed with this number. Raises FeedUnknown."""
    feed = Reader(db).feed(id)
    if feed is None:
        raise FeedUnknown(_("No feed has the number {id}.").format(id=id))
    return feed


def _edits(db: Db, id: int, wanted: Mapping[str, Any]) -> list[Change]:
    """The changes that give a feed the `wanted` values. Raises ValueError for unknown settings."""
    row = db.execute(statement("feed_row"), (id,)).fetchone()
    new = dict(wanted)
    for key in {"title", "folder"} & set(new):
        new[key] = sanitize.name(new[key])
    if "settings" in new:
        if unknown := [name for name in new["settings"] if not is_setting(name)]:
            raise ValueError(
                f"unknown setting {unknown[0]}; backups restore only those in store.types"
            )
        new["settings"] = settings_text({**settings_of(row["settings"]), **new["settings"]})
    return [
        change("feed." + column, row[column], str(value), about=id)
        for column, value in new.items()
        if row[column] != value
    ]


def change(
    what: str, was: Any, becomes: Any, ids: Iterable[int] = (), about: int | str | None = None
) -> Change:
    """A change as the journal stores it, from one value to another.

    `what` is the name of the statement that applies it, such as "mark.read_at"; `ids` are the
    entries, and `about` is the number of a feed or the name of a saved search or mute rule.
    """
    return {"what": what, "from": was, "to": becomes, "ids": ranges(ids), "about": about}


def changes_of(rows: Iterable[tuple[str, Any, Any, int]]) -> list[Change]:
    """Rows of (what, old value, new value, entry) as changes, one for all entries with the same."""
    ids = defaultdict[tuple[str, Any, Any], list[int]](list)
    for what, was, becomes, entry in rows:
        ids[what, was, becomes].append(entry)
    return [change(*key, entries) for key, entries in ids.items()]


def perform(db: Db, author: str, kind: str, detail: str, changes: list[Change]) -> Act:
    """Apply `changes` and record them in the journal; without changes the act has id 0."""
    if not changes:
        return Act(0, now(), author, kind, 0, detail)
    apply(db, changes)
    if author == "reader":
        db.execute("UPDATE journal SET can_redo = 0 WHERE can_redo = 1")
    marked = {each["ids"] for each in changes} - {""}
    if len(marked) > 1:
        count = len({entry for ids in marked for entry in numbers(ids)})
    else:  # counted without a list of them, since it may be the whole library
        count = sum(last - first + 1 for ids in marked for first, last in bounds(ids)) or 1
    row = (seconds(now()), author, kind, count, detail, json.dumps(changes, ensure_ascii=False))
    return _act(db, db.execute(statement("new_act"), row).lastrowid)


def _act(db: Db, id: int | None) -> Act:
    return gather(Act, db.execute(statement("journal"), (id, 1)))[0]


def set_mark(
    db: Db, field: str, value: int | str | None, author: str, kind: str, detail: str = ""
) -> Act:
    """Set the column `field` of the marks of the chosen entries, where it differs."""
    ids: defaultdict[Any, array[int]] = defaultdict(lambda: array("q"))
    cursor = db.cursor()
    cursor.row_factory = None
    for entry, was in cursor.execute(statement("now." + field), (value,)):
        ids[was].append(entry)
    changes = [change("mark." + field, was, value, entries) for was, entries in ids.items()]
    return perform(db, author, kind, detail, changes)


def apply(db: Db, changes: list[Change], back: bool = False) -> None:
    """Apply `changes`, or revert them with `back`, and update what is derived."""
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
        is_deletion = what in _ROWS and becomes is None
        values = {"was": was, "becomes": becomes, "about": about}
        db.execute(statement("no." + what if is_deletion else what), values)
        if what == "entry.feed":
            feeds |= {was, becomes}
        elif what == "feed.full_text":
            db.execute(statement("full_text"), (about, becomes))
            db.execute(statement("offline_as_text"), (about,))
        if ids:
            touched.add(ids)
        if what == "mark.read_at":
            steps.add("list" if becomes is None else "unlist")
        else:
            steps.update(LISTS)
    if len(touched) > 1:  # else these entries are still chosen
        choose(db, chain(*map(numbers, touched)))
    if touched:
        update_lists(db, feeds, steps)


def _settings_changed(db: Db, feed: int, was: str, becomes: str) -> tuple[str, str]:
    """A feed's stored settings, and the same with the change from `was` to `becomes` applied.

    A setting is changed only where its value still is that in `was`: others may have been changed
    since, for instance by a sync.
    """
    row = db.execute("SELECT settings FROM feed WHERE id = ?", (feed,)).fetchone()
    stored, old, new = (settings_of(text) for text in (row[0] if row else "{}", was, becomes))
    unchanged = {name for name in old.keys() | new.keys() if stored.get(name) == old.get(name)}
    edited = stored | {name: new.get(name, "") for name in unchanged}
    return row[0] if row else was, settings_text(edited)


def undo(db: Db, id: int | None = None) -> Act | None:
    """Undo the user's last act, or the act `id` of any author; None where there is none to undo."""
    return _undo_or_redo(db, statement("undoable"), (id,), seconds(now()), can_redo=id is None)


def redo(db: Db) -> Act | None:
    """Redo the act that was undone last; None where the user has done something since."""
    return _undo_or_redo(db, statement("redoable"), (), None, can_redo=False)


def _undo_or_redo(
    db: Db, sql: str, values: tuple[Any, ...], undone_at: int | None, can_redo: bool
) -> Act | None:
    """Undo the act that `sql` selects, or redo it where `undone_at` is None."""
    row = db.execute(sql, values).fetchone()
    if row is None:
        return None
    id, changes = row
    apply(db, json.loads(changes), back=undone_at is not None)
    update = "UPDATE journal SET undone_at = ?, can_redo = ? WHERE id = ?"
    db.execute(update, (undone_at, can_redo, id))
    return _act(db, id)
