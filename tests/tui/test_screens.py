"""The screens as text pictures in tests/screens: looked at by eye, and kept. BACATUI_DRAW=1 draws them anew."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from bacatui.config import Settings
from bacatui.demo.site import Site
from bacatui.model import Article, FetchState, Kind, Offline, Scope
from bacatui.store import Store

from .conftest import NOW, TEXT, Feeds, Opened, fill

FOLDER = Path(__file__).parents[1] / "screens"
LOUD: Feeds = {
    "Loud": ("", [(f"Item {n}", 0.1 * n) for n in range(1, 13)]),
    "Small": ("", [("One story", 0.05)]),
}
PICTURES = [
    ("list-40", 40, 12, ""),
    ("list-80", 80, 24, ""),
    ("list-110", 110, 32, ""),
    ("list-160", 160, 45, ""),
    ("list-dense", 110, 24, "d"),
    ("article-80", 80, 24, "enter"),
    ("feeds-110", 110, 24, "h h"),
    ("range", 110, 24, "v j j"),
    ("zen", 110, 24, "z"),
    ("search-hits", 110, 24, "/ f e r r y"),
    ("search-nothing", 110, 24, "/ q q x"),
    ("search-not-understood", 110, 24, "/ i s : p enter"),
    ("bookmarks-empty", 110, 24, "B"),
    ("bookmarks", 110, 24, "b j b B"),
    ("all-read", 80, 24, "enter h A L"),
    ("help", 110, 32, "?"),
    ("palette", 110, 32, "ctrl+p"),
    ("palette-nothing", 110, 24, "ctrl+p q q x"),
    ("links", 110, 24, "u"),
    ("about", 110, 32, "i"),
    ("sort", 110, 24, "S"),
    ("add", 110, 24, "a"),
    ("edit-feed", 110, 24, "E"),
    ("undone", 80, 24, "A U"),
]


def check(name: str, picture: str) -> None:
    file = FOLDER / f"{name}.txt"
    if os.environ.get("BACATUI_DRAW"):
        file.write_text(picture, "utf-8")
    assert picture == file.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "width", "height", "keys"), PICTURES, ids=[one[0] for one in PICTURES]
)
async def test_the_screen_is_as_drawn(
    store: Store, opened: Opened, name: str, width: int, height: int, keys: str
) -> None:
    fill(store)
    async with opened(width, height) as screen:
        for key in keys.split():
            await screen.press(key)
        check(name, screen.picture())


async def test_the_welcome_is_as_drawn(store: Store, opened: Opened) -> None:
    async with opened(110, 32) as screen:
        check("welcome", screen.picture())
        await screen.press("enter")
        check("pack", screen.picture())


@pytest.mark.parametrize("offline", [Offline.PENDING, Offline.PARTIAL, Offline.FAILED])
async def test_what_is_missing_is_as_drawn(store: Store, opened: Opened, offline: Offline) -> None:
    fill(store, offline=offline)
    async with opened(110, 24) as screen:
        check(f"article-{offline.value}", screen.picture())


async def test_a_paywalled_article_is_as_drawn(store: Store, opened: Opened) -> None:
    fill(store)
    for row in store.read.first(Scope(), 50):
        store.write.store_article(
            row.id, Article(html=f"<p>{TEXT}</p>", text=TEXT, kind=Kind.PAYWALL), Offline.PARTIAL
        ).result()
    async with opened(110, 24) as screen:
        check("article-paywalled", screen.picture())


class Slow(dict[str, tuple[int, str, bytes]]):
    """The demo site's answers, some of which wait until they are let go."""

    def __init__(self, site: Site, *waiting: str) -> None:
        super().__init__(site.answers)
        self.waiting, self.gate = waiting, threading.Event()
        site.answers = self

    def get(self, path: str, otherwise: object = None) -> object:  # type: ignore[override]
        if path in self.waiting:
            self.gate.wait(20)
        return super().get(path, otherwise)


@pytest.mark.slow
async def test_adding_a_site_is_as_drawn_from_typing_to_the_first_sync(
    store: Store, opened: Opened, site: Site
) -> None:
    slow = Slow(site, "/")
    plain = Settings(sync_on_start=False, sync_interval=0, pictures=False)
    async with opened(110, 24, settings=plain) as screen:

        def told(name: str, picture: str) -> None:
            check(name, picture.replace(str(site.port), "00000"))

        await screen.press("escape", "a", *f"127.0.0.1:{site.port}")
        told("add-typing", screen.picture())
        screen.send("enter")
        told("add-looking", await screen.sees("Looking at"))
        slow.gate.set()
        told("add-choice", await screen.sees("Several feeds"))
        slow.waiting, slow.gate = ("/lentera/pelabuhan-randusari-buka-malam",), threading.Event()
        await screen.press("enter")
        told("add-preview", await screen.sees("Enter subscribes"))
        await screen.press("enter")
        told("first-sync", await screen.sees("1 to come"))
        slow.gate.set()
        await screen.until(lambda: not screen.app.main.status.sync)
        await screen.press("a", *f"{site.feeds['Harian Lentera']}", "enter")
        told("add-duplicate", await screen.sees("Already subscribed"))


async def test_what_is_no_feed_or_out_of_reach_is_as_drawn(
    store: Store, opened: Opened, site: Site
) -> None:
    site.answers["/plain"] = (200, "text/html", b"<title>Plain</title><p>Nothing to follow here.")
    async with opened(110, 24) as screen:
        await screen.press("escape", "a", *f"{site.url}/plain", "enter")
        check("add-no-feed", (await screen.sees("not a feed")).replace(str(site.port), "00000"))
        await screen.press(*["backspace"] * 60, *"http://127.0.0.1:1/feed.xml", "enter")
        check("add-no-network", await screen.sees("asked again later"))


async def test_a_folded_flood_and_a_feed_in_trouble_are_as_drawn(
    store: Store, opened: Opened
) -> None:
    fill(store, LOUD)
    feed = next(one for one in store.read.feeds() if one.title == "Loud")
    state = FetchState(status="failing", error="The server says 503.", last_ok=NOW)
    store.write.store_state(feed.id, state).result()
    async with opened(160, 24) as screen:
        check("flood", screen.picture())
        await screen.press("h", "j", "j", "j", "i")
        check("feed-in-trouble", screen.picture())


async def test_no_picture_is_wider_than_its_screen_at_any_size(
    store: Store, opened: Opened
) -> None:
    fill(store, LOUD)
    for width in (20, 40, 63, 99, 100, 149, 150, 220):
        async with opened(width, 12) as screen:
            assert all(len(line) <= width for line in screen.picture().splitlines())
