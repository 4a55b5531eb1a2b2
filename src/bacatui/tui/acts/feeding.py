"""Feeds: adding, starter packs, changing, leaving; and what is about the app itself."""

from __future__ import annotations

import asyncio
import os
import tomllib
from pathlib import Path
from typing import Any

from textual.content import Content

from bacatui import commands, document, sanitize
from bacatui import packs as starters
from bacatui.i18n import _, language, ngettext, when
from bacatui.model import Article, Feed, FeedError, FullText, Network, Offline, ParsedFeed, Scope, ScopeKind
from bacatui.packs import StarterFeed
from bacatui.store import FeedExists
from bacatui.text.urls import host
from bacatui.tui import reading
from bacatui.tui.acts import marking, sharing
from bacatui.tui.desk import CommandError
from bacatui.tui.dialog import Dialog
from bacatui.tui.main import MainScreen

GUIDE = Path(__file__).parents[1] / "guide"
FIELDS = Path(__file__).parents[1] / "fields.toml"


def chosen_feed(main: MainScreen) -> Feed:
    """The feed that a command is about."""
    if (feed := feed_here(main)) is None:
        raise CommandError(_("Choose a feed first."))
    return feed


def feed_here(main: MainScreen) -> Feed | None:
    """The feed of the feeds pane, of the scope, or of the entry."""
    place, row = main.feeds.place, main.list.row
    scope = place.scope if main.pane == "feeds" and place is not None else main.middle.scope
    if scope.kind is ScopeKind.FEED:
        return main.read.feed(int(scope.key))
    return main.read.feed(row.feed_id) if row is not None and main.pane != "feeds" else None


async def add(main: MainScreen, address: str = "", trusted: str | None = None) -> None:
    """Subscribe to what stands at an address: the one that is given, or the one that is typed.

    `trusted`: on whose behalf `address` is asked (see `fetch.Request`), where a page gave it and not the user.
    """
    await _add(main, address, trusted, looks=bool(address))


async def _add(main: MainScreen, typed: str = "", trusted: str | None = None, *, looks: bool = False) -> str | None:
    """Typing, looking, preview and choice; what is wrong with an address is told where it can be mended.

    `looks` at what is `typed` already, without asking. Returns what was typed where the user left it, else None.
    """
    hint: str | Content = _("a feed or a site: example.org, or a page of YouTube, Reddit, Mastodon, GitHub")
    session, found = await main.app.session(), None
    while found is None or not (found.parsed or found.choices or found.can_wait):
        if found is not None or not looks:
            answer, left = await _typed(main, _("Add a feed"), typed, hint)
            if not answer:
                return left
            trusted, typed = trusted if answer == typed else None, answer
        where = host(typed if "://" in typed else f"//{typed}") or typed
        main.say(_("Looking at {host} …").format(host=where))
        found = await session.preview(typed, trusted)
        main.say("")
        error = found.error
        if found.is_online is not None:
            main.status.tell_network(found.is_online)
        if found.failure is None and sanitize.url(found.url):  # there is something, but no feed
            error = _("{error} To keep the page itself, paste its address into the list.").format(error=error)
        hint = Content.styled(error, "$warning")
    known = next((feed for feed in main.read.feeds() if feed.url == found.url), None)
    if known is not None:
        _show(main, known, str(FeedExists(known)))
    elif found.choices:
        shown = [(one.title or one.url, one.url if one.title else "") for one in found.choices]
        hint = _("Enter takes one · Space ticks several · Esc to leave it")
        chosen = await main.choose(_("Several feeds are here"), shown, ticked=False, hint=hint) or ()
        picked = [found.choices[n] for n in chosen]
        if len(picked) == 1:
            is_left = await _add(main, picked[0].url, found.trusted, looks=True) is not None
            return typed if is_left else None
        if not picked:
            return typed
        await subscribe(main, [(one.url, "", one.title) for one in picked], where, found.trusted)
    elif found.parsed is None or await _is_wanted(main, found.parsed):
        added = await session.add(typed, seen=found)
        if added.feed is None:
            raise CommandError(added.error)
        late = _("Subscribed to {title}, which is asked again later.")
        said = (_("Subscribed to {title}.") if found.parsed else late).format(title=added.feed.title)
        _show(main, added.feed, f"{said} {added.error}".rstrip())
        main.app.sync([], due=True)
    else:
        return typed
    return None


async def _typed(main: MainScreen, title: str, value: str, hint: str | Content) -> tuple[str | None, str]:
    """What the user answers, None where they thought better of it; and what stood in the line then."""
    dialog = Dialog(title, value=value, hint=hint)
    return await main.app.push_screen_wait(dialog), dialog.typed


