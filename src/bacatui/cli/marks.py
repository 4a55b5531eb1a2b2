"""mark, undo, mute, searches, offline, doctor, backup, restore: what the user keeps, durable before
we end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bacatui import clock
from bacatui.cli.call import Call, Refusal, emit, entry_id, say, scope_of, show, tell
from bacatui.cli.reading import line, pages
from bacatui.i18n import _, ngettext, when

if TYPE_CHECKING:
    from bacatui.store import Privilege, Restored


def mark(call: Call) -> None:
    """Mark entries, named by number or found by a query, and say how many changed."""
    words = [word for given in call.args.query for word in given.split()]
    with call.store() as store:
        if all(word.isascii() and word.isdigit() for word in words):
            ids = list(dict.fromkeys(entry_id(store, word) for word in words))
        else:
            ids = list(store.read.ids(scope_of(call.args.query)))
        if not ids:
            tell(_("nothing found."))
            return
        state = call.args.state
        change = store.write.set_bookmark if state.endswith("bookmark") else store.write.set_read
        act = change(ids, not state.startswith("un")).result()
    if not act.id:  # no act was made, so an undo would take back the one before
        tell(_("nothing was changed: it was so already."))
        return
    tell(
        ngettext(
            "{n} entry marked; bacatui undo takes it back.",
            "{n} entries marked; bacatui undo takes it back.",
            act.count,
        ).format(n=act.count)
    )


def undo(call: Call) -> None:
    """Take back the last act, or the one with the given number; or list the acts."""
    with call.store() as store:
        if call.args.list:
            for did in store.read.journal(50):
                gone = f" ({_('taken back')})" if did.undone else ""
                say(
                    f"{did.id:>5}  {when.date(did.at)} {when.clock(did.at)}  {did.by}  {did.text}{gone}"
                )
        elif act := store.write.undo(call.args.act).result():
            say(_("Taken back: {what}").format(what=act.text))
        elif call.args.act is not None:
            said = _(
                "there is no change {n} that can be taken back; bacatui undo --list shows what was done."
            )
            tell(said.format(n=call.args.act))
        else:
            tell(_("there is nothing to take back."))


def rule(call: Call) -> None:
    """Mute rules and saved searches: keep one under a name, show it or what it would match, let it
    go, or list all.
    """
    args, is_mute = call.args, call.args.command == "mute"
    name = args.name or ""
    query = " ".join(args.query or [name]).strip()  # one word is its own name
    with call.store() as store:
        kept = {
            each.name: each
            for each in (store.read.mute_rules() if is_mute else store.read.saved_searches())
        }
        hiding = (
            {each.id for each in store.read.mute_rules() if each.action == "hide"}
            if is_mute
            else set[int]()
        )
        is_asked = not args.query and name in kept
        if args.name is None or (is_asked and not args.dry_run):
            for each in [kept[name]] if is_asked else kept.values():
                does = " (" + _("hidden") + ")" if each.id in hiding else ""
                say(f"{each.name}{does}: {each.query}")
            if not kept:
                tell(
                    _("there are no mute rules yet; bacatui mute NAME QUERY makes one.")
                    if is_mute
                    else _(
                        "there are no saved searches yet; bacatui searches NAME QUERY saves one."
                    )
                )
        elif args.dry_run:
            scope = scope_of([kept[name].query if is_asked else query])
            rows = pages(store.read.rows, store.read.ids(scope, unread_only=is_mute))
            matched = [row for row in rows if not (is_mute and row.is_bookmarked)]
            for row in matched:
                say(line(row, clock.now()))
            if not matched:
                tell(_("nothing found."))
        elif query:
            keep = store.write.add_rule if is_mute else store.write.save_search
            keep(name, query, *(["hide"] if is_mute and args.hide else [])).result()
            say(_("Saved: {name}. bacatui undo removes it.").format(name=name))
        elif name in kept:
            (store.write.remove_rule if is_mute else store.write.remove_search)(
                kept[name].id
            ).result()
            say(_("Removed: {name}. bacatui undo brings it back.").format(name=name))
        else:
            said = (
                _("there is no mute rule {name}.")
                if is_mute
                else _("there is no saved search {name}.")
            )
            raise Refusal(said.format(name=name))


def offline(call: Call) -> int:
    """`--check` fails where an unread or bookmarked entry cannot be read with the network off."""
    with call.store() as store:
        report = store.read.offline()
    if call.args.json:
        shape = [
            {"id": row.id, "title": row.title, "offline": str(row.offline), "reason": reason}
            for row, reason in report.missing
        ]
        counts = {str(state): n for state, n in report.counts.items()}
        emit({**counts, "unfetched": report.unfetched, "missing": shape})
    else:
        say(report.text or _("Nothing is unread or bookmarked."))
    if not call.args.check:
        return 0
    for row, reason in report.missing:
        tell(f"{row.id}  {row.title} ({row.feed_title}): {reason or row.offline}")
    return 1 if report.missing else 0


def doctor(call: Call) -> int:
    """Print what is right with the library and what is not; 1 where something is wrong."""
    from bacatui.store import doctor

    with call.store() as store:
        findings = doctor(store)
    if call.args.json:
        emit({"findings": [{"name": f.name, "good": f.is_good, "text": f.text} for f in findings]})
    else:
        good, fault = _("good"), _("FAULT")
        say("\n".join(f"{good if f.is_good else fault}: {f.name}: {f.text}" for f in findings))
    return 0 if all(f.is_good for f in findings) else 1


def backup(call: Call) -> None:
    """Write a whole copy of the library to one file."""
    target = call.target(call.args.file)
    with call.store() as store:
        store.write.backup(target).result()
    say(_("Written: {file}").format(file=target))


def restore(call: Call) -> None:
    """What a backup lets its feeds do is asked about; without a terminal it is left out."""
    from bacatui.store import StoreDamaged, StoreForeign, restore

    def is_granted(found: Sequence[Privilege]) -> bool:
        show("")
        return call.args.trust or (sys.stdin.isatty() and sys.stdout.isatty() and _is_wanted(found))

    source = Path(call.args.file).expanduser().absolute()
    if not os.access(source, os.R_OK):
        raise Refusal(_("{file} cannot be read.").format(file=source))
    try:
        done = restore(call.home.store, source, is_granted, show)
    except (StoreForeign, StoreDamaged) as error:
        raise Refusal(str(error)) from error
    finally:
        show("")
    said = _("Restored from {source}. What was there before is kept as {kept}.")
    say(said.format(source=source.name, kept=done.kept))
    _tell_what_is_missing(call, done)


def _is_wanted(found: Sequence[Privilege]) -> bool:
    """Whether the person at the terminal, who sees each command as it is, lets the feeds of a
    backup have all that.
    """
    from bacatui.store import COMMAND

    say(_("At each sync, feeds of this backup do what only you can allow:"))
    for each in found:
        inside = _("may reach addresses inside your network")
        say(f"\n{each.feed:>5}  {each.title} ({each.url})")
        say(
            "       "
            + (_("runs, as you:") + f"\n       {each.value}" if each.setting == COMMAND else inside)
        )
        if not each.is_plain:
            say(
                "       " + _("It has characters that one cannot see, and is left out in any case.")
            )
    say("\n" + _("Allow all of it? Only if this backup is your own. [y/N]"), end=" ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes", "ya"}


def _tell_what_is_missing(call: Call, done: Restored) -> None:
    """One line for each thing of a backup that was left out, and how to have it again."""
    from bacatui import commands
    from bacatui.store import COMMAND

    key = commands.shown(
        commands.keymap(call.settings.keys, call.settings.remap)[0]["edit-feed"], 1
    )
    for each in done.dropped:
        command = _(
            "left out the command of feed {n}, {title}: {command} ({key} on the feed sets it again)"
        )
        inside = _(
            "feed {n}, {title}, may no longer reach into your network; the next sync says how to allow it"
        )
        said = command if each.setting == COMMAND else inside
        tell(said.format(n=each.feed, title=each.title, command=each.value, key=key))
    if done.foreign:
        tell(
            _("left out what is foreign to a library: {names}").format(
                names=", ".join(done.foreign)
            )
        )
    if n := done.refused:
        tell(
            ngettext(
                "left out {n} row that bacatui cannot have written.",
                "left out {n} rows that bacatui cannot have written.",
                n,
            ).format(n=n)
        )
