"""What each command does: a function of the main screen, or a method of one of its parts."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from bacatui.commands import BY_ID
from bacatui.i18n import _
from bacatui.tui.commands import feeding, marking, moving, sharing, subscribing, syncing
from bacatui.tui.desk import CommandError
from bacatui.tui.main import MainScreen

_KNOWN = {
    name: act
    for module in (moving, marking, syncing, sharing, subscribing, feeding)
    for name, act in vars(module).items()
}


def perform(main: MainScreen, name: str, *given: Any) -> Any:
    """Carry out a command or an internal action, by its name; the result may be awaitable.

    Raises CommandError if the command needs an entry, and a feed or folder is highlighted.
    """
    command = BY_ID.get(name)
    if command and main.pane not in command.panes:
        raise CommandError(_("This needs an entry: choose one in the list."))
    act, known = (command.act or name, command.given) if command else (name, {})
    if "." in act:
        return attrgetter(act)(main)(*given, **known)
    return _KNOWN[act.replace("-", "_")](main, *given, **known)
