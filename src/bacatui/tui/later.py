"""One thing, once, later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def after(seconds: float, pump: MessagePump, do: Callable[[], object]) -> asyncio.TimerHandle:
    """Have `pump` call `do` in so many seconds, however busy the machine is.

    Textual's `set_timer` loses a short one for good where the process is held up for longer than it lasts.
    """
    return asyncio.get_running_loop().call_later(seconds, pump.call_next, do)
