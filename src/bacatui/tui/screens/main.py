"""The main screen: feeds, list and article side by side, or one at a time. What the commands of `acts` work on."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Awaitable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from bacatui import commands
from bacatui.model import Scope, ScopeKind
from bacatui.tui.reading import content_of, find_picture
from bacatui.tui.screens.dialogs import Dialog, TypedLine
from bacatui.tui.widgets.feeds import FeedsPane
from bacatui.tui.widgets.lines import LineList
from bacatui.tui.widgets.pane import ListPane
from bacatui.tui.widgets.reader import ArticleReader
from bacatui.tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from bacatui.tui.app import BacaApp

RESTS_AFTER = 0.15  # seconds without a key until the article follows the cursor
PANES = ("feeds", "list", "article")


class CommandError(Exception):
    """A command cannot do what was asked; `str(error)` is one sentence for the reader."""


class MainScreen(Screen[None]):
    """State and mechanisms; each command is a function in `acts`."""

    if TYPE_CHECKING:
        app: BacaApp
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (100, "-two"), (150, "-three")]  # noqa: RUF012 - Textual names its type

    def __init__(self, pane: str, width: int) -> None:
        # All classes from the start: each one that comes later would have every style worked out again.
        shape = [name for least, name in self.HORIZONTAL_BREAKPOINTS if width >= least][-1]
        super().__init__(classes=f"at-{pane} {shape}")
        self._pane = pane

    def compose(self) -> ComposeResult:
        app = self.app
        self.middle = ListPane(app.store, app.state, app.settings.density)
        self.list = self.middle.list
        self.feeds, self.reader, self.status = FeedsPane(), ArticleReader(id="article"), StatusLine(self._pane)
        self.reader.measure = app.settings.measure
        self.reader.find_picture = find_picture(app.store, app.home) if app.settings.pictures else None
        self.feeds.folded = set(app.state.get("folded", ()))
        self.line = TypedLine(id="line")
        self.typing = ""  # what the line at the foot is for: search, filter, find
        self.progress = (0, 0)  # feeds asked, of how many
        self.feed_text = False  # the article pane shows the feed's own text
        self.read, self.write, self.done = app.store.read, app.store.write, app.done
        self.version = self.read.version()
        self._rest: Timer | None = None
        self._moved_at = 0.0
        self._place: tuple[int, float] | None = None  # of the article, not kept yet
        self._stale: Timer | None = None
        yield Horizontal(self.feeds, self.middle, self.reader, id="panes")
        yield self.line
        yield self.status

    def on_mount(self) -> None:
        saved = self.app.state
        self.status.keys, self.status.done = self.app.keys, frozenset(saved.get("done", ()))
        self.list_width: int | None = saved.get("list_width")  # cells, where the reader changed it
        if self.list_width:
            self.middle.styles.width = self.list_width
        self.go_to(self._pane)
        self.load(self.middle.scope, at=saved.get("entry"), offset=saved.get("offset", 0))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """What can wait until the first paint."""
        gc.freeze()
        gc.enable()
        store, settings = self.app.store, self.app.settings
        self.refresh_feeds()
        self.say("  ".join(self.app.notices))
        self.set_interval(30, self.app.remember)
        self.set_interval(5, self._look_outside)
        if not store.read.feeds():
            self.do("packs")
        elif settings.sync_on_start and not store.readonly:
            self.app.sync(due=True)
        if settings.sync_interval and not store.readonly:
            self.set_interval(settings.sync_interval * 60, partial(self.app.sync, due=True))

    def _look_outside(self) -> None:
        """Another program may have written: the CLI, or a second bacatui."""
        if (version := self.read.version()) != self.version:
            self.version = version
            self.changed(())

    def on_key(self, event: events.Key) -> None:
        """A key by the table. Textual's own bindings would be laid out anew for each key: 10 ms for eighty."""
        is_letter = event.is_printable and event.character not in {None, " "} and "+" not in event.key
        key = event.character if is_letter and event.character else event.key
        name = self.app.by_key.get(key)
        if self.reader.hints and key.isalpha() and is_letter:
            self.reader.type_hint(key)
        elif name and (not self.typing or name in {"close", "down", "up", "page-down", "page-up"}):
            self.do(name)
        else:
            return
        event.stop().prevent_default()

    def do(self, name: str, *given: Any) -> None:
        """Carry out a command; what it writes is waited for beside the keys, in order."""
        from bacatui.tui.acts import act

        self.say("")
        if name in commands.COACHED:
            self.status.done |= {name}
        with self.app.telling():
            result = act(name)(self, *given)
            if inspect.isawaitable(result):
                self.run_worker(self._finish(result), group="acts")

    async def _finish(self, result: Awaitable[None]) -> None:
        with self.app.telling():
            await result

    async def ask(self, title: str, value: str = "", hint: str = "") -> str | None:
        """One line of text from the reader, or None."""
        return cast(str | None, await self.app.push_screen_wait(Dialog(title, value=value, hint=hint)))

    async def choose(self, title: str, options: Sequence[tuple[str, str]], **more: Any) -> list[int] | None:
        """The numbers of what the reader chose, or None; see `Dialog`."""
        return cast(list[int] | None, await self.app.push_screen_wait(Dialog(title, options, **more)))

    def say(self, text: str) -> None:
        """One line at the foot, until the next key."""
        self.status.notice = text

    @property
    def pane(self) -> str:
        return self.status.pane

    def go_to(self, pane: str) -> None:
        """Focus a pane, which in a narrow terminal is also to show it."""
        if not self.has_class(f"at-{pane}"):
            self.remove_class(f"at-{self.pane}")
            self.add_class(f"at-{pane}")
        self.status.pane = pane
        self.here.focus(scroll_visible=False)

    @property
    def here(self) -> LineList | ArticleReader:
        """The pane that has the focus."""
        return {"feeds": self.feeds, "list": self.list}.get(self.pane, self.reader)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget.id in PANES and event.widget.id != self.pane:
            self.go_to(event.widget.id)

    @property
    def is_narrow(self) -> bool:
        """Whether the article hides the list."""
        return self.has_class("-one") or self.has_class("zen")

    def load(self, scope: Scope, *, at: int | None = None, offset: int = 0) -> None:
        """Show a scope in the list, and its first article."""
        self.middle.load(scope, at=at, offset=offset)
        self.status.is_coaching = self.list.count > 0
        self.feeds.scope = scope
        self.feeds.go(scope)
        self.feeds.refresh()
        self.rest()

    def rest(self) -> None:
        """The article follows once the cursor rests; each key starts the wait anew."""
        self._moved_at = monotonic()
        if self._rest is None:
            self._rest = self.set_timer(RESTS_AFTER, self._rested)

    def _rested(self) -> None:
        left = RESTS_AFTER - (monotonic() - self._moved_at)
        self._rest = self.set_timer(left, self._rested) if left > 0.01 else None
        if self._rest is None:
            self.follow()

    def follow(self) -> bool:
        """Show the entry under the cursor; False where it stands there already."""
        entry_id = self.list.entry_id
        if entry_id is None or entry_id == self.shown or (self.is_narrow and self.pane != "article"):
            return False
        self.feed_text = False
        return self.show_entry(entry_id)

    @property
    def shown(self) -> int | None:
        """The entry in the article pane."""
        return self.reader.content.entry_id if self.reader.content else None

    def show_entry(self, entry_id: int, *, swap: bool = False) -> bool:
        """Put an entry into the article pane; with `swap` its text only, the lines in sight staying put."""
        self.keep_place()
        content = content_of(self.app.store, entry_id, feed_text=self.feed_text)
        if content is not None:
            (self.reader.swap if swap else self.reader.show)(content)
            self.reader.set_end_card(self.middle.end_card(entry_id, commands.shown(self.app.keys["read-on"], 1)))
            self.set_timer(2 * RESTS_AFTER, self._prepare)
        return content is not None

    def _prepare(self) -> None:
        """Lay out what will be read next."""
        coming = self.middle.following
        if coming and self._rest is None and (content := content_of(self.app.store, coming)):
            self.reader.prepare(content)

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        if event.list is self.list:
            self.rest()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.do("open")

    @on(ArticleReader.PlaceChanged)
    def _scrolled(self, event: ArticleReader.PlaceChanged) -> None:
        if self._place is None and not self.app.store.readonly:
            self.set_timer(0.5, self.keep_place)  # not for each line of a scroll
        self._place = event.entry_id, event.place
        row = self.list.row
        if self.pane == "article" and row is not None and row.id == self.shown and not row.is_read:
            self.do("opened")

    def keep_place(self) -> None:
        """Keep how far the article was read."""
        if self._place is not None:
            self.write.set_place(*self._place)
        self._place = None

    @on(ArticleReader.LinkChosen)
    def _link_chosen(self, event: ArticleReader.LinkChosen) -> None:
        self.do("open-url", event.url)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.do("typed", event.value)

    def on_input_submitted(self) -> None:
        self.do("entered")

    def on_paste(self, event: events.Paste) -> None:
        self.do("pasted", event.text)

    def changed(self, ids: Any) -> None:
        """Marks have changed: draw these rows again (all, where none are named), and count anew."""
        self.list.renew(ids or None)
        self.refresh_feeds()

    def refresh_feeds(self) -> None:
        """Read feeds and counts again, a few times a second; while a sync brings ever more, once."""
        if self._stale is None:
            pause = 1 if self.app.is_syncing and self.list.count else 0.25 if self.feeds.places else 0.01
            self._stale = self.set_timer(pause, self._refresh_feeds)

    def _refresh_feeds(self) -> None:
        self._stale, self.status.is_coaching = None, self.list.count > 0
        kept = [Scope(ScopeKind.SEARCH, one.query, title=one.name) for one in self.read.saved_searches()]
        searches = [(scope, self.read.count(scope).unread) for scope in kept]
        self.feeds.show(self.read.feeds(), self.read.count(Scope(ScopeKind.BOOKMARKS)).entries, searches)
        self.middle.look_for_news()

    def state(self) -> dict[str, Any]:
        """What the next start comes back to."""
        return self.middle.state() | {
            "folded": sorted(self.feeds.folded),
            "done": sorted(self.status.done),
            "pane": self.pane,
            "list_width": self.list_width,
        }
