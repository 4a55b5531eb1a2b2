"""The main screen: feeds, list and article, side by side or one at a time.

The commands of `bacatui.tui.commands` work on it.
"""

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

SETTLES_AFTER = 3.0  # seconds on the screen after which an article counts as being read
RESTS_AFTER = 0.15  # seconds without a key until the article follows the cursor
COUNTS_AFTER = 0.25  # seconds between a change and the next reading of feeds and counts
# Groups of commands that show that the user is active in the list.
TOUCHING = {"Moving", "Reading on", "Marking", "Finding", "Links and files", "The article"}
PANES = ("feeds", "list", "article")


class MainScreen(Screen[None]):
    """State of the screen, and the mechanisms that commands use."""

    if TYPE_CHECKING:
        app: Desk
    AUTO_FOCUS = ""
    # Textual declares the type.
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (100, "-two"), (150, "-three")]  # noqa: RUF012

    def __init__(self, pane: str, width: int) -> None:
        # All classes from the start: adding one later makes Textual compute every style again.
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
        # The entries last marked as read from the feeds pane, and their scope.
        self.marked: tuple[Scope, Sequence[int]] = (Scope(), ())
        self.list_width: int | None = app.state.get("list_width")  # cells; None: not set by user
        self._fitted: int | None = None  # the width in cells that the list has now
        self._rest: TimerHandle | None = None
        self._moved_at = self.said_at = self._shown_at = 0.0
        # Entry and place in its article that are not stored yet.
        self._place: tuple[int, float] | None = None
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
        """Do what can wait until the first paint."""
        gc.freeze()
        # A full collection over all lines of a long article would delay a key.
        gc.set_threshold(700, 10, 1_000)
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
        """Notice changes by another program (the CLI, a second bacatui) and the time of day."""
        self.middle.look_at_clock()
        if (version := self.read.version()) != self.version:
            self.version = version
            self.changed()

    async def on_key(self, event: events.Key) -> None:
        """Look a key up in our own table.

        Textual would collect its bindings anew for each key: 10 ms for eighty.
        """
        is_letter = (
            event.is_printable and event.character not in {None, " "} and "+" not in event.key
        )
        key = event.character if is_letter and event.character else event.key
        name = self.app.by_key.get(key)
        if isinstance(dialog := self.app.screen, Dialog):  # just opened: the key is meant for it
            dialog.call_later(dialog.take, event)
        elif self.reader.hints and key.isalpha() and is_letter:
            self.reader.type_hint(key)
        elif self.typing and event.is_printable and event.character:
            # Typed before the line had the focus.
            self.line.insert_text_at_cursor(event.character)
        elif self.typing and key == "enter":
            self.do("entered")
        elif name and (not self.typing or name in {"close", "down", "up", "page-down", "page-up"}):
            if self.do(name):
                await asyncio.sleep(0)  # the task reads the cursor before the next key moves it
        else:
            return
        event.stop().prevent_default()

    def do(self, name: str, *given: Any) -> bool:
        """Carry out a command or an internal action.

        Its writes are awaited in a worker, so that keys work meanwhile. Returns whether it runs in
        such a worker, which starts only when the event loop comes to it.
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
        """Focus a pane; in a narrow terminal this also shows it."""
        for each in PANES:
            self.set_class(each == pane, f"at-{each}")
        self.set_class(self.has_class("zen") and pane == "article", "zen")
        self.status.pane = pane
        self.fit_list()
        # At once: deferred, it could override the focus that the next key sets.
        self.set_focus(self.here, scroll_visible=False)
        if pane == "article":
            self.follow()

    @property
    def has_neighbour(self) -> bool:
        """Whether the article is beside the list, which otherwise has the full width."""
        return self.size.width >= (150 if self.pane == "feeds" else 100)

    def fit_list(self) -> None:
        """Give the list the width that the user chose, if the article is beside it."""
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
        """Show a scope in the list, and its first article; Latest if the scope is gone.

        `at` is the entry for the cursor, `offset` its line in the pane.
        """
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
        """Load the same list again, with changed settings such as `order`; the cursor stays."""
        self.middle.again(**changes)
        self.rest()

    def rest(self) -> None:
        """Show the article once the cursor has rested; each call restarts the wait."""
        self._moved_at = monotonic()
        if self._rest is None:
            self._rest = after(RESTS_AFTER, self, self._rested)

    def _rested(self) -> None:
        left = RESTS_AFTER - (monotonic() - self._moved_at)
        self._rest = after(left, self, self._rested) if left > 0.01 else None
        if self._rest is None and not self.follow():
            after(2 * RESTS_AFTER, self, self._prepare)

    def follow(self) -> bool:
        """Show the entry under the cursor; False if it is shown already, or must not be shown."""
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
        """The highlighted entry: under the cursor of the list, or shown in the article pane."""
        return {"list": self.list.entry_id, "article": self.shown}.get(self.pane)

    @property
    def row(self) -> Row | None:
        """The row of the highlighted entry; None if there is none, or it is gone from the store."""
        return next(iter(self.list.rows_of([self.entry_id] if self.entry_id else ())), None)

    def show_entry(self, entry_id: int, *, swap: bool = False) -> bool:
        """Show an entry in the article pane; False if it is gone.

        `swap` replaces only the text and keeps the lines on the screen where they are.
        """
        self.keep_place()
        content = self._content_of(entry_id, feed_text=self.feed_text)
        if content is not None:
            if entry_id != self.shown:
                self._shown_at = monotonic()
            if swap:
                self.reader.swap(content)
            else:
                self.reader.show(content)
            self.tell_what_follows()
            after(2 * RESTS_AFTER, self, self._prepare)
        return content is not None

    def tell_what_follows(self) -> None:
        """Put below the article what the read-on key leads to, or what was read today."""
        if self.shown is not None:
            self.reader.set_end_card(
                self.middle.end_card(self.shown, commands.shown(self.app.keys["read-on"], 1))
            )

    def swap(self, ids: Iterable[int]) -> None:
        """Replace the text of the article shown, if it is one of these entries."""
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
        """Note that the user scrolled the article: it is being read, and its place is stored."""
        if self._place is None and not self.app.store.readonly:
            after(0.5, self, self.keep_place)  # once, not for each line scrolled
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
        """Draw rows whose marks or texts have changed (None: all), and count again."""
        self.list.renew(ids)
        self.refresh_feeds()
        if ids is None and self.shown is not None:
            self.reader.renew(self._content_of(self.shown, feed_text=self.feed_text))

    def refresh_feeds(self) -> None:
        """Read feeds and counts again soon: a few times a second, during a sync once a second."""
        if self._stale is not None:
            return
        if self.status.sync and self.list.count:
            pause = 1.0
        elif self.feeds.places:
            pause = COUNTS_AFTER
        else:
            pause = 0.01
        self._stale = after(pause, self, self._refresh_feeds)

    @property
    def _is_reading(self) -> bool:
        """Whether the article has been on the screen for long enough to count as being read."""
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
