"""`python -m benchmarks`: every budget, measured in one run, as ratios wherever a ratio says more than a time.

Nothing here contacts anything but this machine. Stores are kept under --folder, so that a second run starts sooner.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import library, newsboat, screen, syncing
from benchmarks.figures import Figure, load

MILLION = ["start", "keys", "search", "marks"]
PARTS = ("start", "keys", "open", "search", "marks", "library", "sync", "newsboat")


def figures(parts: list[str], folder: Path, counts: list[int]) -> Iterator[Figure]:
    """All that was asked for, in order."""
    needs_stores = set(parts) - {"sync", "open"}
    homes = screen.prepared(folder, counts) if needs_stores else {}
    most = max(
        (count for count in homes if count <= screen.LARGE or parts == MILLION), default=max(counts)
    )
    for part in parts:
        match part:
            case "start":
                yield from screen.start(homes)
            case "keys":
                for count in homes:
                    yield from screen.keys(homes[count], count)
                yield from screen.held_key(homes[most])
            case "open":
                yield from screen.opening(folder / "open")
            case "search":
                yield from screen.search(homes[most], most)
            case "marks":
                yield from screen.mark_all(homes[most], most)
            case "library":
                for count in homes:
                    yield from library.answers(homes[count], count)
            case "sync":
                for name in ("sync", "sync-rich", "newsboat", "newsboat-rich", "keys"):
                    shutil.rmtree(folder / name, ignore_errors=True)
                yield from syncing.marked_up(folder)
                yield from syncing.unchanged(folder)
                yield from syncing.keys_meanwhile(folder)
            case "newsboat":
                yield from newsboat.beside(homes[most], folder / "newsboat-cache", most)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"some of: {', '.join(PARTS)} (default: all), or million",
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("build/bench"), help="where the stores are kept"
    )
    parser.add_argument(
        "--sizes", default="1000,100000", help="numbers of entries (1000000 takes a while)"
    )
    call = parser.parse_args()
    if call.parts == ["million"]:
        call.parts, call.sizes = MILLION, "1000,1000000"
    if unknown := set(call.parts) - set(PARTS):
        parser.error(f"no part is named {', '.join(sorted(unknown))}")
    counts = [int(size) for size in call.sizes.split(",")]
    print(f"# {load()}", flush=True)
    over = 0
    for figure in figures(call.parts or list(PARTS), call.folder.absolute(), counts):
        print(figure.line, flush=True)
        over += figure.most is not None and figure.value > figure.most
    print(f"# {over} over budget; {load()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
