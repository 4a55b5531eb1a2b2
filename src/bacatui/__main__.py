"""The command line's entry: `bacatui`, and `python -m bacatui`."""

import sys
from typing import Any

from bacatui.cli import run


def open_app(home: Any, settings: Any, notices: Any, on_plug: Any) -> int:
    """The app on the terminal; its exit code. Textual is not loaded before it is wanted."""
    from bacatui import tui

    return tui.run(home, settings, notices=notices, on_plug=on_plug)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(open_app=open_app))


if __name__ == "__main__":
    main()
