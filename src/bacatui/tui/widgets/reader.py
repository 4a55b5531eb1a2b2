"""The article pane: finding, selecting and following links in an article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple
from urllib.parse import urlsplit

from textual import events
from textual.geometry import Offset
from textual.selection import Selection

from bacatui import document
from bacatui.i18n import _
from bacatui.model import Cut
from bacatui.text import sanitize
from bacatui.tui.reading import ReaderContent, source
from bacatui.tui.typeset import Line, Page, Source, Span, line_text, width_of
from bacatui.tui.widgets.line_widget import RunCommand, cover, overlay
from bacatui.tui.widgets.page_view import PageView

LETTERS = "asdfghjklewruiomnc"  # where the hands lie


Piece = tuple[
    int, int, int
]  # of a match: from one character to another of the text of line y: (y, start, end)


class Hint(NamedTuple):
    """A letter or two in front of a link on the screen."""

    label: str
    y: int
    cell: int
    href: str


class ArticlePane(PageView):
    """Shows one article. Binds no keys: the app's commands call its methods."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.content: ReaderContent | None = None
        self._ahead: tuple[ReaderContent, Source, Page] | None = None
        self.finding = ""  # the text whose matches are shown
        self._matches: list[list[Piece]] = []
        self._on_row: dict[int, list[Piece]] = {}  # by line: which match, from where to where
        self._match = 0  # the match that the reader is at
        self.hints: list[Hint] = []  # letters that wait for one to be typed
        self._coming = ""  # an act that waits until this is shown
        self._typed = ""  # the part of a hint that has been typed
        self._came_from: list[float] = []  # places that notes were followed from
        self.selecting: tuple[int, int] | None = (
            None  # the lines between which text is selected by keyboard
        )

    def show(self, content: ReaderContent) -> None:
        """Show an article at its stored place."""
        while self.close():
            pass
        self._came_from.clear()
        self.place, self._shift = content.place, 0
        page = None
        if self._ahead and self._ahead[0] == content:
            self.content, self._source, page = self._ahead
        else:
            self.content, self._source = content, source(content)
        self.lay_out(page)

    def clear(self) -> None:
        """Show no article."""
        self.content = self._source = None
        self.lay_out()

    def prepare(self, content: ReaderContent) -> None:
        """Lay out the first screens of the next article, for `show` to use."""
        if self.size.area:
            self._ahead = (content, made := source(content), self.page_of(made))
            self._ahead[2].down(4 * self.size.height)

    def swap(self, content: ReaderContent) -> None:
        """Show another text of the same entry; lines in both stay where they are on the screen."""
        shown = [line_text(line) if (line := self.line_at(y)) else "" for y in self.rows]
        top = self.top
        self.content, self._source = content, source(content)
        self.lay_out()
        if self._page and top:
            self._page.down(2 * top + 1_000)
            places = {line_text(line): y for y, line in reversed(list(enumerate(self._page.lines)))}
            row = next(
                (row for row, text in enumerate(shown) if len(text) > 11 and text in places), None
            )
            if row is not None:
                self.go(max(0, places[shown[row]] - row), quietly=True)
                self.keep_place()

    def renew(self, content: ReaderContent | None) -> None:
        """Swap in what is known now of the entry that is shown, where that has changed."""
        if content and self.content and replace(content, place=self.content.place) != self.content:
            self.swap(content)

    def lay_out(self, page: Page | None = None) -> None:
        """Lay the article out anew; hints and selection, which name lines, go."""
        self.hints, self._ahead = [], None
        if self.is_attached and self.text_selection:
            self.clear_selection()
        super().lay_out(page)
        self._search()

    def _work(self, page: Page) -> None:
        super()._work(page)
        if self.finding and page is self._page and page.is_complete:
            self._search()
            self.redraw()

    def was_scrolled(self) -> None:
        """Close hints and report the place to the screen."""
        if self.hints:
            self.close()
        if self.content:
            self.post_message(RunCommand("screen.scrolled", self.content.entry_id, self.place))

    def close(self) -> bool:
        """Close the nearest thing: hints, selection, find. False where none is open."""
        if self.hints:
            self.hints = []
        elif self.is_attached and self.text_selection:
            self.clear_selection()
        elif self.finding:
            self.finding = ""
            self._search()
        else:
            return False
        self.redraw()
        return True

    async def find(self, text: str) -> int:
        """Highlight matches of `text`, from the top of the screen on; returns how many."""
        self.finding = text.strip()
        if self.finding:
            await self.finish()
        self._search()
        self._match = next(
            (at for at, match in enumerate(self._matches) if match[0][0] >= self.top), 0
        )
        self.find_next(0)
        return len(self._matches)

    def _search(self) -> None:
        self._matches, self._on_row = [], {}
        if self._page and self.finding:
            self.is_finished()
            self._matches = _matches(self._page.lines, self.finding)
        for number, match in enumerate(self._matches):
            for y, start, end in match:
                self._on_row.setdefault(y, []).append((number, start, end))

    def find_next(self, step: int = 1) -> tuple[int, int]:
        """Go to the match `step` further; its number and how many there are."""
        self.redraw()
        if not self._matches:
            return 0, 0
        self._match = (self._match + step) % len(self._matches)
        y = self._matches[self._match][0][0]
        if y not in self.rows[:-1]:
            self.go(max(0, y - self.size.height // 3))
        return self._match + 1, len(self._matches)

    async def links(self) -> list[tuple[int, str, str, str]]:
        """The links of the article, then its pictures: number, text, address and real host."""
        await self.finish()
        blocks = self._source.blocks if self._source else ()
        named = {
            p.src: p.alt or document.plain(f.caption)
            for f in document.figures(blocks)
            for p in f.pictures
        }
        found = document.links(blocks) + [
            (f"▨ {name or _('Picture')}", src) for src, name in named.items()
        ]
        return [
            (number, text, url, urlsplit(url).hostname or "")
            for number, (text, url) in enumerate(found, 1)
        ]

    def open_hints(self) -> bool:
        """Put letters in front of the links on the screen; False where there are none."""
        self.hints = _hints((y, line) for y in self.rows if (line := self.line_at(y)))
        self._typed = ""
        self.redraw()
        return bool(self.hints)

    def ask_when_shown(self, act: str) -> None:
        """Ask for an act as soon as there is something to be seen here."""
        self._coming = act

    def on_resize(self, event: events.Resize) -> None:
        """Run the command that waited until the pane was shown."""
        super().on_resize(event)
        if self._coming and self.size.area:
            self.post_message(RunCommand(self._coming))
            self._coming = ""

    def type_hint(self, letter: str) -> bool:
        """Take a typed letter; False where it fits no hint, which closes them."""
        self._typed += letter.lower()
        fitting = [hint for hint in self.hints if hint.label.startswith(self._typed)]
        self.redraw()
        if not fitting or fitting[0].label == self._typed:
            self.hints = []
        if fitting and fitting[0].label == self._typed:
            self.choose(fitting[0].href)
        return bool(fitting)

    def choose(self, href: str) -> None:
        """Follow a link: to a footnote or back within the article, or open it in the browser."""
        if not href.startswith("#"):
            if url := sanitize.url(href):
                self.post_message(RunCommand("open-url", url))
        elif href.startswith("#^") and self._came_from:
            self.place = self._came_from.pop()
            self.lay_out()
            self.was_scrolled()
        elif self.is_finished():
            self._go_to_note(href)
        else:
            self.run_worker(self._choose_later(href), group="notes")

    async def _choose_later(self, href: str) -> None:
        await self.finish()
        self._go_to_note(href)

    def _go_to_note(self, href: str) -> None:
        is_back, name = href.startswith("#^"), href.removeprefix("#").removeprefix("^")
        self._came_from += [] if is_back else [self.place]
        found = (
            any(span.href == f"#{name}" for span in line.spans) if is_back else line.anchor == name
            for line in (self._page.lines if self._page else ())
        )
        self.go(max(0, next((y for y, is_there in enumerate(found) if is_there), self.top) - 2))

    def on_click(self, event: events.Click) -> None:
        """Follow the clicked link."""
        href = event.style.meta.get("href")
        if isinstance(href, str) and not self.selected_text():
            event.stop()
            self.choose(href)

    def cut_on_screen(self) -> Cut | None:
        """The first cut part on the screen, for a rule to be made of it."""
        anchors = (
            line.anchor
            for y in self.rows
            if (line := self.line_at(y)) and line.anchor.startswith("cut ")
        )
        anchor = next(anchors, "")
        return self.content.cuts[int(anchor[4:])] if self.content and anchor else None

    def select(self, lines: int = 0) -> None:
        """Select text line by line, from the first on the screen; `lines` moves the end."""
        begin = next((y for y in self.rows if self._has_text(y)), self.top)
        first, last = self.selecting or (begin, begin)
        last = max(0, min(last + lines, self.total - 1))
        start, end = sorted((first, last))
        self.screen.selections = {self: Selection(Offset(0, start), Offset(1 << 20, end))}
        self.selecting = first, last
        if last not in self.rows:
            super().step(lines)

    def step(self, by: int) -> None:
        """Scroll by so many lines, or extend the selection by them."""
        if self.selecting:
            self.select(by)
        else:
            super().step(by)

    def clear_selection(self) -> None:
        """End selecting."""
        self.selecting = None
        self.screen.clear_selection()

    def selected_text(self) -> str:
        """The selected text; empty if nothing is selected."""
        got = self.get_selection(self.text_selection) if self.text_selection else None
        return got[0] if got else ""

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text of a selection without margin and prefixes, as Textual asks for it."""
        lines = (*self._page.lines, *self._tail) if self._page else ()
        start, end = selection.start or Offset(0, 0), selection.end or Offset(1 << 20, len(lines))
        return _selected(lines, (start.y, start.x), (end.y, end.x), self.margin), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection anew, as Textual reports it."""
        self.selecting = self.selecting if selection else None
        self.redraw()

    def decorated(self, y: int, line: Line, spans: tuple[Span, ...]) -> Iterable[Span]:
        """The spans of a line with matches, selection and link hints over them."""
        lead = sum(len(span.text) for span in spans[: 1 + line.lead])
        for at, start, end in self._on_row.get(y, ()):
            spans = tuple(
                overlay(spans, lead + start, lead + end, "found" if at == self._match else "match")
            )
        if self.text_selection and (part := self.text_selection.get_span(y)):
            spans = tuple(overlay(spans, max(part[0], self.margin), part[1], "selection"))
        for hint in self.hints:
            if hint.y == y and hint.label.startswith(self._typed):
                spans = tuple(cover(spans, self.margin + hint.cell, hint.label, width_of(spans)))
        return spans


def _matches(lines: Sequence[Line], text: str) -> list[list[Piece]]:
    """Where `text` stands, in any case, also across line ends."""
    parts = [line_text(line) + line.joint for line in lines]
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    pattern = r"\s+".join(map(re.escape, text.split()))
    found = []
    for match in re.finditer(pattern, "".join(parts), re.IGNORECASE) if pattern else ():
        at, end = match.span()
        first, last = bisect_right(starts, at) - 1, bisect_right(starts, end - 1) - 1
        found.append(
            [
                (y, max(0, at - starts[y]), min(end, starts[y + 1]) - starts[y])
                for y in range(first, last + 1)
            ]
        )
    return found


def _hints(lines: Iterable[tuple[int, Line]]) -> list[Hint]:
    """A label for each link on some lines; a link that goes over a line end has one."""
    places: list[tuple[int, int, str]] = []
    last = ""
    for y, line in lines:
        for at, span in enumerate(line.spans):
            if span.href and span.href != last:
                places.append((y, width_of(line.spans[:at]), span.href))
            if span.href or (at >= line.lead and span.text.strip()):
                last = span.href
    labels = map("".join, product(LETTERS, repeat=1 if len(places) <= len(LETTERS) else 2))
    return [Hint(label, *place) for label, place in zip(labels, places, strict=False)]


def _selected(
    lines: Sequence[Line], start: tuple[int, int], end: tuple[int, int], margin: int
) -> str:
    """The article's text between two points (row, character of that row), without wrapping."""
    out = []
    for y in range(start[0], min(end[0], len(lines) - 1) + 1):
        line = lines[y]
        if line.tile:
            continue
        before = "".join(span.text for span in line.spans[: line.lead])
        begin = max(0, start[1] - margin - len(before)) if y == start[0] else 0
        stop = max(0, end[1] - margin - len(before)) if y == end[0] else None
        mark = before.strip(" ▎┊") if y > start[0] or start[1] <= margin + 1 else ""
        out.append(
            (f"{mark} " if mark else "")
            + line_text(line).rstrip()[begin:stop]
            + (line.joint if y < end[0] else "")
        )
    return "".join(out).strip("\n")
