"""The order of a list: entry ids with the breaks between them. Days, the "you were here" line, folded floods.

Pure: it sees ids, and rows through a function, so that a list of a million is arranged with a few hundred looks.
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

WINDOW: Final = 120  # entries at the top that are looked at for the first paint
DEEP: Final = (
    1000  # entries at the top in which floods are folded and news is looked for: what a day brings
)
FLOOD: Final = 8  # entries of one feed in one day that are a flood
KEPT: Final = 3  # of which so many stay to be seen


@dataclass(frozen=True, slots=True)
class Break:
    """A line of the list that is no entry. A fold holds the ids behind it."""

    kind: str  # day, here, fold
    text: str
    ids: tuple[int, ...] = ()
    since: datetime | None = None  # told beside the text, as long ago as that is when it is drawn


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
        """Where an entry stands, or the fold that hides it; -1 where it is not in the list."""
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
    """Put breaks into `ids`. `seen` is the highest entry number of the last visit (0: none), `here` when it was.

    `opened` are entries whose fold was opened. `feeds` tells of the entries at the top which feed each is of, and so
    how deep floods are folded; else that is as far as `WINDOW`. Orders that are not by time get no breaks.
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
    """The name of the group that begins at `start` (a day, further back a month or year), and its end."""
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
    """The entries to fold away, of each feed that is loud while others speak too."""
    for loud, n in Counter(feeds).items():
        if FLOOD <= n < len(feeds):
            rest = tuple(entry for entry, feed in zip(ids, feeds, strict=True) if feed == loud)[
                KEPT:
            ]
            if not opened.intersection(rest):
                yield rest
