"""What every step of a sync works with."""

import asyncio
import ctypes
import hashlib
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from bacatui.config import Settings
from bacatui.fetch import Client, FetchError, Reply, Request
from bacatui.model import Feed, FetchState, Network
from bacatui.paths import Home
from bacatui.store import Store
from bacatui.work import Workers

T = TypeVar("T")
UNSAVED = 100  # states of unchanged feeds that are written in one transaction


@dataclass
class SyncContext:
    """One store, one client, two workers, and what is going on with them."""

    store: Store
    home: Home
    settings: Settings
    client: Client
    workers: Workers
    received: int = 0  # bytes since the sync began
    active: dict[str, float] = field(
        default_factory=dict
    )  # URL of each open exchange, and when it began (monotonic)
    unsaved: dict[int, FetchState] = field(default_factory=dict)
    networks: dict[int, tuple[str, Network]] = field(
        default_factory=dict
    )  # address and decision of feeds, not saved yet

    async def get(self, request: Request) -> Reply:
        """One exchange, counted and seen.

        Raises FetchError; a host that wants peace is written down.
        """
        self.active[request.url] = time.monotonic()
        try:
            reply = await self.client.get(request)
        except FetchError as error:
            if error.waits_on and error.status:
                await done(
                    self.store.write.set_host_wait(
                        error.waits_on, self.client.waits[error.waits_on]
                    )
                )
            raise
        finally:
            self.active.pop(request.url, None)
        self.received += reply.received
        return reply

    async def save_later(self, feed_id: int, state: FetchState) -> None:
        """Write a state that nothing depends on, together with others."""
        self.unsaved[feed_id] = state
        if len(self.unsaved) >= UNSAVED:
            await self.flush()

    async def settle_later(self, feed: Feed, network: Network) -> None:
        """Keep what an exchange showed of a feed's network, together with others."""
        if feed.settings.get("network") != network:
            self.networks[feed.id] = feed.url, network
        if len(self.networks) >= UNSAVED:
            await self.flush()

    async def flush(self) -> None:
        """Write the states that are still waiting, in one transaction."""
        states, self.unsaved = self.unsaved, {}
        if states:
            await done(self.store.write.store_states(states))
        networks, self.networks = self.networks, {}
        if networks:
            await done(self.store.write.settle_networks(networks))


async def done(future: Future[T]) -> T:
    """The writer's result, without holding up the event loop; a write that was handed in is never
    taken back.
    """
    writing = asyncio.wrap_future(future)
    writing.add_done_callback(
        lambda each: each.cancelled() or each.exception()
    )  # nobody may wait for it any more
    return await asyncio.shield(writing)


def return_memory() -> None:
    """Have the C library return the memory of a sync's peak, which glibc keeps until it is asked."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def limit_arenas() -> None:
    """Have glibc serve all threads from two arenas; with one for each, what a sync frees lies
    scattered ever wider.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


def digest(body: bytes) -> str:
    """SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
