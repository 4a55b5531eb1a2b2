"""A worker as its parent sees it: a process that is given one job at a time, and killed when it oversteps."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bacatui import i18n
from bacatui.i18n import _
from bacatui.model import FeedError
from bacatui.work.frames import pack, unpack, whole

_MEGABYTE: Final = 1 << 20
_START: Final = 10.0  # seconds that a fresh interpreter may take on top
_CHUNK: Final = 1 << 16
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "BACATUI_NOW")
_LIMITS: Final = {  # job: seconds by the clock, seconds of CPU, bytes of memory above those at start
    "parse_feed": (15.0, 10, 512 * _MEGABYTE),
    "discover": (15.0, 10, 512 * _MEGABYTE),
    "extract": (20.0, 15, 1024 * _MEGABYTE),
    "clean": (20.0, 15, 1024 * _MEGABYTE),
    "picture": (10.0, 8, 512 * _MEGABYTE),
}


class WorkError(Exception):
    """A job that came to no result. `str(error)` is one sentence; `is_fatal`: the input brought the worker down."""

    def __init__(self, says: str, *, is_fatal: bool = False) -> None:
        super().__init__(says)
        self.is_fatal = is_fatal


class Child:
    """One worker process. Not thread-safe: one job at a time."""

    def __init__(self) -> None:
        # Its own session: ^C in the terminal is the parent's to answer. No working folder on its import path.
        self.process = subprocess.Popen(
            [sys.executable or "python3", "-P", "-m", "bacatui.work"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0, cwd="/", env=_environment(), start_new_session=True,
        )  # fmt: skip
        self.is_fresh, self.is_spent = True, False
        self._input = self.process.stdin.fileno()  # type: ignore[union-attr]  # both are pipes
        self._output = self.process.stdout.fileno()  # type: ignore[union-attr]
        self._buffer = bytearray()
        self._deadline = 0.0
        os.set_blocking(self._input, False)

    def run(self, job: str, body: bytes, fields: dict[str, Any]) -> Any:
        """The job's result. Raises FeedError and WorkError; after a fatal one this child is gone."""
        seconds, cpu, memory = _LIMITS[job]
        self._deadline = time.monotonic() + seconds + (_START if self.is_fresh else 0)
        header = {"job": job, "fields": fields, "cpu": cpu, "memory": memory, "language": i18n.language()}
        values: list[Any] = []
        try:
            self._write(pack(header, len(body)))
            self._write(body)
            while "done" not in (value := unpack(self._read)[0]):
                values.append(value)
        except (OSError, EOFError, ValueError) as error:
            self.end()
            late = isinstance(error, TimeoutError)
            says = _("It took too long to read and was given up.") if late else _("It brought its reader down.")
            raise WorkError(says, is_fatal=True) from error
        self.is_fresh, self.is_spent = False, bool(value["last"])
        return _result(values)

    def end(self) -> None:
        """Kill the process, and leave nothing of it behind. May be called twice, and from another thread."""
        self.is_spent = True
        with suppress(OSError):
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _wait(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, self._deadline - time.monotonic()) * 1000):
            raise TimeoutError

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self._input, select.POLLOUT)
            rest = rest[os.write(self._input, rest[:_CHUNK]) :]

    def _read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._wait(self._output, select.POLLIN)
            if not (data := os.read(self._output, _CHUNK)):
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
        case {"error": str(), "says": says}:
            raise WorkError(_("It cannot be read ({error}).").format(error=says))
    return whole(values)


def _environment() -> dict[str, str]:
    """What a worker needs of the environment, and where the parent's packages are."""
    here, home = Path.cwd(), Path(__file__).parents[2]
    found = [home, *(path for entry in sys.path if entry and (path := Path(entry)).is_absolute() and path != here)]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(map(str, found))), "PYTHONUTF8": "1"}