async def _is_wanted(main: MainScreen, parsed: ParsedFeed) -> bool:
    """A preview: the newest titles of a feed."""
    told = [(one.title, when.date(one.published) if one.published else "") for one in parsed.entries[:8]]
    told = told or [(_("No entries yet."), "")]
    return bool(await main.choose(parsed.title, told, hint=_("Enter subscribes · Esc to leave it")))


def _show(main: MainScreen, feed: Feed, said: str) -> None:
    main.refresh_feeds()
    main.load(Scope(ScopeKind.FEED, str(feed.id), title=feed.title))
    main.go_to("list")
    main.say(said)


async def subscribe(
    main: MainScreen, feeds: list[tuple[str, str, str]], what: str, trusted: str | None = None
) -> None:  # fmt: skip
    """Take feeds (address, folder, own title) into the library, and ask them now; `what` names where they are from.

    `trusted`: on whose behalf they are asked (see `fetch.Request`), where a page gave them.
    """
    from bacatui.sync import network

    known, added = list[FeedExists](), list[int]()
    for url, folder, title in feeds:
        settings = None if trusted is None else {"network": network.of_link(url, trusted)}
        try:
            added.append((await main.done(main.write.add_feed(url, title, folder, settings=settings))).id)
        except FeedExists as there:
            known.append(there)
    main.refresh_feeds()
    if not added:
        raise CommandError(
            str(known[0]) if len(known) == 1 else _("{what}: all of it is here already.").format(what=what)
        )
    said = ngettext("{what}: subscribed to {n} feed", "{what}: subscribed to {n} feeds", len(added))
    had = ngettext("{n} was here already", "{n} were here already", len(known)).format(n=len(known))
    main.say(", ".join((said.format(what=what, n=len(added)), *([had] if known else []))) + ".")
    main.app.sync(added)


async def packs(main: MainScreen) -> None:
    """The welcome: starter packs, and ways of one's own. What is left half-way leads back here."""
    found, problems = starters.load(main.app.home.config / "packs.toml", starters.OURS)
    if problems:
        main.say(problems[0])
    own = [
        (_("Add an address"), _("a feed or a site of your own")),
        (_("Bring OPML"), _("from another reader")),
        (_("Read the guide first"), _("works with no network")),
    ]
    shown = [(_("Starter packs"), None), *((one.title, one.about) for one in found), (_("Your own"), None), *own]
    title = _("Starter packs") if main.read.feeds() else _("Welcome to bacatui. What would you like to read?")
    undo = commands.shown(main.app.keys["undo"], 1) or _("Undo")
    hint = _("↑ ↓ and Enter · what has come can be read offline · {key} undoes anything").format(key=undo)
    at, address, path = 0, "", "~/"  # the line that was chosen last, and what was typed there
    while chosen := await main.choose(title, shown, hint=hint, at=at):
        at, way = chosen[0], chosen[0] - len(shown) + len(own)
        if way < 0:
            is_done = await _take_from(main, found[at - 1])
        elif way == 0:
            left = await _add(main, address)
            address, is_done = left or "", left is None
        elif way == 1:
            left = await bring(main, path)
            path, is_done = left or "", left is None
        else:
            await guide(main)
            is_done = True
        if is_done:
            break


async def _take_from(main: MainScreen, pack: starters.StarterPack) -> bool:
    """Choose feeds of a pack, and subscribe to them; False where the user left it."""
    lines = [(feed.title, feed.about) for feed in pack.feeds]
    ticked = await main.choose(pack.title, lines, ticked=True)
    if ticked:
        await _take_pack(main, pack.title, [pack.feeds[n] for n in ticked])
    return bool(ticked)


async def _take_pack(main: MainScreen, title: str, feeds: list[StarterFeed]) -> None:
    """Subscribe to those of a pack's feeds that can be read, and say of the others why they cannot."""
    main.say(ngettext("Asking {n} feed …", "Asking {n} feeds …", len(feeds)).format(n=len(feeds)))
    main.middle.expect(news=True)
    try:
        joined = await (await main.app.session()).add_together(feeds, title, main.refresh_feeds)
    finally:
        main.middle.expect(news=False)
    main.refresh_feeds()
    unread = [*joined.skipped, *joined.waiting]
    subscribed = len(joined.read) + len(joined.slow) + len(joined.waiting)
    if not subscribed and not unread:
        raise CommandError(_("All of {title} is here already.").format(title=title))
    main.status.tell_network(joined.is_online)
    if not joined.is_online:
        main.say(_("Subscribed to {title}; all of it is asked once the network is there.").format(title=title))
        return
    main.say(_("Subscribed to {title}.").format(title=title) if subscribed else "")
    main.app.sync([], due=True)
    if joined.slow:
        main.app.sync(joined.slow)
    if unread:
        await _tell_unread(main, joined.skipped, joined.waiting, len(feeds))


