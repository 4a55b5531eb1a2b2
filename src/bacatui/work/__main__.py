"""The child: takes one job after another from its standard input until that closes. Not for people."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from bacatui import i18n
from bacatui.model import FeedError
from bacatui.work.frames import pack, parts, unpack

RECYCLE: Final = 150 << 20  # bytes of resident memory past which a worker makes room for a fresh one
# Parsers have no business with the network or with programs: should one try, it fails.
_REFUSED: Final = ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "subprocess.Popen", "os.system",
                   "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "webbrowser.open")  # fmt: skip


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError(event)


def _memory() -> tuple[int, int]:
    """(address space, resident) bytes; zeros where the system does not tell."""
    with suppress(OSError, ValueError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(pages[0]) * resource.getpagesize(), int(pages[1]) * resource.getpagesize()
    return 0, 0


def _limit(kind: int, soft: int) -> None:
    with suppress(ValueError, OSError):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _answer(header: dict[str, Any], body: bytes, space: int) -> list[Any]:
    """The frames that answer a job: its result in parts, or one error."""
    from bacatui.work.jobs import JOBS

    usage = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + int(header["cpu"]) + 1)
    if space:
        _limit(resource.RLIMIT_AS, space + int(header["memory"]))
    i18n.use(header["language"])
    try:
        return list(parts(JOBS[header["job"]](body, **header["fields"])))
    except FeedError as error:
        return [{"error": "feed", "says": str(error)}]
    except MemoryError:
        return [{"error": "memory", "says": ""}]
    except Exception as error:  # a job's failure is an answer
        return [{"error": "work", "says": f"{type(error).__name__}: {error}"[:300]}]


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer jobs from `source` on `sink` until it ends, or until this process has grown too big."""

    def read(size: int) -> bytes:
        data = source.read(size)
        if len(data) < size:
            raise EOFError
        return data

    space = _memory()[0]
    with suppress(EOFError, BrokenPipeError):
        while True:
            for answer in _answer(*unpack(read), space):
                sink.write(pack(answer))
            done = {"done": True, "last": _memory()[1] > RECYCLE}
            sink.write(pack(done))
            sink.flush()
            if done["last"]:
                return


def main() -> None:
    """Serve on the pipes; whatever a library prints goes nowhere."""
    sys.addaudithook(_refuse)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nowhere, descriptor)
    serve(source, sink)


if __name__ == "__main__":
    main()
