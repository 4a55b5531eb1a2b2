"""The one writer thread. What the reader does goes ahead of what sync brings, between any two of its chunks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future
from datetime import datetime
from itertools import count
from pathlib import Path
from queue import PriorityQueue
from threading import Thread
from typing import Any, Final, TypeVar, cast

from bacatui import sanitize
from bacatui.clock import now
from bacatui.i18n import _
from bacatui.model import Article, Feed, FetchState, FullText, Offline, ParsedEntry, ParsedFeed, Scope, ScopeKind
from bacatui.store import intake, journal, keeping
from bacatui.store.journal import change
from bacatui.store.query import parse
from bacatui.store.reader import Reader, act, settings_of
from bacatui.store.scopes import sequence
from bacatui.store.sql import choose, chosen, explained, immediate, seconds
from bacatui.store.types import (
    Act, FeedExists, FeedUnknown, Purged, SavedSearch, Stored, StoredPicture, StoreError, StoreReadOnly,
)  # fmt: skip

T = TypeVar("T")
Db = sqlite3.Connection
Steps = Generator[None, None, T]
ACT, CHUNK, LAST = 0, 1, 2  # who goes first
EDITABLE: Final = ("url", "title", "folder", "full_text", "site", "settings")


class Writer:
    """Each method returns at once, with a Future that is done when its work is durable.

    Raises nothing itself; the Future holds a StoreError, a QueryError, or what the caller did wrong.
    """

    def __init__(self, path: Path, connect: Callable[[Path, str], Db], is_readonly: bool) -> None:
        self._path, self._connect, self._is_readonly = path, connect, is_readonly
        self._queue: PriorityQueue[tuple[int, int, Callable[[], Any], Future[Any]]] = PriorityQueue()
        self._number = count()
        self._thread: Thread | None = None

    # --- what the reader does

    def set_read(self, what: Iterable[int] | Scope, read: bool = True, author: str = "reader") -> Future[Act]:
        """Mark as read or unread; a scope means all that is in it at that moment."""

        def work(db: Db) -> Act:
            _choose(db, what, unread_only=read)
            return journal.set_mark(
                db, "read_at", seconds(now()) if read else None, author, "read" if read else "unread"
            )

        return self._act(work)

    def set_bookmark(self, what: Iterable[int] | Scope, on: bool = True, author: str = "reader") -> Future[Act]:
        def work(db: Db) -> Act:
            _choose(db, what)
            return journal.set_mark(
                db, "bookmarked_at", seconds(now()) if on else None, author, "bookmark" if on else "unbookmark"
            )

        return self._act(work)

    def set_tags(
        self, what: Iterable[int] | Scope, add: Iterable[str] = (), remove: Iterable[str] = (), author: str = "reader"
    ) -> Future[Act]:
        plus, minus = ([tag for name in names if (tag := sanitize.name(name))] for names in (add, remove))

        def work(db: Db) -> Act:
            _choose(db, what)
            return journal.set_tags(db, plus, minus, author)

        return self._act(work)

    def set_note(self, id: int, text: str) -> Future[Act]:
        note = sanitize.clean(text, lines=True)

        def work(db: Db) -> Act:
            choose(db, [id])
            return journal.set_mark(db, "note", note, "reader", "note")

        return self._act(work)

    def set_place(self, id: int, place: float) -> Future[None]:
        """How far the article was read; not journaled."""
        sql = "INSERT INTO mark (entry, place) VALUES (?, ?) ON CONFLICT (entry) DO UPDATE SET place = excluded.place"
        return self._act(lambda db: _done(db.execute(sql, (id, place))))

    def undo(self, id: int | None = None) -> Future[Act | None]:
        """Take back the reader's last act, or the act `id` of anyone; None where there is nothing to take back."""
        return self._act(lambda db: _as_act(journal.reverse(db, id)))

    def redo(self) -> Future[Act | None]:
        return self._act(lambda db: _as_act(journal.again(db)))

    def add_feed(
        self, url: str, title: str = "", folder: str = "", full_text: FullText = FullText.AUTO, site: str = "",
        settings: Mapping[str, str] | None = None, author: str = "reader",
    ) -> Future[Feed]:  # fmt: skip
        """Subscribe; a feed that was removed comes back with its entries and marks. FeedExists where it is there."""

        def work(db: Db) -> Feed:
            row = db.execute("SELECT id, removed_at FROM feed WHERE url = ?", (url,)).fetchone()
            if row is not None and row[1] is None:
                raise FeedExists(_feed(db, row[0]))
            at, detail = seconds(now()), title or url
            if row is None:
                sql = "INSERT INTO feed (url, added_at, removed_at) VALUES (?, ?, ?)"
                row = (db.execute(sql, (url, at, at)).lastrowid, at)
            changes = [change("feed.removed_at", row[1], None, about=row[0])]
            given = {"title": title, "folder": folder, "full_text": full_text, "site": site, "settings": settings}
            changes += _edits(db, row[0], {key: value for key, value in given.items() if value})
            journal.perform(db, author, "subscribe", 1, detail, changes)
            return _feed(db, row[0])

        return self._act(work)

    def edit_feed(self, id: int, *, author: str = "reader", **changes: Any) -> Future[Act]:
        """Change url, title, folder, full_text, site or settings. FeedUnknown, FeedExists."""
        if strange := set(changes) - set(EDITABLE):
            raise TypeError(f"edit_feed has no {', '.join(sorted(strange))}")

        def work(db: Db) -> Act:
            feed = _feed(db, id)
            other = db.execute("SELECT id FROM feed WHERE url = ? AND id <> ?", (changes.get("url"), id)).fetchone()
            if other is not None:
                raise FeedExists(_feed(db, other[0], removed=True))
            edits = _edits(db, id, changes)
            return journal.perform(db, author, "feed", 1, feed.title, edits)

        return self._act(work)

    def remove_feed(self, id: int, author: str = "reader") -> Future[Act]:
        """Unsubscribe. Entries are hidden, bookmarked ones stay; all of it comes back with undo until it is purged."""

        def work(db: Db) -> Act:
            feed = _feed(db, id)
            gone = change("feed.removed_at", None, seconds(now()), about=id)
            return journal.perform(db, author, "unsubscribe", 1, feed.title, [gone])

        return self._act(work)

    def rename_folder(self, old: str, new: str) -> Future[Act]:
        def work(db: Db) -> Act:
            rows = db.execute(
                "SELECT id, folder FROM feed WHERE folder = ?1 OR substr(folder, 1, length(?1) + 1) = ?1 || '/'", (old,)
            )
            target = sanitize.name(new)
            changes = [
                change("feed.folder", row[1], (target + row[1][len(old) :]).strip("/"), about=row[0]) for row in rows
            ]
            return journal.perform(db, "reader", "feed", len(changes), old, changes)

        return self._act(work)

    def merge_feeds(self, keep: int, gone: int) -> Future[Act]:
        """Two subscriptions that turned out to be one: entries and marks of both, under `keep`."""
        return self._act(lambda db: journal.merge(db, _feed(db, keep).id, _feed(db, gone).id, _feed(db, keep).title))

    def save_page(
        self, url: str, title: str = "", article: Article | None = None, offline: Offline = Offline.PENDING
    ) -> Future[int]:
        """Any page into the library, bookmarked, in the feed of saved pages; gives its entry number."""

        def work(db: Db) -> int:
            at = now()
            sql = "INSERT OR IGNORE INTO feed (url, title, full_text, added_at) VALUES ('', ?, 'always', ?)"
            db.execute(sql, (_("Saved pages"), seconds(at)))
            feed = db.execute("SELECT * FROM feed WHERE url = ''").fetchone()
            if feed["removed_at"] is not None:
                journal.apply(db, [change("feed.removed_at", feed["removed_at"], None, about=feed["id"])])
            known = "SELECT id FROM entry WHERE feed = ? AND key = ?"
            if db.execute(known, (feed["id"], "l:" + url)).fetchone() is None:
                name = sanitize.title(title or (article.title if article else ""))
                page = ParsedEntry(url, name or url, url, is_stub=True)
                intake.store(db, feed, [("l:" + url, page)], {}, True, at)
            entry = int(db.execute(known, (feed["id"], "l:" + url)).fetchone()[0])
            if article is not None:
                intake.store_article(db, entry, article, offline, "", at)
            choose(db, [entry])
            journal.set_mark(db, "bookmarked_at", seconds(at), "reader", "bookmark")
            return entry

        return self._act(work)

    def save_search(self, name: str, query: str) -> Future[SavedSearch]:
        label = sanitize.name(name)

        def work(db: Db) -> SavedSearch:
            parse(query)
            row = db.execute("SELECT query FROM saved_search WHERE name = ?", (label,)).fetchone()
            changes = [change("saved_search.on", row[0] if row else None, query, about=label)]
            journal.perform(db, "reader", "search", 1, label, changes)
            found = db.execute("SELECT id, name, query FROM saved_search WHERE name = ?", (label,)).fetchone()
            return SavedSearch(*found)

        return self._act(work)

    def remove_search(self, id: int) -> Future[Act]:
        def work(db: Db) -> Act:
            rows = db.execute("SELECT name, query FROM saved_search WHERE id = ?", (id,)).fetchall()
            changes = [change("saved_search.on", row[1], None, about=row[0]) for row in rows]
            return journal.perform(db, "reader", "search", 1, rows[0][0] if rows else "", changes)

        return self._act(work)

    def add_rule(self, name: str, query: str, action: str = "read") -> Future[Act]:
        """A mute rule for what arrives from now on; `run_rule` applies it to what is there. QueryError."""
        label = sanitize.name(name)

        def work(db: Db) -> Act:
            if parse(query) is None or action not in {"read", "hide"}:
                raise StoreError(_("A mute rule needs a query, and read or hide."))
            row = db.execute("SELECT query, action FROM mute_rule WHERE name = ?", (label,)).fetchone()
            was = json.dumps(list(row)) if row else None
            changes = [change("mute_rule.on", was, json.dumps([query, action]), about=label)]
            return journal.perform(db, "reader", "rule", 1, label, changes)

        return self._act(work)

    def remove_rule(self, id: int) -> Future[Act]:
        def work(db: Db) -> Act:
            rows = db.execute("SELECT name, query, action FROM mute_rule WHERE id = ?", (id,)).fetchall()
            changes = [change("mute_rule.on", json.dumps([row[1], row[2]]), None, about=row[0]) for row in rows]
            return journal.perform(db, "reader", "rule", 1, rows[0][0] if rows else "", changes)

        return self._act(work)

    def run_rule(self, id: int) -> Future[Act | None]:
        """Apply a mute rule to all that is unread now; `undo(act.id)` takes the run back."""
        return self._act(lambda db: next(iter(_mute(db, None, id)), None))

    def set_meta(self, key: str, value: str) -> Future[None]:
        """The state of the screen; not journaled."""
        return self._act(lambda db: _done(db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))))

    # --- what sync does, on a connection that may not write marks

    def store_feed(
        self, feed_id: int, parsed: ParsedFeed, state: FetchState, newest_unread: int | None = 10
    ) -> Future[Stored]:
        """One feed document in chunks, its validators with the last one. On a feed's first sync only the newest
        `newest_unread` arrive unread (None: all)."""
        return self._submit(CHUNK, lambda: self._document(feed_id, parsed, state, newest_unread))

    def _document(self, feed_id: int, parsed: ParsedFeed, state: FetchState, newest: int | None) -> Steps[Stored]:
        at, document = now(), intake.keyed(parsed.entries)
        reserved: dict[str, int] = {}
        with immediate(self._sync):
            is_first = bool(self._sync.execute(intake.named("first_sync"), (feed_id,)).fetchone()[0])
            intake.rebind(self._sync, feed_id, document)
            fresh = intake.unknown(self._sync, feed_id, document)
        if is_first and newest is not None and (silent := intake.quiet(fresh, newest, at)):
            with immediate(self._own):
                start = intake.reserve(self._own, len(silent))
                reserved = dict(zip(silent, range(start, start + len(silent)), strict=True))
                read = change("mark.read_at", None, seconds(at), reserved.values())
                journal.perform(self._own, "sync", "read", len(silent), parsed.title, [read])
        new: list[int] = []
        updated, parts = 0, list(intake.chunks(document)) or [[]]
        for chunk in parts:
            with immediate(self._sync):
                feed = _live(self._sync, feed_id)
                added, changed = intake.store(self._sync, feed, chunk, reserved, is_first, at)
                if chunk is parts[-1]:
                    intake.describe(self._sync, feed_id, parsed)
                    intake.store_state(self._sync, feed_id, state)
            new, updated = [*added, *new], updated + changed
            yield
        if new:
            with immediate(self._own):
                for _act in _mute(self._own, new):
                    pass
        return Stored(tuple(sorted(new, reverse=True)), updated, len(set(new) - set(reserved.values())))

    def store_state(self, feed_id: int, state: FetchState) -> Future[None]:
        return self.store_states({feed_id: state})

    def store_states(self, states: Mapping[int, FetchState]) -> Future[None]:
        return self._bring(lambda db: [intake.store_state(db, feed, state) for feed, state in states.items()] and None)

    def store_article(self, entry_id: int, article: Article, offline: Offline, rules: str = "") -> Future[None]:
        """What was made of an entry's page. `offline` is about its text; pictures are added to it here."""
        return self._bring(lambda db: intake.store_article(db, entry_id, article, offline, rules, now()))

    def store_picture(self, picture: StoredPicture) -> Future[None]:
        return self._bring(lambda db: intake.store_picture(db, picture, now()))

    def want_pictures(self, on: bool) -> Future[None]:
        """Whether a picture that is missing makes an entry partial."""
        return self._bring(lambda db: intake.want_pictures(db, on))

    def set_host_wait(self, host: str, until: datetime | None) -> Future[None]:
        sql = (
            "INSERT OR REPLACE INTO host VALUES (?1, ?2)"
            if until
            else "DELETE FROM host WHERE name = ?1 AND ?2 IS NULL"
        )
        return self._bring(lambda db: _done(db.execute(sql, (host, seconds(until)))))

    def purge(self, keep_days: int = 0, keep_count: int = 0, keep_bytes: int = 0) -> Future[Purged]:
        """What retention takes; 0 sets no limit. Bookmarked, tagged and noted entries stay."""
        return self._submit(CHUNK, lambda: keeping.purge(self._sync, keep_days, keep_count, keep_bytes, now()))

    def repair(self) -> Future[None]:
        """Make anew what is derived: indexes, lists, counts."""
        return self._bring(keeping.rebuild)

    def backup(self, path: Path) -> Future[None]:
        """The whole store as one file, written aside and renamed."""
        return self._submit(CHUNK, lambda: keeping.backup(self._own, path))

    def daily_backup(self, folder: Path) -> Future[Path | None]:
        """Marks and feeds of today, once a day, kept for 7 days and 4 weeks; None where today's is there."""
        return self._submit(CHUNK, lambda: keeping.daily(self._own, self._path, folder, now()))

    def tidy(self) -> Future[None]:
        """For idle time: merge the indexes, give space back, fold the log into the file."""
        return self._submit(LAST, lambda: keeping.tidy(self._own))

    # --- the thread

    def close(self) -> None:
        """Finish what was asked for, and end the thread."""
        if self._thread is not None:
            self._queue.put((LAST + 1, next(self._number), lambda: None, Future()))
            self._thread.join()
            self._thread = None

    def _act(self, work: Callable[[Db], T]) -> Future[T]:
        return self._submit(ACT, lambda: _whole(self._own, work))

    def _bring(self, work: Callable[[Db], T]) -> Future[T]:
        return self._submit(CHUNK, lambda: _whole(self._sync, work))

    def _submit(self, priority: int, job: Callable[[], Steps[T] | T]) -> Future[T]:
        future: Future[T] = Future()
        if self._is_readonly:
            future.set_exception(StoreReadOnly(_("The library cannot be written to: this change is not kept.")))
            return future
        self._queue.put((priority, next(self._number), job, future))
        if self._thread is None:
            self._thread = Thread(target=self._work, name="store writer", daemon=True)
            self._thread.start()
        return future

    def _work(self) -> None:
        opened: list[Db] = []
        while True:
            priority, number, job, future = self._queue.get()
            if priority > LAST:
                break
            if not future.running() and not future.set_running_or_notify_cancel():
                continue
            try:
                if not opened:
                    self._own, self._sync = self._connect(self._path, "own"), self._connect(self._path, "sync")
                    opened = [self._own, self._sync]
                result = job()
                if isinstance(result, Generator):
                    self._step(priority, number, result, future)
                else:
                    future.set_result(result)
            except sqlite3.Error as error:
                future.set_exception(self._told(error))
            except Exception as error:
                future.set_exception(error)
        for db in opened:
            db.close()

    def _step(self, priority: int, number: int, steps: Steps[Any], future: Future[Any]) -> None:
        """One chunk; the rest goes back to its place in the queue, behind the acts."""
        try:
            next(steps)
        except StopIteration as end:
            future.set_result(end.value)
        else:
            self._queue.put((priority, number, lambda: steps, future))

    def _told(self, error: sqlite3.Error) -> StoreError:
        told = explained(error)
        keeping.suspect(self._path, told)
        told.__cause__ = error
        return told


