"""A worker as its parent sees it: a process that is given one job at a time, and killed when it oversteps."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bacatui import i18n
from bacatui.i18n import _
from bacatui.model import FeedError, ParsedFeed
from bacatui.work.frames import pack, unpack

_START: Final = 10.0  # seconds that a fresh interpreter may take on top
_CHUNK: Final = 1 << 16
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "BACATUI_NOW")
_MEGABYTES: Final = 1 << 20
_LIMITS: Final = {  # job: seconds by the clock, seconds of CPU, bytes of memory above those at start
    "parse_feed": (15, 12, 512 * _MEGABYTES), "discover": (15, 12, 512 * _MEGABYTES),
    "picture": (15, 12, 512 * _MEGABYTES), "clean": (20, 17, 1024 * _MEGABYTES), "extract": (20, 17, 1024 * _MEGABYTES),
    "reclean": (20, 17, 1024 * _MEGABYTES),
}  # fmt: skip


class WorkError(Exception):
    """A job that came to no result. `str(error)` is one sentence; `is_fatal`: its input brought the worker down."""

    def __init__(self, says: str, *, is_fatal: bool = False) -> None:
        super().__init__(says)
        self.is_fatal = is_fatal


class Child:
    """One worker process. One job at a time; `end` alone may be called from another thread."""

    def __init__(self) -> None:
        # Its own session: ^C in the terminal is the parent's to answer. -P: no working folder on its import path.
        self.process = subprocess.Popen(
            [sys.executable or "python3", "-P", "-m", "bacatui.work"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0, cwd="/", env=_environment(), start_new_session=True,
        )  # fmt: skip
        assert self.process.stdin and self.process.stdout
        self._input, self._output = self.process.stdin, self.process.stdout
        self._buffer = bytearray()
        self._deadline, self._grace = 0.0, _START
        self.is_spent = False
        os.set_blocking(self._input.fileno(), False)

    def run(self, job: str, body: bytes, fields: dict[str, Any]) -> Any:
        """The job's result. Raises FeedError and WorkError; after a fatal one this child is gone."""
        seconds, cpu, memory = _LIMITS[job]
        self._deadline, self._grace = time.monotonic() + seconds + self._grace, 0.0
        header = {"job": job, "fields": fields, "cpu": cpu, "memory": memory, "language": i18n.language()}
        values: list[Any] = []
        try:
            self._write(pack(header, len(body)))
            self._write(body)
            while not (isinstance(value := unpack(self._read)[0], dict) and "done" in value):
                values.append(value)
        except (OSError, EOFError, ValueError) as error:
            self.end()
            is_late = isinstance(error, TimeoutError)
            says = _("It took too long to read and was given up.") if is_late else _("It brought its reader down.")
            raise WorkError(says, is_fatal=True) from error
        self.is_spent = value["last"]
        return _result(values)

    def end(self) -> None:
        """Kill the process and leave nothing of it behind."""
        self.is_spent = True
        self.process.kill()
        self.process.wait()
        for pipe in (self._input, self._output):
            with suppress(OSError):
                pipe.close()

    def _wait(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, self._deadline - time.monotonic()) * 1000):
            raise TimeoutError

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self._input.fileno(), select.POLLOUT)
            rest = rest[os.write(self._input.fileno(), rest[:_CHUNK]) :]

    def _read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._wait(self._output.fileno(), select.POLLIN)
            if not (data := os.read(self._output.fileno(), _CHUNK)):
                raise EOFError
            self._buffer += data
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data


def _result(values: list[Any]) -> Any:
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


def _environment() -> dict[str, str]:
    """What a worker needs of the environment, and where the parent's packages are."""
    folders = [Path(__file__).parents[2], *map(Path, filter(None, sys.path))]
    found = dict.fromkeys(str(folder) for folder in folders if folder.is_absolute() and folder != Path.cwd())
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(found), "PYTHONUTF8": "1"}
