"""Feeds as publishers write them: what a reader is told about each entry."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bacatui.feeds import parse, read_newsboat
from bacatui.model import Enclosure, FeedError
from tests.cost import ends_within
from tests.feeds.build import URL, atom, feed, first, item, rss

MORNING = datetime(2024, 7, 1, 8, tzinfo=UTC)


def test_an_rss_entry_is_read_whole() -> None:
    entry = first(
        rss(
            "<item><title>Harga cabai &amp; bawang turun</title><link>/a/1</link><guid isPermaLink='false'> urn:1 </guid>"
            "<pubDate>Mon, 01 Jul 2024 15:00:00 +0700</pubDate><dc:creator>Siti</dc:creator><category>Ekonomi</category>"
            "<category>Pasar</category><category>Ekonomi</category><description>Ringkas.</description>"
            "<content:encoded><![CDATA[<p>Panjang sekali.</p>]]></content:encoded><comments>/a/1#c</comments>"
            "<enclosure url='/a/1.mp3' type='audio/mpeg' length='12'/></item>"
        )
    )
    assert (entry.id, entry.has_guid, entry.title, entry.link) == (
        "urn:1",
        True,
        "Harga cabai & bawang turun",
        "https://feed.example/a/1",
    )
    assert (entry.author, entry.published, entry.categories) == (
        "Siti",
        MORNING,
        ("Ekonomi", "Pasar"),
    )
    assert (entry.content, entry.summary) == ("<p>Panjang sekali.</p>", "Ringkas.")
    assert entry.comments == "https://feed.example/a/1#c"
    assert entry.enclosures == (Enclosure("https://feed.example/a/1.mp3", "audio/mpeg", 12),)


def test_an_atom_entry_is_read_whole() -> None:
    entry = first(
        atom(
            "<entry><title type='html'>A &amp;lt;more&amp;gt; &lt;i&gt;word&lt;/i&gt;</title><id>tag:1</id>"
            "<link rel='self' href='/self'/><link rel='alternate' type='text/html' href='x'/>"
            "<link rel='enclosure' href='f.mp3' type='audio/mpeg'/><author><name>Ana</name><email>a@b.c</email></author>"
            "<author><name>Budi</name></author><updated>2024-07-01T08:00:00Z</updated><category term='t' label='Tema'/>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Isi &amp; <b>tebal</b><br/>x</p></div></content>"
            "</entry>",
            " xml:base='https://base.example/dir/'",
        )
    )
    assert (entry.id, entry.title, entry.link) == (
        "tag:1",
        "A <more> word",
        "https://base.example/dir/x",
    )
    assert (entry.author, entry.published, entry.categories) == ("Ana, Budi", MORNING, ("Tema",))
    assert "<p>Isi &amp; <b>tebal</b><br>x</p>" in entry.content
    assert [file.url for file in entry.enclosures] == ["https://base.example/dir/f.mp3"]


def test_rss_1_0_and_0_9_have_their_items_beside_the_channel() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{space}"><channel><title>C</title>'
        "<link>https://feed.example/</link></channel><image><title>no</title></image><item rdf:about='https://feed.example/1'>"
        "<title>Satu</title><link>https://feed.example/1</link></item></rdf:RDF>"
    )
    for space in ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"):
        found = feed(rdf.format(space=space))
        assert found.title == "C"
        assert [(entry.title, entry.id) for entry in found.entries] == [
            ("Satu", "https://feed.example/1")
        ]


def test_a_json_feed_is_read_whole() -> None:
    found = feed(
        '{"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://feed.example/","language":"id",'
        '"authors":[{"name":"Redaksi"}],"items":[{"id":7,"url":"/a","title":"<more> & x","content_html":"<p>Isi</p>",'
        '"summary":"R","date_published":"2024-07-01T08:00:00Z","tags":["a","a"],'
        '"attachments":[{"url":"/f.mp3","mime_type":"audio/mpeg","size_in_bytes":9}]}, 3, {"id":"2","content_text":"a < b\\n\\nc"}]}'
    )
    one, two = found.entries
    assert (found.title, found.link, found.language, found.format) == (
        "J",
        "https://feed.example/",
        "id",
        "json11",
    )
    assert (one.id, one.link, one.title, one.author) == (
        "7",
        "https://feed.example/a",
        "<more> & x",
        "Redaksi",
    )
    assert (one.published, one.categories, one.enclosures[0].length) == (MORNING, ("a",), 9)
    assert two.content == "<p>a &lt; b</p><p>c</p>"
    assert two.title == "a < b c"


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<title>[/] [@click=app.quit]Baca[/]</title>", "[/] [@click=app.quit]Baca[/]"),
        (
            "<title>&lt;b&gt;Tebal&lt;/b&gt; &lt;more&gt; vector&amp;lt;int&amp;gt;</title>",
            "Tebal <more> vector<int>",
        ),
        ("<title><![CDATA[Q&amp;A <i>now</i>]]></title>", "Q&A now"),
        ("<title>A <b>naked</b> tag</title>", "A naked tag"),
        ("<title> </title><dc:title>From Dublin</dc:title>", "From Dublin"),
        ("<media:title>First</media:title><title>Own</title>", "Own"),
        ("<description>&lt;p&gt;Kata pertama.&lt;/p&gt;</description>", "Kata pertama."),
        (f"<description>{'kata ' * 40}</description>", "kata " * 19 + "kata…"),
        ("<link>https://feed.example/only</link>", "https://feed.example/only"),
        ("<pubDate>x</pubDate>", ""),
    ],
)
def test_titles_are_plain_text_and_have_stand_ins(inside: str, title: str) -> None:
    assert first(rss(f"<item>{inside}</item>")).title == title


@pytest.mark.parametrize(
    ("inside", "link"),
    [
        ("<link>https://x.example/1</link><feedburner:origLink>https://own.example/1</feedburner:origLink>", "https://own.example/1"),
        ("<link>https://x.example/1</link><feedburner:origLink>javascript:x</feedburner:origLink>", "https://x.example/1"),
        ("<guid>https://x.example/guid</guid>", "https://x.example/guid"),
        ("<guid isPermaLink='false'>https://x.example/guid</guid>", ""),
        ("<guid>42</guid>", ""),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>../up</link>", "https://feed.example/up"),
        ("<atom:link rel='alternate' href='https://x.example/atom'/>", "https://x.example/atom"),
        ("<atom:link rel='self' href='https://x.example/self'/>", ""),
        ("<link>https://user:word@x.example/a b</link>", "https://x.example/a%20b"),
    ],
)  # fmt: skip
def test_links_are_absolute_and_lead_to_the_web(inside: str, link: str) -> None:
    assert first(rss(f"<item><title>t</title>{inside}</item>")).link == link


def test_ids_are_guid_or_link_or_hash() -> None:
    entries = feed(
        rss(
            "<item><title>a</title><guid>g</guid><link>https://x.example/1</link></item>"
            "<item><title>a</title><link>https://x.example/1</link></item><item><title>a</title></item>"
            f"<item><title>b</title></item><item><guid>{'x' * 2000}</guid></item><item><title>a</title></item>"
        )
    ).entries
    assert [entry.has_guid for entry in entries] == [True, False, False, False, True, False]
    assert entries[0].id == "g" and entries[1].id == "https://x.example/1"
    assert all(entry.id.startswith("sha256:") and len(entry.id) < 100 for entry in entries[2:])
    assert len({entry.id for entry in entries}) == 5 and entries[2].id == entries[5].id


def test_authors_are_names() -> None:
    def author(inside: str) -> str:
        return first(rss(f"<item><title>t</title>{inside}</item>")).author

    assert author("<author>ana@x.example (Ana Sari)</author>") == "Ana Sari"
    assert author("<author>Ana Sari &lt;ana@x.example&gt;</author>") == "Ana Sari"
    assert author("<author>ana@x.example</author>") == "ana@x.example"
    assert author("<dc:creator>A</dc:creator><dc:creator>B</dc:creator>") == "A, B"
    inherited = atom("<author><name>Redaksi</name></author><entry><id>1</id></entry>")
    assert first(inherited).author == "Redaksi"


def test_the_longest_text_is_the_content() -> None:
    long = "<p>" + "kata " * 50 + "</p>"
    entry = first(
        rss(
            f"<item><description><![CDATA[{long}]]></description><content:encoded>x</content:encoded></item>"
        )
    )
    assert entry.content == long
    both = first(rss(f"<item><description><![CDATA[{long}]]></description><content:encoded><![CDATA[{long}]]></content:encoded></item>"))  # fmt: skip
    assert both.is_stub and not entry.is_stub


def test_a_feed_without_a_title_takes_its_sites_address() -> None:
    assert (
        feed(rss(item("a"), head="<link>https://feed.example/</link>")).title
        == "https://feed.example/"
    )
    assert feed(rss(item("a"), head="")).title == URL


def test_how_often_a_publisher_wants_to_be_asked() -> None:
    assert feed(rss(item("a"), head="<ttl>90</ttl>")).ttl == 5_400
    module = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    head = f"<sy:updatePeriod {module}>daily</sy:updatePeriod><sy:updateFrequency {module}>4</sy:updateFrequency>"
    assert feed(rss(item("a"), head=head)).ttl == 21_600
    assert feed(rss(item("a"), head="<ttl>soon</ttl>")).ttl is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"), (b" \r\n\t", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "not a feed"),
        (b"503 Service Temporarily Unavailable", "not a feed"), (b"/etc/passwd", "not a feed"),
        (b"http://127.0.0.1:1/x", "not a feed"), (b'{"error": 1}', "not a JSON Feed"), (b"[" * 100_000, "cannot be read"),
        (b"<!DOCTYPE html><html><title>Masuk</title></html>", "web page"),
        (b"<html><!-- <rss version='2.0'> --><script>rss()</script></html>", "web page"),
        (b"<opml version='2.0'><body/></opml>", "OPML"), (b"<rss/>" + b" " * (17 << 20), "16 MB"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused_in_one_sentence(body: bytes, says: str) -> None:
    with pytest.raises(FeedError, match=says) as caught:
        parse(body, URL)
    assert "\n" not in str(caught.value)


def test_a_valid_feed_may_be_empty() -> None:
    assert feed(rss("")).entries == ()


def test_a_cut_off_document_gives_its_whole_entries_only() -> None:
    whole = rss(
        "".join(
            item(f"Berita {n}", n, "<description>Isi &amp; lagi</description>") for n in range(5)
        )
    )
    for cut in range(whole.index("<item>"), len(whole)):
        try:
            found = feed(whole[:cut])
        except FeedError:
            continue
        complete = whole[:cut].count("</item>")
        assert [entry.title for entry in found.entries] == [f"Berita {n}" for n in range(complete)]
        assert not found.is_whole and found.notes


def test_ill_formed_feeds_are_read_all_the_same() -> None:
    soup = "<item><title>A & B < C</title><link>https://x.example/?a=1&b=2</link><guid>1</guid></item><item><title>B</TITLE><guid>2</guid>"
    assert [entry.id for entry in feed(rss(soup)).entries] == ["1", "2"]
    assert (
        len(feed("<br />\n<b>Warning</b>: x.php on line 3<br />\n" + rss(item("a"))).entries) == 1
    )
    assert len(feed(rss(item("a")) + "\n<script>var x=1</script>\n\0\0").entries) == 1
    assert (
        feed("<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>a</TITLE></ITEM></CHANNEL></RSS>")
        .entries[0]
        .title
        == "a"
    )
    assert (
        first(rss("<item><title>Kaf&eacute; &ndash; na&iuml;ve&hellip;</title></item>")).title
        == "Kafé – naïve…"
    )


def test_an_entry_that_brings_feedparser_down_takes_no_other_with_it() -> None:
    chapters = '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter title="x"/></psc:chapters>'
    items = "".join(
        f"<item><title>{n}</title>{chapters if n == 1 else ''}<guid>{n}</guid></item>"
        for n in range(3)
    )
    feed = parse(
        f"<rss version='2.0'><channel><title>a & b</title>{items}</channel></rss>".encode()
    )
    assert [entry.title for entry in feed.entries] == ["0", "2"]
    assert feed.is_whole
    assert feed.notes == ("Some entries are damaged and were left out.",)


@pytest.mark.slow
def test_no_more_than_five_thousand_entries_are_read() -> None:
    many = rss(item("x") * 5_100)
    assert len(feed(many).entries) == 5_000 and feed(many).notes
    assert len(feed(many.replace("<rss ", "<rss & ")).entries) == 5_000


def test_a_text_that_is_too_long_says_at_its_end_that_some_is_missing() -> None:
    text = "&lt;p&gt;Harga cabai turun lagi.&lt;/p&gt;" * 60_000
    entry = first(rss(item("x", inside=f"<description>{text}</description>")))
    assert len(entry.content) < 1_001_000 and "its end was left out" in entry.content[-200:]
    assert entry.is_stub  # its page may have all of it
    assert entry.content.endswith("</p><p>" + entry.content.rpartition("<p>")[2])


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<p>Hello <a href='/u'>@bob</a>, see <b>this</b>!</p>", "Hello @bob, see this!"),
        ("<p>Kata <i>pertama</i>; lalu (<em>kedua</em>).</p>", "Kata pertama; lalu (kedua)."),
        ("<p>Une <strong>idée</strong> !</p>", "Une idée !"),  # the publisher's own blank
        ("<p><span class='h'><a href='/u'>@<span>bob</span></a></span>: ya</p>", "@bob: ya"),
        ("<p>Satu</p><p>Dua<br>Tiga</p><ul><li>Empat</li></ul>", "Satu Dua Tiga Empat"),
        ("<p>他在<b>北京</b>，</p><p>好。</p>", "他在北京， 好。"),
        ("<style>p{color:red}</style><script>var a = '<p>';</script><p>Isi.</p>", "Isi."),
        ("<section>Satu</section><x-y>dua</x-y>, tiga", "Satu dua , tiga"),
        ("<p>" + "字" * 150 + "</p>", "字" * 100 + "…"),
        ("<p>他說 " + "字" * 150 + "</p>", "他說 " + "字" * 97 + "…"),
        ("<p>" + "ที่" * 50 + "</p>", "ที่" * 33 + "…"),  # never half a letter
    ],
)
def test_a_title_made_of_the_text_reads_as_the_text(html: str, title: str) -> None:
    escaped = html.replace("&", "&amp;").replace("<", "&lt;")
    for inside in (
        f"<description>{escaped}</description>",
        f"<description><![CDATA[{html}]]></description>",
    ):
        entry = first(rss(f"<item>{inside}<guid isPermaLink='false'>1</guid></item>"))
        assert (entry.title, entry.summary[:20]) == (title, entry.title[:20])


@pytest.mark.parametrize("where", ["feed", "entry"])
@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Judul</p></div></subtitle>",
            "Judul",
        ),
        ("<title type='xhtml'><div><p>Das <em>Wort</em></p></div></summary>", "Das Wort"),
        ("<title type='xhtml'><div>題名</div></id>", "題名"),
        ("<title type='xhtml'><div><b>Judul</b></div>", "Judul"),  # never closed
        ("<title type='html'>Judul &amp;amp; lagi", "Judul & lagi"),
        ("<title type='xhtml'><div>Satu<br>Dua<p>Tiga</div></title>", "Satu Dua Tiga"),
        ("<title><![CDATA[Satu <title> dua]]></title>", "Satu <title> dua"),
    ],
)
def test_a_title_with_a_wrong_end_or_none_is_read(title: str, shown: str, where: str) -> None:
    rest = "<link href='https://x.example/1'/><id>urn:1</id><updated>2024-07-01T08:00:00Z</updated>"
    own = {"feed": "<title>Contoh</title>", "entry": "<title>Satu</title>", where: title}
    entry = f"<entry>{own['entry']}{rest}<summary>Isi</summary></entry>"
    found = feed(f"<feed xmlns='http://www.w3.org/2005/Atom'>{own['feed']}{rest}{entry}<x></feed>")
    [read] = found.entries
    assert {"feed": found.title, "entry": read.title}[where] == shown
    assert (found.link, read.link, read.id, read.summary) == (
        *["https://x.example/1"] * 2,
        "urn:1",
        "Isi",
    )


FILM = "Lima hari &amp;amp; empat malam.\n\n0:00 Pembuka\n1:20 Kapal"
LINES = "<p>Lima hari &amp; empat malam.</p><p>0:00 Pembuka<br/>1:20 Kapal</p>"


@pytest.mark.parametrize("damage", ["", "<x a=b>"])  # as expat reads it, and as feedparser does
@pytest.mark.parametrize(
    ("inside", "content"),
    [
        ("<media:group><media:title>x</media:title><media:description>{film}</media:description></media:group>", LINES),
        ("<media:content url='/f'><media:description type='plain'>{film}</media:description></media:content>", LINES),
        ("<description/><media:description>{film}</media:description>", LINES),
        ("<description>&lt;img src='/a.jpg'&gt;</description><media:description>Kapal</media:description>", "Kapal"),
        ("<itunes:summary>{film}</itunes:summary>", LINES),
        ("<itunes:summary><![CDATA[<p>Satu</p><p>Dua</p>]]></itunes:summary>", "<p>Satu</p><p>Dua</p>"),
        ("<media:description type='html'>&lt;p&gt;Satu &amp;amp; dua&lt;/p&gt;</media:description>", "<p>Satu &amp; dua</p>"),
        ("<itunes:subtitle>Pendek</itunes:subtitle>", "Pendek"),
        ("<g:description xmlns:g='http://www.google.com/schemas/play-podcasts/1.0'>{film}</g:description>", LINES),
        # the caption of a picture is no text beside one
        ("<description>Kabar.</description><media:content url='/a.jpg'><media:description>Pedagang menata cabai di pasar</media:description></media:content>", "Kabar."),
        ("<content:encoded>Kabar.</content:encoded><media:description>Pedagang menata cabai</media:description>", "Kabar."),
        # of two descriptions of the whole the longer
        ("<description>Pendek.</description><itunes:summary>Lebih panjang sekali.</itunes:summary>", "Lebih panjang sekali."),
    ],
)  # fmt: skip
def test_what_is_said_of_a_film_is_the_text_where_there_is_no_other(
    inside: str, content: str, damage: str
) -> None:
    entry = first(
        rss(damage + item("Video", inside=inside.format(film=FILM.replace("&amp;amp;", "&amp;"))))
    )
    if damage and "xmlns:g" in inside:
        return  # feedparser knows that namespace by its usual prefix
    assert entry.content == content


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!DOCTYPE html>\n", ""),
        (
            '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">',
            "",
        ),
        (
            "<!doctype HTML><!-- sent by a proxy --><html xmlns='http://www.w3.org/1999/xhtml'>\n<body>",
            "</body></html>",
        ),
        ("<html><head><title>Rss</title></head><body class='x'>", "</body>"),
        ('<!DOCTYPE html [ <!ENTITY nbsp "&#160;"> ]>', ""),
    ],
)
def test_a_feed_that_was_sent_as_a_web_page_is_read(before: str, after: str) -> None:
    entry = "<entry><title>Satu</title><id>urn:1</id><link href='https://x.example/1'/></entry>"
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>'
        "<title>C</title></channel><item rdf:about='https://x.example/1'><title>Satu</title></item></rdf:RDF>"
    )
    for source in (rss(item("Satu")), atom(entry), rdf, rss(item("Satu") + "<x>&nbsp;&</x>")):
        found = feed(before + source + after)
        assert [each.title for each in found.entries] == ["Satu"]
        assert found.is_whole


def test_an_id_that_is_an_address_leads_to_the_page_where_no_link_does() -> None:
    def links(source: str) -> list[str]:
        return [entry.link for entry in feed(source).entries]

    page = "https://x.example/a?b=1&amp;c"
    assert links(atom(f"<entry><id>{page}</id><title>t</title></entry>")) == [
        "https://x.example/a?b=1&c"
    ]
    assert links(atom(f"<entry><id>{page}</id><link href='/b'/></entry>")) == [
        "https://feed.example/b"
    ]
    assert links(
        atom(f"<entry><id>{page}</id><link rel='enclosure' href='/b.mp3'/></entry><x>&</x>")
    ) == ["https://x.example/a?b=1&c"]
    for id in (
        "tag:x.example,2024:1",
        "urn:uuid:1",
        "javascript:alert(1)",
        "/a",
        "ftp://x.example/a",
    ):
        assert links(atom(f"<entry><id>{id}</id><title>t</title></entry>")) == [""]
    assert links(
        '{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"https://x.example/1"}]}'
    ) == ["https://x.example/1"]
    assert links(
        rss("<item><guid isPermaLink='false'>https://x.example/1</guid><title>t</title></item>")
    ) == [""]
    assert links(
        rss("<item><guid isPermaLink='false'>https://x.example/1</guid></item><x>&</x>")
    ) == [""]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            "title,url,time_added,tags,status\nSail,https://sail.example/a,1600000000,a|b,unread\n",
            "Pocket",
        ),
        (
            '\ufeff"url","title","time_added"\r\n"https://sail.example/a","Sail","1600000000"\r\n',
            "Pocket",
        ),
        (
            "URL,Title,Selection,Folder,Timestamp\nhttps://sail.example/a,Sail,,Unread,1600000000\n",
            "table",
        ),
    ],
)
def test_a_table_is_named_as_one(table: str, says: str) -> None:
    for read in (parse, read_newsboat):
        with pytest.raises(FeedError, match=says):
            read(table.encode())


SOUP = st.lists(
    st.sampled_from(
        [
            "<item>",
            "</item>",
            "<entry>",
            "</entry>",
            "<title>",
            "</title>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "&",
            "&amp;",
            "&#27;",
            "&#xD800;",
            "&#99999999999;",
            "<a",
            "href='x'>",
            "<link>/x</link>",
            "<guid>1</guid>",
            "<author>a@a.a.a</author>",
            "\x1b[31m",
            "\u202e",
            "\x00",
            "é",
            "日本",
            "<media:player>",
            "<psc:chapter/>",
            "<textInput>",
            "<where>",
            "<license>",
            "<content:encoded>",
            "<tags>",
            "<category/>",
            "<pubDate>1</pubDate>",
            "</channel>",
            "<enclosure/>",
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=150)
@given(
    SOUP | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")),
    st.sampled_from(["rss", "atom", "bare"]),
)
def test_any_soup_gives_a_feed_or_a_feed_error(soup: str, around: str) -> None:
    source = rss(soup) if around == "rss" else atom(soup) if around == "atom" else soup
    try:
        found = feed(source.encode("utf-8", "replace"))
    except FeedError:
        return
    for entry in found.entries:
        for text in (
            entry.id,
            entry.title,
            entry.link,
            entry.author,
            entry.summary,
            *entry.categories,
        ):
            assert not any(
                ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0x202A <= ord(char) <= 0x202E
                for char in text
            )


def test_many_comments_before_a_document_are_passed_in_one_go() -> None:
    with ends_within(5):
        read = parse(b"<!-- a -->\n" * 2_000 + rss(item("Satu")).encode())
        assert [entry.title for entry in read.entries] == ["Satu"]
        with suppress(FeedError):
            parse(b"<!-- a -->\n" * 300 + b"<!)- ")


def test_a_file_that_comes_along_is_known_for_what_it_is() -> None:
    files = "<enclosure url='/a.JPG?w=9'/><media:content url='/b' medium='image'/><media:content url='/c' type='video/mp4' medium='image'/>"
    found = first(rss(f"<item><title>A</title><link>/1</link>{files}</item>")).enclosures
    assert [(each.type, each.is_picture) for each in found] == [
        ("", True),
        ("image", True),
        ("video/mp4", False),
    ]


def test_a_page_is_named_as_one_whatever_stands_before_it() -> None:
    for before in (
        "",
        "<?xml version='1.0'?>\n",
        "<!--a--><!-- b -- b --> ",
        "<!-- > -->\n<!---->",
    ):
        with pytest.raises(FeedError, match="web page"):
            parse(f"{before}<html><body>text".encode())
        with pytest.raises(FeedError, match="OPML"):
            parse(f"{before}<opml version='2.0'>".encode())
