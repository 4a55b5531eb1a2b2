"""The reader widget: places, pages, finding, links, selection, and what it costs."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Size

from bacatui import paths
from bacatui.document import Code, read
from bacatui.model import Cut
from bacatui.tui.reading import ReaderContent
from bacatui.tui.typeset import Line, Look, Page, Source, Span, Tile
from bacatui.tui.widgets.line_widget import RunCommand
from bacatui.tui.widgets.page_view import Found
from bacatui.tui.widgets.reader import ArticlePane, _selected
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

SENTENCE = "Pemerintah kabupaten menggelar bimbingan teknis tentang pengelolaan konten"
PARAGRAPHS = "".join(
    f"<p>Paragraf {n}. {SENTENCE}. {SENTENCE}. Nomor {n} selesai.</p>" for n in range(1, 60)
)


class Screen(App[None]):
    CSS_PATH = [paths.STYLES / "reader.tcss"]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.told: list[RunCommand] = []

    def compose(self) -> ComposeResult:
        yield ArticlePane(id="article")

    def on_run_command(self, message: RunCommand) -> None:
        self.told.append(message)


def content(html: str, **fields: Any) -> ReaderContent:
    given: dict[str, Any] = {
        "entry_id": 7,
        "title": "Judul berita",
        "date_line": "Antara · 3 min",
    } | fields
    return ReaderContent(blocks=read(html), **given)


@asynccontextmanager
async def reading(
    html: str, size: tuple[int, int] = (80, 24), **fields: Any
) -> AsyncIterator[tuple[ArticlePane, Pilot[None], Screen]]:
    app = Screen()
    async with app.run_test(size=size) as pilot:
        reader = app.query_one(ArticlePane)
        reader.show(content(html, **fields))
        await pilot.pause(0.05)
        yield reader, pilot, app


def rows(reader: ArticlePane) -> list[str]:
    """What stands on the screen, without the margins."""
    return [reader.render_line(y).text.strip() for y in range(reader.size.height)]


def kinds(app: Screen) -> set[str]:
    return {message.act for message in app.told}


@pytest.mark.parametrize("size", [(80, 24), (110, 32), (160, 45), (24, 8), (6, 3), (1, 1)])
async def test_every_row_has_the_width_of_the_pane(size: tuple[int, int]) -> None:
    async with reading(PARAGRAPHS + "<pre>\nx</pre><ul><li>a</li></ul>", size) as (
        reader,
        _pilot,
        _app,
    ):
        for _ in range(4):
            assert {reader.render_line(y).cell_length for y in range(reader.size.height)} == {
                reader.size.width
            }
            reader.page_down()


async def test_showing_an_article_tells_nobody_that_it_was_scrolled() -> None:
    async with reading(PARAGRAPHS, place=20.5) as (reader, pilot, app):
        await pilot.pause()
        assert reader.top > 20 and reader.place == 20.5
        assert not app.told
        reader.step(1)
        await pilot.pause()
        assert kinds(app) == {"screen.scrolled"}


async def test_pages_go_to_the_end_with_every_line_seen_and_a_tick_where_the_last_page_ended() -> (
    None
):
    async with reading(PARAGRAPHS) as (reader, _pilot, _app):
        reader.set_end_card("Berikutnya: Judul lain")
        seen = rows(reader)
        while reader.page_down():
            page = rows(reader)
            ticked = [row for row in page if row.startswith("▸")]
            assert len(ticked) == 1 and ticked[0].removeprefix("▸ ") in [
                row.removeprefix("▸ ") for row in seen
            ]
            seen += page
        text = "\n".join(seen)
        assert all(f"Paragraf {n}." in text for n in range(1, 60))
        assert "Berikutnya: Judul lain" in text
        reader.page(-1)
        assert reader.page_down()


async def test_the_place_stays_across_any_change_of_width_and_back() -> None:
    async with reading(PARAGRAPHS) as (reader, pilot, _app):
        reader.step(61)
        place, first = reader.place, rows(reader)[0]
        for width in (40, 130, 25, 80):
            await pilot.resize_terminal(width, 24)
            await pilot.pause(0.05)
            assert reader.place == place
        assert rows(reader)[0] == first
        reader.change_measure(-20)
        assert reader.columns == 52 and reader.place == place
        reader.change_measure(20)
        assert rows(reader)[0] == first


async def test_the_place_stays_across_a_change_of_theme() -> None:
    async with reading(PARAGRAPHS) as (reader, pilot, app):
        reader.step(40)
        before, style = rows(reader), reader.render_line(3)._segments[1].style
        app.theme = "textual-light"
        await pilot.pause()
        assert rows(reader) == before
        assert reader.render_line(3)._segments[1].style != style


async def test_swapping_in_the_full_article_moves_no_line_that_is_on_the_screen() -> None:
    some = "".join(f"<p>Paragraf {n}. {SENTENCE}.</p>" for n in range(20, 60))
    async with reading(some) as (reader, pilot, _app):
        reader.step(23)
        before = rows(reader)
        reader.swap(
            content(
                PARAGRAPHS.replace(f". {SENTENCE}. {SENTENCE}. Nomor", f". {SENTENCE}.</p><p>")
                + some
            )
        )
        await pilot.pause(0.05)
        after = rows(reader)
        first = next(row for row in before if len(row) > 11)
        assert after.index(first) == before.index(first)


async def test_finding_goes_round_marks_all_and_crosses_line_ends() -> None:
    async with reading(PARAGRAPHS) as (reader, pilot, _app):
        assert await reader.find("bimbingan  TEKNIS tentang") == 118
        assert reader.finding
        assert reader.find_next(-1) == (118, 118)
        assert reader.find_next() == (1, 118)
        assert await reader.find("selesai. paragraf") == 58
        assert await reader.find("nomor 41 selesai") == 1
        assert any("Paragraf 41" in row for row in rows(reader))
        found = [
            s
            for y in range(24)
            for s in reader.render_line(y)
            if s.style and s.style.bold and "Nomor" in s.text
        ]
        assert found
        assert await reader.find("tidak ada") == 0 and reader.find_next() == (0, 0)
        assert reader.close() and not reader.finding and not reader.close()
        await pilot.pause()


LINKS = (
    '<p>Lihat <a href="https://a.contoh.id/satu">tautan satu yang panjang</a> dan <a href="http://b.id/">dua</a>.'
    '<a href="#n1">1</a></p>'
    + PARAGRAPHS
    + '<section class="footnotes"><li id="n1">Catatan kaki.</li></section>'
)


async def test_links_are_numbered_with_their_hosts() -> None:
    picture = (
        "<figure><img src='https://c.id/{}.jpg' alt='{}'/><figcaption>{}</figcaption></figure>"
    )
    pictures = [
        picture.format(*each)
        for each in (("p", "Piano", "Besar"), ("q", "", "Kecil"), ("r", "", ""))
    ]
    async with reading(LINKS + "".join(pictures)) as (reader, _pilot, _app):
        links = [tuple(link) for link in await reader.links()]
        assert links == [
            (1, "tautan satu yang panjang", "https://a.contoh.id/satu", "a.contoh.id"),
            (2, "dua", "http://b.id/", "b.id"),
            (3, "▨ Piano", "https://c.id/p.jpg", "c.id"),
            (4, "▨ Kecil", "https://c.id/q.jpg", "c.id"),
            (5, "▨ Picture", "https://c.id/r.jpg", "c.id"),
        ]


async def test_a_typed_hint_chooses_its_link() -> None:
    async with reading(LINKS) as (reader, pilot, app):
        assert reader.open_hints() and reader.hints
        assert any("slihat" in row.lower() or "a" in row for row in rows(reader))
        assert reader.type_hint("s")
        await pilot.pause()
        assert [m.given[0] for m in app.told if m.act == "open-url"] == ["http://b.id/"]
        assert not reader.hints
        reader.open_hints()
        assert not reader.type_hint("q") and not reader.hints


async def test_hints_go_with_the_first_scroll_and_leave_no_letter_behind() -> None:
    async with reading(LINKS) as (reader, _pilot, _app):
        reader.step(1)
        before = rows(reader)
        assert reader.open_hints() and rows(reader) != before
        reader.step(1)
        assert not reader.hints
        reader.step(-1)
        assert rows(reader) == before


async def test_only_web_addresses_leave_the_article() -> None:
    async with reading("<p>x</p>") as (reader, pilot, app):
        for url in (
            "javascript:alert(1)",
            "file:///etc/passwd",
            "mailto:a@b.id",
            "-rf",
            "https://a.id/",
        ):
            reader.choose(url)
        await pilot.pause()
        assert [m.given[0] for m in app.told if m.act == "open-url"] == ["https://a.id/"]


async def test_a_find_outlives_a_change_of_width_and_the_arrival_of_the_full_text() -> None:
    async with reading(PARAGRAPHS) as (reader, pilot, _app):
        await reader.find("selesai")
        await pilot.resize_terminal(50, 20)
        await pilot.pause()
        assert reader.find_next()[1] == 59
        reader.swap(content(PARAGRAPHS + "<p>selesai</p>"))
        assert reader.find_next()[1] == 60


async def test_sideways_ends_where_the_wide_lines_do() -> None:
    async with reading(
        "<pre>\n" + "x" * 90 + "</pre>" + PARAGRAPHS + "<pre>\n" + "y" * 90 + "</pre>"
    ) as (
        reader,
        _p,
        _a,
    ):
        reader.sideways(8)
        assert any(row.startswith("‹") for row in rows(reader))
        reader.page(0.5)
        reader.page(0.5)
        await reader.to_end()
        assert any(row.startswith("yyyy") for row in rows(reader))


async def test_a_note_is_followed_there_and_back() -> None:
    async with reading(LINKS) as (reader, pilot, app):
        reader.choose("#n1")
        assert any("Catatan kaki." in row for row in rows(reader))
        reader.choose("#^n1")
        assert reader.top == 0
        await reader.to_end()
        reader.choose("#^n1")
        assert any("Lihat" in row for row in rows(reader))
        await pilot.pause()
        assert "open-url" not in kinds(app)


async def test_a_click_on_a_link_chooses_it_and_real_links_are_osc_8() -> None:
    html = '<p><a href="https://a.contoh.id/satu">tautan</a> <a href="javascript:alert(1)">jahat</a></p>'
    async with reading(html) as (reader, pilot, app):
        styles = {s.text: s.style for y in range(24) for s in reader.render_line(y) if s.style}
        assert styles["tautan"] is not None and styles["tautan"].link == "https://a.contoh.id/satu"
        assert styles["jahat"] is not None and not styles["jahat"].link
        y = next(y for y, row in enumerate(rows(reader)) if "tautan" in row)
        await pilot.click(reader, offset=(reader.margin + 2, y))
        await pilot.pause()
        assert any(
            m.act == "open-url" and m.given == ("https://a.contoh.id/satu",) for m in app.told
        )


async def test_text_selected_by_keyboard_comes_out_as_written() -> None:
    html = f"<p>{SENTENCE}. {SENTENCE}.</p><ul><li>satu</li><li>dua</li></ul>"
    async with reading(html) as (reader, pilot, app):
        first = next(y for y, row in enumerate(rows(reader)) if row.startswith("Pemerintah"))
        for _ in range(first + 1):
            reader.select(0 if not reader.selecting else 1)
        reader.select(30)
        await pilot.pause()
        text = reader.selected_text()
        assert f"{SENTENCE}. {SENTENCE}." in text
        assert "• satu\n• dua" in text
        assert app.screen.get_selected_text() == text
        assert reader.close() and not reader.selected_text() and not reader.selecting


async def test_text_is_selected_with_the_mouse() -> None:
    async with reading(PARAGRAPHS) as (reader, pilot, app):
        y = next(y for y, row in enumerate(rows(reader)) if row.startswith("Paragraf 1."))
        await pilot.mouse_down(reader, offset=(reader.margin, y))
        await pilot.hover(reader, offset=(reader.margin + 10, y))
        await pilot.mouse_up(reader, offset=(reader.margin + 10, y))
        await pilot.pause()
        assert app.screen.get_selected_text() in {"Paragraf 1", "Paragraf 1."}


async def test_the_x_ray_shows_what_was_cut_and_by_whom_in_its_place() -> None:
    cuts = (
        Cut(1, "<p>Baca juga: Berita lain</p>", "id.baca-juga"),
        Cut(99, "<p>Editor: X</p>", "readability"),
    )
    async with reading("<p>Satu.</p><p>Dua.</p>", cuts=cuts) as (reader, _pilot, _app):
        assert "Baca juga" not in "\n".join(rows(reader))
        reader.xray = True
        reader.lay_out()
        text = [row for row in rows(reader) if row]
        assert text[2:] == [
            "Satu.", "✂ cut by id.baca-juga", "┊ Baca juga: Berita lain", "Dua.", "✂ cut by readability", "┊ Editor: X",
        ]  # fmt: skip
        assert reader.cut_on_screen() is cuts[0]
        reader.xray = False
        reader.lay_out()
        assert "Baca juga" not in "\n".join(rows(reader))


async def test_code_moves_sideways_by_key() -> None:
    async with reading("<pre>\n" + "x" * 70 + "AKHIR</pre>") as (reader, _pilot, _app):
        assert "AKHIR" not in "\n".join(rows(reader))
        reader.sideways(8)
        assert "AKHIR" in "\n".join(rows(reader))
        reader.sideways(-100)
        assert "AKHIR" not in "\n".join(rows(reader))


async def test_a_picture_has_its_room_before_it_is_drawn_and_its_words_where_it_cannot_be(
    tmp_path: Path,
) -> None:
    from PIL import Image

    good, bad = tmp_path / "good", tmp_path / "bad"
    Image.new("RGB", (320, 160), "red").save(good, "PNG")
    bad.write_bytes(good.read_bytes()[:60])
    html = "".join(
        f"<figure><img src='https://a.id/{n}' alt='{t}'/></figure>"
        for n, t in (("good", "Merah"), ("bad", "Rusak"))
    )
    files = {"https://a.id/good": Found(good, 320, 160), "https://a.id/bad": Found(bad, 320, 160)}
    app = Screen()
    async with app.run_test(size=(80, 40)) as pilot:
        reader = app.query_one(ArticlePane)
        reader.find_picture = files.get
        reader.show(content(html))
        total = reader.total
        assert "Merah" in rows(reader) and not any("▀" in row for row in rows(reader))
        await app.workers.wait_for_complete()
        await pilot.pause(0.05)
        text = rows(reader)
        assert reader.total == total
        assert sum("▀" in row for row in text) == 10
        assert any(row == "Rusak" for row in text)
        (cell,) = {s.style.color for s in reader.render_line(6) if s.style and "▀" in s.text}
        assert cell is not None and cell.triplet == (255, 0, 0)


async def test_without_colour_a_picture_is_told_of_and_emphasis_has_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Screen()
    async with app.run_test(size=(80, 24)) as pilot:
        reader = app.query_one(ArticlePane)
        reader.find_picture = lambda src: Found(Path("nowhere"), 640, 480)
        picture = "<figure><img src='https://a.id/x' alt='Merah'/></figure>"
        reader.show(content("<p><code>f()</code> <a href='https://a.id/'>t</a></p>" + picture))
        await pilot.pause()
        assert "`f()` t" in rows(reader) and "▨ Merah" in rows(reader)
        underlined = [
            s.text
            for y in range(24)
            for s in reader.render_line(y)
            if s.style and s.style.underline
        ]
        assert "t" in underlined


async def test_the_next_article_starts_at_its_own_place_with_nothing_left_open() -> None:
    async with reading(LINKS) as (reader, pilot, _app):
        await reader.find("Paragraf")
        reader.open_hints()
        await reader.to_end()
        reader.show(content("<p>Pendek.</p>", entry_id=8))
        await pilot.pause()
        assert reader.top == 0 and not reader.finding and not reader.hints
        assert not reader.page_down()


def words(count: int) -> str:
    return "".join(
        f"<p>{SENTENCE} <em>nomor</em> {n} <a href='https://a.id/{n}'>tautan</a>. {SENTENCE}.</p>"
        for n in range(count // 20)
    )


async def test_of_ten_thousand_words_only_what_is_in_sight_is_laid_out_and_drawn_at_first() -> None:
    async with reading("<p>x</p>", (80, 40)) as (reader, pilot, _app):
        reader.show(content(words(10_000)))
        rows(reader)
        assert reader._page is not None and len(reader._page.lines) < 10 * 40
        assert len(reader._strips) <= 2 * 40
        await pilot.resize_terminal(60, 40)
        rows(reader)
        await reader.to_end()
        assert reader._page.is_complete


async def test_two_megabytes_show_their_first_screen_at_once_and_the_rest_in_slices() -> None:
    html = words(250_000)
    assert len(html) > 2_000_000
    async with reading("<p>x</p>", (80, 40)) as (reader, pilot, _app):
        reader.show(content(html))
        rows(reader)
        assert reader.total < 1_000
        await eventually(lambda: reader._page and reader._page.is_complete)
        await pilot.pause()
        assert reader.total > 30_000 and reader.virtual_size == Size(
            reader.size.width, reader.total
        )


async def test_a_key_that_moves_by_a_line_draws_one_line() -> None:
    async with reading(words(10_000), (100, 50)) as (reader, _pilot, _app):
        rows(reader)
        for _ in range(60):
            drawn = len(reader._strips)
            reader.step(1)
            rows(reader)
            assert len(reader._strips) - drawn <= 2


def test_a_picture_leaves_no_blank_lines_in_what_is_selected() -> None:
    rows = [Line(tile=Tile("https://example.org/a.png", "A pier", row, 8, 4)) for row in range(4)]
    lines = [Line((Span("Before it."),)), *rows, Line((Span("After it."),))]
    assert _selected(lines, (0, 0), (5, 99), 0) == "Before it.\nAfter it."


def test_the_place_in_vast_code_is_known_long_before_its_end() -> None:
    page = Page(Source(lambda width, look: iter(()), [Code("kode\n" * 200_000)], []), 40, Look())
    assert page.line_of(page.place(5_000)) == 5_000
    assert len(page.lines) < 10_000


async def test_the_end_of_a_vast_article_is_reached_while_keys_are_answered() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    async with reading("<pre>" + "kata dan kata\n" * 200_000 + "</pre>") as (reader, _pilot, _app):
        ticks = 0
        ticking = asyncio.create_task(tick())
        await reader.to_end()
        ticking.cancel()
        assert reader.top > 199_000
        assert ticks > 20  # in slices, and a key is looked for after each
        assert await reader.find("kata dan") == 200_000
