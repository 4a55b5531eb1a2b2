"""Lists of lines: a cursor and what moves it, and the pane of scopes, folders and feeds."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip

from bacatui.i18n import _
from bacatui.model import Feed, Scope, ScopeKind
from bacatui.store import Reader, Store
from bacatui.tui.typeset import Span
from bacatui.tui.widgets.line_widget import LineWidget, RunCommand, fit

_NAMES = (
    "cursor cursor-blur chosen bar scope here folder feed quiet count trouble "
    "unread read meta dot star day line fold match empty"
)


class LineList(LineWidget):
    """Items of one or more lines each, a cursor, and what moves it. Subclasses draw."""

    PREFIX = "lines--"
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{name}" for name in _NAMES.split()}
    range_from: reactive[int | None] = reactive(None)  # the other end of a selected range

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.count = 0
        self._tall = 1
        self._short: list[int] = []  # the items that take one line whatever the others take

    def draw(self, index: int, line: int, width: int) -> Iterable[Span]:
        """One line of an item, exactly `width` cells."""
        raise NotImplementedError

    def state(self, index: int) -> Hashable:
        """What the look of an item depends on, besides the cursor and the width."""
        raise NotImplementedError

    def draw_beyond(self, y: int, width: int) -> Iterable[Span]:
        """Draw a line below the last item."""
        return (Span(" " * width),)

    def hold(self, count: int, tall: int = 1, short: Iterable[int] = ()) -> None:
        """Take a new sequence of items; cursor and scroll are left to the caller."""
        self.count, self._tall, self._short = count, tall, list(short)
        self.cursor = max(0, min(self.cursor, count - 1))
        self.range_from = None
        self.virtual_size = Size(0, self.top_of(count))
        self.redraw()

    def top_of(self, index: int) -> int:
        """The line on which an item begins."""
        return index * self._tall - bisect_left(self._short, index) * (self._tall - 1)

    def item_at(self, y: int) -> int:
        """The index of the item that covers line `y`."""
        return bisect_right(range(self.count), y, key=self.top_of) - 1

    def selected(self) -> range:
        """The indexes of the selected range, or only the cursor."""
        low, high = sorted(
            (self.cursor, self.cursor if self.range_from is None else self.range_from)
        )
        return range(low, high + 1) if self.count else range(0)

    def move_to(self, index: int, *, scroll: bool = True) -> None:
        """Put the cursor on an item, and scroll by half a page where it would leave the screen."""
        old, self.cursor = self.cursor, max(0, min(index, self.count - 1))
        if self.range_from is None:
            self.repaint(old)
            self.repaint(self.cursor)
        else:
            self.refresh()
        if scroll:
            self.reveal()

    def reveal(self) -> None:
        """Bring the cursor on the screen, scrolling only if it would leave it."""
        top, end = self.top_of(self.cursor), self.top_of(self.cursor + 1)
        height = self.scrollable_content_region.height or 1
        if top < self.scroll_offset.y:
            self.scroll_to(
                y=max(0, 0 if self.cursor <= 1 else end - height * 3 // 4), animate=False
            )
        elif end > self.scroll_offset.y + height:
            self.scroll_to(
                y=min(top - height // 4, self.top_of(self.count) - height), animate=False
            )

    def step(self, by: int) -> None:
        """Move the cursor by so many items."""
        self.move_to(self.cursor + by)

    def page(self, share: float) -> None:
        """Move the cursor by a share of the height, at least one item."""
        lines = int(share * (self.size.height - 2))
        item = self.item_at(
            max(0, min(self.top_of(self.cursor) + lines, self.top_of(self.count) - 1))
        )
        self.move_to(item if item != self.cursor else item + (1 if lines > 0 else -1))

    def to_end(self, bottom: bool) -> None:
        """Move the cursor to the last item, or to the first."""
        self.move_to(self.count - 1 if bottom else 0)
        if not bottom:
            self.scroll_to(y=0, animate=False)

    def repaint(self, index: int) -> None:
        """Draw the lines of one item again."""
        if 0 <= index < self.count:
            self.refresh_lines(self.top_of(index), self.top_of(index + 1) - self.top_of(index))

    def render_line(self, y: int) -> Strip:
        """One line of the widget, drawn or taken from the cache."""
        width, y = self.scrollable_content_region.width, y + self.scroll_offset.y
        if not 0 <= y < self.top_of(self.count):
            return self.strip(self.draw_beyond(y, width), width)
        index = self.item_at(y)
        line = y - self.top_of(index)
        here, chosen = (
            index == self.cursor,
            self.range_from is not None and index in self.selected(),
        )
        key = (self.state(index), line, width, here, chosen, self.has_focus)
        if (strip := self._strips.get(key)) is None:
            ground = (
                "chosen"
                if chosen
                else ""
                if not here
                else "cursor"
                if self.has_focus
                else "cursor-blur"
            )
            bar = Span("▌" if here else "┃" if chosen else " ", "bar")
            spans = (bar, *self.draw(index, line, width - 1))
            strip = self.strip(
                (Span(text, f"{ground} {names}") for text, names, _href in spans), width
            )
            self._strips.set(key, strip)
        return strip

    def on_resize(self) -> None:
        """Draw for the new width, and keep the cursor in sight."""
        self._strips.clear()
        self.call_after_refresh(self.reveal)

    def on_focus(self) -> None:
        """Draw the cursor in the colour of focus."""
        self.repaint(self.cursor) if self.count else self.refresh()

    on_blur = on_focus

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked item; open it if it was there already."""
        y = event.y + self.scroll_offset.y
        if 0 <= y < self.top_of(self.count):
            was_here = self.item_at(y) == self.cursor
            self.move_to(self.item_at(y))
            if was_here:
                self.post_message(RunCommand("open"))


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the feeds pane."""

    scope: Scope
    text: str
    count: int = 0
    glyph: str = " "
    depth: int = 0


class FeedsPane(LineList):
    """Latest, Unread, Bookmarks, saved searches, folders and feeds, with their unread counts."""

    def __init__(self, store: Store) -> None:
        super().__init__(id="feeds")
        self._store = store
        self._found: dict[Scope, int] = {}  # what is unread in each saved search, as counted last
        self._is_counting = self._is_stale = False
        self.places: tuple[Place, ...] = ()
        self.folded: set[str] = set()
        self.scope = Scope()  # what the list shows now
        self.newest = 0  # the highest entry number among what is counted

    def renew(self) -> None:
        """Read feeds and counts again; those of saved searches follow when they are known."""
        self._show()
        self._is_stale = True
        if not self._is_counting:
            self.run_worker(self._count_searches(), group="counts")

    def fold(self, folder: str) -> None:
        """Fold the feeds of a folder, or unfold them."""
        self.folded ^= {folder}
        self._show()

    def out(self) -> None:
        """Go from a feed to its folder; on a folder, fold it."""
        place = self.place
        if place is not None and place.depth:
            self.move_to(next(at for at in range(self.cursor, -1, -1) if not self.places[at].depth))
        elif (
            place is not None
            and place.scope.kind is ScopeKind.FOLDER
            and place.scope.key not in self.folded
        ):
            self.fold(place.scope.key)

    def _show(self) -> None:
        read = self._store.read
        self.newest = read.newest()
        searches = [(scope, self._found.get(scope, 0)) for scope in _searches(read)]
        self.show(read.feeds(), read.count(Scope(ScopeKind.BOOKMARKS)).entries, searches)

    async def _count_searches(self) -> None:
        """Count in a thread: a common word takes half a second in a large library."""
        self._is_counting = True
        try:
            while self._is_stale:
                self._is_stale, before = False, self._found
                self._found = await asyncio.to_thread(
                    self._store.ask,
                    lambda read: {scope: read.count(scope).unread for scope in _searches(read)},
                )
                if self._found != before:
                    self._show()
        finally:
            self._is_counting = False

    def show(
        self, feeds: Sequence[Feed], bookmarks: int, searches: Sequence[tuple[Scope, int]]
    ) -> None:
        """Show feeds and saved searches with their unread counts; the cursor stays on its line."""
        under = self.place.scope if self.place else self.scope
        places = [
            Place(Scope(ScopeKind.LATEST, title=_("Latest")), _("Latest"), glyph="≡"),
            Place(
                Scope(ScopeKind.UNREAD, title=_("Unread")),
                _("Unread"),
                sum(f.unread for f in feeds),
                "●",
            ),
            Place(Scope(ScopeKind.BOOKMARKS, title=_("Bookmarks")), _("Bookmarks"), bookmarks, "★"),
        ]
        places += [Place(scope, scope.title, n, "/") for scope, n in searches]
        folders: dict[str, list[Feed]] = {}
        for feed in feeds:
            folders.setdefault(feed.folder, []).append(feed)
        for folder, inside in sorted(folders.items(), key=lambda one: one[0].casefold()):
            if folder:
                glyph = "▸" if folder in self.folded else "▾"
                total = sum(feed.unread for feed in inside)
                places.append(
                    Place(Scope(ScopeKind.FOLDER, folder, title=folder), folder, total, glyph)
                )
            for feed in inside if folder not in self.folded else ():
                scope = Scope(ScopeKind.FEED, str(feed.id), title=feed.title)
                glyph = "!" if feed.status in {"failing", "gone"} else " "
                places.append(Place(scope, feed.title, feed.unread, glyph, 1 if folder else 0))
        self.places = tuple(places)
        self.hold(len(places))
        self.go(under)

    @property
    def place(self) -> Place | None:
        """The place under the cursor; None if there is none."""
        return self.places[self.cursor] if self.cursor < len(self.places) else None

    def go(self, scope: Scope) -> None:
        """Put the cursor on the line of a scope, if there is one; of several, by its title."""
        found = [index for index, place in enumerate(self.places) if place.scope == scope]
        named = (index for index in found if self.places[index].scope.title == scope.title)
        if found:
            self.move_to(next(named, found[0]))

    def state(self, index: int) -> Hashable:
        """What the drawing of a line depends on: its place, and whether it is open."""
        return self.places[index], self.places[index].scope == self.scope

    def draw(self, index: int, line: int, width: int) -> Iterable[Span]:
        """Name and count of unread entries of a place."""
        place = self.places[index]
        kind = (
            place.scope.kind.value
            if place.scope.kind in {ScopeKind.FOLDER, ScopeKind.FEED}
            else "scope"
        )
        is_open = place.scope == self.scope
        look = "here" if is_open else "quiet" if kind == "feed" and not place.count else kind
        count = f" {place.count} " if place.count else " "
        room = width - 2 * place.depth - 2 - len(count)
        return (
            Span("  " * place.depth + f"{place.glyph} ", "trouble" if place.glyph == "!" else look),
            Span(fit(place.text, room), look),
            Span(count if room > 0 else fit(count, len(count) + room), "count"),
        )


def _searches(read: Reader) -> list[Scope]:
    return [Scope(ScopeKind.SEARCH, one.query, title=one.name) for one in read.saved_searches()]
