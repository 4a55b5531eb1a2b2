"""A tree as a flat sequence of events, divided into text blocks.

A text block is the smallest piece that is kept or cut as a whole.

The same events that the blocks were found in are later replayed into a `document.Builder`, so structure always
comes from the page's own elements, and no step recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bacatui.articles.words import words
from bacatui.text import count_words, sanitize, tokens

BLOCKS = frozenset(words("text_blocks")["blocks"].split())
_KINDS = {
    "pre": "code",
    "figcaption": "caption",
    "caption": "caption",
    "tr": "row",
    "blockquote": "quote",
}
_KINDS |= dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading") | dict.fromkeys(
    ("li", "dd", "dt"), "item"
)
_TABLE_PARTS = frozenset(("table", "tr", "td", "th", "tbody", "thead", "tfoot"))
_CELL_LIMIT = 400  # characters; a table with longer cells lays out a page

NOTE_TAGS = frozenset(("section", "div", "aside", "ol"))
_NOTES = re.compile(
    r"(?:^|[\s_-])(?:foot-?notes?|end-?notes?|doc-endnotes)(?:$|[\s_-])", re.IGNORECASE
)

START, END, TEXT, IMAGE, BREAK = range(5)
Event = tuple[int, Any, str, int]  # what, element, text, number of its block or -1


def grams(words: Iterable[str]) -> set[tuple[str, str, str]]:
    """All runs of three words, with "" for the edges: a short block only matches as a whole."""
    row = ["", *words, ""]
    return set(zip(row, row[1:], row[2:], strict=False))


def uncut(cut: Sequence[str]) -> list[int]:
    """The numbers of the blocks that nothing has cut."""
    return [n for n, by in enumerate(cut) if not by]


@dataclass(slots=True)
class TextBlock:
    """One run of inline content: a paragraph, heading, list item, table row, caption or code block."""

    element: Any  # the nearest block element
    kind: str  # para, heading, item, quote, row, caption, code
    first: int  # its events lie between these two, both included
    last: int = 0
    parts: list[str] = field(default_factory=list)
    linked: int = 0  # characters inside links
    text: str = ""
    words: list[str] = field(default_factory=list)  # as `tokens`
    count: int = 0  # of words, whatever the script
    votes: int = 0  # extractors that want it

    def set_text(self, text: str) -> None:
        """Set the text of the block, whose white space is folded already, and count its words."""
        self.text, self.words = text, tokens(text)
        self.count = len(self.words) if text.isascii() else count_words(" ".join(self.words))

    @property
    def link_share(self) -> float:
        """The share of its characters that stand in links, from 0 to 1."""
        return min(1.0, self.linked / len(self.text)) if self.text else 0.0


class TextBlocks:
    """The events and text blocks of a tree, in reading order."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.events: list[Event] = []
        self.blocks: list[TextBlock] = []
        self.laid_out: set[Any] = set()  # tables that only lay out, and their rows and cells
        self._layouts: list[bool] = []  # of the tables that are open
        self._current = -1
        self._blocks: list[str] = []
        self._links = self._breaks = self._in_code = self._in_row = 0
        self._walk()
        for block in self.blocks:
            block.set_text(" ".join("".join(block.parts).split()))
            block.parts = []

    @classmethod
    def of(cls, tree: Any) -> TextBlocks:
        """The text blocks of a page's body."""
        body = tree.find("body")
        return cls(tree if body is None else body)

    def around(self, element: Any) -> Iterator[Any]:
        """An element and its ancestors, up to the root."""
        while element is not None:
            yield element
            element = None if element is self.root else element.getparent()

    def cell(self, element: Any) -> Any:
        """The cell of a data table that contains an element, or None."""
        cell = next(element.iterancestors("td", "th"), None)
        return None if cell in self.laid_out else cell

    def kept(self, cut: Sequence[str]) -> list[TextBlock]:
        """The blocks that nothing has cut."""
        return [self.blocks[n] for n in uncut(cut)]

    def count(self, cut: Sequence[str]) -> int:
        """The number of words that are kept."""
        return sum(block.count for block in self.kept(cut))

    def _walk(self) -> None:
        from lxml.etree import iterwalk

        for event, element in iterwalk(self.root, events=("start", "end")):
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                self._start(element, element.tag)
                if element.text:
                    self._text(element, element.text)
            else:
                self._end(element, element.tag)
                if element is not self.root and element.tail:
                    self._text(element, element.tail)

    def _start(self, element: Any, tag: str) -> None:
        if tag == "table":
            self._layouts.append(not is_data(element))
        if tag in _TABLE_PARTS and self._layouts and self._layouts[-1]:
            self.laid_out.add(element)
        if tag == "br":
            self._break(element)
            return
        if tag in {"img", "embed"}:
            self.events.append((IMAGE, element, "", self._current))
            return
        if self._cuts(tag):
            self._current = -1
            self._blocks.append("div" if element in self.laid_out else tag)
        self._in_code += tag == "pre"
        self._in_row += tag == "tr" and element not in self.laid_out
        self._links += tag == "a"
        self.events.append((START, element, "", self._current))

    def _end(self, element: Any, tag: str) -> None:
        if tag in {"br", "img", "embed"}:
            return
        self._in_code -= tag == "pre"
        self._in_row -= tag == "tr" and element not in self.laid_out
        self._links -= tag == "a"
        if tag == "table":
            self._layouts.pop()
        self.events.append((END, element, "", self._current))
        if self._cuts(tag):
            self._current = -1
            if self._blocks:
                self._blocks.pop()
        elif self._in_row and tag in BLOCKS and self._current >= 0:
            self.blocks[self._current].parts.append(" ")

    def _cuts(self, tag: str) -> bool:
        """Whether an element's edge is the edge of a block: not inside code, nor inside a row of facts."""
        return tag in BLOCKS and not self._in_code and (not self._in_row or tag in {"pre", "table"})

    def _break(self, element: Any) -> None:
        self._breaks += 1
        if self._in_code or self._breaks < 2 or self._in_row:
            self.events.append((TEXT, element, "\n", self._current))
            if self._current >= 0:
                self.blocks[self._current].parts.append("\n")
        else:
            self._current = -1
            self.events.append((BREAK, element, "", -1))

    def _text(self, element: Any, text: str) -> None:
        if text.strip():
            self._breaks = 0
            if self._current < 0:
                self._current = len(self.blocks)
                kind = next(
                    (_KINDS[tag] for tag in reversed(self._blocks[-6:]) if tag in _KINDS), "para"
                )
                self.blocks.append(TextBlock(self._holder(element), kind, self._opening()))
            block = self.blocks[self._current]
            block.linked += len(text.strip()) if self._links else 0
            block.last = len(self.events)
        if self._current >= 0:
            self.blocks[self._current].parts.append(text)
        self.events.append((TEXT, element, text, self._current))

    def _holder(self, element: Any) -> Any:
        """The block element around the text: of `element` itself, or outside it where this is its tail."""
        is_tail = bool(self.events) and self.events[-1][0] == END and self.events[-1][1] is element
        if (is_tail or element.tag in {"br", "img", "embed"}) and element.getparent() is not None:
            element = element.getparent()
        wanted = {"tr"} if self._in_row else BLOCKS
        while (
            element.tag not in wanted
            and element.getparent() is not None
            and element is not self.root
        ):
            element = element.getparent()
        return element

    def _opening(self) -> int:
        """The first of the inline elements that open right before the next text."""
        at = len(self.events)
        while at and self.events[at - 1][0] == START and self.events[at - 1][1].tag not in BLOCKS:
            at -= 1
        return at

    def signature(self, number: int) -> str:
        """Where a block stands, as the classes of its holders: `div.entry > div.related > p`."""
        steps: list[str] = []
        for element in self.around(self.blocks[number].element):
            if known := element.get("data-where"):
                return sanitize.name(known)  # of a page that was cleaned before
            names = sanitize.name(element.get("class") or "").split()[:2]
            if element is not self.root and (names or not steps):
                steps.append(".".join([element.tag, *names]))
        return " > ".join(reversed(steps[:3]))


def holds_notes(element: Any) -> bool:
    """Whether an element lists an article's footnotes: so named, or DPUB-ARIA's `doc-endnotes`."""
    if element.tag not in NOTE_TAGS:
        return False
    said = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
    return said != "  " and _NOTES.search(said[:300]) is not None


def is_data(table: Any) -> bool:
    """True for a table of facts, false for one that lays out a page."""
    if (
        table.get("role") == "presentation"
        or table.find(".//table") is not None
        or table.get("datatable") == "0"
    ):
        return False
    has_head = table.find(".//th") is not None
    cells, rows = table.findall(".//td") + table.findall(".//th"), table.findall(".//tr")
    if (
        len(cells) < 2
        or (not has_head and len(cells) <= len(rows))
        or table.find(".//pre") is not None
    ):
        return False
    longest = max(len("".join(cell.itertext())) for cell in cells[:400])
    return bool(rows) and longest <= _CELL_LIMIT * (3 if has_head else 1)
