"""The app by its keys: what they do to the store and the screen."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import json
import webbrowser
from collections.abc import AsyncIterator
from concurrent.futures import Future
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual import events
from textual.widgets import Input, OptionList

from bacatui import commands
from bacatui.config import Settings
from bacatui.demo.site import Site
from bacatui.model import (
    Article,
    Cut,
    Enclosure,
    FetchState,
    FullText,
    Kind,
    Offline,
    ParsedEntry,
    ParsedFeed,
    Scope,
    ScopeKind,
)  # fmt: skip
from bacatui.store import Act, Store
from bacatui.store.types import StoredPicture
from bacatui.sync import ArticleDone, FeedDone, Finished, Outcome, PictureDone, Report, Started
from bacatui.tui import commands as functions
from bacatui.tui.commands.syncing import Progress
from bacatui.tui.dialog import Dialog
from bacatui.tui.typeset import Span
from bacatui.tui.widgets.list import EntryList

from .conftest import NEWS, NOW, TEXT, Feeds, Opened, Screen, fill


def unread(store: Store) -> int:
    return store.read.count(Scope()).unread


def titles(store: Store) -> dict[str, int]:
    return {row.title: row.id for row in store.read.first(Scope(), 500)}


def under_cursor(screen: Screen) -> str:
    row = screen.app.main.list.row
    assert row is not None
    return row.title


async def test_every_command_has_its_act(store: Store, opened: Opened) -> None:
    async with opened() as screen:
        for command in commands.COMMANDS:
            act = (command.act or command.id).replace("-", "_")
            found = attrgetter(act)(screen.app.main) if "." in act else functions._KNOWN[act]
            inspect.signature(found).bind(
                *([] if "." in act else [screen.app.main]), **command.given
            )


async def test_passing_over_an_entry_shows_it_and_reads_nothing(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "j", "j")
        assert screen.app.main.shown == screen.app.main.list.entry_id
        assert unread(store) == 8


@pytest.mark.parametrize("key", ["enter", "l", "right"])
async def test_opening_an_entry_reads_it_and_the_row_stays(
    store: Store, opened: Opened, key: str
) -> None:
    fill(store)
    async with opened() as screen:
        main = screen.app.main
        main.load(Scope(ScopeKind.UNREAD))
        before = main.list.count
        await screen.press("j", key)
        assert main.pane == "article"
        assert unread(store) == 7
        assert (
            main.list.count == before and under_cursor(screen) == "A protocol that waits its turn"
        )


async def test_the_first_scroll_in_an_article_reads_it(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened(height=20) as screen:
        await screen.press("tab")
        assert unread(store) == 8
        await screen.press("j")
        assert unread(store) == 7


async def test_space_alone_reads_everything_across_feeds(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        for _ in range(10):
            await screen.press("space")
        assert unread(store) == 0
        assert (
            screen.picture().count("All read: 8 articles, 8 min.") == 2
        )  # below the article, and at the foot


async def test_space_in_one_pane_opens_pages_and_goes_on(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened(80, 24) as screen:
        await screen.press("space")
        assert screen.app.main.pane == "article" and unread(store) == 7
        await screen.press("space", "space", "space")
        assert screen.app.main.pane == "article" and unread(store) < 7


async def test_in_one_pane_each_article_is_the_one_under_the_cursor(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(80, 24) as screen:
        await screen.press("enter", "h")
        for _ in range(3):
            await screen.press("j", "enter")
            assert under_cursor(screen) in screen.picture() and screen.app.main.pane == "article"
            await screen.press("h")


async def test_n_and_p_go_to_unread_ones_and_j_k_capital_to_neighbours(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "m")
        await screen.press("g", "n")
        assert under_cursor(screen) == "Nelayan menunggu musim timur"
        await screen.press("p")
        assert under_cursor(screen) == "Kapal pertama berlabuh di dermaga baru"
        await screen.press("enter", "J")
        assert (
            under_cursor(screen) == "A protocol that waits its turn"
            and screen.app.main.pane == "article"
        )


async def test_m_marks_and_u_takes_back_with_a_line(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("m")
        assert unread(store) == 7
        await screen.press("A")
        assert unread(store) == 0 and "Marked 7 read in Latest" in screen.picture()
        await screen.press("U")
        assert unread(store) == 7 and "Undone: 7 entries marked read" in screen.picture()
        await screen.press("U")
        assert unread(store) == 8
        await screen.press("ctrl+r")
        assert unread(store) == 7


async def test_a_marks_only_what_the_list_shows(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        fill(store, {"Late Post": ("", [("Came while you looked", 0.01)])})
        await screen.press("A")
        assert unread(store) == 1


async def test_older_ones_are_marked_from_the_cursor_on(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "j", "M")
        assert unread(store) == 2


async def test_b_bookmarks_and_the_bookmarks_are_a_scope(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "b")
        assert "★" in screen.picture().splitlines()[5]
        await screen.press("B")
        assert under_cursor(screen) == "A protocol that waits its turn"
        await screen.press("b", "U")
        assert store.read.count(Scope(ScopeKind.BOOKMARKS)).entries == 1


async def test_a_range_takes_every_command(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("v", "j", "j", "m")
        assert unread(store) == 5
        await screen.press("v", "j", "escape")
        assert screen.app.main.list.range_from is None and unread(store) == 5


async def test_tags_and_notes_are_asked_for_and_shown(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("t")
        assert isinstance(screen.app.screen, Dialog)
        await screen.press(*"laut pagi", "enter")
        assert store.read.tags() == [("laut", 1), ("pagi", 1)]
        assert "#laut  #pagi" in screen.picture()
        screen.app.main.do("note")
        await screen.settle()
        await screen.press(*"ask Sri", "enter")
        assert "Your note: ask Sri" in screen.picture()


async def test_search_shows_hits_as_one_types_and_esc_comes_back(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "j", "slash", *"garam", "escape")
        assert under_cursor(screen) == "Nelayan menunggu musim timur"
        await screen.press("slash")
        await screen.press(*"dermag")
        assert under_cursor(screen) == "Kapal pertama berlabuh di dermaga baru"
        await screen.press("enter")
        assert (
            screen.app.main.pane == "list" and screen.app.main.middle.scope.kind is ScopeKind.SEARCH
        )
        await screen.press("escape")
        assert (
            screen.app.main.middle.scope == Scope(title="Latest")
            or screen.app.main.middle.scope == Scope()
        )
        assert (
            screen.app.main.list.count > 8
            and under_cursor(screen) == "Nelayan menunggu musim timur"
        )


async def test_a_query_that_makes_no_sense_is_a_sentence(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("slash")
        await screen.press(*"is:purple", "enter")
        assert "cannot be understood" in screen.picture()


async def test_a_filter_narrows_and_esc_widens(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("F")
        await screen.press(*"garam", "enter")
        assert [under_cursor(screen), screen.app.main.list.count] == ["Garam rakyat naik harga", 1]
        await screen.press("escape")
        assert screen.app.main.list.count > 8 and under_cursor(screen) == "Garam rakyat naik harga"


async def test_a_search_is_kept_in_the_feeds_pane(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("slash", *"kapal", "enter")
        screen.app.main.do("save-search")
        await screen.settle()
        await screen.press("enter")
        assert any(place.scope.kind is ScopeKind.SEARCH for place in screen.app.main.feeds.places)


async def test_sort_and_hide_read_keep_the_entry(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "S", "down", "enter")
        assert (
            screen.app.main.middle.order == "oldest"
            and under_cursor(screen) == "A protocol that waits its turn"
        )
        await screen.press("m", "L")
        assert screen.app.main.middle.hides_read and len(screen.app.main.middle.ids) == 7


async def test_the_feeds_pane_opens_scopes_and_folds(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        main = screen.app.main
        await screen.press("h", "j", "j", "j")
        await screen.press("enter")
        assert (
            main.middle.scope.key == "Indonesia"
            and main.pane == "list"
            and len(main.middle.ids) == 5
        )
        await screen.press("h", "j", "h")
        assert main.feeds.place is not None and main.feeds.place.text == "Indonesia"
        await screen.press("h")
        assert main.feeds.folded == {"Indonesia"}
        await screen.press("enter")
        assert main.feeds.folded == set() and main.pane == "feeds"
        await screen.press("h", "h", "j", "space")
        assert main.middle.scope.key == "Technology" and unread(store) == 7


async def test_feeds_with_unread_follow_each_other(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]")
        assert screen.app.main.middle.scope.title == "Harian Teluk"
        await screen.press("]", "]")
        assert screen.app.main.middle.scope.title == "The Slow Signal"
        await screen.press("[")
        assert screen.app.main.middle.scope.title == "Kabar Pesisir"


async def test_unsubscribing_is_undone_with_everything(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]", "m", "D")
        assert len(store.read.feeds()) == 2 and "unsubscribed" in screen.picture().lower()
        await screen.press("U")
        assert len(store.read.feeds()) == 3 and unread(store) == 7


async def test_a_feed_is_renamed_and_moved(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]", "E", "enter", *["backspace"] * 12, *"Teluk", "enter")
        assert store.read.feeds()[0].title == "Teluk" or any(
            f.title == "Teluk" for f in store.read.feeds()
        )


async def test_esc_never_quits_and_q_closes_what_is_open(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("enter", "escape", "escape", "escape", "escape")
        assert screen.app.is_running and screen.app.main.pane == "feeds"
        await screen.press("tab", "i")
        assert isinstance(screen.app.screen, Dialog)
        await screen.press("q")
        assert not screen.app.screen.is_modal


async def test_help_finds_a_command_and_does_it(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("?")
        assert isinstance(screen.app.screen, Dialog)
        await screen.press(*"keep for ever", "enter")
        assert store.read.count(Scope(ScopeKind.BOOKMARKS)).entries == 1


async def test_the_palette_finds_a_command(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("ctrl+p")
        await screen.press(*"bookmark, and")
        await screen.press("enter")
        assert store.read.count(Scope(ScopeKind.BOOKMARKS)).entries == 1


async def test_what_comes_by_sync_moves_nothing_and_the_point_jumps_there(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "j")
        before = screen.picture().splitlines()[1:20], under_cursor(screen)
        fill(store, {"Late Post": ("", [("Came while you looked", 0.01)])})
        screen.app.main.refresh_feeds()
        await screen.settle()
        assert "1 new ↑" in screen.picture()
        after = [line[29:] for line in screen.picture().splitlines()[1:20]]
        assert (after, under_cursor(screen)) == ([line[29:] for line in before[0]], before[1])
        await screen.press(".")
        assert under_cursor(screen) == "Came while you looked"


async def test_a_restart_comes_back_to_the_same_place(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("h", "j", "j", "j", "enter", "j", "j", "d", "}")
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
        before = screen.app.main.state()
    async with opened() as screen:
        after = screen.app.main.state()
        assert {k: v for k, v in after.items() if k != "seen_at"} == {
            k: v for k, v in before.items() if k != "seen_at"
        }
        assert json.dumps(after)


async def test_the_line_of_the_last_visit_is_drawn(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    fill(store, {"Late Post": ("", [("Came while you slept", 0.01)])})
    async with opened() as screen:
        lines = [line[29:].split("│")[0].strip() for line in screen.picture().splitlines()]
        assert "Came while you slept" in lines[2]
        assert lines[4].startswith("── you were here · now ─")


async def test_a_flood_opens_with_l_and_is_marked_with_a(store: Store, opened: Opened) -> None:
    news: Feeds = {
        "Loud": ("", [(f"Item {n}", 0.1 * n) for n in range(1, 21)]),
        "Small": ("", [("One story", 0.05)]),
    }
    fill(store, news)
    async with opened() as screen:
        assert "▸ 17 more from Loud" in screen.picture()
        await screen.press("G", "A")
        assert unread(store) == 4
        await screen.press("l")
        assert "more from Loud" not in screen.picture() and under_cursor(screen) == "Item 4"


async def test_marks_of_another_program_appear(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        store.write.set_read([titles(store)["Kapal pertama berlabuh di dermaga baru"]]).result()
        screen.app.main._look_outside()
        await screen.settle()
        assert screen.picture().splitlines()[2][29:33] == "▌  K"


@pytest.mark.parametrize(
    ("offline", "said"),
    [(Offline.FAILED, "The article is missing"), (Offline.PARTIAL, "a picture is missing")],
)
async def test_an_article_says_what_is_missing(
    store: Store, opened: Opened, offline: Offline, said: str
) -> None:
    fill(store, offline=offline)
    async with opened() as screen:
        assert said in screen.picture()


async def test_keys_of_ones_own_work_and_faults_are_told(store: Store, opened: Opened) -> None:
    fill(store)
    settings = Settings(
        sync_on_start=False, sync_interval=0, remap={"toggle-read": "N", "note": "", "fly": "q"}
    )
    from bacatui.commands import keymap

    async with opened(settings=settings) as screen:
        assert keymap("default", settings.remap)[1][0] in screen.picture()
        await screen.press("N")
        assert unread(store) == 7
        await screen.press("m")
        assert unread(store) == 7


async def test_a_preset_changes_the_keys(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened(
        settings=Settings(sync_on_start=False, sync_interval=0, keys="newsboat")
    ) as screen:
        await screen.press("j")
        assert screen.app.main.middle.scope.title == "Harian Teluk"


async def test_zen_density_and_widths(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("z")
        assert "Latest" not in screen.picture()
        await screen.press("escape", "escape", "d")
        assert screen.app.main.middle.density == "one" and "Kapal pertama" in screen.picture()
        width = screen.app.main.middle.outer_size.width
        await screen.press("}")
        assert screen.app.main.middle.outer_size.width == width + 4


async def test_the_mouse_selects_and_opens(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.pilot.click("#list", offset=(5, 4))
        await screen.settle()
        assert under_cursor(screen) == "A protocol that waits its turn" and unread(store) == 8
        await screen.pilot.click("#list", offset=(5, 4))
        await screen.settle()
        assert screen.app.main.pane == "article" and unread(store) == 7


async def test_an_old_time_is_never_invented(store: Store, opened: Opened) -> None:
    fill(store, NEWS)
    assert all(row.sort_at <= NOW + timedelta(minutes=1) for row in store.read.first(Scope(), 50))


async def test_the_coach_names_the_next_useful_key_until_it_was_used(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(height=20) as screen:
        assert "Enter: Open" in screen.picture().splitlines()[-1]
        await screen.press("enter")
        assert "Space: Read on" in screen.picture().splitlines()[-1]
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    async with opened(height=20) as screen:
        assert "Space: Read on" in screen.picture().splitlines()[-1]


async def test_what_is_muted_is_shown_first_then_read_and_taken_back(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        screen.app.main.do("mute")
        await screen.settle()
        await screen.press(*"garam", "enter")
        assert (
            "1 unread entry fits" in screen.picture()
            and "Garam rakyat naik harga" in screen.picture()
        )
        assert unread(store) == 8
        await screen.press("enter")
        assert unread(store) == 7 and [rule.query for rule in store.read.mute_rules()] == ["garam"]
        await screen.press("U")
        assert unread(store) == 8
        screen.app.main.do("mute")
        await screen.settle()
        await screen.press("down", "enter")
        assert store.read.mute_rules() == []


async def test_what_was_cut_is_kept_from_now_on(store: Store, opened: Opened) -> None:
    fill(store)
    entry = titles(store)["Kapal pertama berlabuh di dermaga baru"]
    cut = Cut(1, "<p>Catatan redaksi: dermaga itu dibuka besok.</p>", "id.catatan", "div.note > p")
    article = Article(
        html=f"<p>{TEXT}</p><p>{TEXT}</p>",
        text=TEXT,
        cuts=(cut,),
        url="https://harianteluk.example/0",
    )
    store.write.store_article(entry, article, Offline.READY).result()
    async with opened() as screen:
        await screen.press("w")
        assert "Show with X what was cut." in screen.picture()
        assert "dermaga itu dibuka besok" not in screen.picture()
        await screen.press("X", "w")
        assert "From now on" in screen.picture()
        kept = store.read.article(entry)
        assert kept is not None and "dibuka besok" in kept.text and kept.cuts == ()
        file = screen.app.home.config / "rules/own.toml"
        assert 'does = "keep"' in file.read_text()
        assert [one.stat().st_mode & 0o777 for one in (file, file.parent, file.parent.parent)] == [
            0o600,
            0o700,
            0o700,
        ]


async def test_the_next_article_is_laid_out_while_this_one_is_read(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.until(lambda: screen.app.main.reader._ahead)
        ahead = screen.app.main.reader._ahead
        assert (
            ahead is not None
            and ahead[0].title == "A protocol that waits its turn"
            and ahead[2].lines
        )
        await screen.press("n")
        assert screen.app.main.reader._page is ahead[2]
        store.write.set_note(ahead[0].entry_id, "changed meanwhile").result()
        await screen.press("p", "n")
        assert "changed meanwhile" in screen.picture()


async def test_a_search_that_a_kill_cut_short_is_there_as_it_was_typed(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("slash", *"derma")
        await screen.app.done(screen.app.remember())  # type: ignore[arg-type]
    async with opened() as screen:
        await screen.press("slash")
        assert screen.app.main.line.value == "derma"


async def test_the_history_takes_back_any_act_and_keeps_names_as_they_are(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("m", "j", "m", "H")
        assert "Subscribed to Harian Teluk" in screen.picture() and "now · you" in screen.picture()
        await screen.press("down", "enter")
        assert "Undone: 1 entry marked read" in screen.picture()
        assert not store.read.row(titles(store)["Kapal pertama berlabuh di dermaga baru"]).is_read  # type: ignore[union-attr]
        assert unread(store) == 7


async def test_a_feed_in_trouble_says_why_and_follows_its_move(
    store: Store, opened: Opened
) -> None:
    fill(store)
    feed = next(one for one in store.read.feeds() if one.title == "Harian Teluk")
    moved = "https://teluk.example/new.xml"
    state = FetchState(
        status="failing",
        error="The server says 503.",
        next_check=NOW + timedelta(hours=2),
        moved_to=moved,
    )
    store.write.store_state(feed.id, state).result()
    async with opened() as screen:
        await screen.press("]", "h", "i")
        assert (
            "The server says 503." in screen.picture()
            and "20 November 2026 17:30" in screen.picture()
        )
        for _ in range(30):
            option = screen.app.screen.query_one(OptionList).highlighted_option
            if option is not None and moved in str(option.prompt):
                break
            await screen.press("down")
        await screen.press("enter")
        assert store.read.feed(feed.id).url == moved  # type: ignore[union-attr]
        screen.app.cancel_sync()


async def test_what_fits_a_mute_rule_can_be_hidden_as_it_comes(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        screen.app.main.do("mute")
        await screen.settle()
        await screen.press(*"garam", "enter", "down", "enter")
        assert [(rule.query, rule.action) for rule in store.read.mute_rules()] == [
            ("garam", "hide")
        ]
        fill(store, {"Garam Baru": ("", [("Garam laut dari timur", 0.1)])})
        assert "Garam laut dari timur" not in titles(store) and unread(store) == 8


async def test_a_library_that_nothing_has_come_to_yet_does_not_say_that_all_is_read(
    store: Store, opened: Opened
) -> None:
    store.write.add_feed("https://example.org/feed.xml").result()
    async with opened() as screen:
        assert "Nothing has come yet." in screen.picture() and "All read" not in screen.picture()
        screen.app.main.middle.expect(news=True)
        await screen.settle()
        assert "The first entries are on their way." in screen.picture()
    for number in (1, 2):
        feed = (
            store.write.add_feed(f"https://example.org/{number}.xml").result()
            if number > 1
            else store.read.feeds()[0]
        )
        store.write.store_state(feed.id, FetchState(error="No connection to example.org.")).result()
    async with opened() as screen:
        assert "No feed has answered yet." in screen.picture()


async def test_what_a_sync_brings_is_painted_a_few_times_a_second(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        main, painted = screen.app.main, list[str]()
        main.watch(main.status, "sync", lambda text: painted.append(text), init=False)  # noqa: PLW0108 - Textual looks at the signature
        progress = Progress(main, SimpleNamespace(active={"https://slow.example/x": 99.0}))  # type: ignore[arg-type]
        progress.take(Started(500))
        for feed in store.read.feeds() * 100:
            progress.take(FeedDone(feed, Outcome.OK))
        await screen.until(lambda: painted)
        assert painted == ["syncing 300 of 500 · slow.example is slow"]
        progress.end("done")
        await screen.settle()
        assert painted[-1] == "" and "done" in screen.picture()


async def test_a_mute_rule_leaves_bookmarks_alone(store: Store, opened: Opened) -> None:
    fill(store)
    store.write.set_bookmark([titles(store)["Garam rakyat naik harga"]]).result()
    async with opened() as screen:
        screen.app.main.do("mute")
        await screen.settle()
        await screen.press(*"harga", "enter")
        assert "0 unread entries fit" in screen.picture() and len(store.read.mute_rules()) == 0
        await screen.press("enter")
        assert len(store.read.mute_rules()) == 1 and unread(store) == 8


async def test_saved_searches_are_counted_beside_the_screens_own_connection(
    store: Store, opened: Opened
) -> None:
    fill(store)
    store.write.save_search("Garam", "garam").result()
    asked: list[str] = []
    async with opened(width=160) as screen:
        assert (
            next(place.count for place in screen.app.main.feeds.places if place.text == "Garam")
            == 1
        )
        store.read._db.set_trace_callback(asked.append)
        await screen.press("m")
        store.write.set_read([titles(store)["Garam rakyat naik harga"]]).result()
        screen.app.main.changed()
        await screen.settle()
        assert (
            next(place.count for place in screen.app.main.feeds.places if place.text == "Garam")
            == 0
        )
        store.read._db.set_trace_callback(None)
    assert any("FROM feed" in sql for sql in asked) and not any("MATCH" in sql for sql in asked)


async def test_an_open_article_shows_the_picture_that_a_sync_brings(
    store: Store, opened: Opened
) -> None:
    fill(store, offline=Offline.PARTIAL)
    async with opened() as screen:
        main = screen.app.main
        assert "a picture is missing" in screen.picture() and main.shown is not None
        article = store.read.article(main.shown)
        assert article is not None
        store.write.store_article(main.shown, article, Offline.READY).result()
        progress = Progress(main, SimpleNamespace(active={}))  # type: ignore[arg-type]
        progress.take(PictureDone("https://example.org/a.png", main.shown, ""))
        progress.end("")
        await screen.settle()
        assert "a picture is missing" not in screen.picture()


async def test_the_details_say_of_a_partial_article_what_is_missing(
    store: Store, opened: Opened
) -> None:
    fill(store, offline=Offline.PARTIAL)
    for n in titles(store).values():
        paid = Article(html=f"<p>{TEXT}</p>", text=TEXT, kind=Kind.PAYWALL)
        store.write.store_article(n, paid, Offline.PARTIAL).result()
    async with opened() as screen:
        await screen.press("i")
        assert "for subscribers of" in screen.picture() and "picture" not in screen.picture()


async def test_an_empty_list_shows_no_article_and_its_keys_say_so(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        assert TEXT[:30] in screen.picture()
        await screen.press("B")
        assert TEXT[:30] not in screen.picture() and "No bookmarks yet." in screen.picture()
        for key in ("b", "m", "t", "y", "o", "s", "M"):
            await screen.press(key)
            assert "There is no entry here." in screen.picture() and not screen.app.screen.is_modal
        screen.app.main.do("latest")
        await screen.settle()
        assert TEXT[:30] in screen.picture()


async def test_a_scope_opened_by_key_has_the_focus_from_any_pane(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("b", "enter", "B")
        assert screen.app.main.pane == "list"
        await screen.press("h", "B", "b")
        assert store.read.count(Scope(ScopeKind.BOOKMARKS)).entries == 0


async def test_a_range_is_copied_and_piped_whole_and_then_let_go(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("v", "j", "j", "y")
        assert screen.app.clipboard.split() == [
            "https://harianteluk.example/0",
            "https://theslowsignal.example/0",
            "https://kabarpesisir.example/0",
        ]
        assert screen.app.main.list.range_from is None
        await screen.press("g", "v", "j", "|", *"grep -c ^#", "enter")
        assert screen.picture().splitlines()[-1].split()[0] == "2"


@pytest.mark.parametrize(
    ("command", "order", "left"),
    [
        ("read-above", "newest", 4), ("read-below", "newest", 3), ("read-older", "newest", 3),
        ("read-older", "oldest", 3), ("read-above", "oldest", 3), ("read-older", "title", 3),
    ],
)  # fmt: skip
async def test_a_part_of_the_list_is_marked_from_the_cursor(
    store: Store, opened: Opened, command: str, order: str, left: int
) -> None:
    fill(store)
    async with opened() as screen:
        main = screen.app.main
        main.middle.again(order=order)
        main.middle.go_to(titles(store)["Pasar ikan pindah ke gedung tua"])
        main.do(command)
        await screen.settle()
        assert unread(store) == left
        assert store.read.row(titles(store)["Pasar ikan pindah ke gedung tua"]).is_read  # type: ignore[union-attr]


async def test_a_folder_is_renamed_in_one_act(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("h", "j", "j", "j", "E", *["backspace"] * 9, *"Nusantara", "enter")
        assert store.read.folders() == ["Nusantara", "Technology"]
        await screen.press("U")
        assert store.read.folders() == ["Indonesia", "Technology"]


async def test_faults_of_the_settings_are_told_in_one_line_on_the_first_start_too(
    store: Store, opened: Opened
) -> None:
    async with opened(80, 24, notices=("First fault.", "Second fault.", "Third fault.")) as screen:
        await screen.press("escape")
        assert (
            "First fault. And 2 more: bacatui keys and bacatui config"
            in screen.picture().splitlines()[-1]
        )


async def test_a_theme_of_ours_that_the_environment_names_is_drawn_in_its_colours(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_THEME", "lontar")
    monkeypatch.setattr("textual.app.App.theme._default", "lontar")
    async with opened() as screen:
        assert screen.app.theme == "lontar" and screen.app.main.styles.background.hex == "#F8F3E6"


async def test_a_number_finds_its_link_though_others_hold_it_too(
    store: Store, opened: Opened
) -> None:
    fill(store)
    links = "".join(
        f'<p>{TEXT} <a href="https://example.org/{n}">story {40 - n}</a></p>' for n in range(12)
    )
    store.write.store_article(
        titles(store)["Kapal pertama berlabuh di dermaga baru"],
        Article(html=links, text=TEXT, kind=Kind.ARTICLE),
        Offline.READY,
    ).result()
    async with opened() as screen:
        await screen.press("u", "3")
        option = screen.app.screen.query_one(OptionList).highlighted_option
        assert option is not None and str(option.prompt).split()[0] == "3"


async def test_of_thousands_of_links_some_are_shown_and_all_are_found(
    store: Store, opened: Opened
) -> None:
    fill(store)
    links = "".join(f'<p><a href="https://example.org/{n}">story</a></p>' for n in range(1, 6_001))
    store.write.store_article(
        titles(store)["Kapal pertama berlabuh di dermaga baru"],
        Article(html=links, text=TEXT, kind=Kind.ARTICLE),
        Offline.READY,
    ).result()
    async with opened() as screen:
        await screen.press("u")
        options = screen.app.screen.query_one(OptionList)
        assert (options.option_count, str(options.options[-1].prompt)) == (
            501,
            "5500 more: type to narrow",
        )
        await screen.press(*"5999")
        assert (options.option_count, str(options.options[0].prompt).split()[0]) == (1, "5999")


async def test_without_a_browser_that_is_said(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_found(using: str | None = None) -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none_found)
    fill(store)
    async with opened() as screen:
        await screen.press("o")
        assert "No browser was found." in screen.picture()


async def test_feeds_that_are_added_during_a_sync_are_asked_after_it(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    asked: list[list[int] | None] = []
    gate = asyncio.Event()

    class SyncProcess:
        active: dict[str, float] = {}  # noqa: RUF012 - as the real one's

        async def sync(self, feeds: list[int] | None, **_how: bool) -> AsyncIterator[Started]:
            asked.append(feeds)
            yield Started(1)
            await gate.wait()

    monkeypatch.setattr("bacatui.sync.SyncProcess", lambda *_: SyncProcess())
    async with opened() as screen:
        screen.app.sync()
        await screen.until(lambda: asked)
        screen.app.sync([2])
        screen.app.sync([3])
        gate.set()
        await screen.until(lambda: len(asked) > 1)
        assert asked == [None, [2, 3]]


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        ((), "offline"),
        (
            (False, False, True),
            "online",
        ),  # one of many that fails does not mean that the network is down
        ((True, True, True), "online"),  # nor all of them, where their hosts answer with errors
        ((False,), ""),  # one of many says nothing
    ],
)
async def test_the_network_is_told_by_who_answered(
    store: Store, opened: Opened, answered: tuple[bool, ...], told: str
) -> None:
    fill(store)
    feed, report = store.read.feeds()[0], Report()
    async with opened() as screen:
        progress = Progress(screen.app.main, SimpleNamespace(active={}))  # type: ignore[arg-type]
        for is_there in answered or (False, False, False):
            report.feeds[Outcome.FAILED] += 1
            progress.take(FeedDone(feed, Outcome.FAILED, error="503", answered=is_there))
            assert not is_there or screen.app.main.status.network == "online"
        progress.end(progress.take(Finished(report)))
        assert screen.app.main.status.network == told


async def test_a_notice_gives_way_to_the_progress_of_a_sync(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    async with opened() as screen:
        progress = Progress(screen.app.main, SimpleNamespace(active={}))  # type: ignore[arg-type]
        screen.app.main.say("Subscribed.")
        progress.take(ArticleDone(1, Offline.READY, "", 7))
        progress.take(PictureDone("", 1, "", 0))
        progress.show()
        assert screen.app.main.status.notice == "Subscribed."
        monkeypatch.setattr("bacatui.tui.commands.syncing.NOTICE", 0)
        await screen.sees("articles: 7 to come")
        progress.end("")


async def test_what_a_feed_can_be_told_is_chosen_from_what_it_can_be(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]", "E", "down", "down", "down", "enter", "down", "enter")
        assert store.read.find_feed("Harian Teluk").settings["pictures"] == "off"
        await screen.press("up", "enter", "down", "enter")  # the lines stay open, until Esc
        assert store.read.find_feed("Harian Teluk").full_text is FullText.ALWAYS
        await screen.press("down", "down", "enter", *"90", "enter")
        assert "90" in screen.picture()
        await screen.press("escape", "U", "U", "U")
        feed = store.read.find_feed("Harian Teluk")
        assert (feed.settings, feed.full_text) == ({}, FullText.AUTO)


async def test_several_feeds_of_a_site_are_taken_at_once(
    store: Store, opened: Opened, site: Site
) -> None:
    async with opened() as screen:
        await screen.press("escape", "a", *site.url, "enter")
        await screen.press("space", "down", "down", "space", "enter")
        urls = {f"{site.url}/{key}/feed.xml" for key in ("lentera", "meridian")}
        assert {feed.url for feed in store.read.feeds()} == urls


async def test_what_the_mouse_selects_is_copied_and_said(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.pilot.mouse_down("#list", offset=(5, 5))
        await screen.pilot.hover("#list", offset=(15, 8))
        await screen.pilot.mouse_up("#list", offset=(15, 8))
        assert not screen.app.screen.selections
        await screen.pilot.mouse_down("#article", offset=(4, 7))
        await screen.pilot.hover("#article", offset=(20, 7))
        await screen.pilot.mouse_up("#article", offset=(20, 7))
        await screen.press("ctrl+c")
        assert (
            "Copied." in screen.picture() and screen.app.clipboard and screen.app.clipboard in TEXT
        )


@pytest.mark.parametrize("pauses", [(), (1,), (4,), (5,), (4, 5)])
async def test_keys_typed_ahead_of_the_screen_go_where_they_were_meant_to(
    store: Store, opened: Opened, pauses: tuple[int, ...]
) -> None:
    fill(store)
    async with opened() as screen:
        main = screen.app.main
        for at, key in enumerate(("slash", *"the", "enter", "j")):
            if (
                at in pauses
            ):  # else before the line has the focus, or before Enter has been answered
                await asyncio.sleep(0.002)
            screen.app.post_message(
                events.Key(key, "/" if key == "slash" else key if len(key) == 1 else None)
            )
        await screen.settle()
        assert (main.middle.scope.key, main.typing, main.pane) == ("the*", "", "list")
        assert main.list.cursor == 1


async def test_an_article_is_saved_as_export_writes_it(
    store: Store, opened: Opened, tmp_path: Path
) -> None:
    fill(store)
    first = store.read.first(Scope(), 1)[0]
    store.write.set_note(first.id, "Baca <lagi>").result()
    async with opened() as screen:
        for ending in ("md", "html", "txt", "json"):
            await screen.press("s")
            screen.app.screen.query_one(Input).value = str(tmp_path / f"a.{ending}")
            await screen.press("enter")
            text = (tmp_path / f"a.{ending}").read_text("utf-8")
            assert first.title in text
            assert "piano on board" in text
            assert ("Baca &lt;lagi&gt;" if ending == "html" else "Baca <lagi>") in text
        assert json.loads((tmp_path / "a.json").read_text("utf-8"))["entries"][0]["id"] == first.id


async def test_a_write_that_takes_long_is_told_of_while_keys_work(
    store: Store, opened: Opened
) -> None:
    fill(store)
    held = Future[Act]()
    async with opened() as screen:
        main = screen.app.main
        waiting = asyncio.ensure_future(screen.app.done(held))
        await screen.until(lambda: main.status.notice == "Writing …")
        await screen.press("j")
        held.set_result(Act(0, NOW, "reader", "read", 0))
        assert (await waiting).id == 0
        assert main.status.notice == ""


async def test_unsubscribing_in_the_feeds_pane_leaves_cursor_and_list_where_they_are(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        main = screen.app.main
        await screen.press("j", "j", "j", "h", "G")
        assert main.feeds.place is not None and main.feeds.place.text == "The Slow Signal"
        await screen.press("k", "k")
        before, feed = under_cursor(screen), main.feeds.place.text
        assert (before, feed) == ("Pasar ikan pindah ke gedung tua", "Kabar Pesisir")
        await screen.press("D")
        assert under_cursor(screen) == before and main.feeds.cursor > 3
        await screen.press("U")
        assert under_cursor(screen) == before and main.feeds.cursor > 3


async def test_a_feed_that_never_answered_says_why_its_list_is_empty(
    store: Store, opened: Opened
) -> None:
    fill(store)
    feed = store.write.add_feed("https://down.example/feed.xml", "Down").result()
    store.write.store_state(
        feed.id, FetchState(status="failing", error="The server says 503.")
    ).result()
    async with opened() as screen:
        screen.app.main.load(Scope(ScopeKind.FEED, str(feed.id), title="Down"))
        await screen.settle()
        assert (
            "Nothing has come yet." in screen.picture()
            and "The server says 503." in screen.picture()
        )


async def test_a_sync_that_asks_nobody_says_so(store: Store, opened: Opened) -> None:
    fill(store)
    soon = FetchState(
        status="failing",
        error="503",
        errors=1,
        reached=True,
        last_checked=NOW,
        next_check=NOW + timedelta(hours=1),
    )
    for feed in store.read.feeds():
        store.write.store_state(feed.id, soon).result()
    async with opened() as screen:
        await screen.press("R")
        await screen.sees("Nothing was asked")


async def test_the_place_outlives_a_screen_on_which_the_whole_article_fits(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(80, 12) as screen:
        await screen.press("enter", *["j"] * 9)
        reader = screen.app.main.reader
        top, text = reader.top, screen.picture().splitlines()[1:6]
        assert top == 9
        for width, height in ((80, 60), (70, 50), (160, 60), (80, 12)):
            await screen.pilot.resize_terminal(width, height)
            await screen.settle()
        assert (reader.top, screen.picture().splitlines()[1:6]) == (top, text)


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("ferry", "The Ferry and ferryman of Inferry", ["Ferry", "ferry"]),
        (
            'title:rain -wind "two words" OR is:unread',
            "Rain: two words, wind, OR unread",
            ["Rain", "two words"],
        ),
        ("har* feed:loud after:3d", "Harbour, loud, 3d", ["Har"]),
        ("東京", "今日の東京は", ["東京"]),
        ("is:unread", "is unread", []),
    ],
)
def test_titles_show_the_words_that_are_searched_for(
    query: str, title: str, found: list[str]
) -> None:
    entries = EntryList(lambda _ids, _query: [])
    entries.forget(query)
    assert [
        text for text, names, _href in entries._marked(Span(title, "unread")) if "match" in names
    ] == found


async def test_the_end_of_a_search_does_not_say_that_all_is_read(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("slash", *"garam", "enter", "enter", "G")
        assert "All read here; 7 are unread elsewhere." in screen.picture()


async def test_a_page_that_is_kept_but_cannot_be_had_says_so(
    store: Store, opened: Opened, site: Site
) -> None:
    fill(store)
    async with opened() as screen:
        screen.app.main.do("save-page", f"{site.url}/nowhere")
        assert "404" in await screen.sees("404") and "It stays a bookmark" in screen.picture()


async def test_half_an_address_is_told_as_one(store: Store, opened: Opened) -> None:
    async with opened() as screen:
        await screen.press("escape", "a", *"http://[::1", "enter")
        assert "This is not a web address." in screen.picture()


async def test_past_the_end_of_a_feed_the_next_one_begins_with_its_first_unread(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("]", "A", "n")
        assert screen.app.main.middle.scope.title == "Kabar Pesisir"
        assert under_cursor(screen) == "Nelayan menunggu musim timur"


async def test_a_scope_that_one_comes_back_to_is_where_it_was_left(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("j", "j", "]", "]", "]", "j", "B")
        screen.app.main.do("latest")
        await screen.settle()
        assert under_cursor(screen) == "Nelayan menunggu musim timur"
        await screen.press(".")
        assert under_cursor(screen) == "Kapal pertama berlabuh di dermaga baru"


async def test_what_was_read_today_is_counted_once_and_taken_back_by_undo(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(80, 24) as screen:
        await screen.press("enter", "h", "b", "A")
        assert screen.app.main.middle.today == [8, 8, 1]
        await screen.press("U")
        assert screen.app.main.middle.today == [1, 1, 1]
        await screen.press("U", "m")
        assert screen.app.main.middle.today == [0, 0, 0]


async def test_an_article_is_shown_under_its_lead_picture_and_a_feeds_picture_is_no_file_to_open(
    store: Store, opened: Opened
) -> None:
    fill(store, {"Foto": ("", [("Satu", 1), ("Dua", 2)])})
    one = titles(store)["Satu"]
    article = Article(html=f"<p>{TEXT}</p>", text=TEXT, lead_image="https://example.org/lead.jpg")
    store.write.store_article(one, article, Offline.PARTIAL).result()
    async with opened() as screen:
        assert not await screen.app.main.reader.links()
        store.write.store_picture(
            StoredPicture(article.lead_image, "lead.jpg", "jpeg", 8, 8, 9)
        ).result()
        screen.app.main.swap([one])
        reader = screen.app.main.reader
        assert [url for *_, url, _host in await reader.links()] == ["https://example.org/lead.jpg"]
        assert reader.content is not None and TEXT in reader.content.html
        await screen.press("j")
        assert [url for *_, url, _host in await reader.links()] == ["https://example.org/long"]
    files = (
        Enclosure("https://example.org/a.jpg", "image/jpeg"),
        Enclosure("https://example.org/b.mp3", "audio/mpeg"),
    )
    entry = ParsedEntry(id="3", title="Tiga", text=TEXT, published=NOW, enclosures=files)
    parsed = ParsedFeed(title="Foto", entries=(entry,))
    store.write.store_picture(StoredPicture(files[0].url, "a.jpg", "jpeg", 8, 8, 9)).result()
    store.write.store_feed(
        store.read.feeds()[0].id, parsed, FetchState(status="ok"), newest_unread=None
    ).result()
    async with opened() as screen:
        await screen.press("g")
        assert (
            "b.mp3" in screen.picture()
            and "Enclosure: a.jpg" not in screen.picture()
            and TEXT[:40] in screen.picture()
        )
        assert [url for *_, url, _host in await screen.app.main.reader.links()] == [
            "https://example.org/a.jpg"
        ]


async def test_enter_keeps_what_was_found_as_it_was_typed(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("/", *"ferr")
        found = list(screen.app.main.middle.ids)
        await screen.press("enter")
        assert (
            found
            and list(screen.app.main.middle.ids) == found
            and "Search: ferr ·" in screen.picture()
        )
        await screen.press("/")
        assert screen.app.main.line.value == "ferr"
        await screen.press("escape", "escape", "F", *"nela", "enter")
        assert [screen.app.main.list.row_of(one).title for one in screen.app.main.middle.ids] == [
            "Nelayan menunggu musim timur"
        ]


async def test_esc_leaves_a_search_that_the_app_was_ended_in(store: Store, opened: Opened) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("/", *"qqx", "enter", "q")
    async with opened() as screen:
        assert "Nothing found." in screen.picture()
        await screen.press("escape")
        assert screen.app.main.middle.scope == Scope() and screen.app.main.list.count


async def test_a_pack_says_how_much_of_it_is_offline_and_goes_on_saying_so(
    store: Store, opened: Opened
) -> None:
    fill(store, {"Harian Teluk": NEWS["Harian Teluk"]})
    fill(store, {"Kabar Pesisir": NEWS["Kabar Pesisir"]}, offline=Offline.PARTIAL)
    async with opened() as screen:
        await screen.press("P", "enter")
        assert "5 articles · 5 min · 3 offline, 2 partly" in screen.picture()
        assert "all offline" not in screen.picture()
        article = Article(html=f"<p>{TEXT}</p>", text=TEXT)
        for row in store.read.first(Scope(), 50):
            store.write.store_article(row.id, article, Offline.READY).result()
        screen.app.main.changed()
        await screen.settle()
        assert "5 articles · 5 min · all offline ✓" in screen.picture()


@pytest.mark.parametrize(
    ("minutes", "told"),
    [("0", "Nothing unread that is offline fits into 0 min."), ("ten", "How many minutes?")],
)
async def test_a_pack_that_holds_nothing_is_not_shown_as_one(
    store: Store, opened: Opened, minutes: str, told: str
) -> None:
    fill(store)
    async with opened() as screen:
        await screen.press("P", "backspace", "backspace", *minutes, "enter")
        assert told in screen.picture() and screen.app.main.middle.scope.kind is ScopeKind.LATEST


async def test_on_a_busy_machine_the_article_still_follows_the_cursor_and_is_laid_out_to_its_end(
    store: Store, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    for row in store.read.first(Scope(), 50):
        store.write.store_article(
            row.id, Article(html=f"<p>{TEXT}</p>" * 2_000, text=TEXT), Offline.READY
        ).result()
    async with opened() as screen:
        ticks = itertools.count()
        monkeypatch.setattr(
            "textual.timer._time.get_time", lambda: float(next(ticks))
        )  # held up at every look
        await screen.press("n")
        main = screen.app.main
        assert main.shown == main.list.entry_id
        assert main.reader._page is not None and main.reader._page.is_complete


async def test_a_width_of_the_list_leaves_it_whole_where_it_is_alone(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(160, 24) as screen:
        main = screen.app.main
        await screen.press("}", "}", "}")
        assert main.middle.outer_size.width == 64
        await screen.pilot.resize_terminal(80, 24)
        await screen.settle()
        assert main.middle.outer_size.width == 80
        await screen.pilot.resize_terminal(110, 24)
        await screen.settle()
        assert main.middle.outer_size.width == 64
        await screen.press("h")
        assert main.middle.outer_size.width == 110 - 28
        await screen.pilot.resize_terminal(160, 24)
        await screen.settle()
        assert main.middle.outer_size.width == 64


async def test_lines_are_made_longer_from_a_pane_that_hides_the_article_too(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened(80, 24) as screen:
        await screen.press("-")
        assert screen.app.main.reader.measure == 68
