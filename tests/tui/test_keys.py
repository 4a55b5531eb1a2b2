"""Keys hit what is highlighted: each command from each pane and at each width, against all that it could have hit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from bacatui.commands import COMMANDS
from bacatui.config import Settings
from bacatui.model import (
    Article,
    Cut,
    Enclosure,
    FetchState,
    Offline,
    ParsedEntry,
    ParsedFeed,
    Scope,
    ScopeKind,
)
from bacatui.store import Store
from bacatui.sync import Started
from bacatui.tui.dialog import Dialog

from .conftest import NOW, TEXT, Feeds, Opened, Screen, fill

WIDTHS = {"one pane": 80, "two panes": 110, "three panes": 160}
# The list shows OPEN, with its second entry under the cursor; in the feeds pane OTHER is highlighted.
OPEN, OTHER, THIRD = "Slow Signal", "Kabar Gunung", "Warta Teluk"
FOLDERS = {THIRD: "Pesisir", OTHER: "Pesisir", OPEN: "Technology"}  # the newest first
HERE, KEPT = f"{OPEN} 2", f"{THIRD} 3"
NEEDS = "This needs an entry: choose one in the list."
ENDING = {"suspend", "quit"}  # what leaves the app is tried in a real terminal


class Has(str):
    """Equal to every text in which this one stands."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str(self) in other

    __hash__ = str.__hash__


