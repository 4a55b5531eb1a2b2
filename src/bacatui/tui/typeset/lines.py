"""What a line is, and how it is made to fit the pane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size, split_text

from bacatui import sanitize


class Span(NamedTuple):
    """Text in one style. `style`: names with blanks between; `href`: a URL, `#note`, or `#^note` for the way back."""

    text: str
    style: str = ""
    href: str = ""


class Tile(NamedTuple):
    """Row `row` of a picture that is `columns` by `rows` cells."""

    src: str
    alt: str
    row: int
    columns: int
    rows: int


class Line(NamedTuple):
    """One row of a page. The first `lead` spans are indents, bullets and bars, not text of the article."""

    spans: tuple[Span, ...] = ()
    lead: int = 0
    wide: bool = False  # may be longer than the measure, and is then scrolled sideways
    joint: str = "\n"  # what stands between this line and the next in the article itself
    fill: str = ""  # the style of the blanks after it
    anchor: str = ""  # id of the footnote that starts here
    tile: Tile | None = None


def width_of(spans: Iterable[Span]) -> int:
    """Cells that the spans take."""
    return sum(cell_len(span.text) for span in spans)


def line_text(line: Line) -> str:
    """The article's own text on a line."""
    return "".join(span.text for span in line.spans[line.lead :])


def crop(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """The cells from `start` to `end`; a wide character that is cut through becomes a blank."""
    at = 0
    for span in spans:
        size = cell_len(span.text)
        if at + size > start and at < end:
            text = split_text(span.text, start - at)[1] if at < start else span.text
            yield span._replace(text=set_cell_size(text, end - max(at, start)) if at + size > end else text)
        at += size


def fit(line: Line, width: int, shift: int = 0) -> tuple[Span, ...]:
    """The spans of a line, cropped and filled to exactly `width` cells; wide lines are moved `shift` cells left."""
    spans = tuple(s if sanitize.is_safe(s.text) else s._replace(text=sanitize.shown(s.text)) for s in line.spans)
    size = width_of(spans)
    if line.wide and (size > width or shift):
        kept, body = spans[: line.lead], spans[line.lead :]
        room = width - width_of(kept)
        cut_left, cut_right = shift > 0 and bool(body), size - shift > width
        shown = crop(body, shift + cut_left, shift + room - cut_right)
        left, right = (Span(sign, f"{line.fill} more") for sign in "‹›")
        spans = (*kept, *(left,) * cut_left, *shown, *(right,) * cut_right)
        size = width_of(spans)
    if size > width:
        spans = tuple(crop(spans, 0, width))
        size = width_of(spans)
    return (*spans, Span(" " * (width - size), line.fill)) if size < width else spans
