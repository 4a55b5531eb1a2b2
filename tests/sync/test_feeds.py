"""Feeds through a real sync: what is asked, what is kept, what moves, and what is left in peace."""

from __future__ import annotations

import gc
from collections.abc import Callable
from hashlib import sha256

import pytest

from bacatui.model import FetchState, Offline, Scope, ScopeKind
from bacatui.store import StoreFull, doctor
from bacatui.sync import FeedDone, Outcome, Started
from tests.fetch.server import Server, answer
from tests.sync.conftest import Library, feed, page

At = Callable[[str], None]
LOGIN = answer(
    b"<html><head><title>Masuk</title></head><body><form>login</form></body></html>",
    Content_Type="text/html",
)


async def test_the_second_sync_sends_the_validators_and_changes_nothing(
    library: Library, server: Server
) -> None:
    server.answers["/feed"] = answer(
        feed(server.url, "a", "b"), ETag='W/"1"', Last_Modified="kemarin"
    )
    library.subscribe(server.url + "/feed")
    report, events = await library.sync(articles=False)
    assert events[0] == Started(1)
    assert (report.feeds[Outcome.OK], report.new, library.titles()) == (1, 2, ["a", "b"])
    server.answers["/feed"] = answer(b"", 304)
    report, _ = await library.sync(articles=False)
    assert (report.feeds[Outcome.UNCHANGED], report.new, report.updated, report.bytes) == (
        1,
        0,
        0,
        0,
    )
    assert server.asked[-1].headers["if-none-match"] == 'W/"1"'
    assert server.asked[-1].headers["if-modified-since"] == "kemarin"


