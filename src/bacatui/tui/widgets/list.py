"""The list of entries."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bacatui import clock
from bacatui.i18n import when
from bacatui.model import Offline, Row
from bacatui.tui.sequence import Break
from bacatui.tui.sequence import Sequence as Order
from bacatui.tui.widgets.lines import LineList, fit

MATCH_START, MATCH_END = "\ue000", "\ue001"
OFFLINE = {Offline.READY: " ", Offline.PARTIAL: "◐", Offline.PENDING: "○", Offline.FAILED: "✗"}
PAGE = 64  # rows asked from the store at once
KEPT = 1024  # rows remembered


class EntryList(LineList):
    """Entries by number; rows come from the store in pages, when they come in sight."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--cursor", "lines--cursor-blur", "lines--chosen", "lines--bar", "list--unread", "list--read",
        "list--meta", "list--day", "list--line", "list--here", "list--fold", "list--star", "list--dot",
        "list--trouble", "list--match", "list--empty",
    }  # fmt: skip

    def __init__(self, rows: Callable[[Sequence[int], str], list[Row]]) -> None:
        super().__init__(id="list")
        self._fetch = rows
        self._rows: dict[int, Row] = {}
        self._query = ""
        self.order = Order(array("q"))
        self.empty: tuple[str, ...] = ()

    @property
    def fits(self) -> int:
        """Rows that a screen can show at most."""
        return self.size.height // 3 + 2

    def forget(self, query: str) -> None:
        """Let go of all rows before another scope; `query` asks for snippets in the next ones."""
        self._query = query
        self._rows.clear()

    def show(self, order: Order, density: str) -> None:
        """Take a new sequence."""
        self.order = order
        tall = (1 if density == "one" else 2) + (1 if self._query else 0)
        self.hold(len(order.items), tall, list(self._breaks()) if tall > 1 else [])

    def _breaks(self) -> Iterable[int]:
        at = -1
        for number in range(len(self.order.breaks)):
            at = self.order.items.index(-number - 1, at + 1)
            yield at

    def row_of(self, entry_id: int) -> Row:
        """The row of an entry, with its neighbours read along."""
        if (row := self._rows.get(entry_id)) is None:
            self.take(self._fetch([entry_id], self._query))
            row = self._rows[entry_id]
        return row

    def take(self, rows: Iterable[Row]) -> None:
        """Remember rows, newer ones in the place of older."""
        if len(self._rows) > KEPT:
            self._rows.clear()
        self._rows.update((row.id, row) for row in rows)

    def move_to(self, index: int, *, scroll: bool = True) -> None:
        while 0 <= index < self.count - 1 and self._is_heading(index):
            index += 1
        super().move_to(index, scroll=scroll)

    def renew(self, ids: Iterable[int] | None = None) -> None:
        """Read rows again whose marks have changed (None: all), and repaint what changed of them."""
        known = [one for one in (self._rows if ids is None else ids) if one in self._rows]
        if len(known) > PAGE * 4:
            self._rows.clear()
        elif known:
            self.take(self._fetch(known, self._query))
        if known:
            self.refresh()

    @property
    def entry_id(self) -> int | None:
        """The entry under the cursor."""
        item = self.order.items[self.cursor] if self.count else -1
        return item if item > 0 else None

    @property
    def row(self) -> Row | None:
        return None if self.entry_id is None else self.row_of(self.entry_id)

    def break_at_cursor(self) -> Break | None:
        return self.order.break_at(self.cursor) if self.count else None

    def chosen_ids(self) -> list[int]:
        """The entries of the range, what is folded away among them included, or the one under the cursor."""
        found: list[int] = []
        for index in self.selected():
            item, gap = self.order.items[index], self.order.break_at(index)
            found.extend([item] if item > 0 else gap.ids if gap else [])
        return found

    def _is_heading(self, index: int) -> bool:
        gap = self.order.break_at(index)
        return gap is not None and gap.kind != "fold"

    def step(self, by: int) -> None:
        """Move to the next item that is no heading."""
        index = self.cursor + by
        while 0 <= index < self.count and self._is_heading(index):
            index += 1 if by > 0 else -1
        if 0 <= index < self.count:
            self.move_to(index)
        else:
            self.scroll_to(y=0 if by < 0 else self.top_of(self.count), animate=False)

    def move_lines(self, lines: int) -> None:
        super().move_lines(lines)
        if self.count and self._is_heading(self.cursor):
            self.step(1 if lines > 0 or self.cursor == 0 else -1)

    def state(self, index: int) -> Hashable:
        item = self.order.items[index]
        if item < 0:
            return item
        if item not in self._rows:
            page = PAGE // 4 if self._query else PAGE  # snippets cost
            near = self.order.items[max(0, index - page // 4) : index + page]
            self.take(self._fetch([one for one in near if one > 0 and one not in self._rows], self._query))
        row = self._rows.get(item)
        return row and (row, when.ago(row.published or row.first_seen, clock.now()))

    def draw(self, index: int, line: int, width: int, base: Style) -> Iterable[Segment]:
        gap = self.order.break_at(index)
        here = index == self.cursor
        chosen = self.range_from is not None and index in self.selected()
        bar = Segment("▌" if here else "┃" if chosen else " ", base + self.look("lines--bar"))
        if gap is not None:
            return [bar, *self._draw_break(gap, width - 1, base)]
        row = self._rows.get(self.order.items[index])
        if row is None:  # gone from the store since the list was made
            return [bar, Segment(fit("", width - 1), base)]
        snippet_line = 1 if self._tall == (2 if self._query else 1) else 2
        if self._query and line == snippet_line:
            return [bar, *self._draw_snippet(row, width - 1, base)]
        meta, title = base + self.look("list--meta"), "list--read" if row.is_read else "list--unread"
        # Blanks belong to the text beside them: a segment of their own would cost forty bytes on the wire.
        star = [Segment("★ ", base + self.look("list--star"))] if row.is_bookmarked else []
        if line == 1:
            return [bar, Segment(fit(f"  {self._meta(row)}", width - 3) + "  " * (not star), meta), *star]
        is_ready, room = row.offline is Offline.READY, width - 6
        sign = [] if is_ready else [Segment(f" {OFFLINE[row.offline]} ", base + self.look("list--trouble"))]
        dot = [] if row.is_read else [Segment("● ", base + self.look("list--dot"))]
        indent, margin = "  " * row.is_read, "   " * is_ready
        if self._tall - bool(self._query) > 1:
            return [bar, *dot, Segment(indent + fit(row.title, room) + margin, base + self.look(title)), *sign]
        side = min(34, room // 3)
        age = fit(f" {row.feed_title} · {when.ago(row.published or row.first_seen, clock.now())}", side - 2)
        text = Segment(indent + fit(row.title, room - side), base + self.look(title))
        return [bar, *dot, text, Segment(age + margin + "  " * (not star), meta), *sign, *star]

    def _meta(self, row: Row) -> str:
        parts = [row.feed_title, when.ago(row.published or row.first_seen, clock.now())]
        parts += [when.minutes(row.minutes)] if row.minutes else []
        return " · ".join(parts + ([" ".join(f"#{tag}" for tag in row.tags)] if row.tags else []))

    def _draw_break(self, gap: Break, width: int, base: Style) -> Iterable[Segment]:
        line = base + self.look("list--line")
        if gap.kind == "fold":
            return [Segment(fit(f"▸ {gap.text}", width), base + self.look("list--fold"))]
        if gap.kind == "here":
            return [Segment("── ", line), *self._ruled(gap.text, width - 3, base + self.look("list--here"), line)]
        return self._ruled(gap.text, width, base + self.look("list--day"), line)

    def _ruled(self, text: str, width: int, look: Style, line: Style) -> list[Segment]:
        text = fit(text, min(width, Segment(text).cell_length))
        rest = width - Segment(text).cell_length
        return [Segment(text, look), Segment((" " + "─" * rest)[: max(rest - 1, 0)] + " " * min(rest, 1), line)]

    def _draw_snippet(self, row: Row, width: int, base: Style) -> Iterable[Segment]:
        meta, match = base + self.look("list--meta"), base + self.look("list--match")
        room, yielded = width - 4, [Segment("  ", base)]
        for number, part in enumerate(" ".join(row.snippet.split()).replace(MATCH_END, MATCH_START).split(MATCH_START)):
            text = fit(part, min(room, Segment(part).cell_length))
            room -= Segment(text).cell_length
            yielded.append(Segment(text, match if number % 2 else meta))
        return [*yielded, Segment(" " * (room + 2), base)]

    def draw_beyond(self, y: int, width: int, base: Style) -> Strip:
        """An empty list says why it is empty, and what to do next."""
        line = y - max(0, self.scrollable_content_region.height // 3)
        said = [part for text in self.empty for part in wrap(text, max(10, width - 4))]
        if self.count or not 0 <= line < len(said):
            return Strip.blank(width, base)
        text, look = said[line], self.look("list--unread" if line == 0 else "list--empty")
        left = max(0, (width - Segment(text).cell_length) // 2)
        return Strip([Segment(" " * left, base), Segment(fit(text, width - left), base + look)], width)
