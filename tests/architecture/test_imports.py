"""Who loads whom, looked at while it runs: imports point down, and start-up loads what it needs only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
BASE = {"model", "document", "commands", "paths", "i18n", "clock", "shapes", "text"}
PARTS = {"feeds", "fetch", "articles", "store", "config", "themes", "packs"}
MAY_LOAD = {  # room -> the rooms below it (docs/architecture.md); rooms of one line do not know each other
    **{room: BASE - {room} for room in BASE},
    "text": set(),
    **dict.fromkeys(PARTS, BASE),
    "work": PARTS | BASE,
    **{room: {"work"} | PARTS | BASE for room in ("demo", "sync", "api")},
    **{room: {"demo", "sync", "api", "work"} | PARTS | BASE for room in ("tui", "cli")},
}
HEAVY = {
    "textual",
    "feedparser",
    "httpx",
    "lxml",
    "readability",
    "trafilatura",
    "sqlite_utils",
    "PIL",
    "pygments",
}


def modules_after(code: str, home: Path | None = None) -> set[str]:
    """The modules that a fresh interpreter has loaded when it has run `code`."""
    told = f"import sys, json, atexit\natexit.register(lambda: sys.stderr.write('\\n' + json.dumps(sorted(sys.modules))))\n{code}"
    environment = {
        "PYTHONPATH": str(SOURCE),
        "PATH": os.environ["PATH"],
        "BACATUI_HOME": str(home or "/nonexistent"),
    }
    ran = subprocess.run(
        [sys.executable, "-P", "-c", told],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return set(json.loads(ran.stderr.splitlines()[-1]))


@pytest.mark.parametrize("room", sorted(MAY_LOAD))
def test_a_room_loads_only_rooms_below_it_and_no_heavy_package(room: str) -> None:
    if not any((SOURCE / "bacatui").glob(f"{room}*")):
        pytest.skip(f"{room} is not there yet")
    loaded = modules_after(f"import bacatui.{room}")
    rooms = {name.split(".")[1] for name in loaded if name.startswith("bacatui.")}
    assert rooms - {room} <= MAY_LOAD[room]
    allowed = {"textual", "pygments"} if room == "tui" else set()
    assert HEAVY & {name.partition(".")[0] for name in loaded} <= allowed


def test_importing_the_package_loads_nothing_of_it() -> None:
    loaded = modules_after("import bacatui; bacatui.__version__")
    assert {name for name in loaded if name.startswith("bacatui")} == {"bacatui"}


@pytest.mark.parametrize(
    "command", [["version"], ["list"], ["list", "--json"], ["read", "1"], ["feeds"], ["--help"]]
)
def test_looking_at_the_library_loads_neither_screen_nor_parsers_nor_network(
    command: list[str], tmp_path: Path
) -> None:
    run = f"import sys; sys.argv = ['bacatui', *{command!r}]\nfrom bacatui.__main__ import main\nmain()"
    modules_after(run, tmp_path)  # the first time may make the store
    loaded = {name.partition(".")[0] for name in modules_after(run, tmp_path)}
    assert "bacatui" in loaded
    assert HEAVY & loaded == set()
