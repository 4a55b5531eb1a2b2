"""Pages and pictures: everything readable with the network off, or a reason why not."""

from __future__ import annotations

import asyncio
import io
import stat
from collections.abc import Callable

import pytest

from bacatui.articles import rule_for
from bacatui.model import FullText, Kind, Offline, Scope, ScopeKind
from bacatui.sync import ArticleDone
from tests.fetch.server import Asked, Server, answer
from tests.sync.conftest import PARAGRAPH, WORDS, Library, feed, page
from tests.text import DECLARATION


def drawn(width: int, height: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return answer(out.getvalue(), Content_Type="image/png")


def with_pages(server: Server, *names: str) -> None:
    server.answers["/feed"] = answer(feed(server.url, *names), ETag='"1"')
    server.answers |= {f"/{name}": page(name) for name in names}


async def test_after_a_sync_everything_is_readable_without_the_network(library: Library) -> None:
    async with Server() as server:
        with_pages(server, "a", "b")
        figure = f'<figure><img src="/kapal.png" alt="Kapal"><figcaption>Kapal</figcaption></figure>{PARAGRAPH * 4}'
        server.answers |= {"/a": page("a", figure), "/kapal.png": drawn(640, 400)}
        library.subscribe(server.url + "/feed")
        report, _ = await library.sync()
        picture = library.store.read.picture(server.url + "/kapal.png")
    assert report.offline == {
        Offline.READY: 2,
        Offline.PARTIAL: 0,
        Offline.FAILED: 0,
        Offline.PENDING: 0,
    }
    assert (report.pictures, report.errors) == (1, [])
    assert report.summary() == "2 new; unread: 2 of 2 readable offline"
    assert picture is not None
    file = library.home.pictures / picture.path
    assert (picture.width, picture.height, picture.format) == (640, 400, "png")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    for row in library.store.read.first(Scope(), 9):
        article = library.store.read.article(row.id)
        assert article is not None
        assert WORDS.strip() in article.text
        assert "Beranda" not in article.text


async def test_a_page_that_fails_has_its_reason_and_is_tried_again_at_wish(
    library: Library, server: Server
) -> None:
    with_pages(server, "a", "b")
    server.answers["/b"] = answer(b"", 404)
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    assert report.offline[Offline.FAILED] == 1
    assert [failure.url for failure in report.errors] == [server.url + "/b"]
    assert report.summary().endswith("1 of 2 readable offline, 1 failed")
    ((row, reason),) = library.store.read.offline().missing
    assert (row.title, "404" in reason) == ("b", True)
    server.answers["/b"] = page("b")
    report, _ = await library.sync()
    assert report.offline[Offline.FAILED] == 1, "not at once"
    report, _ = await library.sync((), retry=True)
    assert report.offline[Offline.READY] == 2


async def test_a_host_that_is_away_leaves_pages_pending(library: Library) -> None:
    async with Server() as server:
        with_pages(server, "a")
        library.subscribe(server.url + "/feed")
        await library.sync(articles=False)
        ((_row, untried),) = library.store.read.offline().missing
        assert untried == "not tried yet"
    report, _ = await library.sync(())
    assert report.offline[Offline.PENDING] == 1
    ((_row, why),) = library.store.read.offline().missing
    assert why == "No connection to 127.0.0.1."
    async with server:
        report, _ = await library.sync(())
    assert report.offline[Offline.READY] == 1


async def test_the_feeds_own_text_stands_in_for_a_page_that_is_worse(
    library: Library, server: Server
) -> None:
    text = "".join(f"<p>Alinea {n}. {WORDS * 3}</p>" for n in range(6))
    server.answers["/feed"] = answer(feed(server.url, "a", "b", text=text))
    server.answers |= {
        "/a": page("a", "<p>Masuk dahulu.</p>"),
        "/b": answer(b"<html><body></body></html>"),
    }
    library.subscribe(server.url + "/feed", full_text=FullText.ALWAYS)
    report, _ = await library.sync()
    assert report.offline[Offline.READY] == 2
    for row in library.store.read.first(Scope(), 9):
        article = library.store.read.article(row.id)
        assert article is not None
        told = Kind.NONE if row.title == "b" else Kind.FEED  # that a page is no article is said
        assert (article.kind, article.text.count(WORDS.strip())) == (told, 18)


FOOTER = (
    "<p>About the service, press, copyright, contact, creators, advertising, developers, terms, privacy, policy and "
    "safety. How it works and how to try what is new here today.</p><p>All rights reserved, and what else stands at "
    "the bottom of every page of this site, whoever looks at it.</p>"
)
FILMS = {
    "en": "Five days of rain on the lake, and a ferry that would not start. Filmed in March near Parapat.",
    "id": "Lima hari hujan di danau, dan sebuah feri yang tidak mau menyala. Direkam bulan Maret di dekat Parapat.",
    "zh": "湖上连下五天雨，渡轮怎么也发动不起来。三月拍摄于帕拉帕特附近，没有旁白。",
    "th": "ฝนตกห้าวันบนทะเลสาบ และเรือข้ามฟากที่สตาร์ทไม่ติด ถ่ายทำเมื่อเดือนมีนาคมใกล้เมืองปาราปัต",
}


@pytest.mark.parametrize("language", sorted(FILMS))
async def test_the_foot_of_a_films_page_does_not_replace_its_description(
    library: Library, server: Server, language: str
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a", text=FILMS[language]))
    server.answers["/a"] = page("a", f"<div id='player'></div>{FOOTER}")
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    [row] = library.store.read.first(Scope(), 9)
    article = library.store.read.article(row.id)
    assert article is not None
    assert (article.text, article.kind) == (FILMS[language], Kind.FEED)
    assert report.offline[Offline.READY] == 1


@pytest.mark.parametrize("language", ["en", "zh", "th"])
@pytest.mark.parametrize("shown", ["whole", "all but a word", "less", "other"])
async def test_a_page_wins_only_where_it_says_as_much(
    library: Library, server: Server, language: str, shown: str
) -> None:
    lines = DECLARATION[language].strip().split("\n")
    own = "".join(f"<p>{line}</p>" for line in lines[1:])
    pages = {
        "whole": lines,
        "all but a word": [line[:-4] if line is lines[2] else line for line in lines[1:]],
        "less": lines[2:3] * 2 + lines[3:],
        "other": lines[:1],
    }
    server.answers["/feed"] = answer(feed(server.url, "a", text=own + "<p>…</p>"))
    server.answers["/a"] = page("a", "".join(f"<p>{line}</p>" for line in pages[shown]))
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    [row] = library.store.read.first(Scope(), 9)
    article = library.store.read.article(row.id)
    assert article is not None
    if shown in {"whole", "all but a word"}:
        assert (article.kind, report.offline[Offline.READY]) == (Kind.ARTICLE, 1)
        assert article.text.split("\n\n") == pages[shown]
    else:
        assert (article.kind, report.offline[Offline.PARTIAL]) == (Kind.FEED, 1)
        assert lines[1] in article.text
        assert "less of this text" in article.error


async def test_a_page_that_was_thrown_away_is_never_called_ready(
    library: Library, server: Server
) -> None:
    own = "Bupati membuka pasar apung yang baru di tepi danau pagi ini."
    portal = page("WiFi", "<p>Welcome. Please accept the terms of this network to go on.</p>")
    server.answers |= {
        "/feed": answer(feed(server.url, "a", text=own)),
        "/a": answer(b"", 302, Location=f"http://localhost:{server.port}/portal"),
        "/portal": portal,
    }
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    [row] = library.store.read.first(Scope(), 9)
    article = library.store.read.article(row.id)
    assert article is not None
    assert (article.text, article.error) == (own, "No article was found on this page.")
    assert report.offline[Offline.PARTIAL] == 1


async def test_a_page_whose_standfirst_the_feed_gives_wins_with_what_follows(
    library: Library, server: Server
) -> None:
    lead = f"{WORDS}{WORDS}".strip()
    body = "Pasar apung di tepi danau dibuka pagi ini. Bupati datang naik perahu, disambut pedagang dan anak sekolah."
    server.answers["/feed"] = answer(feed(server.url, "a", text=lead))
    server.answers["/a"] = page("a", f"<p class='standfirst'>{lead}</p><p>{body}</p>")
    library.subscribe(server.url + "/feed")
    await library.sync()
    [row] = library.store.read.first(Scope(), 9)
    article = library.store.read.article(row.id)
    assert article is not None
    assert body in article.text
    assert lead in f"{article.lead} {article.text}"


async def test_a_word_in_a_feed_gives_way_to_a_short_page(library: Library, server: Server) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a", text="<a href='/c'>Comments</a>"))
    server.answers["/a"] = page("a", PARAGRAPH)
    library.subscribe(server.url + "/feed")
    await library.sync()
    [row] = library.store.read.first(Scope(), 9)
    article = library.store.read.article(row.id)
    assert article is not None
    assert WORDS.strip() in article.text


async def test_full_text_never_asks_for_no_page(library: Library, server: Server) -> None:
    with_pages(server, "a")
    library.subscribe(server.url + "/feed", full_text=FullText.NEVER)
    report, _ = await library.sync()
    assert report.offline[Offline.READY] == 1
    assert [asked.target for asked in server.asked] == ["/feed"]


async def test_an_article_in_parts_is_put_together_once(library: Library, server: Server) -> None:
    with_pages(server, "a")
    for number in range(1, 30):
        body = "".join(
            f"<p>Bagian nomor {number} dari laporan ini, alinea {n}. {WORDS * 2}</p>"
            for n in range(4)
        )
        link = f"<link rel='next' href='{server.url}/a/{number + 1}'>"
        server.answers["/a" if number == 1 else f"/a/{number}"] = page("a", body, link)
    library.subscribe(server.url + "/feed")
    await library.sync()
    (row,) = library.store.read.first(Scope(), 9)
    article = library.store.read.article(row.id)
    assert article is not None
    places = [article.text.find(f"Bagian nomor {number} ") for number in range(1, 11)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert "Bagian nomor 11 " not in article.text
    assert "10 pages" in article.error
    assert len([asked for asked in server.asked if asked.target.startswith("/a")]) == 10


async def test_a_missing_picture_makes_partial_and_a_counter_is_not_missed(
    library: Library, server: Server
) -> None:
    with_pages(server, "a", "b")
    server.answers["/a"] = page(
        "a", f'{PARAGRAPH * 2}<figure><img src="/foto/gone.jpg"></figure>{PARAGRAPH * 2}'
    )
    server.answers["/b"] = page(
        "b", f'{PARAGRAPH * 2}<figure><img src="/hitung.png"></figure>{PARAGRAPH * 2}'
    )
    server.answers["/hitung.png"] = drawn(1, 1)
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    assert (report.offline[Offline.PARTIAL], report.offline[Offline.READY], report.errors) == (
        1,
        1,
        [],
    )
    report, _ = await library.sync(pictures=False)
    assert report.offline[Offline.READY] == 2, "where pictures are not wanted, none is missing"


async def test_a_page_cannot_make_us_ask_inside(library: Library, server: Server) -> None:
    async with Server() as inside:
        with_pages(server, "a")
        server.answers["/feed"] = answer(feed(server.url, "a").replace(b"/a</link>", b"/a</link>"))
        server.answers["/a"] = page(
            "a", f'{PARAGRAPH * 4}<figure><img src="{inside.url}/foto.png"></figure>'
        )
        other = feed(inside.url, "x")
        server.answers["/other"] = answer(other)
        library.subscribe(server.url + "/feed")
        library.subscribe(server.url + "/other")
        report, _ = await library.sync()
        assert inside.asked == []
    assert report.offline[Offline.FAILED] == 1


async def test_ending_the_iteration_early_cancels_and_the_next_sync_does_the_rest(
    library: Library, server: Server
) -> None:
    names = [f"n{number}" for number in range(12)]
    with_pages(server, *names)

    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> bytes:
        await asyncio.sleep(0.05)
        return page(asked.target[1:])

    server.answers |= {f"/{name}": slow for name in names}
    library.subscribe(server.url + "/feed")
    async with library.session() as session:
        events = session.sync()
        async for event in events:
            if isinstance(event, ArticleDone):
                break
        await events.aclose()  # type: ignore[attr-defined]
        (
            report,
            _,
        ) = await library.sync()  # the lease is free again, while the session is still there
    assert report.offline[Offline.READY] == 12
    pages = [asked.target for asked in server.asked if asked.target != "/feed"]
    assert len(pages) < 12 + 6, "what was stored is not asked for again"


async def test_an_entry_can_be_made_ready_at_once(library: Library, server: Server) -> None:
    with_pages(server, "a", "b")
    library.subscribe(server.url + "/feed")
    await library.sync(articles=False)
    number = library.store.read.first(Scope(), 9)[0].id
    async with library.session() as session:
        assert await session.make_ready([number]) == {number: Offline.READY}
        assert await session.make_ready([number]) == {number: Offline.READY}
    assert len([asked for asked in server.asked if asked.target != "/feed"]) == 1


async def test_a_saved_page_is_a_bookmark_now_or_at_the_next_sync(library: Library) -> None:
    async with Server() as server:
        server.answers["/a"] = page("Judul A")
        async with library.session() as session:
            number = await session.save(server.url + "/a")
            opened = await session.open_page(server.url + "/a")
    assert WORDS.strip() in opened.text
    (row,) = library.store.read.first(Scope(ScopeKind.BOOKMARKS), 9)
    assert (row.id, row.offline) == (number, Offline.READY)
    async with library.session() as session:
        later = await session.save(server.url + "/b")
        assert (await session.open_page(server.url + "/b")).error
    assert library.store.read.rows([later])[0].offline is Offline.PENDING
    async with server:
        server.answers["/b"] = page("Judul B")
        await library.sync()
    (saved,) = library.store.read.rows([later])
    assert (saved.offline, saved.title) == (Offline.READY, "Judul B")


async def test_a_whole_feed_text_is_partial_where_its_page_cannot_be_had(
    library: Library, server: Server
) -> None:
    server.answers["/feed"] = answer(
        feed(server.url, "a", text="".join(f"<p>{n}. {WORDS}</p>" for n in range(20)))
    )
    library.subscribe(server.url + "/feed", full_text=FullText.ALWAYS)
    report, _ = await library.sync()
    assert (report.offline[Offline.PARTIAL], report.errors) == (1, [])


async def test_a_pack_fills_the_minutes_with_what_is_offline(
    library: Library, server: Server
) -> None:
    names = [f"n{number}" for number in range(10)]
    with_pages(server, *names)
    server.answers |= {f"/{name}": page(name, PARAGRAPH * 15) for name in names}
    server.answers["/n3"] = answer(b"", 500)
    library.subscribe(server.url + "/feed")
    await library.sync(articles=False)
    async with library.session() as session:
        packed = await session.pack(9)
    rows = library.store.read.rows(packed.ids)
    assert packed.minutes == sum(row.minutes for row in rows) <= 9
    assert packed.minutes >= 6
    assert all(row.offline is Offline.READY for row in rows)


async def test_budgets_leave_the_rest_pending(library: Library, server: Server) -> None:
    from dataclasses import replace

    with_pages(server, "a", "b", "c")
    library.settings = replace(library.settings, articles_per_sync=2)
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    assert (report.offline[Offline.READY], report.offline[Offline.PENDING]) == (2, 1)
    assert report.summary().endswith("2 of 3 readable offline, 1 pending")


async def test_the_last_line_of_a_sync_leaves_nothing_out_that_is_not_here(
    library: Library, server: Server
) -> None:
    from dataclasses import replace

    with_pages(server, "a", "b", "c", "d", "e")
    server.answers["/a"] = page("a", f'<img src="/gone.png">{PARAGRAPH * 4}')
    library.settings = replace(library.settings, newest_unread=2)
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    assert report.summary().startswith("5 new; unread: 2 of 2 readable offline")
    assert report.summary().endswith("; 3 read ones fetched when opened")
    unread, read = (
        list(library.store.read.ids(Scope(filter=f"is:{which}"))) for which in ("unread", "read")
    )
    library.store.write.set_bookmark(read[:1], True).result()
    library.store.write.set_read(unread, True).result()
    report, _ = await library.sync()
    assert (
        report.summary()
        == "0 new; unread and bookmarked: 1 of 1 readable offline; 2 read ones fetched when opened"
    )
    library.store.write.set_bookmark(read[:1], False).result()
    report, _ = await library.sync()
    assert report.summary() == "0 new; 2 read ones fetched when opened"


async def test_what_lacks_a_picture_is_named_beside_what_is_whole(
    library: Library, server: Server
) -> None:
    with_pages(server, "a", "b")
    server.answers["/a"] = page("a", f'<img src="/gone.png">{PARAGRAPH * 4}')
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    assert report.summary() == "2 new; unread: 2 of 2 readable offline, 1 of them partly"


@pytest.mark.parametrize("hour", ["08:00"])
async def test_a_failed_page_is_tried_again_after_an_hour(
    library: Library, server: Server, later: Callable[[str], None], hour: str
) -> None:
    with_pages(server, "a")
    server.answers["/a"] = answer(b"", 500)
    library.subscribe(server.url + "/feed")
    later(hour)
    await library.sync()
    server.answers["/a"] = page("a")
    later("08:30")
    assert (await library.sync())[0].offline[Offline.FAILED] == 1
    later("09:30")
    assert (await library.sync())[0].offline[Offline.READY] == 1


async def test_a_new_rule_cleans_stored_articles_again_and_touches_no_marks(
    library: Library, server: Server
) -> None:
    with_pages(server, "a")
    server.answers["/a"] = page("a", PARAGRAPH * 3 + "<p>Kabar kilat: mampir ya</p>" + PARAGRAPH)
    library.subscribe(server.url + "/feed")
    await library.sync()
    write, read = library.store.write, library.store.read
    [entry] = read.ids(Scope())
    write.set_bookmark([entry]).result()
    write.set_place(entry, 2.5).result()
    before, mark = read.article(entry), read.mark(entry)
    assert before is not None
    assert "Kabar kilat" in before.text
    (library.home.config / "rules").mkdir(parents=True)
    rule = rule_for("127.0.0.1", "Kabar kilat: mampir ya", keep=False)
    (library.home.config / "rules" / "mine.toml").write_text(rule, "utf-8")
    await library.sync()
    after = read.article(entry)
    assert after is not None
    assert "Kabar kilat" not in after.text
    assert [cut.where for cut in after.cuts if cut.by.startswith("mine.")] == ["p"]
    assert (read.mark(entry), read.rows([entry])[0].offline) == (mark, Offline.READY)
    assert [asked.target for asked in server.asked].count("/a") == 1


async def test_a_rule_that_the_reader_writes_holds_at_once_for_an_open_article(
    library: Library, server: Server
) -> None:
    with_pages(server, "a")
    server.answers["/a"] = page("a", PARAGRAPH * 3 + "<p>Kabar kilat: mampir ya</p>" + PARAGRAPH)
    library.subscribe(server.url + "/feed")
    async with library.session() as session:
        _events = [event async for event in session.sync()]
        [entry] = library.store.read.ids(Scope())
        (library.home.config / "rules").mkdir(parents=True)
        file = library.home.config / "rules" / "mine.toml"
        for keep in (False, True):
            file.write_text(rule_for("127.0.0.1", "Kabar kilat", keep=keep), "utf-8")
            assert await session.clean_again([entry]) == [entry]
            article = library.store.read.article(entry)
            assert article is not None
            assert ("Kabar kilat" in article.text) is keep
        assert await session.clean_again([entry]) == []
