"""Undo and redo of everything that the user does, in order, also after a restart."""

from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bacatui.model import Scope, ScopeKind
from bacatui.store import Store, doctor, open_store
from bacatui.store.journal import apply, change
from bacatui.store.sql import choose, choose_ranges, chosen, connect, numbers, ranges
from tests.store.conftest import document, made, subscribed, synced


@given(st.sets(st.integers(1, 500)))
def test_ranges_and_numbers_are_each_others_inverse(ids: set[int]) -> None:
    assert list(numbers(ranges(ids))) == sorted(ids)


def test_what_ranges_say_is_chosen_whatever_was_before(store: Store) -> None:
    some = st.sets(st.integers(1, 40), min_size=1)
    with closing(connect(store.path, "own")) as db:

        @given(some, some)
        def is_chosen(before: set[int], wanted: set[int]) -> None:
            for ids in (before, wanted, wanted):  # the last time it is so already
                choose_ranges(db, ranges(ids))
                assert chosen(db) == sorted(ids)
            choose(db, before)
            choose_ranges(db, ranges(wanted))
            assert chosen(db) == sorted(wanted)

        is_chosen()


def test_undo_and_redo_walk_along_the_readers_own_acts_across_restarts(path: Path) -> None:
    with open_store(path) as store:
        feed = subscribed(store, *(made(n) for n in range(5)))
        store.write.set_read([1, 2]).result()
        store.write.set_bookmark([3]).result()
        store.write.set_tags([3, 4], add=["harga", "beras"]).result()
        store.write.set_note(4, "Line one\nline two").result()
        store.write.edit_feed(feed, title="Mine", folder="News").result()
        store.write.remove_feed(feed).result()
    with open_store(path) as store:
        undone = []
        while act := store.write.undo().result():
            undone.append(act.kind)
        assert undone == ["unsubscribe", "feed", "note", "tags", "bookmark", "read", "subscribe"]
        assert store.read.feeds() == []
    with open_store(path) as store:
        redone = []
        while act := store.write.redo().result():
            redone.append(act.kind)
        assert redone == undone[::-1]
        store.write.undo().result()
        assert store.read.mark(1).read_at and store.read.mark(3).bookmarked_at
        assert (
            store.read.mark(4).tags == ("beras", "harga")
            and store.read.mark(4).note == "Line one\nline two"
        )
        assert (store.read.feeds()[0].title, store.read.feeds()[0].folder) == ("Mine", "News")
        assert all(finding.is_good for finding in doctor(store))


def test_a_new_act_ends_what_could_be_redone(store: Store) -> None:
    subscribed(store, made(1), made(2))
    store.write.set_read([1]).result()
    store.write.undo().result()
    store.write.set_bookmark([2]).result()
    assert store.write.redo().result() is None
    assert store.read.mark(1).read_at is None


def test_an_act_that_changes_nothing_is_none(store: Store) -> None:
    subscribed(store, made(1))
    store.write.set_read([1]).result()
    act = store.write.set_read([1, 99]).result()
    assert (act.id, act.count) == (0, 0)
    undone = store.write.undo().result()
    assert undone is not None and undone.text == "1 entry marked read"
    assert store.read.mark(99).read_at is None


def test_undo_of_a_sync_between_acts_is_never_the_readers(store: Store) -> None:
    feed = subscribed(store, made(1))
    store.write.set_read([1]).result()
    store.write.store_feed(
        feed, document(*(made(n) for n in range(2, 40)), made(1)), synced()
    ).result()
    undone = store.write.undo().result()
    assert undone is not None and undone.kind == "read" and undone.entries == (1,)


def test_mute_rules_act_on_arrival_and_can_be_taken_back(store: Store) -> None:
    feed = subscribed(store, made(1, title="Bola malam"), made(2, title="Bola pagi"), made(3))
    store.write.add_rule("Bola", "title:bola").result()
    store.write.add_rule("Iklan", "title:iklan", "hide").result()
    assert store.read.count(Scope()).unread == 3
    assert store.read.count(Scope(ScopeKind.SEARCH, "title:bola")).entries == 2  # the dry run
    new = [made(11, title="Bola lagi"), made(12, title="Iklan sabun"), made(13)]
    store.write.store_feed(feed, document(*new), synced()).result()
    assert store.read.count(Scope()).unread == 4
    assert "Iklan sabun" not in [row.title for row in store.read.first(Scope(), 50)]
    run = next(act for act in store.read.journal() if act.author == "rule:Iklan")
    assert store.write.undo(run.id).result() is not None
    assert "Iklan sabun" in [row.title for row in store.read.first(Scope(), 50)]
    store.write.remove_rule(store.read.mute_rules()[0].id).result()
    assert [r.name for r in store.read.mute_rules()] == ["Iklan"]
    store.write.undo().result()
    assert {r.name for r in store.read.mute_rules()} == {"Bola", "Iklan"}


