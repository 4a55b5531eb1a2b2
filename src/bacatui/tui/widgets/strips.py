"""Spans to strips: names of styles to colours, at the last moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bacatui import sanitize
from bacatui.tui.typeset import Span, crop

if TYPE_CHECKING:
    from textual.widget import Widget

_STYLES = (
    "kicker host headline byline lead notice h1 h2 h3 h4 em strong strike mark code link note quote bar marker term "
    "head rule hair caption picture frame block keyword string number comment name deleted inserted more cut who "
    "tick card match found hint selection"
)
NAMES = frozenset(_STYLES.split())


class Ink:
    """The styles of one widget, by name, kept until the theme changes."""

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._widget, self._prefix = widget, prefix
        self._cache: dict[tuple[str, str], Style] = {}
        self.clear = self._cache.clear

    def strip(self, spans: Iterable[Span], width: int) -> Strip:
        """Spans as a strip; they are known to take `width` cells."""
        return Strip([Segment(text, self._style(style, href)) for text, style, href in spans], width)

    def _style(self, names: str, href: str) -> Style:
        """What the names make together, later ones on top; with a real link (OSC 8) where one may be."""
        key = (names, href)
        if key not in self._cache:
            if len(self._cache) > 2_000:  # links of many articles
                self._cache.clear()
            style = self._widget.rich_style
            for name in names.split():
                style += self._component(name)
            if href:
                style += Style(link=href if sanitize.url(href) == href else None, meta={"href": href})
            self._cache[key] = style
        return self._cache[key]

    def _component(self, name: str) -> Style:
        if name not in NAMES:
            return Style()
        styles = self._widget.get_component_styles(self._prefix + name)
        color = styles.rich_style.color if styles.has_rule("color") else None
        ground = styles.rich_style.bgcolor if styles.has_rule("background") else None
        return Style(color=color, bgcolor=ground) + styles.text_style


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
    """A label in front of the cells from `cell` on."""
    cell = max(0, min(cell, width - len(label)))
    yield from crop(spans, 0, cell)
    yield Span(label, "hint")
    yield from crop(spans, cell + len(label), width)
