"""The base of our widgets: they draw only the visible lines, from spans with named styles."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bacatui.text import sanitize
from bacatui.tui.typeset import Span, crop


class RunCommand(Message):
    """A widget asks the screen to run a command or internal action, with arguments."""

    def __init__(self, act: str, *given: int | float | str) -> None:
        super().__init__()
        self.act, self.given = act, given

    def can_replace(self, message: Message) -> bool:
        """Whether this message makes an earlier one obsolete: only a later scroll does."""
        same = isinstance(message, RunCommand) and (message.act, message.given[:1]) == (
            self.act,
            self.given[:1],
        )
        return same and self.act == "screen.scrolled"


class LineWidget(ScrollView, can_focus=True, inherit_bindings=False):
    """Keeps what it has drawn until the theme, the size or the content changes."""

    PREFIX = ""  # of the names of its component classes

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles: dict[tuple[str, str], Style] = {}
        self._strips: LRUCache[Hashable, Strip] = LRUCache(1024)

    def strip(self, spans: Iterable[Span], width: int) -> Strip:
        """Spans as a strip; they are known to take `width` cells."""
        return Strip(
            [Segment(text, self._style(names, href)) for text, names, href in spans if text], width
        )

    def _style(self, names: str, href: str) -> Style:
        """The combined style of the names, later ones on top, with a link (OSC 8) if it is safe."""
        key = (names, href)
        if key not in self._styles:
            if len(self._styles) > 2_000:  # links of many articles
                self._styles.clear()
            style = self.rich_style
            for name in (self.PREFIX + name for name in names.split()):
                if name in self.COMPONENT_CLASSES:
                    styles = self.get_component_styles(name)
                    color = styles.rich_style.color if styles.has_rule("color") else None
                    ground = styles.rich_style.bgcolor if styles.has_rule("background") else None
                    style += Style(color=color, bgcolor=ground) + styles.text_style
            if href:
                style += Style(
                    link=href if sanitize.url(href) == href else None, meta={"href": href}
                )
            self._styles[key] = style
        return self._styles[key]

    def redraw(self) -> None:
        """Drop the drawn lines and draw them anew."""
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Drop all that was drawn in the old theme."""
        self._styles.clear()
        self._strips.clear()
        super().notify_style_update()


def fit(text: str, width: int) -> str:
    """`text`, sanitized, in exactly `width` cells; an ellipsis shows that it was cut."""
    text = sanitize.shown(text)
    if width <= 0:
        return ""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)


def overlay(spans: Iterable[Span], start: int, end: int, style: str) -> Iterator[Span]:
    """The characters from `start` to `end` (-1: to the end) with one more style on top."""
    for text, names, href in spans:
        a = min(max(start, 0), len(text))
        b = len(text) if end < 0 else min(max(end, a), len(text))
        for part, on in ((text[:a], False), (text[a:b], True), (text[b:], False)):
            if part:
                yield Span(part, f"{names} {style}" if on else names, href)
        start, end = start - len(text), end - len(text) if end >= len(text) else min(end, 0)


def cover(spans: tuple[Span, ...], cell: int, label: str, width: int) -> Iterator[Span]:
    """The spans with a label over the cells from `cell` on."""
    cell = max(0, min(cell, width - len(label)))
    yield from crop(spans, 0, cell)
    yield Span(label, "hint")
    yield from crop(spans, cell + len(label), width)
