"""What is looked up on a page: matches, links, hints, and the text of a selection."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import NamedTuple
from urllib.parse import urlsplit

from bacatui.document import Block
from bacatui.document import links as document_links
from bacatui.tui.typeset import Line, line_text
from bacatui.tui.typeset.lines import width_of

LETTERS = "asdfghjklewruiomnc"  # where the hands lie


class Piece(NamedTuple):
    """Part of a match: characters `start` to `end` of the text of line `y`."""

    y: int
    start: int
    end: int


class Link(NamedTuple):
    """A link of the article, numbered as the list of links shows it."""

    number: int
    text: str
    url: str
    host: str


class Hint(NamedTuple):
    """A letter or two over a link on the screen."""

    label: str
    y: int
    cell: int
    href: str
    text: str


def matches(lines: Sequence[Line], text: str) -> list[list[Piece]]:
    """Where `text` stands, in any case, also across line ends."""
    words = text.split()
    if not words:
        return []
    starts, parts, size = [], [], 0
    for line in lines:
        starts.append(size)
        part = line_text(line) + line.joint
        parts.append(part)
        size += len(part)
    found = []
    for match in re.finditer(r"\s+".join(map(re.escape, words)), "".join(parts), re.IGNORECASE):
        pieces, at = [], match.start()
        y = bisect_right(starts, at) - 1
        while at < match.end():
            end = starts[y + 1] if y + 1 < len(starts) else size
            pieces.append(Piece(y, at - starts[y], min(match.end(), end) - starts[y]))
            at, y = end, y + 1
        found.append(pieces)
    return found


def numbered(blocks: Iterable[Block]) -> list[Link]:
    """The links of an article with their real hosts."""
    return [
        Link(number, text, url, urlsplit(url).hostname or "")
        for number, (text, url) in enumerate(document_links(blocks), 1)
    ]


def hints(lines: Iterable[tuple[int, Line]]) -> list[Hint]:
    """A label for each link on some lines; a link that goes over a line end has one."""
    places: list[tuple[int, int, str, str]] = []
    last = ""
    for y, line in lines:
        for at, span in enumerate(line.spans):
            if span.href and span.href != last:
                places.append((y, width_of(line.spans[:at]), span.href, span.text))
            if span.href or (at >= line.lead and span.text.strip()):
                last = span.href
    labels: list[str] = list(LETTERS)
    if len(places) > len(labels):
        labels = ["".join(pair) for pair in islice(product(LETTERS, repeat=2), len(places))]
    return [Hint(label, *place) for label, place in zip(labels, places, strict=False)]


def selected(lines: Sequence[Line], start: tuple[int, int], end: tuple[int, int] | None, margin: int) -> str:
    """The article's text between two points (row, character of the drawn row): as written, not as wrapped."""
    (first, a), (last, b) = start, end or (len(lines) - 1, 1 << 30)
    out = []
    for y in range(max(0, first), min(last, len(lines) - 1) + 1):
        line = lines[y]
        before = "".join(span.text for span in line.spans[: line.lead])
        size = margin + len(before)
        text = line_text(line).rstrip()
        begin = max(0, a - size) if y == first else 0
        text = text[begin : max(0, b - size)] if y == last else text[begin:]
        mark = before.strip(" ▎┊")
        if mark and (y != first or a <= margin + 1):
            text = f"{mark} {text}"
        out.append(text)
        if y < last:
            out.append(line.joint)
    return "".join(out).strip("\n")
