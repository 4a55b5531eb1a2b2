"""What the store answers and how long it takes, without a screen."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bacatui import clock, paths
from bacatui.model import FetchState, ParsedEntry, ParsedFeed, Scope, ScopeKind
from bacatui.store import open_store
from benchmarks.figures import Figure, median, p95
from benchmarks.generator import articles, size
from benchmarks.vocabulary import RARE


def milliseconds(work: Callable[[], Any], repeats: int = 5) -> float:
    """The median time of some work."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1e3)
    return median(taken)


def answers(home: Path, count: int) -> Iterator[Figure]:
    """Scopes, searches, and marking everything with its undo."""
    with open_store(paths.home(home).store) as store:
        read, write, latest = store.read, store.write, Scope()
        yield Figure(
            f"first screen of Latest, {count:,}",
            milliseconds(lambda: read.first(latest, 50)),
            "ms",
            50,
        )
        yield Figure(f"all ids of Latest, {count:,}", milliseconds(lambda: read.ids(latest)), "ms")
        folder = Scope(ScopeKind.FOLDER, read.folders()[0])
        yield Figure(
            "first screen of a folder", milliseconds(lambda: read.first(folder, 50)), "ms", 100
        )
        middle = read.ids(latest)[count // 2]
        yield Figure(
            "next unread from the middle",
            milliseconds(lambda: read.next_unread(latest, middle)),
            "ms",
            30,
        )
        for name, query, most in (
            ("rare word", RARE, 50), ("common word", "yang", 50), ("two common words", "yang dan", 50),
            ("two words that never meet", "yang the", 50),
            ("prefix", "pas*", 50),
            ("absent word", "qqxqqy", 20), ("two characters, Japanese", "経済", 50),
            ("title: and is:unread", f"title:{RARE} is:unread", 50),
        ):  # fmt: skip
            found = Scope(ScopeKind.SEARCH, query)
            hits = len(read.first(found, 50))
            took = milliseconds(lambda scope=found: read.first(scope, 50))  # type: ignore[misc]
            yield Figure(f"search, {name}: first hits", took, "ms", most, f"{hits} hits")
        turns = itertools.cycle((True, False))
        marks = [
            milliseconds(lambda: write.set_read([middle], next(turns)).result(), 1)
            for _ in range(60)
        ]
        yield Figure(
            "one mark, key to durable, p95", p95(marks), "ms", 20, f"p50 {median(marks):.2f}"
        )
        yield from beside_a_sync(home, middle)
        unread = read.count(latest).unread
        for name, work in (
            ("mark all read", lambda: write.set_read(latest).result()), ("undo of it", lambda: write.undo().result())
        ):  # fmt: skip
            yield Figure(f"{name}, {count:,}", milliseconds(work, 1), "ms", 1000)
        assert read.count(latest).unread == unread


def beside_a_sync(home: Path, entry: int) -> Iterator[Figure]:
    """Marks while another instance stores one document after the other, in a feed that goes again afterwards."""
    with open_store(paths.home(home).store) as store:
        feed = store.write.add_feed("http://127.0.0.1:9/beside.xml").result().id
        other = subprocess.Popen([sys.executable, "-m", "benchmarks.library", str(home), str(feed)])
        try:
            while not store.read.fetch_state(feed).last_full:
                time.sleep(0.1)
            turns = itertools.cycle((True, False))
            marks = [
                milliseconds(lambda: store.write.set_read([entry], next(turns)).result(), 1)
                for _ in range(400)
            ]
        finally:
            other.kill()
            other.wait()
        store.write.remove_feed(feed).result()
        # forty days on, what was removed may be purged
        os.environ["BACATUI_NOW"] = (clock.now() + timedelta(days=40)).isoformat()
        store.write.purge().result()
        del os.environ["BACATUI_NOW"]
    yield Figure(
        "one mark beside another's sync, p95", p95(marks), "ms", 20, f"most {max(marks):.0f} ms"
    )


def main() -> None:
    """Store new articles in a feed, without a pause, until killed."""
    home, feed = sys.argv[1:]
    with open_store(paths.home(Path(home)).store) as store:
        for seed in itertools.count(1):
            state = FetchState(last_full=clock.now(), body_hash=str(seed))
            store.write.store_feed(
                int(feed), ParsedFeed("Beside", entries=_some(seed)), state
            ).result()


def _some(seed: int) -> tuple[ParsedEntry, ...]:
    return tuple(
        replace(entry, id=f"{seed}-{entry.id}", link="") for entry in articles(size(150), seed)
    )


if __name__ == "__main__":
    main()
