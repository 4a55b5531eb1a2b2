"""One pass over what there is to do: feeds first, then pages, then pictures, and the report of it."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from bacatui import clock
from bacatui.i18n import _
from bacatui.model import Feed, Offline
from bacatui.store import FeedUnknown, StoreError, Wanted, WantedPicture
from bacatui.sync.article import clean_again, sync_page, sync_picture
from bacatui.sync.context import SyncContext, done, return_memory
from bacatui.sync.events import Event, Failure, Finished, Outcome, Report, Started
from bacatui.sync.feed import sync_feed

Item = TypeVar("Item", Feed, Wanted, WantedPicture)
AT_ONCE = (
    40  # items in hand: what is being fetched, and what waits for a worker with its body in memory
)
RETRY_AFTER = timedelta(hours=1)
PATIENCE = 10.0  # seconds that pages wait for slow feeds
TRIES = 6  # of a page or picture, before only the user's own wish tries it again


class SyncRun:
    """`tell` gets each event. `retry` and `due` are those of `Session.sync`."""

    def __init__(
        self, context: SyncContext, tell: Callable[[Event], None], *, retry: bool, due: bool = False
    ) -> None:
        self.context, self.tell, self.retry, self.due = context, tell, retry, due
        self.report = Report()
        self.only: frozenset[int] = frozenset()  # feeds whose pages are fetched; empty: all
        self.tried: set[int] = set()  # entries whose page was asked for in this pass
        self.pages_left = context.settings.articles_per_sync

    async def all(self, feeds: Sequence[int] | None, articles: bool, pictures: bool) -> None:
        """The whole pass; Finished is the last event. Raises StoreError."""
        context, began = self.context, time.monotonic()
        context.received, self.only = 0, frozenset(() if self.retry else feeds or ())
        articles, pictures = (
            articles and context.settings.articles,
            pictures and context.settings.pictures,
        )
        await done(context.store.write.want_pictures(pictures))
        asking = asyncio.create_task(self.feeds(feeds))
        try:
            await asyncio.wait({asking}, timeout=PATIENCE)
            while True:  # once beside the feeds that are slow, and once for what they brought
                is_last = asking.done()
                if is_last:
                    await asking
                if articles:
                    await self.articles()
                if pictures:
                    await self.pictures()
                if is_last:
                    break
                await asyncio.wait({asking})
        finally:
            asking.cancel()
            await asyncio.wait({asking})
            await context.flush()
        await self._tidy()
        found = context.store.read.offline()
        self.report.offline, self.report.bookmarks = found.counts, found.bookmarks
        self.report.unfetched = found.unfetched
        self.report.bytes, self.report.seconds = context.received, time.monotonic() - began
        self.tell(Finished(self.report))

    async def feeds(self, chosen: Sequence[int] | None) -> None:
        """Ask the feeds that were chosen (None: all, or those that are due)."""
        read = self.context.store.read
        known = read.due(clock.now()) if self.due else read.feeds()
        asked = [feed for feed in known if feed.url and (chosen is None or feed.id in chosen)]
        self.tell(Started(len(asked)))

        async def one(feed: Feed, left: Callable[[], int]) -> None:
            result = await sync_feed(
                self.context, feed, due=self.due, retry=self.retry, more=left() > 0
            )
            self.report.feeds[result.outcome] += 1
            self.report.new += len(result.new)
            self.report.updated += result.updated
            if result.outcome is Outcome.FAILED:
                self._failed(feed.id, feed.title, feed.url, result.error)
            self.tell(result)

        await self._each(asked, one)

    async def articles(self, ids: Sequence[int] | None = None) -> None:
        """Fetch the pages that are missing: of `ids`, or of all that is unread or bookmarked,
        within the budget.
        """
        context, read = self.context, self.context.store.read
        wanted = read.wanted_articles(self.pages_left, ids=ids, retry_before=self._retry_before())
        may = (each for each in wanted if self._may_try(each) and each.entry_id not in self.tried)
        wanted = [
            replace(each, html="", text="") for each in may
        ]  # texts are read when their turn comes
        self.tried |= {each.entry_id for each in wanted}
        self.pages_left -= len(wanted)
        titles = {feed.id: feed.title for feed in read.feeds()} if wanted else {}

        async def one(each: Wanted, left: Callable[[], int]) -> None:
            still = read.wanted_articles(1, ids=[each.entry_id], retry_before=self._retry_before())
            if not still or not self._has_room():
                return
            result = await sync_page(context, still[0])
            if result.offline is Offline.FAILED:
                self._failed(each.feed_id, titles.get(each.feed_id, ""), each.url, result.error)
            self.tell(replace(result, left=left()))

        await self._each(wanted, one)

    async def pictures(self, ids: Sequence[int] | None = None) -> None:
        """Fetch the pictures that are missing, so many for an entry at most."""
        context, most, read = (
            self.context,
            self.context.settings.pictures_per_entry,
            self.context.store.read,
        )
        counts, wanted = defaultdict[int, int](int), dict[str, WantedPicture]()
        without = {feed.id for feed in read.feeds() if feed.settings.get("pictures") == "off"}
        for each in read.wanted_pictures(most * 1_000, ids=ids, retry_before=self._retry_before()):
            counts[each.entry_id] += 1
            if (
                counts[each.entry_id] <= most
                and self._may_try(each)
                and each.feed_id not in without
            ):
                wanted.setdefault(each.url, each)

        async def one(each: WantedPicture, left: Callable[[], int]) -> None:
            if self._has_room():
                result = await sync_picture(context, each)
                self.report.pictures += not result.error
                self.tell(replace(result, left=left()))

        await self._each(wanted.values(), one)

    def _may_try(self, each: Wanted | WantedPicture) -> bool:
        return (self.retry or each.attempts < TRIES) and (
            not self.only or each.feed_id in self.only
        )

    def _retry_before(self) -> datetime:
        return clock.now() + timedelta(days=1) if self.retry else clock.now() - RETRY_AFTER

    def _has_room(self) -> bool:
        return self.context.received < self.context.settings.sync_bytes

    def _failed(self, feed: int, title: str, url: str, why: str) -> None:
        self.report.errors.append(Failure(feed, title, url, why))

    async def _each(
        self, items: Collection[Item], do: Callable[[Item, Callable[[], int]], Awaitable[None]]
    ) -> None:
        """Do all items, two of a host at a time, hosts side by side; each can ask how many are left
        when it is done.

        One that goes wrong leaves the others alone.
        """
        hosts: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            hosts[urlsplit(item.url).hostname or ""].append(item)
        slots, left = asyncio.Semaphore(AT_ONCE), len(items)

        def others() -> int:
            return left - 1

        async def lane(queue: list[Item]) -> None:
            nonlocal left
            while queue:
                item = queue.pop(0)
                async with slots:
                    try:
                        await do(item, others)
                    except FeedUnknown:  # unsubscribed, or merged into another, while it was asked
                        continue
                    except StoreError:
                        raise
                    except Exception:
                        logging.getLogger(__name__).exception("a step of the sync failed")
                        why = _(
                            "Something unexpected happened, and nothing was changed; the log says what."
                        )
                        self._failed(
                            item.id if isinstance(item, Feed) else item.feed_id, "", item.url, why
                        )
                    finally:
                        left -= 1

        try:
            async with asyncio.TaskGroup() as group:
                for queue in hosts.values():
                    for _lane in range(min(2, len(queue))):
                        group.create_task(lane(queue))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _tidy(self) -> None:
        """Keep the library within its bounds, and marks and feeds in a daily backup."""
        context, kept = self.context, self.context.settings
        try:
            purged = await done(
                context.store.write.purge(kept.keep_days, kept.keep_count, kept.keep_bytes)
            )
            for path in purged.pictures:
                (context.home.pictures / path).unlink(missing_ok=True)
            if await done(context.store.write.daily_backup(context.home.backups)):
                await done(context.store.write.tidy())  # once a day
            await clean_again(context)
            context.store.read.rest()
            await asyncio.to_thread(return_memory)
        except (StoreError, OSError) as error:
            self._failed(0, _("Tidying up"), "", str(error))
