"""Commands for moving, reading on, the layout of the screen, and searching and sorting."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from functools import partial

from bacatui.i18n import _
from bacatui.model import Scope, ScopeKind
from bacatui.store import typing
from bacatui.tui.commands import marking
from bacatui.tui.desk import CommandError
from bacatui.tui.main import PANES, MainScreen


async def open_here(main: MainScreen) -> None:
    """Open what is under the cursor: a folder, a scope, a fold or an entry."""
    place = main.feeds.place
    if main.pane == "feeds" and place is not None:
        if place.scope.kind is ScopeKind.FOLDER and place.scope.key in main.feeds.folded:
            main.feeds.fold(place.scope.key)
        else:
            main.load(place.scope)
            main.go_to("list")
    elif main.pane == "list":
        if not main.list.count and not main.read.feeds():
            main.do("packs")
        elif not main.middle.unfold(main.list.fold) and main.list.entry_id is not None:
            main.go_to("article")
            await marking.opened(main)


def back(main: MainScreen) -> None:
    """Go one pane to the left; in the feeds pane, to the folder of a feed."""
    if main.pane == "feeds":
        main.feeds.out()
    main.go_to("list" if main.pane == "article" else "feeds")


def close(main: MainScreen) -> None:
    """Close the innermost thing that is open (line, hints, range, search, pane); never quit."""
    if main.typing:
        close_line(main)
    elif main.reader.close():  # link hints, matches, a selection
        pass
    elif main.list.range_from is not None:
        main.list.range_from = None
    elif main.has_class("zen"):
        main.remove_class("zen")
    elif main.middle.scope.filter:
        main.load(replace(main.middle.scope, filter=""), at=main.list.entry_id)
    elif main.pane == "article":
        main.go_to("list")
    elif not _leave_search(main) and main.pane == "list":
        main.go_to("feeds")


def next_pane(main: MainScreen, by: int = 1) -> None:
    """Focus the pane `by` places to the right, around the end."""
    main.go_to(PANES[(PANES.index(main.pane) + by) % len(PANES)])


async def read_on(main: MainScreen) -> None:
    """Scroll a page further, and at the end of the article go on to the next unread entry."""
    into_list(main)
    if main.pane == "list":
        main.middle.unfold(main.list.fold)
    if main.entry_id is None:
        await next_unread(main)
        return
    arrived = main.is_narrow and main.pane == "list"
    if arrived:
        main.go_to("article")
    arrived = (main.pane == "list" and main.follow()) or arrived
    await marking.opened(main)
    if not arrived and not main.reader.page_down():
        await next_unread(main)


def into_list(main: MainScreen) -> bool:
    """Go from the feeds pane into the list of what is highlighted; True if it was loaded."""
    place = main.feeds.place
    if main.pane != "feeds" or place is None:
        return False
    is_other = place.scope != main.feeds.scope
    if is_other:
        main.load(place.scope)
    main.go_to("list")
    return is_other


async def next_unread(main: MainScreen, back: bool = False) -> None:
    """Go to the next unread entry of this scope; after the last, to the next feed with some."""
    if main.reader.finding and main.pane == "article":
        main.reader.find_next(-1 if back else 1)
        return
    if into_list(main) and main.row is not None and not main.row.is_read:
        main.follow()
        return
    look = partial(main.read.next_unread, back=back, order=main.middle.order)
    following, is_feed = (
        look(main.middle.scope, main.middle.nearest(back)),
        main.middle.scope.kind is ScopeKind.FEED,
    )
    if following is None and (next_feed(main, -1 if back else 1) if is_feed else not back):
        following = look(main.middle.scope, None)
    if following is None:
        raise CommandError(main.middle.tally(main.list.entry_id, back=back))
    if not main.middle.go_to(following):
        main.load(main.middle.scope, at=following)
        main.middle.go_to(following)
    main.follow()


def next_feed(main: MainScreen, by: int = 1) -> bool:
    """Show the next feed with unread entries, in the order of the pane; False if there is none.

    The search begins at the cursor of the feeds pane if that has the focus, else at the feed that
    the list shows.
    """
    if not main.feeds.places:  # the app has only just started
        main.feeds.renew()
    places = main.feeds.places
    is_among = main.middle.scope.kind in {ScopeKind.FEED, ScopeKind.FOLDER}
    outside = -1 if by > 0 else len(places)
    open_at = next(
        (at for at, place in enumerate(places) if is_among and place.scope == main.feeds.scope),
        outside,
    )
    at = main.feeds.cursor if main.pane == "feeds" else open_at
    coming = places[at + 1 :] if by > 0 else reversed(places[:at])
    found = next(
        (place.scope for place in coming if place.scope.kind is ScopeKind.FEED and place.count),
        None,
    )
    if found is None:
        main.say(_("No further feed has unread entries."))
        return False
    main.load(found)
    return True


async def next_entry(main: MainScreen, by: int = 1) -> None:
    """Move `by` entries down the list; an article that is open follows."""
    if not into_list(main):
        main.list.step(by)
    if main.pane == "article" and main.follow():
        await marking.opened(main)


def newest(main: MainScreen) -> None:
    """Load the list again, with new entries, and go to its top."""
    main.load(main.middle.scope)
    main.list.move_to(0)
    if main.pane == "feeds":
        main.go_to("list")


def wider_list(main: MainScreen, by: int = 4) -> None:
    """Widen the list by so many cells; negative values narrow it."""
    if not main.has_neighbour:
        raise CommandError(_("The list has all of the width here."))
    main.list_width = max(30, min(main.size.width - 40, main.middle.outer_size.width + by))
    main.fit_list()


def density(main: MainScreen) -> None:
    """Switch the list between one and two lines per entry."""
    main.again(density="two" if main.middle.density == "one" else "one")


def zen(main: MainScreen) -> None:
    """Show only the article, or all panes again."""
    marking.entry_here(main)
    main.toggle_class("zen")
    main.go_to("article")


def scope(main: MainScreen, kind: str) -> None:
    """Show all entries of a kind of scope, such as `latest` or `bookmarks`."""
    main.load(Scope(ScopeKind(kind)))
    main.go_to("list")


def _open_line(main: MainScreen, purpose: str, value: str, placeholder: str) -> None:
    """Open the line at the foot, for a search, a filter or a find."""
    main.typing = ""  # setting the value must not count as typing
    main.line.value, main.line.placeholder = value, placeholder
    main.typing = purpose
    find = _("Enter, then n and p, go from match to match · Esc closes")
    main.status.advice = (
        find if purpose == "find" else _("↑ ↓ move · Enter keeps what was found · Esc goes back")
    )
    main.add_class("typing")
    main.set_focus(main.line)


def close_line(main: MainScreen, *, back: bool = True) -> None:
    """Close the line at the foot; with `back`, restore what was shown before it was opened."""
    purpose, main.typing, main.status.advice = main.typing, "", ""
    main.remove_class("typing")
    main.go_to("article" if purpose == "find" else "list")
    if back and purpose == "find":
        main.reader.close()
    elif back and purpose == "filter":
        main.load(replace(main.middle.scope, filter=""), at=main.list.entry_id)
    elif back:
        _leave_search(main)


def _leave_search(main: MainScreen, *, for_now: bool = False) -> bool:
    """Load the list from before the search; False if there is none."""
    scope, before = main.middle.scope, main.middle.before
    if (
        before is None
        and scope.kind is ScopeKind.SEARCH
        and all(scope != place.scope for place in main.feeds.places)
    ):
        before = Scope()  # the search was restored from the last run
    if before is not None:
        main.load(before)
    main.middle.before = before if for_now else None
    return before is not None


def search(main: MainScreen) -> None:
    """Type a search: within the article if it has the focus, else in the library."""
    scope = main.middle.scope
    if main.pane == "article":
        _open_line(main, "find", "", _("find in this article"))
        return
    main.go_to("list")  # which shows the hits
    value = scope.key.removesuffix("*") if scope.kind is ScopeKind.SEARCH else ""
    if not value:
        main.middle.before = scope
    _open_line(
        main,
        "search",
        value,
        _('search everything: words, "phrases", -not, title: feed: is:unread after:3d'),
    )


def filter_list(main: MainScreen) -> None:
    """Type a filter for the entries of this list."""
    _show_list(main)
    _open_line(main, "filter", main.middle.scope.filter.removesuffix("*"), _("narrow this list"))


async def _find(main: MainScreen, text: str) -> None:
    n = await main.reader.find(text)
    main.say(_("{n} matches").format(n=n) if text else "")


def typed(main: MainScreen, text: str) -> Awaitable[None] | None:
    """Show the hits of what has been typed so far."""
    if main.typing == "find":
        return _find(main, text)
    if main.typing == "search" and text.strip():
        main.load(Scope(ScopeKind.SEARCH, typing(text), title=_("Search")))
    elif main.typing == "search":
        _leave_search(main, for_now=True)
    elif main.typing == "filter":
        main.load(replace(main.middle.scope, filter=typing(text)))
    return None


def entered(main: MainScreen) -> None:
    """Keep the hits; the last word still matches words that begin with it."""
    purpose, text = main.typing, main.line.value.strip()
    close_line(main, back=not text)
    if purpose == "search" and text:
        main.load(
            Scope(ScopeKind.SEARCH, typing(text), title=_("Search: {words}").format(words=text))
        )
    elif purpose == "filter" and text:
        main.load(replace(main.middle.scope, filter=typing(text)))


def _show_list(main: MainScreen) -> None:
    """Go to the list that a command changes: of the highlighted feed, or beside the article."""
    into_list(main)
    main.go_to("list")


async def sort(main: MainScreen) -> None:
    """Choose the order of the list."""
    _show_list(main)
    orders = {
        "newest": _("Newest first"), "oldest": _("Oldest first"), "feed": _("By feed"), "title": _("By title"),
        "longest": _("Longest first"), "shortest": _("Shortest first"),
    } | ({"rank": _("Best match first")} if main.middle.query_text else {})  # fmt: skip
    names, now = list(orders), main.middle.order
    at = names.index(now) if now in orders else 0
    if chosen := await main.choose(_("Sort"), [(told, "") for told in orders.values()], at=at):
        main.again(order=names[chosen[0]])


def hide_read(main: MainScreen) -> None:
    """Hide read entries in the list, or show them again."""
    _show_list(main)
    main.again(hides_read=not main.middle.hides_read)
    main.say(_("Only unread entries.") if main.middle.hides_read else _("Read entries too."))


async def save_search(main: MainScreen) -> None:
    """Keep the query of the list under a name, among the feeds."""
    query = main.middle.query_text
    if not query:
        raise CommandError(_("Search or filter first; then it can be kept."))
    if name := await main.ask(_("Keep this search as"), query):
        await main.done(main.write.save_search(name, query))
        main.changed()
