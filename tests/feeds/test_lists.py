"""Lists of subscriptions: OPML there and back, and what newsboat keeps."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacatui.feeds import Subscription, read_newsboat, read_newsboat_cache, read_opml, write_opml
from bacatui.model import FeedError
from tests.cost import ends_within

OPML = """<?xml version="1.0"?><opml version="2.0" xmlns:fz="urn:forumzilla:"><head><title>Langganan</title></head><body>
<outline text="Indonesia"><outline title="Ekonomi &amp; bisnis">
<outline type="rss" text="Antara" xmlUrl="https://antara.example/rss" htmlUrl="https://antara.example/" fz:quickMode="true" category="/x"/>
</outline><outline text="Tempo" xmlUrl="feed://tempo.example/rss"/></outline>
<!-- <outline xmlUrl="https://hidden.example/"/> -->
<outline text="LWN" title="LWN.net" xmlUrl="https://lwn.example/rss"></outline><outline text="again" xmlUrl="http://www.lwn.example/rss/"/>
</body></opml>"""


def test_folders_nest_and_attributes_stay() -> None:
    found = read_opml(OPML.encode())
    assert found.title == "Langganan"
    assert [(feed.title, feed.folder, feed.url) for feed in found.feeds] == [
        ("Antara", "Indonesia/Ekonomi & bisnis", "https://antara.example/rss"),
        ("Tempo", "Indonesia", "http://tempo.example/rss"),
        ("LWN.net", "", "https://lwn.example/rss"),
    ]
    assert found.feeds[0].site == "https://antara.example/"
    assert found.feeds[0].attributes == {
        "fz:quickMode": "true",
        "category": "/x",
        "xmlns:fz": "urn:forumzilla:",
    }


def test_a_list_written_out_is_read_back_the_same() -> None:
    found = read_opml(OPML.encode())
    written = write_opml(found.feeds, found.title)
    assert read_opml(written) == found
    assert write_opml(read_opml(written).feeds, found.title) == written


NAMES = st.text(
    st.characters(categories=["L", "Nd", "P", "S", "Zs"], exclude_characters="\u2215\u180e"),
    min_size=1,
    max_size=12,
)
FOLDERS = st.lists(
    NAMES.map(lambda name: " ".join(name.replace("/", "\u2215").split())).filter(bool), max_size=3
).map("/".join)


@given(st.lists(st.tuples(NAMES, FOLDERS), max_size=8))
def test_any_names_and_folders_survive(named: list[tuple[str, str]]) -> None:
    feeds = tuple(
        Subscription(f"https://x.example/{at}", title, folder) for at, (title, folder) in enumerate(named)
    )  # fmt: skip
    first = read_opml(write_opml(feeds)).feeds
    assert {feed.url for feed in first} == {feed.url for feed in feeds}
    assert sorted(read_opml(write_opml(first)).feeds, key=lambda feed: feed.url) == sorted(
        first, key=lambda feed: feed.url
    )
    plain = {
        feed.url: feed
        for feed in feeds
        if feed.title.isalnum() and feed.folder.replace("/", "").isalnum()
    }
    assert all(plain[feed.url] == feed for feed in first if feed.url in plain)


@pytest.mark.parametrize(
    "outline",
    [
        'xmlUrl="|touch x"', 'xmlUrl="exec:touch x"', 'xmlUrl="filter:x:https://feed.example/"', 'xmlUrl="query:a:b"',
        'xmlUrl="file:///etc/passwd"', 'xmlUrl="-oProxyCommand=id"',
        'xmlUrl="java&#9;script:x"', 'type="include" url="https://feed.example/opml"', 'xmlUrl=" javascript:x"',
    ],
)  # fmt: skip
def test_what_others_would_run_is_refused_by_name(outline: str) -> None:
    found = read_opml(f'<opml><body><outline text="A \x1b[31m" {outline}/></body></opml>'.encode())
    assert found.feeds == ()
    assert [name for name, _why in found.refused] == ["A"]


def test_a_feed_comes_without_the_command_that_others_would_filter_it_with() -> None:
    found = read_opml(
        b'<opml><body><outline xmlUrl="https://feed.example/" filterCmd="touch x" a="b"/></body></opml>'
    )
    assert [feed.attributes for feed in found.feeds] == [{"a": "b"}]
    assert b"touch" not in write_opml(found.feeds)


def test_a_list_that_goes_out_has_no_attribute_that_another_reader_would_run() -> None:
    theirs = {
        "filterCmd": "touch x",
        "xmlUrl": "exec:touch x",
        'a="1" filtercmd': "touch x",
        "rating": "5",
    }
    written = write_opml([Subscription("https://a.example/feed", "A", attributes=theirs)]).decode()
    assert "touch" not in written and 'rating="5"' in written


def test_broken_lists_give_what_can_be_read() -> None:
    source = '<opml version="1.0"><body><outline text="A & B" xmlUrl="https://feed.example/?a=1&b=2"/><outline title="Kafé" xmlurl="https://feed.example/k">'
    found = read_opml(source.encode("windows-1252"))
    assert [feed.title for feed in found.feeds] == ["A & B", "Kafé"]
    deep = read_opml(
        (
            "<opml><body>"
            + "<outline text='x'>" * 20_000
            + "<outline xmlUrl='https://feed.example/'/>"
        ).encode()
    )
    assert deep.feeds[0].folder == "/".join("x" * 8)


@pytest.mark.parametrize(
    "source",
    ["", "<rss/>", '<!DOCTYPE opml [<!ENTITY x "y">]><opml/>', "<opml>" + " " * (17 << 20)],
)
def test_what_is_no_list_is_refused(source: str) -> None:
    with pytest.raises(FeedError):
        read_opml(source.encode())


def test_newsboats_urls_bring_tags_titles_and_queries() -> None:
    urls = (
        '# mine\nhttps://a.example/rss indonesia "~Berita \\"A\\"" ekonomi\nhttps://b.example/rss ! tech\n'
        '"query:Unread tech:unread = \\"yes\\" and tags # \\"tech\\"" virtual\n"query:Odd:title between 3"\n'
        '"exec:touch /tmp/x"\nfilter:cat:https://c.example/\nfile:///etc/passwd\n\nhttps://a.example/rss/ again\n'
    )
    found = read_newsboat(urls.encode())
    assert [(feed.url, feed.title, feed.folder, feed.tags) for feed in found.feeds] == [
        ("https://a.example/rss", 'Berita "A"', "indonesia", ("indonesia", "ekonomi")),
        ("https://b.example/rss", "", "tech", ("tech",)),
    ]
    assert found.searches == (("Unread tech", 'is:unread folder:"tech"'),)
    assert len(found.refused) == 4


def test_newsboats_cache_brings_read_state_flags_and_content(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        cache.execute(
            "CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid, title, author, url, feedurl, pubDate INTEGER, content, "
            "unread INTEGER, enclosure_url, enclosure_type, flags, deleted INTEGER, base)"
        )
        row = "INSERT INTO rss_item VALUES (?, ?, ?, 'Siti', '/a', 'https://a.example/rss', 1719820800, '<p>x</p>', ?, ?, NULL, 's', ?, 'https://a.example/')"
        cache.executemany(row, [(1, "g1", "A &amp; <b>B</b>\x1b[31m", 0, None, 0), (2, "", "C", 1, "https://a.example/f.mp3", 0), (3, "g3", "D", 1, None, 1)])  # fmt: skip
    before = (tmp_path / "cache.db").read_bytes()
    one, two = read_newsboat_cache(tmp_path)
    assert (one.entry.id, one.entry.title, one.entry.link, one.is_read, one.flags) == (
        "g1",
        "A & B",
        "https://a.example/a",
        True,
        "s",
    )
    assert (
        one.entry.published and one.entry.published.year == 2024 and one.entry.content == "<p>x</p>"
    )
    assert (two.is_read, two.entry.id, two.entry.enclosures[0].url) == (
        False,
        "https://a.example/a",
        "https://a.example/f.mp3",
    )
    assert (tmp_path / "cache.db").read_bytes() == before and not (
        tmp_path / "cache.db-wal"
    ).exists()


def test_what_is_no_cache_of_newsboat_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cache.db").write_bytes(b"not a database at all" * 100)
    for path in (tmp_path, tmp_path / "absent.db"):
        with pytest.raises(FeedError, match="newsboat"):
            list(read_newsboat_cache(path))
    assert not (tmp_path / "absent.db").exists()


@pytest.mark.parametrize(
    "source",
    [
        "<opml>" + "<!--" * 400_000 + "<outline xmlUrl='https://feed.example/'/>",
        "<opml><outline " + "a." * 200_000 + " xmlUrl='https://feed.example/'/>",
        f'"query:A:{" " * 200_000}title # \\"a{" " * 200_000}\\" b"\nhttps://feed.example/',
    ],
    ids=["open comments", "a name without end", "blanks in a query"],
)
def test_lists_that_are_made_to_take_long_do_not(source: str) -> None:
    with ends_within(3):
        found = (read_opml if source.startswith("<opml") else read_newsboat)(source.encode())
    assert [feed.url for feed in found.feeds] == ["https://feed.example/"]


def test_a_cache_whose_entries_never_end_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        cache.execute(
            "CREATE VIEW rss_item AS WITH RECURSIVE n(id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"
        )
    with pytest.raises(FeedError, match="newsboat"):
        next(read_newsboat_cache(tmp_path))
