"""The child: answers one job after another from its standard input until that closes.

Not for people.
"""

import gc
import os
import resource
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bacatui import i18n
from bacatui.model import FeedError, ParsedFeed
from bacatui.work.jobs import JOBS
from bacatui.work.wire import pack, unpack

# Bytes of resident memory above which a worker is replaced by a fresh one.
RECYCLE: Final = 150 << 20
# A parser needs neither the network nor other programs: using them fails.
_REFUSED: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "webbrowser.",
)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED):
        raise PermissionError(event)


def _memory() -> list[int]:
    """Address space and resident size in bytes; zeros where the system does not tell."""
    with suppress(OSError, ValueError):
        return [
            int(pages) * resource.getpagesize()
            for pages in Path("/proc/self/statm").read_text().split()[:2]
        ]
    return [0, 0]


def _limit(kind: int, soft: int | None) -> None:
    """Set a limit of this process, or lift it as far as the system allows."""
    with suppress(ValueError, OSError):
        hard = resource.getrlimit(kind)[1]
        if soft is None or (soft > hard != resource.RLIM_INFINITY):
            soft = hard
        resource.setrlimit(kind, (soft, hard))


def _answer(job: dict[str, Any], body: bytes, space: int) -> list[Any]:
    """What answers a job: its result, an entry at a time, or one error."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + job["cpu"])
    if space:
        _limit(resource.RLIMIT_AS, space + job["memory"])
    i18n.use(job["language"])
    try:
        result = JOBS[job["job"]](body, **job["fields"])
    except FeedError as error:
        return [{"error": "feed", "says": str(error)}]
    except MemoryError:
        return [{"error": "memory", "says": ""}]
    except Exception as error:  # a job's failure is an answer
        return [{"error": "work", "says": f"{type(error).__name__}: {error}"[:300]}]
    return (
        [replace(result, entries=()), *result.entries]
        if isinstance(result, ParsedFeed)
        else [result]
    )


def main() -> None:
    """Serve until the input ends, or until this process has grown too big.

    What a library prints goes nowhere.
    """
    os.nice(10)  # the screen comes first
    _limit(resource.RLIMIT_CORE, 0)
    sys.addaudithook(_refuse)
    gc.set_threshold(200_000)  # trees and words are many, and hold no cycles
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nowhere, descriptor)

    def read(size: int) -> bytes:
        data = source.read(size)
        if len(data) < size:
            raise EOFError
        return data

    space, is_last = _memory()[0], False
    with suppress(EOFError, BrokenPipeError):
        while not is_last:
            try:
                for answer in _answer(*unpack(read), space):
                    sink.write(pack(answer))
            except MemoryError:  # of a result too big to send
                os.abort()
            _limit(resource.RLIMIT_AS, None)  # the next job is read without the limit of this one
            is_last = _memory()[1] > RECYCLE
            sink.write(pack({"done": True, "last": is_last}))
            sink.flush()


if __name__ == "__main__":
    main()
