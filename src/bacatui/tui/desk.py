"""The base of the app: store, settings, theme, keys, and the reporting of errors."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import App
from textual.color import Color
from textual.theme import Theme

from bacatui import commands, paths, themes
from bacatui.config import Settings
from bacatui.i18n import _
from bacatui.store import QueryError, Store, StoreError
from bacatui.tui import kept

if TYPE_CHECKING:
    from bacatui.paths import Home
    from bacatui.sync import Session

T = TypeVar("T")
SLOW = 0.2  # seconds after which the screen says that a write is still running
_log = logging.getLogger(__name__)


class CommandError(Exception):
    """A command cannot do what was asked; `str(error)` is one sentence for the user."""


class Desk(App[int]):
    """What screens and commands need from the app; `BacaApp` adds the screens."""

    TITLE = "bacatui"
    CSS_PATH: ClassVar[Any] = [paths.STYLES / "reader.tcss", paths.STYLES / "app.tcss"]
    PAUSE_GC_ON_SCROLL = True
    ENABLE_COMMAND_PALETTE = False  # we have our own

    def __init__(
        self, store: Store, home: Home, settings: Settings, *, notices: tuple[str, ...] = (),
        on_plug: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        self.state: dict[str, Any] = kept.sound(store.read.meta("screen", "{}"))
        super().__init__()
        self.store, self.home, self.settings, self.on_plug = store, home, settings, on_plug
        files, problems = themes.load(paths.STYLES / "themes", home.config / "themes")
        for file in files:
            theme = Theme(
                file.name,
                dark=file.dark,
                variables=file.variables,
                **file.colors,  # type: ignore[arg-type]
            )
            self.register_theme(theme)
        wanted = (
            self.state.get("theme")
            or settings.theme
            or os.environ.get("TEXTUAL_THEME")
            or _by_terminal()
        )
        if wanted not in self.available_themes:
            problems += (_("No theme is named {name}.").format(name=wanted),)
            wanted = _by_terminal()
        # TEXTUAL_THEME may name one of our themes, which Textual did not know until now.
        self.set_reactive(App.theme, "textual-dark")
        self.theme = wanted
        self.keys, clashes = commands.keymap(settings.keys, settings.remap)
        # The demo announces the cuts of each article, with the key that shows them.
        self.cuts_key = commands.shown(self.keys["show-cuts"], 1) if on_plug else ""
        self.by_key = {key: name for name, keys in self.keys.items() for key in keys.split()}
        self.notices = (*filter(None, (store.notice,)), *notices, *problems, *clashes)
        self.failures: list[
            BaseException
        ] = []  # unexpected exceptions; tests check that it is empty
        self._session: Session | None = None

    @property
    def notice(self) -> str:
        """What the status line says at start: the first notice, and how many more there are."""
        first, *more = self.notices or ("",)
        told = (
            _("{first} And {n} more: bacatui keys and bacatui config tell of them.")
            if more
            else "{first}"
        )
        return told.format(first=first, n=len(more))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our additional colours, for themes that do not define them."""
        theme = self.current_theme.to_color_system().generate()
        page, ink, accent = (
            Color.parse(theme[name]) for name in ("background", "foreground", "accent")
        )
        if page.ansi is not None or ink.ansi is not None:
            # The terminal's own colours, which cannot be blended.
            inks = {"muted": "ansi_default", "faint": "ansi_bright_black"}
            return inks | dict.fromkeys(("cursor", "cursor-blur", "chosen"), "ansi_bright_black")
        shares = {"muted": 0.72, "faint": 0.22, "cursor": 0.16, "cursor-blur": 0.08}
        mixed = {name: page.blend(ink, share).hex for name, share in shares.items()}
        return mixed | {"chosen": page.blend(accent, 0.2).hex}

    def say(self, text: str) -> None:
        """Show a notice of one line in the status line."""
        raise NotImplementedError

    def perform(self, name: str, *given: Any) -> Any:
        """Carry out a command or an internal action; the result may be awaitable."""
        raise NotImplementedError

    def sync(
        self, feeds: list[int] | None = None, *, due: bool = False, retry: bool = False
    ) -> None:
        """Sync feeds in the background, after a sync that is already running.

        `feeds`: ids; None for all, empty for missing articles only. `due`: only feeds whose time
        has come. `retry`: also feeds that back off after a failure.
        """
        raise NotImplementedError

    async def done(self, written: Future[T]) -> T:
        """Wait for the result of a write; the screen says so if it is slow. Keys work meanwhile."""
        result = asyncio.wrap_future(written)
        is_slow = not (await asyncio.wait({result}, timeout=SLOW))[0]
        if is_slow:
            self.say(_("Writing …"))
            await asyncio.wait({result})
            self.say("")
        return await result

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Report errors in the status line instead of ending the app; log unexpected ones."""
        try:
            yield
        except (CommandError, StoreError, QueryError) as error:
            self.say(str(error))
        except OSError as error:
            self.say(
                ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
            )
        except Exception as error:
            self.failures.append(error)
            _log.exception("a command failed")
            self.say(str(error) or type(error).__name__)

    async def session(self) -> Session:
        """The session for single requests, opened on first use."""
        if self._session is None:
            # Imported in a thread: it would delay a key.
            sync = await asyncio.to_thread(import_module, "bacatui.sync")
            self._session = (
                self._session
                or await sync.Session(self.store, self.home, self.settings).__aenter__()
            )
        return self._session

    def copy_to_clipboard(self, text: str) -> None:
        """Put sanitized text on the clipboard (OSC 52), and say so."""
        from bacatui.text import sanitize

        super().copy_to_clipboard(sanitize.clean(text, lines=True))
        self.say(_("Copied."))


def _by_terminal() -> str:
    """The light theme if COLORFGBG says that the background is light, else the dark one."""
    background = os.environ.get("COLORFGBG", "").rsplit(";", 1)[-1]
    return "lontar" if background in {"7", "15"} else "malam"
