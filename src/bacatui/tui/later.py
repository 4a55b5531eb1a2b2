"""A timer that fires once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def after(seconds: float, pump: MessagePump, do: Callable[[], object]) -> asyncio.TimerHandle:
    """Have `pump` call `do` in so many seconds, however busy the machine is.

    Textual's `set_timer` never fires if the process is held up for longer than a short interval.
    """
    return asyncio.get_running_loop().call_later(seconds, pump.call_next, do)
