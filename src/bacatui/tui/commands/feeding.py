"""Commands about feeds (edit, unsubscribe, details), and about the app itself."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from bacatui import commands
from bacatui.i18n import _, when
from bacatui.model import Feed, FullText, Network, Scope, ScopeKind
from bacatui.text import sanitize
from bacatui.tui import reading
from bacatui.tui.commands import marking, sharing
from bacatui.tui.desk import CommandError
from bacatui.tui.main import MainScreen

FIELDS = Path(__file__).parents[1] / "fields.toml"


def chosen_feed(main: MainScreen) -> Feed:
    """The feed here (see `feed_here`). Raises CommandError if there is none."""
    if (feed := feed_here(main)) is None:
        raise CommandError(_("Choose a feed first."))
    return feed


def feed_here(main: MainScreen) -> Feed | None:
    """The feed highlighted in the feeds pane, else that of the scope, else that of the entry."""
    place, row = main.feeds.place, main.row
    scope = place.scope if main.pane == "feeds" and place is not None else main.middle.scope
    if scope.kind is ScopeKind.FEED:
        return main.read.feed(int(scope.key))
    return main.read.feed(row.feed_id) if row is not None else None


def feeds_here(main: MainScreen) -> list[Feed]:
    """The feeds of the folder highlighted in the feeds pane, else the feed here, if any."""
    place, feed = main.feeds.place, feed_here(main)
    if main.pane == "feeds" and place is not None and place.scope.kind is ScopeKind.FOLDER:
        return [one for one in main.read.feeds() if one.folder == place.scope.key]
    return [] if feed is None else [feed]


async def edit_feed(main: MainScreen) -> None:
    """Edit the settings of the feed here, or rename the folder under the cursor."""
    place = main.feeds.place
    if main.pane == "feeds" and place is not None and place.scope.kind is ScopeKind.FOLDER:
        if name := await main.ask(_("Name of the folder"), place.text):
            is_open = main.middle.scope == place.scope
            await marking.carry_out(main, main.write.rename_folder(place.text, name))
            if is_open:
                main.load(Scope(ScopeKind.FOLDER, name))
        return
    feed, at = chosen_feed(main), 0
    while (at := await _edit_line(main, main.read.feed(feed.id) or feed, at)) >= 0:
        pass


async def _edit_line(main: MainScreen, feed: Feed, at: int) -> int:
    """Let the user choose a setting of a feed, with the cursor on line `at`, and change it.

    Returns the number of the line, or -1 if the user cancelled.
    """
    own = {
        "title": feed.title,
        "folder": feed.folder,
        "full_text": feed.full_text.value,
        "url": feed.url,
    }
    now, fields = feed.settings | own, tomllib.loads(FIELDS.read_text("utf-8"))
    shown = [
        (_(label), now.get(field["name"]) or _(field.get("usual", "–")))
        for label, field in fields.items()
    ]
    if not (
        chosen := await main.choose(
            feed.title, shown, hint=_("Enter changes a line · Esc to go back"), at=at
        )
    ):
        return -1
    label, field = list(fields.items())[chosen[0]]
    name = field["name"]
    if among := field.get("among"):
        values = list(among)
        here = values.index(now[name]) if now.get(name) in among else 0
        picked = await main.choose(
            _(label), [(word, _(about)) for word, about in among.items()], at=here
        )
        answer = values[picked[0]] if picked else None
    else:
        hint = ", ".join(main.read.folders()) if name == "folder" else _(field.get("hint", ""))
        answer = await main.ask(_(label), now.get(name, ""), hint)
    if answer is not None:
        changes: dict[str, Any] = {name: answer} if name in own else {"settings": {name: answer}}
        if name == "url":
            session = await main.app.session()
            if await session.is_inside(answer):  # allowed, as for a feed that is added
                changes["settings"] = {"network": Network.INSIDE}
        await marking.carry_out(main, main.write.edit_feed(feed.id, **changes))
    return chosen[0]


async def delete(main: MainScreen) -> None:
    """Unsubscribe, or delete a saved search: at once, as undo brings it back."""
    place = main.feeds.place
    if main.pane == "feeds" and place is not None and place.scope.kind is ScopeKind.SEARCH:
        gone = place.scope
        kept = (
            one.id
            for one in main.read.saved_searches()
            if (one.query, one.name) == (place.scope.key, place.text)
        )
        if (search := next(kept, None)) is None:
            raise CommandError(_("This search is no longer kept."))
        await marking.carry_out(main, main.write.remove_search(search))
    else:
        feed = chosen_feed(main)
        gone = Scope(ScopeKind.FEED, str(feed.id))
        await marking.carry_out(main, main.write.remove_feed(feed.id))
    if main.feeds.scope == gone:
        main.load(Scope())
    else:
        main.again()


async def pack(main: MainScreen) -> None:
    """Ask for minutes of reading, and choose and fetch entries for them."""
    if not (answer := await main.ask(_("Minutes to read"), "45")):
        return
    if not (answer.isascii() and answer.isdigit()):
        raise CommandError(_("How many minutes? A number is wanted."))
    main.say(_("Packing …"))
    made = await (await main.app.session()).pack(int(answer))
    main.say("")
    if not made.ids:
        raise CommandError(
            _("Nothing unread that is offline fits into {time}.").format(
                time=when.minutes(int(answer))
            )
        )
    main.load(Scope(ScopeKind.PACK, ",".join(map(str, made.ids))))
    main.go_to("list")


async def about(main: MainScreen) -> None:
    """Show the details of an entry or a feed, and what can be done about a failing feed."""
    row, feed = main.row, None
    if row is not None:
        title, facts, ways = row.title, reading.facts(main.read, row.id), {}
    elif main.pane == "list" and main.list.fold:
        raise CommandError(_("Open these first, then choose one."))
    else:
        feed = chosen_feed(main)
        title, facts, ways = feed.title, reading.facts_of_feed(feed), _ways_out(main, feed)
    shown = [*facts, *([(_("What to do"), None)] if ways else []), *((way, "") for way in ways)]
    chosen = await main.choose(
        title, shown, hint=_("Enter copies a line, or does it · Esc to go back")
    )
    if chosen and chosen[0] < len(facts):
        main.app.copy_to_clipboard(facts[chosen[0]][1])
    elif chosen and feed is not None:
        name, changes = ways[str(shown[chosen[0]][0])]
        if changes:
            await marking.carry_out(main, main.write.edit_feed(feed.id, **changes))
        main.do(name)


def _ways_out(main: MainScreen, feed: Feed) -> dict[str, tuple[str, dict[str, Any]]]:
    """What can be done about a feed, by label: a command, and the changes to make before it."""
    from bacatui.sync import network

    moved = main.read.fetch_state(feed.id).moved_to
    ways = dict[str, tuple[str, dict[str, Any]]]()
    if feed.settings.get("network") == Network.REFUSED:
        ways[_("It is in my own network: allow it")] = (
            "sync-feed",
            {"settings": {"network": Network.INSIDE}},
        )
    if feed.url:
        ways[_("Ask it again now")] = "sync-feed", {}
    if moved and moved != feed.url:
        settings = {"network": network.after_move(feed.settings, feed.url, moved)}
        ways[_("Follow it to {url}").format(url=moved)] = (
            "sync-feed",
            {"url": moved, "settings": settings},
        )
    if feed.full_text is not FullText.ALWAYS:
        ways[_("Fetch the full text of every entry")] = "sync-feed", {"full_text": FullText.ALWAYS}
    return ways | {_("Change it"): ("edit-feed", {}), _("Unsubscribe"): ("delete", {})}


async def pasted(main: MainScreen, text: str) -> None:
    """Offer to subscribe to a pasted address, keep its page, or open it."""
    if url := sanitize.url(text.strip()):
        await sharing.offer(main, url)


async def show_help(main: MainScreen, *, by_name: bool = False) -> None:
    """List all commands, grouped with their keys, or by name; Enter runs one."""
    shown: list[tuple[str, str | None]] = []
    names: list[str] = []
    # By name, the commands for moving come last: users know them.
    there = [one for one in commands.COMMANDS if one.id != "unplug" or main.app.on_plug]
    for one in sorted(there, key=lambda one: by_name and one.group == "Moving"):
        if not by_name and (not names or commands.BY_ID[names[-1]].group != one.group):
            shown.append((_(one.group), None))
            names.append(one.id)
        keys, title = commands.shown(main.app.keys[one.id]), _(one.title)
        shown.append((title, keys) if by_name else (keys or " ", title))
        names.append(one.id)
    hint, title = (
        _("type to narrow · Enter does it · Esc to leave it"),
        _("All commands") if by_name else _("Help"),
    )
    if chosen := await main.choose(title, shown, hint=hint, value=""):
        main.do(names[chosen[0]])


async def theme(main: MainScreen) -> None:
    """Choose a theme."""
    names = sorted(main.app.available_themes)
    if chosen := await main.choose(
        _("Theme"), [(name, "") for name in names], at=names.index(main.app.theme)
    ):
        main.app.theme = names[chosen[0]]


def unplug(main: MainScreen) -> None:
    """In the demo, take the network away or bring it back."""
    if main.app.on_plug is None:
        main.say(_("Only the demo has a plug to pull."))
    else:
        on = main.app.on_plug()
        main.status.tell_network(on)
        main.say(
            _("The site answers again.")
            if on
            else _("The plug is pulled. Everything stays readable: read on.")
        )