def _whole(db: Db, work: Callable[[Db], T]) -> T:
    with immediate(db):
        return work(db)


def _done(_cursor: sqlite3.Cursor) -> None:
    return None


def _as_act(row: sqlite3.Row | None) -> Act | None:
    return None if row is None else act(row)


def _choose(db: Db, what: Iterable[int] | Scope, unread_only: bool = False) -> None:
    if not isinstance(what, Scope):
        return choose(db, what)
    sql, values = sequence(db, what, unread_only).ids("newest")
    return choose(db, [row[0] for row in db.execute(sql, values)])


def _live(db: Db, id: int) -> sqlite3.Row:
    row = db.execute("SELECT * FROM feed WHERE id = ? AND removed_at IS NULL", (id,)).fetchone()
    if row is None:
        raise FeedUnknown(_("No feed has the number {id}.").format(id=id))
    return cast(sqlite3.Row, row)


def _feed(db: Db, id: int, removed: bool = False) -> Feed:
    feed = Reader(db).feed(id)
    if feed is None and removed:
        row = db.execute("SELECT url, title FROM feed WHERE id = ?", (id,)).fetchone()
        return Feed(id, row[0], row[1] or row[0])
    if feed is None:
        raise FeedUnknown(_("No feed has the number {id}.").format(id=id))
    return feed


