"""Title, byline and date, in the forms that pages of many countries give them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bacatui.articles import extract
from tests.cost import ends_within

PROSE = (
    "The card stood under the lamp for a week before anybody read it, and by then three of the keys were gone.",
    "Nobody had counted them since the spring, when the board was painted and the hooks were numbered once more.",
    "It was the caretaker who wrote the total on the back, in pencil, and who never said what the total was of.",
)
BODY = "".join(f"<p>{text}</p>" for text in PROSE)
URL = "https://www.loose-ends.example/2025/card"


def page(
    head: str = "", *, above: str = "", below: str = "", h1: str = "The card under the lamp"
) -> str:
    top = f"<h1>{h1}</h1>" if h1 else ""
    return f"<html lang=en><head>{head}</head><body><article>{top}{above}{BODY}{below}</article></body></html>"


def graph(*nodes: dict[str, Any]) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@graph": nodes})}</script>'


def meta(**said: str) -> str:
    return "".join(
        f'<meta property="{name.replace("_", ":", 1)}" content="{text}">'
        for name, text in said.items()
    )


@pytest.mark.parametrize(
    "title",
    [
        "The card under the lamp | Loose Ends",
        "The card under the lamp - Loose Ends",
        "The card under the lamp – loose-ends.example",
        "The card under the lamp - www.loose-ends.example",
        "Loose Ends: The card under the lamp",
        "Loose Ends | The card under the lamp",
        "The card under the lamp :: Loose Ends",
        "The card under the lamp » Loose Ends",
        "The card under the lamp | News | Loose Ends",
        "The card under the lamp - Loose Ends News",
        "The card under the lamp - Loose Ends - 5 January 2025",
        "The card under the lamp  \n · Loose Ends",
        "The card under the lamp｜Loose Ends",
        "The card under the lamp：Loose Ends",
        "The card under the lamp_Loose Ends",
    ],
)
@pytest.mark.parametrize("has_headline", [True, False])
def test_a_title_has_no_name_of_its_site(title: str, has_headline: bool) -> None:
    head = (
        f"<title>{title}</title>"
        + meta(og_site_name="Loose Ends")
        + meta(og_title=title) * has_headline
    )
    assert extract(page(head), URL).title == "The card under the lamp"
    assert extract(page(head, h1="" if has_headline else "Loose Ends"), URL).title in {
        "The card under the lamp",
        "The card under the lamp | News",
    }


@pytest.mark.parametrize(
    ("title", "h1"),
    [
        ("Well-known and widely read: the card", "Well-known and widely read: the card"),
        ("Live - the card under the lamp", "Live"),
        ("Keys - three of them gone", "Other keys"),
        ("24/7: a caretaker's week", "24/7: a caretaker's week"),
    ],
)
def test_a_title_keeps_what_is_its_own(title: str, h1: str) -> None:
    head = f"<title>{title} | Loose Ends</title>" + meta(og_title=title, og_site_name="Loose Ends")
    assert extract(page(head, h1=h1), URL).title == title


def test_what_is_written_for_two_networks_gives_way_to_the_headline() -> None:
    shared = meta(
        og_title="You will not believe this card", twitter_title="You will not believe this card"
    )
    headline = graph({"@type": "NewsArticle", "headline": "The card under the lamp"})
    assert extract(page(shared + headline), URL).title == "The card under the lamp"
    assert extract(page(shared), URL).title == "You will not believe this card"


def test_a_motto_of_the_site_is_no_title() -> None:
    motto = meta(og_title="Clear views, every day")
    headline = graph({"@type": "NewsArticle", "headline": "The card under the lamp"})
    assert extract(page(motto + headline), URL).title == "The card under the lamp"


def test_of_several_articles_in_one_page_its_own_is_taken() -> None:
    other = {"@type": "NewsArticle", "headline": "Nothing to see", "author": {"name": "Ida Holm"},
             "url": "https://www.loose-ends.example/other", "datePublished": "2020-01-01"}  # fmt: skip
    own = {"@type": ["NewsArticle"], "headline": "The card under the lamp", "author": {"name": "Ruben Vane"},
           "mainEntityOfPage": {"@id": URL}, "datePublished": "2025-01-05T08:00:00+07:00"}  # fmt: skip
    for nodes in ((other, own), (own, other)):
        article = extract(page(graph(*nodes)), URL)
        assert (article.title, article.byline) == ("The card under the lamp", "Ruben Vane")
        assert str(article.published) == "2025-01-05 08:00:00+07:00"


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Ruben Vane", "Ruben Vane"),
        ({"@type": "Person", "name": "Ruben Vane"}, "Ruben Vane"),
        ([{"name": "Ruben Vane"}, {"name": "Ida Holm"}], "Ruben Vane, Ida Holm"),
        (["By Ruben Vane", "By Ida Holm"], "Ruben Vane, Ida Holm"),
        ({"name": ["Ruben Vane", "Ida Holm"]}, "Ruben Vane, Ida Holm"),
        ({"name": "Ruben Vane, Ida Holm and Otto Berg"}, "Ruben Vane, Ida Holm, Otto Berg"),
        ({"@id": "#ruben"}, "Ruben Vane"),
        ([{"@id": "#ruben"}, {"@id": "#ida"}], "Ruben Vane, Ida Holm"),
        ([{"name": "Ruben Vane"}, {"name": "Ruben Vane"}], "Ruben Vane"),
        ([{"name": "Ruben Vane"}, {"@type": "Organization", "name": "Loose Ends"}], "Ruben Vane"),
        ({"@type": "Organization", "name": "Reuters"}, "Reuters"),
        ([{"name": "Ruben Vane"}, {"@type": "Organization", "name": "dpa"}], "Ruben Vane, dpa"),
        ({"@type": "Organization", "name": "Loose Ends"}, "Loose Ends"),
        ({"name": "https://www.loose-ends.example/author/ruben"}, ""),
        ({"name": "ruben@loose-ends.example"}, ""),
        ({"name": None}, ""),
        ([[], {"name": {}}, 7], ""),
    ],
)
def test_authors_are_read_from_json_ld_in_all_its_forms(author: Any, byline: str) -> None:
    people = [{"@type": "Person", "@id": "#ruben", "name": "Ruben Vane"}, {"@type": "Person", "@id": "#ida", "name": "Ida Holm"}]  # fmt: skip
    node = {"@type": "NewsArticle", "headline": "The card under the lamp", "author": author}
    head = meta(og_site_name="Loose Ends") + graph(node, *people)
    assert extract(page(head), URL).byline == byline


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Tom Ashby", "Tom Ashby"),
        ("By Tom Ashby and Mette Holm", "Tom Ashby, Mette Holm"),
        ("By Tom Ashby, Political Correspondent", "Tom Ashby"),
        ("Tom Ashby | 5 January 2025", "Tom Ashby"),
        ("By Tom Ashby in Harrow", "Tom Ashby"),
        ("Words by Tom Ashby • Photos by Ida Holm", "Tom Ashby"),
        ("Oleh Mutia Harahap", "Mutia Harahap"),
        ("Oleh: Mutia Harahap", "Mutia Harahap"),
        ("Oleh Mutia Harahap dan Bagus Santoso", "Mutia Harahap, Bagus Santoso"),
        ("Mutia Harahap - detikNews", "Mutia Harahap"),
        ("Reporter : Ngatirin/rel", "Ngatirin"),
        ("Penulis: Mutia Harahap | Editor: Bagus Santoso", "Mutia Harahap"),
        ("Penulis: Mutia Harahap Editor: Bagus Santoso", "Mutia Harahap"),
        ("Pewarta: Mutia Harahap", "Mutia Harahap"),
        ("Ditulis oleh: Mutia Harahap", "Mutia Harahap"),
        ("Mutia Harahap (Antara)", "Mutia Harahap"),
        ("Oleh Mutia Harahap dan Budi Laksana)", "Mutia Harahap, Budi Laksana"),
        ("Wartawan: Hafizah Omar", "Hafizah Omar"),
        ("Siti Nurhaliza binti Tarudin", "Siti Nurhaliza binti Tarudin"),
        ("Von Anna Berg und Karl Wein", "Anna Berg, Karl Wein"),
        ("Von Anna van der Berg, dpa", "Anna van der Berg, dpa"),
        ("Par Claire Duval et Jean-Marc Petit", "Claire Duval, Jean-Marc Petit"),
        ("Por Marcos Villar y Ana de la Cruz", "Marcos Villar, Ana de la Cruz"),
        ("Por Renata Moura e João da Silva", "Renata Moura, João da Silva"),
        ("Di Giulia Rossi", "Giulia Rossi"),
        ("Door Jan de Vries en Piet Bakker", "Jan de Vries, Piet Bakker"),
        ("Av Kari Nordmann og Ola Hansen", "Kari Nordmann, Ola Hansen"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("Yazan: Ayşe Yılmaz", "Ayşe Yılmaz"),
        ("田中太郎", "田中太郎"),
        ("محمد علي", "محمد علي"),
    ],
)
@pytest.mark.parametrize("form", ["class", "rel", "meta"])
def test_bylines_are_names_without_labels(line: str, byline: str, form: str) -> None:
    if form == "meta":
        source = page(f'<meta name=author content="{line}">')
    else:
        source = page(
            above=f"<div><span class=byline>{line}</span></div>"
            if form == "class"
            else f"<a rel=author href=/a>{line}</a>"
        )
    assert extract(source, URL).byline == byline


@pytest.mark.parametrize(
    ("head", "above", "below"),
    [
        (
            "<meta name=author content='Loose Ends'>",
            "<p>By <a href=/authors/tom-ashby>Tom Ashby</a></p>",
            "",
        ),
        (
            "<meta name=author content='loose-ends.example'>",
            "<div class=post-author>Tom Ashby</div>",
            "",
        ),
        ("<meta name=author content='admin'>", "", "<p>Reporter: Tom Ashby</p>"),
        (
            graph(
                {"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Loose Ends"}}
            ),
            "<p>Oleh: Tom Ashby</p>",
            "",
        ),
        (meta(twitter_label1="Written by", twitter_data1="Tom Ashby"), "", ""),
        (
            "<meta name=content_author content='Tom Ashby'><meta name=content_editor content='Ida Holm'>",
            "",
            "",
        ),
        (meta(dtk_author="Tom Ashby"), "", ""),
        (meta(twitter_label1="Ditulis oleh", twitter_data1="Tom Ashby"), "", ""),
        (
            graph({"@type": "NewsArticle", "author": {"name": "Ida Holm"}}),
            "<p class=author>Tom Ashby</p>",
            "<p>Editor : <a href=/e>Ida Holm</a></p>",
        ),
        ("", "<p class=byline>By Tom Ashby</p>", "<ul><li><span class=author>Ida Holm</span></ul>"),
        (
            "",
            "",
            "<div class=comment><b class=comment-author>Ida Holm</b> Well said.</div><div class=post-author>Tom Ashby</div>",
        ),
        (
            "",
            "<div itemscope itemprop=author><a rel=author><span itemprop=name>Tom Ashby</span></a></div>",
            "",
        ),
    ],
)
def test_the_author_is_who_wrote_it_and_not_the_site_an_editor_or_a_reader(
    head: str, above: str, below: str
) -> None:
    assert (
        extract(page(meta(og_site_name="Loose Ends") + head, above=above, below=below), URL).byline
        == "Tom Ashby"
    )


def test_a_page_of_nothing_but_headlines_does_not_take_long() -> None:
    with ends_within(5):
        extract("<h1 class=meta>The card</h1>" * 4_000 + BODY, URL)


@pytest.mark.parametrize(
    ("above", "byline", "day"),
    [
        ("<a class=author href=/u/a><span>By</span>Tom Ashby</a>", "Tom Ashby", ""),
        ("<span class=byline><b>Tom Ashby</b><span>Staff Writer</span></span>", "Tom Ashby", ""),
        (
            "<span class=byline><span>Tom Ashby</span>\n<span>Mette Holm</span></span>",
            "Tom Ashby, Mette Holm",
            "",
        ),
        (
            "<p>By <a href=/authors/tom>Tom Ashby</a> <span>December 28, 2024</span></p>",
            "Tom Ashby",
            "2024-12-28",
        ),
        (
            "<p class=author>Written by <a href=/t>Tom Ashby</a> in <a href=/c>Keys</a> on 1 June 2024 at 8 PM EDT. 16 comments",
            "Tom Ashby",
            "2024-06-01",
        ),
        (
            "<p class=css-1wkce-Byline><i class=css-Avatar></i><span>Tom Ashby</span></p>",
            "Tom Ashby",
            "",
        ),
        ("<p class=x7><span>by Tom Ashby and Mette Holm</span></p>", "Tom Ashby, Mette Holm", ""),
        (
            "<p class=byline>Tom Ashby · Posted: <b>Oct 26, 2024 11:00 AM</b> · Follow",
            "Tom Ashby",
            "2024-10-26",
        ),
        ("<p><span class=x9>December 16, 2024, 4:19 PM</span></p>", "", "2024-12-16"),
        ("<ul><li>2024/04/04</li></ul>", "", "2024-04-04"),
    ],
)
def test_what_only_the_markup_keeps_apart_is_told_apart(above: str, byline: str, day: str) -> None:
    article = extract(page(above=f"<div>{above}</div>"), URL)
    assert (article.byline, str(article.published or "")[:10]) == (byline, day)


def test_the_holder_of_the_rights_is_no_author_where_one_is_named() -> None:
    head = "<meta name=author content='Great House'><meta name=copyright content='Copyright (c) Great House 2024'>"
    assert extract(page(head + meta(article_author="Tom Ashby")), URL).byline == "Tom Ashby"
    assert extract(page(head), URL).byline == "Great House"


def test_what_stands_after_the_sites_own_heading_is_not_the_articles() -> None:
    other = "<h1>Loose Ends</h1><p class=byline>By Ida Holm</p><time datetime=2026-01-01>1 January 2026</time>"
    own = "<p class=byline>By Tom Ashby</p><time datetime=2024-05-02>2 May 2024</time>"
    source = page("<title>The card under the lamp | Loose Ends</title>", above=own)
    article = extract(source.replace("<article>", f"<div>{other}</div><article>"), URL)
    assert (article.byline, str(article.published)[:10]) == ("Tom Ashby", "2024-05-02")


def test_a_sentence_that_begins_like_a_byline_names_nobody() -> None:
    assert extract(page(above="<p>By evening the card was gone.</p>"), URL).byline == ""


def test_the_sites_name_over_the_page_is_not_its_title() -> None:
    source = (
        page("<title>The card under the lamp - Kitchen Repair</title>")
        .replace("<h1>", "<h2>")
        .replace("</h1>", "</h2>")
    )
    for name in ("<h1>Kitchen Repair</h1>", "<h1><a href=/>Kitchen Repair</a></h1>"):
        assert (
            extract(source.replace("<article>", f"<div>{name}</div><article>"), URL).title
            == "The card under the lamp"
        )


def test_a_title_that_holds_a_word_of_the_sites_name_stays_whole() -> None:
    source = page(
        "<title>The lamp and the drawer that nobody knew - Northern Lights</title>", above=""
    ).replace("card", "x")
    assert extract(source, "https://lamp.example/a").title.startswith("The lamp and the drawer")


def test_a_date_with_a_dotted_month_is_read() -> None:
    article = extract(page(above="<p class=info>10.nov.2024 às 12h00</p>"), URL)
    assert str(article.published)[:16] == "2024-11-10 12:00" and "nov" not in article.text


@pytest.mark.parametrize(
    "name",
    ["site-logo-2.png", "og.jpg", "portrait-facebook.jpg", "Default_share.png", "fb_icon.png"],
)
def test_a_picture_of_the_site_is_none_of_the_story(name: str) -> None:
    article = extract(
        page(
            meta(
                og_image=f"https://cdn.example/i/{name}",
                twitter_image="https://cdn.example/i/keys.jpg",
            )
        ),
        URL,
    )
    assert article.lead_image == "https://cdn.example/i/keys.jpg"
    assert extract(
        page(meta(og_image="https://cdn.example/logo/oglethorpe.jpg")), URL
    ).lead_image.endswith("oglethorpe.jpg")
