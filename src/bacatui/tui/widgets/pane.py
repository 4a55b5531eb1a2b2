"""The middle pane: which entries the list shows, in what order, under which heading."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Mapping
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
from bacatui.model import Feed, Scope, ScopeKind
from bacatui.store import QueryError, Reader, Store
from bacatui.store.types import Act
from bacatui.tui.reading import summary_of_pack
from bacatui.tui.sequence import DEEP, WINDOW, arrange
from bacatui.tui.widgets.drawn import Asked, fit
from bacatui.tui.widgets.list import EntryList

FLOWING = {ScopeKind.LATEST, ScopeKind.UNREAD, ScopeKind.FOLDER, ScopeKind.FEED}  # scopes that grow at the top


class Heading(Widget):
    """What the list shows, and at the right what has arrived since."""

    text: reactive[str] = reactive("")
    detail: reactive[str] = reactive("")
    news: reactive[str] = reactive("")

    def render(self) -> Content:
        room = self.size.width - len(self.news) - 2
        title = fit(self.text, min(Content(self.text).cell_length, max(0, room)))
        detail = fit(f" · {self.detail}" if self.detail else "", max(0, room - Content(title).cell_length))
        return Content.assemble(" ", (title, "bold"), (detail, "$muted"), (f"{self.news} ", "bold $accent"))

    def on_click(self) -> None:
        if self.news:
            self.post_message(Asked("newest"))


class ListPane(Vertical):
    """A scope as a list. A sync changes nothing here until the reader asks for it."""

    def __init__(self, store: Store, saved: dict[str, Any], density: str, keys: Mapping[str, str]) -> None:
        super().__init__(id="middle")
        self._store, self._keys = store, keys
        self.scope = Scope(ScopeKind(saved.get("kind", "latest")), saved.get("key", ""), title=saved.get("title", ""))
        self.order: str = saved.get("order", "newest")
        self.hides_read: bool = saved.get("hides_read", False)
        self.density: str = saved.get("density", density)
        self.seen: int = saved.get("seen", 0)  # the newest entry of the last visit
        self.seen_at: str = saved.get("seen_at", "")
        self.before: Scope | None = None  # where Esc leads back to from a search
        self._places: dict[Scope, tuple[int | None, int]] = {}  # the entry under the cursor and its line, as left
        self.day = f"{clock.now().astimezone():%F}"
        # What was read today: entries, minutes, bookmarks.
        self.today: list[int] = saved.get("today", [0, 0, 0]) if saved.get("day") == self.day else [0, 0, 0]
        self.ids = array("q")
        self.following: int | None = None  # the unread entry after the one that is shown
        self._opened: frozenset[int] = frozenset()
        self._is_syncing = False
        self._feeds: dict[int, int] = {}  # of the entries at the top, in which floods are folded
        self.heading, self.list = Heading(), EntryList(store.read.rows)

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self.list

    @property
    def query_text(self) -> str:
        return self.scope.filter or (self.scope.key if self.scope.kind is ScopeKind.SEARCH else "")

    def load(self, scope: Scope, *, at: int | None = None, offset: int = 0) -> None:
        """Show a scope, as it was left: its first screen now, the rest of its entries as soon as that is painted."""
        if self.list.count and not self.query_text:
            self._places[replace(self.scope, title="")] = self.list.entry_id, self.cursor_line
        if at is None:
            at, offset = self._places.get(replace(scope, title=""), (None, 0))
        self.scope, self._opened, self.heading.news = scope, frozenset(), ""
        most = self.list.size.height // 3 + 2 if self.query_text else WINDOW
        try:
            first = self._store.read.first(scope, most, self.order, self.hides_read)
        except QueryError as error:
            first, self.list.empty, self.list.empty_here = [], (_("This search cannot be understood."), str(error)), ""
        else:
            if not first:
                self._tell_why_empty()
        self.ids, self._feeds = array("q", (row.id for row in first)), {row.id: row.feed_id for row in first}
        self.list.forget(self.query_text)
        if not self.scope.filter:  # the snippets of a filter come later, with the rows in sight
            self.list.take(first)
        self.set_out(at, offset)
        if len(first) == most:
            self.call_after_refresh(self._load_rest, scope, at, offset)

    @work(exclusive=True, group="ids")
    async def _load_rest(self, scope: Scope, at: int | None, offset: int) -> None:
        order, unread_only = self.order, self.hides_read
        if self.query_text:
            await asyncio.sleep(0.15)  # one may still be typing; the next letter ends this

        def look(read: Reader) -> tuple[array[int], dict[int, int]]:
            return (ids := read.ids(scope, order, unread_only)), read.feeds_of(ids[:DEEP])

        ids, feeds = await asyncio.to_thread(self._store.ask, look)
        if scope == self.scope:
            self._feeds = feeds
            waiting = at is not None and self.list.order.index_of(at) < 0
            self.ids = ids
            self.set_out(*((at, offset) if waiting else (self.list.entry_id, self.cursor_line)))

    @property
    def cursor_line(self) -> int:
        return self.list.top_of(self.list.cursor) - self.list.scroll_offset.y

    def set_out(self, at: int | None = None, offset: int = 0) -> None:
        """Put days and folds into the list, with the cursor on the entry `at`, `offset` lines down the pane."""
        since = f" · {when.ago(datetime.fromisoformat(self.seen_at), clock.now())}" if self.seen_at else ""
        order = arrange(
            self.ids, self.list.row_of, clock.now(), here=_("you were here") + since, opened=self._opened,
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
        """The same scope in another order, density, or with what is read hidden; the cursor keeps its entry."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.load(self.scope, at=self.list.entry_id, offset=self.cursor_line)

    def unfold(self, ids: tuple[int, ...], *, at: int | None = None) -> bool:
        """Open a flood, with the cursor on its first entry or on `at`; False where there is none."""
        if ids:
            self._opened |= frozenset(ids)
            self.set_out(at or ids[0], self.cursor_line)
        return bool(ids)

    def go_to(self, entry_id: int) -> bool:
        """Put the cursor on an entry, out of its fold if need be; False where the list has not got it."""
        index = self.list.order.index_of(entry_id)
        if index >= 0 and (fold := self.list.order.break_at(index)) is not None:
            self.unfold(fold.ids, at=entry_id)
        elif index >= 0:
            self.list.move_to(index)
        return index >= 0

    def head(self) -> None:
        names = {ScopeKind.LATEST: _("Latest"), ScopeKind.UNREAD: _("Unread"), ScopeKind.BOOKMARKS: _("Bookmarks")}
        scope, n = self.scope, len(self.ids)
        pack = summary_of_pack(self._store.read.rows(self.ids)) if scope.kind is ScopeKind.PACK else ""
        title = pack or names.get(scope.kind) or scope.title or scope.key
        self.heading.text, detail = f"{title}  ⌕ {scope.filter}" if scope.filter else title, ""
        if self.query_text:
            detail = ngettext("{n} found", "{n} found", n).format(n=n)
        elif scope.kind is not ScopeKind.PACK:
            count = self._store.read.count(scope)
            new, time = ngettext("{n} new", "{n} new", count.unread).format(n=count.unread), when.minutes(count.minutes)
            detail = _("{new}, about {time}").format(new=new, time=time) if count.unread else ""
        self.heading.detail = detail

    def expect(self, news: bool) -> None:
        """Whether a sync runs, which an empty list tells."""
        self._is_syncing = news
        if not self.ids:
            self.load(self.scope)

    def look_for_news(self) -> None:
        """Say how many entries have come that the list does not show yet; an empty list takes them at once."""
        self.head()
        if not self.ids:
            self.load(self.scope)
            self.post_message(Asked("screen.rest"))
        elif self.scope.kind in FLOWING:
            newest, read = max(self.ids[:WINDOW]), self._store.read
            fresh = sum(row.id > newest for row in read.first(self.scope, 50, self.order, self.hides_read))
            self.heading.news = _("{n} new ↑").format(n="50+" if fresh == 50 else fresh) if fresh else ""

    def _key(self, command: str) -> str:
        """The key of a command as it is shown; without one its name, by which the list of all commands finds it."""
        return commands.shown(self._keys.get(command, ""), 1) or f"“{_(commands.BY_ID[command].title)}”"

    def _tell_why_empty(self) -> None:
        """Why nothing is shown, and what to do about it, by keys that work wherever one is; where the list is the pane
        that one is in, by its own keys too.
        """
        self.list.empty, self.list.empty_here = self._why_empty()

    def _why_empty(self) -> tuple[tuple[str, ...], str]:
        read, scope = self._store.read, self.scope
        more = _("The feeds are being asked.") if self._is_syncing else _("{key} asks the feeds for more.")
        more = more.format(key=self._key("sync-all"))
        if self.hides_read and scope.kind is not ScopeKind.UNREAD and read.first(scope, 1):
            why = (_("Nothing unread was found."),) if self.query_text else (self.tally(), more)
            return (*why, _("{key} shows what is read.").format(key=self._key("hide-read"))), ""
        if self.query_text:
            return (
                _("Nothing found."),
                _("Fewer letters find more; {key} goes back.").format(key=self._key("close")),
            ), ""
        if scope.kind is ScopeKind.BOOKMARKS:
            told = _("{key}, in any other list, keeps an entry here for ever.").format(key=self._key("bookmark"))
            return (_("No bookmarks yet."), told), ""
        feeds = read.feeds()
        if not feeds:
            told = _("{key} adds a feed or a site.").format(key=self._key("add"))
            return (_("Nothing here yet."), told), _("{key} shows starter packs.").format(key=self._key("open"))
        if any(feed.entries for feed in self._of_scope(feeds)):
            return (self.tally(), more), ""
        return self._why_none_came(self._of_scope(feeds))

    def _of_scope(self, feeds: list[Feed]) -> list[Feed]:
        """Those of the feeds whose entries may stand in the list."""
        kind, key = self.scope.kind, self.scope.key
        if kind is ScopeKind.FEED:
            return [feed for feed in feeds if str(feed.id) == key]
        if kind is ScopeKind.FOLDER:
            return [feed for feed in feeds if feed.folder == key or feed.folder.startswith(f"{key}/")]
        return feeds

    def _why_none_came(self, feeds: list[Feed]) -> tuple[tuple[str, ...], str]:
        """Why no entry has ever come from these feeds."""
        if self._is_syncing:
            return (_("The first entries are on their way."),), ""
        if len(feeds) == 1 and feeds[0].error:
            return (_("Nothing has come yet."), feeds[0].error), ""
        if feeds and all(feed.error for feed in feeds):
            told = _("{key} leads to the feeds, where {about} says what is wrong with one.")
            told = told.format(key=self._key("back"), about=self._key("about"))
            again = _("Is the network there? {key} asks again.").format(key=self._key("sync-all"))
            return (_("No feed has answered yet."), again), told
        return (_("Nothing has come yet."), _("{key} asks the feeds.").format(key=self._key("sync-all"))), ""

    def tally(self, at: int | None = None, *, back: bool = False) -> str:
        """What is left here or elsewhere; where nothing is, what was read today.

        It is told where nothing unread follows the entry `at`, or with `back` goes before it.
        """
        left = self._store.read.ids(self.scope, unread_only=True, limit=2)
        if at is not None and list(left) == [at]:
            return _("This is the last unread one here.")
        if left:
            return (
                _("Nothing before this is unread.") if back else _("Nothing after this is unread; something before is.")
            )
        is_all = self.scope.kind in {ScopeKind.LATEST, ScopeKind.UNREAD} and not self.scope.filter
        if elsewhere := 0 if is_all else self._store.read.count(Scope()).unread:
            return ngettext(
                "All read here; {n} is unread elsewhere.", "All read here; {n} are unread elsewhere.", elsewhere
            ).format(n=elsewhere)
        read, minutes, kept = self.today
        parts = [when.articles(read), when.minutes(minutes)] if read else []
        parts += [ngettext("{n} bookmarked", "{n} bookmarked", kept).format(n=kept)] if kept else []
        return _("All read: {what}.").format(what=", ".join(parts)) if parts else _("All read.")

    def count_today(self, act: Act) -> None:
        """Count what the reader has read and bookmarked, or taken back; a long act by its first part."""
        way = (-1 if act.undone else 1) * (-1 if act.kind.startswith("un") else 1) * (act.author == "reader")
        if act.kind in {"read", "unread"} and (rows := self._store.read.rows(act.entries[:200])):
            minutes = sum(row.minutes for row in rows) * act.count // len(rows)
            self.today[:2] = max(0, self.today[0] + way * act.count), max(0, self.today[1] + way * minutes)
        elif act.kind in {"bookmark", "unbookmark"}:
            self.today[2] = max(0, self.today[2] + way * act.count)

    def end_card(self, entry_id: int, key: str) -> str:
        """What stands below an article: what `key` goes on to, or what was read today."""
        read, order = self._store.read, self.order
        following = read.next_unread(self.scope, entry_id, order=order)
        if following is None and self.scope.kind is not ScopeKind.FEED:  # the key begins anew from the top
            following = read.next_unread(self.scope, None, order=order)
        self.following = None if following == entry_id else following
        row = None if self.following is None else read.row(self.following)
        if row is None:
            return self.tally(entry_id)
        return _("{key} goes on: {title} ({feed})").format(key=key, title=row.title, feed=row.feed_title)

    def state(self) -> dict[str, Any]:
        newest = self._store.read.first(Scope(), 50)
        return {
            "kind": self.scope.kind.value, "key": self.scope.key, "title": self.scope.title, "order": self.order,
            "hides_read": self.hides_read, "density": self.density, "entry": self.list.entry_id,
            "offset": self.cursor_line, "seen": max([self.seen, *(row.id for row in newest)]),
            "seen_at": clock.now().isoformat(), "day": self.day, "today": self.today,
        }  # fmt: skip
