"""Search as one types, filters, sorting, saved searches; and finding inside the article."""

from __future__ import annotations

from dataclasses import replace

from bacatui.i18n import _, ngettext
from bacatui.model import Scope, ScopeKind
from bacatui.store import typing
from bacatui.tui.acts import marking
from bacatui.tui.screens.main import CommandError, MainScreen


def open_line(main: MainScreen, purpose: str, value: str, placeholder: str) -> None:
    """The line at the foot, for a search, a filter or a find."""
    main.typing = ""
    main.line.value, main.line.placeholder = value, placeholder
    main.typing = purpose
    main.add_class("typing")
    main.line.focus()


def close_line(main: MainScreen, *, back: bool = True) -> None:
    """Put the line away; with `back`, as if it had not been opened."""
    purpose, main.typing = main.typing, ""
    main.remove_class("typing")
    main.go_to("article" if purpose == "find" else "list")
    if back and purpose == "find":
        main.reader.close()
    elif back and purpose == "filter":
        main.load(replace(main.middle.scope, filter=""), at=main.list.entry_id)
    elif back and main.middle.before is not None:
        main.load(main.middle.before)
        main.middle.before = None


def search(main: MainScreen) -> None:
    if main.pane == "article":
        open_line(main, "find", "", _("find in this article"))
        return
    if main.middle.scope.kind is not ScopeKind.SEARCH:
        main.middle.before = main.middle.scope
    scope = main.middle.scope
    value = scope.key if scope.kind is ScopeKind.SEARCH else ""
    value = value.removesuffix("*") if scope.title == _("Search") else value  # as it was typed when the app ended
    open_line(main, "search", value, _('search everything: words, "phrases", -not, title: feed: is:unread after:3d'))


def typed(main: MainScreen, text: str) -> None:
    """What the line holds has changed: show the hits of it."""
    if main.typing == "find":
        n = main.reader.find(text)
        main.say(_("{n} matches").format(n=n) if text else "")
    elif main.typing == "search" and text.strip():
        main.load(Scope(ScopeKind.SEARCH, typing(text), title=_("Search")))
    elif main.typing == "search" and main.middle.before is not None:
        main.load(main.middle.before)
    elif main.typing == "filter":
        main.load(replace(main.middle.scope, filter=typing(text)))


def entered(main: MainScreen) -> None:
    purpose, text = main.typing, main.line.value.strip()
    close_line(main, back=not text)
    if purpose == "search" and text:
        main.load(Scope(ScopeKind.SEARCH, text, title=_("Search: {words}").format(words=text)))
    elif purpose == "filter" and text:
        main.load(replace(main.middle.scope, filter=text))


ORDERS = {
    "newest": lambda: _("Newest first"),
    "oldest": lambda: _("Oldest first"),
    "feed": lambda: _("By feed"),
    "title": lambda: _("By title"),
    "longest": lambda: _("Longest first"),
    "shortest": lambda: _("Shortest first"),
    "rank": lambda: _("Best match first"),
}


def filter_(main: MainScreen) -> None:
    open_line(main, "filter", main.middle.scope.filter, _("narrow this list"))


async def sort(main: MainScreen) -> None:
    orders = [order for order in ORDERS if order != "rank" or main.middle.query_text]
    at = orders.index(main.middle.order) if main.middle.order in orders else 0
    chosen = await main.choose(_("Sort"), [(ORDERS[one](), "") for one in orders], at=at)
    if chosen:
        main.middle.again(order=orders[chosen[0]])
        main.rest()


def hide_read(main: MainScreen) -> None:
    main.middle.again(hides_read=not main.middle.hides_read)
    main.say(_("Only unread entries.") if main.middle.hides_read else _("Read entries too."))


async def save_search(main: MainScreen) -> None:
    query = main.middle.query_text
    if not query:
        raise CommandError(_("Search or filter first; then it can be kept."))
    if name := await main.ask(_("Keep this search as"), query):
        await main.done(main.write.save_search(name, query))
        main.changed(())


async def mute(main: MainScreen) -> None:
    """A rule that marks as read what fits a search, now and when it comes; or let one go."""
    rules = main.read.mute_rules()
    shown = [(_("A new rule"), ""), *((rule.name, _("Enter lets it go")) for rule in rules)]
    chosen = await main.choose(_("Muted"), shown) if rules else [0]
    if chosen and chosen[0]:
        marking.told(main, await main.done(main.write.remove_rule(rules[chosen[0] - 1].id)))
    elif chosen and (query := await main.ask(_("Mark as read what fits"), main.middle.query_text)):
        scope = Scope(ScopeKind.SEARCH, query)
        fitting = [(row.title, row.feed_title) for row in main.read.first(scope, 50, unread_only=True)]
        n = main.read.count(scope).unread
        title = ngettext("{n} unread entry fits", "{n} unread entries fit", n).format(n=n)
        if await main.choose(title, fitting or [(_("Nothing found."), "")], hint=_("Enter mutes them")):
            fitting_now = main.read.ids(scope, unread_only=True)
            act = await main.done(main.write.add_rule(query, query))
            marking.told(main, await main.done(main.write.set_read(list(fitting_now))) if fitting_now else act)
            main.changed(())
