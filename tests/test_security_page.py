"""Each promise of SECURITY.md names the tests that hold it, and each test that a page names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/[\w./-]+?)(?:::(\w+))?`")


def promises() -> dict[str, str]:
    """The paragraphs under "What is promised", by what each begins with."""
    part = (
        (ROOT / "SECURITY.md")
        .read_text("utf-8")
        .split("\n## What is promised\n")[1]
        .split("\n## ")[0]
    )
    return {paragraph.split("**")[1]: paragraph for paragraph in part.strip().split("\n\n")}


@pytest.mark.parametrize("promise", promises())
def test_each_promise_names_a_test(promise: str) -> None:
    assert NAMED.search(promises()[promise])


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/security-testing.md"])
def test_each_test_that_a_page_names_is_there(page: str) -> None:
    named = NAMED.findall((ROOT / page).read_text("utf-8"))
    assert named
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or re.search(
            rf"^(?:async )?def {test}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE
        ), test
