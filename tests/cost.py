"""What work costs, in seconds of the processor, so that it does not matter what else the machine is doing.

Limits here are far above what anything takes: they tell work that grows with its input from work that grows with its
square. How fast the program is, benchmarks/ measure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def ends_within(seconds: float = 5) -> Iterator[None]:
    """What is done in the block takes no more than so many seconds of this process."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    assert spent < seconds, f"took {spent:.2f} s"


def grows_with(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size costs about four times as much, and not sixteen times."""
    return _least(work, size * 4) < 10 * max(_least(work, size), 0.005)


def _least(work: Callable[[int], object], size: int) -> float:
    def once() -> float:
        began = time.process_time()
        work(size)
        return time.process_time() - began

    return min(once(), once())
