"""Whole pages: what comes out is the article, all of it and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bacatui.articles import extract, fragment, load_rules, reclean
from bacatui.articles.metadata import Metadata
from bacatui.articles.rules import compiled, read_rules
from bacatui.articles.text_blocks import TextBlocks
from bacatui.articles.voting import decide
from bacatui.articles.web_page import parse
from bacatui.document import (
    Code,
    Figure,
    Heading,
    Listing,
    Table,
    figures,
    plain,
    read,
    to_html,
    walk,
)
from bacatui.model import Article, Kind
from bacatui.text import sanitize
from tests.corpora import OWN, page_of, truths

PROSE = (
    "The clerk typed the number twice and waited for the printer to wake, and nothing moved except the fan.",
    "She wrote the total on a card, folded it, and put it under the lamp where anyone who wanted it could look.",
    "By evening the card was gone, the lamp stood a hand to the left, and three people had keys to the room.",
    "Only one of them had ever asked what the total was, and he had left the building before noon, they said.",
)
BODY = "".join(f"<p>{text}</p>" for text in PROSE)


def page(body: str, head: str = "<title>The card under the lamp - Loose Ends</title>") -> str:
    return f"<!doctype html><html lang=en><head>{head}</head><body><article><h1>The card under the lamp</h1>{body}</article></body></html>"


def sample(truth: Path) -> tuple[Article, dict[str, Any]]:
    source, told = page_of(truth)
    return extract(source, told["url"], "text/html; charset=utf-8"), told


@pytest.mark.parametrize("truth", truths("seed"))
def test_the_seed_page_comes_out_exact_in_every_form(truth: Path) -> None:
    article, told = sample(truth)
    assert article.text.split() == told["text"].split()
    assert article.title == told.get("title", article.title)
    assert article.byline.split(", ") == told["author"]
    assert str(article.published).startswith(told.get("date", ""))


@pytest.mark.parametrize("truth", truths("handmade"))
def test_nothing_of_the_page_around_gets_into_the_text(truth: Path) -> None:
    article, told = sample(truth)
    said = " ".join(article.text.split())
    assert [s for s in told.get("must_not", []) if s in said] == []
    assert [s for s in told.get("must_have", []) if " ".join(s.split()) not in said] == []
    assert set(told["author"]) == set(article.byline.split(", "))
    if truth.is_relative_to(OWN):
        assert (article.title, article.text) == (told["title"], told["text"])


def test_plain_text_is_a_page_too() -> None:
    article = extract("The card under it\n\n" + "\n\n".join(PROSE))
    assert article.text == "\n\n".join(PROSE)
    assert article.title == "The card under it"


def test_code_keeps_its_lines_and_its_language() -> None:
    code = '<pre><code class="language-python"><span class="ln">1</span>def f(x):\n<span class="ln">2</span>    return x\n</code></pre>'
    blocks = list(read(extract(page(BODY + code + BODY.replace("card", "note"))).html))
    assert [b for b in blocks if isinstance(b, Code)] == [Code("def f(x):\n    return x", "python")]


@pytest.mark.parametrize(
    "source",
    [
        '<div><code style="white-space: pre">\nadd(1)\nadd(2)\n</code></div>',
        '<code class="block"><span>add(1)</span>\n<span>add(2)</span></code>',
        "<code class=wrap><pre><code>add(1)\nadd(2)</code></pre></code>",
    ],
)
def test_code_that_stands_alone_is_a_block_of_code(source: str) -> None:
    blocks = list(read(extract(page(BODY + source + BODY.replace("card", "note"))).html))
    assert [b.text for b in blocks if isinstance(b, Code)] == ["add(1)\nadd(2)"]


def test_code_within_a_sentence_stays_there() -> None:
    article = extract(
        page(f"{BODY}<p>Call <code>add(1)</code> twice, she said, and write down what it says.</p>")
    )
    assert "<code>add(1)</code> twice" in article.html


def test_a_blank_in_an_element_of_its_own_still_parts_two_words() -> None:
    code = "<pre><code><span>import</span><span> </span><span>os</span></code></pre>"
    article = extract(
        page(
            f"{BODY}<p>She said<span> </span>yes, and then she said nothing more at all.</p>{code}{BODY}"
        )
    )
    assert "said yes" in article.text
    assert "import os" in article.text


def test_the_picture_over_an_article_is_shown_with_its_caption() -> None:
    figure = (
        '<figure><img src="/top.jpg" width=900><figcaption>The lamp, at noon.</figcaption></figure>'
    )
    portrait = (
        '<figure><img src="/ida.jpg" width=200><figcaption>Ida Holm, reporter</figcaption></figure>'
    )
    teaser = '<aside><figure><img src="/other.jpg" width=300></figure></aside>'
    source = (
        "<body><div class=story><h1>The card under the lamp</h1><p class=author>By Ida Holm</p>"
        f"{portrait}{figure}{teaser}<div class=text>{BODY}{BODY.replace('card', 'note')}</div></div></body>"
    )
    article = extract(source, "https://e.org/")
    figures = [b for b in read(article.html) if isinstance(b, Figure)]
    assert [(b.pictures[0].src, bool(b.caption)) for b in figures] == [
        ("https://e.org/top.jpg", True)
    ]
    assert "at noon" not in article.text


def test_an_article_ends_where_the_pages_other_stories_begin() -> None:
    others = "".join(f"<article><p>{text} {text}</p></article>" for text in PROSE)
    related = f"<article><h3 class=related-title>You may also like</h3>{others}</article>"
    source = f"<div><article><h1>The card under the lamp</h1>{BODY}</article>{related}</div>"
    article = extract(f"<title>The card under the lamp</title><body>{source}</body>")
    assert article.text.split("\n\n") == list(PROSE)


def test_a_label_takes_a_long_line_that_is_links_throughout() -> None:
    tags = " ".join(f'<a href="/t/{n}">longer tag {n}</a>' for n in range(14))
    article = fragment(f"<div>{BODY}<p>Tags: {tags}</p></div>", title="x")
    assert article.text == "\n\n".join(PROSE)


@pytest.mark.parametrize(
    "frame", ["<noscript>{}</noscript>", "<script type='text/template'>{}</script>"]
)
def test_a_page_that_a_script_sets_in_place_is_read_from_its_source(frame: str) -> None:
    menu = "".join(f"<li><a href='/{n}'>Shelf {n}</a></li>" for n in range(9))
    body = frame.format(BODY + BODY.replace("card", "note"))
    script = f"<script>let shelves = {list(range(999))}</script>"
    article = extract(f"<title>The card under the lamp</title><body><ul>{menu}</ul>{script}{body}")
    assert article.text.split("\n\n") == [*PROSE, *(text.replace("card", "note") for text in PROSE)]


def kept(source: str, first: set[int], second: set[int], found: Metadata) -> list[int]:
    """The blocks that are kept where readability wants the `first` of them and trafilatura the `second`."""
    blocks = TextBlocks.of(parse(f"<body>{source}</body>"))
    cut, _, _ = decide(blocks, first, second, found)
    return [n for n, by in enumerate(cut) if not by]


def test_a_list_is_kept_whole_or_not_at_all() -> None:
    listing = "".join(
        f"<li>House {n}, in the {n}th street <a href=/{n}>h{n}.example</a></li>" for n in range(6)
    )
    source = f"<div>{BODY}{BODY.replace('card', 'note')}<ul>{listing}</ul></div>"
    assert kept(source, set(range(8)), {*range(8), 8, 11}, Metadata()) == [*range(14)]
    assert kept(source, set(range(8)), {*range(8), 8}, Metadata()) == [*range(9)]


def test_of_a_short_article_all_is_kept_that_is_no_link() -> None:
    source = f"<main>{BODY}<h2>Hours</h2><p>Nine to five.</p><p><a href=/>Home</a></p></main>"
    assert kept(source, set(range(4)), set(range(4)), Metadata()) == [*range(6)]


def test_the_story_is_the_one_that_the_title_tells() -> None:
    overlay = (
        "<p class=notice>Please update the browser with which you came to see this desk and the lamp on it.</p>"
        * 5
    )
    story = (
        "<p>The clerk came back on Friday, found the card, and asked for the keys to the room.</p>"
        * 4
    )
    found = Metadata(
        title="The card under it", description="All that is new from the desk and its lamp."
    )
    assert kept(f"<div>{overlay}</div><div>{story}</div>", {*range(5)}, {*range(5, 9)}, found) == [
        *range(5, 9)
    ]


def test_what_a_heading_says_of_the_author_is_not_the_article() -> None:
    about = "<h2>About Ida Holm</h2><p>Ida Holm has kept the night desk for nine years, and writes of cards and of lamps.</p>"
    head = "<title>The card under the lamp</title><meta name=author content='Ida Holm'>"
    assert extract(page(f"{BODY}{about}", head)).text.split("\n\n") == list(PROSE)


def test_a_line_with_the_authors_is_no_standfirst() -> None:
    head = "<title>The card under the lamp</title><meta name=description content='Posted by Ida Holm and Tom Ashby'>"
    article = extract(page(f"<p>Posted by Ida Holm and Tom Ashby</p>{BODY}", head))
    assert (article.lead, article.byline) == ("", "Ida Holm, Tom Ashby")


def test_tables_lists_headings_and_figures_come_from_the_page_itself() -> None:
    table = "<table><tr><th>Team</th><th>Points</th></tr><tr><td>Muara</td><td>31</td></tr></table>"
    lists = "<ol start=3><li>Water it for two summers<ul><li>every evening</li></ul></li><li>Keep a metre apart</li></ol>"
    figure = '<figure><img src="/lamp.jpg" alt="A lamp" width=640><figcaption>The lamp, in June.</figcaption></figure>'
    parts = BODY.split("</p>")
    source = page(
        "</p>".join(
            [
                *parts[:2],
                f"<h3>The lamp</h3>{figure}<p>{PROSE[1]} Again.",
                lists + table + parts[2],
                *parts[3:],
            ]
        )
    )
    article = extract(source, "https://example.org/a")
    blocks = list(walk(read(article.html)))
    assert [b.level for b in blocks if isinstance(b, Heading)] == [3]
    assert [b.head for b in blocks if isinstance(b, Table)] == [1]
    assert [b.start for b in blocks if isinstance(b, Listing)] == [3, None]
    assert [b.pictures[0].src for b in blocks if isinstance(b, Figure)] == [
        "https://example.org/lamp.jpg"
    ]
    assert "in June" in article.html
    assert "in June" not in article.text


def test_a_page_inside_an_open_noscript_is_not_lost() -> None:
    assert (
        PROSE[3]
        in extract(
            f"<body><noscript><iframe src=/gtm></iframe><article>{BODY}{BODY}</article></body>"
        ).text
    )


def test_a_layout_table_is_no_table() -> None:
    article = extract(f"<table role=presentation><tr><td>{BODY}</td></tr></table>")
    assert not any(isinstance(b, Table) for b in read(article.html))
    assert PROSE[3] in article.text


def test_links_are_absolute_and_lose_bad_schemes() -> None:
    links = '<p>See <a href="/next">the next page</a> or <a href="java\tscript:alert(1)">run this</a> when you have read it all.</p>'
    article = extract(page(BODY + links + BODY.replace("card", "note")), "https://example.org/a/b")
    assert '<a href="https://example.org/next">' in article.html
    assert "javascript" not in article.html.replace("\t", "")


def test_metadata_comes_from_json_ld_before_anything_else() -> None:
    node = {"@type": "NewsArticle", "headline": "The card under the lamp", "datePublished": "2025-01-05T08:00:00+07:00",
            "author": [{"name": "R. Vane"}, {"name": "By Ida Holm"}], "image": "/card.jpg", "publisher": {"name": "Loose Ends"}}  # fmt: skip
    head = f'<title>Other</title><meta name=author content="Nobody"><script type="application/ld+json">{json.dumps({"@graph": [node]})}</script>'
    article = extract(page(BODY, head), "https://example.org/a")
    assert (article.title, article.byline, article.site) == (
        "The card under the lamp",
        "R. Vane, Ida Holm",
        "Loose Ends",
    )
    assert str(article.published) == "2025-01-05 08:00:00+07:00"
    assert article.lead_image == article.image == "https://example.org/card.jpg"
    assert article.language == "en"


def test_the_date_at_the_top_of_a_page_is_not_taken() -> None:
    article = extract(f"<div>Senin, Juli 1, 2024</div><h1>The card</h1>{BODY}")
    assert article.published is None
    assert "2024" not in article.text


def test_the_standfirst_is_told_apart() -> None:
    standfirst = "A card, a lamp and three keys: how a total went missing in plain sight."
    source = page(BODY, f'<title>x</title><meta name=description content="{standfirst}">')
    article = extract(
        source.replace(
            "<article>",
            f"<header><h1>The card under the lamp</h1><p class=standfirst>{standfirst}</p></header><article>",
        )
    )
    assert standfirst not in article.text
    assert article.lead in {"", standfirst}


def test_the_next_part_of_a_split_article_is_found() -> None:
    links = '<div class=paging><a href="/a?page=1">1</a> <a href="/a?page=2">2</a> <a href="/b?page=2">Other</a></div>'
    assert (
        extract(page(BODY + links), "https://example.org/a").next_page
        == "https://example.org/a?page=2"
    )
    assert extract(page(BODY + links), "https://example.org/a?page=2").next_page == ""


def test_the_kind_of_a_page_is_told() -> None:
    free = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    gallery = "".join(
        f"<figure><img src=/{n}.jpg><figcaption>{text}</figcaption></figure>"
        for n, text in enumerate(PROSE)
    )
    times = "".join(
        f"<div><time>1{n}:4{n}</time><h2>Item {n} of it</h2><p>{text} {text}</p></div>"
        for n, text in enumerate(PROSE)
    )
    menu = "".join(f"<p><a href=/{n}>Card number {n} of the index</a></p>" for n in range(40))
    assert extract(page(BODY)).kind is Kind.ARTICLE
    assert extract(page(f"<p>{PROSE[0]}</p>{gallery}<p>{PROSE[1]}</p>")).kind is Kind.GALLERY
    assert extract(page(f"<p>{PROSE[0]}</p>{times}")).kind is Kind.LIVE
    assert extract(page(BODY, free)).kind is Kind.PAYWALL
    assert extract(f"<body>{menu}</body>").kind is Kind.NONE
    assert extract("").error
    for title, text in (
        ("Page not found", "The page that you are looking for could not be found."),
        (
            "Halaman tidak ditemukan - Kabar Desa",
            "Maaf, halaman yang Anda cari tidak ada, atau sudah lama dipindahkan.",
        ),
        (
            "Just a moment...",
            "Please turn JavaScript on and reload the page. This process is automatic.",
        ),
        (
            "Before you continue",
            f"We use cookies, and so do our partners, of whom there are many. {PROSE[0]}",
        ),
    ):
        source = f"<title>{title}</title><body><h1>{title}</h1><p>{text}</p></body>"
        assert (extract(source).kind, text in extract(source).text) == (Kind.NONE, True)


def test_what_was_cut_is_kept_in_its_place_with_the_rule_that_cut_it() -> None:
    parts = BODY.split("</p>")
    source = page(
        "</p>".join(
            [
                *parts[:2],
                f'<strong>Baca juga: <a href="/x">Judul lain lagi</a></strong></p>{parts[2]}',
                *parts[3:],
            ]
        )
    )
    cuts = [
        cut for cut in extract(source, "https://example.org/a").cuts if cut.by == "id.baca-juga"
    ]
    assert [(cut.position, "Judul lain" in cut.html) for cut in cuts] == [(2, True)]


def test_a_stored_article_is_cleaned_again_when_rules_grow_and_kept_text_comes_back() -> None:
    parts = BODY.split("</p>")
    odd = "<p>Kabar kilat: jangan lupa mampir</p>"
    article = extract(
        page("</p>".join(parts[:2]) + "</p>" + odd + "</p>".join(parts[2:])),
        "https://example.org/a",
    )
    assert "Kabar kilat" in article.text
    package = load_rules()
    rule = '[[rule]]\nid = "kabar"\ndoes = "{}"\nsites = ["example.org"]\nstarts = ["kabar kilat"]\nsure = true\n'
    cut = reclean(article, compiled([*package.all, *read_rules(rule.format("cut"), "mine")]))
    assert "Kabar kilat" not in cut.text
    assert [c.by for c in cut.cuts if "Kabar" in c.html] == ["mine.kabar"]
    assert reclean(cut, package).text == article.text  # the rule is gone, and so is its cut
    assert (cut.title, cut.kind, cut.byline) == (article.title, article.kind, article.byline)


def test_cleaning_a_stored_article_again_by_the_same_rules_changes_nothing() -> None:
    article = extract(
        page(BODY + '<p>Baca juga: <a href="/x">Judul</a></p>'), "https://example.org/a"
    )
    again = reclean(article, load_rules())
    assert (again.html, again.text, len(again.cuts)) == (
        article.html,
        article.text,
        len(article.cuts),
    )


def test_a_feeds_own_text_is_cleaned_by_the_same_rules() -> None:
    html = f'<div>{BODY}<p>Baca juga: <a href="/x">Judul</a></p><img src="/p.jpg"></div>'
    article = fragment(html, "https://example.org/a", "The card under the lamp")
    assert article.kind is Kind.FEED
    assert article.text == "\n\n".join(PROSE)


def test_a_short_feed_text_is_never_emptied() -> None:
    assert fragment("<p>Two lines of news.</p>", title="Two lines").text == "Two lines of news."
    assert fragment("Only words, no markup", title="").text == "Only words, no markup"


@pytest.mark.parametrize(
    "source",
    [
        "", b"", b"\xff\xfe\x00\x00<p>a", b"\x00" * 99, "<" * 9_999, "<p " + "a " * 50_000 + ">x", "<div>" * 30_000 + "deep",
        "<a href=x>" * 3_000 + "x", "text<br>" * 5_000, "<table><tr><td>" * 3_000 + "x", "<script type='application/ld+json'>" + "[" * 90_000,
        "<!-- " * 9_999, "<ul>" + "<li>a" * 5_000, "\x1b]0;" * 9_999 + "x", "&#27;[31m" * 999, "<plaintext>", "<frameset><frame>",
    ],
)  # fmt: skip
def test_any_bytes_give_an_article(source: str | bytes) -> None:
    article = extract(source, "https://example.org/")
    assert to_html(read(article.html)) == article.html


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300), st.lists(st.sampled_from(
    ["<p>", "</p>", "<div class=related>", "</div>", "<table>", "<tr>", "<td>", "<li>", "<pre>", "<br>", "<h2>", "<a href='//x'>", "</a>",
     "text and more ", "<img src=a>", "<figure>", "<figcaption>", "</table>", "Baca juga ", "\x1b[31m", "\u202e", "<blockquote>", "<dd>"]
), max_size=60).map("".join)))  # fmt: skip
def test_whatever_comes_in_only_harmless_text_comes_out(source: str | bytes) -> None:
    article = extract(source, "https://example.org/")
    for line in (article.title, article.byline, article.lead, *article.text.split("\n")):
        assert sanitize.is_safe(line.replace("\t", " "))
    assert to_html(read(article.html)) == article.html


def test_a_large_picture_in_a_table_is_shown_and_a_small_one_is_not() -> None:
    rows = "".join(
        f'<tr><td>Team {n}</td><td><img src="/{n}.png" width="{width}" alt=""> {n} points</td></tr>'
        for n, width in enumerate(("24", "640", "16"))
    )
    blocks = list(
        read(
            extract(
                page(BODY + f"<table>{rows}</table>" + BODY.replace("card", "note")),
                "https://e.org/",
            ).html
        )
    )
    assert [b.pictures[0].src for b in blocks if isinstance(b, Figure)] == ["https://e.org/1.png"]
    assert [len(b.rows) for b in blocks if isinstance(b, Table)] == [3]


def test_what_is_given_as_html_is_html_however_little_of_it_there_is() -> None:
    assert (
        fragment("A <b>bold</b> word &amp; <script>alert(1)</script>more").text
        == "A bold word & more"
    )


def test_a_reference_to_what_is_no_character_does_not_stop_the_cleaning() -> None:
    page = f"<p>{'The river rose after midnight. ' * 9}</p><script>x</script>A&#xFFFE;B &#65535;<button>C</button> and on."
    for article in (
        fragment(page, "https://news.example/1"),
        extract(page, "https://news.example/1"),
    ):
        assert "river rose" in article.text and sanitize.is_safe(article.text.replace("\n", " "))


def test_the_paragraphs_before_an_advertisement_open_the_article() -> None:
    texts = [f"Paragraph {n} says that the caretaker of ward {n} counted {n} keys on the board that evening." for n in range(24)]  # fmt: skip
    first, rest = (
        "".join(f"<p class=story-text>{t}</p>" for t in part) for part in (texts[:3], texts[3:])
    )
    source = f"<h1>Keys</h1><main><div><div>{first}</div><aside>Advertisement</aside></div><div><div>{rest}</div></div></main>"
    assert extract(f"<html><body>{source}</body></html>").text.split("\n\n") == texts


def test_links_that_the_pages_own_copy_of_its_text_has_not_are_teasers() -> None:
    texts = [f"Paragraph {n} says that the caretaker of ward {n} counted {n} keys on the board that evening." for n in range(12)]  # fmt: skip
    copy = json.dumps({"@type": "NewsArticle", "headline": "Keys", "articleBody": " ".join(texts)})
    teaser = "<p>The other story of our week is told here: <a href=/o>Nine other boards that caretakers painted</a></p>"
    paragraphs = [f"<p>{t}</p>" for t in texts]
    source = "".join(paragraphs[:6]) + teaser + "".join(paragraphs[6:])
    page = f"<html><head><script type=application/ld+json>{copy}</script></head><body><article><h1>Keys</h1>{source}</article></body></html>"
    article = extract(page)
    assert article.text.split("\n\n") == texts
    assert [cut.by for cut in article.cuts if "Nine other boards" in cut.html] == ["schema.org"]
    assert reclean(article, load_rules()).text == article.text


@pytest.mark.parametrize("is_markup", [True, False])
def test_a_page_that_a_script_fills_is_read_from_its_own_copy_of_the_text(is_markup: bool) -> None:
    texts = [f"Paragraph {n} says that the caretaker of ward {n} counted {n} keys on the board that evening." for n in range(9)]  # fmt: skip
    body = "".join(f"<p>{t}</p>" for t in texts) if is_markup else "\n".join(texts)
    node = {"@type": "NewsArticle", "headline": "Nine keys on a board", "articleBody": body}
    head = f"<title>Nine keys on a board</title><script type=application/ld+json>{json.dumps(node)}</script>"
    page = f"<html><head>{head}</head><body><nav><a href=/>Home</a></nav><div id=app>Loading…</div></body></html>"
    article = extract(page)
    assert (article.kind, article.extractor, article.text.split("\n\n")) == (
        Kind.ARTICLE,
        "schema.org",
        texts,
    )
    paid = extract(page.replace('"@type"', '"isAccessibleForFree": false, "@type"'))
    assert "ward 3" not in paid.text


def test_what_stands_in_a_shadow_root_is_part_of_the_page() -> None:
    texts = [f"Paragraph {n} says that the caretaker of ward {n} counted {n} keys on the board that evening." for n in range(9)]  # fmt: skip
    inner = "".join(f"<p>{t}</p>" for t in texts)
    page = f"<html><body><x-story><template shadowrootmode=open><article><h1>Nine keys</h1>{inner}</article></template></x-story></body></html>"
    assert extract(page).text.split("\n\n") == texts


def test_text_that_lies_bare_between_paragraphs_is_kept() -> None:
    texts = [f"Paragraph {n} says that the caretaker of ward {n} counted {n} keys on the board that evening." for n in range(9)]  # fmt: skip
    body = "".join(text if n == 4 else f"<p>{text}</p>" for n, text in enumerate(texts))
    page = f"<html><body><nav><a href=/>Home</a></nav><h1>Nine keys</h1><div class=copy>{body}</div></body></html>"
    assert extract(page).text.split("\n\n") == texts


def test_a_picture_that_comes_again_keeps_its_captions() -> None:
    prose = "".join(
        f"<p>Paragraph {n} says that the caretaker counted {n} keys on the board that evening.</p>"
        for n in range(6)
    )
    shown = "".join(
        f"<figure><img src=/board.jpg><figcaption>The board, {n} keys</figcaption></figure>"
        for n in range(3)
    )
    article = extract(
        f"<html><body><article><h1>Nine keys</h1>{prose}{shown}{prose.upper()}</article></body></html>",
        "https://x.example/y",
    )
    assert [plain(block.caption) for block in figures(read(article.html))] == [
        f"The board, {n} keys" for n in range(3)
    ]
