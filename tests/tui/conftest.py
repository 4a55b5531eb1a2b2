"""A real store with a morning's news in it, and the app over it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime, timedelta

import pytest
from textual.worker import WorkerCancelled

from bacatui.config import Settings
from bacatui.model import Article, FetchState, Kind, Offline, ParsedEntry, ParsedFeed
from bacatui.paths import Home
from bacatui.store import Store, open_store
from bacatui.tui.app import BacaApp

NOW = datetime.fromisoformat("2026-11-20T08:30:00+00:00")
QUIET = Settings(sync_on_start=False, sync_interval=0)
TEXT = "The ferry left at six with forty people and a piano on board. Nobody had asked what the piano was for."

Feeds = dict[str, tuple[str, list[tuple[str, float]]]]  # title: (folder, [(title, hours ago)])
NEWS: Feeds = {
    "Harian Teluk": ("Indonesia", [
        ("Kapal pertama berlabuh di dermaga baru", 0.2),
        ("Pasar ikan pindah ke gedung tua", 2.0),
        ("Hujan tiga hari, sekolah tetap buka", 26.0),
    ]),
    "Kabar Pesisir": ("Indonesia", [("Nelayan menunggu musim timur", 1.0), ("Garam rakyat naik harga", 30.0)]),
    "The Slow Signal": ("Technology", [
        ("A protocol that waits its turn", 0.7),
        ("[/] and other titles that once broke a screen", 3.0),
        ("Why small files outlive big ideas", 75.0),
    ]),
}  # fmt: skip


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {"BACATUI_NOW": NOW.isoformat(), "TZ": "Asia/Jakarta", "LC_ALL": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "TEXTUAL_THEME", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("bacatui.tui.main.RESTS_AFTER", 0.02)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    opened = open_store(home.store)
    yield opened
    opened.close()


def fill(store: Store, news: Feeds = NEWS, *, offline: Offline = Offline.READY) -> None:
    """Subscribe and store as a sync would; each entry gets an article, unless it is still to come."""
    for name, (folder, entries) in news.items():
        site = f"https://{name.lower().replace(' ', '')}.example"
        url = f"{site}/feed.xml"
        known = next((feed for feed in store.read.feeds() if feed.url == url), None)
        feed = known or store.write.add_feed(url, name, folder).result()
        parsed = ParsedFeed(
            title=name,
            entries=tuple(
                ParsedEntry(
                    id=title,
                    title=title,
                    link=f"{site}/{at}",
                    published=NOW - timedelta(hours=hours),
                    content=f"<p>{TEXT}</p>",
                    text=TEXT,
                    summary=TEXT,
                    has_guid=True,
                    is_stub=True,
                )
                for at, (title, hours) in enumerate(entries)
            ),
        )
        state = FetchState(status="ok", last_ok=NOW)
        new = store.write.store_feed(feed.id, parsed, state, newest_unread=None).result().new
        for entry in () if offline is Offline.PENDING else new:
            paragraph = f"<p>{TEXT} " + 'It is told in <a href="https://example.org/long">a longer story</a>.</p>'
            article = Article(html=paragraph * 6, text=f"{TEXT}\n\n" * 6, byline="Sri Wulan", kind=Kind.ARTICLE)
            store.write.store_article(entry, article, offline).result()


Opened = Callable[..., AbstractAsyncContextManager["Screen"]]


class Screen:
    """The app under a pilot: keys in, text pictures and state out."""

    def __init__(self, app: BacaApp, pilot: object) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Keys, and then the quiet in which writes are durable and the article has followed."""
        await self.pilot.press(*keys)  # type: ignore[attr-defined]
        await self.settle()

    async def settle(self) -> None:
        for _ in range(2):
            loading = [worker for worker in self.app.workers if worker.group in {"ids", "counts"}]
            if loading:
                with suppress(WorkerCancelled):
                    await self.app.workers.wait_for_complete(loading)
            await self.pilot.pause(0.01)  # type: ignore[attr-defined]
        for _ in range(200):  # writes are durable when their command is done
            if self.app.screen.is_modal or not any(w.group == "acts" and w.is_running for w in self.app.workers):
                break
            await self.pilot.pause(0.01)  # type: ignore[attr-defined]
        await self.pilot.pause(0.05)  # type: ignore[attr-defined]

    def picture(self) -> str:
        """The whole screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.fixture
def opened(store: Store, home: Home) -> Opened:
    @asynccontextmanager
    async def open_app(
        width: int = 160, height: int = 36, settings: Settings = QUIET, notices: tuple[str, ...] = ()
    ) -> AsyncIterator[Screen]:
        app = BacaApp(store, home, settings, notices=notices)
        async with app.run_test(size=(width, height)) as pilot:
            screen = Screen(app, pilot)
            await screen.settle()
            yield screen
            await pilot.pause()
        if app._syncing is not None:
            app._syncing.cancel()
            await asyncio.wait([app._syncing], timeout=2)
        if app._session is not None:
            await app._session.__aexit__(None, None, None)  # no worker of ours outlives its test
        assert app.failures == []

    return open_app
