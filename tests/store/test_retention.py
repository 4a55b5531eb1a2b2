"""Retention, backups and the doctor."""

import shutil
import sqlite3
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bacatui.model import Article, Offline, Scope, ScopeKind
from bacatui.store import (
    Store,
    StoredPicture,
    StoreError,
    StoreForeign,
    StoreFull,
    doctor,
    open_store,
    restore,
)
from tests.store.conftest import NOW, document, made, subscribed, synced


def good(store: Store) -> bool:
    return all(finding.is_good for finding in doctor(store))


def test_purging_takes_old_read_entries_and_leaves_what_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = subscribed(store, *(made(n) for n in range(10)))
    store.write.set_read([1, 2, 3, 4, 5]).result()
    store.write.set_bookmark([2]).result()
    store.write.set_tags([3], add=["x"]).result()
    store.write.set_note(4, "Why").result()
    assert store.write.purge(keep_days=30).result().entries == 0
    monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(days=31)).isoformat())
    assert store.write.purge(keep_days=30).result().entries == 2
    assert sorted(store.read.ids(Scope())) == [2, 3, 4, 6, 7, 8, 9, 10]
    assert good(store)
    stored = store.write.store_feed(
        feed, document(*(made(n) for n in range(10))), synced()
    ).result()
    assert stored.new == ()
    renamed = store.write.store_feed(
        feed, document(*(made(n, id=f"new-{n}") for n in range(10))), synced()
    ).result()
    assert renamed.new == () and store.read.count(Scope()).unread == 5


def test_a_cap_takes_the_oldest_read_ones_only(store: Store) -> None:
    subscribed(store, *(made(n) for n in range(20)))
    store.write.set_read(list(range(1, 16))).result()  # the fifteen oldest
    assert store.write.purge(keep_count=12).result().entries == 8
    assert sorted(store.read.ids(Scope())) == list(range(9, 21))
    assert store.write.purge(keep_count=3).result().entries == 7
    assert store.read.count(Scope()).unread == 5 and good(store)


def test_a_feeds_own_keep_count_takes_unread_ones_too(store: Store) -> None:
    feed = subscribed(store, *(made(n) for n in range(20)))
    store.write.set_bookmark([1]).result()
    store.write.edit_feed(feed, settings={"keep": "5"}).result()
    assert store.write.purge().result().entries == 14
    assert store.read.count(Scope()).entries == 6 and good(store)


def test_a_cap_on_bytes_takes_articles_and_leaves_unread_entries(store: Store) -> None:
    subscribed(store, *(made(n, is_stub=True) for n in range(30)))
    long = Article(text="kata " * 20_000, html="<p>" + "kata " * 20_000 + "</p>")
    for n in range(1, 31):
        store.write.store_article(n, long, Offline.READY).result()
    store.write.set_bookmark([1]).result()
    purged = store.write.purge(keep_bytes=3_000_000).result()
    assert 10 < purged.articles < 30 and purged.entries == 0
    assert store.read.count(Scope()).unread == 30
    kept, given = store.read.article(1), store.read.article(2)
    assert (
        kept is not None
        and kept.text
        and given is not None
        and not given.text
        and "space" in given.error
    )
    assert good(store)


def test_pictures_that_nobody_needs_are_named_for_deletion(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = '<figure><img src="https://a.example/{}.png" alt=""/></figure>'
    subscribed(store, made(1, content=html.format(1)), made(2, content=html.format(2)))
    for n in (1, 2):
        store.write.store_picture(StoredPicture(f"https://a.example/{n}.png", f"{n}.png")).result()
    store.write.set_read([1]).result()
    monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(days=5)).isoformat())
    assert store.write.purge(keep_days=1).result().pictures == ("2.png",)


def test_a_removed_feed_is_purged_after_a_month_but_its_bookmarks_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = subscribed(store, made(1), made(2))
    second = subscribed(store, made(3), url="https://b.example/feed")
    store.write.set_bookmark([1]).result()
    store.write.remove_feed(first).result()
    store.write.remove_feed(second).result()
    monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(days=31)).isoformat())
    purged = store.write.purge().result()
    assert (purged.entries, purged.feeds) == (2, 1)
    assert list(store.read.ids(Scope(ScopeKind.BOOKMARKS))) == [1] and good(store)


