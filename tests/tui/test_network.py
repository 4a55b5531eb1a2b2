"""A feed that leads into the user's own network is asked about on the screen, once, and allowed there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import Store
from tests.resolver import Names
from tests.tui.conftest import Opened, Screen

FEED = b"<rss version='2.0'><channel><title>Rumah</title><item><title>Rahasia</title></item></channel></rss>"


class Home(BaseHTTPRequestHandler):
    """A feed in the user's own network, and a page that links to it."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def inside() -> Iterator[tuple[int, list[str]]]:
    """The port of a server on this machine, and what it was asked."""
    Home.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Home)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1], Home.asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Names:
    """What the sync's process finds when it asks for names."""
    found = Names(tmp_path / "names")
    found.say(rumah_test="127.0.0.1", a_test="127.0.0.1")
    monkeypatch.syspath_prepend(str(found.folder))
    return found


async def choose(screen: Screen, text: str) -> None:
    """Put the cursor of the dialogue on this line, and press Enter."""
    listed = screen.app.screen.list  # type: ignore[attr-defined]
    prompts = [str(listed.get_option_at_index(at).prompt) for at in range(listed.option_count)]
    listed.highlighted = next(at for at, prompt in enumerate(prompts) if text in prompt)
    await screen.press("enter")


@pytest.mark.usefixtures("names")
async def test_a_feed_that_leads_inside_is_asked_about_once_and_allowed_in_its_details(
    store: Store, opened: Opened, inside: tuple[int, list[str]]
) -> None:
    port, asked = inside
    feed = store.write.add_feed(f"http://rumah.test:{port}/feed", "Rumah").result()
    async with opened(110, 32) as screen:
        await screen.press("R")
        await screen.sees("In your own network now, so not asked; press i on the feed: Rumah")
        assert "offline" not in screen.picture().splitlines()[-1]
        await screen.press("R")
        await screen.sees("1 feed failed")
        assert asked == []
        await screen.press("h", "j", "j", "j", "i")
        assert "rumah.test now leads into your own network" in await screen.sees("What to do")
        await choose(screen, "It is in my own network: allow it")
        await screen.sees("Rahasia")
    found = store.read.feed(feed.id)
    assert found is not None and found.settings == {"network": "inside"}
    assert asked == ["/feed"]


async def test_a_link_of_an_article_is_neither_kept_nor_subscribed_to_where_it_leads_inside(
    store: Store, opened: Opened, inside: tuple[int, list[str]]
) -> None:
    port, asked = inside
    feed = store.write.add_feed("https://kabar.example/feed", "Kabar").result()
    html = f'<p>Tekan <a href="http://127.0.0.1:{port}/reboot">di sini</a> untuk membaca.</p>'
    entry = ParsedEntry(
        "1", "Satu", "https://kabar.example/1", content=html, text="Tekan di sini untuk membaca."
    )
    store.write.store_feed(
        feed.id, ParsedFeed("Kabar", entries=(entry,)), FetchState(status="ok")
    ).result()
    async with opened(110, 32) as screen:
        await screen.press("enter", "u")
        await screen.sees("di sini")
        await screen.press("enter")
        await choose(screen, "Keep the page as a bookmark")
        await screen.sees("lies in your own network, where links do not lead")
        await screen.press("u")
        await screen.sees("di sini")
        await screen.press("enter")
        await choose(screen, "Subscribe")
        await screen.sees("was not chosen by you")
        await screen.press("enter")  # the same address again is not typed either
        await screen.sees("was not chosen by you")
    assert asked == []
    assert [each.url for each in store.read.feeds()] == ["https://kabar.example/feed"]


async def test_an_address_that_is_typed_may_lie_inside(
    store: Store, opened: Opened, inside: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, asked = inside
    real = socket.getaddrinfo
    found = {"rumah.test": "127.0.0.1"}
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **named: real(found.get(host, host), *more, **named),
    )
    feed = store.write.add_feed("https://kabar.example/feed", "Kabar").result()
    async with opened(110, 32) as screen:
        await screen.press("a", *f"127.0.0.1:{port}/feed", "enter")
        await screen.sees("Enter subscribes")
        await screen.press("enter")
        await screen.sees("Subscribed to Rumah")
        assert asked == ["/feed"]
        await screen.press("h", *["k"] * 9, "j", "j", "j", "E")
        assert "Kabar" in await screen.sees("Password command")
        await choose(screen, "Address")
        await screen.press(*["backspace"] * 40, *f"http://rumah.test:{port}/baru", "enter")
        await screen.sees(f"rumah.test:{port}/baru")
    settings = {each.title: each.settings for each in store.read.feeds()}
    assert settings == {"Kabar": {"network": "inside"}, "Rumah": {"network": "inside"}}
    changed = store.read.feed(feed.id)
    assert changed is not None and changed.url == f"http://rumah.test:{port}/baru"


async def test_a_typo_is_corrected_or_subscribed_to_all_the_same(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(host: str, *_more: object, **_named: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with opened(80, 24) as screen:
        await screen.press("escape", "a", *"exmaple.test", "enter")
        await screen.sees("Correct the address")
        assert "The host exmaple.test was not found." in screen.picture()
        await screen.press("enter")  # typed twice by mistake: it goes back to the line
        await screen.sees("Add a feed")
        assert "exmaple.test" in screen.picture()
        assert store.read.feeds() == []
        await screen.press("enter")
        await screen.sees("Subscribe all the same")
        await screen.press("down", "enter")
        await screen.sees("Subscribed to https://exmaple.test")
    assert [each.url for each in store.read.feeds()] == ["https://exmaple.test"]
