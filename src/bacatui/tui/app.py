"""The app: main screen, sync in the background, and quitting."""

from __future__ import annotations

import asyncio
import json
import signal
from concurrent.futures import Future
from contextlib import suppress
from importlib import import_module
from typing import Any

from textual.screen import Screen

from bacatui.i18n import _
from bacatui.store import StoreError
from bacatui.tui.desk import Desk
from bacatui.tui.main import MainScreen


class BacaApp(Desk):
    """The terminal app over one store."""

    _syncing: asyncio.Task[None] | None = None
    # Feeds to sync after the running sync; empty: only missing articles.
    _then: tuple[int, ...] | None = None
    _stops = 0  # times that ctrl+c was pressed

    def on_mount(self) -> None:
        """Quit properly on SIGTERM and SIGHUP; save the state of the screen every 30 seconds."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            with suppress(ValueError, RuntimeError):  # not in the main thread
                asyncio.get_running_loop().add_signal_handler(
                    number, self.call_later, self.action_quit
                )
        self.set_interval(30, self.remember)

    def get_default_screen(self) -> Screen[Any]:
        """The main screen on the pane of the last visit; the demo opens on the article."""
        pane, width = self.state.get("pane", ""), self.size.width
        if self.on_plug and width < MainScreen.HORIZONTAL_BREAKPOINTS[1][0]:
            pane = pane or "article"
        return MainScreen(pane, width)

    @property
    def main(self) -> MainScreen:
        """The main screen, whichever dialog stands over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, MainScreen))

    def say(self, text: str) -> None:
        """Show a notice in the status line of the main screen."""
        self.main.say(text)

    def perform(self, name: str, *given: Any) -> Any:
        """Carry out a command or an internal action on the main screen."""
        from bacatui.tui.commands import perform

        return perform(self.main, name, *given)

    def sync(
        self, feeds: list[int] | None = None, *, due: bool = False, retry: bool = False
    ) -> None:
        """Start a sync, or queue these feeds after the one that is running."""
        is_running = self._syncing is not None and not self._syncing.done()
        if not (is_running or self.store.readonly):
            self._syncing = asyncio.create_task(self._sync(feeds, due, retry))
        elif is_running and (feeds or (feeds is not None and due)):
            self._then = (*(self._then or ()), *feeds)
        elif not due:
            self.say(_("A sync is running; ctrl+x stops it.") if is_running else self.store.notice)

    async def _sync(self, feeds: list[int] | None, due: bool, retry: bool) -> None:
        from bacatui.tui.commands.syncing import Progress

        with self.telling():
            process = (await asyncio.to_thread(import_module, "bacatui.sync")).SyncProcess(
                self.home, self.settings
            )
            main, text = self.main, ""
            progress = Progress(main, process)
            main.middle.expect(news=feeds != [], feeds=feeds)
            try:
                async for event in process.sync(feeds, due=due, retry=retry):
                    text = progress.take(event)
                if not (text or due or feeds == []):
                    text = _(
                        "Nothing was asked: a feed that failed is left in peace for a while; "
                        "i says how long."
                    )
            except asyncio.CancelledError:
                text = _("The sync was stopped; what came is kept.")
                self._then = None
            finally:
                progress.end(text)
                main.middle.expect(news=False)
        then, self._then = self._then, None
        if then is not None:
            await self._sync(list(then), not then, False)

    def cancel_sync(self) -> None:
        """Stop the running sync; what has been written is kept."""
        if self._syncing is None or self._syncing.done():
            self.say(_("No sync is running."))
        else:
            self._syncing.cancel()

    def remember(self) -> Future[None] | None:
        """Save the state of the screen; None if the store is read-only."""
        self.state = self.main.state() | {
            "theme": self.theme if self.theme != self.settings.theme else ""
        }
        return (
            None
            if self.store.readonly
            else self.store.write.set_meta("screen", json.dumps(self.state))
        )

    async def action_quit(self) -> None:
        """Save place and state, end a running sync within 2 seconds, and leave."""
        self.main.keep_place()
        if (kept := self.remember()) is not None:
            with suppress(StoreError):
                await self.done(kept)
        if self._syncing is not None:
            self._syncing.cancel()
            await asyncio.wait([self._syncing], timeout=2)
        if self._session is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._session.__aexit__(None, None, None), 2)
        self.exit(0)

    @property
    def fault(self) -> Exception | None:
        """The unexpected exception that ended the app."""
        return self._exception

    def _fatal_error(self) -> None:
        """End without Textual's traceback, which shows variables, even a typed password."""
        self._close_messages_no_wait()

    async def action_help_quit(self) -> None:  # type: ignore[override]  # has to be a coroutine
        """Quit on the second ctrl+c within 3 seconds; the first says so."""
        self._stops += 1
        if self._stops > 1:
            await self.action_quit()
        self.say(_("Press ctrl+c again to quit."))
        self.set_timer(3, lambda: setattr(self, "_stops", 0))
