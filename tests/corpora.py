"""Corpora and measuring tools that may lie beside a checkout, in ../shared.

The texts in them belong to their publishers, so they are no part of this repository. What they test, our own cases test
too; with them the same tests see a few thousand more.
"""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
ABSENT = (
    "needs ../shared: corpora of texts that belong to others, which are not part of the repository"
)


def needs(part: str) -> pytest.MarkDecorator:
    """Skips a test where that part of the corpora is not there."""
    return pytest.mark.skipif(not (SHARED / part).exists(), reason=ABSENT)
