"""Feeds that are chosen together: what cannot be read is skipped or waits, and the others are there."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

import pytest

from bacatui.packs import StarterFeed
from bacatui.sync import Joined
from tests.fetch.server import Asked, Server, answer
from tests.sync.conftest import Library, feed
from tests.waiting import LONGEST


def offered(server: Server, *paths: str) -> list[StarterFeed]:
    return [StarterFeed(path[1:].title(), server.url + path) for path in paths]


async def joined(library: Library, feeds: Sequence[StarterFeed], **more: float) -> Joined:
    async with library.session() as session:
        return await session.add_together(feeds, "Pack", lambda: None, **more)


def titles(library: Library) -> list[str]:
    return sorted(feed.title for feed in library.store.read.feeds())


@pytest.fixture
def no_such_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that knows loopback alone."""
    known = socket.getaddrinfo

    def resolve(host: str, *given: object, **more: object) -> object:
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.usefixtures("no_such_name")
async def test_a_dead_address_is_skipped_and_the_others_go_on(
    library: Library, server: Server
) -> None:
    server.answers = {
        "/good": answer(feed(server.url, "one", "two")),
        "/gone": answer(b"", 410),
        "/page": answer(b"<html><body><p>Welcome", Content_Type="text/html"),
        "/busy": answer(b"", 503),
    }
    feeds = offered(server, "/good", "/missing", "/gone", "/page", "/busy")
    feeds.append(StarterFeed("Nowhere", "https://nowhere.example/feed"))
    found = await joined(library, feeds)
    assert titles(library) == ["Busy", "Good"]
    assert {feed.folder for feed in library.store.read.feeds()} == {"Pack"}
    assert library.titles() == ["one", "two"]
    assert found.is_online
    assert {feed.title: why for feed, why in found.skipped} == {
        "Missing": "127.0.0.1 has nothing at this address (404).",
        "Gone": "127.0.0.1 says that this is gone for good (410).",
        "Page": "This is a web page, not a feed.",
        "Nowhere": "The host nowhere.example was not found.",
    }
    assert [(feed.title, why) for feed, why in found.waiting] == [
        ("Busy", "127.0.0.1 answered with an error (503).")
    ]


@pytest.mark.usefixtures("no_such_name")
async def test_without_a_network_all_are_kept_and_wait_for_it(
    library: Library, server: Server
) -> None:
    server.answers = {"/feed": answer(feed(server.url, "one"))}
    feeds = [*offered(server, "/feed"), StarterFeed("Far", "https://far.example/feed")]
    async with Server() as closed:
        feeds[0] = StarterFeed("Feed", f"{closed.url}/feed")
    found = await joined(library, feeds)
    assert not found.is_online
    assert (found.skipped, [feed.title for feed, _why in found.waiting]) == ([], ["Feed", "Far"])
    assert titles(library) == ["Far", "Feed"]
    async with Server({"/feed": answer(feed("http://a.example", "one"))}, port=closed.port):
        await library.sync()
    assert library.titles() == ["one"]


async def test_what_does_not_answer_in_time_is_left_to_the_next_sync(
    library: Library, server: Server
) -> None:
    is_over = asyncio.Event()

    async def slow(_asked: Asked, _writer: object) -> bytes:
        await is_over.wait()
        return answer(feed(server.url, "late"))

    server.answers = {"/slow": slow, "/good": answer(feed(server.url, "early"))}
    async with asyncio.timeout(LONGEST):
        found = await joined(library, offered(server, "/slow", "/good"), patience=1.0)
    assert (titles(library), library.titles()) == (["Good", "Slow"], ["early"])
    assert len(found.slow) == 1
    is_over.set()
    await library.sync(found.slow)
    assert library.titles() == ["early", "late"]


async def test_what_is_subscribed_already_is_not_asked(library: Library, server: Server) -> None:
    server.answers = {"/new": answer(feed(server.url, "one"))}
    there = library.subscribe(f"{server.url}/there")
    found = await joined(library, offered(server, "/there", "/new"))
    assert (found.known, len(found.read)) == ([there], 1)
    assert [asked.target for asked in server.asked] == ["/new"]
