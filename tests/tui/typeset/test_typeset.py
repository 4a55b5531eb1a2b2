"""The typesetting: every line fits, nothing is lost, and each kind of block is set as a reader expects."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bacatui.document import (
    Code,
    Document,
    Figure,
    Paragraph,
    Picture,
    Run,
    Style,
    Table,
    read,
    to_text,
)
from bacatui.text import sanitize
from bacatui.tui.typeset import (
    Line,
    Look,
    Page,
    Source,
    Span,
    fit,
    flow,
    line_text,
    typeset,
    width_of,
)
from bacatui.tui.typeset.flow import _NARROW, breaks, is_rtl
from tests.corpora import OWN, corpora, page_of
from tests.tui.typeset.documents import documents, texts

PLAIN = Look()


def drawn(html: str, width: int, look: Look = PLAIN) -> list[str]:
    """The rows of a page as they are drawn."""
    return [
        "".join(span.text for span in fit(line, width)) for line in typeset(read(html), width, look)
    ]


def shown(html: str, width: int, look: Look = PLAIN) -> list[str]:
    return [row.rstrip() for row in drawn(html, width, look)]


def _pictures(picture: Picture) -> tuple[int, int] | None:
    return (max(1, picture.width), max(1, picture.height)) if picture.width else None


@settings(max_examples=50, deadline=None)
@given(documents, st.integers(1, 200), st.integers(0, 90), st.booleans())
def test_every_drawn_line_has_exactly_the_width_for_any_document(
    document: Document, width: int, shift: int, markers: bool
) -> None:
    is_clean = all(
        sanitize.code(run.text) == run.text and "\t" not in run.text for run in _all_runs(document)
    )
    for line in typeset(document, width, Look(markers=markers, size=_pictures)):
        if line.tile:
            assert 0 < line.tile.columns <= max(2, width)
            continue
        spans = fit(line, width, shift)
        assert width_of(spans) == width
        text = "".join(span.text for span in spans)
        if is_clean and sanitize.code(text) == text:  # the gate lets no stray joiner in
            assert cell_len(text) == width
        assert all(sanitize.is_safe(span.text) for span in spans)


@settings(max_examples=60, deadline=None)
@given(documents, st.integers(30, 120))
def test_no_letter_of_any_document_is_lost(document: Document, width: int) -> None:
    def letters(text: str) -> list[str]:
        return sorted(re.findall(r"[^\W_]", text))

    lines = list(typeset(document, width))
    page = "".join("".join(span.text for span in line.spans) for line in lines)
    for block in document:
        if isinstance(block, Paragraph) and not any(
            run.style & (Style.SUP | Style.SUB) for run in block.runs
        ):
            own = "".join(
                line_text(line) + line.joint for line in typeset((block,), width)
            ).removesuffix("\n")
            assert own == "".join(run.text for run in block.runs)
    if not any(run.style & (Style.SUP | Style.SUB) for run in _all_runs(document)):
        missing = _minus(letters(to_text(document, captions=True)), letters(page))
        assert not missing


def _all_runs(document: Document) -> list[Run]:
    from bacatui.document import runs_of, walk

    return [run for block in walk(document) for run in runs_of(block)]


def _minus(some: list[str], others: list[str]) -> list[str]:
    from collections import Counter

    return sorted((Counter(some) - Counter(others)).elements())


@settings(max_examples=50, deadline=None)
@given(texts, st.integers(2, 80))
def test_lines_hold_what_the_text_holds_and_fit(text: str, width: int) -> None:
    parts = list(breaks(text, width))
    assert "".join(text[a:b] + joint for a, b, joint in parts) == text + "\n"
    for a, b, _joint in parts:
        assert (
            cell_len(text[a:b]) <= width
            or len(text[a:b].strip(" ")) <= 1
            or b - a == 1
            or "\u200d" in text[a:b]
        )


def test_characters_counted_as_one_cell_are_one_cell() -> None:
    assert all(
        cell_len(char) == 1 for char in map(chr, range(0x20, 0x3000)) if _NARROW.fullmatch(char)
    )


@pytest.mark.parametrize("cluster", ["👩‍👩‍👧", "👍🏽", "🇮🇩", "❤️", "e\u0301", "नि", "ก็", "1️⃣", "🏴‍☠️"])
def test_a_grapheme_is_never_torn(cluster: str) -> None:
    for width in range(2, 12):
        lines = [text for line in flow((Run(cluster * 9),), width) for text in [line_text(line)]]
        assert all(len(line) % len(cluster) == 0 for line in lines), lines


def test_a_joiner_stays_with_its_letter_across_styles() -> None:
    (line,) = flow((Run("👩"), Run("\u200d👧 anak", Style.STRONG)), 20)
    assert line.spans[0].text == "👩\u200d👧"
    (line,) = flow((Run("❤"), Run("\ufe0f x", Style.EM)), 20)
    assert line.spans[0].text == "❤\ufe0f"


def test_no_line_begins_or_ends_where_japanese_forbids_it() -> None:
    text = (
        "「吾輩は猫である」。名前は（まだ）無い、どこで生れたかとんと見当がつかぬ。ニャーニャー泣いていた。"
        * 3
    )
    for width in range(12, 60):
        lines = [line_text(line) for line in flow((Run(text),), width)]
        assert not any(line[0] in "。、）」ー" for line in lines), width
        assert not any(line[-1] in "「（" for line in lines), width


def test_thai_vowels_stay_with_their_consonant() -> None:
    for width in range(8, 40):
        lines = [
            line_text(line) for line in flow((Run("เมื่อวานนี้แม่ไปตลาดซื้อผลไม้และน้ำดื่ม" * 3),), width)
        ]
        assert not any(line[0] in "ะาำ" for line in lines)
        assert not any(line[-1] in "เแโใไ" for line in lines)


def test_words_are_kept_whole_where_they_fit_and_broken_where_they_do_not() -> None:
    assert shown("<p>satu dua tiga empat</p>", 9) == ["satu dua", "tiga", "empat"]
    assert shown("<p>" + "x" * 25 + "</p>", 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert shown("<p>a well-known thing</p>", 8) == ["a well-", "known", "thing"]
    assert shown("<p>lihat https://contoh.id/berita/2022/11/bimtek sekarang</p>", 24) == [
        "lihat https://contoh.id/",
        "berita/2022/11/bimtek",
        "sekarang",
    ]


def test_right_to_left_text_stands_at_the_right_edge() -> None:
    rows = drawn("<p>السلام عليكم ورحمة الله وبركاته</p>", 20)
    assert len(rows) == 2
    assert all(row[-1] != " " and row[0] == " " for row in rows)
    assert is_rtl("«مرحبا» hello") and not is_rtl("hello مرحبا")


def test_a_bullet_stands_at_the_right_of_right_to_left_text() -> None:
    rows = drawn("<ul><li>السلام عليكم</li></ul>", 30)
    assert rows == ["السلام عليكم".rjust(28) + " •"]


def test_lists_nest_with_hanging_indents() -> None:
    html = "<ul><li>satu dua tiga empat<ol start='9'><li>lima</li><li>enam tujuh delapan sembilan</li></ol></li></ul>"
    assert shown(html, 21) == [
        "• satu dua tiga empat",
        "   9. lima",
        "  10. enam tujuh",
        "      delapan",
        "      sembilan",
    ]


def test_a_quote_has_a_bar_also_between_its_paragraphs() -> None:
    assert shown("<blockquote><p>satu</p><p>dua</p></blockquote>", 30) == ["▎ satu", "▎", "▎ dua"]


def test_code_is_never_reflowed_and_moves_sideways() -> None:
    text = "def f():\n    return 'a long line that does not fit into the page'"
    lines = list(typeset((Code(text, "python"),), 30))
    assert [line_text(line) for line in lines] == text.split("\n")
    assert "".join(s.text for s in fit(lines[1], 30)) == "     return 'a long line that›"
    assert "".join(s.text for s in fit(lines[1], 30, 20)) == " ‹ne that does not fit into t›"
    assert "".join(s.text for s in fit(lines[0], 30, 20)) == " ‹".ljust(30)
    (short,) = typeset((Code("x = 1"),), 30)
    assert "".join(s.text for s in fit(short, 30, 20)) == " x = 1".ljust(30)
    assert any("keyword" in span.style for span in lines[0].spans)


@pytest.mark.parametrize(
    "text", ["a\n\nb\n", "\n\nx", "x" * 4321, "\n".join("y" * n for n in (0, 999, 1000, 1001, 0))]
)
@pytest.mark.parametrize("language", ["", "python", "brainfuck", "../etc"])
def test_code_keeps_every_character_in_any_language(text: str, language: str) -> None:
    lines = [line_text(line) for line in typeset((Code(text, language),), 40)]
    assert "".join(lines) == text.replace("\n", "")
    if max(map(len, text.split("\n"))) <= 1000:
        assert "\n".join(lines) == text


def test_a_table_is_laid_out_to_the_width_with_wrapped_cells_and_numbers_at_the_right() -> None:
    html = (
        "<table><caption>Suara</caption><tr><th>Nama</th><th>Jumlah</th></tr>"
        "<tr><td>Anna dari kota yang jauh sekali</td><td>1.200</td></tr><tr><td>Bo</td><td>3</td></tr></table>"
    )
    assert shown(html, 30) == [
        "Suara",
        "Nama                    Jumlah",
        "──────────────────────  ──────",
        "Anna dari kota yang      1.200",
        "jauh sekali",
        "┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈  ┈┈┈┈┈┈",
        "Bo                           3",
    ]


def test_a_table_too_wide_for_the_page_goes_sideways_and_loses_no_column() -> None:
    rows = tuple(tuple((Run(f"kolom{n}baris{r}"),) for n in range(12 + r)) for r in range(3))
    lines = list(typeset((Table(rows, 1),), 40))
    assert all(line.wide for line in lines)
    text = "\n".join(line_text(line) for line in lines)
    assert "kolom13baris2" in text and "kolom0baris0" in text
    seen = "".join(
        "".join(s.text for s in fit(lines[-1], 40, shift))
        for shift in range(0, width_of(lines[-1].spans), 20)
    )
    assert all(f"kolom{n}baris2" in seen for n in range(1, 14))


def test_raised_and_lowered_text_stays_right() -> None:
    def line(html: str) -> str:
        return shown(html, 60)[0]

    assert line("<p>H<sub>2</sub>O, x<sup>2</sup>, 10<sup>-3</sup></p>") == "H₂O, x², 10⁻³"
    assert (
        line("<p>the 4<sup>th</sup> of e<sup>iπ</sup> and a<sub>max</sub></p>")
        == "the 4th of e^iπ and a_max"
    )


def test_code_is_told_apart_by_signs_where_there_is_no_colour() -> None:
    assert shown("<p>call <code>f()</code> now</p>", 40, Look(markers=True)) == ["call `f()` now"]


def test_notes_lead_there_and_back() -> None:
    html = '<p>Teks<a href="#n1">1</a>.</p><section class="footnotes"><li id="n1">Catatan.</li></section>'
    lines = list(typeset(read(html), 40))
    assert any(span.href == "#n1" for span in lines[0].spans)
    (note,) = [line for line in lines if line.anchor == "n1"]
    assert note.spans[0].href == "#^n1" and line_text(note) == "Catatan."


def test_a_picture_takes_the_room_of_its_shape_before_it_is_loaded() -> None:
    look = Look(size=lambda picture: (picture.width, picture.height), tall=20)
    lines = list(typeset((Figure((Picture("s", "alt", 800, 400),), (Run("Teks"),)),), 60, look))
    assert [line.tile.row for line in lines if line.tile] == list(range(15))
    assert line_text(lines[-1]) == "Teks"
    tall = list(typeset((Figure((Picture("s", "", 400, 4000),)),), 60, look))
    assert len(tall) == 20 and tall[0].tile and tall[0].tile.columns < 10


def test_unsafe_text_is_taken_out_at_the_last_moment_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    spans = fit(Line((Span("a\x1b]0;x\x07b\u202ec"),)), 10)
    assert "".join(span.text for span in spans) == "abc       "
    assert "unsafe" in caplog.text


PARAGRAPHS = tuple(Paragraph((Run(f"Paragraf {n} " + "kata " * (n % 40)),)) for n in range(200))


def _page(width: int) -> Page:
    return Page(Source(lambda w, look: iter((Line(),) * 4), iter(PARAGRAPHS), {}), width, Look())


@pytest.mark.parametrize("width", [20, 60, 111])
def test_a_place_means_the_same_line_at_its_width_and_the_same_text_at_others(width: int) -> None:
    page = _page(width)
    page.down(10_000)
    for y in range(0, len(page.lines), 7):
        assert page.line_of(page.place(y)) == y
    for y in range(0, len(page.lines), 31):
        other = _page(46)
        there = other.line_of(page.place(y))
        assert int(other.place(there)) == int(page.place(y))


def test_a_page_is_laid_out_only_as_far_as_asked() -> None:
    read_so_far = []

    def blocks() -> object:
        for block in PARAGRAPHS:
            read_so_far.append(block)
            yield block

    page = Page(Source(lambda w, look: iter(()), blocks(), {}), 60, Look())  # type: ignore[arg-type]
    page.down(30)
    assert 30 <= len(page.lines) < 40 and len(read_so_far) < 25
    assert not page.is_complete
    assert page.line_of(1e12) == len(page.lines) - 1 and page.is_complete


@pytest.mark.parametrize("folder", corpora("articles"))
def test_real_pages_fit_at_any_width(folder: Path) -> None:
    from bacatui.articles import extract

    files = sorted(folder.glob("*.json"))
    for file in files[:: 1 if folder.is_relative_to(OWN) else 60]:
        blocks = tuple(read(extract(page_of(file)[0], "https://a.example/").html))
        for width in (1, 9, 72):
            assert all(width_of(fit(line, width)) == width for line in typeset(blocks, width)), file


def test_a_lexer_that_cuts_through_an_emoji_does_not_widen_its_line() -> None:
    for line in typeset((Code("❤️", "python"),), 1):
        assert cell_len("".join(span.text for span in fit(line, 1))) == 1
