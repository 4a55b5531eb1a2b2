"""A page: a document laid out to one width, only as far as it is needed."""

from __future__ import annotations

import gc
import time
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain, count, islice, repeat
from operator import itemgetter

from bacatui.document import Block, Code
from bacatui.tui.typeset.blocks import Look, air, lines_of
from bacatui.tui.typeset.flow import Line

PIECE = 2_000  # lines of code in a section
MANY = 50_000  # lines of a page that slow the garbage collector down
Section = Callable[[int, Look], Iterator[Line]]


class Source:
    """An article to lay out, any number of times: head, blocks, and cuts with their positions."""

    def __init__(
        self, head: Section, blocks: Iterable[Block], cuts: Iterable[tuple[int, Section]]
    ) -> None:
        self._head, self._rest, self._cuts = head, iter(blocks), sorted(cuts, key=itemgetter(0))
        self._blocks: list[Block] = []

    @property
    def blocks(self) -> list[Block]:
        """All blocks; parses those that have not been read yet."""
        self._blocks.extend(self._rest)
        return self._blocks

    def sections(self, width: int, look: Look, *, cuts: bool) -> Iterator[Iterator[Line]]:
        """The lines of the head, then of each block, with the blank lines before it; lazy."""
        yield self._head(width, look)
        for at in count():
            if at == len(self._blocks):
                self._blocks.extend(islice(self._rest, 1))
            if at == len(self._blocks):
                break
            before = self._cut(at, at + 1, width, look) if cuts else ()
            block = self._blocks[at]
            lines = chain(before, repeat(Line(), air(block)), lines_of(block, width, look))
            if isinstance(block, Code):
                yield from _pieces(lines)
            else:
                yield lines
        if cuts:
            yield self._cut(at, 1 << 30, width, look)

    def _cut(self, start: int, end: int, width: int, look: Look) -> Iterator[Line]:
        for position, cut in self._cuts:
            if start <= position < end:
                yield Line()
                yield from cut(width, look)


def _pieces(lines: Iterator[Line]) -> Iterator[Iterator[Line]]:
    """Split code, whose lines are the same at any width, into sections of `PIECE` lines."""
    for first in lines:
        yield chain((first,), islice(lines, PIECE - 1))


class Page:
    """The lines of a source at one width.

    A place is the number of a section plus the fraction of it that is above the screen. It means
    the same at every width.
    """

    def __init__(self, source: Source, width: int, look: Look, *, cuts: bool = False) -> None:
        self.width = width
        self.lines: list[Line] = []
        self.is_complete = False
        self._starts: list[int] = []  # index of the first line of each section
        self._coming = self._lines(source.sections(width, look, cuts=cuts))

    def _lines(self, sections: Iterator[Iterator[Line]]) -> Generator[Line, None, None]:
        for section in sections:
            self._starts.append(len(self.lines))
            yield from section
        self.is_complete = True

    def close(self) -> None:
        """End the layout. This breaks a reference cycle, which would keep the lines in memory."""
        self._coming.close()

    def down(self, count: int) -> None:
        """Lay out at least the first `count` lines, if there are so many."""
        for line in self._coming if len(self.lines) < count else ():
            self.lines.append(line)
            if len(self.lines) >= count:
                break

    def work(self, seconds: float) -> None:
        """Lay out lines for about so many seconds."""
        until = time.perf_counter() + seconds
        while not self.is_complete and time.perf_counter() < until:
            self.down(len(self.lines) + 50)
        if len(self.lines) > MANY:
            gc.freeze()  # the lines have no cycles; collecting among so many would delay keys

    def place(self, y: int) -> float:
        """The place of line `y`: number of the block, plus the fraction of it above the line."""
        self.down(y + 1)
        at = max(0, bisect_right(self._starts, y) - 1)
        start, size = self._extent(at)
        return at + min(max(0, y - start), size - 1) / size

    def line_of(self, place: float) -> int:
        """The line of a place; the last line if the document has become shorter."""
        at = int(min(place, 1e9))
        start, size = self._extent(at)
        return (
            start + int(place % 1 * size + 1e-6)
            if at < len(self._starts)
            else max(0, len(self.lines) - 1)
        )

    def _extent(self, at: int) -> tuple[int, int]:
        while not self.is_complete and len(self._starts) <= at + 1:
            self.down(len(self.lines) + 1)
        start, end = (
            self._starts[n] if n < len(self._starts) else len(self.lines) for n in (at, at + 1)
        )
        return start, max(1, end - start)
