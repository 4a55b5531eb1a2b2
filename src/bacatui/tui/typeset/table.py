"""Tables: columns laid out to the measure, and sideways where they cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from rich.cells import cell_len

from bacatui.document import Runs, Table, plain
from bacatui.tui.typeset.flow import flow
from bacatui.tui.typeset.lines import Line, Span, width_of

GAP = "  "
SAMPLE = 200  # rows that decide how wide the columns are
NARROWEST = 8  # cells: a column of words is not squeezed below this
WIDEST = 40  # cells that a column takes where the table is scrolled sideways anyway
_NUMBER = re.compile(r"[-+−]?[$€£]?(?:Rp\.?)?\s*[\d.,'\u00a0 ]*\d\s*[%‰]?|[-–—]?")


def table_lines(table: Table, width: int, markers: bool = False) -> Iterator[Line]:
    """A caption, the header rows with a rule under them, and the rows with their cells wrapped."""
    yield from flow(table.caption, width, "caption", markers=markers)
    rows = (*table.rows[:SAMPLE], max(table.rows, key=len))
    widths = _widths(rows, width)
    wide = sum(widths) + len(GAP) * (len(widths) - 1) > width
    right = [_is_number_column(table.rows[table.head : SAMPLE], column) for column in range(len(widths))]
    rule = Span(GAP.join("─" * size for size in widths), "rule")
    airy = any(_wraps(row, widths) for row in rows[table.head :])
    for at, row in enumerate(table.rows):
        if at == table.head > 0:
            yield Line((rule,), wide=wide)
        elif at and airy and at > table.head:
            yield Line((Span(rule.text.replace("─", "┈"), "hair"),), wide=wide)
        yield from _row(row, widths, right, "head" if at < table.head else "", wide, markers)


def _widths(rows: tuple[tuple[Runs, ...], ...], width: int) -> list[int]:
    """Cells for each column: as wide as its text where that fits, else what the others leave, in fair shares."""
    natural, least = [], []
    for column in zip_longest(*rows, fillvalue=()):
        lines = [line for cell in column for line in plain(cell).split("\n")]
        natural.append(max(1, *map(cell_len, lines)))
        words = max((cell_len(word) for line in lines for word in line.split()), default=1)
        least.append(min(natural[-1], max(NARROWEST, min(words, 2 * NARROWEST))))
    room = width - len(GAP) * (len(natural) - 1)
    if sum(natural) <= room:
        return natural
    if sum(least) > room:
        return [min(size, WIDEST) for size in natural]
    widths = list(least)
    spare = room - sum(least)
    wanting = sorted(range(len(widths)), key=lambda column: natural[column] - least[column])
    for done, column in enumerate(wanting):
        more = min(natural[column] - least[column], spare // (len(wanting) - done))
        widths[column] += more
        spare -= more
    return widths


def _is_number_column(rows: tuple[tuple[Runs, ...], ...], column: int) -> bool:
    cells = [plain(row[column]) for row in rows if column < len(row) and row[column]]
    return bool(cells) and sum(_NUMBER.fullmatch(cell) is not None for cell in cells) > 0.8 * len(cells)


def _wraps(row: tuple[Runs, ...], widths: list[int]) -> bool:
    return any("\n" in (text := plain(cell)) or cell_len(text) > size for cell, size in zip(row, widths, strict=False))


def _row(
    row: tuple[Runs, ...], widths: list[int], right: list[bool], style: str, wide: bool, markers: bool
) -> Iterator[Line]:
    cells = [list(flow(cell, size, style, markers=markers)) for cell, size in zip(row, widths, strict=False)]
    for parts in zip_longest(*cells):
        spans: list[Span] = []
        for at, size in enumerate(widths):
            shown = parts[at].spans if at < len(parts) and parts[at] else ()
            blank = Span(" " * (size - width_of(shown)), style)
            spans += [Span(GAP)] if at else []
            spans += [blank, *shown] if right[at] else [*shown, blank]
        yield Line(tuple(spans), wide=wide)
