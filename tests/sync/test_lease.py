"""One sync at a time, whoever runs it and however it ends."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bacatui.store import StoreLocked
from bacatui.sync import SyncRunning
from tests.fetch.server import Server, answer
from tests.sync.conftest import Library, feed
from tests.waiting import LONGEST

HOLD = """
import sys, time
from pathlib import Path
from bacatui.sync.session import lease
with lease(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in ("src", *sys.path) if entry)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "held"
    return holder


async def test_a_second_sync_says_who_is_syncing_and_a_kill_lets_go(
    library: Library, server: Server
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"))
    library.subscribe(server.url + "/feed")
    holder = hold(library.home.data)
    try:
        with pytest.raises(SyncRunning, match=str(holder.pid)) as caught:
            await library.sync(articles=False)
        assert isinstance(caught.value, StoreLocked)
        assert server.asked == []
        async with library.session() as session:
            assert (await session.preview(server.url + "/feed")).parsed is not None, (
                "all else goes on"
            )
    finally:
        holder.kill()
        holder.wait()
    async with asyncio.timeout(LONGEST):
        report, _ = await library.sync(articles=False)
    assert report.new == 1
