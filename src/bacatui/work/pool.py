"""The workers as the house sees them: an async facade, and one blocking call."""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bacatui.i18n import _
from bacatui.model import Article, FoundFeed, ParsedFeed
from bacatui.work.child import Child, WorkError


class Workers:
    """At most `count` worker processes, started when first needed. `rules`: the reader's own boilerplate rules.

    Every job raises WorkError where its input makes no result possible: too slow, too big, or deadly. An input that
    brought a worker down is not tried again in this run.
    """

    def __init__(self, count: int = 2, rules: Path | None = None) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="work")
        self._rules = str(rules or "")
        self._resting: list[Child] = []
        self._busy: set[Child] = set()
        self._deadly: set[bytes] = set()
        self._lock = threading.Lock()
        self._is_closed = False
        atexit.register(self._end)

    async def parse_feed(self, body: bytes, url: str = "", content_type: str = "") -> ParsedFeed:
        """A feed with its entries' texts cleaned. Raises FeedError."""
        return await self._hand("parse_feed", body, url=url, content_type=content_type)  # type: ignore[no-any-return]

    async def discover(self, body: bytes, url: str) -> list[FoundFeed]:
        """The feeds that a page announces, or is likely to have."""
        return await self._hand("discover", body, url=url)  # type: ignore[no-any-return]

    async def extract(self, body: bytes, url: str, content_type: str = "") -> Article:
        """The article on a page."""
        return await self._hand("extract", body, url=url, content_type=content_type)  # type: ignore[no-any-return]

    async def clean(self, html: str, url: str, title: str = "") -> Article:
        """A feed's own text by the rules for pages."""
        return await self._hand("clean", html.encode("utf-8", "replace"), url=url, title=title)  # type: ignore[no-any-return]

    async def reclean(self, article: Article) -> Article:
        """A stored article by the boilerplate rules as they are now."""
        return await self._hand("reclean", b"", article=article)  # type: ignore[no-any-return]

    async def picture(self, body: bytes) -> tuple[str, int, int]:
        """Format, width and height. Raises WorkError for what is no picture that can be drawn."""
        kind, width, height = await self._hand("picture", body)
        return kind, width, height

    async def _hand(self, job: str, body: bytes, **fields: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: self.run(job, body, fields))

    def run(self, job: str, body: bytes, fields: dict[str, Any]) -> Any:
        """The job's result, from a worker at rest or a new one. Blocks. Raises FeedError and WorkError."""
        fields = {"rules": self._rules, **fields}
        told = f"{job} {sorted(fields.items())} ".encode("utf-8", "replace")
        digest = hashlib.sha256(told + hashlib.sha256(body).digest()).digest()
        if digest in self._deadly:
            raise WorkError(_("It brought its reader down before, and was not tried again."))
        child = self._take()
        try:
            return child.run(job, body, fields)
        except WorkError as error:
            if error.is_fatal and not self._is_closed:
                self._deadly.add(digest)
            raise
        finally:
            with self._lock:
                self._busy.discard(child)
                if self._is_closed or child.is_spent:
                    child.end()
                else:
                    self._resting.append(child)

    def _take(self) -> Child:
        with self._lock:
            if self._is_closed:
                raise WorkError(_("The work was stopped."))
            while self._resting and self._resting[-1].process.poll() is not None:
                self._resting.pop().end()  # killed while it rested: no input is to blame
            try:
                child = self._resting.pop() if self._resting else Child()
            except OSError as error:
                raise WorkError(_("No worker could be started ({error}).").format(error=error.strerror)) from error
            self._busy.add(child)
            return child

    async def close(self) -> None:
        """End the processes; jobs under way fail."""
        await asyncio.to_thread(self._end)
        self._threads.shutdown(wait=True, cancel_futures=True)
        atexit.unregister(self._end)

    def _end(self) -> None:
        with self._lock:
            self._is_closed = True
            children = [*self._resting, *self._busy]
            self._resting.clear()
        for child in children:
            child.end()


_own: dict[int, Workers] = {}  # by process: a fork must not share its parent's pipes


def call(job: str, body: bytes, **fields: str) -> Any:
    """Run one job in a worker that is kept for the next call, and wait. Raises FeedError and WorkError."""
    if os.getpid() not in _own:
        _own[os.getpid()] = Workers(1)
    return _own[os.getpid()].run(job, body, fields)
