"""A sync that is killed in its middle: the next one finishes the rest, and nothing is there twice."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bacatui.model import Offline
from tests.fetch.server import Asked, Server, answer
from tests.sync.conftest import Library, feed, page
from tests.waiting import eventually

ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(str(Path(e).absolute()) for e in ("src", *sys.path) if e),
}


async def killed(library: Library, server: Server, after: int) -> None:
    """One `bacatui sync`, killed once it has made so many requests."""
    command = [sys.executable, "-m", "bacatui", "--home", str(library.home.data.parent), "sync"]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, env=ENVIRONMENT, stdout=quiet, stderr=quiet
    )
    before = len(server.asked)
    await eventually(lambda: len(server.asked) - before >= after or process.returncode is not None)
    if process.returncode is None:
        process.kill()
    await process.wait()


@pytest.mark.parametrize("rounds", [2, pytest.param(6, marks=pytest.mark.slow)])
async def test_a_sync_killed_again_and_again_loses_nothing_and_doubles_nothing(
    library: Library, server: Server, rounds: int
) -> None:
    names = [f"f{number}" for number in range(6)]

    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> bytes:
        await asyncio.sleep(0.01)
        return page(asked.target[1:])

    for name in names:
        own = [f"{name}-{number}" for number in range(10)]
        server.answers[f"/{name}"] = answer(feed(server.url, *own, title=name), ETag='"1"')
        server.answers |= {f"/{each}": slow for each in own}
        library.subscribe(server.url + f"/{name}")
    chance = random.Random(7)
    for _ in range(rounds):
        await killed(library, server, after=chance.randrange(3, 15))
    report, _ = await library.sync()
    assert report.errors == []
    assert report.offline[Offline.READY] == sum(report.offline.values()) == 60
    assert len(set(library.titles())) == len(library.titles()) == 60
    with closing(sqlite3.connect(library.home.store)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    asked = [each.target for each in server.asked if "-" in each.target]
    assert len(asked) < 60 + rounds * 10, "pages that were stored are not asked for again"
