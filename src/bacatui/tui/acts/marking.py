"""Read, bookmarked, tagged, noted; and all of it taken back."""

from __future__ import annotations

from bacatui import commands
from bacatui.i18n import _
from bacatui.model import Offline
from bacatui.store import Act
from bacatui.tui.screens.main import MainScreen


def told(main: MainScreen, act: Act) -> None:
    """Say what was done, and which key takes it back."""
    key = commands.shown(main.app.keys["undo"], 1)
    main.say(
        _("{what} · {key} undoes it").format(what=act.text.capitalize(), key=key) if act.id else _("Nothing to change.")
    )


async def set_read(main: MainScreen, ids: list[int], read: bool, *, quiet: bool = False) -> None:
    """Mark entries, and show it once it is durable."""
    if not ids:
        return
    act = await main.done(main.write.set_read(ids, read))
    if read and act.id:
        main.middle.today[0] += act.count
        rows = [main.list.row_of(one) for one in ids[:200]]
        main.middle.today[1] += sum(row.minutes for row in rows)
    main.changed(ids)
    if not quiet:
        told(main, act)


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
        await session.fetch_article(entry_id)
        main.changed([entry_id])
        if main.shown == entry_id:
            main.show_entry(entry_id, swap=True)


async def toggle_read(main: MainScreen) -> None:
    ids = main.list.chosen_ids()
    if ids:
        await set_read(main, ids, not all(main.list.row_of(one).is_read for one in ids), quiet=len(ids) == 1)
        main.list.range_from = None


async def read_list(main: MainScreen) -> None:
    """All that the list holds, so that nothing is marked which the reader could not have seen."""
    fold = main.list.break_at_cursor()
    await set_read(main, list(fold.ids if fold is not None and fold.ids else main.middle.ids), True)


async def read_older(main: MainScreen) -> None:
    entry, ids = main.list.entry_id, main.middle.ids
    if entry is not None:
        at = ids.index(entry)
        await set_read(main, list(ids[: at + 1] if main.middle.order == "oldest" else ids[at:]), True)


async def bookmark(main: MainScreen) -> None:
    ids = main.list.chosen_ids()
    if not ids:
        return
    on = not all(main.list.row_of(one).is_bookmarked for one in ids)
    act = await main.done(main.write.set_bookmark(ids, on))
    main.middle.today[2] += act.count if on else 0
    main.list.range_from = None
    main.changed(ids)
    rows = [main.list.row_of(one) for one in ids]
    if on and any(row.offline is not Offline.READY for row in rows):
        main.say(_("Bookmarked; its article and pictures are fetched first."))
        main.run_worker(fetch(main, ids[0]), group="fetch")
    elif len(ids) > 1:
        told(main, act)
    if main.shown in ids:
        main.show_entry(main.shown or 0, swap=True)


def select(main: MainScreen) -> None:
    """Begin or end a range; every command works on it. In the article: of text, by keys."""
    if main.pane == "article":
        main.reader.select()
        return
    main.list.range_from = main.list.cursor if main.list.range_from is None else None
    main.list.refresh()
    if main.list.range_from is not None:
        main.say(_("Move to stretch the range; m b t D s work on all of it · Esc lets go"))


async def tags(main: MainScreen) -> None:
    ids = main.list.chosen_ids()
    if not ids:
        return
    now = main.list.row_of(ids[0]).tags
    known = ", ".join(tag for tag, _n in main.read.tags()[:12])
    answer = await main.ask(_("Tags, separated by blanks"), " ".join(now), known)
    if answer is not None:
        wanted = {word.lstrip("#") for word in answer.replace(",", " ").split()}
        removed = set(now) - wanted
        told(main, await main.done(main.write.set_tags(ids, sorted(wanted - set(now)), sorted(removed))))
        main.changed(ids)
        main.show_entry(ids[0], swap=True)


async def note(main: MainScreen) -> None:
    if (entry := main.list.entry_id) is not None:
        now = main.read.mark(entry).note
        answer = await main.ask(_("Your note"), now)
        if answer is not None:
            told(main, await main.done(main.write.set_note(entry, answer)))
            main.show_entry(entry, swap=True)


async def undo(main: MainScreen) -> None:
    act = await main.done(main.write.undo())
    _taken_back(main, act, _("Undone: {what}"), _("Nothing to undo."))


async def redo(main: MainScreen) -> None:
    act = await main.done(main.write.redo())
    _taken_back(main, act, _("Done again: {what}"), _("Nothing to do again."))


def _taken_back(main: MainScreen, act: Act | None, said: str, nothing: str) -> None:
    main.say(said.format(what=act.text) if act is not None else nothing)
    if act is not None and act.kind in {"subscribe", "unsubscribe", "merge", "hide"}:
        main.load(main.middle.scope, at=main.list.entry_id)
    main.changed(())
