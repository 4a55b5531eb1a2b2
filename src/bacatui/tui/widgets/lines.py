"""A list that draws only the lines in sight, and repaints only the lines that changed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bacatui import sanitize


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells, with an ellipsis where it is cut. The last check before the screen."""
    text = sanitize.shown(text)
    if width <= 0:
        return ""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """Items of one or more lines each, a cursor, and what moves it. Subclasses draw."""

    @dataclass
    class Moved(Message):
        """The cursor came to rest on another item, or may still be on its way: see `index`."""

        list: LineList
        index: int

    @dataclass
    class Chosen(Message):
        """The reader clicked on the item that the cursor stood on already."""

        list: LineList
        index: int

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.range_from: int | None = None  # the other end of a selected range
        self.count = 0
        self._tall = 1
        self._short: list[int] = []  # the items that take one line whatever the others take
        self._strips: LRUCache[Hashable, Strip] = LRUCache(1024)

    def draw(self, index: int, line: int, width: int, base: Style) -> Iterable[Segment]:
        """The segments of one line, exactly `width` cells together; `base` carries the cursor's background."""
        raise NotImplementedError

    def state(self, index: int) -> Hashable:
        """All that the look of an item depends on, beside the cursor and the width."""
        raise NotImplementedError

    def hold(self, count: int, tall: int, short: list[int]) -> None:
        """Take a new sequence of items; cursor and scroll are left to the caller."""
        self.count, self._tall, self._short = count, tall, short
        self.cursor = max(0, min(self.cursor, count - 1))
        self.range_from = None
        self._strips.clear()
        self.virtual_size = Size(0, self.top_of(count))
        self.refresh()

    def top_of(self, index: int) -> int:
        """The line on which an item begins."""
        return index * self._tall - bisect_left(self._short, index) * (self._tall - 1)

    def item_at(self, y: int) -> int:
        """The item that covers a line."""
        return bisect_right(range(self.count), y, key=self.top_of) - 1

    def selected(self) -> range:
        """The items of the range, or the one under the cursor."""
        low, high = sorted((self.cursor, self.cursor if self.range_from is None else self.range_from))
        return range(low, high + 1) if self.count else range(0)

    def move_to(self, index: int, *, scroll: bool = True) -> None:
        """Put the cursor on an item, and scroll by half a page where it would leave the screen."""
        index = max(0, min(index, self.count - 1))
        old, self.cursor = self.cursor, index
        for item in (old, index) if self.range_from is None else ():
            self.repaint(item)
        if self.range_from is not None:
            self.refresh()
        if scroll:
            self.reveal()
        if index != old:
            self.post_message(self.Moved(self, index))

    def reveal(self) -> None:
        """Bring the cursor on the screen. It walks while the list stands still, as long as that is possible."""
        top, end = self.top_of(self.cursor), self.top_of(self.cursor + 1)
        height = self.scrollable_content_region.height or 1
        if top < self.scroll_offset.y:
            self.scroll_to(y=max(0, 0 if self.cursor <= 1 else end - height * 3 // 4), animate=False)
        elif end > self.scroll_offset.y + height:
            self.scroll_to(y=min(top - height // 4, self.top_of(self.count) - height), animate=False)

    def step(self, by: int) -> None:
        self.move_to(self.cursor + by)

    def page(self, share: float) -> None:
        self.move_lines(int(share * (self.size.height - 2)))

    def to_end(self, bottom: bool) -> None:
        self.move_to(self.count - 1 if bottom else 0)
        if not bottom:
            self.scroll_to(y=0, animate=False)

    def move_lines(self, lines: int) -> None:
        """Move by a distance in lines, for pages and halves of them."""
        item = self.item_at(max(0, min(self.top_of(self.cursor) + lines, self.top_of(self.count) - 1)))
        self.move_to(item if item != self.cursor else item + (1 if lines > 0 else -1))

    def repaint(self, index: int) -> None:
        """Draw one item again."""
        if 0 <= index < self.count:
            self.refresh_lines(self.top_of(index), self.top_of(index + 1) - self.top_of(index))

    def render_line(self, y: int) -> Strip:
        width, y = self.scrollable_content_region.width, y + self.scroll_offset.y
        base = self.rich_style
        if not 0 <= y < self.top_of(self.count):
            return self.draw_beyond(y, width, base)
        index = self.item_at(y)
        line = y - self.top_of(index)
        here, chosen = index == self.cursor, self.range_from is not None and index in self.selected()
        key = (self.state(index), line, width, here, chosen, self.has_focus)
        strip = self._strips.get(key)
        if strip is None:
            if here or chosen:
                look = "chosen" if chosen else "cursor" if self.has_focus else "cursor-blur"
                base += self.look(f"lines--{look}")
            strip = Strip(self.draw(index, line, width, base), width)
            self._strips.set(key, strip)
        return strip

    def draw_beyond(self, y: int, width: int, base: Style) -> Strip:
        """A line on which no item stands."""
        return Strip.blank(width, base)

    def look(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def on_resize(self) -> None:
        self._strips.clear()
        self.call_after_refresh(self.reveal)

    def on_focus(self) -> None:
        self.repaint(self.cursor)

    def on_blur(self) -> None:
        self.repaint(self.cursor)

    def on_click(self, event: events.Click) -> None:
        index = self.item_at(event.y + self.scroll_offset.y)
        if 0 <= event.y + self.scroll_offset.y < self.top_of(self.count):
            if index == self.cursor:
                self.post_message(self.Chosen(self, index))
            self.move_to(index)
