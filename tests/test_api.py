"""The Python API, as a stranger uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bacatui
from tests.corpora import page_of, truths

FEED = b"<rss version='2.0'><channel><title>C</title><item><title>Judul</title><link>/a</link></item></channel></rss>"


def test_a_feed_is_parsed() -> None:
    feed = bacatui.parse_feed(FEED, "https://feed.example/rss", "text/xml")
    assert isinstance(feed, bacatui.ParsedFeed)
    assert [(entry.title, entry.link) for entry in feed.entries] == [
        ("Judul", "https://feed.example/a")
    ]


def test_what_is_no_feed_raises_feed_error() -> None:
    with pytest.raises(bacatui.FeedError):
        bacatui.parse_feed(b"<html><body>no</body></html>")


def test_an_article_is_extracted_from_bytes_and_from_text() -> None:
    words = "<p>Kalimat pertama yang cukup panjang untuk sebuah berita.</p>" * 12
    page = f"<html><head><title>Judul berita</title></head><body><nav>Menu</nav><article><h1>Judul berita</h1>{words}</article></body></html>"
    for given_page in (page, page.encode()):
        article = bacatui.extract(given_page, "https://a.example/x")
        assert isinstance(article, bacatui.Article)
        assert (
            article.title == "Judul berita"
            and "Kalimat pertama" in article.text
            and "Menu" not in article.text
        )


def test_plain_text_is_a_page_too() -> None:
    text = "Kalimat pertama yang cukup panjang untuk sebuah berita.\n\n" * 3
    assert "Kalimat pertama" in bacatui.extract(text).text


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_end_in_a_result_or_a_feed_error(body: bytes) -> None:
    for source in (body, b"<rss><channel><item><title>" + body):
        try:
            assert isinstance(bacatui.parse_feed(source), bacatui.ParsedFeed)
        except bacatui.FeedError as error:
            assert str(error)
        assert isinstance(bacatui.extract(source), bacatui.Article)
    bacatui.extract(body.decode("utf-8", "surrogateescape"))


def test_names_that_are_not_there_are_missed() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        bacatui.nothing  # noqa: B018
    assert set(bacatui.__all__) <= set(dir(bacatui))


@pytest.mark.parametrize("file", truths("seed", "date"))
def test_the_seed_page_comes_out_exact(file: Path) -> None:
    body, truth = page_of(file)
    article = bacatui.extract(body)
    assert article.title == truth["title"]
    assert article.text.split() == truth["text"].split()
