"""Terminals as pictures: small SVG that needs no font of its own and draws blocks and lines itself.

A screen is rows of cells; `window` draws one as a terminal's window, and `picture` puts windows
together.
What is drawn depends on nothing but the cells, so that the same screen gives the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App

WIDE, HIGH = 8, 18  # pixels of a cell
BAR = 30  # pixels of a window's title bar
EDGE = 10  # pixels between a window's border and its cells
PAGE, INK = "#1a1b21", "#d8d4cc"
FONT = 'ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace'
EIGHTHS = "▁▂▃▄▅▆▇█"  # from the foot of the cell
LEFT_EIGHTHS = "▏▎▍▌▋▊▉"
ARMS = {
    "─": "we", "│": "ns", "╭": "es", "╮": "ws", "╰": "en", "╯": "wn", "├": "nse", "┤": "nsw",
}  # fmt: skip
DRAWN = frozenset(("▀", *EIGHTHS, *LEFT_EIGHTHS, *ARMS))


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a terminal. A wide character's second place holds an empty `text`."""

    text: str = " "
    ink: str = INK
    paper: str = PAGE
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    is_struck: bool = False


Screen = Sequence[Sequence[Cell]]


class Styles:
    """The classes of a picture, named in the order in which they are asked for."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, cell: Cell) -> str:
        lines = (cell.is_underlined, "underline"), (cell.is_struck, "line-through")
        said = [f"fill:{cell.ink}"]
        said += ["font-weight:700"] if cell.is_bold else []
        said += ["font-style:italic"] if cell.is_italic else []
        decoration = " ".join(word for is_there, word in lines if is_there)
        said += [f"text-decoration:{decoration}"] if decoration else []
        return self._names.setdefault(";".join(said), f"s{len(self._names)}")

    def css(self) -> str:
        return "".join(f".{name}{{{rule}}}" for rule, name in self._names.items())


class Areas:
    """Rectangles by colour, each colour one path."""

    def __init__(self) -> None:
        self._parts: dict[str, list[str]] = defaultdict(list)

    def add(self, colour: str, x: float, y: float, width: float, height: float) -> None:
        self._parts[colour].append(f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z")

    def paths(self) -> Iterator[str]:
        for colour, parts in self._parts.items():
            yield f'<path fill="{colour}" d="{"".join(parts)}"/>'


def screen_of(app: App[Any]) -> list[list[Cell]]:
    """The cells of what an app shows now, dialogues over it included."""
    columns, rows = app.size
    console = Console(width=columns, height=rows, color_system="truecolor", force_terminal=True)
    compositor, below = app.screen._compositor, app._background_screens
    shown = compositor.render_update(full=True, screen_stack=below) or ""
    written = (segment for segment in console.render(shown) if not segment.control)
    lines = list(Segment.split_and_crop_lines(written, columns, include_new_lines=False))
    return [list(_cells(line)) for line in lines[:rows]]


def _cells(line: Iterable[Segment]) -> Iterator[Cell]:
    for segment in line:
        style = segment.style or Style.null()
        ink, paper = _colour(style.color) or INK, _colour(style.bgcolor) or PAGE
        if style.reverse:
            ink, paper = paper, ink
        if style.dim:
            ink = _between(ink, paper)
        looks = (style.bold, style.italic, style.underline, style.strike)
        cell = Cell(" ", ink, paper, *map(bool, looks))
        for char in segment.text:
            width = cell_len(char)
            yield from (replace(cell, text=text) for text in (char, "")[:width])


def _colour(colour: Color | None) -> str:
    """`#rrggbb`; "" for none, and for the terminal's own."""
    if colour is None or colour.is_default:
        return ""
    return str(colour.get_truecolor().hex)


def _between(one: str, other: str, share: float = 0.5) -> str:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def size(columns: int, rows: int) -> tuple[int, int]:
    """Width and height in pixels of a window with so many cells."""
    return columns * WIDE + 2 * EDGE, rows * HIGH + BAR + EDGE


def window(screen: Screen, title: str, styles: Styles, at: tuple[float, float] = (0, 0)) -> str:
    """A terminal's window around a screen, its corner at `at`."""
    columns = max(map(len, screen))
    width, height = size(columns, len(screen))
    paper = screen[0][0].paper
    dots = "".join(
        f'<circle cx="{18 + 18 * n}" cy="15" r="5" fill="{colour}"/>'
        for n, colour in enumerate(("#e0645c", "#dcae4a", "#62b26a"))
    )
    return (
        f'<g transform="translate({at[0]:g},{at[1]:g})">'
        f'<rect width="{width}" height="{height}" rx="9" fill="{paper}" stroke="#4a4a52"/>'
        f'{dots}<text class="title" x="{width / 2:g}" y="20">{escape(title)}</text>'
        f'<g transform="translate({EDGE},{BAR})">{"".join(_drawn(screen, styles, paper))}</g></g>'
    )


