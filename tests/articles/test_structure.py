"""The structure of articles, in the forms that pages give it."""

from __future__ import annotations

import pytest

from bacatui.articles import extract
from bacatui.document import links, read, to_html, to_markdown, to_text
from bacatui.tui.typeset import line_text, typeset

PROSE = (
    "The clerk typed the number twice and waited for the printer to wake, and nothing moved except the fan.",
    "She wrote the total on a card, folded it, and put it under the lamp where anyone who wanted it could look.",
    "By evening the card was gone, the lamp stood a hand to the left, and three people had keys to the room.",
    "Only one of them had ever asked what the total was, and he had left the building before noon, they said.",
)


def within(form: str) -> str:
    """What an article with `form` between its paragraphs has there."""
    one, two, three, four = (f"<p>{text}</p>" for text in PROSE)
    page = f"<html lang=en><title>The card</title><body><article><h1>The card</h1>{one}{two}{form}{three}{four}"
    html = extract(page, "https://e.org/a").html
    return html.removeprefix(f"{one}\n{two}").removesuffix(f"{three}\n{four}").strip()


IMAGE = '<figure><img src="https://e.org/a.jpg" alt=""/></figure>'


@pytest.mark.parametrize(
    ("form", "html"),
    [
        (
            "<picture><source srcset='/a.jpg 800w'><source data-srcset='/b.jpg'><img></picture>",
            IMAGE,
        ),
        ("<img srcset='/s.jpg 300w, /a.jpg 700w, /l.jpg 2400w'>", IMAGE),
        ("<img srcset='/s.jpg 100w, /a.jpg 400w'>", IMAGE),
        ("<img class=lazy data-srcset='/a.jpg 2x'>", IMAGE),
        ("<img src='data:image/gif;base64,R0'><noscript><img src='/a.jpg'></noscript>", IMAGE),
    ],
)
def test_a_picture_is_found_wherever_its_address_stands(form: str, html: str) -> None:
    assert within(form) == html


@pytest.mark.parametrize(
    ("form", "html"),
    [
        (
            "<ul><li>One</li><ul><li>One a</li></ul><li>Two</li></ul>",
            "<ul><li>One<ul><li>One a</li></ul></li><li>Two</li></ul>",
        ),
        (
            "<table><tr><th>What<th>How</tr><tr><td><p>First</p><p>Second</p></td><td><ul><li>a<li>b</ul></td></tr></table>",
            "<table><tr><th>What</th><th>How</th></tr><tr><td>First<br/>Second</td><td>a<br/>b</td></tr></table>",
        ),
        (
            "<blockquote><p>Count what there is, and then go home for the night, if you can.</p><footer>Ida Holm</footer></blockquote>",
            "<blockquote><p>Count what there is, and then go home for the night, if you can.</p><p>Ida Holm</p></blockquote>",
        ),
    ],
)
def test_lists_tables_and_quotes_are_whole_and_in_order(form: str, html: str) -> None:
    assert within(form) == html


def test_small_pictures_say_what_the_cells_of_a_table_have_to_say() -> None:
    tick, flag = "<img src='/i/done-2.png' width=20px>", "<img src='/no.png' width=20 alt=No>"
    form = f"<table><tr><th>Part<th>Draft<th>Text</tr><tr><td>Map<td>{tick}<td>{tick}</tr><tr><td>Menu<td>{flag}<td>{tick} ready</table>"
    done, no = (
        f'<img class="glyph" src="https://e.org/{n}.png" alt="{alt}"/>'
        for n, alt in (("i/done-2", ""), ("no", "No"))
    )
    assert within(form) == (
        f"<table><tr><th>Part</th><th>Draft</th><th>Text</th></tr><tr><td>Map</td><td>{done}</td><td>{done}</td></tr>"
        f"<tr><td>Menu</td><td>{no}</td><td>ready</td></tr></table>"
    )
    blocks = list(read(within(form)))
    assert to_html(blocks) == within(form)
    assert to_text(blocks) == "Part\tDraft\tText\nMap\t▨\t▨\nMenu\tNo\tready"
    assert "| Menu | ![No](<https://e.org/no.png>) | ready |" in to_markdown(blocks)
    assert links(blocks) == []
    shown = "\n".join(line_text(line) for line in typeset(blocks, 60))
    assert (shown.count("▨"), shown.count("done")) == (2, 2)


