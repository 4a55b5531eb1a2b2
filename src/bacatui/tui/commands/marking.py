"""Commands that mark entries (read, bookmarks, tags, notes), mute rules, undo and history."""

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
    """Wait until a change is stored, redraw the rows of `ids`, and report it with the undo key."""
    act = await main.done(written)
    main.middle.count_today(act)
    main.changed(ids)
    if not quiet:
        main.say(undoable(main, sentence(act)) if act.id else _("Nothing to change."))
    return act


def undoable(main: MainScreen, what: str) -> str:
    """A notice of what was done, with the undo key."""
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
    """Mark the highlighted entry as read, and fetch its page next if it is missing."""
    row = main.row
    if row is None:
        return
    if not row.is_read:
        await set_read(main, [row.id], True, quiet=True)
    if row.offline is Offline.PENDING and not main.app.store.readonly:
        main.run_worker(fetch(main, row.id), group="fetch", exclusive=True)


async def fetch(main: MainScreen, entry_id: int) -> None:
    """Fetch one article now, and show its text without moving the lines on the screen."""
    session = await main.app.session()
    with main.app.telling():
        await session.make_ready([entry_id])
        main.changed([entry_id])
        main.swap([entry_id])


def ids_here(main: MainScreen) -> list[int]:
    """The ids of the highlighted entries: the article, or in the list the range or the line.

    A range in the list ends with this. Raises CommandError if there is no entry.
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
    """The id of the one highlighted entry. Raises CommandError if there is none."""
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
    """Mark as read the whole list, the fold under the cursor, or the highlighted feed or folder.

    Entries that arrived after the list was drawn stay unread.
    """
    if main.pane == "feeds":
        await _mark_place(main)
    elif main.pane == "list" and main.list.fold:
        await set_read(main, main.list.fold, True)
    else:
        await _mark_all(main, main.middle.ids, True, main.middle.name_shown)


async def _mark_place(main: MainScreen, *, is_toggle: bool = False) -> None:
    """Mark as read what is unread in the highlighted feed, folder or search.

    With `is_toggle`, if nothing is unread, mark as unread what was marked there last.
    """
    place, newest, (marked_in, marked) = main.feeds.place, main.feeds.newest, main.marked
    if place is None:
        raise CommandError(_("Choose a feed first."))
    look = partial(Reader.ids, scope=place.scope, unread_only=True)
    if place.scope.kind is ScopeKind.SEARCH:  # may be slow
        unread = await asyncio.to_thread(main.app.store.ask, look)
    else:
        unread = look(main.read)
    ids = array("q", (one for one in unread if one <= newest))  # those that the pane counts
    if not ids and is_toggle and marked_in == place.scope and marked:
        await _mark_all(main, marked, False, place.text)
    else:
        await _mark_all(main, ids, True, place.text)
        main.marked = place.scope, ids


async def _mark_all(main: MainScreen, ids: Sequence[int], read: bool, where: str) -> None:
    """Mark many entries, and report how many, and where."""
    act = await carry_out(main, main.write.set_read(ids, read), ids, quiet=True)
    main.tell_what_follows()
    if act.id:
        said = _("Marked {n} read in {where}") if read else _("Marked {n} unread in {where}")
        main.say(undoable(main, said.format(n=act.count, where=where)))
    else:
        main.say(_("Nothing is unread in {where}.").format(where=where))


async def read_part(main: MainScreen, which: str) -> None:
    """Mark as read the entry here and those `above`, `below` or `older` than it.

    `older` goes by time, whatever the order of the list.
    """
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
    """Begin or end a range of entries for commands to work on; in the article, select text."""
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
    """Add a rule that marks as read or hides new entries that match a search, or remove one."""
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
    """List the changes to marks and feeds, and by whom; Enter undoes one, however old."""
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
