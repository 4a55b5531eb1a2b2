"""Any keys in any order: no command fails, no line is wider than the screen, and all of it can be left with Escape."""

from __future__ import annotations

import random
import webbrowser

import pytest
from rich.cells import cell_len

from bacatui.commands import COMMANDS
from bacatui.model import Article, Kind, Offline, Scope
from bacatui.store import Store
from tests.screens.gallery.documents import GALLERY

from .conftest import Opened, fill

# What ends the app, gives the terminal away, or leads out of it; and letters and digits to be typed into what is open.
LEFT_OUT = {"quit", "suspend", "save", "pipe", "pager", "editor"}
KEYS = [
    key for command in COMMANDS if command.id not in LEFT_OUT for key in command.keys.split()
] + [*"12x[:é"]
SIZES = [(80, 24), (110, 32), (160, 45), (40, 12), (24, 8), (101, 20)]


class Browser:
    def open(self, _url: str) -> bool:
        return True


@pytest.mark.parametrize(
    "seed",
    [
        0,
        pytest.param(1, marks=pytest.mark.slow),
        *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 60)),
    ],
)
async def test_any_keys_leave_the_app_whole(
    store: Store, opened: Opened, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "get", Browser)
    chance, documents = random.Random(seed), list(GALLERY.values())
    fill(store)
    for row in store.read.first(Scope(), 50):
        title, lead, html = chance.choice(documents)[:3]
        article = Article(title=title, lead=lead, html=html, text=title, kind=Kind.ARTICLE)
        store.write.store_article(row.id, article, chance.choice(list(Offline))).result()
    width, height = chance.choice(SIZES)
    async with opened(width, height) as screen:
        pressed: list[str] = []
        for step in range(80):
            pressed.append(chance.choice(KEYS))
            screen.send(pressed[-1])
            await screen.settle(acts=False)
            if not step % 25:
                width, height = chance.choice(SIZES)
                await screen.pilot.resize_terminal(width, height)
            if not step % 5:
                assert all(cell_len(line) <= width for line in screen.picture().splitlines()), (
                    pressed[-9:]
                )
            assert screen.app.failures == [] and screen.app.is_running, pressed[-9:]
        await screen.press(*["escape"] * 9)
        main = screen.app.main
        assert not screen.app.screen.is_modal
        main.go_to("article")
        main.follow()
        assert main.shown == main.list.entry_id or main.list.entry_id is None, pressed[-9:]
