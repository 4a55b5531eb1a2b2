"""Blocks to lines: one function per kind of block, by `match` over the closed union."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from rich.cells import cell_len

from bacatui.document import (
    Block,
    Code,
    Definitions,
    Figure,
    Heading,
    Listing,
    Notes,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Runs,
    Style,
    Table,
    plain,
)
from bacatui.i18n import _
from bacatui.tui.typeset.code import code_lines
from bacatui.tui.typeset.flow import flow, is_rtl
from bacatui.tui.typeset.lines import Line, Span, Tile, width_of
from bacatui.tui.typeset.table import table_lines

MIN_INNER = 12  # cells: where an indent would leave less for the text, there is no indent
_BULLETS = ("•", "◦", "▪")
_BLANK = Line()


def _no_size(picture: Picture) -> tuple[int, int] | None:
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """What the screen can show. `size` gives a picture's pixels where it will be drawn, None where only told of."""

    markers: bool = False  # tell code apart by signs, on a screen without colour
    tall: int = 20  # rows that a picture takes at most
    size: Callable[[Picture], tuple[int, int] | None] = _no_size


def typeset(blocks: Iterable[Block], width: int, look: Look = Look(), depth: int = 0) -> Iterator[Line]:
    """The lines of blocks, each at most `width` cells wide but those marked `wide`, with air between."""
    first = True
    for block in blocks:
        if not first:
            yield from (_BLANK,) * air(block)
        first = False
        yield from lines_of(block, width, look, depth)


def air(block: Block) -> int:
    """How many blank lines stand before a block."""
    return 2 if isinstance(block, Heading) and block.level <= 2 else 1


