"""Turns blocks into lines, with one function for each kind of block."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat, zip_longest
from typing import assert_never

from rich.cells import cell_len

from bacatui import document as doc
from bacatui.document import Block, Picture, Run, Runs, Style, Table, plain
from bacatui.i18n import _
from bacatui.tui.typeset.flow import Line, Span, Tile, flow, is_rtl, width_of

MIN_INNER = 12  # cells that an indent must leave for the text; otherwise there is no indent
_BULLETS = "•◦▪"
_EMPTY: tuple[Block, ...] = (doc.Paragraph((Run(" "),)),)
GAP = "  "
SAMPLE = 200  # rows that decide how wide the columns are
NARROWEST = 8  # least cells for a column of words
WIDEST = 40  # most cells for a column of a table that is scrolled sideways
_NUMBER = re.compile(r"[-+−]?[$€£]?(?:Rp\.?)?\s*[\d.,'\u00a0 ]*\d\s*[%‰]?|[-–—]?")
LIMIT = 20_000  # characters of code up to which it is highlighted
LONGEST = 1_000  # characters of a line of code; longer lines are split
# Only lexers that are safe with hostile input: some of the rarer ones can be made to hang.
_KNOWN = (
    "bash c console cpp csharp css diff docker elixir go haskell html ini java javascript json kotlin lua makefile "
    "nix ocaml perl php python ruby rust scala sh shell sql swift toml ts typescript xml yaml zig jsx tsx js py rb rs "
)
_NAMES = {
    "Comment": "comment", "Keyword": "keyword", "Literal.String": "string", "Literal.Number": "number",
    "Name.Function": "name", "Name.Class": "name", "Name.Tag": "keyword", "Name.Attribute": "name",
    "Name.Builtin": "name", "Generic.Deleted": "deleted", "Generic.Inserted": "inserted", "Operator.Word": "keyword",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What the screen can show.

    `size` returns the width and height of a picture in pixels; None if it cannot be drawn.
    """

    markers: bool = False  # mark code with signs, on a screen without colour
    tall: int = 20  # rows that a picture takes at most
    size: Callable[[Picture], tuple[int, int] | None] = lambda picture: None


def typeset(
    blocks: Iterable[Block], width: int, look: Look = Look(), depth: int = 0
) -> Iterator[Line]:
    """The lines of blocks, with blank lines between; at most `width` cells unless `wide`."""
    for at, block in enumerate(blocks):
        is_nested_list = depth > 0 and isinstance(block, doc.Listing)
        if at and not is_nested_list:
            yield from repeat(Line(), air(block))
        yield from lines_of(block, width, look, depth)


