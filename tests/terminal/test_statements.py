"""What the screen says is true at every moment: the real program against a site that fails, waits and comes back."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.demo.site import Site
from bacatui.store import open_store
from tests.terminal.driver import Terminal


class Gate(dict[str, tuple[int, str, bytes]]):
    """The demo site's answers, some of which wait until they are let go."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.answers)
        self.waiting: set[str] = set()
        self.is_open = threading.Event()
        site.answers = self

    def get(self, path: str, otherwise: object = None) -> object:  # type: ignore[override]
        if path in self.waiting:
            self.is_open.wait(30)
        return super().get(path, otherwise)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def subscribe(home: Path, site: Site) -> None:
    with open_store(paths.home(home / "bacatui").store) as store:
        for paper in ("lentera", "meridian", "teluk"):
            store.write.add_feed(f"{site.url}/{paper}/feed.xml").result()


@pytest.mark.slow
def test_the_footer_says_online_as_soon_as_a_feed_has_answered(tmp_path: Path, site: Site) -> None:
    subscribe(tmp_path, site)
    gate = Gate(site)
    gate.waiting = {"/teluk/feed.xml"}
    site.toggle()
    with Terminal(home=tmp_path) as terminal:
        terminal.wait_for(r"3 feeds failed.* offline *$")
        site.toggle()
        terminal.send("R")
        terminal.wait_for(r"syncing 2 of 3.* online *$")
        gate.is_open.set()
        terminal.wait_for(r"readable offline.*")
        assert re.search(r" online *$", terminal.quiet())


def test_esc_in_a_dialogue_of_the_welcome_leads_back_to_the_welcome(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, columns=80, rows=24) as terminal:
        terminal.wait_for("Welcome")
        terminal.send("\r")
        terminal.wait_for("Space ticks")
        terminal.send("\x1b")
        terminal.wait_for("Welcome")
        terminal.send("\x1b[F\x1b[A\x1b[A\r")
        terminal.wait_for("Add a feed")
        terminal.send("example.or")
        terminal.wait_for("example.or")
        terminal.send("\x1b")
        terminal.wait_for("Welcome")
        terminal.send("\r")
        terminal.wait_for(r"(?s)Add a feed.*example\.or")
        terminal.send("\x1b")
        terminal.wait_for("Welcome")
        terminal.send("\x1b")
        terminal.wait_for("Nothing here yet")