def lines_of(block: Block, width: int, look: Look, depth: int = 0) -> Iterator[Line]:
    """The lines of one block; `depth` counts the lists around it."""
    match block:
        case Paragraph(runs):
            return flow(runs, width, markers=look.markers)
        case Heading(level, runs):
            return flow(runs, width, f"h{min(level, 4)}", markers=look.markers)
        case Quote(blocks):
            bar = Span("▎ ", "bar")
            return _indented(
                lambda inner: _styled(typeset(blocks, inner, look, depth), "quote"), width, bar, bar, blocks
            )
        case Listing(items, start):
            return _listing(items, start, width, look, depth)
        case Code(text, language):
            return code_lines(text, language, width)
        case Table():
            return table_lines(block, width, look.markers)
        case Figure():
            return _figure(block, width, look)
        case Definitions(items):
            return _definitions(items, width, look, depth)
        case Notes(notes):
            return _notes(notes, width, look, depth)
        case Rule():
            stars = "·  ·  ·"
            return iter((Line((Span(" " * max(0, (width - 7) // 2)), Span(stars[:width], "rule")), 2),))
    assert_never(block)


def _styled(lines: Iterable[Line], style: str) -> Iterator[Line]:
    """Lines whose every span lies on `style`."""
    for line in lines:
        yield line._replace(spans=tuple(Span(t, f"{style} {s}" if s else style, h) for t, s, h in line.spans))


def _indented(
    inner: Callable[[int], Iterator[Line]], width: int, first: Span, rest: Span, blocks: tuple[Block, ...]
) -> Iterator[Line]:
    """Lines behind a bullet or a bar; on the right of text that is written from the right."""
    size = cell_len(first.text)
    if width - size < MIN_INNER:
        if first.text.strip("▎ "):
            yield Line((first._replace(text=first.text.strip()[:width]),), 1, joint=" ")
        yield from inner(width)
        return
    rtl = is_rtl(_opening(blocks))
    mark = first
    for line in inner(width - size):
        if rtl:
            blank = Span(" " * max(0, width - size - width_of(line.spans)))
            spaces = " " * (len(mark.text) - len(mark.text.rstrip()))
            mirrored = mark._replace(text=spaces + mark.text[: len(mark.text) - len(spaces)])
            yield line._replace(spans=(blank, *line.spans, mirrored), lead=line.lead + 1)
        else:
            yield line._replace(spans=(mark, *line.spans), lead=line.lead + 1)
        mark = rest


def _opening(blocks: tuple[Block, ...]) -> str:
    """The first words in some blocks, to tell in which direction they are written."""
    while blocks:
        match blocks[0]:
            case Paragraph(runs) | Heading(_, runs):
                return plain(runs)[:200]
            case Quote(inner) | Listing((inner, *_)):
                blocks = inner
            case _:
                return ""
    return ""


def _listing(
    items: tuple[tuple[Block, ...], ...], start: int | None, width: int, look: Look, depth: int
) -> Iterator[Line]:
    room = 0 if start is None else max(len(str(start)), len(str(start + len(items) - 1)))
    loose = any(_is_long(item, 2 * width) for item in items[:50])
    for at, item in enumerate(items):
        if at and loose:
            yield _BLANK
        mark = f"{_BULLETS[depth % len(_BULLETS)]} " if start is None else f"{start + at}.".rjust(room + 1) + " "
        blocks = item or (Paragraph((Run(" "),)),)
        yield from _indented(
            lambda inner, blocks=blocks: _item(blocks, inner, look, depth + 1),  # type: ignore[misc]
            width,
            Span(mark, "marker"),
            Span(" " * len(mark)),
            blocks,
        )


def _is_long(item: tuple[Block, ...], size: int) -> bool:
    texts = [block for block in item if not isinstance(block, Listing)]
    return len(texts) > 1 or any(isinstance(b, Paragraph) and sum(len(r.text) for r in b.runs) > size for b in texts)


def _item(blocks: tuple[Block, ...], width: int, look: Look, depth: int) -> Iterator[Line]:
    """The inside of a list item: a list in it follows its paragraph without a gap."""
    for at, block in enumerate(blocks):
        if at and not isinstance(block, Listing):
            yield from (_BLANK,) * air(block)
        yield from lines_of(block, width, look, depth)


def _definitions(
    items: tuple[tuple[Runs, tuple[Block, ...]], ...], width: int, look: Look, depth: int
) -> Iterator[Line]:
    indent = Span("   ")
    for at, (term, body) in enumerate(items):
        if at and term:
            yield _BLANK
        yield from flow(term, width, "term", markers=look.markers)
        if body:
            yield from _indented(
                lambda inner, body=body: typeset(body, inner, look, depth),  # type: ignore[misc]
                width, indent, indent, body,
            )  # fmt: skip


def _notes(notes: tuple[tuple[str, tuple[Block, ...]], ...], width: int, look: Look, depth: int) -> Iterator[Line]:
    yield Line((Span("─" * min(12, width), "rule"),), 1)
    room = len(str(len(notes))) + 2
    for number, (name, body) in enumerate(notes, 1):
        mark = Span(f"{number}.".ljust(room), "note", f"#^{name}" if name else "")
        lines = _indented(
            lambda inner, body=body: typeset(body or (Paragraph((Run(" "),)),), inner, look, depth),  # type: ignore[misc]
            width, mark, Span(" " * room), body,
        )  # fmt: skip
        for at, line in enumerate(lines):
            yield line if at or not name else line._replace(anchor=name)


def _figure(figure: Figure, width: int, look: Look) -> Iterator[Line]:
    for at, picture in enumerate(figure.pictures):
        size = look.size(picture)
        if at and size:
            yield _BLANK
        if size and width >= MIN_INNER:
            columns, rows = _tiles(*size, width, look.tall)
            for row in range(rows):
                yield Line(tile=Tile(picture.src, picture.alt, row, columns, rows))
        else:
            said = picture.alt or (_("Picture") if not figure.caption else "")
            runs = (Run("▨ "), Run(said or _("Picture"), Style.PLAIN, picture.src))
            yield from flow(runs, width, "picture", markers=look.markers)
    yield from flow(figure.caption, width, "caption", markers=look.markers)


def _tiles(across: int, down: int, width: int, tall: int) -> tuple[int, int]:
    """Columns and rows for a picture: two pixels make a cell; never larger than life at 8 pixels a column."""
    columns = max(8, min(width, -(-across // 8)))
    rows = max(1, round(columns * down / across / 2))
    if rows > tall:
        columns, rows = max(2, round(columns * tall / rows)), tall
    return min(columns, width), rows
