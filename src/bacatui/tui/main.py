"""The main screen: feeds, list and article side by side, or one at a time. What the commands of `acts` work on."""

from __future__ import annotations

import asyncio
import gc
import inspect
from asyncio import TimerHandle
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from bacatui import commands
from bacatui.model import Row, Scope
from bacatui.tui.desk import Desk
from bacatui.tui.dialog import Dialog, TypedLine
from bacatui.tui.later import after
from bacatui.tui.reading import content_of
from bacatui.tui.widgets.line_widget import RunCommand
from bacatui.tui.widgets.lines import FeedsPane, LineList
from bacatui.tui.widgets.page_view import stored
from bacatui.tui.widgets.pane import ListPane
from bacatui.tui.widgets.reader import ArticlePane
from bacatui.tui.widgets.status import StatusLine

SETTLES_AFTER = 3.0  # seconds after which an article in sight may be what the user is reading
RESTS_AFTER = 0.15  # seconds without a key until the article follows the cursor
COUNTS_AFTER = (
    0.25  # seconds in which what has changed is gathered, until feeds and counts are read again
)
TOUCHING = {"Moving", "Reading on", "Marking", "Finding", "Links and files", "The article"}
PANES = ("feeds", "list", "article")


class MainScreen(Screen[None]):
    """State and mechanisms; each command is a function in `acts`."""

    if TYPE_CHECKING:
        app: Desk
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (100, "-two"), (150, "-three")]  # noqa: RUF012 - Textual names its type

    def __init__(self, pane: str, width: int) -> None:
        # All classes from the start: each one that comes later would have every style worked out again.
        shape = [name for least, name in self.HORIZONTAL_BREAKPOINTS if width >= least][-1]
        self._pane = pane if pane in PANES else "list"
        super().__init__(classes=f"at-{self._pane} {shape}")

    def compose(self) -> ComposeResult:
        """Feeds, list and article, the line to type in, and the status line."""
        app = self.app
        self.read, self.write, self.done = app.store.read, app.store.write, app.done
        self.middle = ListPane(app.store, app.state, app.settings.density, app.keys)
        self.list = self.middle.list
        self.feeds, self.reader, self.status = (
            FeedsPane(app.store),
            ArticlePane(id="article"),
            StatusLine(self._pane),
        )
        self.reader.measure = app.settings.measure
        self._content_of = partial(content_of, self.read, cuts_key=app.cuts_key)
        self.reader.find_picture = (
            partial(stored, self.read, app.home.pictures) if app.settings.pictures else None
        )
        self.feeds.folded = set(app.state.get("folded", ()))
        self.line = TypedLine(id="line")
        self.typing = ""  # what the line at the foot is for: search, filter, find
        self.feed_text = False  # the article pane shows the feed's own text
        self.version = self.read.version()
        self.marked: tuple[Scope, Sequence[int]] = (
            Scope(),
            (),
        )  # last marked read from the feeds pane
        self.list_width: int | None = app.state.get("list_width")  # cells, where the user set it
        self._fitted: int | None = None  # which of it the list has now
        self._rest: TimerHandle | None = None
        self._moved_at = self.said_at = self._shown_at = 0.0
        self._place: tuple[int, float] | None = None  # of the article, not kept yet
        self._stale: TimerHandle | None = None
        yield Horizontal(self.feeds, self.middle, self.reader, id="panes")
        yield self.line
        yield self.status

    def on_mount(self) -> None:
        """Restore pane, list and place of the last visit."""
        saved = self.app.state
        self.status.begin(self.app.keys, saved)
        self.go_to(self._pane)
        self.load(self.middle.scope, at=saved.get("entry"), offset=saved.get("offset", 0))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """What can wait until the first paint."""
        gc.freeze()
        gc.set_threshold(
            700, 10, 1_000
        )  # a look through all lines of a long article takes longer than a key may wait
        gc.enable()
        settings = self.app.settings
        if self.app.on_plug:
            self.status.plug = commands.shown(self.app.keys["unplug"], 1)
            self.status.tell_network(True)
        self.refresh_feeds()
        self.set_interval(5, self._look_outside)
        if not self.read.feeds():
            self.do("packs")
        elif settings.sync_on_start:
            self.app.sync(due=True)
        self.say(self.app.notice)
        if settings.sync_interval:
            self.set_interval(settings.sync_interval * 60, partial(self.app.sync, due=True))

    def _look_outside(self) -> None:
        """Another program may have written: the CLI, or a second bacatui. And time goes on."""
        self.middle.look_at_clock()
        if (version := self.read.version()) != self.version:
            self.version = version
            self.changed()

    async def on_key(self, event: events.Key) -> None:
        """A key by the table. Textual's own bindings would be laid out anew for each key: 10 ms for eighty."""
        is_letter = (
            event.is_printable and event.character not in {None, " "} and "+" not in event.key
        )
        key = event.character if is_letter and event.character else event.key
        name = self.app.by_key.get(key)
        if isinstance(dialog := self.app.screen, Dialog):  # just opened, and this is meant for it
            dialog.call_later(dialog.take, event)
        elif self.reader.hints and key.isalpha() and is_letter:
            self.reader.type_hint(key)
        elif (
            self.typing and event.is_printable and event.character
        ):  # typed before the line had the focus
            self.line.insert_text_at_cursor(event.character)
        elif self.typing and key == "enter":
            self.do("entered")
        elif name and (not self.typing or name in {"close", "down", "up", "page-down", "page-up"}):
            if self.do(name):
                await asyncio.sleep(0)  # it takes what is highlighted before the next key moves on
        else:
            return
        event.stop().prevent_default()

    def do(self, name: str, *given: Any) -> bool:
        """Carry out a command, or an act that is none; what it writes is waited for beside the keys.

        Returns whether it is begun only once other tasks have their turn.
        """
        if (command := commands.BY_ID.get(name)) is not None:
            self.list.is_touched |= command.group in TOUCHING
            if self.pane in command.panes:
                self.status.learn(name)
            self.say("")
        with self.app.telling():
            result = self.app.perform(name, *given)
            if inspect.isawaitable(result):
                self.run_worker(self._finish(result), group="acts")
                return True
        return False

    async def _finish(self, result: Awaitable[None]) -> None:
        with self.app.telling():
            await result

    async def ask(self, title: str, value: str = "", hint: str | Content = "") -> str | None:
        """Ask for a line of text in a dialog; None if the user cancelled."""
        return cast(
            str | None, await self.app.push_screen_wait(Dialog(title, value=value, hint=hint))
        )

    async def choose(
        self, title: str, options: Sequence[tuple[str, str | None]], **more: Any
    ) -> list[int] | None:
        """Let the user choose in a dialog; the numbers of the options, None if cancelled."""
        return cast(
            list[int] | None, await self.app.push_screen_wait(Dialog(title, options, **more))
        )

    def say(self, text: str) -> None:
        """Show a notice in the status line; empty text removes it."""
        self.status.notice, self.said_at = text, monotonic()

    @property
    def pane(self) -> str:
        """The pane that has the focus: one of `PANES`."""
        return self.status.pane

    def go_to(self, pane: str) -> None:
        """Focus a pane, which in a narrow terminal is also to show it."""
        for each in PANES:
            self.set_class(each == pane, f"at-{each}")
        self.set_class(self.has_class("zen") and pane == "article", "zen")
        self.status.pane = pane
        self.fit_list()
        self.set_focus(self.here, scroll_visible=False)  # at once, or it would meet the next key's
        if pane == "article":
            self.follow()

    @property
    def has_neighbour(self) -> bool:
        """Whether the article stands beside the list, which else takes what width there is."""
        return self.size.width >= (150 if self.pane == "feeds" else 100)

    def fit_list(self) -> None:
        """Give the list the width that the user chose, where the article stands beside it."""
        width = None
        if self.list_width and self.has_neighbour:
            width = min(self.list_width, self.size.width - 40)
        if width != self._fitted:
            self._fitted = self.middle.styles.width = width

    def on_resize(self) -> None:
        """Fit the list to the new width of the terminal."""
        self.fit_list()

    @property
    def here(self) -> LineList | ArticlePane:
        """The widget of the pane that has the focus."""
        return {"feeds": self.feeds, "list": self.list}.get(self.pane, self.reader)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Follow a change of focus that came from a click."""
        name = event.widget.id
        if event.widget is self.focused and name in PANES and name != self.pane:
            self.go_to(name)

    @property
    def is_narrow(self) -> bool:
        """Whether only one pane is on the screen."""
        return self.has_class("-one") or self.has_class("zen")

    def load(self, scope: Scope, *, at: int | None = None, offset: int = 0) -> None:
        """Show a scope in the list, and its first article; Latest where the scope is gone."""
        self.middle.load(scope, at=at, offset=offset)
        if self.middle.is_gone:
            self.middle.load(Scope())
        self.status.has_entries = self.list.count > 0
        self.feeds.scope = replace(self.middle.scope, filter="")
        self.feeds.go(self.feeds.scope)
        self.feeds.refresh()
        if not self.list.count:
            self.keep_place()
            self.reader.clear()
        self.rest()

    def again(self, **changes: str | bool) -> None:
        """The same list anew, in another order or with what has changed; the cursor keeps its entry."""
        self.middle.again(**changes)
        self.rest()

    def rest(self) -> None:
        """The article follows once the cursor rests; each key starts the wait anew."""
        self._moved_at = monotonic()
        if self._rest is None:
            self._rest = after(RESTS_AFTER, self, self._rested)

    def _rested(self) -> None:
        left = RESTS_AFTER - (monotonic() - self._moved_at)
        self._rest = after(left, self, self._rested) if left > 0.01 else None
        if self._rest is None and not self.follow():
            after(2 * RESTS_AFTER, self, self._prepare)

    def follow(self) -> bool:
        """Show the entry under the cursor; False where it stands there already."""
        entry_id = self.list.entry_id
        if (
            entry_id is None
            or entry_id == self.shown
            or (self.is_narrow and self.pane != "article")
        ):
            return False
        self.feed_text = False
        return self.show_entry(entry_id)

    @property
    def shown(self) -> int | None:
        """The id of the entry in the article pane."""
        return self.reader.content.entry_id if self.reader.content else None

    @property
    def entry_id(self) -> int | None:
        """The highlighted entry: in the list the one under the cursor, in the article what is shown."""
        return {"list": self.list.entry_id, "article": self.shown}.get(self.pane)

    @property
    def row(self) -> Row | None:
        """The row of the highlighted entry; None where there is none, or it is gone from the store."""
        return next(iter(self.list.rows_of([self.entry_id] if self.entry_id else ())), None)

    def show_entry(self, entry_id: int, *, swap: bool = False) -> bool:
        """Put an entry into the article pane; with `swap` its text only, the lines in sight staying put."""
        self.keep_place()
        content = self._content_of(entry_id, feed_text=self.feed_text)
        if content is not None:
            if entry_id != self.shown:
                self._shown_at = monotonic()
            (self.reader.swap if swap else self.reader.show)(content)
            self.tell_what_follows()
            after(2 * RESTS_AFTER, self, self._prepare)
        return content is not None

    def tell_what_follows(self) -> None:
        """At the article's end: where the one key goes on to, or what was read today."""
        if self.shown is not None:
            self.reader.set_end_card(
                self.middle.end_card(self.shown, commands.shown(self.app.keys["read-on"], 1))
            )

    def swap(self, ids: Iterable[int]) -> None:
        """Show the article again where it is one of these."""
        if self.shown is not None and self.shown in ids:
            self.show_entry(self.shown, swap=True)

    def _prepare(self) -> None:
        coming = self.middle.following
        if coming and self._rest is None and (content := self._content_of(coming)):
            self.reader.prepare(content)

    def on_run_command(self, event: RunCommand) -> None:
        """Carry out what a widget asks for."""
        self.do(event.act, *event.given)

    def scrolled(self, entry_id: int, place: float) -> None:
        """The reader scrolled the article: it is being read, and its place is kept before long."""
        if self._place is None and not self.app.store.readonly:
            after(0.5, self, self.keep_place)  # not for each line of a scroll
        self._place = entry_id, place
        row = self.row if self.pane == "article" else None
        if row is not None and row.id == entry_id and not row.is_read:
            self.do("opened")

    def keep_place(self) -> None:
        """Store the place in the article, if it has changed."""
        if self._place is not None:
            self.write.set_place(*self._place)
        self._place = None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search or filter while the user types."""
        self.do("typed", event.value)

    def on_input_submitted(self) -> None:
        """Finish the search or filter that is typed."""
        self.do("entered")

    def on_paste(self, event: events.Paste) -> None:
        """Handle pasted text, such as the address of a feed."""
        self.do("pasted", event.text)

    def changed(self, ids: Iterable[int] | None = None) -> None:
        """Marks or texts have changed: draw these rows again (None: all), and count anew."""
        self.list.renew(ids)
        self.refresh_feeds()
        if ids is None and self.shown is not None:
            self.reader.renew(self._content_of(self.shown, feed_text=self.feed_text))

    def refresh_feeds(self) -> None:
        """Read feeds and counts again, a few times a second; while a sync brings ever more, once."""
        if self._stale is None:
            pause = (
                1
                if self.status.sync and self.list.count
                else COUNTS_AFTER
                if self.feeds.places
                else 0.01
            )
            self._stale = after(pause, self, self._refresh_feeds)

    @property
    def _is_reading(self) -> bool:
        """Whether the article has been in sight for so long that it may be read."""
        is_seen = self.pane == "article" or self.has_neighbour
        return is_seen and self.shown is not None and monotonic() - self._shown_at > SETTLES_AFTER

    def _refresh_feeds(self) -> None:
        self._stale, self.status.has_entries = None, self.list.count > 0
        self.feeds.renew()
        if self.middle.is_gone:
            self.load(self.middle.scope)
        self.middle.look_for_news(is_reading=self._is_reading)
        self.tell_what_follows()

    def state(self) -> dict[str, Any]:
        """What the screen remembers between visits, as JSON values."""
        own = {
            "folded": sorted(self.feeds.folded),
            "list_width": self.list_width,
            "pane": self.pane,
        }
        return self.middle.state() | self.status.state() | own
