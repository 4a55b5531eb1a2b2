"""Worker processes as their parent sees them: one job at a time, killed when they exceed a limit."""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bacatui import i18n
from bacatui.i18n import _
from bacatui.model import FeedError, ParsedFeed
from bacatui.work.wire import pack, unpack

_PATIENCE: Final = 300.0  # seconds by the clock, for what a busy machine keeps waiting
_DYING: Final = 1.0  # seconds that a process may take to end once it has closed its pipes
_LONG: Final = 1.0  # seconds that a job waits for another one's end
_CHUNK: Final = 1 << 16
_KEPT: Final = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "BACATUI_NOW",
)
_LIMITS: Final = {  # job: seconds of CPU, bytes of memory above those at start
    **dict.fromkeys(("parse_feed", "discover", "picture"), (12, 512 << 20)),
    **dict.fromkeys(("clean", "extract", "reclean"), (17, 1024 << 20)),
}
# What ends a worker that takes too much processor time or memory. Any other death has nothing to do with its input.
_BROUGHT_DOWN: Final = {signal.SIGXCPU, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT}


class WorkError(Exception):
    """A job that came to no result.

    `str(error)` is one sentence; `is_fatal`: its input brought the worker down.
    """

    def __init__(self, says: str, *, is_fatal: bool = False) -> None:
        super().__init__(says)
        self.is_fatal = is_fatal


class WorkInterruptedError(WorkError):
    """A job that came to no result through no fault of its input: the machine was too busy, or
    something ended the worker. Nothing is known of the input, and another try may succeed.
    """


