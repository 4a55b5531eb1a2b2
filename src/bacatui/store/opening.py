"""Opening the store: whose file it is, how old, whether it is whole, and with which locks and checks."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from bacatui.i18n import _
from bacatui.paths import make_private
from bacatui.store import copies, keeping
from bacatui.store.reader import Reader
from bacatui.store.sql import explained, suspect, suspicion
from bacatui.store.types import Finding, StoreDamaged, StoreError, StoreForeign, StoreNewer
from bacatui.store.writer import Writer

APPLICATION_ID: Final = 0x62616361  # "baca", in the header since the first schema
SCHEMA: Final = 1
BUSY: Final = 10.0  # seconds that one attempt waits for another program's lock
_MAGIC: Final = b"SQLite format 3\0"
_DENIED: Final = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_DROP_TABLE}
_GOODS: Final = {"mark", "tag", "journal", "saved_search", "mute_rule"}


class Store:
    """One open store. `notice` is a sentence about what had to be done to open it, else empty."""

    def __init__(self, path: Path, is_readonly: bool, notice: str = "") -> None:
        self.path, self.readonly, self.notice = path, is_readonly, notice
        self.read = self.reader()
        self.write = Writer(path, connect, is_readonly)

    def reader(self) -> Reader:
        """One more reading connection, for another thread, which closes it."""
        return Reader(connect(self.path, "read"))

    def close(self) -> None:
        """Finish what was asked of the writer, and let go of the file."""
        self.write.close()
        self.read.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(path: Path, *, readonly: bool = False) -> Store:
    """Open the store at `path`, made first where there is none.

    A damaged file is set aside and what can be read of it put together with the newest backup; `Store.notice` tells.
    Raises StoreNewer and StoreForeign, with the file left byte for byte, and other StoreErrors.
    """
    try:
        notice = "" if path.exists() else _made(path, readonly)
        version, problem = _looked_at(path)
        if not problem and suspicion(path).exists():
            problem = _checked(path)
        if problem:
            if readonly:
                raise StoreDamaged(_("The library's file is damaged: {problem}.").format(problem=problem))
            notice = copies.recover(path, connect, create)
            suspicion(path).unlink(missing_ok=True)
        elif version < SCHEMA and not readonly:
            copies.migrate(path, connect)
        is_readonly = readonly or not _is_writable(path)
        if is_readonly and not readonly:
            notice = _("The library cannot be written to: reading works, changes are not kept.")
        store = Store(path, is_readonly, notice)
        if int(store.read._db.execute("PRAGMA user_version").fetchone()[0]) > SCHEMA:
            store.close()
            raise _newer()
        return store
    except sqlite3.Error as error:
        told = explained(error)
        suspect(path, told)
        raise told from error
    except OSError as error:
        said = _("The library {path} cannot be opened: {problem}.")
        raise StoreError(said.format(path=path, problem=error.strerror or error)) from error


def _made(path: Path, readonly: bool) -> str:
    if readonly:
        raise StoreError(_("There is no library at {path}.").format(path=path))
    make_private(path.parent)
    create(path)
    return ""


def create(path: Path) -> None:
    """A new, empty store, complete before it stands at `path`; one that another process made meanwhile stays."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        copies.migrate(aside, connect)
        with suppress(FileExistsError):
            try:
                os.link(aside, path)
            except OSError as error:
                if isinstance(error, FileExistsError) or path.exists():
                    raise
                aside.rename(path)  # a file system without links
    finally:
        for end in ("", "-wal", "-shm"):
            aside.with_name(aside.name + end).unlink(missing_ok=True)


def _looked_at(path: Path) -> tuple[int, str]:
    """Schema version by the file's header, and what is wrong with it; SQLite has not touched it yet."""
    with path.open("rb") as file:
        header = file.read(100)
        size = os.fstat(file.fileno()).st_size
    if not header.strip(b"\0"):
        return 0, _("it is empty")
    if not header.startswith(_MAGIC[: len(header)]):
        raise StoreForeign(_("{path} is not a library of bacatui; it was left as it is.").format(path=path))
    if len(header) < 100:
        return 0, _("it is cut off")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreForeign(_("{path} belongs to another program; it was left as it is.").format(path=path))
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA:
        raise _newer()
    page = int.from_bytes(header[16:18], "big")
    log = path.with_name(path.name + "-wal")
    if (page if page > 1 else 65536) * int.from_bytes(header[28:32], "big") > size and not (
        log.exists() and log.stat().st_size
    ):
        return version, _("it is cut off")
    return version, ""


def _newer() -> StoreNewer:
    return StoreNewer(_("A newer bacatui wrote this library; it was left as it is. Update bacatui to open it."))


def _checked(path: Path) -> str:
    """What a quick look through the whole file finds, where an earlier run had met damage."""
    try:
        db = connect(path, "read")
        found = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
        db.close()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found == "ok":
        suspicion(path).unlink(missing_ok=True)
    return "" if found == "ok" else found


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def connect(path: Path, role: str) -> sqlite3.Connection:
    """A connection for `role`: read, own (the reader's acts) or sync (denied writes to what the reader owns)."""
    address = path.absolute().as_uri()
    if role == "read":
        return _reading(path, address)
    db = _connected(address + "?mode=rw")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL" if role == "own" else "PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA journal_size_limit = 33554432")
    db.execute("PRAGMA secure_delete = OFF")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    if role == "sync":
        db.set_authorizer(_authorize)
    return db


def _reading(path: Path, address: str) -> sqlite3.Connection:
    mode = "?mode=rw" if _is_writable(path) else "?mode=ro"
    try:
        db = _connected(address + mode)
        db.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        if mode == "?mode=rw":
            raise
        db = _connected(address + "?mode=ro&immutable=1")  # a folder where the log's index cannot be made
    db.execute("PRAGMA query_only = ON")
    db.execute("PRAGMA cache_size = -8000")
    return db


def _connected(address: str) -> sqlite3.Connection:
    db = sqlite3.connect(address, timeout=BUSY, isolation_level=None, check_same_thread=False, uri=True)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    return db


def _authorize(action: int, first: str | None, second: str | None, database: str | None, source: str | None) -> int:
    return sqlite3.SQLITE_DENY if action in _DENIED and first in _GOODS else sqlite3.SQLITE_OK


def keep_private(path: Path) -> bool:
    """True where nobody else may read the store and its folder; makes it so where it can."""
    for place, mode in ((path, 0o600), (path.parent, 0o700)):
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            with suppress(OSError):
                place.chmod(mode)
    return not any(stat.S_IMODE(place.stat().st_mode) & 0o077 for place in (path, path.parent))


def doctor(store: Store) -> list[Finding]:
    """What is right with the store's file and what is not, each with what to do."""
    return keeping.doctor(store.path, connect, keep_private(store.path))
