"""Days, the line of the last visit, and floods, without a screen."""

from __future__ import annotations

from array import array
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacatui.model import Offline, Row
from bacatui.tui.sequence import FLOOD, KEPT, WINDOW, ListOrder, arrange

from .conftest import NOW


def row(number: int, hours: float = 1, feed: int = 1) -> Row:
    at = NOW - timedelta(hours=hours)
    return Row(
        number,
        feed,
        f"Feed {feed}",
        f"Title {number}",
        at,
        at,
        at,
        False,
        False,
        Offline.READY,
        300,
    )


def look(order: ListOrder) -> list[str]:
    return [
        str(item) if (gap := order.break_at(n)) is None else gap.text
        for n, item in enumerate(order.items)
    ]


def laid(rows: list[Row], **more: object) -> ListOrder:
    known = {one.id: one for one in rows}
    return arrange(array("q", known), known.__getitem__, NOW, **more)  # type: ignore[arg-type]


def test_days_stand_between_entries() -> None:
    rows = [row(9, 1), row(8, 3), row(7, 30), row(6, 24 * 12), row(5, 24 * 400)]
    assert look(laid(rows)) == [
        "Today",
        "9",
        "8",
        "Yesterday",
        "7",
        "November 2026",
        "6",
        "2025",
        "5",
    ]


def test_all_that_came_since_stands_above_the_line() -> None:
    rows = [row(9, 1), row(4, 2), row(8, 3), row(3, 4), row(2, 5)]
    assert look(laid(rows, seen=4, here=NOW)) == ["Today", "9", "4", "8", "you were here", "3", "2"]


def test_no_line_where_nothing_is_new_or_all_is() -> None:
    rows = [row(3, 1), row(2, 2)]
    assert "you were here" not in look(laid(rows, seen=9, here=NOW))
    assert "you were here" not in look(laid(rows, seen=1, here=NOW))
    assert "you were here" not in look(laid(rows, seen=0, here=NOW))


def test_a_flood_is_folded_beside_a_small_paper_and_opens() -> None:
    rows = [row(100 - n, 0.1 + n / 10, feed=2 if n == 5 else 1) for n in range(FLOOD + 4)]
    order = laid(rows)
    fold = next(one for one in order.breaks if one.kind == "fold")
    assert len(fold.ids) == FLOOD + 3 - KEPT
    assert f"{len(fold.ids)} more from Feed 1" in look(order)
    assert order.index_of(95) > 0 and order.items[order.index_of(95)] == 95
    assert order.break_at(order.index_of(fold.ids[0])) == fold
    opened = laid(rows, opened=frozenset(fold.ids[:1]))
    assert all(one.kind != "fold" for one in opened.breaks)


def test_a_flood_is_folded_as_deep_as_its_feeds_are_known() -> None:
    rows = [row(2000 - n, 0.1 + n / 1000, feed=2 if n % 50 == 5 else 1) for n in range(800)]
    near, far = laid(rows), laid(rows, feeds={one.id: one.feed_id for one in rows})
    assert [len(one.ids) for one in near.breaks if one.kind == "fold"] == [WINDOW - 3 - KEPT]
    assert [len(one.ids) for one in far.breaks if one.kind == "fold"] == [784 - KEPT, 16 - KEPT]
    assert sorted(one for one in far.items if one > 0) == sorted(
        one.id for one in rows if not any(one.id in fold.ids for fold in far.breaks)
    )


def test_a_feed_that_is_alone_is_no_flood() -> None:
    assert all(one.kind != "fold" for one in laid([row(100 - n, n / 10) for n in range(40)]).breaks)


def test_an_order_that_is_not_by_time_has_no_breaks() -> None:
    assert look(laid([row(1), row(2)], order="title")) == ["1", "2"]


@given(
    st.lists(st.tuples(st.integers(0, 90 * 24), st.integers(1, 4)), max_size=300),
    st.integers(0, 300),
    st.sampled_from(["newest", "oldest"]),
)
def test_no_entry_is_lost_or_shown_twice(
    made: list[tuple[int, int]], seen: int, order: str
) -> None:
    hours = sorted((h for h, _ in made), reverse=order == "oldest")
    rows = [row(n + 1, h, feed) for n, (h, (_, feed)) in enumerate(zip(hours, made, strict=True))]
    laid_out = laid(rows, seen=seen, order=order)
    entries = [item for item in laid_out.items if item > 0]
    folded = [entry for gap in laid_out.breaks for entry in gap.ids]
    assert sorted(entries + folded) == [one.id for one in rows]
    assert entries == [one for one in (r.id for r in rows) if one in set(entries)]
    assert all(laid_out.index_of(one.id) >= 0 for one in rows)
    assert [item for item in laid_out.items if item < 0] == [
        -n - 1 for n in range(len(laid_out.breaks))
    ]


@pytest.mark.parametrize("size", [100_000])
def test_a_long_list_is_arranged_with_few_looks(size: int) -> None:
    looks = 0

    def row_of(number: int) -> Row:
        nonlocal looks
        looks += 1
        return row(number, (size - number) / 20)

    arrange(array("q", range(size, 0, -1)), row_of, datetime.fromisoformat(NOW.isoformat()))
    assert looks < 2_000
