"""The desk under the screens: the store, the settings, the theme, the keys, and how what goes wrong is told."""

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
SLOW = 0.2  # seconds until a write is told of that goes on
_log = logging.getLogger(__name__)


class CommandError(Exception):
    """A command cannot do what was asked; `str(error)` is one sentence for the reader."""


class Desk(App[int]):
    """What screens and commands work with, whichever they are; `BacaApp` puts them on it."""

    TITLE = "bacatui"
    CSS_PATH: ClassVar[Any] = [paths.STYLES / "reader.tcss", paths.STYLES / "app.tcss"]
    PAUSE_GC_ON_SCROLL = True
    ENABLE_COMMAND_PALETTE = False  # ours is the table of commands

    def __init__(
        self, store: Store, home: Home, settings: Settings, *, notices: tuple[str, ...] = (),
        on_plug: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        self.state: dict[str, Any] = kept.sound(store.read.meta("screen", "{}"))
        super().__init__()
        self.store, self.home, self.settings, self.on_plug = store, home, settings, on_plug
        files, problems = themes.load(paths.STYLES / "themes", home.config / "themes")
        for file in files:
            theme = Theme(file.name, dark=file.dark, variables=file.variables, **file.colors)  # type: ignore[arg-type]
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
        self.set_reactive(
            App.theme, "textual-dark"
        )  # TEXTUAL_THEME may have named one before it was known
        self.theme = wanted
        self.keys, clashes = commands.keymap(settings.keys, settings.remap)
        # In the demo the cuts of each article are told of, with the key that shows them.
        self.cuts_key = commands.shown(self.keys["show-cuts"], 1) if on_plug else ""
        self.by_key = {key: name for name, keys in self.keys.items() for key in keys.split()}
        self.notices = (*filter(None, (store.notice,)), *notices, *problems, *clashes)
        self.failures: list[BaseException] = []  # what a command raised; empty in every test
        self._session: Session | None = None

    @property
    def notice(self) -> str:
        """What is told when the app has opened: the first notice, and how many more there are."""
        first, *more = self.notices or ("",)
        told = (
            _("{first} And {n} more: bacatui keys and bacatui config tell of them.")
            if more
            else "{first}"
        )
        return told.format(first=first, n=len(more))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of our own that a theme of Textual's does not know."""
        theme = self.current_theme.to_color_system().generate()
        page, ink, accent = (
            Color.parse(theme[name]) for name in ("background", "foreground", "accent")
        )
        if (
            page.ansi is not None or ink.ansi is not None
        ):  # the terminal's own colours, which cannot be mixed
            inks = {"muted": "ansi_default", "faint": "ansi_bright_black"}
            return inks | dict.fromkeys(("cursor", "cursor-blur", "chosen"), "ansi_bright_black")
        shares = {"muted": 0.72, "faint": 0.22, "cursor": 0.16, "cursor-blur": 0.08}
        mixed = {name: page.blend(ink, share).hex for name, share in shares.items()}
        return mixed | {"chosen": page.blend(accent, 0.2).hex}

    def say(self, text: str) -> None:
        """One line for the reader, at the foot."""
        raise NotImplementedError

    def perform(self, name: str, *given: Any) -> Any:
        """Do what a command says, or an act that is none; returns what may have to be awaited."""
        raise NotImplementedError

    def sync(
        self, feeds: list[int] | None = None, *, due: bool = False, retry: bool = False
    ) -> None:
        """Ask feeds in the background; after a sync that runs already, which goes on."""
        raise NotImplementedError

    async def done(self, written: Future[T]) -> T:
        """What the writer came to; where that takes its time, the screen says so, and keys work meanwhile."""
        result = asyncio.wrap_future(written)
        is_slow = not (await asyncio.wait({result}, timeout=SLOW))[0]
        if is_slow:
            self.say(_("Writing …"))
            await asyncio.wait({result})
            self.say("")
        return await result

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What cannot be carried out is a line, never the end of the app; what should not happen goes to the log."""
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
            sync = await asyncio.to_thread(
                import_module, "bacatui.sync"
            )  # which takes longer than a key may
            self._session = (
                self._session
                or await sync.Session(self.store, self.home, self.settings).__aenter__()
            )
        return self._session

    def copy_to_clipboard(self, text: str) -> None:
        """Put text on the clipboard (OSC 52), cleaned, and say so."""
        from bacatui.text import sanitize

        super().copy_to_clipboard(sanitize.clean(text, lines=True))
        self.say(_("Copied."))


def _by_terminal() -> str:
    """Light where the terminal says that its background is (COLORFGBG), else dark."""
    background = os.environ.get("COLORFGBG", "").rsplit(";", 1)[-1]
    return "lontar" if background in {"7", "15"} else "malam"
