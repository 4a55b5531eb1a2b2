"""Blocks to lines: one function per kind of block, by `match` over the closed union."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import assert_never

from rich.cells import cell_len

from bacatui import document as doc
from bacatui.document import Block, Picture, Run, Style
from bacatui.i18n import _
from bacatui.tui.typeset.code import code_lines
from bacatui.tui.typeset.flow import flow, is_rtl
from bacatui.tui.typeset.lines import Line, Span, Tile, width_of
from bacatui.tui.typeset.table import table_lines

MIN_INNER = 12  # cells: where an indent would leave less for the text, there is no indent
_BULLETS = "•◦▪"
_EMPTY: tuple[Block, ...] = (doc.Paragraph((Run(" "),)),)


@dataclass(frozen=True, slots=True)
class Look:
    """What the screen can show. `size` gives a picture's pixels where it will be drawn, None where only told of."""

    markers: bool = False  # tell code apart by signs, on a screen without colour
    tall: int = 20  # rows that a picture takes at most
    size: Callable[[Picture], tuple[int, int] | None] = lambda picture: None


def typeset(blocks: Iterable[Block], width: int, look: Look = Look(), depth: int = 0) -> Iterator[Line]:
    """The lines of blocks, each at most `width` cells wide but those marked `wide`, with air between."""
    for at, block in enumerate(blocks):
        if at and not (depth and isinstance(block, doc.Listing)):  # a list in a list follows without a gap
            yield from (Line(),) * air(block)
        yield from lines_of(block, width, look, depth)


def air(block: Block) -> int:
    """How many blank lines stand before a block."""
    return 2 if isinstance(block, doc.Heading) and block.level <= 2 else 1


def lines_of(block: Block, width: int, look: Look, depth: int = 0) -> Iterator[Line]:
    """The lines of one block; `depth` counts the lists around it."""
    match block:
        case doc.Paragraph(runs):
            return flow(runs, width, markers=look.markers)
        case doc.Heading(level, runs):
            return flow(runs, width, f"h{min(level, 4)}", markers=look.markers)
        case doc.Quote(blocks):
            return styled("quote", _hang(Span("▎ ", "bar"), blocks, width, look, 0, rest="▎ "))
        case doc.Listing():
            return _listing(block, width, look, depth)
        case doc.Code(text, language):
            return code_lines(text, language, width)
        case doc.Table():
            return table_lines(block, width, look.markers)
        case doc.Figure():
            return _figure(block, width, look)
        case doc.Definitions(items):
            terms = ((flow(term, width, "term"), _hang(Span("   "), body, width, look, 0)) for term, body in items)
            gaps = ((Line(),) if at and items[at][0] else () for at in range(len(items)))
            return chain.from_iterable(chain(gap, *pair) for gap, pair in zip(gaps, terms, strict=True))
        case doc.Notes(notes):
            return _notes(notes, width, look)
        case doc.Rule():
            return iter((Line((Span(" " * ((width - 7) // 2)), Span("·  ·  ·"[:width], "rule")), 2),))
    assert_never(block)


def styled(style: str, lines: Iterable[Line]) -> Iterator[Line]:
    """Lines whose every span lies on `style`."""
    for line in lines:
        yield line._replace(spans=tuple(Span(t, f"{style} {s}" if s else style, h) for t, s, h in line.spans))


def _hang(
    mark: Span, blocks: tuple[Block, ...], width: int, look: Look, depth: int, *, rest: str = ""
) -> Iterator[Line]:
    """Blocks behind a bullet, number or bar; it stands at the right of text that is written from the right."""
    size = cell_len(mark.text)
    rest = rest or " " * size
    if width - size < MIN_INNER:
        if mark.text.strip("▎ "):
            yield Line((mark._replace(text=mark.text.strip()[:width]),), 1, joint=" ")
        yield from typeset(blocks, width, look, depth)
        return
    rtl = is_rtl(doc.to_text(blocks[:1])[:200])
    for line in typeset(blocks or _EMPTY, width - size, look, depth):
        if rtl:
            blank = Span(" " * max(0, width - size - width_of(line.spans)))
            mirrored = mark._replace(text=mark.text.strip().rjust(size) if mark.text.strip() else mark.text)
            yield line._replace(spans=(blank, *line.spans, mirrored), lead=line.lead + 1)
        else:
            yield line._replace(spans=(mark, *line.spans), lead=line.lead + 1)
        mark = mark._replace(text=rest, href="")


def _listing(listing: doc.Listing, width: int, look: Look, depth: int) -> Iterator[Line]:
    items, start = listing.items, listing.start
    room = max(len(str(start)), len(str((start or 0) + len(items) - 1))) + 1
    loose = any(_is_long(item, 2 * width) for item in items[:50])
    for at, item in enumerate(items):
        if at and loose:
            yield Line()
        mark = _BULLETS[depth % len(_BULLETS)] if start is None else f"{start + at}.".rjust(room)
        yield from _hang(Span(mark + " ", "marker"), item, width, look, depth + 1)


def _is_long(item: tuple[Block, ...], size: int) -> bool:
    texts = [block for block in item if not isinstance(block, doc.Listing)]
    return len(texts) > 1 or sum(len(run.text) for block in texts for run in doc.runs_of(block)) > size


def _notes(notes: tuple[tuple[str, tuple[Block, ...]], ...], width: int, look: Look) -> Iterator[Line]:
    yield Line((Span("─" * min(12, width), "rule"),), 1)
    room = len(str(len(notes))) + 2
    for number, (name, body) in enumerate(notes, 1):
        mark = Span(f"{number}.".ljust(room), "note", f"#^{name}" if name else "")
        for at, line in enumerate(_hang(mark, body, width, look, 1)):
            yield line if at else line._replace(anchor=name)


def _figure(figure: doc.Figure, width: int, look: Look) -> Iterator[Line]:
    for at, picture in enumerate(figure.pictures):
        size = look.size(picture)
        if size and width >= MIN_INNER:
            yield from (Line(),) * bool(at)
            columns, rows = _cells(*size, width, look.tall)
            yield from (Line(tile=Tile(picture.src, picture.alt, row, columns, rows)) for row in range(rows))
        elif picture.alt or at == 0:
            runs = (Run("▨ "), Run(picture.alt or _("Picture"), Style.PLAIN, picture.src))
            yield from flow(runs, width, "picture", markers=look.markers)
    yield from flow(figure.caption, width, "caption", markers=look.markers)


def _cells(across: int, down: int, width: int, tall: int) -> tuple[int, int]:
    """Columns and rows for a picture: two pixels make a cell; it is never larger than life at 8 pixels a column."""
    columns = min(width, -(-across // 8))
    rows = max(1, round(columns * down / across / 2))
    return (columns, rows) if rows <= tall else (max(2, round(columns * tall / rows)), tall)
