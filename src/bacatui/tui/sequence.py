"""The order of a list: entry ids, and between them breaks: days, "you were here", folded floods.

A flood is many entries of one feed in one day. Rows are read through a function, so that a list
of a million entries needs a few hundred of them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bacatui.i18n import _, ngettext, when
from bacatui.model import Row

WINDOW: Final = 120  # entries at the top that are read for the first paint
DEEP: Final = 1000  # entries at the top in which floods are folded: about those of a day
FLOOD: Final = 8  # entries of one feed in one day from which on they are a flood
KEPT: Final = 3  # entries of a flood that stay visible


@dataclass(frozen=True, slots=True)
class Break:
    """A line of the list that is not an entry. A fold holds the ids of the entries it hides."""

    kind: str  # day, here, fold
    text: str
    ids: tuple[int, ...] = ()
    since: datetime | None = None  # shown beside the text, as the time passed since then


@dataclass(frozen=True, slots=True)
class ListOrder:
    """`items` holds entry ids, and -(n + 1) for `breaks[n]`."""

    items: array[int]
    breaks: tuple[Break, ...] = ()

    def break_at(self, index: int) -> Break | None:
        """The break in the list at an index; None if an entry is there."""
        item = self.items[index]
        return self.breaks[-item - 1] if item < 0 else None

    def break_indexes(self) -> Iterator[int]:
        """The indexes of all breaks, in order."""
        at = -1
        for number in range(len(self.breaks)):
            at = self.items.index(-number - 1, at + 1)
            yield at

    def index_of(self, entry_id: int) -> int:
        """The index of an entry, or of the fold that hides it; -1 if it is not in the list."""
        try:
            return self.items.index(entry_id)
        except ValueError:
            hiding = next((n for n, one in enumerate(self.breaks) if entry_id in one.ids), None)
            return -1 if hiding is None else self.items.index(-hiding - 1)


def arrange(
    ids: array[int], row_of: Callable[[int], Row], now: datetime, *, order: str = "newest", folding: bool = True,
    seen: int = 0, here: datetime | None = None, opened: frozenset[int] = frozenset(),
    feeds: Mapping[int, int] = MappingProxyType({}),
) -> ListOrder:  # fmt: skip
    """Put breaks into `ids`. Orders that are not by time get none.

    `seen` is the highest entry id of the last visit (0: none), and `here` its time. `opened` are
    entries whose fold was opened. `feeds` maps the entries at the top to their feeds: floods are
    folded among these, or without it among the first `WINDOW` entries.
    """
    if order not in {"newest", "oldest"} or not ids:
        return ListOrder(array("q", ids))
    items, breaks = array("q"), list[Break]()

    def put(
        kind: str, text: str, hidden: tuple[int, ...] = (), since: datetime | None = None
    ) -> None:
        breaks.append(Break(kind, text, hidden, since))
        items.append(-len(breaks))

    new = (
        [at for at, entry in enumerate(ids[:DEEP]) if entry > seen]
        if seen and order == "newest"
        else []
    )
    new_until = new[-1] + 1 if new else 0  # all that came since are above the line
    start, deep = 0, max(WINDOW, len(feeds)) if folding else 0
    while start < len(ids):
        name, end = _group(ids, row_of, start, now, order)
        put("day", name)
        top = ids[start : min(end, deep)]
        feed_of = [feeds.get(entry, 0) if feeds else row_of(entry).feed_id for entry in top]
        hidden = {entry: fold for fold in _floods(top, feed_of, opened) for entry in fold}
        looked = min(end, max(deep, new_until)) if hidden or start < new_until <= end else start
        for at in range(start, looked):
            if (fold := hidden.get(ids[at])) is None:
                items.append(ids[at])
            elif fold[0] == ids[at]:
                feed = row_of(ids[at]).feed_title
                more = ngettext("{n} more from {feed}", "{n} more from {feed}", len(fold))
                put("fold", more.format(n=len(fold), feed=feed), fold)
            if at + 1 == new_until < len(ids):
                put("here", _("you were here"), since=here)
        items.extend(ids[max(start, looked) : end])
        start = end
    return ListOrder(items, tuple(breaks))


def _group(
    ids: array[int], row_of: Callable[[int], Row], start: int, now: datetime, order: str
) -> tuple[str, int]:
    """The name of the group that begins at `start` (a day, or for older entries a month or year).

    Also returns the index of its end.
    """
    name = _name(row_of(ids[start]).sort_at, now)
    changed = bisect_left(
        range(start, len(ids)), True, key=lambda at: _name(row_of(ids[at]).sort_at, now) != name
    )
    return name, start + changed


def _name(moment: datetime, now: datetime) -> str:
    then, today = moment.astimezone(), now.astimezone()
    if (today.date() - then.date()).days < 7:
        return when.day(moment, now)
    months = (today.year - then.year) * 12 + today.month - then.month
    return when.month(moment) if months < 12 else str(then.year)


def _floods(ids: array[int], feeds: list[int], opened: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """The entries to fold for each feed that floods the group, unless it is the only feed."""
    for flooding, n in Counter(feeds).items():
        if FLOOD <= n < len(feeds):
            of_feed = (e for e, feed in zip(ids, feeds, strict=True) if feed == flooding)
            rest = tuple(of_feed)[KEPT:]
            if not opened.intersection(rest):
                yield rest
