"""A library of one's own, a loopback site, and sessions between the two."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bacatui import paths
from bacatui.config import Settings
from bacatui.paths import Home
from bacatui.store import Store, open_store
from bacatui.sync import Event, Finished, Report, Session
from tests.fetch.server import Server, answer

WORDS = "Pemerintah kabupaten menggelar bimbingan teknis tentang pengelolaan konten bagi pejabat informasi di daerah. "
PARAGRAPH = f"<p>{WORDS * 3}</p>"


def item(name: str, base: str, text: str = "Ringkas saja …") -> str:
    return (
        f"<item><title>{name}</title><link>{base}/{name}</link><guid>{name}</guid>"
        f"<description><![CDATA[{text}]]></description></item>"
    )


def feed(base: str, *names: str, title: str = "Kabar", text: str = "Ringkas saja …") -> bytes:
    items = "".join(item(name, base, text) for name in names)
    return f'<rss version="2.0"><channel><title>{title}</title><link>{base}/</link>{items}</channel></rss>'.encode()


def page(title: str, body: str = PARAGRAPH * 4, extra: str = "") -> bytes:
    html = (
        f"<html><head><title>{title}</title>{extra}</head><body><nav><a href='/'>Beranda</a></nav>"
        f"<article><h1>{title}</h1>{body}</article></body></html>"
    )
    return answer(html.encode(), Content_Type="text/html; charset=utf-8")


@dataclass
class Library:
    home: Home
    store: Store
    settings: Settings

    def session(self) -> Session:
        return Session(self.store, self.home, self.settings)

    async def sync(self, *args: Any, **choices: Any) -> tuple[Report, list[Event]]:
        """One sync in a session of its own, as the command line does it."""
        async with self.session() as session:
            events = [event async for event in session.sync(*args, **choices)]
        last = events[-1]
        assert isinstance(last, Finished)
        return last.report, events

    def subscribe(self, url: str, **more: Any) -> int:
        return self.store.write.add_feed(url, **more).result().id

    def titles(self) -> list[str]:
        from bacatui.model import Scope

        return sorted(row.title for row in self.store.read.first(Scope(), 1_000))


@pytest.fixture
def library(tmp_path: Path, pooled: None) -> Iterator[Library]:
    home = paths.home(tmp_path)
    store = open_store(home.store)
    yield Library(home, store, Settings(newest_unread=100))
    store.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        yield running


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock to a time of a fixed day, or of one some days on: `later("+2 10:00")`."""

    def at(when: str) -> None:
        days, _, hour = when.rpartition(" ")
        monkeypatch.setenv("BACATUI_NOW", f"2026-03-{1 + int(days or 0):02}T{hour}:00Z")

    return at
