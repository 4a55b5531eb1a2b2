"""A page on the screen: drawn by the line, laid out only as far as it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from functools import partial

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bacatui.document import Picture
from bacatui.tui.typeset import Line, Look, Page, Span, Tile, fit
from bacatui.tui.typeset.page import Source
from bacatui.tui.widgets.pictures import SMALLEST, FindPicture, Found, draw
from bacatui.tui.widgets.strips import NAMES, Ink

MEASURE = 72  # cells in a line of text, where the pane has them
SLICE = 0.008  # seconds of layout between two looks at the keyboard
STRIPS = 400  # drawn lines that are kept
PICTURES = 24  # drawn pictures that are kept


class PageView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a source of lines, from a place that stays the same at every width and in every theme."""

    COMPONENT_CLASSES = {f"reader--{name}" for name in NAMES}  # noqa: RUF012 - Textual's own form

    class PictureDrawn(Message):
        """A picture is ready, or turned out not to be one."""

        def __init__(self, tile: Tile, strips: list[Strip]) -> None:
            super().__init__()
            self.tile = tile
            self.strips = strips

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.measure = MEASURE
        self.find_picture: FindPicture | None = None
        self.xray = False
        self._source: Source | None = None
        self._page: Page | None = None
        self._tail: list[Line] = []
        self._place = 0.0
        self._shift = 0  # cells that code and tables are scrolled sideways
        self._tick = -1  # the last line that was read before the page was turned
        self._quiet = False  # a scroll that is ours, not the reader's
        self._ink = Ink(self, "reader--")
        self._strips: OrderedDict[int, Strip] = OrderedDict()
        self._drawn: OrderedDict[tuple[str, int, int], list[Strip] | None] = OrderedDict()

    # layout

    @property
    def columns(self) -> int:
        """Cells in a line of text now."""
        width = self.size.width
        return max(1, min(self.measure, width - 4 if width > 20 else width))

    @property
    def margin(self) -> int:
        """Cells left of the text."""
        return (self.size.width - self.columns) // 2

    @property
    def top(self) -> int:
        """The uppermost line on the screen."""
        return self.scroll_offset.y

    @property
    def total(self) -> int:
        """Lines that are laid out."""
        return len(self._page.lines) + (len(self._tail) if self._page.is_complete else 0) if self._page else 0

    def lay_out(self) -> None:
        """Set the page anew, for a new width or a new text, and stay at the place."""
        if self._source is None or not self.size.area:
            return
        look = Look(markers=self.app.no_color, tall=max(6, self.size.height * 2 // 3), size=self._size_of)
        self._page = page = Page(self._source, self.columns, look, place=self._place, cuts=self.xray)
        self._tail = list(self.tail_lines())
        self._tick = -1
        self.redraw()
        self._show_at(self._ensure(page.line_of(self._place)))
        self.call_after_refresh(self._work, page)

    def tail_lines(self) -> Iterable[Line]:
        """What stands below the text."""
        return ()

    def moved(self, lines: int) -> None:
        """That many lines have been put above the others."""
        if self._tick >= 0:
            self._tick += lines

    def _ensure(self, y: int) -> int:
        """Lay out what a screen at line `y` shows, and one more either way; returns where that line is then."""
        page, height = self._page, self.size.height
        assert page is not None
        while y < height and not page.has_top:
            y += self._merge(page)
        if len(page.lines) < y + 2 * height:
            page.down(y + 4 * height)
        while y + height > self.total and not page.has_top:
            y += self._merge(page)
        size = Size(self.size.width, self.total)
        if size != self.virtual_size:
            self.virtual_size = size
        return y

    def _merge(self, page: Page) -> int:
        page.up()
        lines = page.merge()
        self._strips.clear()
        self.moved(lines)
        return lines

    def _show_at(self, y: int) -> None:
        self._quiet = True
        self.scroll_to(y=y, animate=False, force=True)
        self._quiet = False

    def _work(self, page: Page) -> None:
        """The rest of the page, in slices, while nothing else is to be done."""
        if page is not self._page or not self.is_attached:
            return
        if page.work(SLICE):
            self.set_timer(0.002, partial(self._work, page))
            return
        lines = self._merge(page)
        y = self._ensure(self.top + lines)
        if lines:
            self._show_at(y)

    def on_resize(self, event: events.Resize) -> None:
        if self._page is None or self._page.width != self.columns:
            self.lay_out()
        else:
            self.redraw()
            self._show_at(self._ensure(self.top))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._page is None or self._quiet or round(old_value) == round(new_value):
            return
        y = self._ensure(self.top)
        if y != self.top:
            self._show_at(y)
        self._place = self._page.place(min(y, max(0, len(self._page.lines) - 1)))
        self.was_scrolled()

    def was_scrolled(self) -> None:
        """The reader has scrolled."""

    # scrolling

    def scroll_lines(self, lines: int) -> None:
        """Down by lines, or up by a negative number of them."""
        if self._page:
            self.scroll_to(y=self._ensure(self.top + lines), animate=False, force=True)

    def half_page(self, direction: int) -> None:
        """Half a screen down (1) or up (-1)."""
        self.scroll_lines(direction * max(1, self.size.height // 2))

    def page_down(self) -> bool:
        """A screen down, the last line read staying on the screen with a tick; False where there is no more."""
        if self._page is None:
            return False
        height, top = self.size.height, self._ensure(self.top)
        if top + height >= self.total:
            return False
        last = top + height - 1
        while last > top + 1 and not self._text_at(last).strip():
            last -= 1
        self._tick = last
        self._strips.clear()
        self.scroll_to(y=self._ensure(max(top + 1, last - 1)), animate=False, force=True)
        return True

    def page_up(self) -> None:
        """A screen up."""
        self.scroll_lines(2 - self.size.height if self.size.height > 3 else -1)

    def home(self) -> None:
        """The beginning."""
        self._jump(0.0)

    def end(self) -> None:
        """The end, without laying out what lies between."""
        self._jump(float("inf"))

    def _jump(self, place: float) -> None:
        if self._source is None:
            return
        if self._page and (self._page.has_top if not place else self._page.is_complete):
            self.scroll_to(y=self._ensure(0 if not place else self.total), animate=False, force=True)
            return
        self._place = place
        self.lay_out()
        self._show_at(self.top if not place else self.total)
        if self._page:
            self._place = self._page.place(min(self.top, len(self._page.lines) - 1))
        self.was_scrolled()

    def sideways(self, cells: int) -> None:
        """Code and tables that are wider than the measure, by so many cells."""
        widest = max((sum(len(s.text) for s in line.spans) for line in self._visible() if line.wide), default=0)
        self._shift = max(0, min(self._shift + cells, max(0, widest + 1 - self.columns)))
        self.redraw()

    def change_measure(self, cells: int) -> int:
        """Longer or shorter lines of text; returns how long they are now."""
        self.measure = max(32, min(self.columns + cells, self.size.width - 4))
        self.lay_out()
        return self.columns

    # painting

    def redraw(self) -> None:
        """Draw all lines anew."""
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        self._ink.clear()
        self._strips.clear()
        self._drawn.clear()
        super().notify_style_update()

    def line_at(self, y: int) -> Line | None:
        """A line of the page, or of what stands below it."""
        lines = self._page.lines if self._page else []
        if 0 <= y < len(lines):
            return lines[y]
        return self._tail[y - len(lines)] if len(lines) <= y < self.total else None

    def _visible(self) -> list[Line]:
        return [line for y in range(self.top, self.top + self.size.height) if (line := self.line_at(y))]

    def _text_at(self, y: int) -> str:
        line = self.line_at(y)
        return "" if line is None else "▀" if line.tile else "".join(span.text for span in line.spans)

    def render_line(self, y: int) -> Strip:
        y += self.top
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._draw(y)
            if len(self._strips) > STRIPS:
                self._strips.popitem(last=False)
        return strip.apply_offsets(0, y)

    def _draw(self, y: int) -> Strip:
        line, width = self.line_at(y), self.size.width
        if line is None or not self._page:
            return self._ink.strip((Span(" " * width),), width)
        left = Span(" " * self.margin)
        if y == self._tick and self.margin > 1:
            left = Span(" " * (self.margin - 2) + "▸ ", "tick")
        right = Span(" " * (width - self.margin - self._page.width))
        if line.tile:
            body, size = self._tile(line.tile), line.tile.columns
            blank = Span(" " * (width - self.margin - size))
            return Strip.join((self._ink.strip((left,), self.margin), body, self._ink.strip((blank,), len(blank.text))))
        spans = (left, *fit(line, self._page.width, self._shift), right)
        return self._ink.strip(self.decorated(y, line, spans), width)

    def decorated(self, y: int, line: Line, spans: tuple[Span, ...]) -> Iterable[Span]:
        """The spans of a drawn row with what lies on top of them."""
        return spans

    # pictures

    def _size_of(self, picture: Picture) -> tuple[int, int] | None:
        found = self.find_picture(picture.src) if self.find_picture and not self.app.no_color else None
        if found is None or min(found.width, found.height) < SMALLEST:
            return None
        return found.width, found.height

    def _tile(self, tile: Tile) -> Strip:
        """One row of a picture; a frame with its words until it has been drawn."""
        key = (tile.src, tile.columns, tile.rows)
        if key not in self._drawn:
            self._drawn[key] = None
            found = self.find_picture(tile.src) if self.find_picture else None
            if found:
                self.run_worker(
                    partial(self._draw_picture, tile, found), thread=True, group="pictures", exit_on_error=False
                )
        strips = self._drawn[key]
        if strips:
            return strips[tile.row]
        text = tile.alt if tile.row == tile.rows // 2 else ""
        line = Line((Span(text.center(tile.columns) if text.isascii() else text, "frame"),), fill="frame")
        return self._ink.strip(fit(line, tile.columns), tile.columns)

    def _draw_picture(self, tile: Tile, found: Found) -> None:
        ground = self.background_colors[1].rgb
        self.post_message(self.PictureDrawn(tile, draw(found.path, tile.columns, tile.rows, ground)))

    def on_page_view_picture_drawn(self, message: PictureDrawn) -> None:
        """Put the picture in its place."""
        message.stop()
        self._drawn[(message.tile.src, message.tile.columns, message.tile.rows)] = message.strips
        if len(self._drawn) > PICTURES:
            self._drawn.popitem(last=False)
        self.redraw()
