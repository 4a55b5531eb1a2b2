"""A home that cannot be written to: everything is read, and what cannot be done is one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import open_store
from tests.terminal.driver import Terminal, environment

# The superuser may write anywhere, but for one who has given up that right.
GIVES_UP = "--bounding-set=-dac_override,-dac_read_search"
AS_OTHERS = [shutil.which("setpriv") or "", GIVES_UP] if os.geteuid() == 0 else []

pytestmark = pytest.mark.skipif(
    bool(AS_OTHERS)
    and subprocess.run(
        [shutil.which("setpriv") or "false", GIVES_UP, "true"], check=False
    ).returncode
    != 0,
    reason="the superuser needs setpriv to be refused anything",
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with open_store(paths.home(tmp_path / "bacatui").store) as store:
        feed = store.write.add_feed("http://127.0.0.1:9/feed.xml").result()
        entry = ParsedEntry(
            "1", "Harga cabai turun", "http://127.0.0.1:9/1", content="<p>Isi.</p>", text="Isi."
        )
        store.write.store_feed(
            feed.id, ParsedFeed("Kabar", entries=(entry,)), FetchState(status="ok")
        ).result()
    folders = [tmp_path / "bacatui", tmp_path / "bacatui/data"]
    for folder in folders:
        folder.chmod(0o500)
    paths.home(tmp_path / "bacatui").store.chmod(0o400)
    yield tmp_path
    for folder in folders:
        folder.chmod(0o700)


def call(home: Path, *words: str) -> tuple[int, str, list[str]]:
    command = [*AS_OTHERS, sys.executable, "-m", "bacatui", *words]
    ran = subprocess.run(
        command,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr.splitlines()


def test_what_only_reads_works_and_says_that_nothing_is_kept(home: Path) -> None:
    for words, shown in (
        (["list"], "Harga cabai turun"),
        (["read", "1", "--plain"], "Isi."),
        (["search", "cabai"], "Harga"),
    ):
        code, out, told = call(home, *words)
        assert code == 0 and shown in out
        assert told == [
            "bacatui: The library cannot be written to: reading works, changes are not kept."
        ]


@pytest.mark.parametrize(
    "words", ["sync", "mark read 1", "add http://127.0.0.1:9/b.xml --no-sync", "undo"]
)
def test_what_would_write_is_refused_in_one_line(home: Path, words: str) -> None:
    code, out, told = call(home, *words.split())
    assert (code, out) == (3, "")
    (line,) = told
    assert "cannot be written to" in line and "Traceback" not in line


def test_the_app_opens_and_says_so(home: Path) -> None:
    with Terminal(
        *(AS_OTHERS or ["/usr/bin/env"]), sys.executable, "-m", "bacatui", home=home
    ) as terminal:
        terminal.wait_for("Harga cabai turun", 20)
        terminal.wait_for("The library cannot be written to", 10)
        terminal.send("m")
        terminal.quiet(0.5)
        assert (
            "Harga cabai turun" in terminal.screen() and "cannot be written to" in terminal.screen()
        )
        terminal.send("q")
        assert terminal.wait_for_end() == 0