def _edits(db: Db, id: int, wanted: Mapping[str, Any]) -> list[journal.Change]:
    row = db.execute("SELECT * FROM feed WHERE id = ?", (id,)).fetchone()
    changes = []
    for key, value in wanted.items():
        if key == "settings":
            given = {k: v for k, v in {**settings_of(row[key]), **value}.items() if v != ""}
            value = json.dumps(given, ensure_ascii=False, sort_keys=True)
        elif key in {"title", "folder"}:
            value = sanitize.name(value)
        if row[key] != value:
            changes.append(change("feed." + key, row[key], str(value), about=id))
    return changes


def _mute(db: Db, ids: list[int] | None, only: int | None = None) -> list[Act]:
    """Run the mute rules over these entries, or over all that is unread."""
    acts = []
    for rule in Reader(db).mute_rules():
        if only is not None and rule.id != only:
            continue
        plan = sequence(db, Scope(ScopeKind.SEARCH, rule.query), unread_only=True, probe=ids is not None)
        if ids is not None:
            choose(db, ids)
        narrowed = "AND e.id IN (SELECT id FROM chosen)" if ids is not None else ""
        journal.restrict(db, [row[0] for row in db.execute(plan.select("e.id", narrowed), plan.values).fetchall()])
        field, kind = ("hidden_at", "hide") if rule.action == "hide" else ("read_at", "read")
        if chosen(db):
            acts.append(journal.set_mark(db, field, seconds(now()), "rule:" + rule.name, kind, rule.name))
    return acts