async def test_the_same_bytes_again_are_neither_parsed_nor_stored(
    library: Library, server: Server
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"))
    library.subscribe(server.url + "/feed")
    await library.sync(articles=False)
    report, _ = await library.sync(articles=False)
    assert (report.feeds[Outcome.UNCHANGED], report.updated) == (1, 0)


@pytest.mark.parametrize(
    "wrong", [LOGIN, answer(b""), answer(b"\x89PNG\r\n\x1a\n"), answer(b"{}"), answer(b"x", 500)]
)
async def test_what_is_no_feed_changes_nothing_but_the_error(
    library: Library, server: Server, later: At, wrong: bytes
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a", "b"), ETag='"1"')
    number = library.subscribe(server.url + "/feed")
    later("08:00")
    await library.sync(articles=False)
    server.answers["/feed"] = wrong
    later("10:00")
    report, _ = await library.sync(articles=False)
    known, state = library.store.read.feed(number), library.store.read.fetch_state(number)
    assert known is not None
    assert (report.feeds[Outcome.FAILED], len(report.errors)) == (1, 1)
    assert (known.title, known.entries, known.status, state.etag) == ("Kabar", 2, "failing", '"1"')
    assert known.error
    asked = len(server.asked)
    report, _ = await library.sync(articles=False)
    assert (report.feeds[Outcome.WAITING], len(server.asked)) == (1, asked), (
        "a host that failed is left in peace"
    )
    later("14:00")
    await library.sync(articles=False)
    assert len(server.asked) == asked + 1
    server.answers["/feed"] = answer(feed(server.url, "a", "b", "c"))
    later("+3 14:00")
    report, _ = await library.sync(articles=False, due=True)
    assert (report.feeds[Outcome.OK], library.store.read.fetch_state(number).errors) == (1, 0)


async def test_a_move_is_written_at_the_second_sighting_and_what_is_undone_stays_undone(
    library: Library, server: Server
) -> None:
    server.answers |= {
        "/old": answer(b"", 301, Location="/new"),
        "/new": answer(feed(server.url, "a"), ETag='"n"'),
    }
    number = library.subscribe(server.url + "/old")

    def url() -> str:
        known = library.store.read.feed(number)
        assert known is not None
        return known.url.removeprefix(server.url)

    await library.sync(articles=False)
    assert url() == "/old"
    await library.sync(articles=False)
    assert url() == "/new"
    act = library.store.read.journal()[0]
    assert act.author == "sync"
    library.store.write.undo(act.id).result()
    assert url() == "/old"
    for _ in range(3):
        await library.sync(articles=False)
    assert url() == "/old"


@pytest.mark.parametrize("target", ["/login", "/nothing"])
async def test_a_move_to_what_is_no_feed_is_not_written(
    library: Library, server: Server, later: At, target: str
) -> None:
    server.answers |= {"/old": answer(b"", 301, Location=target), "/login": LOGIN}
    number = library.subscribe(server.url + "/old")
    for day in range(4):
        later(f"+{day * 4} 08:00")
        await library.sync(articles=False)
    known = library.store.read.feed(number)
    assert known is not None
    assert known.url == server.url + "/old"


async def test_two_feeds_that_become_one_are_merged_with_their_marks(
    library: Library, server: Server
) -> None:
    server.answers |= {
        "/old": answer(feed(server.url, "a", "b")),
        "/new": answer(feed(server.url, "b", "c")),
    }
    library.subscribe(server.url + "/old")
    library.subscribe(server.url + "/new")
    await library.sync(articles=False)
    read = library.store.read
    old_b = next(
        row
        for row in read.first(Scope(), 9)
        if row.title == "b" and row.feed_title == "Kabar" and row.feed_id == 1
    )
    library.store.write.set_bookmark([old_b.id]).result()
    server.answers["/old"] = answer(b"", 308, Location="/new")
    for _ in range(2):
        await library.sync(articles=False)
    assert [known.url for known in read.feeds()] == [server.url + "/new"]
    rows = read.first(Scope(), 9)
    assert sorted(row.title for row in rows if row.feed_id == 2) == ["a", "b", "c"]
    assert any(row.title == "b" and row.is_bookmarked and row.feed_id == 2 for row in rows)


async def test_gone_stops_for_good_and_keeps_the_entries(
    library: Library, server: Server, later: At
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"))
    library.subscribe(server.url + "/feed")
    later("08:00")
    await library.sync(articles=False)
    server.answers["/feed"] = answer(b"", 410)
    for hour in ("09:00", "+9 09:00", "+20 09:00"):
        later(hour)
        report, _ = await library.sync(articles=False)
    assert len(server.asked) == 2
    assert report.feeds[Outcome.WAITING] == 1
    assert library.titles() == ["a"]


async def test_retry_after_is_obeyed_after_a_restart(
    library: Library, server: Server, later: At
) -> None:
    server.answers["/feed"] = answer(b"", 429, Retry_After="7200")
    library.subscribe(server.url + "/feed")
    for when in ("08:00", "08:30", "09:59"):
        later(when)
        await library.sync()
        await library.sync(due=True)
        await library.sync(retry=True)
    assert len(server.asked) == 1
    later("10:01")
    server.answers["/feed"] = answer(feed(server.url, "a"))
    report, _ = await library.sync(articles=False)
    assert report.feeds[Outcome.OK] == 1


async def test_due_asks_only_whose_time_has_come(
    library: Library, server: Server, later: At
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"), ETag='"1"')
    library.subscribe(server.url + "/feed")
    later("08:00")
    await library.sync(articles=False, due=True)
    later("08:59")
    _, events = await library.sync(articles=False, due=True)
    assert events[0] == Started(0)
    later("09:00")
    _, events = await library.sync(articles=False, due=True)
    assert events[0] == Started(1)


async def test_the_reader_may_retry_a_feed_in_trouble_but_not_at_once(
    library: Library, server: Server, later: At
) -> None:
    server.answers["/feed"] = answer(b"", 500)
    number = library.subscribe(server.url + "/feed")
    for when, asked in (("08:00", 1), ("08:03", 1), ("08:06", 2)):
        later(when)
        await library.sync([number], retry=True)
        assert len(server.asked) == asked
    server.answers["/feed"] = answer(feed(server.url, "a"), ETag='"1"')
    later("08:12")
    await library.sync([number], retry=True, articles=False)
    later("08:20")
    await library.sync([number], articles=False)
    later("08:30")
    await library.sync([number], retry=True, articles=False)
    assert ["if-none-match" in each.headers for each in server.asked[2:]] == [False, True, True]


async def test_a_document_that_was_refused_is_read_again_at_the_readers_wish_alone(
    library: Library, server: Server
) -> None:
    body = feed(server.url, "a")
    server.answers["/feed"] = answer(body)
    number = library.subscribe(server.url + "/feed")
    refused = FetchState(
        refused_hash=sha256(body).hexdigest(),
        status="failing",
        error="It crashed the process that reads it.",
    )
    library.store.write.store_state(number, refused).result()
    report, _ = await library.sync(articles=False)
    assert (report.feeds[Outcome.FAILED], report.errors[0].error) == (1, refused.error)
    library.store.write.store_state(number, refused).result()
    report, _ = await library.sync(articles=False, retry=True)
    assert (report.feeds[Outcome.OK], library.titles()) == (1, ["a"])


async def test_a_host_that_was_away_is_asked_at_the_next_wish(
    library: Library, server: Server
) -> None:
    away = Server()
    async with away:
        pass
    library.subscribe(f"http://127.0.0.1:{away.port}/feed")
    report, _ = await library.sync(articles=False)
    assert report.feeds[Outcome.FAILED] == 1
    away.answers["/feed"] = answer(feed(away.url, "a"))
    async with away:
        report, _ = await library.sync(articles=False)
    assert (report.feeds[Outcome.OK], library.titles()) == (1, ["a"])


async def test_one_feed_that_fails_leaves_the_others_alone(
    library: Library, server: Server
) -> None:
    server.answers |= {"/good": answer(feed(server.url, "a")), "/bad": LOGIN}
    for path in ("/bad", "/good", "/none"):
        library.subscribe(server.url + path)
    report, events = await library.sync(articles=False)
    outcomes = {
        event.feed.url.removeprefix(server.url): event.outcome
        for event in events
        if isinstance(event, FeedDone)
    }
    assert outcomes == {"/bad": Outcome.FAILED, "/good": Outcome.OK, "/none": Outcome.FAILED}
    made = report.to_dict()
    assert made["feeds"] == {"ok": 1, "unchanged": 0, "failed": 2, "waiting": 0}
    assert sorted(made) == [
        "articles",
        "bytes",
        "entries",
        "errors",
        "feeds",
        "pictures",
        "seconds",
    ]
    assert {error["url"] for error in made["errors"]} == {server.url + "/bad", server.url + "/none"}


async def test_a_document_that_broke_off_is_asked_for_again_in_full(
    library: Library, server: Server
) -> None:
    whole = feed(server.url, "a", "b", "c")
    server.answers["/feed"] = answer(whole[: whole.rindex(b"<item>") + 20], ETag='"cut"')
    library.subscribe(server.url + "/feed")
    await library.sync(articles=False)
    assert library.titles() == ["a", "b"]
    server.answers["/feed"] = answer(whole)
    await library.sync(articles=False)
    assert "if-none-match" not in server.asked[-1].headers
    assert library.titles() == ["a", "b", "c"]


async def test_what_was_left_out_of_a_feed_is_told_until_it_comes_whole(
    library: Library, server: Server
) -> None:
    whole = feed(server.url, "satu", "dua")
    server.answers["/feed"] = answer(whole[: whole.index(b"dua") + 30])
    library.subscribe(server.url + "/feed")
    for _time in range(2):
        await library.sync(articles=False)
        (one,) = library.store.read.feeds()
        assert (one.status, one.entries) == ("ok", 1)
        assert "breaks off" in one.error
    server.answers["/feed"] = answer(whole)
    await library.sync(articles=False)
    (one,) = library.store.read.feeds()
    assert (one.error, one.entries) == ("", 2)


async def test_the_readers_own_headers_go_along(library: Library, server: Server) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"))
    library.subscribe(
        server.url + "/feed", settings={"headers": "X-Key: rahasia\nHost: evil.example\nbroken"}
    )
    await library.sync(articles=False)
    assert server.asked[0].headers["x-key"] == "rahasia"
    assert server.asked[0].headers["host"] == f"127.0.0.1:{server.port}"


async def test_a_password_comes_from_a_command_without_a_shell(
    library: Library, server: Server
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"))
    settings = {"user": "siti", "password_command": "echo 'kata sandi; $(touch x)'"}
    library.subscribe(server.url + "/feed", settings=settings)
    await library.sync(articles=False)
    import base64

    sent = server.asked[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent) == b"siti:kata sandi; $(touch x)"


async def test_more_hosts_than_can_be_asked_at_once_are_all_asked(library: Library) -> None:
    for host in range(2, 50):
        for name in "abc":
            library.subscribe(f"http://127.0.0.{host}:9/{name}")  # where nobody answers
    report, _events = await library.sync()
    assert len(report.errors) == 48 * 3


async def test_a_captive_portal_changes_nothing_and_is_no_article(
    library: Library, server: Server, later: At
) -> None:
    server.answers |= {"/feed": answer(feed(server.url, "a"), ETag='"1"'), "/a": page("Judul")}
    number = library.subscribe(server.url + "/feed")
    later("08:00")
    await library.sync()
    portal = b"<html><head><title>WiFi</title></head><body><h1>Welcome</h1><form><p>Room number</p></form></body></html>"
    away = answer(b"", 302, Location=f"http://localhost:{server.port}/portal")
    server.answers |= {
        "/portal": answer(portal, Content_Type="text/html", ETag='"p"'),
        "/feed": away,
        "/b": away,
    }
    library.store.write.save_page(server.url + "/b").result()
    later("10:00")
    report, _ = await library.sync()
    assert (report.feeds[Outcome.FAILED], report.new) == (1, 0)
    state = library.store.read.fetch_state(number)
    assert (state.etag, state.moved_to, library.titles()) == ('"1"', "", ["a", server.url + "/b"])
    saved = library.store.read.first(Scope(ScopeKind.BOOKMARKS), 5)[0]
    assert saved.offline is Offline.FAILED


async def test_a_disk_that_fills_up_is_one_error_and_what_was_stored_stays(
    library: Library, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(12):
        server.answers[f"/{n}"] = answer(
            feed(server.url, *(f"{n}-{k}" for k in range(40)), text="kata " * 2_000)
        )
        library.subscribe(f"{server.url}/{n}")

    def limit(pages: int) -> None:
        setting = f"PRAGMA max_page_count = {pages}"
        library.store.write.submit(
            1, lambda: library.store.write.sync.execute(setting) and None
        ).result()

    limit(600)
    with pytest.raises(StoreFull):
        await library.sync(articles=False)
    gc.collect()
    assert caplog.records == []
    assert all(finding.is_good for finding in doctor(library.store))
    limit(900_000)
    await library.sync(articles=False)
    assert len(library.titles()) == 480
