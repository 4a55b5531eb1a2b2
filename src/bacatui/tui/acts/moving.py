"""Moving about, reading on, and how the screen is divided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bacatui.i18n import _
from bacatui.model import Scope, ScopeKind
from bacatui.tui.acts import finding, marking
from bacatui.tui.screens.main import PANES, CommandError, MainScreen


def step(by: int) -> Callable[[MainScreen], None]:
    def act(main: MainScreen) -> None:
        if main.pane == "article" and main.reader.is_selecting:
            main.reader.select(by)
        elif main.pane == "article":
            main.reader.scroll_lines(by)
        elif main.pane == "feeds":
            main.feeds.move_to(main.feeds.cursor + by)
        else:
            main.list.step(by)

    return act


def page(share: float) -> Callable[[MainScreen], None]:
    """Half a page or a whole one, up or down, in whatever has the focus."""

    def act(main: MainScreen) -> None:
        if main.pane != "article":
            lines = main.feeds if main.pane == "feeds" else main.list
            lines.move_lines(int(share * (lines.size.height - 2)))
        elif abs(share) < 1:
            main.reader.half_page(1 if share > 0 else -1)
        elif share > 0:
            main.reader.page_down()
        else:
            main.reader.page_up()

    return act


def end(top: bool) -> Callable[[MainScreen], None]:
    def act(main: MainScreen) -> None:
        if main.pane == "article":
            main.reader.home() if top else main.reader.end()
        else:
            lines = main.feeds if main.pane == "feeds" else main.list
            lines.move_to(0 if top else lines.count - 1)
            if top:
                lines.scroll_to(y=0, animate=False)

    return act


async def enter(main: MainScreen) -> None:
    """Open what the cursor is on: a folder, a scope, a flood, an entry."""
    if main.pane == "feeds":
        if (place := main.feeds.place) is not None:
            if place.scope.kind is ScopeKind.FOLDER and place.scope == main.middle.scope:
                main.feeds.folded ^= {place.scope.key}
                main.refresh_feeds()
            else:
                main.load(place.scope)
                main.go_to("list")
    elif main.pane == "list":
        if not main.app.store.read.feeds() and not main.list.count:
            main.do("packs")
        elif (fold := main.list.break_at_cursor()) is not None and fold.ids:
            main.middle.unfold(fold.ids)
        elif main.list.entry_id is not None:
            main.go_to("article")
            main.follow()
            await marking.opened(main)


def back(main: MainScreen) -> None:
    if main.has_class("zen"):
        main.remove_class("zen")
    if main.pane == "feeds" and (place := main.feeds.place) and place.scope.kind is ScopeKind.FOLDER:
        main.feeds.folded |= {place.scope.key}
        main.refresh_feeds()
    main.go_to("list" if main.pane == "article" else "feeds")


def close(main: MainScreen) -> None:
    """Esc closes the nearest thing, and never quits."""
    if main.typing:
        finding.close_line(main)
    elif main.reader.close():  # letters over links, a find, a selection
        pass
    elif main.list.range_from is not None:
        marking.select(main)
    elif main.has_class("zen"):
        main.remove_class("zen")
    elif main.middle.scope.filter:
        main.load(replace(main.middle.scope, filter=""), at=main.list.entry_id)
    elif main.pane == "article":
        main.go_to("list")
    elif main.middle.before is not None:
        main.load(main.middle.before)
        main.middle.before = None
    elif main.pane == "list":
        main.go_to("feeds")


def other_pane(by: int) -> Callable[[MainScreen], None]:
    return lambda main: main.go_to(PANES[(PANES.index(main.pane) + by) % len(PANES)])


async def read_on(main: MainScreen) -> None:
    """The one key: a page further, and at the end on to the next unread."""
    if main.pane == "feeds" and main.feeds.place is not None:
        main.load(main.feeds.place.scope)
        main.go_to("list")
    fold = main.list.break_at_cursor()
    if fold is not None and fold.ids:
        main.middle.unfold(fold.ids)
    if main.list.entry_id is None:
        await next_unread(main)
        return
    arrived = main.is_narrow and main.pane == "list"
    if arrived:
        main.go_to("article")
    arrived = main.follow() or arrived
    row = main.list.row
    await marking.opened(main)
    if not arrived and not main.reader.page_down():
        await next_unread(main)
    elif arrived and row is not None and not row.is_read:
        pass  # its first page is on the screen now


async def next_unread(main: MainScreen, back: bool = False) -> None:
    """The next unread of this scope; past its end the next feed that has some."""
    if main.reader.is_finding and main.pane == "article":
        main.reader.find_previous() if back else main.reader.find_next()
        return
    read, scope, order = main.app.store.read, main.middle.scope, main.middle.order
    following = read.next_unread(scope, main.list.entry_id, back=back, order=order)
    if following is None and scope.kind is not ScopeKind.FEED and not back:
        following = read.next_unread(scope, None, order=order)
    if following is None:
        if scope.kind is ScopeKind.FEED and next_feed(main, -1 if back else 1):
            await next_unread(main)
            return
        raise CommandError(_("All read.") + " " + main.middle.tally())
    if not main.middle.go_to(following):
        main.load(scope, at=following)
        main.middle.go_to(following)
    main.follow()


def next_feed(main: MainScreen, by: int) -> bool:
    """Show the next feed with unread entries, in the order of the pane."""
    places = [
        p.scope
        for p in main.feeds.places
        if p.scope.kind is ScopeKind.FEED and (p.count or p.scope == main.middle.scope)
    ]
    at = places.index(main.middle.scope) if main.middle.scope in places else (-1 if by > 0 else len(places))
    if not 0 <= at + by < len(places):
        main.say(_("No further feed has unread entries."))
        return False
    main.load(places[at + by])
    return True


def neighbour(by: int) -> Callable[[MainScreen], Any]:
    async def act(main: MainScreen) -> None:
        main.list.step(by)
        if main.pane == "article" and main.follow():
            await marking.opened(main)

    return act


def newest(main: MainScreen) -> None:
    main.load(main.middle.scope)
    main.list.move_to(0)


def widen_list(by: int) -> Callable[[MainScreen], None]:
    def act(main: MainScreen) -> None:
        main.middle.styles.width = max(30, min(main.size.width - 40, main.middle.outer_size.width + by))

    return act


def zen(main: MainScreen) -> None:
    main.toggle_class("zen")
    main.go_to("article")
    main.follow()


ACTS: dict[str, Callable[..., Any]] = {
    "down": step(1),
    "up": step(-1),
    "top": end(True),
    "bottom": end(False),
    "half-down": page(0.5),
    "half-up": page(-0.5),
    "page-down": page(1),
    "page-up": page(-1),
    "open": enter,
    "back": back,
    "close": close,
    "next-pane": other_pane(1),
    "previous-pane": other_pane(-1),
    "read-on": read_on,
    "next-unread": next_unread,
    "previous-unread": lambda main: next_unread(main, back=True),
    "next-entry": neighbour(1),
    "previous-entry": neighbour(-1),
    "next-feed": lambda main: next_feed(main, 1),
    "previous-feed": lambda main: next_feed(main, -1),
    "newest": newest,
    "zen": zen,
    "narrower-list": widen_list(-4),
    "wider-list": widen_list(4),
    "density": lambda main: main.middle.again(density="two" if main.middle.density == "one" else "one"),
    "latest": lambda main: main.load(Scope()),
    "unread": lambda main: main.load(Scope(ScopeKind.UNREAD)),
    "bookmarks": lambda main: main.load(Scope(ScopeKind.BOOKMARKS)),
}
