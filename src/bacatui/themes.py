"""Themes are files: each a name, dark or light, and colours, every one of them checked before it is
used.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bacatui.i18n import _

COLORS: Final = (
    "primary",
    "secondary",
    "accent",
    "warning",
    "error",
    "success",
    "foreground",
    "background",
    "surface",
    "panel",
)
VARIABLES: Final = (
    "muted",
    "faint",
    "cursor",
    "cursor-blur",
    "chosen",
)  # what bacatui's own widgets add to those
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """One theme. Both tables map names to `#rgb` or `#rrggbb`."""

    name: str
    dark: bool
    colors: dict[str, str]
    variables: dict[str, str]


def load(*folders: Path) -> tuple[tuple[ThemeFile, ...], tuple[str, ...]]:
    """The themes of `*.toml` in the folders (a later folder wins), and one sentence for each file
    left out.
    """
    found: dict[str, ThemeFile] = {}
    problems = []
    for file in (file for folder in folders for file in sorted(folder.glob("*.toml"))):
        try:
            theme = _read(file)
        except (OSError, ValueError) as error:
            why = str(error).splitlines()[0]
            problems.append(_("Theme {file} is left out: {why}").format(file=file.name, why=why))
        else:
            found[theme.name] = theme
    return tuple(found.values()), tuple(problems)


def _read(file: Path) -> ThemeFile:
    values = tomllib.loads(file.read_text("utf-8"))
    tables = values.get("colors", {}), values.get("variables", {})
    for table, known in zip(tables, (COLORS, VARIABLES), strict=True):
        if not isinstance(table, dict):
            raise ValueError(_("colors and variables must be tables."))
        for name, color in table.items():
            if name not in known:
                raise ValueError(_("{name} is no colour of a theme.").format(name=name))
            if not isinstance(color, str) or not _HEX.fullmatch(color):
                raise ValueError(_("{name} must be a colour such as #1d2026.").format(name=name))
    if "primary" not in tables[0]:
        raise ValueError(_("it has no primary colour."))
    name = values.get("name", file.stem)
    if (
        not isinstance(name, str)
        or not name.isprintable()
        or not isinstance(values.get("dark", True), bool)
    ):
        raise ValueError(_("name must be text, and dark true or false."))
    return ThemeFile(name, values.get("dark", True), *tables)
