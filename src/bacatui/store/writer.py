"""The one thread that writes.

What the user does goes ahead of what sync brings: a sync writes in small transactions, and between
two of them the user's acts are written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import nullcontext
from functools import wraps
from itertools import count
from pathlib import Path
from queue import PriorityQueue
from threading import Thread
from time import monotonic
from typing import Any, Concatenate, ParamSpec, TypeVar

from bacatui.i18n import _
from bacatui.model import FetchState, ParsedFeed
from bacatui.store import backups, intake, journal, networks, retention
from bacatui.store.sql import connect, explained, immediate, is_awaited
from bacatui.store.types import Purged, Stored, StoreReadOnly

P = ParamSpec("P")
T = TypeVar("T")
Db = sqlite3.Connection
ACT, CHUNK, IDLE, END = range(4)  # priorities in the queue: the lowest goes first
LINGER = 0.1  # seconds to wait for more documents


def _queued(
    work: Callable[Concatenate[Db, P], T],
    priority: int = ACT,
    side: str = "own",
    is_whole: bool = True,
) -> Callable[Concatenate[Writer, P], Future[T]]:
    """Make `work` a method that queues it, on the connection `own` or `sync`.

    It runs in one transaction where `is_whole`; else it makes its own.
    """

    @wraps(work)
    def ask(self: Writer, /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        def job() -> T:
            db = self.own if side == "own" else self.sync
            with immediate(db) if is_whole else nullcontext():
                return work(db, *args, **kwargs)

        return self.submit(priority, job)

    return ask


class Writer:
    """Each method returns at once, with a Future that is done when its work is durable.

    The methods raise nothing; the Future raises StoreError or QueryError, or the exception of a
    wrong argument. The functions behind the methods document their arguments: `journal` has those
    for the user's acts, `intake` those for sync.
    """

    own: Db  # both connections are opened by the thread, with its first job
    sync: Db

    def __init__(self, path: Path, is_readonly: bool) -> None:
        self._path, self._is_readonly = path, is_readonly
        self._queue: PriorityQueue[tuple[int, int, Callable[[], Any], Future[Any]]] = (
            PriorityQueue()
        )
        # Documents that are in no batch yet; a dict serves as an ordered set.
        self._waiting: dict[intake.FeedDocument, None] = {}
        self._number = count()
        self._thread: Thread | None = None

    set_read = _queued(journal.set_read)
    set_bookmark = _queued(journal.set_bookmark)
    set_tags = _queued(journal.set_tags)
    set_note = _queued(journal.set_note)
    set_place = _queued(journal.set_place)
    set_meta = _queued(journal.set_meta)
    undo = _queued(journal.undo)
    redo = _queued(journal.redo)
    add_feed = _queued(journal.add_feed)
    add_feeds = _queued(journal.add_feeds)
    edit_feed = _queued(journal.edit_feed)
    rename_folder = _queued(journal.rename_folder)
    remove_feed = _queued(journal.remove_feed)
    merge_feeds = _queued(journal.merge_feeds)
    save_page = _queued(intake.save_page)
    save_search = _queued(journal.save_search)
    remove_search = _queued(journal.remove_search)
    add_rule = _queued(journal.add_rule)
    remove_rule = _queued(journal.remove_rule)

    store_states = _queued(intake.store_states, CHUNK, "sync")
    store_state = _queued(intake.store_state, CHUNK, "sync")
    store_article = _queued(intake.store_article, CHUNK, "sync")
    store_picture = _queued(intake.store_picture, CHUNK, "sync")
    want_pictures = _queued(intake.want_pictures, CHUNK, "sync")
    set_host_wait = _queued(intake.set_host_wait, CHUNK, "sync")
    settle_networks = _queued(networks.settle_networks, CHUNK, "sync")
    allow_pages = _queued(networks.allow_pages, CHUNK, "sync")
    repair = _queued(retention.rebuild, CHUNK, "sync")

    backup = _queued(backups.backup, CHUNK, is_whole=False)
    daily_backup = _queued(backups.daily, CHUNK, is_whole=False)
    tidy = _queued(retention.tidy, IDLE, is_whole=False)

    def store_feed(
        self,
        feed_id: int,
        parsed: ParsedFeed,
        state: FetchState,
        newest_unread: int | None = 10,
        *,
        more: bool = False,
    ) -> Future[Stored]:
        """Store one feed document, together with others that wait.

        A long document is stored in several transactions, the fetch state with the last one. With
        `more` documents to come soon, they are waited for up to `LINGER` seconds. On a feed's first
        sync only the newest `newest_unread` entries arrive unread (None: all).
        """
        document = intake.FeedDocument(feed_id, parsed, state, newest_unread)
        self._waiting[document] = None
        return self.submit(CHUNK, lambda: self._store(document, more))

    def _store(self, document: intake.FeedDocument, more: bool) -> Generator[None, None, Stored]:
        """Store a document with others that wait, unless an earlier batch has stored it already."""
        if not document.is_whole:
            if more:
                self._linger()
            batch = self._batch(document)
            try:
                yield from intake.documents(self.own, self.sync, batch, self._is_awaited)
            except Exception:
                if len(batch) == 1:
                    raise
                # One document of the batch is at fault: each is stored alone, when its turn comes.
                yield from intake.documents(self.own, self.sync, [document], self._is_awaited)
        if document.error:
            raise document.error
        return document.result

    def _linger(self) -> None:
        """Wait a little for more documents, but not while an act waits."""
        until = monotonic() + LINGER
        with self._queue.not_empty:
            while (left := until - monotonic()) > 0 and not self._has_acts():
                if sum(len(each.parsed.entries) for each in list(self._waiting)) >= intake.MOST:
                    break
                self._queue.not_empty.wait(left)

    def _has_acts(self) -> bool:
        return bool(self._queue.queue) and self._queue.queue[0][0] == ACT

    def _batch(self, first: intake.FeedDocument) -> list[intake.FeedDocument]:
        """A document and others to store with it: not too many entries, no two of one feed."""
        self._waiting.pop(first, None)
        batch, left = {first.feed: first}, intake.MOST - len(first.parsed.entries)
        for each in list(self._waiting):
            left -= len(each.parsed.entries)
            if left < 0 or each.feed in batch:
                break
            del self._waiting[each]
            batch[each.feed] = each
        return list(batch.values())

    def _is_awaited(self) -> bool:
        """Whether an act of the user waits, or another program for the lock."""
        with self._queue.mutex:
            has_acts = self._has_acts()
        return has_acts or is_awaited(self._path)

    def purge(self, keep_days: int = 0, keep_count: int = 0, keep_bytes: int = 0) -> Future[Purged]:
        """Delete old entries and texts; bookmarked, tagged and noted entries stay.

        `keep_days` and `keep_count` limit the entries that are read; `keep_bytes` limits the size
        of the library, beyond which the oldest fetched articles are given up. 0 sets no limit.
        """
        return self.submit(
            CHUNK, lambda: retention.purge(self.sync, keep_days, keep_count, keep_bytes)
        )

    def close(self) -> None:
        """Finish the jobs in the queue, and end the thread."""
        if self._thread is not None:
            self._queue.put((END, next(self._number), lambda: None, Future()))
            self._thread.join()
            self._thread = None

    def submit(self, priority: int, job: Callable[[], Generator[None, None, T] | T]) -> Future[T]:
        """Queue `job` for the thread; the Future has its result.

        A job that is a generator goes back into the queue at each `yield`, so that jobs of a higher
        priority run in between.
        """
        future: Future[T] = Future()
        if self._is_readonly:
            future.set_exception(
                StoreReadOnly(_("The library cannot be written to: this change is not kept."))
            )
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
                    self.own, self.sync = connect(self._path, "own"), connect(self._path, "sync")
                    is_open = True
                self._step(priority, number, job(), future)
            except sqlite3.Error as error:
                told = explained(error, self._path)
                told.__cause__ = error
                future.set_exception(told)
            except Exception as error:
                future.set_exception(error)
        if is_open:
            self.sync.close()
            self.own.close()

    def _step(self, priority: int, number: int, result: Any, future: Future[Any]) -> None:
        """Set the job's result, or run a generator up to its next `yield` and queue the rest."""
        if not isinstance(result, Generator):
            future.set_result(result)
            return
        try:
            next(result)
        except StopIteration as end:
            future.set_result(end.value)
        else:
            self._queue.put((priority, number, lambda: result, future))
