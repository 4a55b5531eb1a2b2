"""The pane of scopes, folders and feeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style

from bacatui.i18n import _
from bacatui.model import Feed, Scope, ScopeKind
from bacatui.tui.widgets.lines import LineList, fit


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the pane."""

    scope: Scope
    text: str
    count: int = 0
    glyph: str = " "
    depth: int = 0
    is_failing: bool = False


class FeedsPane(LineList):
    """Latest, Unread, Bookmarks, saved searches; then folders and their feeds, with what is unread."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--cursor", "lines--cursor-blur", "lines--chosen", "lines--bar",
        "feeds--scope", "feeds--folder", "feeds--feed", "feeds--quiet", "feeds--count", "feeds--trouble", "feeds--here",
    }  # fmt: skip

    def __init__(self) -> None:
        super().__init__(id="feeds")
        self.places: tuple[Place, ...] = ()
        self.folded: set[str] = set()
        self.scope = Scope()  # what the list shows now

    def show(self, feeds: Sequence[Feed], bookmarks: int, searches: Sequence[tuple[Scope, int]]) -> None:
        """Take the feeds, and saved searches with what is unread in them; the cursor stays on its line."""
        under = self.place.scope if self.place else self.scope
        places = [
            Place(Scope(ScopeKind.LATEST, title=_("Latest")), _("Latest"), glyph="≡"),
            Place(Scope(ScopeKind.UNREAD, title=_("Unread")), _("Unread"), sum(f.unread for f in feeds), "●"),
            Place(Scope(ScopeKind.BOOKMARKS, title=_("Bookmarks")), _("Bookmarks"), bookmarks, "★"),
        ]
        places += [Place(scope, scope.title, n, "/") for scope, n in searches]
        for folder in sorted({feed.folder for feed in feeds}, key=str.casefold):
            inside = [feed for feed in feeds if feed.folder == folder]
            if folder:
                glyph = "▸" if folder in self.folded else "▾"
                total = sum(feed.unread for feed in inside)
                places.append(Place(Scope(ScopeKind.FOLDER, folder, title=folder), folder, total, glyph))
            if folder not in self.folded:
                places += [self._place(feed, 1 if folder else 0) for feed in inside]
        self.places = tuple(places)
        self.hold(len(places), 1, [])
        self.go(under)

    def _place(self, feed: Feed, depth: int) -> Place:
        trouble = feed.status in {"failing", "gone"}
        scope = Scope(ScopeKind.FEED, str(feed.id), title=feed.title)
        return Place(scope, feed.title, feed.unread, "!" if trouble else " ", depth, trouble)

    @property
    def place(self) -> Place | None:
        return self.places[self.cursor] if self.cursor < len(self.places) else None

    def go(self, scope: Scope) -> None:
        """Put the cursor on the line of a scope, where there is one."""
        for index, place in enumerate(self.places):
            if (place.scope.kind, place.scope.key) == (scope.kind, scope.key):
                self.move_to(index)
                break

    def state(self, index: int) -> tuple[Place, bool]:
        place = self.places[index]
        return place, (place.scope.kind, place.scope.key) == (self.scope.kind, self.scope.key)

    def draw(self, index: int, line: int, width: int, base: Style) -> Iterable[Segment]:
        place, open_now = self.state(index)
        kind = "scope" if place.scope.kind not in {ScopeKind.FOLDER, ScopeKind.FEED} else place.scope.kind.value
        look = "here" if open_now else "quiet" if kind == "feed" and not place.count else kind
        count = f" {place.count} " if place.count else " "
        room = width - 1 - 2 * place.depth - 2 - len(count)
        glyph = "trouble" if place.is_failing else look
        return [
            Segment("▌" if index == self.cursor else " ", base + self.look("lines--bar")),
            Segment("  " * place.depth + f"{place.glyph} ", base + self.look(f"feeds--{glyph}")),
            Segment(fit(place.text, room), base + self.look(f"feeds--{look}")),
            Segment(count if room > 0 else fit(count, len(count) + room), base + self.look("feeds--count")),
        ]
