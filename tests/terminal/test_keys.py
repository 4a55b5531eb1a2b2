"""Keys in a real terminal hit what is highlighted, also where several of them come at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.store import Store, open_store
from tests.terminal.driver import Terminal
from tests.tui.conftest import NOW, fill

NOTHING_ASKED = "sync_on_start = false\n"
CLOCK = {"BACATUI_NOW": NOW.isoformat()}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Store]:
    """A library of three feeds in the home of the program, open beside it."""
    home = paths.home(tmp_path / "bacatui")
    home.config.mkdir(parents=True, exist_ok=True)
    (home.config / "config.toml").write_text(NOTHING_ASKED)
    with open_store(home.store) as store:
        fill(store)
        yield store


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("\t\t", "▌≡ Latest"), ("h\t\th", "▌● Kapal pertama"), ("h\t\t\t", "▌≡ Latest")],
)
@pytest.mark.parametrize("columns", [80, 160])
def test_panes_that_are_left_at_once_do_not_take_the_focus_back(
    tmp_path: Path, library: Store, columns: int, keys: str, shown: str
) -> None:
    with Terminal(home=tmp_path, columns=columns, env=CLOCK) as terminal:
        terminal.wait_for("Kapal pertama")
        terminal.quiet()
        terminal.send(keys)
        terminal.wait_for(shown)
        began = terminal.now()
        terminal.quiet(0.5, longest=8)
        assert terminal.now() - began < 8
