"""A page: a document laid out to one width, lazily, from any place in it outwards."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from bacatui.document import Block
from bacatui.tui.typeset.blocks import Look, air, lines_of
from bacatui.tui.typeset.lines import Line

Section = Callable[[int, Look], Iterator[Line]]


class Source:
    """The sections of an article: its head, then its blocks, read from their iterator only as far as needed."""

    def __init__(self, head: Section, blocks: Iterable[Block], before: dict[int, list[Section]] | None = None) -> None:
        self._head = head
        self._rest = iter(blocks)
        self._blocks: list[Block] = []
        self._before = before or {}

    def reach(self, section: int) -> int:
        """That section, or the last one that there is before it."""
        while len(self._blocks) < section and (block := next(self._rest, None)) is not None:
            self._blocks.append(block)
        return max(0, min(section, len(self._blocks)))

    @property
    def blocks(self) -> list[Block]:
        """All blocks, read to the end."""
        self._blocks.extend(self._rest)
        return self._blocks

    def lines(self, section: int, width: int, look: Look, cuts: bool) -> Iterator[Line] | None:
        """The lines of a section, with the blank ones before it; None past the end. Section 0 is the head."""
        if section == 0:
            return self._head(width, look)
        if self.reach(section) < section:
            return self._last(width, look) if cuts and section == len(self._blocks) + 1 else None
        return self._lines(section - 1, width, look, cuts)

    def _lines(self, at: int, width: int, look: Look, cuts: bool) -> Iterator[Line]:
        for cut in self._before.get(at, ()) if cuts else ():
            yield Line()
            yield from cut(width, look)
        block = self._blocks[at]
        yield from (Line(),) * air(block)
        yield from lines_of(block, width, look)

    def _last(self, width: int, look: Look) -> Iterator[Line]:
        """What was cut after the last block."""
        for at, cuts in sorted(self._before.items()):
            if at >= len(self._blocks):
                for cut in cuts:
                    yield Line()
                    yield from cut(width, look)


class Page:
    """The lines of a source at one width. Lines are laid out downwards first, then upwards from where it began.

    A place is the number of a section and the share of it that is above: it means the same at every width.
    """

    def __init__(self, source: Source, width: int, look: Look, *, place: float = 0.0, cuts: bool = False) -> None:
        self._source = source
        self._look = look
        self._cuts = cuts
        self.width = width
        self.lines: list[Line] = []
        self._starts: list[int] = []  # index of each section's first line, from section `_first` on
        self._first = source.reach(int(min(place, 1e9)))
        self._above: list[list[Line]] = []
        self._current: Iterator[Line] | None = None
        self.is_complete = False  # down to the end
        self._open(self._first)

    @property
    def has_top(self) -> bool:
        """The lines begin with the head of the article."""
        return self._first == 0 and not self._above

    def _open(self, section: int) -> None:
        self._current = self._source.lines(section, self.width, self._look, self._cuts)
        self.is_complete = self._current is None
        if self._current is not None:
            self._starts.append(len(self.lines))

    def down(self, count: int) -> None:
        """Have at least `count` lines, or all there are."""
        while not self.is_complete and len(self.lines) < count:
            self._step()

    def _step(self) -> None:
        assert self._current is not None
        for line in self._current:
            self.lines.append(line)
            return
        self._open(self._first + len(self._starts))

    def up(self) -> None:
        """One more section above, kept aside until `merge`."""
        if self._first > 0:
            self._first -= 1
            self._above.append(list(self._source.lines(self._first, self.width, self._look, self._cuts) or ()))

    def merge(self) -> int:
        """Put what was laid out above in its place; returns how many lines everything moved down."""
        sections = self._above[::-1]
        self._above = []
        starts, total = [], 0
        for section in sections:
            starts.append(total)
            total += len(section)
        self.lines[:0] = [line for section in sections for line in section]
        self._starts = starts + [start + total for start in self._starts]
        return total

    def work(self, seconds: float) -> bool:
        """Lay out more for about that long; True while there is more to do."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if not self.is_complete:
                self.down(len(self.lines) + 50)
            elif self._first > 0:
                self.up()
            else:
                return False
        return True

    def place(self, y: int) -> float:
        """The place of a line."""
        self.down(y + 1)
        at = max(0, bisect_right(self._starts, y) - 1)
        if at == len(self._starts) - 1:  # its end is not known before it has been laid out
            while not self.is_complete and len(self._starts) == at + 1:
                self._step()
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.lines)
        start = self._starts[at]
        share = min(y - start, max(0, end - start - 1)) / max(1, end - start)
        return self._first + len(self._above) + at + share

    def line_of(self, place: float) -> int:
        """The line of a place; the nearest that there is."""
        section = max(0, int(place))
        while self._first + len(self._above) > section:
            self.up()
            self.merge()
        at, share = section - self._first - len(self._above), place - section
        if at < len(self._starts) and not share:
            return self._starts[at]
        while not self.is_complete and len(self._starts) <= at + 1:
            self._step()
        if at >= len(self._starts):
            return max(0, len(self.lines) - 1)
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.lines)
        return self._starts[at] + int(share * (end - self._starts[at]) + 1e-6)
