"""One call of a command: who calls, with which words, on which store."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bacatui.cli.output import Refusal, tell
from bacatui.config import Settings
from bacatui.i18n import _
from bacatui.paths import Home

if TYPE_CHECKING:
    from bacatui.model import Feed, Scope
    from bacatui.store import Reader, Store, StoreError
    from bacatui.sync import Session

T = TypeVar("T")
OpenApp = Callable[[Home, Settings, tuple[str, ...], Callable[[], bool] | None], int]


@dataclass(frozen=True, slots=True)
class Call:
    home: Home
    settings: Settings
    args: argparse.Namespace
    open_app: OpenApp | None = None

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, shut at the end. Refuses with code 1 when it is held, 3 when it cannot be used."""
        from bacatui.store import QueryError, StoreError, open_store

        try:
            with open_store(self.home.store) as store:
                if store.notice:
                    tell(store.notice)
                yield store
        except QueryError as error:
            raise Refusal(str(error)) from error
        except StoreError as error:
            raise refused(error) from error

    def online(self, task: Callable[[Session, Store], Coroutine[Any, Any, T]]) -> T:
        """What `task` makes of a session that may use the network."""
        import asyncio

        from bacatui.sync import Session

        async def run(store: Store) -> T:
            async with Session(store, self.home, self.settings) as session:
                return await task(session, store)

        with self.store() as store:
            return asyncio.run(run(store))


def refused(error: StoreError) -> Refusal:
    """What the store refuses, with its exit code: 1 where it is held by another, 3 where it cannot be used."""
    from bacatui.store import StoreLocked

    return Refusal(str(error), 1 if isinstance(error, StoreLocked) else 3)


def find_feeds(read: Reader, names: Sequence[str]) -> list[Feed]:
    """The feeds that the reader names by number, address or title. Refuses a name that fits none, or several."""
    found = []
    for name in names:
        try:
            found.append(read.find_feed(name))
        except LookupError as error:
            raise Refusal(str(error.args[0]) if error.args else name) from error
    return found


def entry_id(read: Reader, text: str) -> int:
    """The entry number in `text`. Refuses what is no number of an entry."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if not number or read.row(number) is None:
        raise no_entry(text)
    return number


def no_entry(text: str) -> Refusal:
    return Refusal(_("there is no entry {id}; bacatui list shows the numbers.").format(id=text))


def out_path(call: Call, name: str) -> Path:
    """Where a file is to be written. Refuses the library itself, and a place that is not there."""
    path = Path(name).expanduser().absolute()
    if path.resolve() == call.home.store.resolve() or not path.parent.parent.is_dir():
        raise Refusal(_("{file} cannot be written.").format(file=path))
    return path


def scope_of(words: Sequence[str]) -> Scope:
    """The entries that a QUERY means; Latest where there is none."""
    from bacatui.model import Scope, ScopeKind

    query = " ".join(words).strip()
    return Scope(ScopeKind.SEARCH, query) if query else Scope()