def _drawn(screen: Screen, styles: Styles, paper: str) -> Iterator[str]:
    papers, marks, texts = Areas(), Areas(), list[str]()
    for y, row in enumerate(screen):
        _fill(papers, row, y * HIGH, paper)
        _mark(marks, row, y * HIGH)
        texts += _written(row, y * HIGH, styles)
    yield from papers.paths()
    yield from marks.paths()
    yield from texts


def _fill(areas: Areas, row: Sequence[Cell], y: int, paper: str) -> None:
    """The colours behind a row, where they are not those of the page."""
    for colour, run in groupby(range(len(row)), lambda at: row[at].paper):
        places = list(run)
        if colour != paper:
            areas.add(colour, places[0] * WIDE, y, len(places) * WIDE, HIGH)


def _mark(areas: Areas, row: Sequence[Cell], y: int) -> None:
    """What of a row's characters is lines and blocks."""
    for (text, ink), run in groupby(range(len(row)), lambda at: (row[at].text, row[at].ink)):
        places = list(run)
        x, width = places[0] * WIDE, len(places) * WIDE
        half = HIGH / 2
        if text == "▀":
            areas.add(ink, x, y, width, half)
        elif text and text in EIGHTHS:
            height = HIGH * (EIGHTHS.index(text) + 1) / 8
            areas.add(ink, x, y + HIGH - height, width, height)
        elif text and text in LEFT_EIGHTHS:
            for place in places:
                areas.add(ink, place * WIDE, y, WIDE * (LEFT_EIGHTHS.index(text) + 1) / 8, HIGH)
        elif text == "─":
            areas.add(ink, x, y + half - 0.5, width, 1)
        elif text in ARMS:
            for place in places:
                _arms(areas, ink, place * WIDE, y, ARMS[text])


def _arms(areas: Areas, ink: str, x: float, y: float, arms: str) -> None:
    middle, half = WIDE / 2 - 0.5, HIGH / 2 - 0.5
    lines = {
        "n": (x + middle, y, 1, half + 1),
        "s": (x + middle, y + half, 1, HIGH - half),
        "w": (x, y + half, middle + 1, 1),
        "e": (x + middle, y + half, WIDE - middle, 1),
    }
    for arm in arms:
        areas.add(ink, *lines[arm])


def _written(row: Sequence[Cell], y: int, styles: Styles) -> Iterator[str]:
    """The letters of a row, each run of one look fitted to its cells."""
    for start, cells in _runs(row):
        said = "".join(cell.text for cell in cells)
        yield (
            f'<text class="{styles.name(cells[0])}" x="{start * WIDE}" y="{y + 13.5}"'
            f' textLength="{len(cells) * WIDE}">{escape(said, quote=False)}</text>'
        )


def _runs(row: Sequence[Cell]) -> Iterator[tuple[int, list[Cell]]]:
    """Words of one look, and where they begin; a single blank does not part two."""

    def look(at: int) -> Cell | None:
        has_letter = row[at].text != " " and row[at].text not in DRAWN
        return replace(row[at], text="", paper="") if has_letter else None

    words = [(one, list(places)) for one, places in groupby(range(len(row)), look) if one]
    while words:
        one, places = words.pop(0)
        while words and words[0][0] == one and _is_blank(row, places[-1] + 1, words[0][1][0]):
            places += [places[-1] + 1, *words.pop(0)[1]]
        yield places[0], [row[at] for at in places]


def _is_blank(row: Sequence[Cell], start: int, end: int) -> bool:
    return end - start == 1 and row[start].text == " "


def picture(width: int, height: int, parts: Iterable[str], styles: Styles, more: str = "") -> str:
    """A whole file: windows and what else is drawn; `more` is further CSS."""
    body = "\n".join(parts)
    css = (
        f"text{{font:13.3px {FONT}}}"
        f"path{{shape-rendering:crispEdges}}"
        f".title{{font-size:12px;fill:#8d8a85;text-anchor:middle}}{styles.css()}{more}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">\n<style>{css}</style>\n{body}\n</svg>\n'
    )
