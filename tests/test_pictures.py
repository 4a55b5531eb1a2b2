"""The pictures of README and docs: drawn from cells, the same each time, and small."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tools import svg, text_browser

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
SVG = "{http://www.w3.org/2000/svg}"


def row(text: str, **look: bool) -> list[svg.Cell]:
    return [svg.Cell(char, **look) for char in text]  # type: ignore[arg-type]


def drawn(*rows: list[svg.Cell]) -> str:
    styles = svg.Styles()
    window = svg.window(rows, "a <title>", styles)
    return svg.picture(*svg.size(len(rows[0]), len(rows)), [window], styles)


def test_letters_stand_in_their_cells_and_are_never_markup() -> None:
    tree = ElementTree.fromstring(drawn(row("  <b> & c   d")))
    texts = [(one.text, one.get("x"), one.get("textLength")) for one in tree.iter(f"{SVG}text")]
    assert texts[0][0] == "a <title>"
    assert texts[1:] == [("<b> & c", "16", "56"), ("d", "96", "8")]


def test_a_wide_character_takes_two_cells() -> None:
    cells = [svg.Cell("新"), svg.Cell(""), svg.Cell("聞"), svg.Cell(""), svg.Cell("x")]
    tree = ElementTree.fromstring(drawn(cells))
    _title, text = tree.iter(f"{SVG}text")
    assert (text.text, text.get("textLength")) == ("新聞x", "40")


def test_blocks_and_lines_are_drawn_and_not_written() -> None:
    picture = drawn(row("▀▀ ─│▂"))
    assert not re.search("[▀─│▂]", picture)
    assert picture.count("<path") == 1  # all of one colour
    assert "M0 0h16v9h-16z" in picture


def test_the_same_cells_give_the_same_bytes() -> None:
    rows = (row("one ", is_bold=True), row("two ", is_italic=True), row("▀▀▀▀"))
    assert drawn(*rows) == drawn(*rows)


def test_a_text_browser_shows_all_of_a_page_in_its_order() -> None:
    page = (
        "<head><title>no</title></head><script>no()</script><nav><ul><li><a href='/'>Home</a>"
        "<li><a href='/b'>Away</a></ul></nav><h1>Title</h1><p>It was <b>so</b>.</p><table><tr><td>1"
        "</td><td>2</td></tr></table><form><input><button>Send</button></form><img alt='a clock'>"
    )
    blocks = text_browser.blocks(page + "<p></p>")
    assert [block.text for block in blocks] == [
        "Home", "Away", "Title", "It was so.", "1 2", "[__________] [Send]", "[a clock]",
    ]  # fmt: skip
    assert [block.is_link for block in blocks[:3]] == [True, True, False]
    lines = text_browser.lines(page, 40, {"Title", "It was so."})
    assert [line.text for line in lines if line.is_article and line.text] == ["Title", "It was so."]


@pytest.mark.parametrize("name", ["tour", "before-after", "reading", "narrow", "search"])
def test_each_picture_is_whole_small_and_asks_nobody(name: str) -> None:
    picture = (FOLDER / f"{name}.svg").read_text("utf-8")
    ElementTree.fromstring(picture)
    assert len(picture) < 150_000
    assert "<script" not in picture
    assert re.findall(r"https?://[^\"' <)]+", picture) == ["http://www.w3.org/2000/svg"]
