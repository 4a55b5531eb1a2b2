"""What is started, and who is asked: nothing but what the user chose."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import open_store
from tests.terminal.driver import ROOT, Terminal, run
from tests.terminal.loopback import answering
from tests.terminal.test_hostile import feed

LINK = "http://127.0.0.1:9/a?b=$(touch%20x)&c=`id`;d=|e&f='g'#h"


def recorder(folder: Path) -> Path:
    """A program that writes down how it was called: each argument on a line of its own, then what it was given."""
    script = folder / "called"
    script.write_text(
        f'#!/bin/sh\nfor one in "$@"; do echo "$one"; done >> "{folder}/arguments"\ncat >> "{folder}/input"\n'
    )
    script.chmod(0o700)
    return script


def test_a_link_reaches_the_opener_as_one_argument_and_no_shell(tmp_path: Path) -> None:
    home, script = paths.home(tmp_path / "bacatui"), recorder(tmp_path)
    with open_store(home.store) as store:
        number = store.write.add_feed("http://127.0.0.1:9/feed").result().id
        entry = ParsedEntry("1", "Kabar", LINK, content="<p>Isi.</p>", text="Isi.")
        store.write.store_feed(
            number, ParsedFeed("Mimbar", entries=(entry,)), FetchState(status="ok")
        ).result()
    home.config.mkdir(parents=True)
    home.settings.write_text(f'opener = ["{script}", "--new tab"]\nsync_on_start = false\n')
    with Terminal(home=tmp_path) as terminal:
        terminal.wait_for("Kabar")
        terminal.send("o")
        terminal.wait_for("Opened 127.0.0.1")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
    assert (tmp_path / "arguments").read_text().splitlines() == ["--new tab", LINK]
    assert not (tmp_path / "x").exists()


def test_a_hook_gets_what_a_feed_says_on_its_input_only(tmp_path: Path) -> None:
    home, script, title = (
        paths.home(tmp_path / "bacatui"),
        recorder(tmp_path),
        "$(touch x) `id`; -rf --help",
    )
    home.config.mkdir(parents=True)
    home.settings.write_text(
        f'on_new_entry = ["{script}", "new"]\nafter_sync = ["{script}", "done"]\n'
    )
    with answering({"/feed.json": ("application/feed+json", feed([title], "isi"))}) as url:
        assert run("add", f"{url}/feed.json", "--no-sync", home=tmp_path)[0] == 0
        run("sync", home=tmp_path)
    assert (tmp_path / "arguments").read_text().split() == ["new", "done"]
    assert json.dumps(title)[1:-1] in (tmp_path / "input").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [True, False])
def test_nobody_is_asked_but_the_addresses_of_feeds(tmp_path: Path, chosen: bool) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "def note(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'):\n"
        f"        with open({str(tmp_path / 'asked')!r}, 'a') as file: print(event, arguments[-1] if event == 'socket.connect' else arguments, file=file)\n"
        "sys.addaudithook(note)\n"
    )
    env = {"PYTHONPATH": f"{tmp_path}:{ROOT / 'src'}"}
    with answering({"/feed.json": ("application/feed+json", feed(["Satu"], "isi"))}) as url:
        if chosen:
            run("add", f"{url}/feed.json", home=tmp_path, env=env)
        for words in (["list"], ["sync"], ["doctor"], ["feeds"], ["config"], ["version"], ["backup", str(tmp_path / "b.db")],
                      ["restore", str(tmp_path / "b.db")], ["export", "opml", "-"]):  # fmt: skip
            assert run(*words, home=tmp_path, env=env)[0] == 0, words
        with Terminal(home=tmp_path, env=env) as terminal:
            terminal.wait_for("Satu" if chosen else "Welcome")
            terminal.quiet()
            terminal.kill(signal.SIGTERM)
            terminal.wait_for_end()
    asked = (tmp_path / "asked").read_text().splitlines() if (tmp_path / "asked").exists() else []
    host, port = url.removeprefix("http://").split(":")
    assert [line for line in asked if not (chosen and host in line and port in line)] == []
    assert bool(asked) is chosen
