"""The short way for plain paragraphs: whatever it takes on comes out as the long way makes it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bacatui.articles.extract  # noqa: F401 - the package gives its name to a function
from bacatui import feeds
from bacatui.articles.fast_path import prose
from bacatui.articles.metadata import Metadata
from bacatui.articles.rules import load_rules
from bacatui.articles.web_page import bounded
from bacatui.model import Article, FeedError
from bacatui.text import sanitize
from tests.corpora import OWN, corpora

ways = sys.modules["bacatui.articles.extract"]
RULES = load_rules()
HERE = "https://a.example/b"
TITLE = "Pasar pagi di pesisir tetap ramai"
SENTENCE = "Pedagang datang sejak subuh dan menata ikan di meja kayu yang panjang sambil menunggu pembeli dari kota. "
BITS = [
    SENTENCE, "Baca juga: ", "Oleh Ngatirin", "12:30", "Jakarta, 3 Mei 2022", "Published Aug 28, 2024", TITLE, "x", ".",
    "<em>a b</em>", "<strong> z</strong> ", "<b></b>", "<i>By Some One</i>", '<a href="/x?a=1&amp;b=2">l</a>',
    '<a href="">q</a>', '<a href="#n" rel="nofollow">n</a>', "&amp;", "&nbsp;", "&#8217;", "&lt;b&gt;", "\u200d", "e\u200c",
    "\u0301" * 9, "\u3000", "\n", "  ", "\t", "\r\n", "\f", "\x1f",
    *(start for rule in RULES.all for start in rule.starts[:1]), *(rule.example for rule in RULES.all if "</p>" not in rule.example),
]  # fmt: skip
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(BITS), max_size=5).map("".join), min_size=1, max_size=5
)


def the_long_way(html: str, base: str, title: str) -> Article:
    found = Metadata(title=sanitize.title(title), titles=[title] if title else [])
    article: Article = ways._cleaned(bounded(html)[0], base, found, RULES)
    return article


def is_taken_on(html: str, base: str, title: str) -> bool:
    """Whether the short way takes it; then it must be the long way's result to the letter."""
    taken = bool(prose(bounded(html)[0], base, title, RULES))
    assert not taken or ways.fragment(html, base, title, RULES) == the_long_way(html, base, title)
    return taken


@given(
    PARAGRAPHS, st.sampled_from(["", TITLE, "Baca juga", "3 Mei"]), st.sampled_from(["", " ", "\n"])
)
@settings(max_examples=300, deadline=None)
def test_paragraphs_of_all_sorts_come_out_the_same(
    paragraphs: list[str], title: str, between: str
) -> None:
    is_taken_on(between.join(f"<p>{inside}</p>" for inside in paragraphs), HERE, title)
    is_taken_on(paragraphs[0], HERE, title)


def test_plain_paragraphs_are_taken_on_and_what_rules_know_is_not() -> None:
    story = (
        f"<p>{SENTENCE}</p>\n<p>{SENTENCE}Dari <em>laut</em> ke <a href='x'>meja</a>.</p>".replace(
            "'", '"'
        )
    )
    assert is_taken_on(story, HERE, TITLE)
    assert is_taken_on(SENTENCE, HERE, "")
    for other in (
        "<p>Baca juga: Kabar lain</p>",
        f"<p>{TITLE}</p>",
        "<p>Jakarta, 3 Mei 2022</p>",
        "<p>12:30</p>",
    ):
        assert not is_taken_on(other + story, HERE, TITLE), other


@pytest.mark.parametrize("folder", corpora("feeds/public"))
def test_the_entries_of_feeds_come_out_the_same(folder: Path) -> None:
    paths = sorted(folder.rglob("*"))
    taken = 0
    for path in paths[:: 1 if folder.is_relative_to(OWN) else 4]:
        if path.is_file() and path.suffix not in {".json", ".md"} and path.stat().st_size < 300_000:
            try:
                entries = feeds.parse(path.read_bytes(), HERE).entries
            except FeedError:
                continue
            taken += sum(is_taken_on(entry.content, entry.link, entry.title) for entry in entries)
    assert taken > len(paths) // 20
