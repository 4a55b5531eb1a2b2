"""Docs, completions and man page say what the tables say."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tools import reference

from bacatui.cli.grammar import COMMANDS, OPTIONS

SHELLS = Path(reference.ROOT) / "src/bacatui/cli/shells"


def test_what_make_docs_writes_is_fresh() -> None:
    stale = [
        str(path) for path, text in reference.pages().items() if path.read_text("utf-8") != text
    ]
    assert stale == [], "run `make docs`"


def test_each_option_is_explained_and_each_explanation_is_used() -> None:
    used = {
        word.partition("=")[0]
        for told in COMMANDS.values()
        for word in told["takes"].split()
        if word[0] == "-"
    }
    assert used == set(OPTIONS)


def completed(line: str) -> set[str]:
    words = line.split(" ")
    script = (
        f"source {SHELLS / 'bash'}; COMP_WORDS=({' '.join(w or chr(39) * 2 for w in words)}); "
        f"COMP_CWORD={len(words) - 1}; _bacatui; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=10, check=True
    )
    return set(done.stdout.split())


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_commands_options_and_choices() -> None:
    assert completed("bacatui s") == {"sync", "search", "searches", "save"}
    assert completed("bacatui sync --no") == {"--no-articles", "--no-pictures"}
    assert completed("bacatui mark un") == {"unread", "unbookmark"}
    assert completed("bacatui --home /x completions f") == {"fish"}


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_accept_their_script(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, "-n", str(SHELLS / shell)], capture_output=True, text=True, timeout=10, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
