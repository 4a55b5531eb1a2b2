"""The real program in a real (pseudo-)terminal: what a reader types, and what stands on the screen."""

from __future__ import annotations

import re
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.terminal.driver import Terminal, run

PLUG = "I"  # the key that the demo's settings give to its plug


def left_clean(terminal: Terminal) -> None:
    """The program has put everything back: screen, cursor, mouse, paste, line settings."""
    raw = terminal.raw
    for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"),
                    (b"\x1b[?2004h", b"\x1b[?2004l")):  # fmt: skip
        assert raw.rfind(off) >= raw.rfind(on), f"{on!r} was left on"
    assert terminal.lines_after == terminal.lines_before
    assert b"Traceback" not in raw


def test_a_first_start_in_an_empty_home_welcomes_and_leads_on(tmp_path: Path) -> None:
    with Terminal(home=tmp_path) as terminal:
        terminal.wait_for(r"(?i)welcome")
        screen = terminal.quiet()
        assert "bacatui" in screen.lower()
        assert "opml" in screen.lower() or "address" in screen.lower()
        terminal.send("\x1b")
        terminal.quiet(0.2)
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        left_clean(terminal)


@pytest.mark.parametrize(("language", "shown", "told", "plugged", "unplugged", "next_one"), [
    ("en", "(?s)Ferrow votes to keep.*blocks that are not the.*tired of holding the 8.20", "182 of 183 readable offline",
     "online · I pulls the plug", "offline · I puts the plug back", "coffee machine"),
    pytest.param(
     "id", "(?s)Pelabuhan Randusari Mulai.*blok yang bukan teks artikel.*tiga puluh buah", "182 dari 183 dapat dibaca luring",
     "daring · I mencabut jaringannya", "luring · I menyambungnya lagi", "pasar terapung", marks=pytest.mark.slow),
], ids=("en", "id"))  # fmt: skip
def test_the_demo_opens_on_an_article_goes_on_without_its_site_and_leaves_nothing_behind(
    tmp_path: Path,
    language: str,
    shown: str,
    told: str,
    plugged: str,
    unplugged: str,
    next_one: str,
) -> None:
    env = {"TMPDIR": str(tmp_path), "LANGUAGE": language}
    with Terminal("demo", home=tmp_path, env=env) as terminal:
        terminal.wait_for(shown, 30)
        assert list(tmp_path.glob("bacatui-demo-*"))
        terminal.wait_for(told)
        terminal.wait_for(plugged)
        assert "stands for both" not in terminal.quiet(0.2)
        terminal.send(PLUG)
        terminal.wait_for(unplugged, 10)
        terminal.send("\rJ")
        terminal.wait_for(next_one, 20)
        terminal.send("q")
        if terminal.pump(0.5) or terminal.status is None:
            terminal.send("q")
        assert terminal.wait_for_end() == 0
        left_clean(terminal)
    assert not list(tmp_path.glob("bacatui-demo-*"))


@pytest.mark.slow
def test_two_interrupts_and_a_resize_leave_the_terminal_as_it_was(tmp_path: Path) -> None:
    with Terminal(
        home=tmp_path, columns=80, rows=24, env={"NO_COLOR": "1", "LANG": "C"}
    ) as terminal:
        terminal.wait_for(r"(?i)welcome")
        terminal.send("\x03\x03")
        for columns, rows in ((160, 45), (40, 10), (20, 4), (110, 32)):
            terminal.resize(columns, rows)
            terminal.quiet(0.2)
        if terminal.status is None:
            terminal.send("\x1b")
            terminal.quiet(0.2)
            terminal.send("q")
        assert terminal.wait_for_end() in {0, 130}
        left_clean(terminal)


@pytest.mark.slow
def test_a_kept_demo_is_read_offline_afterwards(tmp_path: Path) -> None:
    status, _, err = run("demo", "--keep", home=tmp_path, env={"TMPDIR": str(tmp_path)})
    kept = re.search(r"\S*bacatui-demo-\S+", err)
    assert status == 0
    assert kept
    folder = Path(kept[0].rstrip("."))
    status, out, err = run("--home", str(folder), "offline", "--check", home=tmp_path)
    assert status == 1
    assert [line for line in (out + err).splitlines() if "fails on purpose" in line]
    assert "Harga Cabai" not in out + err
    with sqlite3.connect(folder / "data/bacatui.db") as database:
        wanted, stored = database.execute(
            "SELECT count(*), sum(path <> '') FROM picture"
        ).fetchone()
    assert wanted >= 10
    assert stored == wanted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_app_and_gives_the_terminal_back(tmp_path: Path, number: int) -> None:
    with Terminal(home=tmp_path) as terminal:
        terminal.wait_for(r"(?i)welcome")
        terminal.kill(number)
        terminal.wait_for_end()
        left_clean(terminal)
