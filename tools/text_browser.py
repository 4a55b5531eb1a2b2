"""A page as a text browser shows it: all of its text, in the order of its source."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from tools.svg import INK, PAGE, Cell

AROUND = "#9a7278"  # the colour of what is not the article
APART = frozenset(("blockquote", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "table"))
BLOCKS = APART | {
    "address", "article", "aside", "body", "br", "caption", "dd", "div", "dl", "dt", "figcaption",
    "footer", "form", "header", "hr", "label", "li", "main", "nav", "ol", "section", "tr", "ul",
}  # fmt: skip
SILENT = frozenset(("head", "script", "style", "template", "noscript", "svg"))
DRAWN = {"input": " [__________] ", "textarea": " [____________________] ", "button": " ["}


class Block(NamedTuple):
    text: str
    is_link: bool = False  # as a whole
    mark: str = ""  # what stands before it
    is_apart: bool = False  # a blank line follows


class Line(NamedTuple):
    text: str
    is_article: bool
    is_link: bool


class _Blocks(HTMLParser):
    """The blocks of text of a page, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Block] = []
        self._text, self._linked = "", 0
        self._silent = self._links = 0
        self._mark = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        if tag in BLOCKS:
            self._end()
        self._links += tag == "a"
        self._mark = "• " if tag == "li" else self._mark
        alt = dict(attrs).get("alt") if tag == "img" else ""
        self.handle_data(f" [{alt}] " if alt else DRAWN.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT
        self._links -= tag == "a"
        self.handle_data({"button": "] ", "td": "  ", "th": "  "}.get(tag, ""))
        if tag in BLOCKS:
            self._end()
        if tag in APART and self.found:
            self.found[-1] = self.found[-1]._replace(is_apart=True)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text += data
            self._linked += len(data.strip()) if self._links else 0

    def _end(self) -> None:
        if text := " ".join(self._text.split()):
            is_link = self._linked >= len(self._text.strip())
            self.found.append(Block(text, is_link, self._mark))
        self._text, self._linked, self._mark = "", 0, ""


def blocks(page: str) -> list[Block]:
    """Each block of text of a page."""
    parser = _Blocks()
    parser.feed(page)
    parser.close()
    return parser.found


def lines(page: str, width: int, kept: Collection[str]) -> list[Line]:
    """The page's text in lines of `width` cells. `kept` are the texts that are of the article."""
    return [line for block in blocks(page) for line in _wrapped(block, width, block.text in kept)]


def _wrapped(block: Block, width: int, is_article: bool) -> Iterator[Line]:
    indent = " " * len(block.mark)
    text = f"{block.mark}{block.text}"
    for line in textwrap.wrap(text, width, subsequent_indent=indent):
        yield Line(line, is_article, block.is_link)
    if block.is_apart:
        yield Line("", is_article, False)


def screen(lines: Sequence[Line], columns: int, rows: int) -> list[list[Cell]]:
    """The first rows of the page, as a terminal shows them."""
    return [list(_row(line, columns)) for line in [*lines, *[Line("", False, False)] * rows][:rows]]


def _row(line: Line, columns: int) -> Iterator[Cell]:
    ink = INK if line.is_article else AROUND
    for char in f" {line.text}"[:columns].ljust(columns):
        yield Cell(char, ink, PAGE, is_underlined=line.is_link and char not in " •")
