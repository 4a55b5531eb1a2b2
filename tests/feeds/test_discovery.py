"""The feeds that a page has."""

from __future__ import annotations

import pytest

from bacatui.feeds import discover

PAGE = "https://blog.example/posts/1"


def test_announced_feeds_come_first_and_comments_last() -> None:
    page = b"""<!doctype html><head><base href="/sub/"><link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed/">
    <LINK REL='alternate nofollow' TYPE='application/atom+xml; charset=utf-8' TITLE='Kabar &amp; \x1b[31mcerita' HREF='atom.xml?a=1&amp;b=2'>
    <link rel=alternate type=application/feed+json href=/feed.json><link rel="alternate" type="application/rss+xml" href="javascript:x">
    <link rel="alternate" type="application/rss+xml" href="file:///etc/passwd"><link rel=alternate hreflang=en type=text/html href=/en>
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1"></head>"""
    found = discover(page, PAGE)
    assert [(feed.url, feed.title) for feed in found] == [
        ("https://blog.example/sub/atom.xml?a=1&b=2", "Kabar & cerita"),
        ("https://blog.example/feed.json", ""),
        ("https://blog.example/sub/comments/feed/", "Comments"),
    ]


def test_a_site_that_announces_nothing_may_have_a_feed_in_the_common_places_a_page_within_it_not() -> (
    None
):
    assert discover(b"<html></html>", "https://blog.example/2024/story.html") == []
    found = discover(b"<html></html>", "https://blog.example/")
    assert "https://blog.example/feed/" in {feed.url for feed in found}
    assert all(feed.type == "" for feed in found)


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://www.youtube.com/channel/UC0123456789abcdefghijkl/videos", "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghijkl"),
        ("https://www.youtube.com/playlist?list=PLx_1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PLx_1"),
        ("https://www.reddit.com/r/indonesia/top/", "https://www.reddit.com/r/indonesia/.rss"),
        ("https://github.com/textualize/textual/issues", "https://github.com/textualize/textual/releases.atom"),
        ("https://mastodon.example/@siti", "https://mastodon.example/@siti.rss"),
        ("https://warta.blogspot.com/2024/07/a.html", "https://warta.blogspot.com/feeds/posts/default"),
        ("https://medium.com/@siti/a-b", "https://medium.com/feed/@siti"),
    ],
)  # fmt: skip
def test_known_sites_have_their_feeds_in_known_places(url: str, feed: str) -> None:
    assert [found.url for found in discover(b"<html></html>", url)] == [feed]


def test_a_youtube_handle_is_known_by_its_channel() -> None:
    page = b'<html><script>{"externalId":"UC0123456789abcdefghijkl"}</script>'
    (found,) = discover(page, "https://www.youtube.com/@siti")
    assert found.url.endswith("channel_id=UC0123456789abcdefghijkl")


def test_any_bytes_are_a_page_without_feeds_at_worst() -> None:
    for body in (b"", bytes(range(256)) * 50, b"<link " * 50_000, b"<a " + b'a="b"' * 100_000):
        assert all(feed.type == "" for feed in discover(body, PAGE))
    assert discover(b"", "") == []
