"""The one writer thread. What the reader does goes ahead of what sync brings, between any two of its chunks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import wraps
from itertools import count
from pathlib import Path
from queue import PriorityQueue
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

from bacatui.i18n import _
from bacatui.model import FetchState, ParsedFeed
from bacatui.store import acts, copies, intake, keeping
from bacatui.store.sql import explained, immediate, suspect
from bacatui.store.types import Purged, Stored, StoreError, StoreReadOnly

P = ParamSpec("P")
T = TypeVar("T")
Db = sqlite3.Connection
ACT, CHUNK, IDLE, END = range(4)  # who goes first


def _act(work: Callable[Concatenate[Db, P], T]) -> Callable[Concatenate[Writer, P], Future[T]]:
    """`work` as one durable transaction of the reader's, ahead of all that sync has to do."""

    @wraps(work)
    def ask(self: Writer, /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self.submit(ACT, lambda: _whole(self.own, lambda db: work(db, *args, **kwargs)))

    return ask


def _bring(work: Callable[Concatenate[Db, P], T]) -> Callable[Concatenate[Writer, P], Future[T]]:
    """`work` as one transaction of sync's, on the connection that may not write marks."""

    @wraps(work)
    def ask(self: Writer, /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self.submit(CHUNK, lambda: _whole(self.sync, lambda db: work(db, *args, **kwargs)))

    return ask


def _whole(db: Db, work: Callable[[Db], T]) -> T:
    with immediate(db):
        return work(db)


class Writer:
    """Each method returns at once, with a Future that is done when its work is durable.

    Raises nothing itself; the Future holds a StoreError, a QueryError, or what the caller did wrong. What each
    method takes is written where its work is: `acts` for the reader's, `intake` for sync's.
    """

    own: Db  # both are opened by the thread, with its first job
    sync: Db

    def __init__(self, path: Path, connect: Callable[[Path, str], Db], is_readonly: bool) -> None:
        self._path, self._connect, self._is_readonly = path, connect, is_readonly
        self._queue: PriorityQueue[tuple[int, int, Callable[[], Any], Future[Any]]] = PriorityQueue()
        self._number = count()
        self._thread: Thread | None = None

    set_read = _act(acts.set_read)
    set_bookmark = _act(acts.set_bookmark)
    set_tags = _act(acts.set_tags)
    set_note = _act(acts.set_note)
    set_place = _act(acts.set_place)
    set_meta = _act(acts.set_meta)
    undo = _act(acts.undo)
    redo = _act(acts.redo)
    add_feed = _act(acts.add_feed)
    edit_feed = _act(acts.edit_feed)
    remove_feed = _act(acts.remove_feed)
    rename_folder = _act(acts.rename_folder)
    merge_feeds = _act(acts.merge_feeds)
    save_page = _act(acts.save_page)
    save_search = _act(acts.save_search)
    remove_search = _act(acts.remove_search)
    add_rule = _act(acts.add_rule)
    remove_rule = _act(acts.remove_rule)
    run_rule = _act(acts.run_rule)

    store_states = _bring(intake.store_states)
    store_state = _bring(intake.store_state)
    store_article = _bring(intake.store_article)
    store_picture = _bring(intake.store_picture)
    want_pictures = _bring(intake.want_pictures)
    set_host_wait = _bring(intake.set_host_wait)
    repair = _bring(keeping.rebuild)

    def store_feed(
        self, feed_id: int, parsed: ParsedFeed, state: FetchState, newest_unread: int | None = 10
    ) -> Future[Stored]:
        """One feed document in chunks, its validators with the last one. On a feed's first sync only the newest
        `newest_unread` arrive unread (None: all)."""
        return self.submit(CHUNK, lambda: intake.document(self.own, self.sync, feed_id, parsed, state, newest_unread))

    def purge(self, keep_days: int = 0, keep_count: int = 0, keep_bytes: int = 0) -> Future[Purged]:
        """What retention takes; 0 sets no limit. Bookmarked, tagged and noted entries stay."""
        return self.submit(CHUNK, lambda: keeping.purge(self.sync, keep_days, keep_count, keep_bytes))

    def backup(self, path: Path) -> Future[None]:
        """The whole store as one file, written aside and renamed."""
        return self.submit(CHUNK, lambda: copies.backup(self.own, path))

    def daily_backup(self, folder: Path) -> Future[Path | None]:
        """Marks and feeds of today, once a day, kept for 7 days and 4 weeks; None where today's is there."""
        return self.submit(CHUNK, lambda: copies.daily(self.own, folder))

    def tidy(self) -> Future[None]:
        """For idle time: merge the indexes, give space back, fold the log into the file."""
        return self.submit(IDLE, lambda: keeping.tidy(self.own))

    def close(self) -> None:
        """Finish what was asked for, and end the thread."""
        if self._thread is not None:
            self._queue.put((END, next(self._number), lambda: None, Future()))
            self._thread.join()
            self._thread = None

    def submit(self, priority: int, job: Callable[[], Generator[None, None, T] | T]) -> Future[T]:
        """Have the thread do `job`; one that yields lets others go ahead there."""
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
        is_open = False
        while True:
            priority, number, job, future = self._queue.get()
            if priority == END:
                break
            if not future.running() and not future.set_running_or_notify_cancel():
                continue
            try:
                if not is_open:
                    self.own, self.sync = self._connect(self._path, "own"), self._connect(self._path, "sync")
                    is_open = True
                self._step(priority, number, job(), future)
            except sqlite3.Error as error:
                future.set_exception(self._told(error))
            except Exception as error:
                future.set_exception(error)
        if is_open:
            self.sync.close()
            self.own.close()

    def _step(self, priority: int, number: int, result: Any, future: Future[Any]) -> None:
        """A result, or one chunk, whose rest goes back to its place in the queue, behind the acts."""
        if not isinstance(result, Generator):
            future.set_result(result)
            return
        try:
            next(result)
        except StopIteration as end:
            future.set_result(end.value)
        else:
            self._queue.put((priority, number, lambda: result, future))

    def _told(self, error: sqlite3.Error) -> StoreError:
        told = explained(error)
        suspect(self._path, told)
        told.__cause__ = error
        return told
