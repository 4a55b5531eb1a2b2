"""The article: what the reader does in it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.selection import Selection

from bacatui.document import Run
from bacatui.model import Cut
from bacatui.tui.typeset import Line, Span, flow, line_text
from bacatui.tui.typeset.lines import width_of
from bacatui.tui.typeset.page import Source
from bacatui.tui.widgets.content import ReaderContent, cut_sections, head
from bacatui.tui.widgets.marks import Hint, Link, Piece, hints, matches, numbered, selected
from bacatui.tui.widgets.page import PageView
from bacatui.tui.widgets.pictures import Found
from bacatui.tui.widgets.strips import cover, overlay

__all__ = ["ArticleReader", "Found", "ReaderContent"]


class ArticleReader(PageView):
    """Shows one article. Binds no keys: the app's commands call its methods."""

    class LinkChosen(Message):
        """The reader chose a link, by hint or by mouse."""

        def __init__(self, url: str, text: str) -> None:
            super().__init__()
            self.url = url
            self.text = text

    class PlaceChanged(Message):
        """The article was scrolled by the reader, and is at another place now."""

        def __init__(self, entry_id: int, place: float) -> None:
            super().__init__()
            self.entry_id = entry_id
            self.place = place

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, type(self)) and message.entry_id == self.entry_id

    class EndReached(Message):
        """A page down was asked for at the end of the article."""

        def __init__(self, entry_id: int) -> None:
            super().__init__()
            self.entry_id = entry_id

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.content: ReaderContent | None = None
        self._card = ""
        self._find = ""
        self._matches: list[list[Piece]] = []
        self._match = -1  # the match that the reader is at
        self._hints: list[Hint] = []
        self._typed = ""
        self._came_from: list[float] = []  # places that notes were followed from
        self._selecting: tuple[int, int] | None = None  # the lines between which text is being selected

    # content

    def show(self, content: ReaderContent) -> None:
        """Show an article at its place."""
        self._take(content)
        self._place = content.place
        self._shift = 0
        self._came_from.clear()
        self.close_find()
        self.clear_selection()
        self.lay_out()

    def swap(self, content: ReaderContent) -> None:
        """Put another text of the same entry in, without moving a line that is on the screen and in both."""
        top, height = self.top, self.size.height
        shown = [
            text if (line := self.line_at(y)) and len(text := line_text(line)) > 11 else ""
            for y in range(top, top + height)
        ]
        self._take(content)
        self.clear_selection()
        self.lay_out()
        if self._page is None or not top:
            return
        self._page.down(top + 4 * height)
        places = {line_text(line): y for y, line in reversed(list(enumerate(self._page.lines)))}
        row = next((row for row, text in enumerate(shown) if text and text in places), None)
        if row is not None:
            self._show_at(self._ensure(max(0, places[shown[row]] - row)))
            self._place = self._page.place(min(self.top, len(self._page.lines) - 1))

    def clear(self) -> None:
        """Show nothing."""
        self.content = self._source = self._page = None
        self._place = 0.0
        self.close_hints()
        self.redraw()

    def _take(self, content: ReaderContent) -> None:
        self.content = content
        self._source = Source(head(content), content.blocks, cut_sections(content.cuts))
        self._hints, self._typed = [], ""

    @property
    def place(self) -> float:
        """How far the article has been read: see `Mark.place`."""
        return self._place

    def set_end_card(self, text: str) -> None:
        """What stands below the article: what comes next, or what was read today."""
        if text != self._card:
            self._card = text
            self._tail = list(self.tail_lines())
            if self._page:
                self._ensure(self.top)
                self.redraw()

    def tail_lines(self) -> Iterable[Line]:
        if not self._card:
            return (Line(), Line())
        width = self.columns
        rule = Line((Span("─" * min(12, width), "rule"),), 1)
        return (Line(), Line(), rule, *flow((Run(self._card),), width, "card"), Line())

    def page_down(self) -> bool:
        more = super().page_down()
        if not more and self.content:
            self.post_message(self.EndReached(self.content.entry_id))
        return more

    def was_scrolled(self) -> None:
        if self.content:
            self.post_message(self.PlaceChanged(self.content.entry_id, self._place))
        if self._hints:
            self.close_hints()

    def moved(self, lines: int) -> None:
        super().moved(lines)
        if lines and self._find:
            self._search()
        if lines and self._selecting:
            first, last = self._selecting
            self._select(first + lines, last + lines)

    # find

    def find(self, text: str) -> int:
        """Show where `text` stands, from the screen's top on; returns how often. An empty text shows nothing."""
        self._find = text
        self._match = -1
        if self._page and text.strip():
            while self._page.work(1.0):
                pass
            lines = self._merge(self._page)
            if lines:
                self._show_at(self._ensure(self.top + lines))
            self._ensure(self.top)
        self._search()
        below = (at for at, match in enumerate(self._matches) if match[0].y >= self.top)
        if self._matches:
            self._go_to_match(next(below, 0))
        self.redraw()
        return len(self._matches)

    def _search(self) -> None:
        self._matches = matches(self._page.lines, self._find) if self._page else []

    def find_next(self, step: int = 1) -> tuple[int, int]:
        """The next match (-1: the one before), round and round; returns its number and how many there are."""
        if not self._matches:
            return 0, 0
        self._go_to_match((self._match + step) % len(self._matches))
        return self._match + 1, len(self._matches)

    def find_previous(self) -> tuple[int, int]:
        """The match before."""
        return self.find_next(-1)

    def close_find(self) -> None:
        """No more matches on the screen."""
        self._find, self._matches, self._match = "", [], -1
        self.redraw()

    @property
    def is_finding(self) -> bool:
        """Matches are shown."""
        return bool(self._find)

    def close(self) -> bool:
        """Close the nearest thing: hints, selection, find. False where none is open."""
        if self._hints:
            self.close_hints()
        elif self.is_attached and self.text_selection:
            self.clear_selection()
        elif self._find:
            self.close_find()
        else:
            return False
        return True

    def _go_to_match(self, at: int) -> None:
        self._match = at
        y = self._matches[at][0].y
        if not self.top <= y < self.top + self.size.height - 1:
            self.scroll_lines(y - self.size.height // 3 - self.top)
        self.redraw()

    # links and notes

    def links(self) -> list[Link]:
        """All links of the article, numbered, with their hosts."""
        return numbered(self._source.blocks) if self._source else []

    def open_hints(self) -> bool:
        """Put letters over the links on the screen; False where there are none."""
        rows = range(self.top, self.top + self.size.height)
        self._hints = hints((y, line) for y in rows if (line := self.line_at(y)))
        self._typed = ""
        self.redraw()
        return bool(self._hints)

    @property
    def has_hints(self) -> bool:
        """Letters are on the screen, and wait for one to be typed."""
        return bool(self._hints)

    def type_hint(self, letter: str) -> bool:
        """Take a typed letter; False where it fits no hint, which closes them."""
        typed = self._typed + letter.lower()
        fitting = [hint for hint in self._hints if hint.label.startswith(typed)]
        self._typed = typed
        if not fitting or fitting[0].label == typed:
            self.close_hints()
        if fitting and fitting[0].label == typed:
            self.choose(fitting[0].href, fitting[0].text)
        self.redraw()
        return bool(fitting)

    def close_hints(self) -> None:
        """Take the letters off the screen."""
        self._hints, self._typed = [], ""
        self.redraw()

    def choose(self, href: str, text: str = "") -> None:
        """Follow a link: to a note and back in the article itself, outwards as `LinkChosen`."""
        if not href.startswith("#"):
            self.post_message(self.LinkChosen(href, text))
        elif href.startswith("#^") and self._came_from:
            self._place = self._came_from.pop()
            self.lay_out()
            self.was_scrolled()
        else:
            if not href.startswith("#^"):
                self._came_from.append(self._place)
            self._go_to_note(href)

    def _go_to_note(self, href: str) -> None:
        if self._page is None:
            return
        while self._page.work(1.0):
            pass
        y = self._ensure(self.top + self._merge(self._page))
        name = href[1:]
        for at, line in enumerate(self._page.lines):
            back = href.startswith("#^") and any(span.href == "#" + href[2:] for span in line.spans)
            if back or line.anchor == name:
                self.scroll_to(y=self._ensure(max(0, at - 2)), animate=False, force=True)
                return
        self._show_at(y)

    def on_click(self, event: events.Click) -> None:
        href = event.style.meta.get("href")
        if isinstance(href, str):
            event.stop()
            self.choose(href)

    # the X-ray

    def toggle_xray(self) -> bool:
        """Show what was cut from the page, or hide it again; True while it is shown."""
        self.xray = not self.xray
        self.lay_out()
        return self.xray

    def cut_on_screen(self) -> Cut | None:
        """The first cut part that is on the screen, for a rule to be made of it."""
        for line in self._visible():
            if line.anchor.startswith("cut ") and self.content:
                return self.content.cuts[int(line.anchor[4:])]
        return None

    # selection

    def select(self, lines: int = 0) -> None:
        """Select text line by line: begin at the screen's top, then move the end by lines."""
        if self._page is None:
            return
        first, last = self._selecting or (self._first_text(), self._first_text())
        last = max(0, min(last + lines, self.total - 1))
        self._select(first, last)
        if not self.top <= last < self.top + self.size.height:
            self.scroll_lines(lines)

    def _first_text(self) -> int:
        blank = takewhile(lambda y: not self._text_at(y).strip(), range(self.top, self.top + self.size.height))
        return self.top + sum(1 for _ in blank)

    def _select(self, first: int, last: int) -> None:
        self._selecting = first, last
        start, end = min(first, last), max(first, last)
        self.screen.selections = {self: Selection(Offset(0, start), Offset(1 << 20, end))}

    @property
    def is_selecting(self) -> bool:
        """Text is being selected with the keyboard."""
        return self._selecting is not None

    def clear_selection(self) -> None:
        """Select nothing."""
        self._selecting = None
        if self.is_attached and self.text_selection:
            self.screen.clear_selection()

    def selected_text(self) -> str:
        """The text that is selected, by keyboard or mouse."""
        selection = self.text_selection if self.is_attached else None
        got = self.get_selection(selection) if selection else None
        return got[0] if got else ""

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        lines = (*self._page.lines, *self._tail) if self._page else ()
        start = (selection.start.y, selection.start.x) if selection.start else (0, 0)
        end = (selection.end.y, selection.end.x) if selection.end else None
        return selected(lines, start, end, self.margin), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        if selection is None:
            self._selecting = None
        self.redraw()

    # painting

    def decorated(self, y: int, line: Line, spans: tuple[Span, ...]) -> Iterable[Span]:
        lead = sum(len(span.text) for span in spans[: 1 + line.lead])
        for at, match in enumerate(self._matches):
            for piece in match:
                if piece.y == y:
                    style = "found" if at == self._match else "match"
                    spans = tuple(overlay(spans, lead + piece.start, lead + piece.end, style))
        selection = self.text_selection
        if selection and (part := selection.get_span(y)):
            spans = tuple(overlay(spans, max(part[0], self.margin), part[1], "selection"))
        for hint in self._hints:
            if hint.y == y and hint.label.startswith(self._typed):
                spans = tuple(cover(spans, self.margin + hint.cell, hint.label, width_of(spans)))
        return spans
