"""Opening the store: whether the file is ours, of which schema, and whether it is damaged."""

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
    """An open store. `notice` tells the user of a recovery or a read-only home, else it is ""."""

    def __init__(self, path: Path, is_readonly: bool, notice: str = "") -> None:
        self.path, self.readonly, self.notice = path, is_readonly, notice
        self.read, self.write = self.reader(), Writer(path, is_readonly)

    def reader(self) -> Reader:
        """A new reading connection, for another thread, which must close it."""
        return Reader(sql.connect(self.path, "read"))

    def ask(self, question: Callable[[Reader], T]) -> T:
        """The answer of `question`, on a reading connection of its own; for other threads."""
        with closing(self.reader()) as reader:
            return question(reader)

    def close(self) -> None:
        """Finish all writing, and close the file."""
        self.write.close()
        self.read.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open_store(path: Path, *, readonly: bool = False) -> Store:
    """Open the store at `path`, and create it where there is none.

    A damaged file is renamed, and a new one is built from what can be read of it and the newest
    backup; `Store.notice` says so. With `readonly`, nothing is created or repaired.

    Raises StoreNewer and StoreForeign, which leave the file as it is, and other StoreErrors.
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
        readonly = True
        notice = _("The library cannot be written to: reading works, changes are not kept.")
    store = Store(path, readonly, notice)
    # The version in the write-ahead log can be newer than that in the file's header.
    if int(store.read._db.execute("PRAGMA user_version").fetchone()[0]) > sql.SCHEMA:
        store.close()
        raise _newer()
    return store


def inspect_header(path: Path) -> tuple[int, str]:
    """The schema version in the file's header, and what is wrong with the file, or "".

    It is read without SQLite, which could change the file (format: sqlite.org/fileformat2.html).
    Raises StoreForeign, StoreNewer.
    """
    if not path.is_file():  # reading a pipe could block
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
    """The result of a quick check, after an earlier run saw damage; "" where the file is whole."""
    try:
        with closing(sql.connect(path, "read")) as db:
            found = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        return found
    sql.suspicion(path).unlink(missing_ok=True)
    return ""
