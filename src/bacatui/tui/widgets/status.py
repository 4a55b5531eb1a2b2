"""Lines of one row: the list's heading, and the status line at the foot of the screen."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from bacatui import commands
from bacatui.i18n import _
from bacatui.tui.widgets.lines import fit


class Heading(Widget):
    """What the list shows, and at the right what has arrived since."""

    text: reactive[str] = reactive("")
    detail: reactive[str] = reactive("")
    news: reactive[str] = reactive("")

    def render(self) -> Content:
        room = self.size.width - len(self.news) - 2
        title = fit(self.text, min(Content(self.text).cell_length, max(0, room)))
        detail = fit(f" · {self.detail}" if self.detail else "", max(0, room - Content(title).cell_length))
        return Content.assemble(" ", (title, "bold"), (detail, "$muted"), (f"{self.news} ", "bold $accent"))


class StatusLine(Widget):
    """A notice, the sync or the coach at the left, keys that work here in the middle, online or not at the right."""

    notice: reactive[str] = reactive("")
    sync: reactive[str] = reactive("")
    network: reactive[str] = reactive("")
    pane: reactive[str] = reactive("list")
    keys: reactive[dict[str, str]] = reactive(dict[str, str])
    is_coaching: reactive[bool] = reactive(False)
    done: reactive[frozenset[str]] = reactive(frozenset[str]())  # commands that the coach need not name any more

    def __init__(self, pane: str) -> None:
        super().__init__()
        self.set_reactive(StatusLine.pane, pane)

    def coached(self) -> commands.Command | None:
        """The command that the coach tells of now."""
        coming = (commands.BY_ID[name] for name in commands.COACHED if name not in self.done and self.keys.get(name))
        return next((one for one in coming if self.is_coaching and self.pane in one.panes), None)

    def render(self) -> Content:
        width = self.size.width
        right = f" {self.network} "
        coached = self.coached()
        told = f"{commands.shown(self.keys[coached.id], 1)}: {_(coached.title)}" if coached else ""
        left = f" {self.notice or self.sync or told}"
        if self.notice:
            room = max(0, width - len(right))
            return Content.assemble((fit(left, room), "$foreground"), (right, "$muted"))
        hints: list[tuple[str, str] | str] = []
        used = Content(left).cell_length + len(right) + 3
        for command in commands.COMMANDS:
            key = commands.shown(self.keys.get(command.id, ""), 1)
            words = f" {_(command.hint)}  "
            if (
                command.hint
                and key
                and command is not coached
                and self.pane in command.panes
                and used + len(key + words) <= width
            ):
                hints += [(key, "bold $primary"), (words, "$muted")]
                used += len(key + words)
        filler = " " * max(0, width - used + (0 if left.strip() else 1))
        gap = "   " if left.strip() else " "
        return Content.assemble((left, "$accent"), gap, *hints, filler, (right, "$muted"))