async def _tell_unread(
    main: MainScreen, skipped: list[tuple[StarterFeed, str]], waiting: list[tuple[StarterFeed, str]], total: int
) -> None:
    """The feeds of a pack that could not be read, each with the reason."""
    shown: list[tuple[str, str | None]] = []
    for heading, feeds in ((_("Left out"), skipped), (_("Kept, and asked again later"), waiting)):
        shown += [(heading, None)] if feeds else []
        shown += [(feed.title, why) for feed, why in feeds]
    n = len(skipped) + len(waiting)
    title = _("{n} of {total} could not be read now").format(n=n, total=total)
    await main.choose(title, shown, hint=_("Enter or Esc goes on"))


async def bring(main: MainScreen, path: str) -> str | None:
    """OPML of another reader: its folders and feeds, those that are here already left alone.

    A file that cannot be read is told where its name can be mended. Returns what was typed where the user left it,
    else None.
    """
    from bacatui.feeds import read_opml

    hint: str | Content = ""
    while True:
        answer, path = await _typed(main, _("Path of the OPML file"), path, hint)
        if not answer:
            return path
        try:
            file = Path(os.path.expanduser(answer))  # noqa: ASYNC240, PTH111 - no more than a look at $HOME
            found = read_opml(await asyncio.to_thread(file.read_bytes))
        except (OSError, FeedError) as error:
            hint = Content.styled(f"{answer}: {getattr(error, 'strerror', None) or error}", "$warning")
            continue
        if found.feeds:
            await subscribe(main, [(one.url, one.folder, one.title) for one in found.feeds], answer)
            return None
        why = found.refused[0][1] if found.refused else _("There are no feeds in it.")
        hint = Content.styled(f"{answer}: {why}", "$warning")


async def guide(main: MainScreen) -> None:
    """The built-in guide, put into the library as a saved page, so that reading can be tried at once."""
    file = GUIDE / f"{language()}.html"
    html = (file if file.is_file() else GUIDE / "en.html").read_text("utf-8")
    text, title = document.to_text(document.read(html)), _("A short guide to bacatui")
    article = Article(title=title, text=text, html=html, language=language())
    entry = await main.done(main.write.save_page("https://bacatui.invalid/guide", title, article, Offline.READY))
    main.refresh_feeds()
    main.load(Scope(ScopeKind.BOOKMARKS), at=entry)
    main.go_to("list")


async def edit_feed(main: MainScreen) -> None:
    place = main.feeds.place
    if main.pane == "feeds" and place is not None and place.scope.kind is ScopeKind.FOLDER:
        if name := await main.ask(_("Name of the folder"), place.text):
            await marking.carry_out(main, main.write.rename_folder(place.text, name))
        return
    feed, at = chosen_feed(main), 0
    while (at := await _edit_line(main, main.read.feed(feed.id) or feed, at)) >= 0:
        pass


async def _edit_line(main: MainScreen, feed: Feed, at: int) -> int:
    """Choose a line about a feed, the cursor being on line `at`, and change it; which it was, -1 for none."""
    own = {"title": feed.title, "folder": feed.folder, "full_text": feed.full_text.value, "url": feed.url}
    now, fields = feed.settings | own, tomllib.loads(FIELDS.read_text("utf-8"))
    shown = [(_(label), now.get(field["name"]) or _(field.get("usual", "–"))) for label, field in fields.items()]
    if not (chosen := await main.choose(feed.title, shown, hint=_("Enter changes a line · Esc to go back"), at=at)):
        return -1
    label, field = [*fields.items()][chosen[0]]
    name = field["name"]
    if among := field.get("among"):
        here = [*among].index(now[name]) if now.get(name) in among else 0
        picked = await main.choose(_(label), [(word, _(about)) for word, about in among.items()], at=here)
        answer = [*among][picked[0]] if picked else None
    else:
        hint = ", ".join(main.read.folders()) if name == "folder" else _(field.get("hint", ""))
        answer = await main.ask(_(label), now.get(name, ""), hint)
    if answer is not None:
        changes: dict[str, Any] = {name: answer} if name in own else {"settings": {name: answer}}
        if name == "url" and await (await main.app.session()).is_inside(answer):  # as it is where one is added
            changes["settings"] = {"network": Network.INSIDE}
        await marking.carry_out(main, main.write.edit_feed(feed.id, **changes))
    return chosen[0]


async def delete(main: MainScreen) -> None:
    """Unsubscribe, or let a saved search go: at once, and undone with one key."""
    place = main.feeds.place
    if main.pane == "feeds" and place is not None and place.scope.kind is ScopeKind.SEARCH:
        search = next(one for one in main.read.saved_searches() if one.query == place.scope.key)
        await marking.carry_out(main, main.write.remove_search(search.id))
    else:
        await marking.carry_out(main, main.write.remove_feed(chosen_feed(main).id))
    main.load(Scope()) if main.middle.scope.kind in {ScopeKind.FEED, ScopeKind.SEARCH} else main.again()


