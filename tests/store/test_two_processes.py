"""Two processes at once, also with `kill -9`: nothing that was acknowledged is lost."""

import fcntl
import os
import signal
import subprocess
import sys
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest

from bacatui.model import Scope
from bacatui.store import doctor, open_store, sql
from bacatui.store.sql import connect, immediate
from tests.store.conftest import document, made, subscribed, synced

MARKER = """
import sys
from pathlib import Path
from bacatui.store import open_store
store = open_store(Path(sys.argv[1]))
print("ready", flush=True)
for number in map(int, sys.stdin):
    store.write.set_read([number]).result()
    print(number, flush=True)
"""
SYNCER = """
import sys
from pathlib import Path
from bacatui.model import ParsedEntry, ParsedFeed, FetchState
from bacatui.clock import now
from bacatui.store import open_store
store = open_store(Path(sys.argv[1]))
feeds = [feed.id for feed in store.read.feeds()]
print("ready", flush=True)
n = int(sys.argv[2])
while True:
    n += 1
    entries = tuple(
        ParsedEntry(f"s{n}-{i}", f"Synced {n} {i}", f"https://s.example/{n}/{i}", text="kata " * 50, has_guid=True)
        for i in range(150)
    )
    state = FetchState(last_full=now())
    documents = [ParsedFeed("S", entries=entries[at * 30 : at * 30 + 60 * (at == 0) + 30]) for at in range(len(feeds))]
    for future in [store.write.store_feed(feed, each, state) for feed, each in zip(feeds, documents)]:
        future.result()
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline().strip() == "ready"
    return process


def round_of_kills(path: Path, numbers: list[int], number: int, random: Random) -> set[int]:
    """Mark entries while another process syncs, and kill both at a random moment.

    Returns the entries whose marks were acknowledged, of which there is at least one.
    """
    marker, syncer = start(MARKER, str(path)), start(SYNCER, str(path), str(number * 10_000))
    assert marker.stdin is not None and marker.stdout is not None
    try:
        marker.stdin.writelines(f"{n}\n" for n in numbers)
        marker.stdin.flush()
        said = marker.stdout.readline()
        sleep(random.uniform(0, 0.3))
    finally:
        for process in (marker, syncer):
            process.send_signal(signal.SIGKILL)
    said += marker.stdout.read()
    for process in (marker, syncer):
        process.communicate()
    return {int(line) for line in said[: said.rfind("\n") + 1].split()}


def rounds(path: Path, count: int) -> int:
    random, acknowledged = Random(7), set[int]()
    with open_store(path) as store:
        subscribed(store, *(made(n) for n in range(900)))
        for n in range(3):
            store.write.add_feed(f"https://{n}.example/feed").result()
        unread = list(store.read.ids(Scope()))
    for number in range(count):
        some = random.sample(unread, min(40, len(unread)))
        acknowledged |= round_of_kills(path, some, number, random)
        with open_store(path) as store:
            assert store.read.first(Scope(), 40) and not store.notice
            assert all(store.read.mark(n).read_at for n in acknowledged)
            assert all(finding.is_good for finding in doctor(store)), doctor(store)
            rows = store.read.rows(store.read.ids(Scope()))
            assert len({(row.title, row.feed_id) for row in rows}) == len(rows)
    return len(acknowledged)


@pytest.mark.slow
def test_marks_that_were_acknowledged_survive_kill_9_beside_a_sync(path: Path) -> None:
    assert rounds(path, 4) > 4


@pytest.mark.soak
def test_a_thousand_rounds_of_kill_9(path: Path) -> None:
    assert rounds(path, 1000) > 800


def test_two_writers_wait_for_each_other_and_never_see_a_lock(path: Path) -> None:
    with open_store(path) as one, open_store(path) as two:
        subscribed(one, *(made(n) for n in range(200)))
        work: list[Future[Any]] = []
        for n in range(1, 101):
            work.append(one.write.set_read([n]))
            work.append(two.write.set_bookmark([n]))
            if n % 20 == 0:
                more = document(
                    *(
                        made(k, link=f"https://b.example/{k}")
                        for k in range(1000 * n, 1000 * n + 250)
                    )
                )
                work.append(two.write.store_feed(1, more, synced()))
        for future in work:
            future.result(timeout=60)
        assert all(
            one.read.mark(n).read_at and one.read.mark(n).bookmarked_at for n in range(1, 101)
        )


def test_who_waits_for_the_lock_gets_it_before_who_takes_it_again_and_again(path: Path) -> None:
    open_store(path).close()
    is_over, turns, passed = Event(), 0, list[int]()

    def hog() -> None:
        nonlocal turns
        with closing(connect(path, "sync")) as db:
            while not is_over.is_set():
                with immediate(db):
                    turns += 1
                    sleep(0.01)

    thread = Thread(target=hog)
    thread.start()
    try:
        with closing(connect(path, "own")) as db:
            for _ in range(20):
                before = turns
                with immediate(db):
                    passed.append(turns - before)
    finally:
        is_over.set()
        thread.join()
    assert max(passed) <= 2  # who was inside, and at most one who was at the door before


def test_one_who_was_stopped_at_the_door_keeps_nobody_out(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(path).close()
    monkeypatch.setattr(sql, "PATIENCE", 0.1)
    door = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        with closing(connect(path, "own")) as db, immediate(db):
            assert db.in_transaction
    finally:
        os.close(door)


def test_acts_go_ahead_of_a_sync_that_is_under_way(path: Path) -> None:
    with open_store(path) as store:
        subscribed(store, *(made(n) for n in range(10)))
        big = document(*(made(n, text="kata " * 300) for n in range(100, 4100)))
        syncing = [store.write.store_feed(1, big, synced())]
        order = []
        syncing[0].add_done_callback(lambda _future: order.append("sync"))
        act = store.write.set_read([1])
        act.add_done_callback(lambda _future: order.append("act"))
        act.result(timeout=30)
        syncing[0].result(timeout=60)
        assert order == ["act", "sync"]
