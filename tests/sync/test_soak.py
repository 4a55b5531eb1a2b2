"""Hundreds of syncs: memory, descriptors, threads and processes stay what they were."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bacatui.model import Scope
from tests.fetch.server import Asked, Server, answer
from tests.sync.conftest import Library, feed, page

WARM, SYNCS = 40, 500
START = datetime(2026, 3, 1, tzinfo=UTC)


def resident() -> int:
    """KiB of this process in memory now."""
    line = next(
        line
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return int(line.split()[1])


def footprint() -> dict[str, int]:
    gc.collect()
    children = (
        Path(f"/proc/self/task/{threading.main_thread().native_id}/children").read_text().split()
    )
    open_files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    return {
        "descriptors": open_files,
        "threads": threading.active_count(),
        "processes": len(children),
    }


@pytest.mark.soak
async def test_five_hundred_syncs_leave_nothing_behind(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0

    async def changing(asked: Asked, writer: object) -> bytes:
        names = [f"n{count // 10}-{number}" for number in range(5)]
        return answer(feed(server.url, *names)) if count % 2 else answer(b"<html>login</html>")

    async def any_page(asked: Asked, writer: object) -> bytes:
        return page(asked.target[1:])

    server.answers |= {"/a": changing, "/b": changing, "/c": answer(b"", 404)}
    server.answers |= {f"/n{n}-{k}": any_page for n in range(SYNCS) for k in range(5)}
    for path in ("/a", "/b", "/c"):
        library.subscribe(server.url + path)
    await (
        library.sync()
    )  # limits the arenas of malloc, which threads from before would have each of their own
    await asyncio.gather(
        *(asyncio.to_thread(time.sleep, 0.1) for _ in range(40))
    )  # all threads of the loop's own
    for count in range(1, WARM + SYNCS):
        monkeypatch.setenv("BACATUI_NOW", (START + count * timedelta(minutes=10)).isoformat())
        await library.sync(retry=True)
        server.asked.clear()
        if count == WARM:
            first, memory = footprint(), resident()
    assert library.store.read.count(Scope()).entries >= SYNCS / 10 * 5
    last = footprint()
    assert (
        abs(last.pop("descriptors") - first.pop("descriptors")) <= 2
    )  # the server may close a connection late
    assert last == first
    assert resident() <= memory * 1.05 + 1_024
