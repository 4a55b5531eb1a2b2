"""What a reader feels, measured through a pseudo-terminal: start, keys, opening, search, memory."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.terminal.driver import ROOT, Terminal

from bacatui import paths
from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import open_store
from benchmarks.figures import Figure, median, p95
from benchmarks.generator import NEWEST, fill, size
from benchmarks.vocabulary import RARE

READY = r"Paper (number )?\d"
REPEATS = 5
LARGE = 200_000  # entries: a store of more has short articles, and a second for what else has milliseconds


def program(home: Path, *, columns: int = 110) -> Terminal:
    """The app over the store of `home`, without syncing by itself."""
    settings = home / "config/config.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("sync_on_start = false\nsync_interval = 0\n")
    with open_store(paths.home(home).store) as store:
        store.write.set_meta("screen", "{}").result()  # not where the last measurement left off
    return Terminal("--home", str(home), home=home, columns=columns)


def bare(home: Path) -> Terminal:
    return Terminal(
        sys.executable,
        "-m",
        "benchmarks.bare_app",
        home=home,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
    )


def started(terminal: Terminal) -> tuple[float, float, float]:
    """Seconds to the list, to an answered key, and processor seconds until then."""
    with terminal:
        listed = terminal.wait_for(READY, 300)
        answered = listed + terminal.press("j")[0] / 1e3
        return listed, answered, terminal.cpu()


def start(homes: dict[int, Path]) -> Iterator[Figure]:
    """Start to the list and an answered key, in turns, so that each size meets the same machine."""
    turns: dict[int, list[tuple[float, float, float]]] = {count: [] for count in (0, *homes)}
    for _ in range(REPEATS):
        turns[0].append(started(bare(next(iter(homes.values())))))
        for count, home in homes.items():
            turns[count].append(started(program(home)))
    wall = {count: median([turn[1] for turn in taken]) for count, taken in turns.items()}
    cpu = {count: median([turn[2] for turn in taken]) for count, taken in turns.items()}
    least = min(homes)
    for count in homes:
        yield Figure(
            f"start to list and answered key, {count:,}",
            wall[count],
            "s",
            note=f"cpu {cpu[count]:.2f} s",
        )
        if count != least:
            yield Figure(f"start, {count:,} : {least:,}", wall[count] / wall[least], "x", 1.25)
    yield Figure(f"start, {least:,} : bare Textual app with the same panes", wall[least] / wall[0], "x", 1.5,
                 f"bare {wall[0]:.2f} s, cpu {cpu[0]:.2f} s")  # fmt: skip


def keys(home: Path, count: int) -> Iterator[Figure]:
    """Moving about in the list and the article, idle."""
    with program(home) as terminal:
        terminal.wait_for(READY, 60)
        terminal.quiet(0.5)
        yield Figure(
            f"memory of the app at the list, {count:,}",
            terminal.memory(),
            "MiB",
            60 if count <= LARGE else None,
        )
        pressed = [terminal.press("j", 0.03) for _ in range(80)]
        yield Figure(f"list key p95, {count:,}", p95([key[0] for key in pressed]), "ms", 10,
                     f"p50 {median([key[0] for key in pressed]):.1f}")  # fmt: skip
        yield Figure("bytes written a cursor key", median([key[2] for key in pressed]), "B", 1500,
                     f"most {max(key[2] for key in pressed)}")  # fmt: skip
        for name, key in (("End", "\x1b[F"), ("Home", "\x1b[H"), ("next unread", "n")):
            terminal.quiet(0.4)
            yield Figure(f"{name}, {count:,}", terminal.press(key, 0.05)[0], "ms", 30)
        if count > LARGE:
            return
        terminal.quiet(0.5)
        terminal.send("l")
        terminal.quiet(0.5)
        scrolled = [terminal.press(key, 0.03)[0] for key in "jjjjkkkk" * 6]
        yield Figure("article key p95", p95(scrolled), "ms", 16)
        yield Figure(f"memory of the app after reading, {count:,}", terminal.memory(), "MiB", 60)


def held_key(home: Path) -> Iterator[Figure]:
    """Holding j for five seconds at thirty keys a second: the longest time without an answer."""
    with program(home) as terminal:
        terminal.wait_for(READY, 60)
        terminal.quiet(0.5)
        yield from _hold(terminal, 5, "holding j for 5 s: longest pause")


def _hold(terminal: Terminal, seconds: float, name: str) -> Iterator[Figure]:
    before, began, sent = len(terminal.chunks), time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        terminal.send("j")
        sent += 1
        until = time.perf_counter() + 1 / 30
        while (left := until - time.perf_counter()) > 0:
            terminal.pump(left)
    moments = [moment for moment, _ in terminal.chunks[before:]]
    pauses = [
        (late - early) * 1e3
        for early, late in itertools.pairwise([moments[0], *moments, terminal.now()])
    ]
    written = sum(len(chunk) for _, chunk in terminal.chunks[before:])
    yield Figure(name, max(pauses), "ms", 100, f"{sent} keys, {written / sent:.0f} B a key")


def search(home: Path, count: int) -> Iterator[Figure]:
    """A search as it is typed: the last letter of a rare word, and of a word that is not there."""
    with program(home) as terminal:
        terminal.wait_for(READY, 60)
        terminal.quiet(0.5)
        for name, word, most in (
            ("a rare word", RARE, 50.0),
            ("a common word", "pasar", 50.0),
            ("an absent word", "qqxqqy", 20.0),
        ):
            terminal.send("/")
            terminal.quiet(0.5)
            terminal.send(word[:-1])
            terminal.quiet(0.8)
            _, hits, _ = terminal.press(
                word[-1], 0.07
            )  # the article follows later, when the list rests
            first_hits = [line[:50] for line in terminal.screen().splitlines()[1:8]]
            settled = [line[:50] for line in terminal.quiet(0.5).splitlines()[1:8]]
            assert first_hits == settled, f"the hits of {word} came late:\n{terminal.screen()}"
            yield Figure(
                f"search as typed, {name}, {count:,}: key to hits",
                hits,
                "ms",
                most if count <= LARGE else 1e3,
            )
            terminal.send("\x1b")
            terminal.quiet(0.3)
            terminal.send("\x1b")
            terminal.quiet(0.3)


def mark_all(home: Path, count: int) -> Iterator[Figure]:
    """Everything read, and back, in the app, while keys are pressed."""
    with program(home) as terminal:
        terminal.wait_for(READY, 60)
        terminal.quiet(0.5)
        for name, key in (("mark all read", "A"), ("undo", "U")):
            terminal.send(key)
            yield from _hold(terminal, 2, f"{name}, {count:,}: longest pause of keys meanwhile")
            terminal.quiet(0.5)


def opening(home: Path) -> Iterator[Figure]:
    """Going to an article of 10,000 words, and to one of 2 MB."""
    sentence = "The harbour opened before sunrise and the first boats were already waiting outside the wall. "
    bodies = {"small": 1, "ten thousand words": 45, "two megabytes": 1500}
    with open_store(paths.home(home).store) as store:
        if not store.read.feeds():
            feed = store.write.add_feed("http://127.0.0.1:9/open.xml").result()
            entries = tuple(
                ParsedEntry(
                    id=name, title=f"Of {name}", link=f"http://127.0.0.1:9/{at}",
                    published=NEWEST - timedelta(hours=at),
                    content=f"<p>{sentence * 5}</p><h2>On</h2><p>{sentence * 10}</p>" * times, has_guid=True,
                )
                for at, (name, times) in enumerate(bodies.items())
            )  # fmt: skip
            parsed = ParsedFeed("Paper number 0", "http://127.0.0.1:9/", entries=entries)
            store.write.store_feed(
                feed.id, parsed, FetchState(status="ok"), newest_unread=None
            ).result()
    with program(home) as terminal:
        terminal.wait_for(READY, 60)
        terminal.quiet(0.5)
        for name, most in (("ten thousand words", 80), ("two megabytes", None)):
            before, pressed = terminal.cpu(), terminal.send("J")
            shown = terminal.wait_for(f"(?s)Of {name}.*Of {name}.*The harbour", 20)
            terminal.quiet(0.6)
            yield Figure(
                f"open an article of {name}: cpu", (terminal.cpu() - before) * 1e3, "ms", most
            )
            yield Figure(
                f"open an article of {name}: first screen",
                (shown - pressed) * 1e3,
                "ms",
                250,
                "150 of it rest",
            )


def prepared(folder: Path, counts: list[int]) -> dict[int, Path]:
    """Stores of the asked sizes under `folder`, made where they are not there yet."""
    homes = {}
    for count in counts:
        homes[count] = folder / str(count)
        seconds = fill(homes[count], size(count, short=count > LARGE))
        print(
            f"# {count:,} entries: {f'made in {seconds:.0f} s' if seconds else 'there already'}",
            flush=True,
        )
    return homes