@pytest.mark.parametrize(
    "form",
    [
        "<div class=sub><h2>The second card</h2></div><p>{}</p>",
        "<section><header><h2>The second card</h2></header><p>{}</p></section>",
        "<h2>The second card</h2><div class=ad-slot><p>Buy two.</p></div><p>{}</p>",
        "<div role=heading>The second card</div><p>{}</p>",
    ],
)
def test_a_heading_stays_in_whatever_wrapper_it_comes(form: str) -> None:
    text = PROSE[0].replace("clerk", "porter")
    assert within(form.format(text)) == f"<h2>The second card</h2>\n<p>{text}</p>"


def test_a_formula_that_is_a_picture_stays_among_the_words() -> None:
    image = (
        "<img class='mwe-math-fallback-image-inline' src='/m/28a0' alt='{\\displaystyle a^{2}=b}'>"
    )
    shown = '<img class="glyph" src="https://e.org/m/28a0" alt="a^{2}=b"/>'
    source = f"<p>The clerk wrote {image} on the card and put it under the lamp.</p><p>{image}</p>"
    html = within(source)
    assert (
        html
        == f"<p>The clerk wrote {shown} on the card and put it under the lamp.</p>\n<p>{shown}</p>"
    )
    blocks = list(read(html))
    assert to_html(blocks) == html
    assert to_text(blocks).startswith("The clerk wrote a^{2}=b on the card")
    assert within(html) == html


def test_a_link_with_emphasis_in_it_is_one_link() -> None:
    source = '<p>The sinking of <a href="/r">the <em>Rainbow Lamp</em> at dawn</a> was told in <a href="/s">two</a> lines.</p>'
    assert within(source) == source.replace('"/', '"https://e.org/')


def test_a_table_that_is_only_indented_is_no_quote() -> None:
    table = "<table><tr><th>Card</th><th>Total</th></tr><tr><td>First</td><td>11</td></tr></table>"
    assert within(f"<blockquote>{table}</blockquote>") == table


def test_a_heading_stays_over_its_byline_and_in_a_wrapper_of_its_own() -> None:
    text = PROSE[0].replace("clerk", "porter")
    story = (
        "<h2><a href=/2>The second card</a></h2><p>By Ida Holm</p><p>March 25, 2015</p><p>{}</p>"
    )
    head = '<h2><a href="https://e.org/2">The second card</a></h2>'
    assert within(story.format(text)) == f"{head}\n<p>March 25, 2015</p>\n<p>{text}</p>"
    blocks = "<div class=block><h2>The second card</h2></div><div class=block><p>{}</p></div>"
    assert within(blocks.format(text)) == f"<h2>The second card</h2>\n<p>{text}</p>"


def test_a_drawing_for_screens_of_many_widths_is_shown_once() -> None:
    boards = "".join(
        f"<div class='g-artboard g-artboard-v{n}'><img src=/{n}.png width=600></div>"
        for n in (1, 2, 3)
    )
    assert (
        within(f"<div class=g-box>{boards}</div>")
        == '<figure><img src="https://e.org/3.png" alt="" width="600"/></figure>'
    )


@pytest.mark.parametrize(
    "body", ["<pre>count --cards</pre>", "<table><tr><th>A<th>B<tr><td>1<td>2</table>"]
)
def test_a_heading_over_code_or_a_table_stays(body: str) -> None:
    head = "<div class=x><div class=y><h2>Count the cards</h2></div></div>"
    assert within(f"<div class=a>{head}<div class=b>{body}</div></div>").startswith(
        "<h2>Count the cards</h2>"
    )


@pytest.mark.parametrize("wrapper", ["{}", "<div class=page>{}</div>"])
def test_footnotes_beside_an_article_are_read_under_their_heading(wrapper: str) -> None:
    notes = (
        "<ol><li id=n1>The lamp, page 12. <a href=#r1>↩\ufe0e</a></li><li id=n2>The card.</li></ol>"
    )
    box = f"<div class='Post-module__x__footnotes'><h4>Footnotes</h4>{notes}</div>"
    text = "".join(f"<p>{each}</p>" for each in PROSE)
    html = extract(
        f"<title>The card</title><article><h1>The card</h1>{text}</article>{wrapper.format(box)}"
    ).html
    told = '<section class="footnotes"><li id="n1">The lamp, page 12.</li><li id="n2">The card.</li></section>'
    assert html.endswith(f"<h4>Footnotes</h4>\n{told}")
