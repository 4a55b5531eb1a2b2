"""A command line to call, a library to call it on, and a site on loopback to subscribe to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bacatui import cli, paths
from bacatui.model import Article, Enclosure, FetchState, Offline, ParsedEntry, ParsedFeed
from bacatui.store import Store, open_store

NOW = "2026-05-04T12:00:00Z"


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> paths.Home:
    """An empty home that every command of this test finds, at a fixed time, in English."""
    monkeypatch.setenv("BACATUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BACATUI_NOW", NOW)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLUMNS", "80")
    return paths.home(tmp_path / "home")


@pytest.fixture
def run(home: paths.Home, pooled: None, capfd: pytest.CaptureFixture[str]) -> Run:
    """Calls a command in this process; the words are given one by one."""

    def call(*words: str) -> Outcome:
        capfd.readouterr()
        code = cli.run(words)
        return Outcome(code, *capfd.readouterr())

    return call


def parsed(
    *entries: ParsedEntry, title: str = "Mimbar", link: str = "https://mimbar.example/"
) -> ParsedFeed:
    return ParsedFeed(title=title, link=link, language="id", entries=entries, format="rss20")


def entry(number: int, title: str, text: str, **more: Any) -> ParsedEntry:
    facts: dict[str, Any] = {
        "link": f"https://mimbar.example/{number}",
        "published": datetime(2026, 5, 4, 12 - number, tzinfo=UTC),
        "content": f"<p>{text}</p>",
        "text": text,
        "summary": text[:40],
        "has_guid": True,
    }
    return ParsedEntry(id=f"guid-{number}", title=title, **(facts | more))


@pytest.fixture
def library(home: paths.Home) -> Iterator[Store]:
    """Two feeds and four entries: one whole article, one from the feed, one that failed, one not tried yet."""
    with open_store(home.store) as store:
        write = store.write
        first = write.add_feed("https://mimbar.example/rss", folder="Indonesia").result()
        second = write.add_feed("https://wide.example/atom", title="Wide").result()
        sound = Enclosure("https://mimbar.example/a.mp3", "audio/mpeg", 1200)
        numbers = (
            write.store_feed(
                first.id,
                parsed(
                    entry(
                        1,
                        "Banjir surut di Medan",
                        "Air sungai surut pada pagi hari.",
                        author="Ngatirin",
                        enclosures=(sound,),
                    ),
                    entry(2, "Harga beras turun", "Beras turun di pasar. " * 30),
                    entry(3, "Kereta tertunda", "Singkat …", is_stub=True),
                ),
                FetchState(status="ok", last_ok=datetime(2026, 5, 4, 11, 30, tzinfo=UTC)),
            )
            .result()
            .new
        )
        write.store_feed(
            second.id,
            parsed(
                entry(4, "A slow protocol", "Bytes, one by one.", is_stub=True),
                title="W",
                link="https://wide.example/",
            ),
            FetchState(status="failing", error="The host did not answer."),
        ).result()
        html = '<p>Air <a href="https://x.example/">surut</a>.</p>\n'
        html += '<figure><img src="https://x.example/a.png" alt="Air"/></figure>'
        article = Article(
            title="Banjir surut",
            byline="Ngatirin",
            lead="Pagi.",
            text="Air surut.",
            html=html,
            extractor="r",
        )
        write.store_article(numbers[0], article, Offline.READY).result()
        write.store_article(numbers[1], Article(), Offline.READY).result()
        write.store_article(
            numbers[2], Article(error="The page answered 500."), Offline.FAILED
        ).result()
        yield store


@dataclass
class Site:
    """A site on loopback: what it answers can be changed while it runs, and it can be pulled from the net."""

    url: str
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None
    asked: list[str] = field(default_factory=list)  # paths


@pytest.fixture
def site() -> Iterator[Site]:
    pages: dict[str, tuple[str, bytes]] = {}
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind, body = pages.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(
        target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}
    ).start()
    closed = threading.Event()

    def close() -> None:
        if not closed.is_set():
            closed.set()
            server.shutdown()
            server.server_close()

    yield Site(f"http://127.0.0.1:{server.server_port}", pages, close, asked)
    close()


def rss(site: Site, *items: tuple[str, str, str]) -> bytes:
    """An RSS document of (path, title, description)."""
    listed = "".join(
        f"<item><title>{title}</title><link>{site.url}{path}</link><guid>{site.url}{path}</guid>"
        f"<pubDate>Mon, 04 May 2026 09:00:00 +0700</pubDate><description>{text}</description></item>"
        for path, title, text in items
    )
    return f'<rss version="2.0"><channel><title>Loop</title><link>{site.url}/</link>{listed}</channel></rss>'.encode()
