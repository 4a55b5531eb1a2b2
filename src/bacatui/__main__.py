"""The command line's entry: `bacatui`, and `python -m bacatui`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bacatui.cli import run
from bacatui.config import Settings
from bacatui.paths import Home


def open_app(
    home: Home, settings: Settings, notices: tuple[str, ...] = (), on_plug: Callable[[], bool] | None = None
) -> int:
    """The app on the terminal; its exit code. Textual is not loaded before it is wanted."""
    from bacatui import tui

    return tui.run(home, settings, notices=notices, on_plug=on_plug)


def main() -> None:
    """Run the command line, and leave with its exit code."""
    sys.exit(run(open_app=open_app))


if __name__ == "__main__":
    main()
