"""What each command does: one small function for each id of `COMMANDS`, given the main screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bacatui.tui.acts import feeding, finding, marking, moving, sharing, syncing

ACTS: dict[str, Callable[..., Any]] = {
    **moving.ACTS,
    **marking.ACTS,
    **syncing.ACTS,
    **finding.ACTS,
    **sharing.ACTS,
    **feeding.ACTS,
}
