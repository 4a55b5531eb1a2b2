"""Read, bookmarked, tagged, noted, muted; and all of it taken back."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from bacatui import clock, commands
from bacatui.i18n import _, ngettext, when
from bacatui.model import Offline, Scope, ScopeKind
from bacatui.store.types import Act
from bacatui.tui.desk import CommandError
from bacatui.tui.main import MainScreen


def sentence(act: Act) -> str:
    return act.text[:1].upper() + act.text[1:]


async def carry_out(
    main: MainScreen, written: Future[Act], ids: Iterable[int] | None = None, quiet: bool = False
) -> Act:
    """Wait until it is durable; show it, and say what was done and which key takes it back."""
    act = await main.done(written)
    main.middle.count_today(act)
    main.changed(ids)
    if not quiet:
        key, said = commands.shown(main.app.keys["undo"], 1), _("{what} · {key} undoes it")
        main.say(said.format(what=sentence(act), key=key) if act.id else _("Nothing to change."))
    return act


async def set_read(
    main: MainScreen, ids: Sequence[int], read: bool, *, quiet: bool = False
) -> None:
    if ids:
        await carry_out(main, main.write.set_read(ids, read), ids, quiet)
        main.tell_what_follows()


async def opened(main: MainScreen) -> None:
    """The article is being read: mark it, and fetch its page first where it is still missing."""
    row = main.list.row
    if row is None:
        return
    if not row.is_read:
        await set_read(main, [row.id], True, quiet=True)
    if row.offline is Offline.PENDING and not main.app.store.readonly:
        main.run_worker(fetch(main, row.id), group="fetch", exclusive=True)


async def fetch(main: MainScreen, entry_id: int) -> None:
    """Fetch one article now, and swap its text in without moving a line that is on screen."""
    session = await main.app.session()
    with main.app.telling():
        await session.make_ready([entry_id])
        main.changed([entry_id])
        main.swap([entry_id])


def ids_here(main: MainScreen) -> list[int]:
    """The entries that a command is about: of the range, which lets go of it, or the one under the cursor."""
    ids, main.list.range_from = main.list.chosen_ids(), None
    if not ids:
        raise CommandError(_("There is no entry here."))
    return ids


async def toggle_read(main: MainScreen) -> None:
    ids = ids_here(main)
    await set_read(
        main, ids, not all(main.list.row_of(one).is_read for one in ids), quiet=len(ids) == 1
    )


async def read_list(main: MainScreen) -> None:
    """All that the list holds, so that nothing is marked which the reader could not have seen."""
    await set_read(main, main.list.fold or main.middle.ids, True)


async def read_part(main: MainScreen, which: str) -> None:
    """The entry here, and those above it, below it, or (in whatever order the list is) older than it."""
    entry, ids, order, scope = (
        ids_here(main)[0],
        main.middle.ids,
        main.middle.order,
        main.middle.scope,
    )
    if which == "older" and order not in {"newest", "oldest"}:
        known = set(ids)
        by_time = await asyncio.to_thread(main.app.store.ask, lambda read: read.ids(scope))
        ids, order = array("q", (one for one in by_time if one in known)), "newest"
    at, goes_up = ids.index(entry), which == "above" or (which == "older" and order == "oldest")
    await set_read(main, ids[: at + 1] if goes_up else ids[at:], True)


async def bookmark(main: MainScreen) -> None:
    ids = ids_here(main)
    on = not all(main.list.row_of(one).is_bookmarked for one in ids)
    await carry_out(main, main.write.set_bookmark(ids, on), ids, quiet=len(ids) == 1)
    if on and any(main.list.row_of(one).offline is not Offline.READY for one in ids):
        main.say(_("Bookmarked; its article and pictures are fetched first."))
        main.run_worker(fetch(main, ids[0]), group="fetch")
    main.swap(ids)


def select(main: MainScreen) -> None:
    """Begin or end a range; every command works on it. In the article: of text, by keys."""
    if main.pane == "article":
        main.reader.select()
        return
    main.list.range_from = main.list.cursor if main.list.range_from is None else None
    if main.list.range_from is not None:
        main.say(_("Move to stretch the range; m b t o y s | work on all of it · Esc lets go"))


async def tags(main: MainScreen) -> None:
    ids = ids_here(main)
    now = main.list.row_of(ids[0]).tags
    known = ", ".join(tag for tag, _n in main.read.tags()[:12])
    answer = await main.ask(_("Tags, separated by blanks"), " ".join(now), known)
    if answer is not None:
        wanted = {word.lstrip("#") for word in answer.replace(",", " ").split()}
        removed = set(now) - wanted
        await carry_out(
            main, main.write.set_tags(ids, sorted(wanted - set(now)), sorted(removed)), ids
        )
        main.swap(ids)


async def note(main: MainScreen) -> None:
    entry = ids_here(main)[0]
    if (answer := await main.ask(_("Your note"), main.read.mark(entry).note)) is not None:
        await carry_out(main, main.write.set_note(entry, answer), [entry])
        main.swap([entry])


async def mute(main: MainScreen) -> None:
    """A rule that marks as read or hides what fits a search, now and when it comes; or let one go."""
    rules, does = main.read.mute_rules(), {"read": _("marked as read"), "hide": _("hidden")}
    shown = [
        (_("A new rule"), ""),
        *((one.name, f"{does[one.action]} · {_('Enter lets it go')}") for one in rules),
    ]
    chosen = await main.choose(_("Muted"), shown) if rules else [0]
    if chosen and chosen[0]:
        await carry_out(main, main.write.remove_rule(rules[chosen[0] - 1].id))
    elif chosen and (
        query := await main.ask(_("Mute what fits this search"), main.middle.query_text)
    ):
        scope = Scope(ScopeKind.SEARCH, query, filter="-is:bookmarked")  # bookmarks are never muted
        n, rows = await asyncio.to_thread(
            main.app.store.ask,
            lambda read: (read.count(scope).unread, read.first(scope, 50, unread_only=True)),
        )
        title = ngettext("{n} unread entry fits", "{n} unread entries fit", n).format(n=n)
        fitting = [(row.title, row.feed_title) for row in rows]
        ways = [(_("Mark them as read, and what comes"), ""), (_("Hide what comes"), "")]
        if (
            not (way := await main.choose(title, [*ways, (_("Entries"), None), *fitting]))
            or way[0] > 1
        ):
            return
        await carry_out(main, main.write.add_rule(query, query, "hide" if way[0] else "read"))
        if not way[0] and n:
            await carry_out(main, main.write.set_read(scope))


async def undo(main: MainScreen, again: bool = False) -> None:
    act = await main.done(main.write.redo() if again else main.write.undo())
    _turned(main, act, _("Done again: {what}") if again else _("Undone: {what}"))


async def history(main: MainScreen) -> None:
    """What was done to marks and feeds, by whom; Enter takes one act back, whenever it was."""
    acts, now = main.read.journal(200), clock.now()
    shown = []
    for act in acts:
        told = when.ago(act.at, now), act.by, _("taken back") if act.undone else ""
        shown.append((sentence(act), " · ".join(filter(None, told))))
    if chosen := await main.choose(
        _("History"), shown, hint=_("Enter takes it back · Esc to leave it")
    ):
        _turned(main, await main.done(main.write.undo(acts[chosen[0]].id)), _("Undone: {what}"))


def _turned(main: MainScreen, act: Act | None, said: str) -> None:
    main.say(said.format(what=act.text) if act is not None else _("Nothing to undo."))
    if act is not None:
        main.middle.count_today(act)
        if act.kind in {"subscribe", "unsubscribe", "merge", "hide"}:
            main.again()
    main.changed()
