"""What the tests run through: `make coverage`. Lines and branches by package, and the packages under 90 %."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "build" / "coverage.json"
LEAST = 90.0  # per cent; a package under it is named


@dataclass
class Covered:
    """Lines and branches of a package, and how many of them the tests took."""

    of: int = 0
    taken: int = 0

    @property
    def share(self) -> float:
        return 100 * self.taken / self.of if self.of else 100.0


def by_package(report: dict[str, Any]) -> dict[str, Covered]:
    """What coverage.py tells of files, added up for each package and each module that stands alone."""
    found = defaultdict[str, Covered](Covered)
    for path, told in report["files"].items():
        parts = Path(path).parts
        package, totals = found[parts[parts.index("bacatui") + 1]], told["summary"]
        package.of += totals["num_statements"] + totals["num_branches"]
        package.taken += totals["covered_lines"] + totals["covered_branches"]
    return dict(sorted(found.items()))


def main() -> int:
    """Print the shares, those under 90 % by name; the exit code is 0 either way."""
    packages = by_package(json.loads(REPORT.read_text("utf-8")))
    for name, covered in packages.items():
        print(f"{covered.share:6.1f} %  {name}")
    whole = Covered(
        sum(one.of for one in packages.values()), sum(one.taken for one in packages.values())
    )
    print(f"{whole.share:6.1f} %  all lines and branches")
    low = [name for name, covered in packages.items() if covered.share < LEAST]
    print(f"Under {LEAST:.0f} %: {', '.join(low) or 'none'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
