"""Opening the store: whose file it is, how old, and whether it is whole."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Self, TypeVar

from bacatui.i18n import _
from bacatui.paths import make_private
from bacatui.store import backups, sql
from bacatui.store.reader import Reader
from bacatui.store.types import StoreDamaged, StoreError, StoreForeign, StoreNewer
from bacatui.store.writer import Writer

T = TypeVar("T")


class Store:
    """One open store. `notice` is a sentence about what had to be done to open it, else empty."""

    def __init__(self, path: Path, is_readonly: bool, notice: str = "") -> None:
        self.path, self.readonly, self.notice = path, is_readonly, notice
        self.read, self.write = self.reader(), Writer(path, is_readonly)

    def reader(self) -> Reader:
        """One more reading connection, for another thread, which closes it."""
        return Reader(sql.connect(self.path, "read"))

    def ask(self, question: Callable[[Reader], T]) -> T:
        """What `question` makes of a reading connection of its own: for another thread, where it may take its time."""
        with closing(self.reader()) as reader:
            return question(reader)

    def close(self) -> None:
        """Finish what was asked of the writer, and let go of the file."""
        self.write.close()
        self.read.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open_store(path: Path, *, readonly: bool = False) -> Store:
    """Open the store at `path`, made first where there is none.

    A damaged file is set aside and what can be read of it put together with the newest backup; `Store.notice` tells.
    Raises StoreNewer and StoreForeign, with the file left byte for byte, and other StoreErrors.
    """
    try:
        return _opened(path, readonly)
    except sqlite3.Error as error:
        raise sql.explained(error, path) from error
    except OSError as error:
        said = _("The library {path} cannot be opened: {problem}.")
        raise StoreError(said.format(path=path, problem=error.strerror or error)) from error


def _opened(path: Path, readonly: bool) -> Store:
    notice = ""
    if not path.exists():
        if readonly:
            raise StoreError(_("There is no library at {path}.").format(path=path))
        make_private(path.parent)
        backups.create(path)
    version, problem = inspect_header(path)
    if not problem and sql.suspicion(path).exists():
        problem = _checked(path)
    if problem:
        if readonly:
            raise StoreDamaged(
                _("The library's file is damaged: {problem}.").format(problem=problem)
            )
        notice = backups.recover(path)
    elif version < sql.SCHEMA and not readonly:
        backups.migrate(path)
    if not readonly and not sql.is_writable(path):
        readonly, notice = (
            True,
            _("The library cannot be written to: reading works, changes are not kept."),
        )
    store = Store(path, readonly, notice)
    if (
        int(store.read._db.execute("PRAGMA user_version").fetchone()[0]) > sql.SCHEMA
    ):  # said by the log alone
        store.close()
        raise _newer()
    return store


def inspect_header(path: Path) -> tuple[int, str]:
    """Schema version by the file's header, and what is wrong with it; SQLite has not touched it yet."""
    if not path.is_file():  # a pipe would keep us waiting
        raise StoreForeign(
            _("{path} is not a library of bacatui; it was left as it is.").format(path=path)
        )
    with path.open("rb") as file:
        header, size = file.read(100), os.fstat(file.fileno()).st_size
    if not header.strip(b"\0"):
        return 0, _("it is empty")
    if not b"SQLite format 3\0".startswith(header[:16]):
        raise StoreForeign(
            _("{path} is not a library of bacatui; it was left as it is.").format(path=path)
        )
    if len(header) < 100:
        return 0, _("it is cut off")
    page, pages, version, owner = (
        int.from_bytes(header[n:m]) for n, m in ((16, 18), (28, 32), (60, 64), (68, 72))
    )
    if owner != sql.APPLICATION_ID:
        raise StoreForeign(
            _("{path} belongs to another program; it was left as it is.").format(path=path)
        )
    if version > sql.SCHEMA:
        raise _newer()
    log = path.with_name(path.name + "-wal")
    is_cut_off = pages * (65536 if page == 1 else page) > size and not (
        log.exists() and log.stat().st_size
    )
    return version, _("it is cut off") if is_cut_off else ""


def _newer() -> StoreNewer:
    return StoreNewer(
        _("A newer bacatui wrote this library; it was left as it is. Update bacatui to open it.")
    )


def _checked(path: Path) -> str:
    """What a quick look through the whole file finds, where an earlier run had met damage."""
    try:
        with closing(sql.connect(path, "read")) as db:
            found = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        return found
    sql.suspicion(path).unlink(missing_ok=True)
    return ""
