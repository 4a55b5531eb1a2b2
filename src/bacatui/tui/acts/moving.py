"""Moving about, reading on, and how the screen is divided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bacatui.i18n import _
from bacatui.model import Scope, ScopeKind
from bacatui.tui.acts import finding, marking
from bacatui.tui.screens.main import PANES, CommandError, MainScreen


def moved(how: str, by: float) -> Callable[[MainScreen], None]:
    """A move in whatever has the focus."""
    return lambda main: getattr(main.here, how)(by)


down, up = moved("step", 1), moved("step", -1)
half_down, half_up = moved("page", 0.5), moved("page", -0.5)
page_down, page_up = moved("page", 1), moved("page", -1)
top, bottom = moved("to_end", 0), moved("to_end", 1)


async def open_(main: MainScreen) -> None:
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
        if not main.read.feeds() and not main.list.count:
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


def next_pane(main: MainScreen, by: int = 1) -> None:
    main.go_to(PANES[(PANES.index(main.pane) + by) % len(PANES)])


previous_pane = partial(next_pane, by=-1)


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
    await marking.opened(main)
    if not arrived and not main.reader.page_down():
        await next_unread(main)


async def next_unread(main: MainScreen, back: bool = False) -> None:
    """The next unread of this scope; past its end the next feed that has some."""
    if main.reader.finding and main.pane == "article":
        main.reader.find_next(-1 if back else 1)
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


previous_unread = partial(next_unread, back=True)


def next_feed(main: MainScreen, by: int = 1) -> bool:
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


previous_feed = partial(next_feed, by=-1)


async def next_entry(main: MainScreen, by: int = 1) -> None:
    main.list.step(by)
    if main.pane == "article" and main.follow():
        await marking.opened(main)


previous_entry = partial(next_entry, by=-1)


def newest(main: MainScreen) -> None:
    main.load(main.middle.scope)
    main.list.move_to(0)


def wider_list(main: MainScreen, by: int = 4) -> None:
    main.list_width = max(30, min(main.size.width - 40, main.middle.outer_size.width + by))
    main.middle.styles.width = main.list_width


narrower_list = partial(wider_list, by=-4)


def density(main: MainScreen) -> None:
    main.middle.again(density="two" if main.middle.density == "one" else "one")


def zen(main: MainScreen) -> None:
    main.toggle_class("zen")
    main.go_to("article")
    main.follow()


def latest(main: MainScreen, kind: ScopeKind = ScopeKind.LATEST) -> None:
    main.load(Scope(kind))


unread, bookmarks = partial(latest, kind=ScopeKind.UNREAD), partial(latest, kind=ScopeKind.BOOKMARKS)
