"""What a user of the demo sees first, and what its coach leads to, at any width of the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from bacatui import paths
from bacatui.config import Settings
from bacatui.demo import Site, fill
from bacatui.paths import Home
from bacatui.store import Store, open_store
from bacatui.sync import Session
from bacatui.tui.app import BacaApp

SETTINGS = Settings(newest_unread=100, sync_on_start=False, sync_interval=0, remap={"unplug": "I"})
Filled = tuple[Store, Home, int]
SIZES = [(80, 24), (110, 32), (160, 45)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A library that has been filled, and the entry that it opens on."""
    home = paths.home(tmp_path_factory.mktemp("demo"))
    with Site() as site, open_store(home.store) as store:

        async def made() -> int:
            async with Session(store, home, SETTINGS) as session:
                front = await fill(session, store, site)
                async for _event in session.sync([]):
                    pass
            return front

        yield store, home, asyncio.run(made())


def drawn(app: BacaApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def seen(pilot: Any, *words: str) -> str:
    """The screen once all of `words` stand on it, however its lines are broken."""
    for _look in range(200):
        await pilot.pause(0.05)
        shown = drawn(pilot.app)
        if all(word in shown for word in words):
            return shown
    raise AssertionError(f"no {words} in\n{shown}")


@pytest.mark.parametrize("size", SIZES)
async def test_it_opens_on_an_article_and_counts(filled: Filled, size: tuple[int, int]) -> None:
    store, home, front = filled
    view = store.read.view(front)
    assert view is not None
    app = BacaApp(store, home, SETTINGS, on_plug=lambda: False)
    async with app.run_test(size=size) as pilot:
        told = f"{len(view.cuts)} blocks that are not the article's text"
        shown = await seen(pilot, told, view.title[:40], "Ferrow is to keep its market clock")
        assert "Read also" not in shown
        await pilot.press("X")
        await seen(pilot, "cut by", "214 partners")
        assert not app.failures


async def test_the_coach_leads_through_what_no_other_reader_has(
    filled: Filled,
) -> None:
    store, home, _front = filled
    app = BacaApp(store, home, SETTINGS, on_plug=lambda: False)
    async with app.run_test(size=(110, 32)) as pilot:
        await seen(pilot, "X: Show what cleaning took out")
        await pilot.press("X", "j")
        await seen(pilot, "I: Pull the plug")
        await pilot.press("I", "j")
        await seen(pilot, "/: Search everything", "offline · I puts the plug back")
        await pilot.press("/", *"ferry")
        await seen(pilot, "Passenger", "Sound Notes")
        await pilot.press("escape", "j")
        await seen(pilot, "P: Pack a reading list")
        await pilot.press("P", "enter")
        await seen(pilot, "45 min", "offline")
        assert not app.failures


async def test_one_key_brings_back_all_that_was_read(filled: Filled) -> None:
    store, home, _front = filled
    app = BacaApp(store, home, SETTINGS, on_plug=lambda: False)
    async with app.run_test(size=(110, 32)) as pilot:
        await seen(pilot, "Latest · 18")
        await pilot.press("A")
        await seen(pilot, "Marked 183 read in Latest · U undoes it")
        await pilot.press("U")
        await seen(pilot, "Latest · 18")
        assert not app.failures


async def test_outside_the_demo_nothing_is_said_of_cuts(filled: Filled) -> None:
    store, home, _front = filled
    app = BacaApp(store, home, SETTINGS)
    async with app.run_test(size=(110, 32)) as pilot:
        shown = await seen(pilot, "Ferrow is to keep its market clock")
        assert "blocks that are not" not in shown
        assert "X: Show what cleaning" not in shown
