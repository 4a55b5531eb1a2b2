"""Whole pages in templates of the world's papers and platforms, in our own words, each with what it must come out as.

`pages/NAME.page` holds the truth (title, byline, date and kind, as far as they are known, and the text with its
standfirst), a line of equals signs, and the page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bacatui.articles import extract

PAGES = sorted((Path(__file__).parent / "pages").glob("*.page"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_comes_out_as_its_article_and_nothing_else(path: Path) -> None:
    truth, _, source = path.read_text("utf-8").partition("\n=====\n")
    head, _, text = truth.partition("\n\n")
    article = extract(source, f"https://www.{path.stem}.example/2024/some-story")
    told = [article.lead] if article.lead else []
    told += [line for line in article.text.split("\n") if line]
    assert told == [line for line in text.split("\n") if line]
    said = dict(line.split(":", 1) for line in head.splitlines())
    found = {
        "title": article.title, "byline": article.byline, "date": str(article.published or ""), "kind": article.kind
    }  # fmt: skip
    assert {name: found[name] for name in said} == {
        name: value.strip() for name, value in said.items()
    }
