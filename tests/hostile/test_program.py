"""What is hostile goes through a sync and every view of the real program, and nothing comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.model import Scope
from bacatui.store import open_store
from tests.hostile import runner
from tests.hostile.cases import JSON, WORDS, Case, _json, own
from tests.hostile.cases import shared as shared_cases
from tests.hostile.more import more
from tests.processes import needs_proc

pytestmark = needs_proc  # memory, and time of the processor
STALL = 0.1  # seconds of CPU that one step of the event loop may take
OWN = own() + more()
LONG = {"page-of-lines", "page-of-styles", "page-of-columns", "page-of-one-word"}
HARMLESS = tuple(
    Case(f"harmless-{feed}", _json(*({"id": str(n), "title": f"Judul {n}", "url": f"https://feed.example/{n}", "authors": [{"name": "A"}],
         "content_html": f"<p><a href='https://x.example/'>x</a> {WORDS * 30}</p><pre>kode</pre>"} for n in range(8))), JSON)
    for feed in range(3)
)  # fmt: skip


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> runner.Sitting:
    """What the program writes, and how long it takes, where nobody means harm."""
    return sat(tmp_path_factory.mktemp("harmless"), HARMLESS, most=4)


def sat(home: Path, cases: tuple[Case, ...], most: int) -> runner.Sitting:
    with runner.serving(cases) as site:
        runner.subscribe(home, cases, site)
        sitting = runner.sit(home, most=most, seconds=120)
    assert site.hits == []
    with open_store(paths.home(home / "bacatui").store, readonly=True) as store:
        assert store.read.count(Scope()).entries >= sum(
            case.expect.get("entries", 0) for case in cases
        )
    made = {path.name for path in home.iterdir()} - {"bacatui", "watch", "steps", ".cache"}
    assert all(name.endswith(".md") for name in made), made  # the one that the sitting saved
    return sitting


def faults(
    cases: tuple[Case, ...], sitting: runner.Sitting, harmless: runner.Sitting
) -> Iterator[str]:
    if sitting.status != 0 or b"Traceback" in sitting.raw:
        yield f"ended with {sitting.status}"
    yield from (
        f"{kind}: {around!r}"
        for kind, around in sitting.kinds.items()
        if kind not in harmless.kinds
    )
    forbidden = {
        text.encode("utf-8", "surrogatepass")
        for case in cases
        for text in case.expect.get("forbid", ())
    }
    yield from (
        repr(text) for text in forbidden if text in sitting.raw and text not in harmless.raw
    )
    most = max(STALL, *(cpu for cpu, *_ in harmless.steps[:1]), 0)
    usual, longest = (
        f"{max([0.0, *(cpu for cpu, *_ in one.steps)]) * 1e3:.0f} ms" for one in (harmless, sitting)
    )
    print(f"longest step of the event loop: {longest} of CPU; {usual} where all feeds are harmless")
    yield from (
        f"{cpu:.3f} s in one step: {what}" for cpu, _, what in sitting.steps if cpu > most * 1.5
    )


@pytest.mark.parametrize("are_long", [False, pytest.param(True, marks=pytest.mark.slow)])
async def test_our_own_cases_sync_within_their_limits_and_show_what_they_say(
    tmp_path: Path, are_long: bool
) -> None:
    cases = tuple(case for case in OWN if (case.id in LONG) == are_long)
    with runner.serving(cases) as site:
        outcomes = await runner.sync(tmp_path, cases, site)
    assert {one.case.id: found for one in outcomes if (found := list(one.faults()))} == {}
    assert len(outcomes) == (len(LONG) if are_long else len(OWN) - len(LONG))
    assert site.hits == []


@pytest.mark.slow
def test_our_own_cases_do_nothing_in_the_real_program(
    tmp_path: Path, harmless: runner.Sitting
) -> None:
    assert list(faults(OWN, sat(tmp_path, OWN, most=90), harmless)) == []


@pytest.mark.soak
async def test_the_shared_cases_sync_within_their_limits(tmp_path: Path, shared: Path) -> None:
    cases = tuple(shared_cases(shared))
    with runner.serving(cases) as site:
        outcomes = await runner.sync(tmp_path, cases, site)
    assert {one.case.id: found for one in outcomes if (found := list(one.faults()))} == {}
    assert len(outcomes) >= 200
    assert site.hits == []


@pytest.mark.soak
@pytest.mark.parametrize("most_entries", [True, False])
def test_the_shared_cases_do_nothing_in_the_real_program(
    tmp_path: Path, shared: Path, harmless: runner.Sitting, most_entries: bool
) -> None:
    cases = tuple(case for case in shared_cases(shared) if (case.id == "size-50k") == most_entries)
    assert (
        list(faults(cases, sat(tmp_path, cases, most=20 if most_entries else 460), harmless)) == []
    )
