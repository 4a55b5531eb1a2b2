"""What each command does: a function that is given the main screen, found by its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bacatui.commands import BY_ID
from bacatui.tui.acts import feeding, marking, moving, sharing, syncing
from bacatui.tui.main import MainScreen


def act(name: str) -> Callable[..., Any]:
    """What a command, or an act that is none, does: of the rooms here, or of the screen itself."""
    command = BY_ID.get(name)
    wanted = (command.act or name if command else name).replace("-", "_")
    found = next(vars(room)[wanted] for room in (*_ROOMS, MainScreen) if wanted in vars(room))
    return partial(found, **command.given) if command else found


_ROOMS = (moving, marking, syncing, sharing, feeding)
