"""How large the program is: `make size`. Statements (nodes of Python's syntax tree), which no layout changes.

`--write` puts them into docs/architecture.md, rounded to 50, so that a small change leaves the page alone.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "bacatui"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- size: made by make docs -->\n", "<!-- end of size -->\n"


def statements() -> dict[str, int]:
    """Statements of each package, and of each module that stands alone, the largest first."""
    found = Counter[str]()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        package = path.relative_to(SOURCE).parts[0]
        found[package] += sum(isinstance(node, ast.stmt) for node in ast.walk(tree))
    return dict(found.most_common())


def public_without_docstring() -> list[str]:
    """The public functions and methods that say nothing of themselves, as `file:name`."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        scopes: list[ast.Module | ast.ClassDef] = [tree, *public_classes(tree)]
        for scope in scopes:
            for node in scope.body:
                if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    continue
                if not node.name.startswith("_") and not ast.get_docstring(node):
                    found.append(f"{path.relative_to(SOURCE)}:{node.name}")
    return found


def public_classes(tree: ast.Module) -> list[ast.ClassDef]:
    """The classes of a module that others may use."""
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return [node for node in classes if not node.name.startswith("_")]


def page() -> str:
    """docs/architecture.md with the sizes of today in it."""
    sizes = statements()
    small = {name: count for name, count in sizes.items() if count < 50}
    rows = [
        f"| `{name}` | {round(count, -1) // 50 * 50} |"
        for name, count in sizes.items()
        if name not in small
    ]
    total = f"| all | {sum(sizes.values()) // 50 * 50} |"
    table = "\n".join(["| package | statements |", "|---|---|", *rows, total, ""])
    head, rest = PAGE.read_text("utf-8").split(BEGIN)
    return head + BEGIN + table + END + rest.split(END)[1]


def main() -> int:
    """Print the sizes, or with `--write` put them into the docs."""
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page(), "utf-8")
        return 0
    sizes = statements()
    for name, count in sizes.items():
        print(f"{count:>6}  {name}")
    print(f"{sum(sizes.values()):>6}  all")
    silent = public_without_docstring()
    print(f"{len(silent):>6}  public functions without a docstring")
    return 0


if __name__ == "__main__":
    sys.exit(main())
