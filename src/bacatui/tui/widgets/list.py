"""The list of entries."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from textwrap import wrap

from rich.cells import cell_len

from bacatui import clock
from bacatui.i18n import when
from bacatui.model import Offline, Row
from bacatui.store import MATCH_END, MATCH_START
from bacatui.tui.empty import Reason
from bacatui.tui.sequence import Break
from bacatui.tui.sequence import ListOrder as Order
from bacatui.tui.typeset import Span
from bacatui.tui.widgets.line_widget import RunCommand, fit, overlay
from bacatui.tui.widgets.lines import LineList

OFFLINE = {Offline.READY: "", Offline.PARTIAL: "◐", Offline.PENDING: "○", Offline.FAILED: "✗"}
PAGE = 64  # rows asked from the store at once
KEPT = 1024  # rows remembered


class EntryList(LineList):
    """Entries by id; rows are read from the store in pages, once they are visible."""

    def __init__(self, rows: Callable[[Sequence[int], str], list[Row]]) -> None:
        super().__init__(id="list")
        self._fetch = rows
        self._rows: dict[int, Row] = {}
        self._query, self._sought = "", _sought("")
        self.order = Order(array("q"))
        self.empty = Reason(())  # what is said in place of a list
        self.is_touched = False  # the user has done something in the list since it was loaded

    def on_mouse_down(self) -> None:
        """Note that the user is active in the list."""
        self.is_touched = True

    def on_mouse_scroll_down(self) -> None:
        """Note that the user is active in the list."""
        self.is_touched = True

    def on_mouse_scroll_up(self) -> None:
        """Note that the user is active in the list."""
        self.is_touched = True

    def forget(self, query: str) -> None:
        """Empty the cache for another scope; `query` asks for snippets in the next rows."""
        self._query, self._sought = query, _sought(query)
        self._rows.clear()

    def show(self, order: Order, density: str) -> None:
        """Take a new sequence, with one or two lines for an entry, and one more for a snippet."""
        self.order = order
        tall = (1 if density == "one" else 2) + (1 if self._query else 0)
        self.hold(len(order.items), tall, order.break_indexes() if tall > 1 else ())

    def row_of(self, entry_id: int) -> Row:
        """The row of an entry, from the cache or the store; KeyError if it is gone."""
        if entry_id not in self._rows:
            self.take(self._fetch([entry_id], self._query))
        return self._rows[entry_id]

    def rows_of(self, ids: Iterable[int]) -> list[Row]:
        """The rows of these entries, in their order, without those gone from the store."""
        wanted = list(ids)
        found = {one: self._rows[one] for one in wanted if one in self._rows}
        if missing := [one for one in wanted if one not in found]:
            rows = self._fetch(missing, self._query)
            self.take(rows)
            found |= {row.id: row for row in rows}
        return [found[one] for one in wanted if one in found]

    def take(self, rows: Iterable[Row]) -> None:
        """Put rows into the cache, which is emptied when it is full."""
        if len(self._rows) > KEPT:
            self._rows.clear()
        self._rows.update((row.id, row) for row in rows)

    def renew(self, ids: Iterable[int] | None = None) -> None:
        """Read rows again whose marks have changed (None: all), and repaint."""
        known = [one for one in (self._rows if ids is None else ids) if one in self._rows]
        if len(known) > PAGE * 4:
            self._rows.clear()
        elif known:
            self.take(self._fetch(known, self._query))
        if known:
            self.refresh()

    @property
    def entry_id(self) -> int | None:
        """The entry under the cursor; None for an empty list."""
        item = self.order.items[self.cursor] if self.count else -1
        return item if item > 0 else None

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None if there is none, or it is gone from the store."""
        return next(iter(self.rows_of([self.entry_id] if self.entry_id else ())), None)

    @property
    def fold(self) -> tuple[int, ...]:
        """The entries that the line under the cursor folds away."""
        gap = self.order.break_at(self.cursor) if self.count else None
        return gap.ids if gap else ()

    def chosen_ids(self) -> list[int]:
        """The entries of the range, with those in folds, or the one under the cursor."""
        found: list[int] = []
        for index in self.selected():
            item, gap = self.order.items[index], self.order.break_at(index)
            found.extend([item] if item > 0 else gap.ids if gap else [])
        return found

    def _is_heading(self, index: int) -> bool:
        gap = self.order.break_at(index)
        return gap is not None and not gap.ids

    def move_to(self, index: int, *, scroll: bool = True) -> None:
        """Move the cursor to an entry, past a heading that stands at the index."""
        before = self.cursor
        while 0 <= index < self.count - 1 and self._is_heading(index):
            index += 1
        super().move_to(index, scroll=scroll)
        if self.cursor != before:
            self.post_message(RunCommand("screen.rest"))

    def step(self, by: int) -> None:
        """Move the cursor by entries, past headings; at either end, scroll to the edge."""
        index = self.cursor + by
        while 0 <= index < self.count and self._is_heading(index):
            index += 1 if by > 0 else -1
        if 0 <= index < self.count:
            self.move_to(index)
        else:
            self.scroll_to(y=0 if by < 0 else self.top_of(self.count), animate=False)

    def page(self, share: float) -> None:
        """Move the cursor by a share of the height, to an entry."""
        super().page(share)
        if self.count and self._is_heading(self.cursor):
            self.step(1 if share > 0 or self.cursor == 0 else -1)

    def state(self, index: int) -> Hashable:
        """What the drawing of an item depends on: its row or its break."""
        item = self.order.items[index]
        if (gap := self.order.break_at(index)) is not None:
            return item, _told(gap)
        if item not in self._rows:
            page = PAGE // 4 if self._query else PAGE  # snippets cost
            near = self.order.items[max(0, index - page // 4) : index + page]
            self.take(
                self._fetch([one for one in near if one > 0 and one not in self._rows], self._query)
            )
        row = self._rows.get(item)
        return row and (row, _age(row))

    def draw(self, index: int, line: int, width: int) -> Iterable[Span]:
        """Draw one line of an entry or of a break."""
        gap = self.order.break_at(index)
        if gap is not None:
            return _draw_break(gap, width)
        row = self._rows.get(self.order.items[index])
        if row is None:  # gone from the store since the list was made
            return (Span(" " * width),)
        if self._query and line == self._tall - 1:
            return _draw_snippet(row.snippet, width)
        # Blanks are part of the text beside them: a segment of their own costs forty bytes.
        star = Span("★ ", "star") if row.is_bookmarked else Span("")
        if line == 1:
            parts = [row.feed_title, _age(row), when.minutes(row.minutes) if row.minutes else ""]
            told = " · ".join(filter(None, (*parts, " ".join(f"#{tag}" for tag in row.tags))))
            return Span(fit(f"  {told}", width - 2) + "  " * (not star.text), "meta"), star
        sign, room = OFFLINE[row.offline], width - 5
        dot, indent = (Span(""), "  ") if row.is_read else (Span("● ", "dot"), "")
        margin, title = "   " * (not sign), "read" if row.is_read else "unread"
        trouble = Span(f" {sign} " if sign else "", "trouble")
        if self._tall - bool(self._query) > 1:
            return dot, *self._marked(Span(indent + fit(row.title, room) + margin, title)), trouble
        side = 30 if room > 60 else 9
        brief = f"{when.brief(_moment(row), clock.now()):>6}"
        feed = (
            f"  {fit(row.feed_title, side - 10)} {brief}" if side > 9 else f" {brief}"
        )  # the article names it too
        age = Span(feed + margin + "  " * (not star.text), "meta")
        return (
            dot,
            *self._marked(Span(indent + fit(row.title, room - side), title)),
            age,
            trouble,
            star,
        )

    def _marked(self, title: Span) -> Iterable[Span]:
        """A title with the words that are searched for."""
        spans: Iterable[Span] = (title,)
        for match in self._sought.finditer(title.text) if self._query else ():
            spans = overlay(spans, *match.span(), "match")
        return spans

    def draw_beyond(self, y: int, width: int) -> Iterable[Span]:
        """An empty list says why it is empty, and what to do next."""
        line = y - max(0, self.scrollable_content_region.height // 3)
        told = (*self.empty.told, self.empty.here if self.has_focus else "")
        said = [part for text in told for part in wrap(text, max(10, width - 4))]
        text = said[line] if not self.count and 0 <= line < len(said) else ""
        left = max(0, (width - cell_len(text)) // 2)
        return Span(" " * left), Span(fit(text, width - left), "unread" if line == 0 else "empty")


def _sought(query: str) -> re.Pattern[str]:
    """A pattern for the words of a query that may be in a title, without other conditions."""
    parts = re.findall(r'(?<!\S)(?:title:)?(?:"([^"]+)"|([^\s":()*-][^\s":()*]*)(?![^\s*]))', query)
    words = ["".join(part) for part in parts if "".join(part) not in {"OR", "AND", "NOT"}]
    begun = (r"(?<!\w)" * word.isascii() + re.escape(word) for word in words)
    return re.compile("|".join(begun) or "(?!)", re.IGNORECASE)


def _moment(row: Row) -> datetime:
    """When an entry was published, but not later than it arrived."""
    return min(row.published or row.first_seen, row.first_seen)


def _age(row: Row) -> str:
    return when.ago(_moment(row), clock.now())


def _told(gap: Break) -> str:
    """The text of a break."""
    return f"{gap.text} · {when.ago(gap.since, clock.now())}" if gap.since else gap.text


def _draw_break(gap: Break, width: int) -> Iterable[Span]:
    if gap.ids:
        return (Span(fit(f"▸ {gap.text}", width), "fold"),)
    before = "── " if gap.kind == "here" else ""
    room = width - len(before)
    text = fit(_told(gap), min(room, cell_len(_told(gap))))
    rest = room - cell_len(text)
    after = (" " + "─" * rest)[: max(rest - 1, 0)] + " " * min(rest, 1)
    return Span(before, "line"), Span(text, gap.kind), Span(after, "line")


def _draw_snippet(snippet: str, width: int) -> Iterable[Span]:
    room = width - 4
    yield Span("  ")
    for number, part in enumerate(
        " ".join(snippet.split()).replace(MATCH_END, MATCH_START).split(MATCH_START)
    ):
        text = fit(part, min(room, cell_len(part)))
        room -= cell_len(text)
        yield Span(text, "match" if number % 2 else "meta")
    yield Span(" " * (room + 2))
