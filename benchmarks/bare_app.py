"""The floor: a Textual app with the same panes and nothing in them. `python -m benchmarks.bare_app`."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static


class Lines(ScrollView, can_focus=True):
    """As many numbered lines as asked, drawn one by one."""

    BINDINGS = [("j", "down", "Down")]  # noqa: RUF012

    def on_mount(self) -> None:
        self.virtual_size = Size(20, 100_000)
        self.cursor = 0

    def render_line(self, y: int) -> Strip:
        from rich.segment import Segment
        from rich.style import Style

        number = y + self.scroll_offset.y
        style = Style(reverse=number == self.cursor)
        return Strip(
            [Segment(f"Paper number {number}".ljust(self.size.width), style)], self.size.width
        )

    def action_down(self) -> None:
        self.cursor += 1
        self.refresh_lines(self.cursor - 1, 2)


class BareApp(App[None]):
    CSS = "Lines { width: 50; } Static { height: 1; } #article { width: 1fr; }"
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Lines()
            yield Lines(id="article")
        yield Static("ready")


if __name__ == "__main__":
    BareApp().run()
