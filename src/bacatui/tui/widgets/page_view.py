"""A page on the screen, with pictures: drawn by the line, and laid out as far as needed."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events, work
from textual.geometry import Size
from textual.strip import Strip

from bacatui.document import Picture
from bacatui.store import Reader
from bacatui.tui.later import after
from bacatui.tui.reading import card
from bacatui.tui.typeset import Line, Look, Page, Source, Span, Tile, fit, width_of
from bacatui.tui.widgets.line_widget import LineWidget

_NAMES = (
    "kicker host headline byline lead notice h1 h2 h3 h4 em strong strike mark code link note quote bar marker term "
    "head rule hair caption picture frame block keyword string number comment name deleted inserted more cut who "
    "tick card match found hint selection"
)
MEASURE = 72  # cells in a line of text, where the pane has them
SLICE = 0.008  # seconds of layout between two looks at the keyboard
USUAL = 500  # lines that are laid out in no time
PICTURES = 24  # drawn pictures that are kept
SMALLEST = 48  # pixels: what is smaller is an icon or a counter, and is only told of
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_LARGEST = 40_000_000  # pixels that are decoded at most
_VAST = 4_000_000  # pixels of a picture that is thinned out before anything else is done with it
_one_at_a_time = threading.Lock()

PictureKey = tuple[
    str, int, int, tuple[int, int, int]
]  # address, columns, rows, colour of the ground


class Found(NamedTuple):
    """A picture that the store has: its file, and its size in pixels."""

    path: Path
    width: int
    height: int


def stored(read: Reader, folder: Path, url: str) -> Found | None:
    """The picture of an address, where a sync has brought it into `folder`."""
    picture = read.picture(url)
    return (
        Found(folder / picture.path, picture.width, picture.height)
        if picture and picture.path
        else None
    )


class PageView(LineWidget):
    """Shows a source of lines at a place that means the same at every width."""

    PREFIX = "reader--"
    COMPONENT_CLASSES = {f"reader--{name}" for name in _NAMES.split()}  # noqa: RUF012 - Textual's own form

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.measure = MEASURE
        self.find_picture: Callable[[str], Found | None] | None = None
        self.xray = False
        self._source: Source | None = None
        self._page: Page | None = None
        self._card = ""
        self._tail: tuple[Line, ...] = ()
        self.place = 0.0  # how far it has been read: see `Mark.place`
        self._shift = 0  # cells that code and tables are scrolled sideways
        self._tick = -1  # the last line that was read before the page was turned
        self._quiet = False  # a scroll that is ours, not the reader's
        self._drawn_for = Size()
        self._drawn: OrderedDict[PictureKey, list[Strip]] = OrderedDict()

    @property
    def columns(self) -> int:
        """Width of the text in cells."""
        width = self.size.width
        return max(1, min(self.measure, width - 4 if width > 20 else width))

    @property
    def margin(self) -> int:
        """Cells left of the text."""
        return (self.size.width - self.columns) // 2

    @property
    def top(self) -> int:
        """The first line in sight."""
        return self.scroll_offset.y

    @property
    def rows(self) -> range:
        """The numbers of the lines in sight."""
        return range(self.top, self.top + self.size.height)

    @property
    def total(self) -> int:
        """Lines laid out so far, with the end card once the page is complete."""
        return len(self._page.lines) + len(self._tail) * self._page.is_complete if self._page else 0

    def page_of(self, source: Source) -> Page:
        """A page for these blocks at the present width."""
        look = Look(
            markers=self.app.no_color, tall=max(6, self.size.height * 2 // 3), size=self._size_of
        )
        return Page(source, self.columns, look, cuts=self.xray)

    def lay_out(self, page: Page | None = None) -> None:
        """Set the page anew, for a new width or a new text, and stay at the place."""
        if self._page is not None and self._page is not page:
            self._page.close()
        if self._source is None or not self.size.area:
            self._page, self.virtual_size = (
                None,
                self.size,
            )  # out of sight: laid out when it has a size again
            self.redraw()
            return
        self._page = page = page or self.page_of(self._source)
        self._tick = -1
        self._lay_end_card()
        self.go(page.line_of(self.place), quietly=True)
        self.call_after_refresh(self._work, page)

    def set_end_card(self, text: str) -> None:
        """What stands below the article: what comes next, or what was read today."""
        if text != self._card:
            self._card = text
            self._lay_end_card()

    def _lay_end_card(self) -> None:
        self._tail = (Line(), Line(), *(card(self._card, self.columns) if self._card else ()))
        if self._page:
            self._reach(0)
        self.redraw()

    def _work(self, page: Page) -> None:
        if page is not self._page or not self.is_attached:
            return
        page.work(SLICE)
        if page.is_complete:
            self._reach(0)
        else:
            after(0.002, self, partial(self._work, page))

    def _reach(self, y: int) -> None:
        """Lay out what a screen at line `y` shows, and one more; let the scrollbar know."""
        if self._page and (
            self._page.is_complete or len(self._page.lines) < y + 2 * self.size.height
        ):
            self._page.down(y + 4 * self.size.height)
            self.virtual_size = Size(self.size.width, self.total)  # the same again costs nothing

    def is_finished(self) -> bool:
        """Whether all of it is laid out, as is done at once for a text of a usual length."""
        if self._page:
            self._page.down(USUAL)
        return self._page is not None and self._page.is_complete

    async def finish(self) -> None:
        """Lay all of it out; keys are answered meanwhile."""
        while self._page and not self._page.is_complete:
            self._page.work(SLICE)
            await asyncio.sleep(0)
        self._reach(0)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new width, or keep the place if the width is the same."""
        self._drawn_for = self.size
        if self._page is None or self._page.width != self.columns:
            self.lay_out()
        else:
            self.go(self._page.line_of(self.place), quietly=True)
            self.redraw()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Lay out what comes into sight, and note the place."""
        super().watch_scroll_y(old_value, new_value)
        if self._page and round(old_value) != round(new_value):
            self._reach(self.top)
            if self._shift:
                self.sideways(0)
            if (
                not self._quiet and self.size == self._drawn_for
            ):  # else the screen grew, and the end was reached
                self.keep_place()
                self.was_scrolled()

    def keep_place(self) -> None:
        """Note the place of the first line in sight."""
        if self._page:
            self.place = self._page.place(max(0, min(self.top, len(self._page.lines) - 1)))

    def was_scrolled(self) -> None:
        """Called after the user has scrolled; for subclasses."""

    def go(self, y: int, *, quietly: bool = False) -> None:
        """Scroll to a line; `quietly` if it is not the user who scrolls."""
        self._reach(y)
        self._quiet = quietly
        self.scroll_to(y=y, animate=False, force=True)
        self._quiet = False

    def step(self, by: int) -> None:
        """Scroll by so many lines."""
        self.go(self.top + by)

    def page(self, share: float) -> None:
        """Scroll by a share of the height; whole pages overlap."""
        if share == 1:
            self.page_down()
        else:
            self.step(round(share * self.size.height) + 2 * (share == -1) or -1)

    def page_down(self) -> bool:
        """Scroll a screen down and tick the last line read; False at the end."""
        if self._page is None or self.rows.stop >= self.total:
            return False
        read = next((y for y in reversed(self.rows) if self._has_text(y)), self.rows[-1])
        self._tick = max(read, self.top)
        self._strips.clear()
        self.go(max(self.top + 1, read - 1))
        return True

    async def to_end(self, bottom: bool = True) -> None:
        """Go to the end, once all is laid out, or to the beginning."""
        if bottom:
            await self.finish()
        self.go(self.total if bottom else 0)

    def sideways(self, cells: int) -> None:
        """Code and tables that are wider than the measure, by so many cells."""
        lines = [line for y in self.rows if (line := self.line_at(y)) and line.wide]
        widest = max((width_of(line.spans) for line in lines), default=0)
        self._shift = max(0, min(self._shift + cells, widest + 1 - self.columns))
        self.redraw()

    def change_measure(self, cells: int) -> int:
        """Longer or shorter lines of text; returns how long they are now."""
        widest = (self.size.width or self.app.size.width) - 4  # out of sight it has no width
        self.measure = max(32, min(min(self.measure, widest) + cells, widest))
        self.lay_out()
        return self.columns

    def line_at(self, y: int) -> Line | None:
        """Line `y` of the page and its end card; None beyond them."""
        lines = self._page.lines if self._page else []
        if 0 <= y < len(lines):
            return lines[y]
        return self._tail[y - len(lines)] if len(lines) <= y < self.total else None

    def _has_text(self, y: int) -> bool:
        line = self.line_at(y)
        return line is not None and (
            line.tile is not None or any(span.text.strip() for span in line.spans)
        )

    def render_line(self, y: int) -> Strip:
        """One line of the widget, drawn or taken from the cache."""
        y += self.top
        if (strip := self._strips.get(y)) is None:
            strip = self._draw(y)
            self._strips.set(y, strip)
        return strip.apply_offsets(0, y)

    def _draw(self, y: int) -> Strip:
        line, width, margin = self.line_at(y), self.size.width, self.margin
        if line is None or self._page is None:
            return self.strip((Span(" " * width),), width)
        ticked = y == self._tick and margin > 1
        left = Span(" " * (margin - 2) + "▸ ", "tick") if ticked else Span(" " * margin)
        if line.tile:
            rest = width - margin - line.tile.columns
            return Strip.join(
                (
                    self.strip((left,), margin),
                    self._tile(line.tile),
                    Strip.blank(rest, self.rich_style),
                )
            )
        body = fit(line, self._page.width, self._shift)
        spans = (left, *body, Span(" " * (width - margin - self._page.width)))
        return self.strip(self.decorated(y, line, spans), width)

    def decorated(self, y: int, line: Line, spans: tuple[Span, ...]) -> Iterable[Span]:
        """The spans of a line with marks over them; for subclasses."""
        return spans

    def _size_of(self, picture: Picture) -> tuple[int, int] | None:
        found = (
            self.find_picture(picture.src) if self.find_picture and not self.app.no_color else None
        )
        return found[1:] if found and min(found.width, found.height) >= SMALLEST else None

    def _tile(self, tile: Tile) -> Strip:
        """One row of a picture; a frame with its words until it has been drawn."""
        key = (tile.src, tile.columns, tile.rows, self.background_colors[1].rgb)
        if key not in self._drawn and self.find_picture and (found := self.find_picture(tile.src)):
            self._drawn[key] = []
            if len(self._drawn) > PICTURES:
                self._drawn.popitem(last=False)
            self._draw_picture(key, found.path)
        if strips := self._drawn.get(key):
            return strips[tile.row]
        text = tile.alt.center(tile.columns) if tile.row == tile.rows // 2 else ""
        return self.strip(
            fit(Line((Span(text, "frame"),), fill="frame"), tile.columns), tile.columns
        )

    @work(thread=True, group="pictures", exit_on_error=False)
    def _draw_picture(self, key: PictureKey, path: Path) -> None:
        with _one_at_a_time:
            strips = draw(path, *key[1:])
        self.call_later(self._put_picture, key, strips)

    def _put_picture(self, key: PictureKey, strips: list[Strip]) -> None:
        if key in self._drawn:
            self._drawn[key] = strips
            self.redraw()


def draw(path: Path, columns: int, rows: int, ground: tuple[int, int, int]) -> list[Strip]:
    """A picture file as `rows` strips of `columns` cells; [] if it cannot be read.

    `ground` is the colour behind transparent parts.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=_FORMATS) as file:
            if file.width * file.height > _LARGEST:
                return []
            file.draft("RGB", (columns * 2, rows * 4))
            if file.width * file.height > _VAST:  # each copy of it would take a hundred megabytes
                file.thumbnail((columns * 4, rows * 8), Image.Resampling.NEAREST)
            picture = ImageOps.exif_transpose(file).convert("RGBA")
        picture = ImageOps.fit(picture, (columns, rows * 2), Image.Resampling.LANCZOS)
        sheet = Image.new("RGBA", picture.size, (*ground, 255))
        sheet.alpha_composite(picture)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return []  # Pillow raises SyntaxError for broken PNG chunks
    pixels = sheet.convert("RGB").tobytes()
    return [_strip(pixels, columns, 6 * columns * row) for row in range(rows)]


def _strip(pixels: bytes, columns: int, at: int) -> Strip:
    """One row of cells; neighbours of the same two colours share a segment."""
    below = at + 3 * columns
    pairs = (
        pixels[at + x : at + x + 3] + pixels[below + x : below + x + 3]
        for x in range(0, 3 * columns, 3)
    )
    segments = [
        Segment(
            "▀" * sum(1 for _ in same),
            Style(color=Color.from_rgb(*pair[:3]), bgcolor=Color.from_rgb(*pair[3:])),
        )
        for pair, same in groupby(pairs)
    ]
    return Strip(segments, columns)
