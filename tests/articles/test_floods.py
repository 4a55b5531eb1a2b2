"""Pages of nothing but one element, over and over."""

from __future__ import annotations

import pytest

from bacatui.articles import extract
from tests.cost import grows_with


@pytest.mark.parametrize("size", [800, pytest.param(6_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "part",
    [
        "<p>Editor: Rina Sari</p>",
        "<pre>x = 1</pre>",
        "<h2>Comments</h2>",
        "<h2>About Rina Sari</h2>",
    ],
)
def test_a_page_of_nothing_but_the_same_element_takes_time_in_proportion(
    part: str, size: int
) -> None:
    extract(part * 10)  # what is loaded at the first page is not counted
    assert grows_with(
        lambda count: extract(f"<meta name=author content='Rina Sari'><body>{part * count}</body>"),
        size,
    )
