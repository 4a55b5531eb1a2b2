"""What each command does: the function that has its name, given the main screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bacatui.tui.acts import feeding, finding, marking, moving, sharing, syncing

_ROOMS = (moving, marking, syncing, finding, sharing, feeding)
_KNOWN: dict[str, Callable[..., Any]] = {name: act for room in _ROOMS for name, act in vars(room).items()}


def act(name: str) -> Callable[..., Any]:
    """The act of a command; one whose name Python has for itself ends in `_` (`open_`)."""
    name = name.replace("-", "_")
    return _KNOWN.get(f"{name}_") or _KNOWN[name]
