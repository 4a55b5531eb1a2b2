"""What the reader does, as functions on the writer's own connection, each in the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bacatui import sanitize
from bacatui.clock import now
from bacatui.i18n import _
from bacatui.model import Article, Feed, FullText, Offline, ParsedEntry, Scope, ScopeKind
from bacatui.store import intake, journal
from bacatui.store.journal import Change, change
from bacatui.store.query import parse
from bacatui.store.reader import Reader
from bacatui.store.scopes import sequence
from bacatui.store.sql import choose, named, seconds, settings_of
from bacatui.store.types import Act, FeedExists, FeedUnknown, SavedSearch, StoreError

Db = sqlite3.Connection


def set_read(db: Db, what: Iterable[int] | Scope, read: bool = True, author: str = "reader") -> Act:
    """Mark as read or unread; a scope means all that is in it at that moment."""
    _choose(db, what, unread_only=read)
    return journal.set_mark(db, "read_at", seconds(now()) if read else None, author, "read" if read else "unread")


def set_bookmark(db: Db, what: Iterable[int] | Scope, on: bool = True, author: str = "reader") -> Act:
    _choose(db, what)
    kind = "bookmark" if on else "unbookmark"
    return journal.set_mark(db, "bookmarked_at", seconds(now()) if on else None, author, kind)


def set_tags(db: Db, ids: Iterable[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> Act:
    choose(db, ids)
    minus = list(filter(None, map(sanitize.name, remove)))
    plus = [tag for tag in map(sanitize.name, add) if tag and tag not in minus]
    rows = list[tuple[Any, Any, int]]()
    rows += [(None, tag, row[0]) for tag in plus for row in db.execute(named("now.untagged"), (tag,))]
    rows += [(tag, None, row[0]) for tag in minus for row in db.execute(named("now.tagged"), (tag,))]
    said = " ".join([*plus, *(f"-{tag}" for tag in minus)])
    return journal.perform(db, "reader", "tags", said, journal.changes_of(("tag", *row) for row in rows))


def set_note(db: Db, id: int, text: str) -> Act:
    choose(db, [id])
    return journal.set_mark(db, "note", sanitize.clean(text, lines=True), "reader", "note")


def set_place(db: Db, id: int, place: float) -> None:
    """How far the article was read; not journaled."""
    sql = "INSERT INTO mark (entry, place) VALUES (?, ?) ON CONFLICT (entry) DO UPDATE SET place = excluded.place"
    db.execute(sql, (id, place))


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
        at = seconds(now())
        sql = "INSERT INTO feed (url, added_at, removed_at) VALUES (?, ?, ?) RETURNING id, removed_at"
        row = db.execute(sql, (url, at, at)).fetchone()
    given = {"title": title, "folder": folder, "full_text": full_text, "site": site, "settings": settings}
    edits = _edits(db, row[0], {key: value for key, value in given.items() if value})
    back = change("feed.removed_at", row[1], None, about=row[0])
    journal.perform(db, "reader", "subscribe", title or url, [back, *edits])
    return _feed(db, row[0])


def add_feeds(db: Db, wanted: Iterable[Mapping[str, Any]]) -> list[Feed]:
    """Subscribe to all of a list, in one transaction; each as `add_feed` is told."""
    return [add_feed(db, **each) for each in wanted]


def edit_feed(db: Db, /, id: int, *, author: str = "reader", **changes: Any) -> Act:
    """Change url, title, folder, full_text, site or settings (a setting of "" goes). FeedUnknown, FeedExists."""
    feed = _feed(db, id)
    sql = "SELECT id, url, coalesce(nullif(title, ''), url) FROM feed WHERE url = ? AND id <> ?"
    for other in db.execute(sql, (changes.get("url"), id)).fetchall():
        raise FeedExists(Reader(db).feed(other[0]) or Feed(*other))  # there, or removed
    return journal.perform(db, author, "feed", feed.title, _edits(db, id, changes))


def remove_feed(db: Db, id: int) -> Act:
    """Unsubscribe. Entries are hidden, kept ones stay; all of it comes back with undo until it is purged."""
    gone = change("feed.removed_at", None, seconds(now()), about=id)
    return journal.perform(db, "reader", "unsubscribe", _feed(db, id).title, [gone])


def merge_feeds(db: Db, keep: int, gone: int) -> Act:
    """Two subscriptions that turned out to be one: entries and marks of both, under `keep`."""
    feed, rows = _feed(db, keep), db.execute(named("merge"), (keep, _feed(db, gone).id))
    removed = change("feed.removed_at", None, seconds(now()), about=gone)
    return journal.perform(db, "sync", "merge", feed.title, [*journal.changes_of(rows), removed])


def save_page(
    db: Db, url: str, title: str = "", article: Article | None = None, offline: Offline = Offline.PENDING,
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Any page into the library, bookmarked `at` that time, in the feed of saved pages; gives its entry number."""
    seen = now()
    sql = "INSERT OR IGNORE INTO feed (url, title, full_text, added_at) VALUES ('', ?, 'always', ?)"
    db.execute(sql, (_("Saved pages"), seconds(seen)))
    feed = db.execute("SELECT * FROM feed WHERE url = ''").fetchone()
    if feed["removed_at"] is not None:
        journal.apply(db, [change("feed.removed_at", feed["removed_at"], None, about=feed["id"])])
    key, known = "l:" + url, "SELECT id FROM entry WHERE feed = ? AND key = ?"
    if db.execute(known, (feed["id"], key)).fetchone() is None:
        name = sanitize.title(title or (article.title if article else ""))
        intake.store(db, feed, [(key, ParsedEntry(url, name or url, url, is_stub=True))], {key: None}, True, seen)
    entry = int(db.execute(known, (feed["id"], key)).fetchone()[0])
    if article is not None:
        intake.store_article(db, entry, article, offline)
    choose(db, [entry])
    journal.set_mark(db, "bookmarked_at", seconds(at or seen), "reader", "bookmark")
    return entry


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
    name, was = db.execute(named("now." + table), (label,)).fetchone() or (label, None)
    changes = [change(table, was, becomes, about=name)] if was != becomes else []
    return journal.perform(db, "reader", "search" if table == "saved_search" else "rule", str(name), changes)


