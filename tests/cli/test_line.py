"""The command line as a whole: where --home stands, what is refused, how it ends, what it costs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bacatui.cli.call import Refusal
from bacatui.cli.grammar import COMMANDS, parser, settle, take_home
from bacatui.store import Store
from tests.cli.conftest import Run

SOURCE = Path(__file__).parents[2] / "src"


def program(tmp_path: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real program in a process of its own, with an environment of its own."""
    given = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
    } | environment
    command = [sys.executable, "-m", "bacatui", *words]
    return subprocess.run(
        command, env=given, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "line", ["--home DIR list x", "list --home DIR x", "list x --home DIR", "list --home=DIR x"]
)
def test_home_may_stand_anywhere_on_the_line(line: str) -> None:
    assert take_home(line.split()) == (["list", "x"], "DIR")


def test_home_behind_a_double_dash_is_a_word() -> None:
    assert take_home(["list", "--", "--home", "x"]) == (["list", "--", "--home", "x"], None)


@pytest.mark.parametrize("line", [["--home"], ["list", "--home="], ["--home", ""]])
def test_home_without_a_folder_is_wrong_use(line: list[str]) -> None:
    with pytest.raises(Refusal):
        take_home(line)


def test_a_query_may_hold_words_that_look_like_options() -> None:
    words = settle(["list", "-a", "--limit", "3", "b", "--json", "--", "--c"])
    args = parser("list").parse_args(words)
    assert (args.query, args.limit, args.json) == (["-a", "b", "--c"], 3, True)


def test_an_unknown_option_is_still_wrong_use(run: Run) -> None:
    done = run("list", "--jsn")
    assert (done.code, done.err) == (
        2,
        "bacatui: list does not take --jsn; bacatui list --help says what it takes.\n",
    )
    done = run("--jsn", "list")
    assert (done.code, done.err) == (
        2,
        "bacatui: --jsn cannot stand before a command; bacatui --help lists what can.\n",
    )
    done = run("list", "--limit", "many")
    assert (done.code, done.err) == (
        2,
        "bacatui: list: argument --limit: many is not a whole number\n",
    )


def test_help_is_a_command_too(run: Run) -> None:
    assert run("help").out == run("--help").out
    assert run("help", "mute").out == run("mute", "--help").out


def test_an_unknown_command_is_answered_with_the_nearest(run: Run) -> None:
    done = run("lits")
    assert (done.code, done.err) == (2, "bacatui: there is no command lits; did you mean list?\n")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_command_explains_itself(run: Run, name: str) -> None:
    done = run(name, "--help")
    assert done.code == 0
    assert f"\n\nUsage: bacatui {name}" in done.out
    assert run(name, "--no-such-option", "x", "y").code == 2


def test_the_version_is_told(run: Run) -> None:
    assert run("version").out == run("--version").out == "bacatui 0.1.0\n"


def test_keys_names_each_command_and_tells_of_faults_in_the_settings(run: Run) -> None:
    from bacatui import commands, paths

    settings = paths.home().settings
    settings.parent.mkdir(parents=True)
    settings.write_text('[remap]\nsync-all = "f5"\nnope = "x"\n')
    done = run("keys")
    assert all(command.id in done.out for command in commands.COMMANDS)
    assert "f5" in done.out
    assert "nope" in done.err


def test_config_shows_writes_and_checks_the_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(run("config", "path").out.strip())
    assert not path.exists()
    assert "measure = 72" in run("config").out
    monkeypatch.setenv("VISUAL", "sed -i s/#measure.*/measure=7/")
    done = run("config", "edit")
    assert path.stat().st_mode & 0o077 == 0
    assert "measure must lie between" in done.err
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    assert run("config", "edit").code == 1


def test_without_a_terminal_the_latest_news_are_printed(tmp_path: Path, library: Store) -> None:
    done = program(tmp_path, BACATUI_HOME=os.environ["BACATUI_HOME"])
    assert done.returncode == 0
    assert "Banjir surut di Medan" in done.stdout
    assert len(done.stdout.splitlines()) == 4


def test_a_first_call_without_a_terminal_says_how_to_begin(tmp_path: Path) -> None:
    done = program(tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "bacatui: no feeds yet; bacatui add URL subscribes to one.\n"


def test_list_and_read_load_neither_screen_nor_network_nor_parsers(library: Store) -> None:
    code = (
        "import sys; from bacatui import cli;"
        "codes = [cli.run(['list']), cli.run(['read', '1']), cli.run(['version'])];"
        "print(codes, sorted({'textual', 'feedparser', 'httpx', 'lxml', 'trafilatura', 'PIL', 'babel', 'sqlite_utils',"
        " 'asyncio', 'bacatui.sync', 'bacatui.tui'} & set(sys.modules)), file=sys.stderr)"
    )
    given = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "[0, 0, 0] []"


@pytest.mark.parametrize(
    "locale", [{"LANG": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_any_locale_prints_every_title(
    tmp_path: Path, library: Store, home: object, locale: dict[str, str]
) -> None:
    import json
    import sqlite3

    with sqlite3.connect(Path(os.environ["BACATUI_HOME"]) / "data/bacatui.db") as other:
        other.execute("UPDATE entry SET title = '新しい “news”' WHERE id = 4")
    assert (
        program(tmp_path, "list", BACATUI_HOME=os.environ["BACATUI_HOME"], **locale).returncode == 0
    )
    done = program(tmp_path, "list", "--json", BACATUI_HOME=os.environ["BACATUI_HOME"], **locale)
    assert json.loads(done.stdout)["entries"][-1]["title"] == "新しい “news”"


def test_a_pipe_that_closes_early_is_quiet(tmp_path: Path, library: Store) -> None:
    given = {**os.environ, "PYTHONPATH": str(SOURCE)}
    line = f"{sys.executable} -m bacatui list --json | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line], env=given, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    closed = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m bacatui list >&-"],
        env=given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (closed.returncode, closed.stderr) == (0, b"")


def test_an_interrupt_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    given = {**os.environ, "PYTHONPATH": str(SOURCE), "BACATUI_HOME": str(tmp_path)}
    waiting = subprocess.Popen(
        [sys.executable, "-m", "bacatui", "open", "-"],
        env=given,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        import time

        time.sleep(1)
        waiting.send_signal(signal.SIGINT)
        _out, err = waiting.communicate(timeout=30)
    finally:
        waiting.kill()
    assert (waiting.returncode, err) == (130, "")


def test_an_unusable_home_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("--home", str(tmp_path / "file"), "list")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)


def test_a_newer_library_is_refused_and_left_as_it_is(
    run: Run, library: Store, tmp_path: Path
) -> None:
    import sqlite3

    from bacatui import paths

    library.close()
    path = paths.home().store
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 9999")
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    before = path.read_bytes()
    done = run("list")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
    assert path.read_bytes() == before


def test_a_foreign_file_in_the_place_of_the_library_is_refused_and_left(run: Run) -> None:
    from bacatui import paths

    path = paths.home().store
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not ours" * 1000)
    done = run("list")
    assert (done.code, done.err.count("\n")) in {
        (3, 1),
        (0, 2),
    }  # damaged ones are set aside and told of
    assert any(
        file.read_bytes() == b"not ours" * 1000 for file in path.parent.rglob("*") if file.is_file()
    )
