"""The line that is typed in."""

from __future__ import annotations

from textual.widgets import Input


class TypedLine(Input):
    """An input whose cursor stands still: nothing on our screen blinks."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, select_on_focus=False, id=id)
        self.set_reactive(Input.cursor_blink, False)
