"""Read, bookmarked, tagged, noted, muted; and all of it taken back."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from functools import partial

from bacatui import clock, commands
from bacatui.i18n import _, ngettext, when
from bacatui.model import Offline, Scope, ScopeKind
from bacatui.store import Reader
from bacatui.store.types import Act
from bacatui.tui.desk import CommandError
from bacatui.tui.main import MainScreen


def sentence(act: Act) -> str:
    """The text of a journal act, beginning with a capital."""
    return act.text[:1].upper() + act.text[1:]


async def carry_out(
    main: MainScreen, written: Future[Act], ids: Iterable[int] | None = None, quiet: bool = False
) -> Act:
    """Wait until it is durable; show it, and say what was done and which key takes it back."""
    act = await main.done(written)
    main.middle.count_today(act)
    main.changed(ids)
    if not quiet:
        main.say(undoable(main, sentence(act)) if act.id else _("Nothing to change."))
    return act


def undoable(main: MainScreen, what: str) -> str:
    """What was done, and the key that takes it back."""
    return _("{what} · {key} undoes it").format(
        what=what, key=commands.shown(main.app.keys["undo"], 1)
    )


async def set_read(
    main: MainScreen, ids: Sequence[int], read: bool, *, quiet: bool = False
) -> None:
    """Mark entries as read or unread; `quiet` says nothing in the status line."""
    if ids:
        await carry_out(main, main.write.set_read(ids, read), ids, quiet)
        main.tell_what_follows()


async def opened(main: MainScreen) -> None:
    """The article is being read: mark it, and fetch its page first where it is still missing."""
    row = main.row
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
    """The highlighted entries: the article; in the list the range, which is let go of, or the line.

    Raises CommandError where there is none.
    """
    if main.pane == "list":
        chosen, main.list.range_from = main.list.chosen_ids(), None
    else:
        chosen = [main.entry_id] if main.entry_id else []
    ids = [row.id for row in main.list.rows_of(chosen)]
    if not ids:
        raise CommandError(_("There is no entry here."))
    return ids


def entry_here(main: MainScreen) -> int:
    """The one highlighted entry, for what is not done to several. CommandError where there is none."""
    if main.row is not None:
        return main.row.id
    if main.pane == "list" and main.list.fold:
        raise CommandError(_("Open these first, then choose one."))
    raise CommandError(_("There is no entry here."))


async def toggle_read(main: MainScreen) -> None:
    """Mark the entries here as read, or as unread if all of them are read."""
    if main.pane == "feeds":
        await _mark_place(main, is_toggle=True)
        return
    ids = ids_here(main)
    await set_read(
        main, ids, not all(main.list.row_of(one).is_read for one in ids), quiet=len(ids) == 1
    )


async def read_list(main: MainScreen) -> None:
    """All that the list holds, or hides in the fold; in the feeds pane all of what is highlighted.

    Nothing is marked which the user could not have seen.
    """
    if main.pane == "feeds":
        await _mark_place(main)
    elif main.pane == "list" and main.list.fold:
        await set_read(main, main.list.fold, True)
    else:
        await _mark_all(main, main.middle.ids, True, main.middle.name_shown)


async def _mark_place(main: MainScreen, *, is_toggle: bool = False) -> None:
    """Mark what is unread in the highlighted feed, folder or search.

    Toggling, where nothing is, marks unread what was marked there just before.
    """
    place, newest, (marked_in, marked) = main.feeds.place, main.feeds.newest, main.marked
    if place is None:
        raise CommandError(_("Choose a feed first."))
    look = partial(Reader.ids, scope=place.scope, unread_only=True)
    if place.scope.kind is ScopeKind.SEARCH:  # which may take its time
        unread = await asyncio.to_thread(main.app.store.ask, look)
    else:
        unread = look(main.read)
    ids = array("q", (one for one in unread if one <= newest))  # what the pane counts
    if not ids and is_toggle and marked_in == place.scope and marked:
        await _mark_all(main, marked, False, place.text)
    else:
        await _mark_all(main, ids, True, place.text)
        main.marked = place.scope, ids


async def _mark_all(main: MainScreen, ids: Sequence[int], read: bool, where: str) -> None:
    """Mark many at once, and say how many, and where."""
    act = await carry_out(main, main.write.set_read(ids, read), ids, quiet=True)
    main.tell_what_follows()
    if act.id:
        said = _("Marked {n} read in {where}") if read else _("Marked {n} unread in {where}")
        main.say(undoable(main, said.format(n=act.count, where=where)))
    else:
        main.say(_("Nothing is unread in {where}.").format(where=where))


async def read_part(main: MainScreen, which: str) -> None:
    """The entry here, and those above it, below it, or (in whatever order the list is) older than it."""
    entry, ids, order, scope = (
        ids_here(main)[0],
        main.middle.ids,
        main.middle.order,
        main.middle.scope,
    )
    if entry not in ids:
        raise CommandError(_("This entry is not in the list any more."))
    if which == "older" and order not in {"newest", "oldest"}:
        known = set(ids)
        by_time = await asyncio.to_thread(main.app.store.ask, lambda read: read.ids(scope))
        ids, order = array("q", (one for one in by_time if one in known)), "newest"
    at, goes_up = ids.index(entry), which == "above" or (which == "older" and order == "oldest")
    await set_read(main, ids[: at + 1] if goes_up else ids[at:], True)


async def bookmark(main: MainScreen) -> None:
    """Bookmark the entries here, or remove the bookmarks if all have one."""
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
    """Ask for the tags of the entries here, and store what changed."""
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
    """Ask for the note on the entry here, and store it."""
    entry = entry_here(main)
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
    """Undo the last change, or redo it with `again`."""
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
