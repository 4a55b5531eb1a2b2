"""One call of a command: its words, the store it works on, and the functions that print."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bacatui.config import Settings
from bacatui.i18n import _
from bacatui.model import Scope, ScopeKind
from bacatui.paths import Home
from bacatui.text import sanitize

if TYPE_CHECKING:
    from bacatui.store import Store
    from bacatui.sync import Session

T = TypeVar("T")
OpenApp = Callable[[Home, Settings, tuple[str, ...], Callable[[], bool] | None], int]
_NO_START = "、。，．・：；！？）］｝」』】〉》…ー々"  # no line begins with these


class Refusal(Exception):  # noqa: N818 - wrong use is no error of the program
    """A command cannot go on.

    `str()` is one sentence for the user, `code` the exit code (docs/cli.md).
    """

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """What a command is called with: folders, settings, parsed arguments, and how to open the app."""

    home: Home
    settings: Settings
    args: argparse.Namespace
    open_app: OpenApp | None = None

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The open store, closed at the end. Its notice is printed after all other output."""
        from bacatui.store import StoreReadOnly, open_store

        with open_store(self.home.store) as store:
            notice = store.notice
            try:
                yield store
            except StoreReadOnly:  # whose own sentence says it
                notice = ""
                raise
            finally:
                if notice:
                    tell(notice)

    def online(self, task: Callable[[Session, Store], Coroutine[Any, Any, T]]) -> T:
        """The result of `task`, which is given a session and its store."""
        import asyncio

        from bacatui.sync import Session

        async def run(store: Store) -> T:
            async with Session(store, self.home, self.settings) as session:
                return await task(session, store)

        with self.store() as store:
            return asyncio.run(run(store))

    def target(self, name: str) -> Path:
        """Where a file is to be written. Refuses the library itself, and a place that is not there."""
        path = Path(name).expanduser().absolute()
        if not name:
            raise Refusal(_("the name of the file is missing."))
        if os.path.realpath(path) == os.path.realpath(self.home.store):
            raise Refusal(_("{file} is the library itself; choose another file.").format(file=path))
        if not path.parent.parent.is_dir():
            raise Refusal(_("there is no folder {folder}.").format(folder=path.parent))
        return path


def entry_id(store: Store, text: str) -> int:
    """The entry number in `text`. Refuses what is no number of an entry."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if not number or store.read.row(number) is None:
        raise no_entry(text)
    return number


def no_entry(text: str) -> Refusal:
    """The refusal of an entry number that the library does not have."""
    return Refusal(_("there is no entry {id}; bacatui list shows the numbers.").format(id=text))


def scope_of(words: Sequence[str]) -> Scope:
    """The entries that a QUERY means; Latest where there is none."""
    query = " ".join(words).strip()
    return Scope(ScopeKind.SEARCH, query) if query else Scope()


def prepare() -> None:
    """Make both streams able to print any character; a stream that was closed swallows what it
    gets.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we do
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(text: str = "", end: str = "\n") -> None:
    """Print one or more lines of a command's result on stdout."""
    sys.stdout.write(sanitize.code(text, len(text)) + end)


def tell(text: str) -> None:
    """Print one message for the user on stderr, without any password that was typed."""
    sys.stdout.flush()
    sys.stderr.write(f"bacatui: {sanitize.without_password(sanitize.clean(text))}\n")
    sys.stderr.flush()


def show(text: str) -> None:
    """On a terminal, show progress on a line that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{sanitize.clean(text)}\x1b[K")
        sys.stderr.flush()


def emit(document: dict[str, Any] | str, items: Iterable[dict[str, Any]] = ()) -> None:
    """Print one JSON document.

    Where `document` is a name, print `items` as a list under it, one by one, so that memory does
    not grow with the list.
    """
    is_narrow = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") != "utf8"
    if not isinstance(document, str):
        say(json.dumps(document, ensure_ascii=is_narrow, indent=2))
        return
    say(f'{{"{document}": [', end="")
    between, written = "\n  ", json.JSONEncoder(ensure_ascii=is_narrow).encode
    for item in items:
        say(between + written(item), end="")
        between = ",\n  "
    say("]}" if between == "\n  " else "\n]}")


def _cells(char: str) -> int:
    return (
        0
        if unicodedata.category(char) in {"Mn", "Me"}
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
    )


def wrapped(text: str, width: int) -> str:
    """`text` with each of its lines broken at `width` cells, between words or wide characters; list
    items keep their indent.
    """
    rows = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip(" •")))
        row, used, cut, is_wide = "", 0, 0, False
        for char in line:
            size = _cells(char)
            if char == " " or (size and (is_wide or size == 2) and char not in _NO_START):
                cut = len(row)
            is_wide = size == 2
            if used + size > width and row.strip():
                end = cut or len(row)
                rows.append(row[:end].rstrip())
                row, cut = indent + (row[end:] + char).lstrip(), 0
                used = sum(map(_cells, row))
            else:
                row, used = row + char, used + size
        rows.append(row)
    return "\n".join(rows)
