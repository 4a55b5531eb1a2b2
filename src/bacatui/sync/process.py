"""A sync in a process of its own, so that what it works out never stands between a key and its
answer.

Parent and child talk in lines of JSON. The child ends with its standard input, and so with its
parent.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import astuple
from subprocess import DEVNULL, PIPE

from bacatui import i18n
from bacatui.config import Settings
from bacatui.i18n import _
from bacatui.model import Feed
from bacatui.paths import Home
from bacatui.store import StoreError
from bacatui.sync.events import (
    ArticleDone,
    Event,
    Failure,
    FeedDone,
    Finished,
    PictureDone,
    Report,
    Started,
)
from bacatui.work import environment, from_line, register, to_line

LONGEST = 64 << 20  # bytes of one line
ENDING = 1.5  # seconds that the child may take to end

register(Settings, Feed, Failure, Report, Started, FeedDone, ArticleDone, PictureDone, Finished)


class SyncProcess:
    """Syncs of one library. `active` as in `Session`, but only what takes long."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home, self._settings = home, settings
        self.active: dict[str, float] = {}

    async def sync(
        self, feeds: Sequence[int] | None = None, *, due: bool = False, retry: bool = False
    ) -> AsyncIterator[Event]:
        """The events of `Session.sync`, some times a second.

        Raises StoreError; ending the iteration ends the sync.
        """
        wish = {
            "home": [str(path) for path in astuple(self._home)],
            "settings": self._settings,
            "due": due,
            "retry": retry,
            "feeds": None if feeds is None else list(feeds),
            "language": i18n.language(),
            "path": os.environ.get("PYTHONPATH", ""),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable or "python3",
            "-P",
            "-m",
            "bacatui.sync",
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**os.environ, "PYTHONPATH": environment()["PYTHONPATH"]},
            start_new_session=True,
            limit=LONGEST,
        )
        assert process.stdin and process.stdout
        try:
            process.stdin.write(to_line(wish))
            async for line in process.stdout:
                told = from_line(line)
                if not isinstance(told, dict):
                    yield told
                elif "error" in told:
                    raise StoreError(told["error"])
                else:
                    self.active = told["active"]
            if await process.wait():
                raise StoreError(
                    _(
                        "The sync broke off. What came is kept; sync again to go on. The log may say why."
                    )
                )
        finally:
            self.active = {}
            process.stdin.close()
            try:
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), ENDING)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