def test_a_backup_is_a_whole_private_store_and_never_half_there(
    store: Store, tmp_path: Path
) -> None:
    subscribed(store, *(made(n) for n in range(5)))
    store.write.set_bookmark([1]).result()
    target = tmp_path / "copy.db"
    target.write_text("old")
    store.write.backup(target).result()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with open_store(target) as copy:
        assert copy.read.mark(1).bookmarked_at and good(copy)
    with pytest.raises(StoreError, match="could not be written"):
        store.write.backup(tmp_path / "absent" / "copy.db").result()
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_restoring_brings_back_and_keeps_what_was_there(path: Path, tmp_path: Path) -> None:
    with open_store(path) as store:
        subscribed(store, made(1))
        store.write.set_bookmark([1]).result()
        store.write.backup(tmp_path / "copy.db").result()
        store.write.set_bookmark([1], on=False).result()
    with open_store(path) as other:  # somebody has it open meanwhile
        kept = restore(path, tmp_path / "copy.db").kept
        assert other.read.mark(1).bookmarked_at
        other.write.set_read([1]).result()
    with open_store(path.parent / kept) as store:
        assert not store.read.mark(1).bookmarked_at
    (tmp_path / "other.db").write_text("no library at all")
    with pytest.raises(StoreForeign):
        restore(path, tmp_path / "other.db")
    with pytest.raises(StoreError, match="no file"):
        restore(path, tmp_path / "absent.db")


def test_daily_copies_hold_the_goods_and_are_rotated(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = subscribed(store, *(made(n, text="long " * 900) for n in range(50)))
    store.write.set_read([1, 2]).result()
    store.write.set_bookmark([3]).result()
    folder = path.parent / "backups"
    for day in range(40):
        monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(days=day)).isoformat())
        assert store.write.daily_backup(folder).result() is not None
        assert store.write.daily_backup(folder).result() is None
    days = sorted(datetime.strptime(file.stem[8:], "%Y-%m-%d") for file in folder.glob("*.db"))  # noqa: DTZ007
    assert (days[-1] - days[-8]).days == 7 and 9 <= len(days) <= 12
    newest = max(folder.glob("*.db"))
    store.write.tidy().result()
    assert newest.stat().st_size < path.stat().st_size
    lost = path.parent / "again.db"
    shutil.copy(newest, lost)
    with open_store(lost) as copy:
        assert good(copy) and [f.id for f in copy.read.feeds()] == [feed]
        assert [row.id for row in copy.read.first(Scope(), 9)] == [3] and copy.read.mark(1).read_at
        copy.write.store_feed(
            feed,
            document(*(made(n, text="long " * 900) for n in range(50))),
            synced(),
            newest_unread=None,
        ).result()
        assert copy.read.count(Scope()).unread == 48  # what was read does not come back as unread


def test_the_doctor_finds_what_was_broken_by_hand_and_mends_it(store: Store, path: Path) -> None:
    subscribed(store, *(made(n) for n in range(9)))
    assert good(store)
    db = sqlite3.connect(path)
    db.execute("DELETE FROM unread WHERE entry = 3")
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    db.commit()
    db.close()
    assert {finding.name for finding in doctor(store) if not finding.is_good} == {
        "lists and counts",
        "search index",
    }
    assert good(store) and len(store.read.ids(Scope(ScopeKind.SEARCH, "title"))) == 9


def test_tidying_gives_space_back(store: Store, path: Path) -> None:
    feed = subscribed(
        store,
        *(
            made(n, text="long " * 2000, content="<p>" + "long " * 2000 + "</p>")
            for n in range(800)
        ),
    )
    store.write.tidy().result()
    before = path.stat().st_size
    store.write.edit_feed(feed, settings={"keep": "5"}).result()
    store.write.purge().result()
    store.read.close()
    store.write.tidy().result()
    assert path.stat().st_size < before / 2
    store.read = store.reader()
    assert good(store) and store.read.count(Scope()).entries == 5


def test_a_full_disk_is_one_sentence_and_nothing_is_half_written(store: Store) -> None:
    feed = subscribed(store, *(made(n) for n in range(20)))
    pages = "PRAGMA max_page_count = 1"  # as many as there are now
    store.write.submit(1, lambda: store.write.sync.execute(pages) and None).result()
    more = document(*(made(n, text="kata " * 2000) for n in range(100, 400)))
    with pytest.raises(StoreFull, match="disk is full"):
        store.write.store_feed(feed, more, synced()).result()
    assert store.read.count(Scope()).entries == 20 and good(store)
    assert store.write.set_read([1]).result().count == 1
    store.write.submit(
        1, lambda: store.write.sync.execute("PRAGMA max_page_count = 1000000") and None
    ).result()
    assert len(store.write.store_feed(feed, more, synced()).result().new) == 300
