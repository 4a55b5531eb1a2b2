"""Test sets of pages and feeds: our own, and others that may lie beside a checkout, in ../shared.

Our own are in tests/corpus, in our own words; each gate goes through them wherever it runs. The texts beside the
checkout belong to their publishers, so they are no part of this repository; where they are, the same gates go through
them too, and because those are thousands, `.ci/run` does so (the tests are marked slow).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

OWN = Path(__file__).with_name("corpus")
SHARED = Path(__file__).parents[2] / "shared"
ABSENT = (
    "needs ../shared: corpora of texts that belong to others, which are not part of the repository"
)


def corpora(part: str, beside: str = "corpus") -> list[ParameterSet]:
    """A part of each test set that is here, for `parametrize`; of ../shared what lies under `beside`."""
    found = [pytest.param(OWN / part, id="own")]
    if (SHARED / beside / part).exists():
        found.append(pytest.param(SHARED / beside / part, id="shared", marks=pytest.mark.slow))
    return found


def truths(kind: str, *told: str) -> list[ParameterSet]:
    """The files that say what pages of a kind ("seed", "handmade") must come out as, and tell all that is named."""
    found = list[ParameterSet]()
    for folder in corpora("articles"):
        for path in sorted(Path(str(folder.values[0])).glob("*.json")):
            truth = json.loads(path.read_text("utf-8"))
            if truth["set"] == kind and all(name in truth for name in told):
                found.append(pytest.param(path, id=path.stem, marks=folder.marks))
    return found


def page_of(truth: Path) -> tuple[bytes, dict[str, Any]]:
    """A page, and what it must come out as."""
    packed = truth.with_suffix(".html.gz")
    body = (
        gzip.decompress(packed.read_bytes())
        if packed.exists()
        else truth.with_suffix(".html").read_bytes()
    )
    return body, json.loads(truth.read_text("utf-8"))
