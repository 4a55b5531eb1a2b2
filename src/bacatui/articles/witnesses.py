"""What other extractors take for the text of a page: their judgement, never their markup.

Each gets its own copy of the tree, and one that fails has simply nothing to say.
"""

from __future__ import annotations

import copy
import logging
from typing import Any

from bacatui.articles.leaves import Leaves, grams, tokens

Grams = set[tuple[str, str, str]]


def readability(tree: Any) -> Grams:
    """The blocks that readability-lxml keeps."""
    from readability import Document

    class Own(Document):  # type: ignore[misc]
        def _parse(self, tree: Any) -> Any:
            self.encoding = "utf-8"
            return copy.deepcopy(tree)

    logging.getLogger("readability").setLevel(logging.CRITICAL + 1)
    document = Own(tree)
    document.get_clean_html = lambda: _markup(document.html)
    document.summary(html_partial=True)
    return _grams_of(document.html)


def _markup(element: Any) -> str:
    from lxml.etree import tostring

    return str(tostring(element, encoding="unicode", method="html"))


def _grams_of(element: Any) -> Grams:
    found: Grams = set()
    for leaf in Leaves(element).leaves:
        found |= grams(leaf.words)
    return found


def trafilatura(tree: Any, url: str) -> Grams:
    """The blocks that trafilatura keeps when it prefers precision."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    from trafilatura.core import bare_extraction

    result = bare_extraction(
        copy.deepcopy(tree), url=url or None, favor_precision=True, include_comments=False, with_metadata=False
    )
    found: Grams = set()
    for line in (getattr(result, "text", "") or "").split("\n"):
        if words := tokens(line):
            found |= grams(words)
    return found


def hear(witness: Any, *given: Any) -> Grams:
    """What a witness says; nothing where it fails."""
    try:
        said: Grams = witness(*given)
    except Exception:
        return set()
    return said
