"""Tests wait for what is to come about, not for a time that is hoped to be long enough."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

LONGEST = 60.0  # seconds by the clock: far more than it takes, so that a busy machine fails no test
STEP = 0.005


def until(condition: Callable[[], object], seconds: float = LONGEST) -> None:
    """Return once `condition` gives something true. Raises AssertionError after `seconds` without."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not come about within {seconds} s"
        time.sleep(STEP)


async def eventually(condition: Callable[[], object], seconds: float = LONGEST) -> None:
    """`until`, for a test that shares its event loop with what it waits for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not come about within {seconds} s"
        await asyncio.sleep(STEP)
