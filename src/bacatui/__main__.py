"""The command line's entry: `bacatui`, and `python -m bacatui`."""

from __future__ import annotations

import sys

from bacatui.cli import run


def main() -> None:
    """Run the command line, and leave with its exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