def air(block: Block) -> int:
    """Blank lines before a block, unless it is the first."""
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
            terms = (
                (flow(term, width, "term"), _hang(Span("   "), body, width, look, 0))
                for term, body in items
            )
            gaps = ((Line(),) if at and items[at][0] else () for at in range(len(items)))
            return chain.from_iterable(
                chain(gap, *pair) for gap, pair in zip(gaps, terms, strict=True)
            )
        case doc.Notes(notes):
            return _notes(notes, width, look)
        case doc.Divider():
            blank = Span(" " * ((width - 7) // 2))
            return iter([Line((blank, Span("·  ·  ·"[:width], "rule")), 2)])
    assert_never(block)


def styled(style: str, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with a style put under the styles they have."""
    for line in lines:
        yield line._replace(
            spans=tuple(Span(t, f"{style} {s}" if s else style, h) for t, s, h in line.spans)
        )


def _hang(
    mark: Span, blocks: tuple[Block, ...], width: int, look: Look, depth: int, *, rest: str = ""
) -> Iterator[Line]:
    """Blocks behind a bullet, number or bar, which is at the right of right-to-left text.

    `mark` stands before the first line, `rest` before the others.
    """
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
            mirrored = mark._replace(
                text=mark.text.strip().rjust(size) if mark.text.strip() else mark.text
            )
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
    return (
        len(texts) > 1 or sum(len(run.text) for block in texts for run in doc.runs_of(block)) > size
    )


def _notes(
    notes: tuple[tuple[str, tuple[Block, ...]], ...], width: int, look: Look
) -> Iterator[Line]:
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
            if at:
                yield Line()
            columns, rows = _cells(*size, width, look.tall)
            yield from (
                Line(tile=Tile(picture.src, picture.alt, row, columns, rows)) for row in range(rows)
            )
        elif picture.alt or at == 0:
            runs = (Run("▨ "), Run(picture.alt or _("Picture"), Style.PLAIN, picture.src))
            yield from flow(runs, width, "picture", markers=look.markers)
    yield from flow(figure.caption, width, "caption", markers=look.markers)


def _cells(across: int, down: int, width: int, tall: int) -> tuple[int, int]:
    """Columns and rows for a picture of `across` by `down` pixels.

    A cell is twice as high as wide. A column takes at least 8 pixels: pictures are not enlarged.
    """
    columns = min(width, -(-across // 8))
    rows = max(1, round(columns * down / across / 2))
    return (columns, rows) if rows <= tall else (max(2, round(columns * tall / rows)), tall)


def code_lines(text: str, language: str, width: int) -> Iterator[Line]:
    """Code as it was written, on a background of its own; long lines scroll, and never wrap."""
    margin = Span(" " if width > 8 else "", "block")
    wide = any(
        2 * len(line) > width and cell_len(line) + len(margin.text) > width
        for line in text.split("\n")
    )
    row: list[Span] = []
    for style, value in _tokens(text, language.lower()):
        for at, part in enumerate(value.split("\n")):
            if at:
                yield Line((margin, *row), 1, wide=wide, fill="block")
                row = []
            if part and row and _is_one(row[-1].text[-20:], part[:20]):
                row[-1] = row[-1]._replace(text=row[-1].text + part)
            elif part:
                row.append(Span(part, style))
    yield Line((margin, *row), 1, wide=wide, fill="block")


def _is_one(before: str, after: str) -> bool:
    """Whether a lexer split a grapheme: `after` begins with a character that joins `before`."""
    if after[0].isascii():
        return False
    return not cell_len(after[0]) or cell_len(before + after) < cell_len(before) + cell_len(after)


def _tokens(text: str, language: str) -> Iterator[tuple[str, str]]:
    if len(text) > LIMIT or not language or f" {language} " not in f" {_KNOWN}":
        for number, line in enumerate(text.split("\n")):
            for at in range(0, max(1, len(line)), LONGEST):
                yield "block", ("\n" if number or at else "") + line[at : at + LONGEST]
        return
    from pygments.lexers import get_lexer_by_name

    for kind, value in get_lexer_by_name(language, stripnl=False, ensurenl=False).get_tokens(text):
        name = str(kind).removeprefix("Token.")
        yield (
            next(
                (f"block {style}" for prefix, style in _NAMES.items() if name.startswith(prefix)),
                "block",
            ),
            value,
        )


def table_lines(table: Table, width: int, markers: bool = False) -> Iterator[Line]:
    """A caption, the header rows with a rule under them, and the rows with their cells wrapped."""
    yield from flow(table.caption, width, "caption", markers=markers)
    sample = table.rows[table.head : SAMPLE]
    widths = _widths((*table.rows[:SAMPLE], max(table.rows, key=len)), width)
    columns = [
        [plain(row[at]) for row in sample if at < len(row) and row[at]] for at in range(len(widths))
    ]
    right = [sum(map(bool, map(_NUMBER.fullmatch, texts))) > 0.8 * len(texts) for texts in columns]
    airy = any(
        cell_len(plain(cell)) > size
        for row in sample
        for cell, size in zip(row, widths, strict=False)
    )
    rule = GAP.join("─" * size for size in widths)
    wide = len(rule) > width
    for at, row in enumerate(table.rows):
        if at == table.head > 0:
            yield Line((Span(rule, "rule"),), wide=wide)
        elif airy and at > table.head:
            yield Line((Span(rule.replace("─", "┈"), "hair"),), wide=wide)
        style = "head" if at < table.head else ""
        cells = [
            flow(cell, size, style, markers=markers)
            for cell, size in zip(row, widths, strict=False)
        ]
        for parts in zip_longest(*cells, fillvalue=Line()):
            spans: list[Span] = []
            for column, size in enumerate(widths):
                shown = parts[column].spans if column < len(parts) else ()
                blank = Span(" " * (size - width_of(shown)), style)
                spans += [Span(GAP)] if column else []
                spans += [blank, *shown] if right[column] else [*shown, blank]
            yield Line(tuple(spans), wide=wide)


def _widths(rows: Sequence[Sequence[Runs]], width: int) -> list[int]:
    """Cells for each column: the width of its text, or a fair share if that does not fit."""
    columns = [
        [line for cell in column for line in plain(cell).split("\n")]
        for column in zip_longest(*rows, fillvalue=())
    ]
    natural = [max(1, *map(cell_len, lines)) for lines in columns]
    words = [
        max((cell_len(word) for line in lines for word in line.split()), default=1)
        for lines in columns
    ]
    widths = [
        min(n, max(NARROWEST, min(w, 2 * NARROWEST))) for n, w in zip(natural, words, strict=True)
    ]
    spare = width - len(GAP) * (len(widths) - 1) - sum(widths)
    if spare < 0:
        return [min(size, WIDEST) for size in natural]
    wanting = sorted(range(len(widths)), key=lambda at: natural[at] - widths[at])
    for done, at in enumerate(wanting):
        more = min(natural[at] - widths[at], spare // (len(wanting) - done))
        widths[at] += more
        spare -= more
    return widths
