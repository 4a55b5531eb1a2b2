"""The document: what is written is read back, whatever the blocks; and tags in any order become blocks."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bacatui.document import (
    PICTURED,
    Block,
    Builder,
    Code,
    Definitions,
    Divider,
    Figure,
    Heading,
    Listing,
    Notes,
    Paragraph,
    Picture,
    Quote,
    Run,
    Style,
    Table,
    links,
    pictures,
    plain,
    read,
    to_html,
    to_markdown,
    to_text,
    trim,
    walk,
)
from tests.cost import grows_with

WORDS = st.text("ab<>&\"' é日\n.", min_size=1, max_size=12).map(lambda t: re.sub(" +", " ", t))
HREFS = st.sampled_from(["", "", "https://example.org/a?b=1&c=2"])
STYLES = [*(style for style in Style if style is not Style.PICTURE), Style.EM | Style.STRONG]
RUNS = st.lists(st.builds(Run, WORDS, st.sampled_from(STYLES), HREFS), min_size=1, max_size=4).map(
    trim
)
SOME_RUNS = RUNS.filter(bool)
PICTURES = st.builds(
    Picture,
    st.just("https://example.org/p.jpg"),
    st.text("ab &<", max_size=5).map(str.strip),
    st.integers(0, 999),
)
CODES = st.text("ab{}<&\n ", min_size=1, max_size=30).map(lambda t: t.strip("\n")).filter(str.strip)
LEAVES = st.one_of(
    st.builds(Paragraph, SOME_RUNS),
    st.builds(Heading, st.integers(1, 6), SOME_RUNS),
    st.builds(Code, CODES, st.sampled_from(["", "python"])),
    st.builds(Figure, st.lists(PICTURES, min_size=1, max_size=2).map(tuple), RUNS),
    st.builds(Divider),
)


def bodies(blocks: st.SearchStrategy[Block]) -> st.SearchStrategy[tuple[Block, ...]]:
    return st.lists(blocks, min_size=1, max_size=3).map(tuple)


def nested(blocks: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    some = st.lists(bodies(blocks), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Quote, bodies(blocks)),
        st.builds(Listing, some, st.one_of(st.none(), st.integers(0, 99))),
        st.builds(
            Definitions,
            st.lists(st.tuples(SOME_RUNS, bodies(blocks)), min_size=1, max_size=2).map(tuple),
        ),
    )


def table(rows: list[list[tuple[Run, ...]]], head: int, caption: tuple[Run, ...]) -> Table:
    return Table(tuple(tuple(row) for row in rows), min(head, len(rows)), caption)


ICONS = st.builds(
    Run,
    st.sampled_from([PICTURED, "Done & <dusted>"]),
    st.just(Style.PICTURE),
    st.just("https://example.org/i"),
)
CELLS = st.one_of(RUNS, st.lists(ICONS, min_size=1, max_size=2).map(tuple))
TABLES = st.builds(
    table,
    st.lists(st.lists(CELLS, min_size=1, max_size=3).filter(any), min_size=1, max_size=3),
    st.integers(0, 1),
    RUNS,
)
BLOCKS = st.one_of(st.recursive(LEAVES, nested, max_leaves=8), TABLES)


@settings(max_examples=70, deadline=None)
@given(st.lists(BLOCKS, max_size=5).map(tuple))
def test_what_is_written_is_read_back(document: tuple[Block, ...]) -> None:
    assert tuple(read(to_html(document))) == document


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, max_size=5).map(tuple), st.integers(1, 40))
def test_reading_in_pieces_gives_the_same_blocks(document: tuple[Block, ...], step: int) -> None:
    assert tuple(read(to_html(document), step)) == document


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, max_size=5).map(tuple))
def test_every_form_has_all_the_words(document: tuple[Block, ...]) -> None:
    letters = [
        c
        for block in walk(document)
        if isinstance(block, Paragraph)
        for run in block.runs
        for c in run.text
        if c.isalpha()
    ]
    for form in (to_text(document), to_markdown(document)):
        assert len([c for c in form if c.isalpha()]) >= len(letters)


TAGS = "p div ul ol li dl dt dd table tr td th pre blockquote figure figcaption section h2 a em code br hr img caption".split()
EVENTS = st.lists(st.tuples(st.sampled_from("<>t"), st.sampled_from(TAGS)), max_size=80)


@settings(max_examples=70, deadline=None)
@example([("<", "caption"), ("<", "pre"), ("t", "p"), ("<", "td"), ("<", "tr"), ("t", "p")])
@given(EVENTS)
def test_tags_in_any_order_become_blocks_that_read_back(events: list[tuple[str, str]]) -> None:
    builder = Builder()
    said = 0
    for kind, tag in events:
        match kind:
            case "<":
                builder.start(tag, {"src": "https://example.org/p.jpg"} if tag == "img" else {})
            case ">":
                builder.end(tag)
            case _:
                builder.text("word ")
                said += 1
    document = tuple(builder.finish())
    assert tuple(read(to_html(document))) == document
    assert to_text(document, captions=True).count("word") == said


def test_a_finished_block_can_be_taken_before_the_document_ends() -> None:
    builder = Builder()
    builder.start("p", {})
    builder.text("first")
    builder.end("p")
    builder.start("p", {})
    builder.text("second")
    assert builder.take() == [Paragraph((Run("first"),))]
    assert builder.finish() == [Paragraph((Run("second"),))]


def test_a_store_edited_by_hand_hides_no_text() -> None:
    assert (
        to_text(read("<p>one</p><p>two <b>bold</p> three & four"))
        == "one\n\ntwo bold\n\nthree & four"
    )


@pytest.mark.parametrize(
    ("block", "markdown"),
    [
        (Heading(2, (Run("A * b"),)), "## A \\* b"),
        (Code("a ``` b", "python"), "````python\na ``` b\n````"),
        (Listing(((Paragraph((Run("x"),)),),), 3), "3. x"),
        (Quote((Paragraph((Run("x"),)), Paragraph((Run("y"),)))), "> x\n> \n> y"),
        (Paragraph((Run("x", Style.STRONG, "https://e.org"),)), "[**x**](<https://e.org>)"),
        (
            Table((((Run("a"),), (Run("b"),)), ((Run("1"),), (Run("2"),))), 1),
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
        (Notes((("n1", (Paragraph((Run("x"),)),)),)), "[^1]: x"),
    ],
)
def test_markdown_is_what_commonmark_reads(block: Block, markdown: str) -> None:
    assert to_markdown((block,)) == markdown


def test_links_and_pictures_are_told_once_each() -> None:
    link = Paragraph(
        (
            Run("here", href="https://e.org"),
            Run("and here", href="https://e.org"),
            Run("1", href="#n1"),
        )
    )
    figure = Figure((Picture("https://e.org/p.jpg"), Picture("https://e.org/p.jpg")))
    assert links((Quote((link,)),)) == [("here", "https://e.org")]
    assert pictures((figure, Quote((figure,)))) == [Picture("https://e.org/p.jpg")]


@pytest.mark.slow
def test_a_paragraph_without_end_becomes_several_that_read_back() -> None:
    words = "Kalimat ini tidak pernah selesai. "
    for html in (
        f"<p>{words * 5_000}</p>", f"<p>{'x<br/>' * 60_000}</p>", f"<p>{'漢' * 90_000}</p>", f"<h2>{words * 2_000}</h2>",
        f"<p>{'<b>x</b> y' * 30_000}</p>", f"<table><tr><td>a</td><td>{words * 2_000}</td></tr></table>",
        f"<table><tr>{'<td>x</td>' * 9_000}</tr></table>",
    ):  # fmt: skip
        blocks = tuple(read(html))
        assert all(
            isinstance(block, Paragraph) and len(plain(block.runs)) <= 20_000 for block in blocks
        )
        assert tuple(read(to_html(blocks))) == blocks
        letters = re.sub(r"<[^>]*>|\s", "", html)
        assert re.sub(r"\s", "", to_text(blocks)) == letters


def test_a_paragraph_of_many_lines_is_read_in_time_that_grows_with_it() -> None:
    assert grows_with(lambda lines: list(read(f"<p>{'x<br/>' * lines}</p>")), 20_000)


def test_stored_html_with_a_section_that_no_parser_knows_is_read_and_hides_no_word() -> None:
    for html in ("<p>a</p><![x[ b", "a <![CDATA[ b", "<p>a<![ b", "a <![if x]> b"):
        assert {*"ab"} <= {*to_text(read(html))}


def test_styles_inside_styles_are_read_in_time_that_grows_with_them() -> None:
    assert to_text(read("<em>" * 5_000 + "x")) == "x"
    assert grows_with(lambda depth: to_text(read("<em>" * depth + "x")), 5_000)