def mute(db: Db, ids: list[int]) -> None:
    """Run the mute rules over entries that have just come; bookmarks are spared."""
    for rule in Reader(db).mute_rules():
        choose(db, ids)
        plan = sequence(db, Scope(ScopeKind.SEARCH, rule.query), unread_only=True, probe=True)
        sql = plan.select("e.id", named("muted"))
        choose(db, [row[0] for row in db.execute(sql, plan.values).fetchall()])
        field = "hidden_at" if rule.action == "hide" else "read_at"
        journal.set_mark(db, field, seconds(now()), "rule:" + rule.name, rule.action, rule.name)


def _choose(db: Db, what: Iterable[int] | Scope, unread_only: bool = False) -> None:
    if not isinstance(what, Scope):
        choose(db, what)
        return
    plan = sequence(db, what, unread_only)
    choose(db, ())
    db.execute(" ".join(("INSERT INTO chosen", plan.select("e.id", "ORDER BY e.id"))), plan.values)


def _feed(db: Db, id: int) -> Feed:
    feed = Reader(db).feed(id)
    if feed is None:
        raise FeedUnknown(_("No feed has the number {id}.").format(id=id))
    return feed


def _edits(db: Db, id: int, wanted: Mapping[str, Any]) -> list[Change]:
    row = db.execute(named("feed_row"), (id,)).fetchone()
    new = dict(wanted)
    for key in {"title", "folder"} & set(new):
        new[key] = sanitize.name(new[key])
    if "settings" in new:
        given = {**settings_of(row["settings"]), **new["settings"]}
        new["settings"] = json.dumps({k: v for k, v in given.items() if v != ""}, ensure_ascii=False, sort_keys=True)
    return [change("feed." + k, row[k], str(v), about=id) for k, v in new.items() if row[k] != v]