def test_unsubscribing_hides_entries_keeps_bookmarks_and_brings_all_back(store: Store) -> None:
    feed = subscribed(store, *(made(n) for n in range(4)))
    store.write.set_bookmark([2]).result()
    store.write.set_read([1]).result()
    store.write.remove_feed(feed).result()
    assert [row.id for row in store.read.first(Scope(), 9)] == [2]
    assert store.read.ids(Scope(ScopeKind.SEARCH, "title")).tolist() == [2]
    back = store.write.add_feed("https://a.example/feed").result()
    assert back.id == feed and (back.entries, back.unread) == (4, 3)


def test_saved_searches_are_kept_changed_and_undone(store: Store) -> None:
    saved = store.write.save_search("Beras", "harga beras").result()
    store.write.save_search("Beras", "beras").result()
    store.write.undo().result()
    assert [(s.name, s.query) for s in store.read.saved_searches()] == [("Beras", "harga beras")]
    store.write.remove_search(saved.id).result()
    found = [s.id for s in store.read.saved_searches()]
    assert found == [] or store.write.remove_search(found[0]).result().count == 1
    store.write.undo().result()
    assert [s.name for s in store.read.saved_searches()] == ["Beras"]


def test_marking_a_scope_means_what_is_in_it_at_that_moment(store: Store) -> None:
    subscribed(store, *(made(n) for n in range(30)))
    subscribed(
        store,
        *(made(n, link=f"https://b.example/{n}") for n in range(7)),
        url="https://b.example/feed",
    )
    act = store.write.set_read(Scope(ScopeKind.FEED, "2")).result()
    assert act.count == 7 and store.read.count(Scope()).unread == 30
    assert store.write.set_read(Scope(ScopeKind.SEARCH, '"Title 3"')).result().count == 1
    assert store.write.set_read(Scope(), read=False).result().count == 8
    assert store.read.count(Scope()).unread == 37


def test_while_many_are_marked_and_taken_back_reading_goes_on(store: Store) -> None:
    for n in range(10):
        entries = [
            made(i, link=f"https://{n}.example/{i}", text="", content="") for i in range(1000)
        ]
        subscribed(store, *entries, url=f"https://{n}.example/feed")
    for work in (lambda: store.write.set_read(Scope()), store.write.undo):
        future, reads = work(), 0
        while not future.done():
            store.read.first(Scope(), 40)
            reads += 1
        assert future.result() is not None
        assert reads > 1
    assert store.read.count(Scope()).unread == 10_000


def test_places_and_the_state_of_the_screen_are_kept_without_a_journal(store: Store) -> None:
    subscribed(store, made(1))
    store.write.set_place(1, 3.25).result()
    store.write.set_meta("screen", '{"row": 5}').result()
    assert (
        store.read.mark(1).place == 3.25
        and store.read.meta("screen") == '{"row": 5}'
        and store.read.meta("x", "y") == "y"
    )
    assert [act.kind for act in store.read.journal()] == ["subscribe"]


def test_version_changes_when_another_connection_writes(store: Store, path: Path) -> None:
    before = store.read.version()
    assert store.read.version() == before
    with open_store(path) as other:
        other.write.set_meta("a", "b").result()
    assert store.read.version() != before


def test_an_act_that_marks_both_ways_counts_the_feeds_of_both(store: Store, path: Path) -> None:
    one, other = (
        subscribed(store, made(1)),
        subscribed(store, made(2), url="https://b.example/feed"),
    )
    mine, theirs = (store.read.ids(Scope(ScopeKind.FEED, str(feed)))[0] for feed in (one, other))
    store.write.set_read([theirs]).result()
    was = store.read.mark(theirs).read_at
    assert was
    changes = [
        change("mark.read_at", None, 5, [mine]), change("mark.read_at", int(was.timestamp()), None, [theirs]),
    ]  # fmt: skip
    with closing(connect(path, "own")) as db:
        apply(db, changes)
    assert [(feed.id, feed.unread) for feed in store.read.feeds()] == [(one, 0), (other, 1)]
    assert all(finding.is_good for finding in doctor(store))
