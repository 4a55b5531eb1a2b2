"""The dialog: a line to type in, a list to choose from, or both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from bacatui.i18n import _
from bacatui.tui.widgets.line_widget import fit

_MOVES = {
    "down": "cursor_down", "ctrl+n": "cursor_down", "j": "cursor_down", "up": "cursor_up", "k": "cursor_up",
    "pagedown": "page_down", "pageup": "page_up",
}  # fmt: skip
MOST = 500  # options shown at once, if typing can narrow them


class TypedLine(Input):
    """An input whose cursor does not blink."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, select_on_focus=False, id=id)
        self.set_reactive(Input.cursor_blink, False)

    def on_key(self, event: events.Key) -> None:
        """Submit on Enter and give up the focus, so that later keys go to what comes next."""
        if self.screen.focused is not self:
            event.prevent_default()
        elif event.key == "enter":
            event.stop().prevent_default()
            self.screen.post_message(self.Submitted(self, self.value))
            self.screen.set_focus(None)


class Dialog(ModalScreen[Any]):
    """Returns the typed text or, with `options`, the indexes chosen; None if the user cancelled.

    The indexes are those of all ticked options, or of the one that Enter is pressed on. An option
    is a text and a remark beside it; a remark of None makes it a heading. A `value` together with
    options is a line that narrows them. `ticked`: whether all are ticked at first; None: no ticks.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q", "dismiss(None)"),
        *((key, f"move('{how}')") for key, how in _MOVES.items()),
        ("space", "tick"),
    ]

    def __init__(
        self, title: str, options: Sequence[tuple[str, str | None]] | None = None, *, value: str | None = None,
        hint: str | Content = "", ticked: bool | None = None, at: int = 0,
    ) -> None:  # fmt: skip
        super().__init__()
        self._title, self._options, self._value, self._at = title, options or (), value, at
        self.typed = value or ""  # the text of the line, also after the dialog is closed
        self._ticks = None if ticked is None else set(range(len(self._options)) if ticked else ())
        self._takes_one = not ticked  # without ticks, the highlighted option is chosen
        usual = (
            _("Enter to go on · Esc to leave it")
            if options is None
            else _("Enter to choose · Esc to leave it")
        )
        self._hint = hint or (
            _("Space ticks · Enter takes what is ticked · Esc to leave it") if ticked else usual
        )
        self.list = OptionList(markup=False)
        self.list.display = options is not None

    def compose(self) -> ComposeResult:
        """Title, line to type in (where there is one), options and hint."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            if self._value is not None:
                yield TypedLine(
                    self._value, placeholder=_("type to narrow") if self._options else ""
                )
            yield self.list
            yield Static(Content.from_text(self._hint, markup=False), classes="dialog-hint")

    def on_mount(self) -> None:
        """Give the dialog its size and its options, and the focus."""
        self.query_one(OptionList if self._value is None else Input).focus()
        self.list.styles.max_height = max(
            3, int(self.size.height * 0.88) - (8 if self._value is None else 10)
        )
        told = [one for one in self._options if one[1]]
        widest = [max((cell_len(one[side] or "") for one in told), default=0) for side in (0, 1)]
        whole = max(
            cell_len(str(said))
            for said in (self._title, self._hint, " " * (56 if self._value is None else 66))
        )
        gap = 2 if widest[0] else 0
        tick = 0 if self._ticks is None else 2
        whole = max(whole, sum(widest) + gap + tick)
        room = min(whole, 82, int(self.size.width * 0.94) - 10)
        self.query_one(".dialog").styles.width = room + 10
        self._column = min(widest[0], max(12, room - min(24, widest[1])))
        self._fill("")
        if self._at:
            self.list.highlighted = self._at

    def _fill(self, wanted: str) -> None:
        """Show the options that contain all the words, and their headings."""
        words, shown, heading, beyond = wanted.casefold().split(), list[Option](), "", 0
        for number, (text, more) in enumerate(self._options):
            if more is None:
                heading = text
            elif all(word in f"{text} {more}".casefold() for word in words):
                if len(shown) >= MOST and self._value is not None:
                    beyond += 1
                    continue
                if heading:
                    before = "\n" if shown else ""
                    shown.append(Option(Content(before + heading), disabled=True))
                shown.append(Option(self._content(number), id=str(number)))
                heading = ""
        exact = (
            one.id and wanted in self._options[int(one.id)][0].split() for one in shown
        )  # a number, or a key
        at = next((at for at, is_exact in enumerate(exact) if is_exact), None)
        if beyond:
            shown.append(
                Option(Content(_("{n} more: type to narrow").format(n=beyond)), disabled=True)
            )
        self.list.clear_options()
        self.list.add_options(shown or [Option(Content(_("Nothing fits.")), disabled=True)])
        self.list.action_first()
        self.list.highlighted = at or self.list.highlighted

    def _content(self, number: int) -> Content:
        text, more = self._options[number]
        tick = "" if self._ticks is None else "☑ " if number in self._ticks else "☐ "
        return Content.assemble(
            (tick, "$accent"),
            fit(text, self._column) if more else text,
            (f"  {more}" if more else "", "$muted"),
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the options to those that match what is typed."""
        self.typed = event.value
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose the highlighted option, or return the text if there is none."""
        event.input.focus()
        if self.list.display:
            self.list.action_select()
        else:
            self.dismiss(event.value.strip())

    def take(self, event: events.Key) -> None:
        """Handle a key that was typed before the dialog was on the screen."""
        line = next(iter(self.query(Input)), None)
        if not self.is_current:  # it has been answered meanwhile
            return
        if event.key == "escape" or (event.key == "q" and line is None):
            self.dismiss(None)
        elif event.key == "enter" and line is not None and not self.list.display:
            self.dismiss(line.value.strip())
        elif event.key == "enter":
            self.list.action_select()
        elif event.key in _MOVES and not (line and event.is_printable):
            self.action_move(_MOVES[event.key])
        elif line is not None and event.is_printable and event.character:
            line.insert_text_at_cursor(event.character)

    def action_move(self, how: str) -> None:
        """Move the highlight by an action of `OptionList`, such as `page_down`."""
        getattr(self.list, f"action_{how}")()

    def action_tick(self) -> None:
        """Tick the highlighted option, or remove its tick."""
        option = self.list.highlighted_option
        if self._ticks is not None and option is not None and option.id is not None:
            self._ticks ^= {int(option.id)}
            self.list.replace_option_prompt(option.id, self._content(int(option.id)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the ticked options; without ticks, the chosen one where one is enough."""
        here = [int(event.option_id or 0)]
        self.dismiss(
            sorted(self._ticks or ()) or here if self._takes_one else sorted(self._ticks or ())
        )
