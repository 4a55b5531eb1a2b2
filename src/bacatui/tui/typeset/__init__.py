"""Blocks of a document to lines of cells: pure, lazy, and without Textual.

A line is a tuple of spans; a span names its style ("em", "quote link"), and what that name looks like is decided
when the line is drawn. So one layout serves every theme, and a change of theme moves nothing.
"""

from bacatui.tui.typeset.blocks import Look, typeset
from bacatui.tui.typeset.flow import Line, Span, Tile, crop, fit, flow, line_text, width_of
from bacatui.tui.typeset.layout import Page, Source

__all__ = [
    "Line",
    "Look",
    "Page",
    "Source",
    "Span",
    "Tile",
    "crop",
    "fit",
    "flow",
    "line_text",
    "typeset",
    "width_of",
]
