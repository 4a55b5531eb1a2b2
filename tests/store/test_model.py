"""Property test: the store against a simple model, with actions in random order."""

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bacatui.model import Scope, ScopeKind
from bacatui.store import doctor, open_store
from tests.store.conftest import NOW, document, made, synced

FEEDS = 3
KEYS = 12


class Library(RuleBasedStateMachine):
    """Feeds 1 to 3, with entries by (feed, guid). The model has marks by key, without entry numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "bacatui.db"
        self.now = NOW
        self._tick()
        self.store = open_store(self.path)
        self.seen: dict[tuple[int, int], datetime] = {}  # stored entries, with their first sight
        self.buried: set[tuple[int, int]] = set()
        self.numbers: dict[tuple[int, int], int] = {}
        self.marks: dict[tuple[str, tuple[int, int]], Any] = {}  # (field, entry) -> value
        self.removed: set[int] = set()
        self.done: list[list[tuple[Any, Any, Any]]] = []  # acts as (what, before, after)
        self.undone: list[list[tuple[Any, Any, Any]]] = []
        for n in range(1, FEEDS + 1):
            feed = self.store.write.add_feed(f"https://{n}.example/feed").result()
            assert feed.id == n
            self.store.write.store_feed(n, document(), synced()).result()
            self.done.append([(("removed", n), True, False)])

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def _tick(self, hours: int = 0) -> None:
        self.now += timedelta(hours=hours, seconds=1)
        os.environ["BACATUI_NOW"] = self.now.isoformat()

    # --- what the model does

    def _get(self, what: Any) -> Any:
        return what[1] in self.removed if what[0] == "removed" else self.marks.get(what)

    def _set(self, what: Any, value: Any) -> None:
        if what[0] == "removed":
            (self.removed.add if value else self.removed.discard)(what[1])
        elif value is None:
            self.marks.pop(what, None)
        else:
            self.marks[what] = value

    def _act(self, wanted: dict[Any, Any]) -> int:
        changes = []
        for what, value in wanted.items():
            was = self._get(what)
            if bool(was) != bool(value) or (what[0] == "note" and was != value):
                changes.append((what, was, value))
        for what, _, value in changes:
            self._set(what, value)
        if changes:
            self.done.append(changes)
            self.undone.clear()
        return len(changes)

    def _kept(self, key: tuple[int, int]) -> bool:
        return any(self.marks.get((field, key)) for field in ("bookmarked", "note", "tag"))

    def _visible(self) -> set[tuple[int, int]]:
        return {key for key in self.seen if key[0] not in self.removed or self._kept(key)}

    def _unread(self) -> set[tuple[int, int]]:
        return {key for key in self._visible() if not self.marks.get(("read", key))}

    def _some(self, data: Any) -> list[tuple[int, int]]:
        some = st.lists(st.sampled_from(sorted(self.seen)), min_size=1, max_size=6, unique=True)
        return data.draw(some)  # type: ignore[no-any-return]

    # --- what is done to both

    @rule(
        feed=st.integers(1, FEEDS),
        keys=st.lists(st.integers(0, KEYS), max_size=KEYS, unique=True),
        version=st.integers(0, 2),
    )
    def sync(self, feed: int, keys: list[int], version: int) -> None:
        if feed in self.removed:
            return
        self._tick()
        entries = [
            made(k, link=f"https://{feed}.example/{k}", text=f"Body {k} version {version}")
            for k in keys
        ]
        stored = self.store.write.store_feed(feed, document(*entries), synced(self.now)).result()
        new = [k for k in keys if (feed, k) not in self.seen and (feed, k) not in self.buried]
        assert len(stored.new) == len(new)
        for key, number in zip(new, stored.new, strict=True):
            self.seen[feed, key] = self.now
            self.numbers[feed, key] = number

    @precondition(lambda self: self.seen)
    @rule(
        data=st.data(),
        on=st.booleans(),
        field=st.sampled_from(["read", "bookmarked", "tag", "note"]),
    )
    def mark(self, data: Any, on: bool, field: str) -> None:
        self._tick()
        keys = self._some(data)
        ids = [self.numbers[key] for key in keys]
        if field == "note":
            keys = keys[:1]
            text = data.draw(st.sampled_from(["", "one", "two"]))
            act = self.store.write.set_note(ids[0], text).result()
            count = self._act({("note", keys[0]): text or None})
        elif field == "tag":
            act = self.store.write.set_tags(
                ids, add=["x"] if on else [], remove=[] if on else ["x"]
            ).result()
            count = self._act({("tag", key): on or None for key in keys})
        else:
            method = self.store.write.set_read if field == "read" else self.store.write.set_bookmark
            act = method(ids, on).result()
            count = self._act({(field, key): on or None for key in keys})
        assert act.count == count

    @rule(feed=st.integers(0, FEEDS))
    def mark_all(self, feed: int) -> None:
        self._tick()
        scope = Scope(ScopeKind.FEED, str(feed)) if feed else Scope()
        act = self.store.write.set_read(scope).result()
        assert act.count == self._act(
            {("read", key): True for key in self._unread() if feed in {0, key[0]}}
        )

    @rule()
    def undo(self) -> None:
        self._tick()
        act = self.store.write.undo().result()
        assert (act is not None) == bool(self.done)
        if self.done:
            changes = self.done.pop()
            for what, before, _ in changes:
                self._set(what, before)
            self.undone.append(changes)

    @rule()
    def redo(self) -> None:
        self._tick()
        act = self.store.write.redo().result()
        assert (act is not None) == bool(self.undone)
        if self.undone:
            changes = self.undone.pop()
            for what, _, after in changes:
                self._set(what, after)
            self.done.append(changes)

    @rule(feed=st.integers(1, FEEDS))
    def subscribe_or_not(self, feed: int) -> None:
        self._tick()
        if feed in self.removed:
            self.store.write.add_feed(f"https://{feed}.example/feed").result()
            self._act({("removed", feed): False})
        else:
            self.store.write.remove_feed(feed).result()
            self._act({("removed", feed): True})

    @rule()
    def purge(self) -> None:
        self._tick(
            hours=13
        )  # fifty of them are less than the month after which a removed feed is given up
        purged = self.store.write.purge(keep_days=1).result()
        gone = {
            key for key, seen in self.seen.items()
            if self.marks.get(("read", key)) and seen < self.now - timedelta(days=1) and not self._kept(key)
        }  # fmt: skip
        assert purged.entries == len(gone)
        self.buried |= gone
        for key in gone:
            del self.seen[key]

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = open_store(self.path)

    # --- what holds at all times

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        read = self.store.read
        rows = {row.id: row for row in read.rows(read.ids(Scope()))}
        visible = {self.numbers[key]: key for key in self._visible()}
        assert set(rows) == set(visible)
        assert set(read.ids(Scope(ScopeKind.UNREAD))) == {
            self.numbers[key] for key in self._unread()
        }
        for number, key in visible.items():
            mark = read.mark(number)
            assert rows[number].is_read == bool(mark.read_at) == bool(self.marks.get(("read", key)))
            assert rows[number].is_bookmarked == bool(self.marks.get(("bookmarked", key)))
            assert mark.note == (self.marks.get(("note", key)) or "")
            assert bool(mark.tags) == bool(self.marks.get(("tag", key)))
        for feed in read.feeds():
            assert feed.id not in self.removed
            assert feed.unread == sum(key[0] == feed.id for key in self._unread())
            assert feed.entries == sum(key[0] == feed.id for key in self._visible())
        hits = set(read.ids(Scope(ScopeKind.SEARCH, "body")))
        assert hits == set(visible)

    @invariant()
    def the_doctor_is_content(self) -> None:
        if len(self.done) % 5 == 0:
            assert all(finding.is_good for finding in doctor(self.store))


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]
TestLibrary = Library.TestCase
TestLibrary.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=QUIET
)


@pytest.mark.soak
def test_ten_thousand_steps_never_diverge() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    many = settings(
        max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=QUIET
    )
    run_state_machine_as_test(Library, settings=many)
