"""Subscribing by address, starter pack or OPML; the welcome dialog and the guide."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual.content import Content

from bacatui import commands, document
from bacatui import packs as starters
from bacatui.i18n import _, language, ngettext, when
from bacatui.model import Article, Feed, FeedError, Offline, ParsedFeed, Scope, ScopeKind
from bacatui.packs import StarterFeed
from bacatui.store import FeedExists
from bacatui.text import sanitize
from bacatui.text.urls import host
from bacatui.tui.desk import CommandError
from bacatui.tui.dialog import Dialog
from bacatui.tui.main import MainScreen

GUIDE = Path(__file__).parents[1] / "guide"


async def add(main: MainScreen, address: str = "", trusted: str | None = None) -> None:
    """Subscribe to the feed at an address, which the user types if none is given.

    `trusted`: on whose behalf `address` is fetched (see `fetch.Request`), if a page gave it.
    """
    await _add(main, address, trusted, looks=bool(address))


async def _add(
    main: MainScreen, typed: str = "", trusted: str | None = None, *, looks: bool = False
) -> str | None:
    """Ask for an address, fetch it, and let the user preview or choose; errors lead back to it.

    `looks`: fetch `typed` at once, without asking. Returns what was typed if the user cancelled,
    else None.
    """
    hint: str | Content = _(
        "a feed or a site: example.org, or a page of YouTube, Reddit, Mastodon, GitHub"
    )
    found, force = None, False
    while found is None or not (found.parsed or found.choices or found.can_wait or force):
        if found is not None or not looks:
            answer, left = await _typed(main, _("Add a feed"), typed, hint)
            if not answer:
                return left
            trusted, typed = trusted if answer == typed else None, answer
        where = host(typed if "://" in typed else f"//{typed}") or typed
        main.say(_("Looking at {host} …").format(host=where))
        session = await main.app.session()
        found = await session.preview(typed, trusted)
        main.say("")
        error = found.error
        if found.is_online is not None:
            main.status.tell_network(found.is_online)
        if found.failure is None and sanitize.url(found.url):  # a page, but no feed
            error = _("{error} To keep the page itself, paste its address into the list.").format(
                error=error
            )
        hint = Content.styled(error, "$warning")
        force = found.is_unknown and await _is_no_typo(main, error)
    known = next((feed for feed in main.read.feeds() if feed.url == found.url), None)
    if known is not None:
        _show(main, known, str(FeedExists(known)))
    elif found.choices:
        shown = [(one.title or one.url, one.url if one.title else "") for one in found.choices]
        hint = _("Enter takes one · Space ticks several · Esc to leave it")
        chosen = (
            await main.choose(_("Several feeds are here"), shown, ticked=False, hint=hint) or ()
        )
        picked = [found.choices[n] for n in chosen]
        if len(picked) == 1:
            is_left = await _add(main, picked[0].url, found.trusted, looks=True) is not None
            return typed if is_left else None
        if not picked:
            return typed
        await subscribe(main, [(one.url, "", one.title) for one in picked], where, found.trusted)
    elif found.parsed is None or await _is_wanted(main, found.parsed):
        added = await session.add(typed, seen=found, force=force)
        if added.feed is None:
            raise CommandError(added.error)
        late = _("Subscribed to {title}, which is asked again later.")
        said = (_("Subscribed to {title}.") if found.parsed else late).format(
            title=added.feed.title
        )
        _show(main, added.feed, f"{said} {added.error}".rstrip())
        main.app.sync([], due=True)
    else:
        return typed
    return None


async def _typed(
    main: MainScreen, title: str, value: str, hint: str | Content
) -> tuple[str | None, str]:
    """What the user entered (None if cancelled), and what the line held at the end."""
    dialog = Dialog(title, value=value, hint=hint)
    return await main.app.push_screen_wait(dialog), dialog.typed


async def _is_no_typo(main: MainScreen, error: str) -> bool:
    """Whether the user wants to subscribe although the host was not found."""
    ways = [(_("Correct the address"), ""), (_("Subscribe all the same"), "")]
    hint = _("Nothing was subscribed. Enter to choose · Esc to correct it")
    return await main.choose(error, ways, hint=hint) == [1]


async def _is_wanted(main: MainScreen, parsed: ParsedFeed) -> bool:
    """Preview a feed by its newest titles; whether the user wants it."""
    told = [
        (one.title, when.date(one.published) if one.published else "") for one in parsed.entries[:8]
    ]
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
    """Subscribe to feeds (address, folder, own title) and fetch them; `what` names their source.

    `trusted`: on whose behalf they are fetched (see `fetch.Request`), if a page gave them.
    Raises CommandError if all of them are subscribed to already.
    """
    from bacatui.sync import network

    known, added = list[FeedExists](), list[int]()
    for url, folder, title in feeds:
        settings = None if trusted is None else {"network": network.of_link(url, trusted)}
        try:
            added.append(
                (await main.done(main.write.add_feed(url, title, folder, settings=settings))).id
            )
        except FeedExists as there:
            known.append(there)
    main.refresh_feeds()
    if not added:
        raise CommandError(
            str(known[0])
            if len(known) == 1
            else _("{what}: all of it is here already.").format(what=what)
        )
    said = ngettext("{what}: subscribed to {n} feed", "{what}: subscribed to {n} feeds", len(added))
    had = ngettext("{n} was here already", "{n} were here already", len(known)).format(n=len(known))
    main.say(", ".join((said.format(what=what, n=len(added)), *([had] if known else []))) + ".")
    main.app.sync(added)


async def packs(main: MainScreen) -> None:
    """The welcome dialog: starter packs, an address, OPML, the guide. Cancelling leads back here."""
    found, problems = starters.load(main.app.home.config / "packs.toml", starters.OURS)
    if problems:
        main.say(problems[0])
    own = [
        (_("Add an address"), _("a feed or a site of your own")),
        (_("Bring OPML"), _("from another reader")),
        (_("Read the guide first"), _("works with no network")),
    ]
    shown = [
        (_("Starter packs"), None),
        *((one.title, one.about) for one in found),
        (_("Your own"), None),
        *own,
    ]
    title = (
        _("Starter packs")
        if main.read.feeds()
        else _("Welcome to bacatui. What would you like to read?")
    )
    undo = commands.shown(main.app.keys["undo"], 1) or _("Undo")
    hint = _("↑ ↓ and Enter · what has come can be read offline · {key} undoes anything").format(
        key=undo
    )
    at, address, path = 0, "", "~/"  # the line chosen last, and what was typed there
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
    """Let the user choose feeds of a pack, and subscribe to them; False if cancelled."""
    lines = [(feed.title, feed.about) for feed in pack.feeds]
    ticked = await main.choose(pack.title, lines, ticked=True)
    if ticked:
        await _take_pack(main, pack.title, [pack.feeds[n] for n in ticked])
    return bool(ticked)


async def _take_pack(main: MainScreen, title: str, feeds: list[StarterFeed]) -> None:
    """Subscribe to the feeds of a pack that can be read, and report why the others cannot."""
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
        main.say(
            _("Subscribed to {title}; all of it is asked once the network is there.").format(
                title=title
            )
        )
        return
    main.say(_("Subscribed to {title}.").format(title=title) if subscribed else "")
    main.app.sync([], due=True)
    if joined.slow:
        main.app.sync(joined.slow)
    if unread:
        await _tell_unread(main, joined.skipped, joined.waiting, len(feeds))


async def _tell_unread(
    main: MainScreen,
    skipped: list[tuple[StarterFeed, str]],
    waiting: list[tuple[StarterFeed, str]],
    total: int,
) -> None:
    """List the feeds of a pack that could not be read, each with the reason."""
    shown: list[tuple[str, str | None]] = []
    for heading, feeds in ((_("Left out"), skipped), (_("Kept, and asked again later"), waiting)):
        shown += [(heading, None)] if feeds else []
        shown += [(feed.title, why) for feed, why in feeds]
    n = len(skipped) + len(waiting)
    title = _("{n} of {total} could not be read now").format(n=n, total=total)
    await main.choose(title, shown, hint=_("Enter or Esc goes on"))


async def bring(main: MainScreen, path: str) -> str | None:
    """Import folders and feeds from an OPML file; feeds that exist already do not change.

    If the file cannot be read, the user can correct its name. Returns what was typed if the user
    cancelled, else None.
    """
    from bacatui.feeds import read_opml

    hint: str | Content = ""
    while True:
        answer, path = await _typed(main, _("Path of the OPML file"), path, hint)
        if not answer:
            return path
        try:
            file = Path(os.path.expanduser(answer))  # noqa: ASYNC240, PTH111 - only reads $HOME
            found = read_opml(await asyncio.to_thread(file.read_bytes))
        except (OSError, FeedError) as error:
            hint = Content.styled(
                f"{answer}: {getattr(error, 'strerror', None) or error}", "$warning"
            )
            continue
        if found.feeds:
            await subscribe(main, [(one.url, one.folder, one.title) for one in found.feeds], answer)
            return None
        why = found.refused[0][1] if found.refused else _("There are no feeds in it.")
        hint = Content.styled(f"{answer}: {why}", "$warning")


async def guide(main: MainScreen) -> None:
    """Save the built-in guide as a page in the library and open it; it needs no network."""
    file = GUIDE / f"{language()}.html"
    html = (file if file.is_file() else GUIDE / "en.html").read_text("utf-8")
    text, title = document.to_text(document.read(html)), _("A short guide to bacatui")
    article = Article(title=title, text=text, html=html, language=language())
    entry = await main.done(
        main.write.save_page("https://bacatui.invalid/guide", title, article, Offline.READY)
    )
    main.refresh_feeds()
    main.load(Scope(ScopeKind.BOOKMARKS), at=entry)
    main.go_to("list")
