"""Adding a feed: what stands at an address, and what happens when nothing does."""

from __future__ import annotations

import errno
import socket
from typing import Any

import pytest

from bacatui.model import FullText
from tests.fetch.server import Server, answer
from tests.sync.conftest import Library, feed


async def test_an_added_feed_has_its_entries_after_one_request(
    library: Library, server: Server
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a", "b"), ETag='"1"')
    async with library.session() as session:
        added = await session.add(server.url + "/feed", folder="Kota", full_text=FullText.NEVER)
        again = await session.add(server.url + "/feed")
    assert added.feed is not None
    assert (added.feed.title, added.feed.folder, added.feed.entries, added.error) == (
        "Kabar",
        "Kota",
        2,
        "",
    )
    assert again.feed is not None
    assert (again.feed.id, again.is_new, bool(again.error)) == (added.feed.id, False, True)
    await library.sync()
    assert server.asked[-1].headers["if-none-match"] == '"1"'


@pytest.mark.parametrize(
    "made", [answer(b"", 404), answer(b"", 410), answer(b"hanya kata"), answer(b"{}")]
)
async def test_what_is_no_feed_is_not_subscribed(
    library: Library, server: Server, made: bytes
) -> None:
    server.answers["/feed"] = made
    async with library.session() as session:
        added = await session.add(server.url + "/feed")
        nonsense = await session.add("bukan alamat")
    assert (added.feed, bool(added.error), nonsense.feed) == (None, True, None)
    assert library.store.read.feeds() == []


async def test_a_network_that_fails_subscribes_and_says_so(library: Library) -> None:
    server = Server()
    async with server:
        pass
    async with library.session() as session:
        added = await session.add(f"http://127.0.0.1:{server.port}/feed")
    assert added.feed is not None
    assert added.error
    server.answers["/feed"] = answer(feed("http://a.example", "a"))
    async with server:
        await library.sync(articles=False)
    assert library.titles() == ["a"]


async def test_a_page_leads_to_the_feed_that_it_announces(library: Library, server: Server) -> None:
    link = "<link rel='alternate' type='application/rss+xml' title='{0}' href='/{0}.xml'>"
    server.answers |= {
        "/": answer(
            f"<html><head>{link.format('satu')}</head></html>".encode(), Content_Type="text/html"
        ),
        "/two": answer(
            f"<html><head>{link.format('satu')}{link.format('dua')}</head></html>".encode()
        ),
        "/satu.xml": answer(feed(server.url, "a", title="Satu")),
        "/dua.xml": answer(feed(server.url, "b", title="Dua")),
    }
    async with library.session() as session:
        seen = await session.preview(server.url + "/")
        choice = await session.preview(server.url + "/two")
        added = await session.add(server.url + "/two")
    assert seen.parsed is not None
    assert (seen.url, seen.parsed.title) == (server.url + "/satu.xml", "Satu")
    assert [each.url for each in choice.choices] == [
        server.url + "/satu.xml",
        server.url + "/dua.xml",
    ]
    assert added.feed is not None
    assert (added.feed.title, len(added.choices)) == ("Satu", 2)


async def test_a_typed_password_is_used_and_never_stored(library: Library, server: Server) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"))
    typed = f"http://siti:sandi-rahasia@127.0.0.1:{server.port}/feed"
    async with library.session() as session:
        added = await session.add(typed)
    assert server.asked[0].headers["authorization"] == "Basic c2l0aTpzYW5kaS1yYWhhc2lh"
    assert added.feed is not None
    assert added.feed.url == server.url + "/feed"
    library.store.close()
    for file in library.home.data.iterdir():
        assert b"sandi-rahasia" not in file.read_bytes(), file


@pytest.mark.parametrize("count", [1, 2])
async def test_a_page_cannot_offer_a_feed_that_is_inside(
    library: Library, server: Server, count: int
) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='{0}'>"
    async with Server() as inside:
        inside.answers["/"] = answer(feed(inside.url, "a", title="Dalam"))
        links = link.format(inside.url + "/") + link.format("/satu.xml") * (count - 1)
        server.answers["/"] = answer(
            f"<html><head>{links}</head></html>".encode(), Content_Type="text/html"
        )
        server.answers["/satu.xml"] = answer(feed(server.url, "a", title="Satu"))
        async with library.session() as session:
            seen = await session.preview(server.url + "/")
            added = await session.add(server.url + "/")
        assert inside.asked == []
    assert seen.choices == added.choices == ()
    assert [each.title for each in library.store.read.feeds()] == ["Satu"] * (count - 1)


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, OSError | UnicodeError]:
    """What asking for a name ends with."""
    answers, real = dict[str, OSError | UnicodeError](), socket.getaddrinfo

    def look_up(host: str, *more: Any, **named: Any) -> list[Any]:
        if host in answers:
            raise answers[host]
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


