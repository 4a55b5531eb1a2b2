"""Blocks of a document to lines of cells: pure, lazy, and without Textual.

A line is a tuple of spans; a span names its style ("em", "link", "quote bar"), and what that name looks like is
decided when the line is drawn. So one layout serves every theme, and a change of theme moves nothing.
"""

from bacatui.tui.typeset.blocks import Look, typeset
from bacatui.tui.typeset.flow import flow
from bacatui.tui.typeset.lines import Line, Span, Tile, fit, line_text
from bacatui.tui.typeset.page import Page

__all__ = ["Line", "Look", "Page", "Span", "Tile", "fit", "flow", "line_text", "typeset"]
