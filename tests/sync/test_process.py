"""A sync in a process of its own tells what one in this process tells, and never outlives who listens."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from bacatui.store import StoreError
from bacatui.sync import Event, FeedDone, Finished, Started, SyncProcess
from bacatui.sync.session import lease
from tests.fetch.server import Asked, Server, answer
from tests.processes import children
from tests.sync.conftest import Library, feed
from tests.waiting import LONGEST


async def told(library: Library, *feeds: int) -> list[Event]:
    return [
        event async for event in SyncProcess(library.home, library.settings).sync(feeds or None)
    ]


async def test_it_tells_what_a_sync_in_this_process_tells(library: Library, server: Server) -> None:
    server.answers |= {"/a": answer(feed(server.url, "satu", "dua")), "/b": answer(b"", 404)}
    first, second = (library.subscribe(server.url + path) for path in ("/a", "/b"))
    events = await told(library, first)
    assert library.titles() == ["dua", "satu"]
    assert isinstance(events[0], Started) and events[0].feeds == 1
    (one,) = (event for event in events if isinstance(event, FeedDone))
    assert (one.feed.id, one.outcome, len(one.new)) == (first, "ok", 2)
    assert isinstance(events[-1], Finished)
    assert events[-1].report.summary().startswith("2 new; ")
    report = (await told(library))[-1]
    assert isinstance(report, Finished)
    assert report.report.feeds == {"ok": 0, "unchanged": 1, "failed": 1, "waiting": 0}
    assert [error["feed"] for error in report.report.to_dict()["errors"]] == [second]


async def test_it_ends_with_who_listens(library: Library, server: Server) -> None:
    started = asyncio.Event()

    async def slow(asked: Asked, writer: object) -> bytes:
        started.set()
        await asyncio.sleep(10 * LONGEST)
        return b""

    server.answers["/a"] = slow
    library.subscribe(server.url + "/a")
    before = children()
    task = asyncio.create_task(told(library))
    await asyncio.wait_for(started.wait(), LONGEST)
    assert len(children() - before) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() <= before
    with lease(library.home.data):  # it is free again
        pass


async def test_another_sync_and_a_child_that_was_killed_are_one_sentence(
    library: Library, server: Server
) -> None:
    with lease(library.home.data), pytest.raises(StoreError, match="is syncing now"):
        await told(library)

    async def deadly(asked: Asked, writer: object) -> bytes:
        (child,) = children() - before
        os.kill(child, signal.SIGKILL)
        return b""

    before = children()
    server.answers["/a"] = deadly
    library.subscribe(server.url + "/a")
    with pytest.raises(StoreError, match="broke off"):
        await told(library)
    assert children() <= before
