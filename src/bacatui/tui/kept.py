"""The state of the screen that the last run stored. It is checked: a library may hold anything."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from bacatui.model import ScopeKind

MOST: Final = 1 << 52


def sound(stored: str) -> dict[str, Any]:
    """The stored state as a dictionary, without values that are malformed."""
    try:
        found = json.loads(stored)
    except (ValueError, RecursionError):
        return {}
    kept = found.items() if isinstance(found, dict) else ()
    state = {name: value for name, value in kept if name not in _FITS or _FITS[name](value)}
    if state.get("kind") == ScopeKind.FEED and not state.get("key", "").isdecimal():
        del state["kind"]
    return state


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) < 10_000


def _is_number(value: Any) -> bool:
    return type(value) is int and abs(value) < MOST


def _is_moment(value: Any) -> bool:
    try:
        return value == "" or datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _are(each: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(each, value))


_FITS: Final[dict[str, Callable[[Any], bool]]] = {
    "kind": lambda value: _is_text(value) and value in {*ScopeKind},
    "density": lambda value: value in ("one", "two"),
    "list_width": lambda value: value is None or (_is_number(value) and 20 <= value <= 400),
    "entry": lambda value: value is None or _is_number(value),
    "today": lambda value: _are(_is_number)(value) and len(value) == 3,
    "hides_read": lambda value: isinstance(value, bool),
    "seen_at": _is_moment,
    **dict.fromkeys(("key", "title", "order", "pane", "theme", "day"), _is_text),
    **dict.fromkeys(("offset", "seen"), _is_number),
    **dict.fromkeys(("folded", "done"), _are(_is_text)),
}
