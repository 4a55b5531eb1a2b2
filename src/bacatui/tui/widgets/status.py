"""The status line: what is going on, which keys work here, and whether the network is up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from bacatui import commands
from bacatui.i18n import _
from bacatui.tui.widgets.line_widget import fit

PATIENCE = 10  # commands, moving apart, after which the coach names the next thing


class StatusLine(Widget):
    """Notice, sync or advice on the left, useful keys in the middle, the network on the right."""

    notice: reactive[str] = reactive("")
    sync: reactive[str] = reactive("")
    network: reactive[str] = reactive("")
    advice: reactive[str] = reactive("")  # in place of keys, while letters are typed
    pane: reactive[str] = reactive("list")
    keys: reactive[dict[str, str]] = reactive(dict[str, str])
    has_entries: reactive[bool] = reactive(
        False
    )  # else there is nothing to move in, to open or to mark
    done: reactive[frozenset[str]] = reactive(
        frozenset[str]()
    )  # commands that the coach need not name any more
    plug = ""  # the key to it, in the demo

    def __init__(self, pane: str) -> None:
        super().__init__()
        self.set_reactive(StatusLine.pane, pane)
        self.passed_over: dict[
            str, int
        ] = {}  # how often the user did something else than what the coach named

    def tell_network(self, is_there: bool) -> None:
        """Online or offline; in the demo with the key to the plug of its site."""
        told = _("online") if is_there else _("offline")
        plug = _("{key} pulls the plug") if is_there else _("{key} puts the plug back")
        self.network = f"{told} · {plug.format(key=self.plug)}" if self.plug else told

    def _coached(self) -> commands.Command | None:
        names = commands.TOURED if self.plug else commands.COACHED
        coming = (
            commands.BY_ID[name] for name in names if name not in self.done and self.keys.get(name)
        )
        return next((one for one in coming if self.has_entries and self.pane in one.panes), None)

    def begin(self, keys: dict[str, str], saved: Mapping[str, Any]) -> None:
        """Take the keys of the commands, and what the coach knew: see `state`."""
        self.keys = keys
        self.done, self.passed_over = (
            frozenset(saved.get("done", ())),
            dict(saved.get("passed_over", {})),
        )

    def state(self) -> dict[str, Any]:
        """What the coach knows of the user."""
        return {"done": sorted(self.done), "passed_over": self.passed_over}

    def learn(self, name: str) -> None:
        """Note a command of the user; the coach moves on once it was followed or often ignored."""
        coached = None if self.notice or self.advice or self.sync else self._coached()
        if (
            coached
            and coached.id != name
            and (name in commands.TOURED or commands.BY_ID[name].group != "Moving")
        ):
            self.passed_over[coached.id] = self.passed_over.get(coached.id, 0) + 1
            if self.passed_over[coached.id] >= PATIENCE:
                self.done |= {coached.id}
        if name in commands.TOURED:
            self.done |= {name}

    def _is_useful(self, command: commands.Command) -> bool:
        """Whether it can do something here and now."""
        needs_entry = command.group in {
            "Moving",
            "Reading on",
            "Marking",
            "Links and files",
            "The article",
        }
        return self.pane in command.panes and (
            self.has_entries or self.pane == "feeds" or not needs_entry
        )

    def render(self) -> Content:
        """Notice or keys to try on the left, sync and network on the right."""
        width, right = self.size.width, f" {self.network} "
        if said := self.notice or self.advice:
            left = fit(f" {said}", max(0, width - len(right)))
            return Content.assemble(
                (left, "$foreground" if self.notice else "$muted"), (right, "$muted")
            )
        advice = ""
        if coached := self._coached():
            words = _(coached.title) if width >= 60 else _(coached.hint or coached.title)
            advice = f"{commands.shown(self.keys[coached.id], 1)}: {words}"
        left = f" {self.sync or advice}"
        hints: dict[str, tuple[tuple[str, str], ...]] = {}
        used = Content(left).cell_length + len(right) + 3
        for command in sorted(
            commands.COMMANDS, key=lambda one: one.id != "help"
        ):  # for which there is always room
            key, words = commands.shown(self.keys.get(command.id, ""), 1), f" {_(command.hint)}  "
            is_told = command.hint and key and command is not coached and self._is_useful(command)
            if is_told and used + len(key + words) <= width:
                hints[command.id] = (key, "bold $primary"), (words, "$muted")
                used += len(key + words)
        told = [part for command in commands.COMMANDS for part in hints.get(command.id, ())]
        gap = "   " if left.strip() else " "
        filler = " " * max(0, width - used + (0 if left.strip() else 1))
        return Content.assemble((left, "$accent"), gap, *told, filler, (right, "$muted"))
