"""A page: a document laid out to one width, lazily, from any place in it outwards."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from bacatui.document import Block
from bacatui.tui.typeset.blocks import Look, air, lines_of
from bacatui.tui.typeset.lines import Line

Section = Callable[[int, Look], Iterator[Line]]


class Source:
    """The sections of an article: its head, then its blocks, read only as far as needed. `cuts` stand before blocks."""

    def __init__(
        self, head: Section, blocks: Iterable[Block], cuts: Mapping[int, Sequence[Section]] | None = None
    ) -> None:
        self._head, self._rest, self._cuts = head, iter(blocks), cuts or {}
        self._blocks: list[Block] = []

    @property
    def blocks(self) -> list[Block]:
        """All blocks, read to the end."""
        self._blocks.extend(self._rest)
        return self._blocks

    def reach(self, section: int) -> int:
        """That section, or the last one that there is before it."""
        self._blocks.extend(islice(self._rest, max(0, section - len(self._blocks))))
        return max(0, min(section, len(self._blocks)))

    def lines(self, section: int, width: int, look: Look, *, cuts: bool) -> Iterator[Line] | None:
        """The lines of a section, with the blank ones before it; None past the end."""
        if section == 0:
            return self._head(width, look)
        is_block = self.reach(section) == section
        if is_block or (cuts and section == len(self._blocks) + 1):
            return self._lines(section - 1, width, look, cuts, is_block)
        return None

    def _lines(self, at: int, width: int, look: Look, cuts: bool, is_block: bool) -> Iterator[Line]:
        for position in sorted(self._cuts) if cuts else ():
            if position == at or (position > at and not is_block):
                for cut in self._cuts[position]:
                    yield Line()
                    yield from cut(width, look)
        if is_block:
            yield from (Line(),) * air(self._blocks[at])
            yield from lines_of(self._blocks[at], width, look)


class Page:
    """The lines of a source at one width, laid out downwards first, then upwards from where it began.

    A place is the number of a section and the share of it that is above: it means the same at every width.
    """

    def __init__(self, source: Source, width: int, look: Look, *, place: float = 0.0, cuts: bool = False) -> None:
        self.width = width
        self.lines: list[Line] = []
        self.is_complete = False  # down to the end
        self.first = source.reach(int(min(place, 1e9)))  # the section that `lines` begin with
        self._starts: list[int] = []  # index of the first line of each section
        self._section = partial(source.lines, width=width, look=look, cuts=cuts)
        self._current: Iterator[Line] = iter(())
        self._open()

    def _open(self) -> None:
        lines = self._section(self.first + len(self._starts))
        self.is_complete = lines is None
        if lines is not None:
            self._current = lines
            self._starts.append(len(self.lines))

    def down(self, count: int, sections: int = 0) -> None:
        """Have at least `count` lines and the ends of so many sections, or all there are."""
        while not self.is_complete and (len(self.lines) < count or len(self._starts) <= sections):
            line = next(self._current, None)
            if line is None:
                self._open()
            else:
                self.lines.append(line)

    def up(self, count: int, until: float = float("inf")) -> int:
        """At least `count` lines more above, or all there are, until a time; returns how many."""
        sections: list[list[Line]] = []
        total = 0
        while self.first > 0 and total < count and time.perf_counter() < until:
            self.first -= 1
            sections.append(list(self._section(self.first) or ()))
            total += len(sections[-1])
        starts, at = [], 0
        for section in reversed(sections):
            starts.append(at)
            at += len(section)
        self._starts = starts + [start + total for start in self._starts]
        self.lines[:0] = [line for section in reversed(sections) for line in section]
        return total

    def work(self, seconds: float) -> int:
        """Lay out more for about that long; returns how many lines were put above."""
        until = time.perf_counter() + seconds
        while not self.is_complete and time.perf_counter() < until:
            self.down(len(self.lines) + 50)
        return self.up(1 << 30, until) if self.is_complete else 0

    def place(self, y: int) -> float:
        """The place of a line."""
        self.down(y + 1)
        at = max(0, bisect_right(self._starts, y) - 1)
        start, size = self._extent(at)
        return self.first + at + min(max(0, y - start), size - 1) / size

    def line_of(self, place: float) -> int:
        """The line of a place; the nearest that there is."""
        at = max(0, int(min(place, 1e9)) - self.first)
        self.down(0, at)
        if at >= len(self._starts):
            return max(0, len(self.lines) - 1)
        share = place % 1
        start, size = self._extent(at) if share else (self._starts[at], 1)
        return start + int(share * size + 1e-6)

    def _extent(self, at: int) -> tuple[int, int]:
        self.down(0, at + 1)
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.lines)
        return self._starts[at], max(1, end - self._starts[at])