class Other:
    """Equal to everything: what has changed, whatever it is now."""

    def __eq__(self, _other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "something else"


class Maybe(Other):
    """What may have changed, or not."""


def of(name: str, *numbers: int) -> frozenset[str]:
    return frozenset(f"{name} {n}" for n in numbers or (1, 2, 3))


Changes = dict[str, Any]
NOTHING: Changes = {}
OPENED: Changes = {"pane": "article", "shown": HERE, "top": 0}
LEFT: Changes = {"pane": "list", "shown": None, "top": None}
INTO_OTHER: Changes = {"pane": "list", "scope": OTHER, "cursor": f"{OTHER} 1"}


def shown(name: str) -> Changes:
    return {"cursor": name, "shown": name, "top": 0}


@dataclass(frozen=True)
class Case:
    """All that a command changes from the feeds pane, the list and the article."""

    feeds: Changes
    list: Changes
    article: Changes
    answer: str = ""  # to what it asks
    on_screen: bool = (
        False  # it needs the article on the screen, and goes there where that shows only the list
    )
    but: dict[str, Changes] | None = None  # where it differs: "one pane, list"

    def expected(self, pane: str, width: str) -> Changes:
        found: Changes = (self.but or {}).get(f"{width}, {pane}", getattr(self, pane))
        return OPENED | found if self.on_screen and (pane, width) == ("list", "one pane") else found


def about_entry(changes: Changes, **more: Any) -> Case:
    """The same from list and article; from the feeds pane a line that says what it needs."""
    return Case({"notice": NEEDS}, changes, changes, **more)


def anywhere(changes: Changes, **more: Any) -> Case:
    return Case(changes, changes, changes, **more)


def asks(title: str) -> Changes:
    return {"asked": Has(title)}


def scope(name: str, cursor: str) -> Case:
    gone = {"scope": name, "highlighted": name, "cursor": cursor}
    return Case(gone | {"pane": "list"}, gone, gone | LEFT)


WHOLE: Changes = {"notice": "The list has all of the width here."}
ALONE = {
    "one pane, feeds": WHOLE,
    "one pane, list": WHOLE,
    "one pane, article": WHOLE,
    "two panes, feeds": WHOLE,
}
URL = "https://slow.example/2"
CASES: dict[str, Case] = {
    "down": Case({"highlighted": THIRD}, {"cursor": f"{OPEN} 3"}, {"top": 2}),
    "up": Case({"highlighted": "Pesisir"}, {"cursor": f"{OPEN} 1"}, {"top": 0}),
    "top": Case({"highlighted": "Latest"}, {"cursor": f"{OPEN} 1"}, {"top": 0}),
    "bottom": Case({"highlighted": OPEN}, {"cursor": f"{OPEN} 3"}, {"top": Other()}),
    "half-down": Case({"highlighted": OPEN}, {"cursor": f"{OPEN} 3"}, {"top": Other()}),
    "half-up": Case({"highlighted": "Latest"}, {"cursor": f"{OPEN} 1"}, {"top": 0}),
    "page-down": Case({"highlighted": OPEN}, {"cursor": f"{OPEN} 3"}, {"top": Other()}),
    "page-up": Case({"highlighted": "Latest"}, {"cursor": f"{OPEN} 1"}, {"top": 0}),
    "open": Case(INTO_OTHER, OPENED | {"read": of(OPEN, 2)}, NOTHING),
    "back": Case({"highlighted": "Pesisir"}, {"pane": "feeds"}, LEFT),
    "close": Case(NOTHING, {"pane": "feeds"}, LEFT),
    "next-pane": Case({"pane": "list"}, OPENED, LEFT | {"pane": "feeds"}),
    "previous-pane": Case(OPENED, {"pane": "feeds"}, LEFT),
    "read-on": Case(
        INTO_OTHER | {"read": of(OTHER, 1)}, {"read": of(OPEN, 2)}, {"top": Other()},
        but={
            "one pane, feeds": INTO_OTHER | {"read": of(OTHER, 1)} | shown(f"{OTHER} 1") | {"pane": "article"},
            "one pane, list": OPENED | {"read": of(OPEN, 2)},
        },
    ),
    "next-unread": Case(INTO_OTHER, {"cursor": f"{OPEN} 3"}, shown(f"{OPEN} 3")),
    "previous-unread": Case(INTO_OTHER, {"cursor": f"{OPEN} 1"}, shown(f"{OPEN} 1")),
    "next-entry": Case(INTO_OTHER, {"cursor": f"{OPEN} 3"}, shown(f"{OPEN} 3") | {"read": of(OPEN, 2, 3)}),
    "previous-entry": Case(INTO_OTHER, {"cursor": f"{OPEN} 1"}, shown(f"{OPEN} 1") | {"read": of(OPEN, 1, 2)}),
    "next-feed": Case(
        {"scope": THIRD, "highlighted": THIRD, "cursor": f"{THIRD} 1"},
        *({"notice": "No further feed has unread entries."},) * 2,
    ),
    "previous-feed": Case(
        {"notice": "No further feed has unread entries."},
        {"scope": THIRD, "highlighted": THIRD, "cursor": f"{THIRD} 1"},
        {"scope": THIRD, "highlighted": THIRD} | shown(f"{THIRD} 1"),
    ),
    "newest": Case(
        {"pane": "list", "highlighted": OPEN, "cursor": f"{OPEN} 1"}, {"cursor": f"{OPEN} 1"}, shown(f"{OPEN} 1")
    ),
    "toggle-read": Case(
        {"read": of(OTHER), "notice": f"Marked 3 read in {OTHER} · U undoes it"}, {"read": of(OPEN, 2)}, {"read": frozenset()}
    ),
    "read-list": Case(
        {"read": of(OTHER), "notice": f"Marked 3 read in {OTHER} · U undoes it"},
        {"read": of(OPEN), "notice": f"Marked 3 read in {OPEN} · U undoes it"},
        {"read": of(OPEN), "notice": f"Marked 2 read in {OPEN} · U undoes it"},
    ),
    "read-older": about_entry({"read": of(OPEN, 2, 3)}),
    "read-above": about_entry({"read": of(OPEN, 1, 2)}),
    "read-below": about_entry({"read": of(OPEN, 2, 3)}),
    "bookmark": about_entry({"starred": frozenset({HERE, KEPT})}),
    "tags": about_entry({"tags": {HERE: ("word",)}}, answer="word"),
    "note": about_entry({"notes": {HERE: "word"}}, answer="word"),
    "select": Case({"notice": NEEDS}, {"range": HERE}, {"selects": True}),
    "mute": anywhere(asks("Mute what fits this search")),
    "undo": Case({"starred": frozenset()}, {"starred": frozenset()}, {"read": frozenset()}),
    "redo": anywhere({"notice": "Nothing to undo."}),
    "history": anywhere(asks("History")),
    "sync-feed": Case({"synced": [OTHER]}, {"synced": [OPEN]}, {"synced": [OPEN]}),
    "sync-all": anywhere({"synced": ["all"]}),
    "cancel-sync": anywhere({"notice": "No sync is running."}),
    "retry": anywhere({"notice": "Nothing has failed."}),
    "search": Case({"typing": "search", "pane": "list"}, {"typing": "search"}, {"typing": "find"}),
    "filter": Case(INTO_OTHER | {"typing": "filter"}, {"typing": "filter"}, LEFT | {"typing": "filter"}),
    "sort": Case(INTO_OTHER | asks("Sort"), asks("Sort"), LEFT | asks("Sort")),
    "hide-read": Case(
        INTO_OTHER | {"hides_read": True}, {"hides_read": True}, LEFT | {"hides_read": True, "cursor": f"{OPEN} 1"}
    ),
    "bookmarks": scope("Bookmarks", KEPT),
    "latest": scope("Latest", f"{THIRD} 1"),
    "unread": scope("Unread", f"{THIRD} 1"),
    "save-search": anywhere({"notice": "Search or filter first; then it can be kept."}),
    "browser": about_entry({"opened": [URL]}),
    "browser-read": Case({"notice": NEEDS}, {"opened": [URL], "read": of(OPEN, 2)}, {"opened": [URL]}),
    "links": about_entry(asks("Links   1  more  slow.example")),
    "hints": Case({"notice": NEEDS}, OPENED | {"hints": [f"{URL}/more"]}, {"hints": [f"{URL}/more"]}),
    "copy-link": about_entry({"clipboard": URL}),
    "copy-markdown": about_entry({"clipboard": f"[{HERE}](<{URL}>)"}),
    "save": about_entry({"files": {"written": Has(HERE)}}, answer="{folder}/written.md"),
    "pipe": about_entry({"files": {"written": Has(HERE)}}, answer="tee {folder}/written.md"),
    "enclosure": about_entry({"opened": ["https://slow.example/2.mp3"]}),
    "comments": about_entry({"opened": [f"{URL}/comments"]}),
    "save-page": anywhere(asks("Address of the page to keep")),
    "feed-text": about_entry({"feed_text": True, "top": Maybe()}, on_screen=True),
    "show-cuts": about_entry({"xray": True}, on_screen=True),
    "keep-block": about_entry({"notice": "Show with X what was cut."}),
    "cut-block": about_entry({"notice": "Select the beginning of the block with v."}),
    "about": Case(asks(OTHER), asks(HERE), asks(HERE)),
    "zen": Case({"notice": NEEDS}, OPENED | {"zen": True}, {"zen": True, "top": Maybe()}),
    "wider-text": anywhere({"measure": Other()}),
    "narrower-text": anywhere({"measure": Other()}),
    "sideways-left": about_entry(NOTHING, on_screen=True),
    "sideways-right": about_entry(NOTHING, on_screen=True),
    "pager": about_entry({"notice": "This terminal cannot be given to another program."}),
    "editor": about_entry({"notice": "This terminal cannot be given to another program."}),
    "add": anywhere(asks("Add a feed")),
    "packs": anywhere(asks("Starter packs")),
    "edit-feed": Case(asks(f"{OTHER} "), asks(f"{OPEN} "), asks(f"{OPEN} ")),
    "delete": Case(
        {"feeds": {THIRD, OPEN}, "highlighted": THIRD},
        {"feeds": {THIRD, OTHER}, "scope": "Latest", "highlighted": "Latest", "cursor": f"{THIRD} 1"},
        {"feeds": {THIRD, OTHER}, "scope": "Latest", "highlighted": "Latest", "read": frozenset()}
        | shown(f"{THIRD} 1"),
    ),
    "pack": anywhere(asks("Minutes to read")),
    "narrower-list": anywhere({"width": Other()}, but=ALONE),
    "wider-list": anywhere({"width": Other()}, but=ALONE),
    "density": anywhere({"density": "one"}),
    "theme": anywhere(asks("Theme")),
    "unplug": anywhere({"notice": "Only the demo has a plug to pull."}),
    "help": anywhere(asks("Help")),
    "palette": anywhere(asks("All commands")),
}  # fmt: skip


def stock(store: Store) -> None:
    """Three feeds of three entries; each has all that a command could want of it, under its own name."""
    for age, (name, folder) in enumerate(FOLDERS.items()):
        site = f"https://{name.split()[0].lower()}.example"
        feed = store.write.add_feed(f"{site}/feed.xml", name, folder).result()
        entries = tuple(
            ParsedEntry(
                id=str(n),
                title=f"{name} {n}",
                link=f"{site}/{n}",
                published=NOW - timedelta(hours=n + age / 4),
                content=f"<p>{TEXT}</p>",
                text=TEXT,
                comments=f"{site}/{n}/comments",
                enclosures=(Enclosure(f"{site}/{n}.mp3", "audio/mpeg"),),
                has_guid=True,
                is_stub=True,
            )
            for n in (1, 2, 3)
        )
        parsed, state = (
            ParsedFeed(title=name, entries=entries),
            FetchState(status="ok", last_ok=NOW),
        )
        new = store.write.store_feed(feed.id, parsed, state, newest_unread=None).result().new
        for row in store.read.rows(new):
            link = f"{site}/{row.title[-1]}"
            html = f'<p>{row.title}: <a href="{link}/more">more</a>.</p>' + f"<p>{TEXT}</p>" * 20
            cut = Cut(1, f"<p>Also read what {row.title} lost.</p>", "own", "div.note > p")
            article = Article(title=row.title, html=html, text=TEXT, cuts=(cut,), url=link)
            store.write.store_article(row.id, article, Offline.READY).result()


class Bench:
    """The app with something else highlighted in each pane, and all that a command can change, to be compared."""

    def __init__(
        self, screen: Screen, store: Store, folder: Path, synced: list[list[int] | None]
    ) -> None:
        self.screen, self.store, self.folder, self.synced = screen, store, folder, synced
        self.main = screen.app.main
        self.feeds = {feed.title: feed.id for feed in store.read.feeds()}
        self.acts = store.read.journal(1)[0].id

    async def prepare(self, pane: str) -> None:
        """Back to how it was before a command, and into a pane."""
        main, app = self.main, self.screen.app
        while app.screen.is_modal:
            await self.screen.press("escape")
        if main.typing or main.reader.hints or main.reader.selecting:
            await self.screen.press("escape")
        main.remove_class("zen")
        for act in self.store.read.journal(50):
            if act.id > self.acts and not act.undone:  # all but the bookmark, which is the last act
                self.store.write.undo(act.id).result()
        for file in self.folder.iterdir():
            file.unlink()
        self.synced.clear()
        app._clipboard = ""
        main.list.range_from, main.reader.measure, main.list_width, main.reader.xray = (
            None,
            72,
            None,
            False,
        )
        main.feed_text = False
        main.middle._places.clear()
        main.middle.order, main.middle.hides_read, main.middle.density = "newest", False, "two"
        main.fit_list()
        entries = {row.title: row.id for row in self.store.read.first(Scope(), 50)}
        main._place = None
        for entry in entries.values():
            if self.store.read.mark(entry).place:
                self.store.write.set_place(entry, 0.0).result()
        main.load(Scope(ScopeKind.FEED, str(self.feeds[OPEN]), title=OPEN), at=entries[f"{OPEN} 1"])
        main.show_entry(
            entries[f"{OPEN} 1"]
        )  # what the article pane still holds where it is not on the screen
        if main.pane != pane or pane == "article":
            main.go_to("list")
        if not self.store.read.mark(entries[KEPT]).bookmarked_at:
            self.store.write.set_bookmark([entries[KEPT]]).result()
            self.acts = self.store.read.journal(1)[0].id
        main.list.renew()
        main.feeds.renew()
        main.list.move_to(main.list.order.index_of(entries[HERE]))
        if pane == "feeds":
            if main.pane != "feeds":
                main.go_to("feeds")
            main.feeds.move_to(
                next(at for at, place in enumerate(main.feeds.places) if place.text == OTHER)
            )
        elif pane == "article":
            main.do("open")
            await self.screen.settle()
            main.do("down")
        await self.screen.settle()
        main.say("")

    def state(self) -> Changes:
        """All that a command can change, by name."""
        main, read, app = self.main, self.store.read, self.screen.app
        rows = read.first(Scope(), 50)
        marks = {row.title: read.mark(row.id) for row in rows}
        place, is_article, modal = main.feeds.place, main.pane == "article", app.screen
        asked = None
        if isinstance(modal, Dialog):
            told = [str(one.prompt) for one in modal.list.options[:2]]
            asked = " ".join([modal._title, *told])
        names = {number: name for name, number in self.feeds.items()}
        return {
            "read": frozenset(name for name, mark in marks.items() if mark.read_at),
            "starred": frozenset(name for name, mark in marks.items() if mark.bookmarked_at),
            "tags": {name: mark.tags for name, mark in marks.items() if mark.tags},
            "notes": {name: mark.note for name, mark in marks.items() if mark.note},
            "feeds": {feed.title for feed in read.feeds()},
            "searches": [one.name for one in read.saved_searches()],
            "rules": [one.name for one in read.mute_rules()],
            "files": {file.stem: file.read_text() for file in self.folder.glob("*.md")},
            "opened": (self.folder / "opened").read_text().split()
            if (self.folder / "opened").exists()
            else [],
            "clipboard": app.clipboard,
            "synced": [
                name
                for ids in self.synced
                for name in (["all"] if ids is None else map(names.get, ids))
            ],
            "scope": main.middle.name_shown,
            "cursor": main.list.row.title if main.list.row else None,
            "highlighted": place.text if place else None,
            "pane": main.pane,
            "shown": main.reader.content.title if is_article and main.reader.content else None,
            "top": main.reader.top if is_article else None,
            "asked": asked,
            "typing": main.typing,
            "range": main.list.row.title
            if main.list.row and main.list.range_from == main.list.cursor
            else None,
            "selects": main.reader.selecting is not None,
            "hints": [hint.href for hint in main.reader.hints],
            "order": main.middle.order,
            "hides_read": main.middle.hides_read,
            "density": main.middle.density,
            "feed_text": main.feed_text,
            "xray": main.reader.xray,
            "zen": main.has_class("zen"),
            "measure": main.reader.measure,
            "width": main.list_width,
            "theme": app.theme,
        }

    async def carry_out(self, name: str, case: Case, expected: Changes) -> Changes:
        """What a command changes: once it is what was expected, or after a while whatever it is."""
        before, changed = self.state(), dict[str, Any]()

        def is_expected() -> bool:
            changed.clear()
            changed.update({key: now for key, now in self.state().items() if now != before[key]})
            changed.update({key: now for key, now in expected.items() if isinstance(now, Maybe)})
            if "notice" in expected:
                changed["notice"] = self.main.status.notice
            return changed == expected

        self.main.do(name)
        await self.screen.settle()
        if case.answer and "notice" not in expected:
            self.screen.app.screen.query_one(Input).value = case.answer.format(folder=self.folder)
            await self.screen.press("enter")
        with suppress(AssertionError):
            await self.screen.until(is_expected)
        is_expected()
        return changed


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[list[int] | None]:
    """The feeds that each sync is given; it asks none of them."""
    asked: list[list[int] | None] = []

    class SyncProcess:
        active: dict[str, float] = {}  # noqa: RUF012 - as the real one's

        async def sync(self, feeds: list[int] | None, **_how: bool) -> AsyncIterator[Started]:
            asked.append(feeds)
            yield Started(0)

    monkeypatch.setattr("bacatui.sync.SyncProcess", lambda *_: SyncProcess())
    return asked


def outside(folder: Path) -> Settings:
    """Browser and player that write down what they are given."""
    program = ("sh", "-c", f'echo "$0" >> {folder}/opened')
    return Settings(sync_on_start=False, sync_interval=0, opener=program, player=program)


def test_each_command_is_in_the_table() -> None:
    assert set(CASES) == {command.id for command in COMMANDS} - ENDING


EVERYWHERE = [(width, pane) for width in WIDTHS for pane in ("feeds", "list", "article")]
SHORT = ("one pane", "list")


@pytest.mark.parametrize(
    ("width", "pane"),
    [
        pytest.param(*where, marks=[] if where == SHORT else [pytest.mark.slow])
        for where in EVERYWHERE
    ],
)
async def test_each_command_acts_on_what_is_highlighted_and_on_nothing_else(
    store: Store,
    opened: Opened,
    tmp_path: Path,
    synced: list[list[int] | None],
    width: str,
    pane: str,
) -> None:
    stock(store)
    (folder := tmp_path / "outside").mkdir()
    wrong = []
    async with opened(WIDTHS[width], 24, settings=outside(folder)) as screen:
        bench = Bench(screen, store, folder, synced)
        for name, case in CASES.items():
            await bench.prepare(pane)
            expected = case.expected(pane, width)
            changed = await bench.carry_out(name, case, expected)
            if changed != expected:
                wrong.append(f"{name}: {changed} rather than {expected}")
            assert screen.app.failures == [], name
    assert not wrong, "\n" + "\n".join(wrong)


def unread(store: Store) -> int:
    return store.read.count(Scope()).unread


def ids_of(store: Store) -> dict[str, int]:
    return {row.title: row.id for row in store.read.first(Scope(), 500)}


def highlight(screen: Screen, text: str) -> None:
    """Put the cursor of the feeds pane on a line."""
    main = screen.app.main
    main.go_to("feeds")
    main.feeds.move_to(next(at for at, place in enumerate(main.feeds.places) if place.text == text))


@pytest.mark.parametrize("key", ["m", "A"])
@pytest.mark.parametrize(
    ("line", "left", "said"),
    [
        ("Latest", 0, "Marked 8 read in Latest"),
        ("Unread", 0, "Marked 8 read in Unread"),
        ("Bookmarks", 7, "Marked 1 read in Bookmarks"),
        ("About small files", 7, "Marked 1 read in About small files"),
        ("Indonesia", 3, "Marked 5 read in Indonesia"),
        ("Kabar Pesisir", 6, "Marked 2 read in Kabar Pesisir"),
    ],
)
async def test_what_is_highlighted_in_the_feeds_pane_is_marked_as_read_and_taken_back(
    store: Store, opened: Opened, key: str, line: str, left: int, said: str
) -> None:
    fill(store)
    store.write.save_search("About small files", "small files").result()
    store.write.set_bookmark([ids_of(store)["Garam rakyat naik harga"]]).result()
    async with opened() as screen:
        await screen.press("]", "]", "]")  # the list shows The Slow Signal
        highlight(screen, line)
        await screen.press(key)
        await screen.until(lambda: unread(store) == left)
        assert f"{said} · U undoes it" in screen.picture()
        assert (
            screen.app.main.pane == "feeds"
            and screen.app.main.middle.scope.title == "The Slow Signal"
        )
        await screen.press("U")
        await screen.until(lambda: unread(store) == 8)


async def test_m_on_a_feed_marks_unread_what_it_has_just_marked_as_read(
    store: Store, opened: Opened
) -> None:
    fill(store)
    kept = ids_of(store)["Garam rakyat naik harga"]
    store.write.set_read([kept]).result()
    async with opened() as screen:
        highlight(screen, "Kabar Pesisir")
        await screen.press("m")
        assert unread(store) == 6 and "Marked 1 read in Kabar Pesisir" in screen.picture()
        await screen.press("m")
        assert unread(store) == 7 and "Marked 1 unread in Kabar Pesisir" in screen.picture()
        assert store.read.mark(kept).read_at  # which was read before
        await screen.press("m", "A")
        assert unread(store) == 6 and "Nothing is unread in Kabar Pesisir." in screen.picture()


async def test_what_came_after_the_feeds_pane_was_drawn_is_not_marked_with_what_it_counts(
    store: Store, opened: Opened
) -> None:
    fill(store)
    async with opened() as screen:
        highlight(screen, "Latest")
        fill(store, {"Late Post": ("", [("Came while you looked", 0.01)])})
        await screen.press("A")
        assert unread(store) == 1 and "Marked 8 read in Latest" in screen.picture()


LOUD: Feeds = {
    "Loud": ("", [(f"Item {n}", 0.1 * n) for n in range(1, 21)]),
    "Small": ("", [("One story", 0.05), ("Another story", 2.5)]),
}


@pytest.mark.parametrize(
    "command", ["note", "links", "hints", "feed-text", "show-cuts", "about", "zen", "enclosure"]
)
async def test_what_is_for_one_entry_takes_none_out_of_a_fold(
    store: Store, opened: Opened, command: str
) -> None:
    fill(store, LOUD)
    async with opened() as screen:
        main = screen.app.main
        await screen.press("j", "j", "j", "j")
        before = main.shown
        assert main.list.fold
        main.do(command)
        await screen.settle()
        assert "Open these first, then choose one." in screen.picture()
        assert (main.pane, main.shown, screen.app.screen.is_modal) == ("list", before, False)


async def test_in_the_article_keys_are_about_that_article_though_the_cursor_is_on_a_fold(
    store: Store, opened: Opened
) -> None:
    fill(store, LOUD)
    async with opened(height=20) as screen:
        main = screen.app.main
        await screen.press("j", "j", "j", "j", "tab", "y", "b", "m")
        assert (
            main.list.fold
            and main.reader.content is not None
            and main.reader.content.title == "Item 3"
        )
        marks = {title: store.read.mark(number) for title, number in ids_of(store).items()}
        assert [title for title, mark in marks.items() if mark.bookmarked_at] == ["Item 3"]
        assert [title for title, mark in marks.items() if mark.read_at] == ["Item 3"]
        assert screen.app.clipboard == "https://loud.example/2"
        await screen.press("space")
        assert main.shown == ids_of(store)["Item 3"] and main.reader.top > 0


async def test_n_goes_on_from_a_fold_and_not_from_the_top(store: Store, opened: Opened) -> None:
    fill(store, LOUD)
    async with opened() as screen:
        main = screen.app.main
        await screen.press("j", "j", "j", "j", "p")
        assert main.list.row is not None and main.list.row.title == "Item 3"
        await screen.press("j", "n")
        assert main.list.row is not None and main.list.row.title == "Item 4"


async def test_what_was_cut_from_another_article_makes_no_rule_for_the_one_under_the_cursor(
    store: Store, opened: Opened
) -> None:
    stock(store)
    async with opened(80, 24) as screen:
        await screen.press("enter", "X", "h", "j", "w")
        assert not (screen.app.home.config / "rules/own.toml").exists()
        await screen.press("enter", "w")
        file = screen.app.home.config / "rules/own.toml"
        await screen.until(file.exists)
        assert "kabar.example" in file.read_text()


async def test_links_are_followed_by_letters_from_the_only_pane(
    store: Store, opened: Opened
) -> None:
    stock(store)
    async with opened(80, 24) as screen:
        main = screen.app.main
        await screen.press("j", "f")
        await screen.until(lambda: bool(main.reader.hints))
        assert (
            main.pane == "article" and main.reader.hints[0].href == "https://kabar.example/1/more"
        )


async def test_the_feed_text_is_of_the_entry_under_the_cursor_after_that_of_another(
    store: Store, opened: Opened
) -> None:
    stock(store)
    async with opened() as screen:
        main = screen.app.main
        await screen.press("x")
        assert main.feed_text
        main.list.step(1)
        main.do("feed-text")  # before the article has followed
        await screen.settle()
        assert main.feed_text and main.shown == main.list.entry_id


async def test_of_two_searches_for_the_same_words_the_highlighted_one_is_let_go(
    store: Store, opened: Opened
) -> None:
    fill(store)
    for name in ("One", "Two"):
        store.write.save_search(name, "garam").result()
    async with opened() as screen:
        highlight(screen, "Two")
        screen.app.main.feeds.renew()
        await screen.press("D")
        assert [one.name for one in store.read.saved_searches()] == ["One"]


async def test_trying_again_asks_the_highlighted_feed_where_that_failed(
    store: Store, opened: Opened, synced: list[list[int] | None]
) -> None:
    fill(store)
    feeds = {feed.title: feed.id for feed in store.read.feeds()}
    for name in ("Harian Teluk", "The Slow Signal"):
        store.write.store_state(
            feeds[name], FetchState(status="failing", error="The server says 503.")
        ).result()
    async with opened() as screen:
        for line in ("The Slow Signal", "Indonesia", "Kabar Pesisir"):
            highlight(screen, line)
            await screen.press("!")
        every = [feeds["Harian Teluk"], feeds["The Slow Signal"]]
        assert synced == [[feeds["The Slow Signal"]], [feeds["Harian Teluk"]], every]
