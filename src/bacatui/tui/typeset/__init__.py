"""Turns the blocks of a document into lines of cells, lazily and without Textual.

A line is a tuple of spans, and a span names its styles ("em", "quote link"). Their colours are
decided when the line is drawn, so one layout serves every theme.
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
