"""Tables: columns laid out to the measure, and sideways where they cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len

from bacatui.document import Runs, Table, plain
from bacatui.tui.typeset.flow import flow
from bacatui.tui.typeset.lines import Line, Span, width_of

GAP = "  "
SAMPLE = 200  # rows that decide how wide the columns are
NARROWEST = 8  # cells: a column of words is not squeezed below this
WIDEST = 40  # cells that a column takes at most where the table is scrolled sideways anyway
_NUMBER = re.compile(r"[-+−]?[$€£]?(?:Rp\.?)?\s*[\d.,'\u00a0 ]*\d\s*[%‰]?|[-–—]?")


def table_lines(table: Table, width: int, markers: bool = False) -> Iterator[Line]:
    """A caption, the header rows with a rule under them, and the rows with their cells wrapped."""
    yield from flow(table.caption, width, "caption", markers=markers)
    sample = table.rows[table.head : SAMPLE]
    widths = _widths((*table.rows[:SAMPLE], max(table.rows, key=len)), width)
    right = [_is_numbers([row[at] for row in sample if at < len(row)]) for at in range(len(widths))]
    airy = any(cell_len(plain(cell)) > size for row in sample for cell, size in zip(row, widths, strict=False))
    rule = GAP.join("─" * size for size in widths)
    wide = len(rule) > width
    for at, row in enumerate(table.rows):
        if at == table.head > 0:
            yield Line((Span(rule, "rule"),), wide=wide)
        elif airy and at > table.head:
            yield Line((Span(rule.replace("─", "┈"), "hair"),), wide=wide)
        style = "head" if at < table.head else ""
        cells = [flow(cell, size, style, markers=markers) for cell, size in zip(row, widths, strict=False)]
        for parts in zip_longest(*cells, fillvalue=Line()):
            spans: list[Span] = []
            for column, size in enumerate(widths):
                shown = parts[column].spans if column < len(parts) else ()
                blank = Span(" " * (size - width_of(shown)), style)
                spans += [Span(GAP)] if column else []
                spans += [blank, *shown] if right[column] else [*shown, blank]
            yield Line(tuple(spans), wide=wide)


def _widths(rows: Sequence[Sequence[Runs]], width: int) -> list[int]:
    """Cells for each column: as wide as its text where that fits, else what the others leave, in fair shares."""
    columns = [
        [line for cell in column for line in plain(cell).split("\n")] for column in zip_longest(*rows, fillvalue=())
    ]
    natural = [max(1, *map(cell_len, lines)) for lines in columns]
    words = [max((cell_len(word) for line in lines for word in line.split()), default=1) for lines in columns]
    widths = [min(n, max(NARROWEST, min(w, 2 * NARROWEST))) for n, w in zip(natural, words, strict=True)]
    spare = width - len(GAP) * (len(widths) - 1) - sum(widths)
    if spare < 0:
        return [min(size, WIDEST) for size in natural]
    wanting = sorted(range(len(widths)), key=lambda at: natural[at] - widths[at])
    for done, at in enumerate(wanting):
        more = min(natural[at] - widths[at], spare // (len(wanting) - done))
        widths[at] += more
        spare -= more
    return widths


def _is_numbers(cells: Sequence[Runs]) -> bool:
    texts = [plain(cell) for cell in cells if cell]
    return bool(texts) and sum(_NUMBER.fullmatch(text) is not None for text in texts) > 0.8 * len(texts)