async def pack(main: MainScreen) -> None:
    if not (answer := await main.ask(_("Minutes to read"), "45")):
        return
    if not (answer.isascii() and answer.isdigit()):
        raise CommandError(_("How many minutes? A number is wanted."))
    main.say(_("Packing …"))
    made = await (await main.app.session()).pack(int(answer))
    main.say("")
    if not made.ids:
        raise CommandError(_("Nothing unread that is offline fits into {time}.").format(time=when.minutes(int(answer))))
    main.load(Scope(ScopeKind.PACK, ",".join(map(str, made.ids))))
    main.go_to("list")


async def about(main: MainScreen) -> None:
    """All that is known of an entry or a feed, and what can be done about a feed in trouble."""
    entry, feed = main.list.entry_id if main.pane != "feeds" else None, None
    if entry is not None:
        title, facts, ways = main.list.row_of(entry).title, reading.facts(main.read, entry), {}
    else:
        feed = chosen_feed(main)
        title, facts, ways = feed.title, reading.facts_of_feed(feed), _ways_out(main, feed)
    shown = [*facts, *([(_("What to do"), None)] if ways else []), *((way, "") for way in ways)]
    chosen = await main.choose(title, shown, hint=_("Enter copies a line, or does it · Esc to go back"))
    if chosen and chosen[0] < len(facts):
        main.app.copy_to_clipboard(facts[chosen[0]][1])
    elif chosen and feed is not None:
        name, changes = ways[str(shown[chosen[0]][0])]
        if changes:
            await marking.carry_out(main, main.write.edit_feed(feed.id, **changes))
        main.do(name)


def _ways_out(main: MainScreen, feed: Feed) -> dict[str, tuple[str, dict[str, Any]]]:
    """What can be done about a feed: the command, and what is changed before it."""
    from bacatui.sync import network

    moved = main.read.fetch_state(feed.id).moved_to
    ways = dict[str, tuple[str, dict[str, Any]]]()
    if feed.settings.get("network") == Network.REFUSED:
        ways[_("It is in my own network: allow it")] = "sync-feed", {"settings": {"network": Network.INSIDE}}
    if feed.url:
        ways[_("Ask it again now")] = "sync-feed", {}
    if moved and moved != feed.url:
        settings = {"network": network.after_move(feed.settings, feed.url, moved)}
        ways[_("Follow it to {url}").format(url=moved)] = "sync-feed", {"url": moved, "settings": settings}
    if feed.full_text is not FullText.ALWAYS:
        ways[_("Fetch the full text of every entry")] = "sync-feed", {"full_text": FullText.ALWAYS}
    return ways | {_("Change it"): ("edit-feed", {}), _("Unsubscribe"): ("delete", {})}


async def pasted(main: MainScreen, text: str) -> None:
    """An address pasted anywhere: subscribe, keep the page, or open it."""
    if url := sanitize.url(text.strip()):
        await sharing.offer(main, url)


async def show_help(main: MainScreen, *, by_name: bool = False) -> None:
    """Every command: with its keys under its group, or by its name; letters narrow the list, Enter carries one out."""
    shown: list[tuple[str, str | None]] = []
    names: list[str] = []
    # by name, what moves comes last: it is known by then
    there = [one for one in commands.COMMANDS if one.id != "unplug" or main.app.on_plug]
    for one in sorted(there, key=lambda one: by_name and one.group == "Moving"):
        if not by_name and (not names or commands.BY_ID[names[-1]].group != one.group):
            shown.append((_(one.group), None))
            names.append(one.id)
        keys, title = commands.shown(main.app.keys[one.id]), _(one.title)
        shown.append((title, keys) if by_name else (keys or " ", title))
        names.append(one.id)
    hint, title = _("type to narrow · Enter does it · Esc to leave it"), _("All commands") if by_name else _("Help")
    if chosen := await main.choose(title, shown, hint=hint, value=""):
        main.do(names[chosen[0]])


async def theme(main: MainScreen) -> None:
    names = sorted(main.app.available_themes)
    if chosen := await main.choose(_("Theme"), [(name, "") for name in names], at=names.index(main.app.theme)):
        main.app.theme = names[chosen[0]]


def unplug(main: MainScreen) -> None:
    if main.app.on_plug is None:
        main.say(_("Only the demo has a plug to pull."))
    else:
        on = main.app.on_plug()
        main.status.tell_network(on)
        main.say(_("The site answers again.") if on else _("The plug is pulled. Everything stays readable: read on."))