class Workers:
    """At most `count` worker processes, started when first needed.

    `rules`: the user's own boilerplate rules.

    One core is left to the rest of the program; where it is one of two, the second worker only goes
    beside a job that takes long.
    """

    def __init__(self, count: int = 2, rules: Path | None = None) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="work")
        self._turns = threading.Semaphore(max(1, (os.cpu_count() or 1) - 1))
        self._rules = str(rules or "")
        self._resting: list[_Child] = []
        self._busy: set[_Child] = set()
        self._deadly: set[bytes] = set()
        self._lock = threading.Lock()
        self._is_closed = False
        atexit.register(self._end)

    async def do(self, job: str, body: bytes, **fields: Any) -> Any:
        """The result of one of the `jobs`.

        What brought a worker down is not tried again in this run.

        Raises FeedError; WorkError where the input makes no result possible: too slow, too big, or
        deadly; and WorkInterruptedError where the input is not to blame.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: self.run(job, body, fields)
        )

    def run(self, job: str, body: bytes, fields: dict[str, Any]) -> Any:
        """Like `do`, but blocks the calling thread."""
        fields = {"rules": self._rules, **fields}
        if self._deadly and _digest(job, fields, body) in self._deadly:
            raise WorkError(
                _("It crashed the process that reads it before, so it was not tried again.")
            )
        try:
            with self._lent() as child:
                return child.run(job, body, fields)
        except WorkError as error:
            if error.is_fatal:
                self._deadly.add(_digest(job, fields, body))
            raise

    @contextmanager
    def _lent(self) -> Iterator[_Child]:
        """A worker for one job, when it is its turn, or when it has waited long for it."""
        has_turn = self._turns.acquire(timeout=_LONG)
        try:
            child = self._take()
            try:
                yield child
            finally:
                with self._lock:
                    self._busy.discard(child)
                    if self._is_closed or child.is_spent:
                        child.end()
                    else:
                        self._resting.append(child)
        finally:
            if has_turn:
                self._turns.release()

    def _take(self) -> _Child:
        with self._lock:
            if self._is_closed:
                raise WorkInterruptedError(_("The work was stopped."))
            while self._resting and self._resting[-1].process.poll() is not None:
                self._resting.pop().end()  # killed while it rested: no input is to blame
            try:
                child = self._resting.pop() if self._resting else _Child()
            except OSError as error:
                says = _("No worker could be started ({error}).").format(error=error.strerror)
                raise WorkInterruptedError(says) from error
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


class _Child:
    """One worker process. One job at a time; `end` alone may be called from another thread."""

    def __init__(self) -> None:
        # Its own session: ^C in the terminal is the parent's to answer. -P: no working folder on its import path.
        self.process = subprocess.Popen(
            [sys.executable or "python3", "-P", "-m", "bacatui.work"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
        assert self.process.stdin and self.process.stdout
        self._input, self._output = self.process.stdin, self.process.stdout
        self._buffer = bytearray()
        self._deadline = 0.0
        self.is_spent = False
        os.set_blocking(self._input.fileno(), False)

    def run(self, job: str, body: bytes, fields: dict[str, Any]) -> Any:
        """The job's result. After a fatal error this child is gone."""
        cpu, memory = _LIMITS[job]
        self._deadline = time.monotonic() + _PATIENCE
        header = {
            "job": job,
            "fields": fields,
            "cpu": cpu,
            "memory": memory,
            "language": i18n.language(),
        }
        values: list[Any] = []
        try:
            self._write(pack(header, len(body)))
            self._write(body)
            while not (isinstance(value := unpack(self._read)[0], dict) and "done" in value):
                values.append(value)
        except (OSError, EOFError, ValueError) as error:
            raise self._ended(error) from error
        self.is_spent = value["last"]
        match values[0]:
            case {"error": "feed", "says": says}:
                raise FeedError(says)
            case {"error": "memory"}:
                raise WorkError(_("It needs more memory than one document may have."))
            case {"error": _kind, "says": says}:
                raise WorkError(_("It cannot be read ({error}).").format(error=says))
            case ParsedFeed() as feed:
                return replace(feed, entries=tuple(values[1:]))
        return values[0]

    def _ended(self, error: Exception) -> WorkError:
        """End the process, and tell what `error` in talking to it means."""
        if isinstance(error, TimeoutError):
            self.end()
            return WorkInterruptedError(_("The machine was too busy to read it; try again."))
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_DYING)
        is_alive = self.process.poll() is None  # and talks nonsense
        self.end()
        if self.process.returncode == -signal.SIGXCPU:
            return WorkError(_("It took too long to read and was given up."), is_fatal=True)
        if is_alive or -self.process.returncode in _BROUGHT_DOWN:
            return WorkError(_("It crashed the process that reads it."), is_fatal=True)
        return WorkInterruptedError(_("The process that read it was ended; try again."))

    def end(self) -> None:
        """Kill the process and leave nothing of it behind."""
        self.is_spent = True
        self.process.kill()
        self.process.wait()
        for pipe in (self._input, self._output):
            with suppress(OSError):
                pipe.close()

    def _wait(self, descriptor: int, event: int) -> int:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, self._deadline - time.monotonic()) * 1000):
            raise TimeoutError
        return descriptor

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._wait(self._input.fileno(), select.POLLOUT), rest[:_CHUNK]) :]

    def _read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            if not (data := os.read(self._wait(self._output.fileno(), select.POLLIN), _CHUNK)):
                raise EOFError
            self._buffer += data
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data


def _digest(job: str, fields: dict[str, Any], body: bytes) -> bytes:
    """A hash that identifies a job and its input."""
    told = f"{job} {sorted(fields.items())} ".encode("utf-8", "replace")
    return hashlib.sha256(told + hashlib.sha256(body).digest()).digest()


def environment() -> dict[str, str]:
    """What a worker needs of the environment, where the parent's packages are; and that long texts
    are given back.
    """
    folders = [Path(__file__).parents[2], *map(Path, filter(None, sys.path))]
    found = dict.fromkeys(
        str(folder) for folder in folders if folder.is_absolute() and folder != Path.cwd()
    )
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "PYTHONPATH": os.pathsep.join(found),
        "PYTHONUTF8": "1",
        "MALLOC_MMAP_THRESHOLD_": str(1 << 20),
    }


_own: dict[int, Workers] = {}  # by process: a fork must not share its parent's pipes


def call(job: str, body: bytes, **fields: str) -> Any:
    """Run one job in a worker that is kept for the next call, and wait.

    Raises FeedError and WorkError.
    """
    if os.getpid() not in _own:
        _own[os.getpid()] = Workers(1)
    return _own[os.getpid()].run(job, body, fields)
