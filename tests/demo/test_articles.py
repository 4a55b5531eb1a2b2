"""Every article of the demo site reads exactly as it was written, whatever stands around it on its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bacatui import articles
from bacatui.demo.site import PAPERS, Site, paper
from bacatui.model import Kind
from tests.demo.expected import words

# The others are read from their feeds.
FETCHED = [key for key in PAPERS if paper(key)["full_text"] != "never"]
READABLE = [(key, a) for key in FETCHED for a in paper(key)["article"] if a.get("kind") != "broken"]


@pytest.fixture(scope="module")
def printed() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.mark.parametrize(
    ("key", "article"), READABLE, ids=[article["slug"] for _, article in READABLE]
)
def test_the_article_and_nothing_else_is_read(
    printed: Site, key: str, article: dict[str, Any]
) -> None:
    path, text, first = f"/{key}/{article['slug']}", [], None
    while path:
        part = articles.extract(printed.answers[path][2], printed.url + path)
        first, path = first or part, part.next_page.removeprefix(printed.url)
        text += part.text.split()
    assert first is not None
    assert text == words(article)
    assert first.title == article["title"]
    assert first.lead == article.get("lead", "")
    assert first.published is not None
    assert article["author"] in first.byline
    kinds = {"gallery": Kind.GALLERY, "live": Kind.LIVE, "paywall": Kind.PAYWALL}
    assert first.kind == kinds.get(article.get("kind", ""), Kind.ARTICLE)
