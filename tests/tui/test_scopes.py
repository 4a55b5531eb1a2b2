"""A list whose feed or folder is gone leads to Latest; a first sync fills the list."""

from __future__ import annotations

import pytest

from bacatui.model import Scope, ScopeKind
from bacatui.store import Store
from tests.tui.conftest import NEWS, Opened, Screen, fill

LATE = {"Late Post": ("", [("Came while you looked", 0.01), ("Came a little before", 0.02)])}


def heading(screen: Screen) -> str:
    return screen.app.main.middle.heading.text


def titles(screen: Screen) -> list[str]:
    return [row.title for row in screen.app.main.list.rows_of(screen.app.main.middle.ids)]


async def changed(screen: Screen) -> None:
    """As after each sync, and as when another program has written."""
    screen.app.main.changed()
    await screen.settle()


async def test_undoing_a_subscription_leads_from_its_list_to_latest(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        feed = store.write.add_feed("https://nowhere.example/feed").result()
        screen.app.main.load(Scope(ScopeKind.FEED, str(feed.id), title=feed.title))
        await screen.settle()
        await screen.press("U")
        assert heading(screen) == "Latest"
        assert len(titles(screen)) == 8


async def test_a_feed_that_another_program_removed_leads_to_latest(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]")
        assert heading(screen) == "Harian Teluk"
        number = int(screen.app.main.middle.scope.key)
        store.write.remove_feed(number).result()
        await changed(screen)
        assert heading(screen) == "Latest"
        assert "Kapal pertama berlabuh di dermaga baru" not in titles(screen)


async def test_a_folder_that_is_empty_leads_to_latest(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        screen.app.main.load(Scope(ScopeKind.FOLDER, "Technology"))
        await screen.settle()
        (feed,) = [feed for feed in store.read.feeds() if feed.folder == "Technology"]
        store.write.edit_feed(feed.id, folder="").result()
        await changed(screen)
        assert heading(screen) == "Latest"


async def test_a_folder_that_is_renamed_stays_open_under_its_new_name(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        main = screen.app.main
        main.load(Scope(ScopeKind.FOLDER, "Technology"))
        await screen.settle()
        main.go_to("feeds")
        await screen.press("E", "end", *"s", "enter")
        assert heading(screen) == "Technologys"
        assert len(titles(screen)) == 3


@pytest.mark.parametrize("key", ["99", "no number"])
async def test_a_remembered_feed_that_is_gone_at_the_start_leads_to_latest(
    store: Store, opened: Opened, key: str
) -> None:
    fill(store)
    store.write.set_meta("screen", f'{{"kind": "feed", "key": "{key}", "title": "Gone"}}').result()
    async with opened() as screen:
        assert heading(screen) == "Latest"
        assert len(titles(screen)) == 8


async def test_a_first_sync_fills_the_list_while_nobody_touches_it(
    store: Store, opened: Opened
) -> None:
    fill(store, {"Harian Teluk": NEWS["Harian Teluk"]})
    async with opened() as screen:
        fill(store, NEWS | LATE)
        await changed(screen)
        assert len(titles(screen)) == 10
        assert "↑" not in screen.picture()
        assert titles(screen)[0] == "Came while you looked"
        assert screen.app.main.list.row is not None
        assert screen.app.main.list.row.title == "Came while you looked"


async def test_what_is_being_read_stays_while_a_first_sync_fills_the_list(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    async with opened() as screen:
        monkeypatch.setattr("bacatui.tui.main.SETTLES_AFTER", -1.0)
        main = screen.app.main
        shown = main.shown
        fill(store, LATE)
        await changed(screen)
        assert (main.shown, main.list.entry_id) == (shown, shown)
        assert len(titles(screen)) == 10
        assert "↑" not in screen.picture()


@pytest.mark.parametrize("key", ["j", "m", "enter"])
async def test_after_the_first_key_a_first_sync_moves_nothing(
    store: Store, opened: Opened, key: str
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press(key)
        under_cursor = screen.app.main.list.entry_id
        fill(store, LATE)
        await changed(screen)
        assert screen.app.main.list.entry_id == under_cursor
        assert len(titles(screen)) == 8
        assert "2 new ↑" in screen.picture()


async def test_a_later_sync_waits_to_be_asked_for(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    async with opened() as screen:
        fill(store, LATE)
        await changed(screen)
        assert len(titles(screen)) == 8
        assert "2 new ↑" in screen.picture()