@pytest.mark.parametrize("typed", ["http://salah.test/feed", "salah.test", "https://salah.test"])
@pytest.mark.parametrize("answer", [socket.gaierror(socket.EAI_NONAME, "x"), socket.gaierror(socket.EAI_NODATA, "x"),
                                    UnicodeError("label too long")])  # fmt: skip
async def test_a_name_that_nobody_has_is_not_subscribed(
    library: Library,
    resolver: dict[str, OSError | UnicodeError],
    typed: str,
    answer: OSError | UnicodeError,
) -> None:
    resolver["salah.test"] = answer
    async with library.session() as session:
        seen = await session.preview(typed)
        added = await session.add(typed)
        assert (seen.is_unknown, seen.can_wait, added.feed, added.is_unknown) == (
            True,
            False,
            None,
            True,
        )
        assert library.store.read.feeds() == []
        forced = await session.add(typed, force=True)
        assert (
            forced.feed is not None
            and forced.is_new
            and forced.error == "The host salah.test was not found."
        )
        again = await session.add(typed)
        assert (again.feed and again.feed.id, again.is_new, again.is_unknown) == (
            forced.feed.id,
            False,
            False,
        )


@pytest.mark.parametrize(
    "answer",
    [socket.gaierror(socket.EAI_AGAIN, "x"), socket.gaierror(socket.EAI_FAIL, "x"), TimeoutError(),
     socket.gaierror(socket.EAI_MEMORY, "x"), OSError(errno.ENETUNREACH, "x"), OSError(errno.EMFILE, "x")],
)  # fmt: skip
async def test_any_other_failure_of_the_resolver_subscribes_and_waits(
    library: Library, resolver: dict[str, OSError | UnicodeError], answer: OSError
) -> None:
    resolver["nanti.test"] = answer
    async with library.session() as session:
        added = await session.add("nanti.test/feed")
    assert added.feed is not None and added.error
    assert (added.feed.url, added.is_unknown) == ("https://nanti.test/feed", False)


async def test_a_redirect_to_a_name_that_nobody_has_is_no_typo(
    library: Library, server: Server, resolver: dict[str, OSError | UnicodeError]
) -> None:
    resolver["salah.test"] = socket.gaierror(socket.EAI_NONAME, "x")
    server.answers["/feed"] = answer(b"", 302, Location="http://salah.test/feed")
    async with library.session() as session:
        added = await session.add(server.url + "/feed")
    assert added.feed is not None and not added.is_unknown


async def test_what_is_no_feed_can_be_forced_but_not_what_is_refused(
    library: Library, server: Server
) -> None:
    server.answers["/feed"] = answer(b"hanya kata")
    async with library.session() as session:
        for forced in (server.url + "/feed", server.url + "/gone"):
            assert (await session.add(forced, force=True)).feed is not None
        for refused in ("http://169.254.169.254/", "bukan alamat"):
            assert (await session.add(refused, force=True)).feed is None
    assert len(library.store.read.feeds()) == 2
