"""The middle pane: the list of entries with its scope, order and heading."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from bacatui import clock, commands
from bacatui.i18n import _, ngettext, when
from bacatui.model import Scope, ScopeKind
from bacatui.store import QueryError, Reader, Store
from bacatui.store.types import Act
from bacatui.tui.empty import Empty, Reason
from bacatui.tui.reading import summary_of_pack
from bacatui.tui.sequence import DEEP, WINDOW, arrange
from bacatui.tui.widgets.line_widget import RunCommand, fit
from bacatui.tui.widgets.list import EntryList

FLOWING = {
    ScopeKind.LATEST,
    ScopeKind.UNREAD,
    ScopeKind.FOLDER,
    ScopeKind.FEED,
}  # scopes that grow at the top


class Heading(Widget):
    """The heading of the list; at the right, how many entries have arrived since."""

    text: reactive[str] = reactive("")
    detail: reactive[str] = reactive("")
    news: reactive[str] = reactive("")

    def render(self) -> Content:
        """Title, detail and the number of new entries, fitted to the width."""
        room = self.size.width - len(self.news) - 2
        title = fit(self.text, min(Content(self.text).cell_length, max(0, room)))
        detail = fit(
            f" · {self.detail}" if self.detail else "", max(0, room - Content(title).cell_length)
        )
        return Content.assemble(
            " ", (title, "bold"), (detail, "$muted"), (f"{self.news} ", "bold $accent")
        )

    def on_click(self) -> None:
        """Show the new entries that the heading announces."""
        if self.news:
            self.post_message(RunCommand("newest"))


class ListPane(Vertical):
    """A scope as a list. A sync does not change it until the user asks for the new entries."""

    def __init__(
        self, store: Store, saved: dict[str, Any], density: str, keys: Mapping[str, str]
    ) -> None:
        super().__init__(id="middle")
        self._store, self._keys = store, keys
        self.scope = Scope(
            ScopeKind(saved.get("kind", "latest")),
            saved.get("key", ""),
            title=saved.get("title", ""),
        )
        self.order: str = saved.get("order", "newest")
        self.hides_read: bool = saved.get("hides_read", False)
        self.density: str = saved.get("density", density)
        self.seen: int = saved.get("seen", 0)  # the newest entry of the last visit
        self.seen_at: str = saved.get("seen_at", "")
        self.before: Scope | None = None  # where Esc leads back to from a search
        self._places: dict[
            Scope, tuple[int | None, int]
        ] = {}  # the entry under the cursor and its line, as left
        self.day = f"{clock.now().astimezone():%F}"
        # What was read today: entries, minutes, bookmarks.
        self.today: list[int] = (
            saved.get("today", [0, 0, 0]) if saved.get("day") == self.day else [0, 0, 0]
        )
        self.ids = array("q")
        self.following: int | None = None  # the unread entry after the one that is shown
        self._opened: frozenset[int] = frozenset()
        self._fills = False  # what a sync brings is taken into the list until it is touched
        self._asked: Collection[int] | None = ()  # the feeds that a sync asks now; None: all
        self._newest = 0  # the highest number among the entries of the list
        self._is_whole = (
            False  # all of the scope's entries are in the list, not the first ones only
        )
        # The newest entry that Latest has shown, and when: `seen` and `seen_at` of the next visit.
        self._visited = self.seen, self.seen_at
        self._drawn_at = clock.now()
        self._feeds: dict[int, int] = {}  # of the entries at the top, in which floods are folded
        self.heading, self.list = Heading(), EntryList(store.read.rows)

    def compose(self) -> ComposeResult:
        """The heading and the list of entries."""
        yield self.heading
        yield self.list

    @property
    def query_text(self) -> str:
        """The query or filter of the list; empty if it has none."""
        return self.scope.filter or (self.scope.key if self.scope.kind is ScopeKind.SEARCH else "")

    def load(self, scope: Scope, *, at: int | None = None, offset: int = 0) -> None:
        """Show a scope as it was left: the first screen now, the rest once it is painted."""
        self._note_visit()
        if self.list.count and not self.query_text:
            self._places[replace(self.scope, title="")] = self.list.entry_id, self.cursor_line
        if at is None:
            at, offset = self._places.get(replace(scope, title=""), (None, 0))
        self.scope, self._opened, self.heading.news = scope, frozenset(), ""
        most = self.list.size.height // 3 + 2 if self.query_text else WINDOW
        try:
            first = self._store.read.first(scope, most, self.order, self.hides_read)
        except QueryError as error:
            first, self.list.empty = (
                [],
                Reason((_("This search cannot be understood."), str(error))),
            )
        else:
            if not first:
                self._tell_why_empty()
        self.ids, self._feeds = (
            array("q", (row.id for row in first)),
            {row.id: row.feed_id for row in first},
        )
        self._newest, self._is_whole = max(self.ids, default=0), len(first) < most
        self._fills, self.list.is_touched = not first or not self.seen, False
        self.list.forget(self.query_text)
        if not self.scope.filter:  # the snippets of a filter come later, with the rows in sight
            self.list.take(first)
        self.set_out(at, offset)
        if not self._is_whole:
            self.call_after_refresh(self._load_rest, scope, at, offset)

    @work(exclusive=True, group="ids")
    async def _load_rest(self, scope: Scope, at: int | None, offset: int) -> None:
        order, unread_only = self.order, self.hides_read
        if self.query_text:
            await asyncio.sleep(0.15)  # one may still be typing; the next letter ends this

        def look(read: Reader) -> tuple[array[int], dict[int, int], int]:
            ids = read.ids(scope, order, unread_only)
            return ids, read.feeds_of(ids[:DEEP]), max(ids, default=0)

        ids, feeds, newest = await asyncio.to_thread(self._store.ask, look)
        if scope == self.scope:
            self._feeds, self._newest, self._is_whole = feeds, newest, True
            waiting = at is not None and self.list.order.index_of(at) < 0
            self.ids = ids
            self.set_out(*((at, offset) if waiting else (self.list.entry_id, self.cursor_line)))

    @property
    def cursor_line(self) -> int:
        """The line of the cursor, counted from the top of the window."""
        return self.list.top_of(self.list.cursor) - self.list.scroll_offset.y

    def set_out(self, at: int | None = None, offset: int = 0) -> None:
        """Put days and folds into the list; the cursor on entry `at`, `offset` lines down."""
        self._drawn_at = clock.now()
        order = arrange(
            self.ids, self.list.row_of, self._drawn_at, opened=self._opened,
            here=datetime.fromisoformat(self.seen_at) if self.seen_at else None,
            order="none" if self.query_text or self.scope.kind is ScopeKind.PACK else self.order,
            folding=self.scope.kind in FLOWING - {ScopeKind.FEED} and not self.scope.filter,
            seen=self.seen if self.scope.kind is ScopeKind.LATEST else 0, feeds=self._feeds,
        )  # fmt: skip
        self.list.show(order, self.density)
        index = -1 if at is None else order.index_of(at)
        self.list.move_to(max(index, 0), scroll=False)
        top = self.list.top_of(self.list.cursor) - offset
        self.list.scroll_to(y=top if index >= 0 else 0, animate=False)
        self.head()

    def again(self, **changes: str | bool) -> None:
        """Load the scope again with changed settings such as `order`; the cursor stays."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.load(self.scope, at=self.list.entry_id, offset=self.cursor_line)

    def unfold(self, ids: tuple[int, ...], *, at: int | None = None) -> bool:
        """Open a fold, with the cursor on its first entry or on `at`; False if `ids` is empty."""
        if ids:
            self._opened |= frozenset(ids)
            self.set_out(at or ids[0], self.cursor_line)
        return bool(ids)

    def go_to(self, entry_id: int) -> bool:
        """Put the cursor on an entry, opening its fold if needed; False if it is not listed."""
        index = self.list.order.index_of(entry_id)
        if index >= 0 and (fold := self.list.order.break_at(index)) is not None:
            self.unfold(fold.ids, at=entry_id)
        elif index >= 0:
            self.list.move_to(index)
        return index >= 0

    def nearest(self, back: bool = False) -> int | None:
        """The entry from which to look for the next one: under the cursor, or before its fold."""
        if back and self.list.fold:
            return self.list.fold[0]
        items = self.list.order.items[: self.list.cursor + 1]
        return next((item for item in reversed(items) if item > 0), None)

    @property
    def name_shown(self) -> str:
        """What the list is called in a sentence: its scope, and what narrows it."""
        names = {
            ScopeKind.LATEST: _("Latest"), ScopeKind.UNREAD: _("Unread"),
            ScopeKind.BOOKMARKS: _("Bookmarks"), ScopeKind.PACK: _("this reading list"),
        }  # fmt: skip
        scope = self.scope
        feed = self._store.read.feed(int(scope.key)) if scope.kind is ScopeKind.FEED else None
        return self._narrowed(
            names.get(scope.kind) or (feed.title if feed else scope.title) or scope.key
        )

    def _narrowed(self, name: str) -> str:
        return f"{name}  ⌕ {self.scope.filter}" if self.scope.filter else name

    def head(self) -> None:
        """Update the heading: name of the scope, counts and age."""
        scope, read, n = self.scope, self._store.read, len(self.ids)
        self.heading.text, detail = self.name_shown, ""
        if scope.kind is ScopeKind.PACK:
            self.heading.text = self._narrowed(summary_of_pack(read.rows(self.ids)))
        if self.query_text:
            detail = ngettext("{n} found", "{n} found", n).format(n=n) if self._is_whole else ""
        elif scope.kind is not ScopeKind.PACK:
            count = read.count(scope)
            new, time = (
                ngettext("{n} new", "{n} new", count.unread).format(n=count.unread),
                when.minutes(count.minutes),
            )
            detail = _("{new}, about {time}").format(new=new, time=time) if count.unread else ""
        only = _("unread only") if self.hides_read and scope.kind is not ScopeKind.UNREAD else ""
        self.heading.detail = " · ".join(filter(None, (detail, only)))

    def expect(self, news: bool, feeds: Collection[int] | None = None) -> None:
        """Whether a sync asks feeds (None: all), which an empty list tells."""
        self._asked = feeds if news else ()
        if not self.ids:
            self.load(self.scope)

    def look_for_news(self, *, is_reading: bool) -> None:
        """Say how many entries have come that the list does not show yet.

        A list that was empty, or that the user sees for the first time, takes them in until it is
        touched. The cursor stays with its entry where the user `is_reading` it, else at the top.
        """
        self.head()
        if not self.ids:
            self._fill(is_reading=False)
        elif self.scope.kind in FLOWING and self.order == "newest" and self._is_whole:
            fresh = self._store.read.arrived(self.scope, self._newest, self.hides_read)
            if fresh and self._fills and not self.list.is_touched:
                self._fill(is_reading=is_reading)
            else:
                self.heading.news = _("{n} new ↑").format(n=fresh) if fresh else ""

    def _fill(self, *, is_reading: bool) -> None:
        at, offset = (self.list.entry_id, self.cursor_line) if is_reading else (None, 0)
        self.load(self.scope, at=at or 0, offset=offset)  # no entry has the number 0: the top
        self._fills = True
        self.post_message(RunCommand("screen.rest"))

    @property
    def is_gone(self) -> bool:
        """Whether the feed or folder that the list shows is no longer subscribed to."""
        kind, key, read = self.scope.kind, self.scope.key, self._store.read
        if kind is ScopeKind.FEED:
            return not key.isdecimal() or read.feed(int(key)) is None
        if kind is ScopeKind.FOLDER:
            folders = read.folders()
            return not any(name == key or name.startswith(f"{key}/") for name in folders)
        return False

    def look_at_clock(self) -> None:
        """Tell times anew once a minute, and the days from midnight on."""
        now, before = clock.now().astimezone(), self._drawn_at.astimezone()
        if now.date() != before.date():
            at = self.list.entry_id or next(iter(self.list.fold), None)
            self.set_out(at, self.cursor_line)
        elif f"{now:%H:%M}" != f"{before:%H:%M}":
            self._drawn_at = now
            self.list.refresh()

    def _note_visit(self) -> None:
        """Remember what Latest shows: the next visit draws its line there."""
        if self.scope.kind is ScopeKind.LATEST and not self.scope.filter and self.ids:
            self._visited = max(self._visited[0], self._newest), clock.now().isoformat()

    def _key(self, command: str) -> str:
        """The key of a command as it is shown; its title if it has none."""
        return (
            commands.shown(self._keys.get(command, ""), 1)
            or f"“{_(commands.BY_ID[command].title)}”"
        )

    def _tell_why_empty(self) -> None:
        empty = Empty(
            self._store.read, self.scope, self._key, self.hides_read, self._asked, self.tally
        )
        self.list.empty = empty.reason()

    def tally(self, at: int | None = None, *, back: bool = False) -> str:
        """What is left here or elsewhere; where nothing is, what was read today.

        It is told where nothing unread follows the entry `at`, or with `back` goes before it.
        """
        left = self._store.read.ids(self.scope, unread_only=True, limit=2)
        if at is not None and list(left) == [at]:
            return _("This is the last unread one here.")
        if left:
            return (
                _("Nothing before this is unread.")
                if back
                else _("Nothing after this is unread; something before is.")
            )
        is_all = self.scope.kind in {ScopeKind.LATEST, ScopeKind.UNREAD} and not self.scope.filter
        if elsewhere := 0 if is_all else self._store.read.count(Scope()).unread:
            return ngettext(
                "All read here; {n} is unread elsewhere.",
                "All read here; {n} are unread elsewhere.",
                elsewhere,
            ).format(n=elsewhere)
        self._turn_day()
        read, minutes, kept = self.today
        parts = [when.articles(read), when.minutes(minutes)] if read else []
        parts += [ngettext("{n} bookmarked", "{n} bookmarked", kept).format(n=kept)] if kept else []
        return _("All read: {what}.").format(what=", ".join(parts)) if parts else _("All read.")

    def _turn_day(self) -> None:
        """Begin to count anew at midnight."""
        if (day := f"{clock.now().astimezone():%F}") != self.day:
            self.day, self.today = day, [0, 0, 0]

    def count_today(self, act: Act) -> None:
        """Count what the user has read and bookmarked today; undoing counts down.

        The minutes of an act on many entries are estimated from its first 200.
        """
        self._turn_day()
        way = (
            (-1 if act.undone else 1)
            * (-1 if act.kind.startswith("un") else 1)
            * (act.author == "reader")
        )
        if act.kind in {"read", "unread"} and (rows := self._store.read.rows(act.entries[:200])):
            minutes = sum(row.minutes for row in rows) * act.count // len(rows)
            self.today[:2] = (
                max(0, self.today[0] + way * act.count),
                max(0, self.today[1] + way * minutes),
            )
        elif act.kind in {"bookmark", "unbookmark"}:
            self.today[2] = max(0, self.today[2] + way * act.count)

    def end_card(self, entry_id: int, key: str) -> str:
        """What stands below an article: what `key` goes on to, or what was read today."""
        read, order = self._store.read, self.order
        following = read.next_unread(self.scope, entry_id, order=order)
        if (
            following is None and self.scope.kind is not ScopeKind.FEED
        ):  # the key begins anew from the top
            following = read.next_unread(self.scope, None, order=order)
        self.following = None if following == entry_id else following
        row = None if self.following is None else read.row(self.following)
        if row is None:
            return self.tally(entry_id)
        return _("{key} goes on: {title} ({feed})").format(
            key=key, title=row.title, feed=row.feed_title
        )

    def state(self) -> dict[str, Any]:
        """What the list remembers between visits, as JSON values."""
        self._note_visit()
        seen, seen_at = self._visited
        return {
            "kind": self.scope.kind.value, "key": self.scope.key, "title": self.scope.title, "order": self.order,
            "hides_read": self.hides_read, "density": self.density, "entry": self.list.entry_id,
            "offset": self.cursor_line, "seen": seen, "seen_at": seen_at, "day": self.day, "today": self.today,
        }  # fmt: skip
