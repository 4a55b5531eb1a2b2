"""The reader's own commands after a sync."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bacatui.config import Settings
from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import open_store
from bacatui.sync import Report, programs

KEEP = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + chr(10))"


async def outcome(tmp_path: Path, settings: Settings) -> Report:
    report = Report(new=2)
    with open_store(tmp_path / "data/bacatui.db") as store:
        feed = store.write.add_feed("https://x.example/feed").result()
        entries = (ParsedEntry("1", "$(touch x); `y`"), ParsedEntry("2", "Two"))
        new = (
            store.write.store_feed(feed.id, ParsedFeed("X", entries=entries), FetchState())
            .result()
            .new
        )
        await programs.run_hooks(settings, store.read, report, new)
    return report


async def test_each_new_entry_and_the_report_reach_their_commands_as_json(tmp_path: Path) -> None:
    seen = {name: tmp_path / name for name in ("entries", "report")}
    command = {name: (sys.executable, "-c", KEEP, str(path)) for name, path in seen.items()}
    report = await outcome(
        tmp_path, Settings(on_new_entry=command["entries"], after_sync=command["report"])
    )
    entries = [json.loads(line) for line in seen["entries"].read_text().splitlines()]
    assert {entry["title"] for entry in entries} == {"$(touch x); `y`", "Two"}
    assert json.loads(seen["report"].read_text())["entries"] == {"new": 2, "updated": 0}
    assert report.errors == []


async def test_a_command_that_is_not_there_or_fails_is_named_once(tmp_path: Path) -> None:
    missing, failing = ("/no/such/command",), (sys.executable, "-c", "raise SystemExit(3)")
    report = await outcome(tmp_path, Settings(on_new_entry=missing, after_sync=failing))
    assert [error.title for error in report.errors] == ["on_new_entry", "after_sync"]
    assert "code 3" in report.errors[1].error


async def test_a_command_that_never_ends_is_stopped(tmp_path: Path) -> None:
    before, programs.SECONDS = programs.SECONDS, 0.5
    try:
        report = await outcome(
            tmp_path, Settings(after_sync=(sys.executable, "-c", "import time; time.sleep(60)"))
        )
    finally:
        programs.SECONDS = before
    assert "too long" in report.errors[0].error
