"""What the screen says is true: at the end of a list, in an empty one, in every pane, whatever was done before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bacatui.model import FetchState, Offline, Scope, ScopeKind
from bacatui.store import Store

from .conftest import NEWS, NOW, QUIET, Opened, Screen, fill

OLDEST = {
    "Latest": "Why small files outlive big ideas",
    "Harian Teluk": "Hujan tiga hari, sekolah tetap buka",
}


def down(store: Store, *names: str) -> None:
    """Subscribe to feeds that never answered."""
    for name in names:
        feed = store.write.add_feed(f"https://{name.lower()}.example/feed.xml", name).result()
        state = FetchState(status="failing", error=f"{name} says 503.", errors=1, last_checked=NOW)
        store.write.store_state(feed.id, state).result()


async def shows(screen: Screen, text: str) -> bool:
    """Whether `text` stands on the screen, where a line may end within it."""
    await screen.settle()
    lines = (line.split("│")[0] for line in screen.picture().splitlines())
    return text in " ".join(" ".join(lines).split()) or text in " ".join(
        screen.picture().replace("│", " ").split()
    )


async def test_the_end_of_a_feed_does_not_say_that_all_is_read_under_an_unread_row(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]", "G", "enter", "G")
        assert screen.app.main.middle.scope.title == "Harian Teluk"
        assert "●" in screen.picture()
        assert "All read" not in screen.picture()
        assert await shows(screen, "Nothing after this is unread; something before is.")


async def test_the_end_of_latest_names_what_the_key_goes_on_to_from_the_top(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("G", "enter", "G")
        assert "All read" not in screen.picture()
        assert await shows(
            screen, "Space goes on: Kapal pertama berlabuh di dermaga baru (Harian Teluk)"
        )
        await screen.press("space")
        assert screen.app.main.list.row is not None
        assert screen.app.main.list.row.title == "Kapal pertama berlabuh di dermaga baru"


async def test_back_from_the_first_unread_one_says_nothing_of_what_follows(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("p")
        assert (
            "All read" not in screen.picture()
            and "Nothing before this is unread." in screen.picture()
        )


async def test_the_last_unread_one_is_not_read_before_it_is_opened(
    store: Store, opened: Opened
) -> None:
    fill(store, {"Foto": ("", [("Satu", 1)])})
    async with opened() as screen:
        assert (
            "This is the last unread one here." in screen.picture()
            and "All read" not in screen.picture()
        )
        await screen.press("enter")
        assert "All read: 1 article, 1 min." in screen.picture()


@pytest.mark.parametrize("width", [80, 110, 160])
async def test_an_empty_list_names_only_keys_that_work_here_and_now(
    store: Store, opened: Opened, width: int
) -> None:
    down(store, "Down", "Gone")
    async with opened(width, 24) as screen:
        assert await shows(
            screen,
            "No feed has answered yet. Is the network there? R asks again. h leads to the feeds,",
        )
        await screen.press("h")
        assert "leads to the feeds" not in screen.picture()
        await screen.press("G", "i")
        assert await shows(screen, "Gone says 503.")


async def test_an_empty_library_names_the_key_of_the_list_only_in_the_list(
    store: Store, opened: Opened
) -> None:
    async with opened(160, 24) as screen:
        await screen.press("escape")
        assert await shows(
            screen, "Nothing here yet. a adds a feed or a site. Enter shows starter packs."
        )
        await screen.press("h")
        assert (
            "a adds a feed or a site." in screen.picture()
            and "starter packs" not in screen.picture()
        )


async def test_an_empty_list_names_the_keys_that_the_user_has_chosen(
    store: Store, opened: Opened
) -> None:
    mine = replace(QUIET, remap={"sync-all": "Z", "bookmark": "", "add": "ctrl+n"})
    async with opened(110, 24, settings=mine) as screen:
        await screen.press("escape")
        assert await shows(screen, "ctrl+n adds a feed or a site.")
        await screen.press("B")
        assert await shows(
            screen,
            "“Bookmark, and keep for ever”, in any other list, keeps an entry here for ever.",
        )
        store.write.add_feed("https://new.example/feed.xml", "New").result()
        screen.app.main.load(Scope())
        assert await shows(screen, "Nothing has come yet. Z asks the feeds.")


async def test_bookmarks_that_are_read_are_not_denied_where_what_is_read_is_hidden(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(110, 24) as screen:
        await screen.press("b", "m", "L", "B")
        assert "No bookmarks yet." not in screen.picture()
        assert await shows(
            screen,
            "All read here; 7 are unread elsewhere. R asks the feeds for more. L shows what is read.",
        )
        await screen.press("/", *"kapal", "enter")
        assert "Nothing found." not in screen.picture()
        assert await shows(screen, "Nothing unread was found. L shows what is read.")
        await screen.press("L")
        assert "Kapal pertama berlabuh" in screen.picture()


async def test_a_folder_in_which_nothing_has_come_does_not_say_that_all_is_read(
    store: Store, opened: Opened
) -> None:
    fill(store)
    store.write.add_feed("https://new.example/feed.xml", "New", "Fresh").result()
    async with opened(110, 24) as screen:
        screen.app.main.load(Scope(ScopeKind.FOLDER, "Fresh", title="Fresh"))
        assert await shows(screen, "Nothing has come yet.")
        assert "All read" not in screen.picture()


async def test_a_list_that_is_empty_in_a_sync_does_not_offer_another_one(
    store: Store, opened: Opened
) -> None:
    fill(store, {"Foto": NEWS["Harian Teluk"]}, offline=Offline.READY)
    store.write.set_read(list(store.read.ids(Scope()))).result()
    async with opened(110, 24) as screen:
        screen.app.main.do("unread")
        assert await shows(screen, "R asks the feeds for more.")
        screen.app.main.middle.expect(news=True)
        assert await shows(screen, "The feeds are being asked.")
        assert "R asks" not in screen.picture()


async def test_esc_in_what_was_opened_from_the_welcome_leads_back_to_it(
    store: Store, opened: Opened, tmp_path: Path
) -> None:
    async with opened(110, 32) as screen:
        await screen.press("down", "enter")
        assert "Welcome" not in screen.picture() and "Space ticks" in screen.picture()
        await screen.press("escape")
        assert "Welcome" in screen.picture()
        await screen.press("end", "up", "up", "enter", *"example.or", "escape")
        assert "Welcome" in screen.picture()
        await screen.press("enter")  # the cursor is on the line that was left
        assert "Add a feed" in screen.picture() and "example.or" in screen.picture()
        await screen.press("escape", "down", "enter", *"nowhere.opml", "enter")
        assert "~/nowhere.opml: No such file or directory" in screen.picture()
        await screen.press("escape")
        assert "Welcome" in screen.picture()
        await screen.press("escape")
        assert "Welcome" not in screen.picture() and "Nothing here yet." in screen.picture()


async def test_a_list_from_another_reader_says_what_of_it_is_new(
    store: Store, opened: Opened, tmp_path: Path
) -> None:
    urls = [f"http://127.0.0.1:1/{name}.xml" for name in ("one", "two", "three")]
    outlines = "".join(f'<outline type="rss" text="a" xmlUrl="{url}"/>' for url in urls)
    path = tmp_path / "list.opml"
    path.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    store.write.add_feed(urls[0]).result()
    async with opened(110, 32) as screen:
        for told in (
            "list.opml: subscribed to 2 feeds, 1 was here already.",
            "list.opml: all of it is here already.",
        ):
            screen.app.main.do("packs")
            await screen.settle()
            await screen.press("end", "up", "enter", "ctrl+u", *str(path), "enter")
            assert told in screen.app.main.status.notice


async def test_a_list_that_holds_no_feed_says_why_where_its_name_can_be_mended(
    store: Store, opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "list.opml"
    async with opened(110, 32) as screen:
        for text, told in (
            ("<opml><body/></opml>", "There are no feeds in it."),
            ("plain", "This is not an OPML file."),
        ):
            path.write_text(text)
            await screen.press("end", "up", "enter", "ctrl+u", *str(path), "enter")
            assert told in " ".join(screen.picture().replace("│", " ").split())
            await screen.press("escape")
            assert "Welcome" in screen.picture()


async def test_the_coach_leaves_what_the_user_never_does(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened(110, 24) as screen:
        assert "Enter: Open" in screen.picture()
        await screen.press("space")
        assert "Enter: Open" in screen.picture()
        await screen.press(*["m"] * 9)
        assert "Enter: Open" not in screen.picture() and "b: Bookmark" in screen.picture()
        await screen.press("j", "k", "j", "k", *["m"] * 5)
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    async with opened(110, 24) as screen:
        assert "b: Bookmark" in screen.picture()
        await screen.press(*["m"] * 5)
        assert "b: Bookmark" not in screen.picture()
        for _ in range(6):
            await screen.press(*["m"] * 10)
        assert ": " not in screen.picture().splitlines()[-1]


async def test_the_coach_does_not_take_for_seen_what_a_notice_covers(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(110, 24) as screen:
        for _ in range(12):
            screen.app.main.say("Something else.")
            await screen.press("m")
        assert "Enter: Open" in screen.picture()


async def test_the_foot_of_an_empty_list_names_no_key_that_needs_an_entry(
    store: Store, opened: Opened
) -> None:
    async with opened(110, 24) as screen:
        await screen.press("escape")
        foot = screen.picture().splitlines()[-1]
        assert "a add" in foot and "R sync" in foot
        assert not [
            word for word in ("move", "read on", "bookmark", "links", "next unread") if word in foot
        ]
        fill(store)
        screen.app.main.load(Scope())
        await screen.settle()
        assert "b bookmark" in screen.picture().splitlines()[-1]


async def refreshed(screen: Screen) -> None:
    """Let the screen look at what another program, or a sync, has written."""
    screen.app.main.changed()
    await screen.pilot.pause(0.4)
    await screen.settle()


async def test_all_that_has_come_is_counted(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j")  # else the list would take them in
        fill(store, {"Late": ("", [(f"Late {n}", 0.01 * n) for n in range(60)])})
        await refreshed(screen)
        assert "60 new ↑" in screen.picture()


async def test_what_moves_up_as_others_are_read_is_not_said_to_be_new(
    store: Store, opened: Opened
) -> None:
    fill(
        store,
        {f"Feed {n}": ("", [(f"{n}.{m}", 1 + m / 100 + n) for m in range(7)]) for n in range(20)},
    )
    fill(store, {"Slow": ("", [(f"Slow {n}", 40 + n) for n in range(5)])})
    async with opened() as screen:
        screen.app.main.load(Scope(ScopeKind.UNREAD))
        await screen.settle()
        store.write.set_read(list(store.read.ids(Scope(), limit=110))).result()
        await refreshed(screen)
        assert "new ↑" not in screen.picture()


async def test_hits_are_counted_once_all_of_them_are_known(store: Store, opened: Opened) -> None:
    fill(
        store, {f"Feed {n}": ("", [(f"Kapal {n}.{m}", 1 + m) for m in range(7)]) for n in range(9)}
    )
    async with opened(80, 12) as screen:
        screen.app.main.load(Scope(ScopeKind.SEARCH, "kapal", title="Search"))
        assert screen.app.main.middle.heading.detail == ""
        await screen.pilot.pause(0.4)
        await screen.settle()
        assert "63 found" in screen.picture()


async def test_the_heading_says_that_what_is_read_is_hidden(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("m", "L")
        assert "Latest · 7 new, about 7 min · unread only" in screen.picture()
        await screen.press("L")
        assert "unread only" not in screen.picture()


async def test_what_came_unseen_stands_above_the_line_of_the_last_visit(
    store: Store, opened: Opened
) -> None:
    fill(store)
    late = {"Late Post": ("", [("Came while you looked", 0.01)])}
    async with opened() as screen:
        await screen.press("j")  # else the list would take it in
        fill(store, late)
        await refreshed(screen)
        assert "1 new ↑" in screen.picture()
        screen.app.main.load(Scope(ScopeKind.FOLDER, "Indonesia", title="Indonesia"))
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    async with opened() as screen:
        screen.app.main.do("latest")
        await screen.settle()
        lines = [line[29:].split("│")[0].strip() for line in screen.picture().splitlines()]
        assert "Came while you looked" in lines[2] and lines[4].startswith("── you were here")
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    async with opened() as screen:
        assert "you were here" not in screen.picture()


async def test_days_and_ages_go_on_while_nothing_is_typed(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    async with opened() as screen:
        main = screen.app.main
        await screen.press("m", "j", "j")
        assert "12 min ago" in screen.picture() and "Today" in screen.picture()
        before = main.list.row
        monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(minutes=5)).isoformat())
        main.middle.look_at_clock()
        await screen.settle()
        assert "17 min ago" in screen.picture() and "12 min ago" not in screen.picture()
        monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(days=1)).isoformat())
        main.middle.look_at_clock()
        await screen.settle()
        assert "Today" not in screen.picture() and "Yesterday" in screen.picture()
        assert main.list.row == before
        await screen.press("A")
        assert "All read: 7 articles, 7 min." in main.middle.tally()


async def test_the_line_of_the_last_visit_tells_how_long_ago_it_was_now(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    fill(store, {"Late Post": ("", [("Came while you slept", 0.01)])})
    async with opened() as screen:
        assert "you were here · now" in screen.picture()
        monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(hours=2)).isoformat())
        screen.app.main.middle.look_at_clock()
        await screen.settle()
        assert "you were here · 2 h ago" in screen.picture()


async def test_what_stands_below_an_article_changes_with_what_comes(
    store: Store, opened: Opened
) -> None:
    fill(store, {"Foto": ("", [("Satu", 1)])})
    async with opened() as screen:
        await screen.press("enter")
        assert "All read: 1 article, 1 min." in screen.picture()
        fill(store, {"Late Post": ("", [("Came while you read", 0.01)])})
        await refreshed(screen)
        assert "All read" not in screen.picture()
        assert await shows(screen, "Space goes on: Came while you read (Late Post)")


async def test_the_heading_has_the_name_that_a_feed_has_now(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]")
        feed = store.read.find_feed("Harian Teluk")
        store.write.edit_feed(feed.id, title="Teluk").result()
        await refreshed(screen)
        assert "Teluk · 3 new" in screen.picture() and "Harian Teluk" not in screen.picture()


async def test_what_is_dated_ahead_has_come_when_it_came(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, {"Kalender": ("", [("Pameran", -48)])})
    monkeypatch.setenv("BACATUI_NOW", (NOW + timedelta(hours=3)).isoformat())
    async with opened() as screen:
        assert "Kalender · 3 h ago" in screen.picture()
