"""Three small dialogues from which the others are made: ask a line, choose from a list, show a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from bacatui.i18n import _
from bacatui.tui.widgets.typed import TypedLine


class Ask(ModalScreen[str | None]):
    """One line of text; None where the reader thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)")]

    def __init__(self, title: str, value: str = "", hint: str = "") -> None:
        super().__init__()
        self._title, self._value, self._hint = title, value, hint

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield TypedLine(self._value)
            yield Static(Content(self._hint or _("Enter to go on · Esc to leave it")), classes="dialog-hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())


class Choose(ModalScreen[list[int] | None]):
    """Some of a list: the one that Enter is pressed on, or, with `ticked`, all that are ticked.

    Letters narrow the list where `searching`; answers are indexes into `options`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss(None)"),
        ("down,ctrl+n", "move('down')"),
        ("up", "move('up')"),
        ("pagedown", "move('page_down')"),
        ("pageup", "move('page_up')"),
    ]

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        *,
        hint: str = "",
        searching: bool = False,
        ticked: bool = False,
        at: int = 0,
    ) -> None:
        super().__init__()
        self._title, self._options, self._hint, self._searching, self._at = title, options, hint, searching, at
        self._column = min(40, max((len(text) for text, more in options if more), default=0))
        self._ticks = set(range(len(options))) if ticked else None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            if self._searching:
                yield TypedLine(placeholder=_("type to narrow"))
            yield OptionList(id="options", markup=False)
            plain = _("Enter to choose · Esc to leave it")
            ticks = _("Space ticks · Enter takes what is ticked · Esc to leave it")
            yield Static(Content(self._hint or (plain if self._ticks is None else ticks)), classes="dialog-hint")

    def on_mount(self) -> None:
        self._fill("")
        self._list.highlighted = self._at if self._options else None
        self.query_one(Input if self._searching else OptionList).focus()

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _fill(self, wanted: str) -> None:
        words = wanted.casefold().split()
        self._list.styles.max_height = max(3, int(self.app.size.height * 0.88) - (9 if self._searching else 7))
        self._list.clear_options()
        for number, (text, more) in enumerate(self._options):
            if all(word in f"{text} {more}".casefold() for word in words):
                self._list.add_option(Option(self._content(number), id=str(number)))
        if self._list.option_count:
            self._list.highlighted = 0

    def _content(self, number: int) -> Content:
        text, more = self._options[number]
        tick = "" if self._ticks is None else "☑ " if number in self._ticks else "☐ "
        text = text.ljust(self._column) if more else text
        return Content.assemble((tick, "$accent"), text, (f"  {more}" if more else "", "$muted"))

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        self._list.action_select()

    def action_move(self, how: str) -> None:
        getattr(self._list, f"action_{'cursor_' if how in {'up', 'down'} else ''}{how}")()

    def key_space(self) -> None:
        option = self._list.highlighted_option
        if self._ticks is not None and option is not None and option.id is not None:
            self._ticks ^= {int(option.id)}
            self._list.replace_option_prompt(option.id, self._content(int(option.id)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if self._ticks is not None:
            self.dismiss(sorted(self._ticks))
        elif event.option_id is not None:
            self.dismiss([int(event.option_id)])


class Show(ModalScreen[None]):
    """A page to be read and closed."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,i,enter", "dismiss"), ("j", "down"), ("k", "up")]

    def __init__(self, title: str, facts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._facts = title, facts

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll():
                for name, value in self._facts:
                    yield Static(Content.assemble((f"{name:<14} ", "$muted"), value), classes="fact")
            yield Static(Content(_("Esc to go back")), classes="dialog-hint")

    def action_down(self) -> None:
        self.query_one(VerticalScroll).scroll_down()

    def action_up(self) -> None:
        self.query_one(VerticalScroll).scroll_up()
