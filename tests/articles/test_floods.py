"""Pages of nothing but one element, over and over."""

from __future__ import annotations

from time import process_time

import pytest

from bacatui.articles import extract


@pytest.mark.parametrize(
    "part", ["<p>Editor: Rina Sari</p>", "<pre>x = 1</pre>", "<h2>Comments</h2>", "<h2>About Rina Sari</h2>"]
)
def test_a_page_of_nothing_but_the_same_element_takes_time_in_proportion(part: str) -> None:
    def cost(count: int) -> float:
        began = process_time()
        extract(f"<meta name=author content='Rina Sari'><body>{part * count}</body>")
        return process_time() - began

    cost(10)
    assert cost(24_000) < 12 * max(cost(4_000), 0.02)
