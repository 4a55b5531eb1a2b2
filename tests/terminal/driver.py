"""A pseudo-terminal that runs the real program: keys in, screen and bytes out, with the time of each byte."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import pyte

ROOT = Path(__file__).parents[2]
# What pyte would print as letters: strings (OSC, DCS …), keyboard protocols, mode queries.
_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b[\]PX^_].*?(?:\x07|\x1b\\)|\x1b\[[<=>?][0-9;]*[a-gi-km-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[>[0-9;]*[a-zA-Z]",
    re.DOTALL,
)
_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")
_UNFINISHED = re.compile(rb"\x1b(?:[\]PX^_](?:(?!\x07|\x1b\\).)*|\[[0-?]*[ -/]*)?\Z", re.DOTALL)
MEASURED = "COVERAGE_PROCESS_CONFIG"  # what `make coverage` gives to every process of a test
BACATUI = (sys.executable, "-m", "bacatui")


class Terminal:
    """One program in one terminal. Times are seconds since its start."""

    def __init__(
        self,
        *arguments: str,
        home: Path,
        columns: int = 110,
        rows: int = 32,
        env: Mapping[str, str] | None = None,
    ) -> None:
        program = (
            arguments if arguments and arguments[0].startswith("/") else (*BACATUI, *arguments)
        )
        self.env = environment(home, **(env or {}))
        self.started = time.perf_counter()
        self.chunks: list[tuple[float, bytes]] = []
        self.status: int | None = None  # exit status; negative: the signal that ended it
        self._fed, self._tail = 0, b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(program[0], program, self.env)
            finally:
                os._exit(127)
        self.resize(columns, rows, tell=False)
        self.lines_before = termios.tcgetattr(self.fd)[
            :4
        ]  # the line settings, to see whether they come back
        self.lines_after = self.lines_before

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def raw(self) -> bytes:
        """All that the program wrote."""
        return b"".join(chunk for _, chunk in self.chunks)

    def now(self) -> float:
        return time.perf_counter() - self.started

    def resize(self, columns: int, rows: int, *, tell: bool = True) -> None:
        """Another size of the terminal; the kernel tells the program."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell:
            self._feed()
            self._screen.resize(rows, columns)

    def pump(self, seconds: float = 0.0) -> bool:
        """Take in what is there, waiting for it up to `seconds`; True where something came."""
        if self.status is not None or not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self._reap()
            return False
        self.chunks.append((self.now(), data))
        for mode in _QUERY.findall(data):
            os.write(self.fd, b"\x1b[?" + mode + b";2$y")
        return True

    def _reap(self, wait: float = 5.0) -> None:
        end = time.perf_counter() + wait
        while self.status is None and time.perf_counter() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                self.lines_after = termios.tcgetattr(self.fd)[:4]
            else:
                time.sleep(0.01)

    def _feed(self) -> None:
        for _, chunk in self.chunks[self._fed :]:
            data = self._tail + chunk
            unfinished = _UNFINISHED.search(data)
            self._tail = unfinished[0] if unfinished else b""
            self._stream.feed(
                _UNKNOWN_TO_PYTE.sub(b"", data.removesuffix(self._tail) if self._tail else data)
            )
        self._fed = len(self.chunks)

    def screen(self) -> str:
        """What stands on the screen now."""
        while self.pump(0):
            pass
        self._feed()
        # pyte's own `display` fails where the right half of a wide character stands alone
        rows = (self._screen.buffer[y] for y in range(self._screen.lines))
        return "\n".join(
            "".join(row[x].data for x in range(self._screen.columns)).rstrip() for row in rows
        )

    def wait_for(self, text: str, seconds: float = 20.0) -> float:
        """The time at which `text` (a regular expression) was on the screen. Raises AssertionError with the screen."""
        end = time.perf_counter() + seconds
        while not re.search(text, self.screen()):
            if self.status is not None or time.perf_counter() > end:
                raise AssertionError(
                    f"no {text!r} on the screen (exit status {self.status}):\n{self.screen()}"
                )
            self.pump(0.05)
        return self.chunks[-1][0]

    def quiet(self, seconds: float = 0.3, longest: float = 20.0) -> str:
        """The screen once nothing has been drawn for `seconds`."""
        end = time.perf_counter() + longest
        while time.perf_counter() < end and self.pump(seconds):
            pass
        return self.screen()

    def send(self, keys: str) -> float:
        """Type; the time at which it was done."""
        os.write(self.fd, keys.encode())
        return self.now()

    def press(self, key: str, quiet: float = 0.06) -> tuple[float, float, int]:
        """Type a key and wait: milliseconds to the first and to the last byte of the answer, and its bytes."""
        while self.pump(0):
            pass
        before, sent = len(self.chunks), self.send(key)
        self.pump(10)
        while self.pump(quiet):
            pass
        answer = self.chunks[before:]
        if not answer:
            raise AssertionError(f"no answer to {key!r}:\n{self.screen()}")
        return (
            (answer[0][0] - sent) * 1e3,
            (answer[-1][0] - sent) * 1e3,
            sum(len(chunk) for _, chunk in answer),
        )

    def wait_for_end(self, seconds: float = 10.0) -> int:
        """The exit status. Raises AssertionError where the program does not end."""
        end = time.perf_counter() + seconds
        while self.status is None and time.perf_counter() < end:
            self.pump(0.05)
        if self.status is None:
            raise AssertionError(f"the program did not end:\n{self.screen()}")
        return self.status

    def tree(self) -> list[int]:
        """The program's process and its children."""
        found, todo = [], [self.pid]
        while todo:
            found.append(todo.pop())
            for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
                try:
                    todo += map(int, children.read_text().split())
                except OSError:
                    continue
        return found

    def cpu(self) -> float:
        """Seconds of processor time of the live processes: of their live threads to the nanosecond, or the process's
        own ticks of 10 ms where those are more (they count threads that have ended)."""
        total, tick = 0.0, os.sysconf("SC_CLK_TCK")
        for pid in self.tree():
            try:
                threads = [
                    int(s.read_text().split()[0])
                    for s in Path(f"/proc/{pid}/task").glob("*/schedstat")
                ]
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += max(sum(threads) / 1e9, (int(fields[11]) + int(fields[12])) / tick)
        return total

    def memory(self, *, tree: bool = False) -> float:
        """Resident MiB of the program, or of it and its children."""
        total = 0
        for pid in self.tree() if tree else [self.pid]:
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            total += sum(int(kib) for kib in re.findall(r"VmRSS:\s+(\d+)", status))
        return total / 1024

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program alone."""
        os.kill(self.pid, number)

    def close(self) -> None:
        """End the program, and what it started."""
        if self.fd < 0:
            return
        for pid in reversed(self.tree() if self.status is None else []):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        self._reap()
        os.close(self.fd)
        self.fd = -1


def run(
    *arguments: str, home: Path, env: Mapping[str, str] | None = None, seconds: float = 60
) -> tuple[int, str, str]:
    """`bacatui` without a terminal: exit status, stdout, stderr."""
    done = subprocess.run(
        [*BACATUI, *arguments], env=environment(home, **(env or {})), capture_output=True, text=True, timeout=seconds,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def environment(home: Path, **more: str) -> dict[str, str]:
    """The few variables that a program under test gets. Its bytecode is kept, as an installed program's is."""
    kept = {name: os.environ[name] for name in ("PATH", "TZ", MEASURED) if name in os.environ}
    own = {
        "HOME": str(home),
        "BACATUI_HOME": str(home / "bacatui"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT / "src"),
    }
    bytecode = {"PYTHONPYCACHEPREFIX": str(ROOT / "build/bytecode")}
    return {**kept, **own, **bytecode, "TERM": "xterm-256color", "COLORTERM": "truecolor", **more}
