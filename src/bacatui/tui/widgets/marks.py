"""What is looked up on a page: matches, hints, and the text of a selection."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple
from urllib.parse import urlsplit

from bacatui.document import Block, links, pictures
from bacatui.tui.typeset import Line, line_text, width_of

LETTERS = "asdfghjklewruiomnc"  # where the hands lie


class Piece(NamedTuple):
    """Part of a match: characters `start` to `end` of the text of line `y`."""

    y: int
    start: int
    end: int


class Hint(NamedTuple):
    """A letter or two in front of a link on the screen."""

    label: str
    y: int
    cell: int
    href: str


class Link(NamedTuple):
    """A link of the article, as the list of links shows it."""

    number: int
    text: str
    url: str
    host: str


def matches(lines: Sequence[Line], text: str) -> list[list[Piece]]:
    """Where `text` stands, in any case, also across line ends."""
    parts = [line_text(line) + line.joint for line in lines]
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    pattern = r"\s+".join(map(re.escape, text.split()))
    found = []
    for match in re.finditer(pattern, "".join(parts), re.IGNORECASE) if pattern else ():
        at, end = match.span()
        first, last = bisect_right(starts, at) - 1, bisect_right(starts, end - 1) - 1
        found.append(
            [Piece(y, max(0, at - starts[y]), min(end, starts[y + 1]) - starts[y]) for y in range(first, last + 1)]
        )
    return found


def by_row(found: Iterable[Sequence[Piece]]) -> dict[int, list[tuple[int, Piece]]]:
    """The parts of matches by line, each with the number of its match."""
    rows: dict[int, list[tuple[int, Piece]]] = {}
    for number, match in enumerate(found):
        for piece in match:
            rows.setdefault(piece.y, []).append((number, piece))
    return rows


def numbered(blocks: Iterable[Block]) -> list[Link]:
    """The links of an article, and after them its pictures, with their real hosts."""
    blocks = tuple(blocks)
    found = links(blocks) + [(f"▨ {picture.alt}", picture.src) for picture in pictures(blocks)]
    return [Link(number, text, url, urlsplit(url).hostname or "") for number, (text, url) in enumerate(found, 1)]


def hints(lines: Iterable[tuple[int, Line]]) -> list[Hint]:
    """A label for each link on some lines; a link that goes over a line end has one."""
    places: list[tuple[int, int, str]] = []
    last = ""
    for y, line in lines:
        for at, span in enumerate(line.spans):
            if span.href and span.href != last:
                places.append((y, width_of(line.spans[:at]), span.href))
            if span.href or (at >= line.lead and span.text.strip()):
                last = span.href
    labels = map("".join, product(LETTERS, repeat=1 if len(places) <= len(LETTERS) else 2))
    return [Hint(label, *place) for label, place in zip(labels, places, strict=False)]


def selected(lines: Sequence[Line], start: tuple[int, int], end: tuple[int, int], margin: int) -> str:
    """The article's text between two points (row, character of the drawn row), as written and not as wrapped."""
    out = []
    for y in range(start[0], min(end[0], len(lines) - 1) + 1):
        line = lines[y]
        before = "".join(span.text for span in line.spans[: line.lead])
        begin = max(0, start[1] - margin - len(before)) if y == start[0] else 0
        stop = max(0, end[1] - margin - len(before)) if y == end[0] else None
        mark = before.strip(" ▎┊") if y > start[0] or start[1] <= margin + 1 else ""
        out.append(
            (f"{mark} " if mark else "") + line_text(line).rstrip()[begin:stop] + (line.joint if y < end[0] else "")
        )
    return "".join(out).strip("\n")
