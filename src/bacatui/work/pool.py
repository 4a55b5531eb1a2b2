"""The workers as the house sees them: an async facade, and one blocking call."""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import os
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bacatui.i18n import _
from bacatui.model import Article, FoundFeed, ParsedFeed
from bacatui.work.child import Child, WorkError


class _Pool:
    """Children at rest, and the inputs that brought one down: those are not tried again in this run."""

    def __init__(self) -> None:
        self._resting: deque[Child] = deque()
        self._busy: set[Child] = set()
        self._deadly: set[bytes] = set()
        self._lock = threading.Lock()
        self._is_closed = False

    def run(self, job: str, body: bytes, fields: dict[str, Any]) -> Any:
        """The job's result, from a child at rest or a new one. Blocks. Raises FeedError and WorkError."""
        if self._deadly and _digest(job, body, fields) in self._deadly:
            raise WorkError(_("It brought its reader down before and was not tried again."))
        child = self._take()
        try:
            return child.run(job, body, fields)
        except WorkError as error:
            if error.is_fatal and not self._is_closed:
                self._deadly.add(_digest(job, body, fields))
            raise
        finally:
            self._give_back(child)

    def _take(self) -> Child:
        with self._lock:
            if self._is_closed:
                raise WorkError(_("The work was stopped."))
            try:
                child = self._resting.pop() if self._resting else Child()
            except OSError as error:
                raise WorkError(_("No worker could be started ({error}).").format(error=error.strerror)) from error
            self._busy.add(child)
            return child

    def _give_back(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
            if self._is_closed or child.is_spent:
                child.end()
            else:
                self._resting.append(child)

    def close(self) -> None:
        """End all children, those at work too."""
        with self._lock:
            self._is_closed = True
            children = [*self._resting, *self._busy]
            self._resting.clear()
        for child in children:
            child.end()


def _digest(job: str, body: bytes, fields: dict[str, Any]) -> bytes:
    return hashlib.sha256(f"{job} {sorted(fields.items())} ".encode("utf-8", "replace") + body).digest()


class Workers:
    """At most `count` worker processes, started when first needed. `rules`: the reader's own boilerplate rules.

    Every method raises WorkError where the input made no result possible: too slow, too big, or deadly.
    """

    def __init__(self, count: int = 2, rules: Path | None = None) -> None:
        self._pool = _Pool()
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="work")
        self._rules = str(rules or "")
        atexit.register(self._pool.close)

    async def parse_feed(self, body: bytes, url: str = "", content_type: str = "") -> ParsedFeed:
        """A feed with its entries' texts cleaned. Raises FeedError."""
        return await self._run("parse_feed", body, url=url, content_type=content_type)  # type: ignore[no-any-return]

    async def discover(self, body: bytes, url: str) -> list[FoundFeed]:
        """The feeds that a page announces."""
        return list(await self._run("discover", body, url=url))

    async def extract(self, body: bytes, url: str, content_type: str = "") -> Article:
        """The article on a page."""
        return await self._run("extract", body, url=url, content_type=content_type)  # type: ignore[no-any-return]

    async def clean(self, html: str, url: str, title: str = "") -> Article:
        """A feed's own text by the rules for pages."""
        return await self._run("clean", html.encode("utf-8", "replace"), url=url, title=title)  # type: ignore[no-any-return]

    async def picture(self, body: bytes) -> tuple[str, int, int]:
        """Format, width and height; WorkError: no picture that can be drawn."""
        return await self._run("picture", body)  # type: ignore[no-any-return]

    async def _run(self, job: str, body: bytes, **fields: str) -> Any:
        fields["rules"] = self._rules
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._pool.run, job, body, fields)

    async def close(self) -> None:
        """End the processes; jobs under way fail."""
        await asyncio.to_thread(self._pool.close)
        self._threads.shutdown(wait=True, cancel_futures=True)
        atexit.unregister(self._pool.close)


_own: tuple[int, _Pool] | None = None


def call(job: str, body: bytes, **fields: str) -> Any:
    """Run one job and wait for it. Raises FeedError and WorkError. One worker for a process, kept for the next call."""
    global _own  # noqa: PLW0603 - a fork must not share its parent's pipes
    if _own is None or _own[0] != os.getpid():
        _own = os.getpid(), _Pool()
        atexit.register(_own[1].close)
    return _own[1].run(job, body, {"rules": "", **fields})
