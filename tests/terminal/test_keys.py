"""Keys in a real terminal hit what is highlighted, also where several of them come at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.model import Scope
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


def marked(store: Store) -> list[str]:
    return [row.title for row in store.read.first(Scope(), 50) if row.is_read]


def until(terminal: Terminal, is_so: Callable[[], bool]) -> None:
    """Wait until something is so. AssertionError with the screen where it does not come to that."""
    end = time.monotonic() + 15
    while not is_so():
        terminal.pump(0.05)
        assert time.monotonic() < end, terminal.screen()


def test_in_the_feeds_pane_a_marks_the_highlighted_feed(tmp_path: Path, library: Store) -> None:
    with Terminal(home=tmp_path, columns=160, rows=45, env=CLOCK) as terminal:
        terminal.wait_for("Kapal pertama")
        terminal.send("]")
        terminal.wait_for("Harian Teluk · 3 new")
        terminal.send("h")
        terminal.quiet()
        terminal.send("j")
        terminal.quiet()
        terminal.send("b")
        terminal.wait_for("This needs an entry: choose one in the list.")
        terminal.send("A")
        terminal.wait_for("Marked 2 read in Kabar Pesisir · U undoes it")
        until(
            terminal,
            lambda: marked(library) == ["Nelayan menunggu musim timur", "Garam rakyat naik harga"],
        )
        terminal.send("U")
        terminal.wait_for("Undone")
        until(terminal, lambda: not marked(library))


def test_a_command_takes_what_was_highlighted_though_the_next_key_came_with_it(
    tmp_path: Path, library: Store
) -> None:
    with Terminal(home=tmp_path, env=CLOCK) as terminal:
        terminal.wait_for("Kapal pertama")
        terminal.send("mjjj")
        until(terminal, lambda: bool(marked(library)))
        terminal.quiet()
        assert marked(library) == ["Kapal pertama berlabuh di dermaga baru"]


def test_what_is_typed_before_a_dialogue_is_there_goes_into_it(
    tmp_path: Path, library: Store
) -> None:
    with Terminal(home=tmp_path, env=CLOCK) as terminal:
        terminal.wait_for("Kapal pertama")
        terminal.send("Nbaqmj read it again\r")
        terminal.wait_for("Note on 1 entry changed")
        first = library.read.first(Scope(), 1)[0]
        assert library.read.mark(first.id).note == "baqmj read it again"
        assert not marked(library) and not first.is_bookmarked


@pytest.mark.slow
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
        terminal.quiet(0.5)
        assert not terminal.pump(0.5)  # it is at rest, and does not go back and forth


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "variable"), [("Read in the pager", "PAGER"), ("Open in the editor", "EDITOR")]
)
def test_pager_and_editor_are_given_the_entry_under_the_cursor(
    tmp_path: Path, library: Store, command: str, variable: str
) -> None:
    program, copy = tmp_path / "program", tmp_path / "copy.md"
    program.write_text(f'#!/bin/sh\ncp "$1" {copy}\n')
    program.chmod(0o755)
    with Terminal(
        home=tmp_path, columns=80, rows=24, env={**CLOCK, variable: str(program)}
    ) as terminal:
        terminal.wait_for("Kapal pertama")
        terminal.send("j")
        terminal.quiet()
        terminal.send("\x10")
        terminal.wait_for("All commands")
        terminal.send(command)
        terminal.quiet()
        terminal.send("\r")
        until(terminal, copy.exists)
        terminal.wait_for("▌● A protocol")
        assert copy.read_text().startswith("# A protocol that waits its turn")


@pytest.mark.slow
def test_a_feed_that_another_program_removes_leads_to_latest(
    tmp_path: Path, library: Store
) -> None:
    with Terminal(home=tmp_path, columns=160, rows=45, env=CLOCK) as terminal:
        terminal.wait_for("Kapal pertama")
        terminal.send("]")
        terminal.wait_for("Harian Teluk · 3 new")
        feed = library.read.find_feed("Harian Teluk")
        library.write.remove_feed(feed.id).result()
        terminal.wait_for("Latest · 5 new")


@pytest.mark.slow
def test_what_another_program_brings_fills_a_list_that_nobody_has_touched(
    tmp_path: Path, library: Store
) -> None:
    with Terminal(home=tmp_path, columns=160, rows=45, env=CLOCK) as terminal:
        terminal.wait_for("Kapal pertama")
        fill(library, {"Late Post": ("", [("Came while you looked", 0.01)])})
        terminal.wait_for("● Came while you looked")
        assert "↑" not in terminal.screen()
