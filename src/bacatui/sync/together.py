"""Subscribing to feeds that are offered together, such as those of a starter pack."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bacatui.fetch import Reason
from bacatui.model import FullText
from bacatui.packs import StarterFeed
from bacatui.sync import network
from bacatui.sync.context import SyncContext
from bacatui.sync.events import Added, Preview
from bacatui.sync.feed import add, look
from bacatui.text import sanitize

PATIENCE: Final = 10.0  # seconds; what has not answered by then is left to the next sync


@dataclass(slots=True)
class Joined:
    """What came of feeds that were chosen together, by their numbers; of those that could not be
    read also why.
    """

    read: list[int] = field(default_factory=list)  # subscribed, and their entries are here
    slow: list[int] = field(default_factory=list)  # subscribed; they had not answered in time
    waiting: list[tuple[StarterFeed, str]] = field(
        default_factory=list
    )  # subscribed; they may answer later
    skipped: list[tuple[StarterFeed, str]] = field(
        default_factory=list
    )  # not subscribed: no feed is there
    known: list[int] = field(default_factory=list)  # were subscribed before
    is_online: bool = False  # some host has answered


async def add_together(
    context: SyncContext,
    feeds: Sequence[StarterFeed],
    folder: str,
    tell: Callable[[], None],
    patience: float,
) -> Joined:
    """Ask all of them at once, and subscribe to each that can be read as soon as it answers; `tell`
    is called then.

    An address with no feed is skipped, and the others go on. Where no host answers at all the
    network is down, which says nothing of the addresses: then all are subscribed, and wait for it.
    Raises StoreError.
    """
    joined = Joined()
    there = {feed.url: feed.id for feed in context.store.read.feeds()}
    joined.known = [there[url] for feed in feeds if (url := sanitize.url(feed.url)) in there]
    wanted = [feed for feed in feeds if sanitize.url(feed.url) not in there]
    unread: dict[StarterFeed, Preview] = {}

    async def ask(feed: StarterFeed) -> None:
        seen = await look(context, feed.url, network.trusted({}, feed.url))
        joined.is_online |= _is_heard(seen)
        if seen.parsed is None and not seen.choices:
            unread[feed] = seen
            return
        added = await _add(context, feed, folder, seen)
        if added.feed is None:
            joined.skipped.append((feed, added.error))
        else:
            (joined.read if added.is_new else joined.known).append(added.feed.id)
            tell()

    tasks = {asyncio.create_task(ask(feed)): feed for feed in wanted}
    try:
        finished, late = await asyncio.wait(tasks, timeout=patience) if tasks else (set(), set())
    finally:
        for task in tasks:
            task.cancel()
    for task in finished:
        task.result()
    for feed in filter(unread.get, wanted):
        seen = unread[feed]
        if seen.can_wait or not joined.is_online:
            await _add(context, feed, folder, replace(seen, can_wait=True))
            joined.waiting.append((feed, seen.error))
        else:
            joined.skipped.append((feed, seen.error))
    for feed in (tasks[task] for task in late):
        added = await _add(context, feed, folder, Preview(sanitize.url(feed.url), can_wait=True))
        joined.slow += [added.feed.id] if added.feed else []
    return joined


async def _add(context: SyncContext, feed: StarterFeed, folder: str, seen: Preview) -> Added:
    return await add(
        context, feed.url, feed.title, folder, FullText.AUTO, seen, inside=False, force=False
    )


def _is_heard(seen: Preview) -> bool:
    """Whether a host has answered.

    A wrong certificate is no answer: the login page of a network has one, too.
    """
    failure = seen.failure
    return failure is None or (failure.answered and failure.reason is not Reason.TLS)
