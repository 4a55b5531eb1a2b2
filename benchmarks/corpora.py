"""What some measurements need beside the repository: corpora and tools in ../shared."""

from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared"


def needed(path: Path) -> Path:
    """`path`, if it is there; otherwise the program ends with a sentence about it."""
    if not path.exists():
        raise SystemExit(
            f"{path} is not there. It holds texts that belong to others, so it is no part of this repository; "
            "nothing was measured."
        )
    return path
