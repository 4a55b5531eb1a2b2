"""A session: one store, one client, two workers, and what one can do with them."""

import asyncio
import contextlib
import fcntl
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

from bacatui import paths
from bacatui.config import Settings
from bacatui.fetch import Client, FetchError
from bacatui.i18n import _
from bacatui.model import Article, FullText, Offline, Row, Scope, ScopeKind
from bacatui.packs import StarterFeed
from bacatui.paths import Home
from bacatui.store import Store, StoreError, StoreLocked, StoreReadOnly
from bacatui.sync import feed, network, programs
from bacatui.sync.article import clean_again, read_page
from bacatui.sync.context import SyncContext, done, limit_arenas
from bacatui.sync.events import Added, Event, FeedDone, Finished, Pack, Preview
from bacatui.sync.run import SyncRun
from bacatui.sync.together import PATIENCE, Joined, add_together
from bacatui.work import WorkError, Workers


class Session:
    """Async context manager.

    `sync` may run beside all the rest; only one sync runs for a library at a time.
    """

    def __init__(self, store: Store, home: Home, settings: Settings) -> None:
        limit_arenas()
        client = Client(settings.contact, store.read.host_waits())
        self._context = SyncContext(
            store, home, settings, client, Workers(2, home.config / "rules")
        )

    async def __aenter__(self) -> Self:
        await self._context.client.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._context.client.__aexit__(*exc)
        await self._context.workers.close()

    @property
    def active(self) -> dict[str, float]:
        """What is being fetched now: each URL with the seconds that it has taken so far."""
        now = time.monotonic()
        return {url: now - began for url, began in self._context.active.items()}

    async def sync(
        self,
        feeds: Sequence[int] | None = None,
        *,
        due: bool = False,
        articles: bool = True,
        pictures: bool = True,
        retry: bool = False,
    ) -> AsyncIterator[Event]:
        """Ask `feeds` (None: all; empty: none) and fetch what is missing, telling each step.

        `due` leaves alone whatever its schedule lets rest; `retry` asks `feeds` in spite of
        back-off, and tries all failed pages and pictures again. Raises SyncRunning and StoreError;
        ending the iteration early cancels what is under way, and all that was stored stays.
        """
        with lease(self._context.home.data):
            told: asyncio.Queue[Event | None] = asyncio.Queue()
            new = list[int]()
            run = SyncRun(self._context, told.put_nowait, retry=retry, due=due)
            task = asyncio.create_task(run.all(feeds, articles, pictures))
            task.add_done_callback(lambda _task: told.put_nowait(None))
            try:
                while (event := await told.get()) is not None:
                    if isinstance(event, FeedDone):
                        new.extend(event.new)
                    elif isinstance(event, Finished):
                        await programs.run_hooks(
                            self._context.settings, self._context.store.read, event.report, new
                        )
                    yield event
                await task
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, StoreError):
                    await task

    async def preview(self, url: str, trusted: str | None = None) -> Preview:
        """What stands at an address that the user gave: a feed, a choice of feeds, or why neither.

        `trusted`: on whose behalf it is asked (see `fetch.Request`), where a page gave it.
        """
        return await feed.look(self._context, url, trusted)

    async def add(
        self,
        url: str,
        *,
        title: str = "",
        folder: str = "",
        full_text: FullText = FullText.AUTO,
        seen: Preview | None = None,
        inside: bool = False,
        force: bool = False,
    ) -> Added:
        """Subscribe to the feed at `url`, or to the first that the page there announces.

        Raises StoreError.

        `seen`: what `preview` found there, so that it is not asked again. `inside`: it may lie
        inside this machine or network, also where it is subscribed already. `force`: also where
        there is no such host, or no feed.
        """
        return await feed.add(self._context, url, title, folder, full_text, seen, inside, force)

    async def allows(self, url: str, trusted: str) -> bool:
        """Whether a page that is asked on behalf of `trusted` (see `fetch.Request`) may lead to
        `url`.
        """
        return await self._context.client.routes.allows(url, trusted)

    async def is_inside(self, url: str) -> bool:
        """Whether an address leads inside this machine or network now; False also where that cannot
        be told.
        """
        return await self._context.client.routes.is_inside(url)

    async def add_together(
        self,
        feeds: Sequence[StarterFeed],
        folder: str,
        tell: Callable[[], None],
        patience: float = PATIENCE,
    ) -> Joined:
        """Subscribe to all feeds that can be read; see `together`.

        `tell` is called after each. Raises StoreError.
        """
        return await add_together(self._context, feeds, folder, tell, patience)

    async def make_ready(self, ids: Sequence[int]) -> dict[int, Offline]:
        """Make entries readable now, with their pictures, whatever was tried before; what came of
        each.
        """
        self._context.client.waits |= (
            self._context.store.read.host_waits()
        )  # a sync in another process may have been told
        run = SyncRun(self._context, lambda _event: None, retry=True)
        await run.articles(ids)
        await run.pictures(ids)
        return {row.id: row.offline for row in self._context.store.read.rows(ids)}

    async def clean_again(self, ids: Sequence[int] | None = None) -> list[int]:
        """Clean stored articles by the rules as they are now: `ids`, or all in turn; the entries
        whose text changed.
        """
        return await clean_again(self._context, ids)

    async def open_page(self, url: str) -> Article:
        """Any page, clean, not stored; `error` says why there is no text."""
        try:
            return await read_page(self._context, url, url)
        except (FetchError, WorkError) as error:
            return Article(url=url, error=str(error))

    async def save(self, url: str, trusted: str | None = None) -> int:
        """Put any page into the library as a bookmark; without a network it is fetched at the next
        sync.

        `trusted`: on whose behalf it is asked (see `fetch.Request`), where a page gave it.
        """
        client, write = self._context.client, self._context.store.write
        number = await done(write.save_page(url))
        if await client.routes.is_inside(url) and (
            trusted is None or await client.routes.allows(url, trusted)
        ):
            await done(write.allow_pages(network.origin_of(url)))
        await self.make_ready([number])
        return number

    async def pack(self, minutes: int) -> Pack:
        """The newest unread entries and bookmarks that fill `minutes`, made ready now."""
        read, chosen, total = self._context.store.read, list[Row](), 0
        unread = read.first(Scope(ScopeKind.UNREAD), 400)
        marked = [row for row in read.first(Scope(ScopeKind.BOOKMARKS), 200) if not row.is_read]
        rows = sorted(
            {row.id: row for row in [*unread, *marked]}.values(),
            key=lambda r: r.sort_at,
            reverse=True,
        )
        for at in range(0, len(rows), 8):
            ids = [row.id for row in rows[at : at + 8]]
            await self.make_ready(
                [row.id for row in rows[at : at + 8] if row.offline is not Offline.READY]
            )
            for row in read.rows(ids):
                is_readable = row.offline in {Offline.READY, Offline.PARTIAL}
                if is_readable and row.minutes and total + row.minutes <= minutes:
                    chosen, total = [*chosen, row], total + row.minutes
            if total >= minutes - 1:
                break
        return Pack(tuple(row.id for row in chosen), total)


class SyncRunning(StoreLocked):
    """Another bacatui is syncing this library; `str()` says which process."""


@contextlib.contextmanager
def lease(folder: Path) -> Iterator[None]:
    """Hold the right to sync the library in `folder`, by the kernel's lock on a side file, which a
    kill -9 lets go of too. Raises SyncRunning, StoreReadOnly.
    """
    try:
        paths.make_private(folder)
        handle = os.open(
            folder / "sync.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
    except OSError as error:
        said = _("Nothing can be fetched, because the library cannot be written to: {why}.")
        raise StoreReadOnly(said.format(why=error.strerror)) from error
    try:
        with contextlib.suppress(OSError):  # a file system without locks: then it is up to the user
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                who = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
                said = _(
                    "Another bacatui (process {number}) is syncing now. Try again when it has finished."
                )
                raise SyncRunning(said.format(number=who if who.isdigit() else "?")) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
