"""A real store with a morning's news in it, and the app over it."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta

import pytest
from textual import events
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.widgets import Input

from bacatui.config import Settings
from bacatui.model import Article, FetchState, Kind, Offline, ParsedEntry, ParsedFeed
from bacatui.paths import Home
from bacatui.store import Store, open_store
from bacatui.tui.app import BacaApp
from bacatui.tui.main import MainScreen
from tests.waiting import LONGEST, eventually

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
    for name, value in {
        "BACATUI_NOW": NOW.isoformat(),
        "TZ": "Asia/Jakarta",
        "LC_ALL": "C.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "TEXTUAL_THEME", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    for name in ("RESTS_AFTER", "COUNTS_AFTER"):
        monkeypatch.setattr(f"bacatui.tui.main.{name}", 0.001)
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
            paragraph = (
                f"<p>{TEXT} "
                + 'It is told in <a href="https://example.org/long">a longer story</a>.</p>'
            )
            article = Article(
                html=paragraph * 6, text=f"{TEXT}\n\n" * 6, byline="Sri Wulan", kind=Kind.ARTICLE
            )
            store.write.store_article(entry, article, offline).result()


Opened = Callable[..., AbstractAsyncContextManager["Screen"]]


class Screen:
    """The app under a pilot: keys in, text pictures and state out."""

    def __init__(self, app: BacaApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Each key, and then the quiet in which what it does is done, durable and drawn.

        What is typed into a line is typed in one go.
        """
        for key, following in zip(keys, (*keys[1:], ""), strict=True):
            self.send(key)
            is_typing = isinstance(self.app.focused, Input) and len(key) == len(following) == 1
            if not is_typing:
                await self.settle()

    def send(self, key: str) -> None:
        """A key as the terminal tells of it, without waiting for what it does."""
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        try:
            character = (
                key
                if len(key) == 1
                else unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
            )
        except KeyError:
            character = None
        event = events.Key(name, character)
        event.set_sender(self.app)
        assert self.app._driver is not None
        self.app._driver.send_message(event)

    async def settle(self, *, acts: bool = True) -> None:
        """Return once there is nothing left to do but to wait for a key, for a long timer, or for what a sync fetches;
        with `acts` false also where an act waits for the network.
        """
        calm, end = 0, time.monotonic() + LONGEST
        while calm < 2:
            await self.pilot._wait_for_screen(LONGEST)
            self.app.screen._on_timer_update()
            calm = 0 if self.is_at_work(acts) else calm + 1
            assert time.monotonic() < end, "the app does not come to rest"
            await asyncio.sleep(0 if calm else 0.002)
        *below, top = self.app.screen_stack
        if top.is_modal:  # what is drawn below may have changed since
            for shown in (*below, top.refresh()):
                shown._on_timer_update()

    def is_at_work(self, acts: bool = True) -> bool:
        """Whether messages, paints, the article that follows the cursor, counts, or acts are under way."""
        app, main = (
            self.app,
            next((one for one in self.app.screen_stack if isinstance(one, MainScreen)), None),
        )
        nodes = [
            app,
            *(node for screen in app.screen_stack for node in screen.walk_children(with_self=True)),
        ]
        if any(node.message_queue_size or node._next_callbacks for node in nodes):
            return True
        if app.screen._callbacks or app.screen._dirty_widgets or app.screen._repaint_required:
            return True
        groups = {"ids", "counts", "notes", "pictures"} | (
            {"acts"} if acts and not app.screen.is_modal else set()
        )
        if any(worker.group in groups and not worker.is_finished for worker in app.workers):
            return True
        if main is None or not main.is_mounted:
            return app.is_running
        page = main.reader._page
        is_late = (
            main._rest or (main._stale and not main.status.sync) or (page and not page.is_complete)
        )
        return bool(is_late) or app.animator._idle_event.is_set() is False

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for what comes from elsewhere, and until it is drawn."""
        await eventually(condition)
        await self.settle(acts=False)

    async def sees(self, text: str) -> str:
        """The picture, once `text` stands in it."""
        try:
            await self.until(lambda: text in self.picture())
        except AssertionError as error:
            raise AssertionError(f"no {text!r} in\n{self.picture()}") from error
        return self.picture()

    def picture(self) -> str:
        """The whole screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.fixture
def opened(store: Store, home: Home, pooled: None) -> Opened:
    @asynccontextmanager
    async def open_app(
        width: int = 160,
        height: int = 36,
        settings: Settings = QUIET,
        notices: tuple[str, ...] = (),
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
