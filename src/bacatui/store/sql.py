"""Connections, transactions, the statements of `statements.sql`, conversion of values."""

import fcntl
import json
import os
import re
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, partial
from itertools import islice
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, TypeVar, get_type_hints

from bacatui.i18n import _
from bacatui.model import Cut, Enclosure
from bacatui.model.entry_view import shown_title
from bacatui.store.types import StoreDamaged, StoreError, StoreFull, StoreLocked, StoreReadOnly

T = TypeVar("T")

HERE = Path(__file__).parent
APPLICATION_ID: Final = 0x62616361  # "baca", in the header since the first schema
SCHEMA: Final = 1
BUSY: Final = 60.0  # seconds to wait for a lock that another program holds
PATIENCE: Final = 10.0  # seconds to wait in line for the lock: see `_begin`
LONGEST: Final = 64 << 20  # bytes of one value in a library that is not trusted
TRY: Final = 0.001  # seconds between two tries
_DENIED: Final = {
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_DELETE,
    sqlite3.SQLITE_DROP_TABLE,
}
_OWNED: Final = {"mark", "tag", "journal", "saved_search", "mute_rule"}
LISTS: Final = ("hide", "unlist", "list")  # statements that update derived lists, in order
_TUNING: Final = (
    "journal_mode=WAL",
    "journal_size_limit=33554432",  # bytes
    "temp_store=MEMORY",
    "cache_size=-16000",  # KiB
    "busy_timeout=0",
)
Values = dict[str, Any]


@cache
def _statements() -> dict[str, str]:
    text = (HERE / "statements.sql").read_text("utf-8")
    return dict(re.findall(r"^-- name: (\S+)\n((?:.+\n)+)", text, re.MULTILINE))


def statement(name: str) -> str:
    """The statement called `name` in statements.sql. Raises KeyError."""
    return _statements()[name]


def seconds(moment: datetime | None) -> int | None:
    """A time as the store keeps it: whole seconds since 1970 in UTC."""
    return None if moment is None else int(moment.timestamp())


def moment(stored: int | str | None) -> datetime | None:
    """A stored time as an aware datetime; None where it is unknown or outside of the calendar.

    `stored` is seconds since 1970, or ISO 8601 text with the publisher's offset.
    """
    try:
        if isinstance(stored, str):
            return datetime.fromisoformat(stored)
        return None if stored is None else datetime.fromtimestamp(stored, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def ranges(ids: Iterable[int]) -> str:
    """Numbers as text, with neighbours joined to ranges: `1-5,9`."""
    parts: list[list[int]] = []
    for n in sorted(ids):
        if parts and n <= parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def bounds(text: str) -> Iterator[tuple[int, int]]:
    """The first and the last number of each range in a text that `ranges` made."""
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield int(first), int(last or first)


def numbers(text: str) -> Iterator[int]:
    """The numbers in a text that `ranges` made."""
    for first, last in bounds(text):
        yield from range(first, last + 1)


def settings_of(stored: str) -> dict[str, str]:
    """A feed's settings from stored JSON; empty where that is not a JSON object."""
    with suppress(ValueError):
        if isinstance(found := json.loads(stored), dict):
            return {str(key): str(value) for key, value in found.items()}
    return {}


def settings_text(settings: Mapping[str, str]) -> str:
    """A feed's settings as JSON for the store, without empty ones."""
    kept = {name: str(value) for name, value in settings.items() if value != ""}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


# Field type of a dataclass -> conversion of the stored value of its column.
_CONVERSIONS: Final[dict[object, Callable[[Any], Any]]] = {
    bool: bool,
    datetime: lambda stored: moment(stored) or datetime.fromtimestamp(0, UTC),
    datetime | None: moment,
    dict[str, str]: settings_of,
    tuple[int, ...]: lambda stored: tuple(dict.fromkeys(islice(numbers(stored or ""), 4000))),
    tuple[str, ...]: lambda stored: tuple(json.loads(stored)),
    tuple[Enclosure, ...]: lambda stored: tuple(Enclosure(**each) for each in json.loads(stored)),
    tuple[Cut, ...]: lambda stored: tuple(Cut(*each) for each in json.loads(stored)),
}


@cache
def _fields(cls: Any) -> list[tuple[str, Callable[[Any], Any] | None]]:
    hints = get_type_hints(cls)
    kinds = [(field.name, hints[field.name]) for field in fields(cls)]
    is_choice = {kind: isinstance(kind, type) and issubclass(kind, StrEnum) for _, kind in kinds}
    return [(name, kind if is_choice[kind] else _CONVERSIONS.get(kind)) for name, kind in kinds]


def _row_converter(cls: Callable[..., T], rows: sqlite3.Cursor) -> Callable[[sqlite3.Row], T]:
    """A function from a row of this query to a dataclass; fields without a column keep defaults."""
    position = {column[0]: n for n, column in enumerate(rows.description)}
    plan = [(name, position[name], convert) for name, convert in _fields(cls) if name in position]
    return lambda row: cls(
        **{name: convert(row[n]) if convert else row[n] for name, n, convert in plan}
    )


def gather(cls: Callable[..., T], rows: sqlite3.Cursor) -> list[T]:
    """Rows as values of a dataclass, whose fields are named after the columns."""
    return list(map(_row_converter(cls, rows), rows))


def gather_by(key: str, cls: Callable[..., T], rows: sqlite3.Cursor) -> dict[int, T]:
    """As `gather`, as a dict by the number in the column `key`."""
    convert = _row_converter(cls, rows)
    return {row[key]: convert(row) for row in rows}


def only(cls: Callable[..., T], rows: sqlite3.Cursor) -> T | None:
    """The first row as a value of a dataclass, or None where there is no row."""
    return next(iter(gather(cls, rows)), None)


def explained(error: sqlite3.Error, path: Path | None = None) -> StoreError:
    """An error of SQLite as a StoreError with a sentence for the user.

    Damage is noted in a file beside `path`, so that the next start checks the library.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreLocked(
            _("Another program keeps the library busy. Nothing was changed; try again in a moment.")
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreFull(_("The disk is full. Nothing was half written; make room and try again."))
    if code == sqlite3.SQLITE_READONLY:
        return StoreReadOnly(
            _("The library cannot be written to. What you read is safe; changes are not kept.")
        )
    if code not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return StoreError(_("The library could not be used: {error}.").format(error=error))
    if path is not None:
        with suppress(OSError):
            suspicion(path).touch(mode=0o600)
    return StoreDamaged(
        _("The library's file is damaged. It is repaired from what can be read at the next start.")
    )


def suspicion(path: Path) -> Path:
    """The file whose existence says that damage was seen in the store at `path`."""
    return path.with_name(path.name + "-suspect")


def is_writable(path: Path) -> bool:
    """Whether the user may write to the file and create files beside it, as SQLite must."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def connect(path: Path, role: str) -> sqlite3.Connection:
    """A connection for one of three roles. Raises sqlite3.Error.

    `read` only reads, `own` writes what the user does, and `sync` is denied writes to what the user
    owns (marks, tags, journal, saved searches and mute rules).
    """
    address = path.absolute().as_uri()
    if role == "read":
        try:
            db = _connected(address + ("?mode=rw" if is_writable(path) else "?mode=ro"))
            db.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:
            if is_writable(path):
                raise
            # in a folder that is read-only SQLite cannot create the index of its log
            db = _connected(address + "?mode=ro&immutable=1")
        db.execute("PRAGMA query_only = ON")
        db.execute("PRAGMA cache_size = -8000")
        return db
    db = _connected(address + "?mode=rw")
    for setting in (
        *_TUNING,
        "synchronous=FULL" if role == "own" else "synchronous=NORMAL",
    ):
        db.execute(" ".join(("PRAGMA", setting)))
    db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    if role == "sync":
        db.set_authorizer(_authorize)
    return db


def connect_untrusted(path: Path) -> sqlite3.Connection:
    """A connection to a library that anyone may have made. It can only read columns of tables.

    Logs and journals beside the file are ignored. Raises sqlite3.Error.
    """
    db = sqlite3.connect(
        path.absolute().as_uri() + "?mode=ro&immutable=1", isolation_level=None, uri=True
    )
    db.text_factory = partial(str, encoding="utf-8", errors="replace")
    for setting in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
        db.execute(" ".join(("PRAGMA", setting)))
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    if configure := getattr(db, "setconfig", None):  # since Python 3.12
        for name, on in (("DEFENSIVE", True), ("ENABLE_TRIGGER", False), ("ENABLE_VIEW", False)):
            configure(getattr(sqlite3, "SQLITE_DBCONFIG_" + name), on)
    db.set_authorizer(_authorize_untrusted)
    return db


def _authorize_untrusted(action: int, name: str | None, *_where: str | None) -> int:
    """Allow reading columns and two checks; deny all else, function calls among them."""
    is_check = action == sqlite3.SQLITE_PRAGMA and name in {"quick_check", "table_xinfo"}
    is_read = action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
    return sqlite3.SQLITE_OK if is_check or is_read else sqlite3.SQLITE_DENY


def _connected(address: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        address, timeout=PATIENCE, isolation_level=None, check_same_thread=False, uri=True
    )
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.create_function("shown_title", 3, _shown_title, deterministic=True)
    return db


def _shown_title(of_feed: str, of_page: str | None, text: str) -> str:
    return shown_title(of_feed, of_page or "", text)


def _authorize(action: int, table: str | None, *_where: str | None) -> int:
    return sqlite3.SQLITE_DENY if action in _DENIED and table in _OWNED else sqlite3.SQLITE_OK


@contextmanager
def immediate(db: sqlite3.Connection) -> Iterator[None]:
    """A transaction that takes the write lock at its beginning, and rolls back on an exception.

    Raises sqlite3.OperationalError where the lock was not free for `BUSY` seconds.
    """
    _begin(db)
    try:
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _begin(db: sqlite3.Connection) -> None:
    """Take the write lock, in the order in which programs ask for it.

    SQLite's lock has no queue: a sync that takes it again at once would win each time against a
    program that sleeps between two tries. So a program first takes a lock on the store's folder,
    and only the one that holds that tries for SQLite's.
    """
    began = monotonic()
    sql = "SELECT file FROM pragma_database_list WHERE name = 'main'"
    folder = os.open(Path(db.execute(sql).fetchone()[0]).parent, os.O_RDONLY)
    try:
        while not _try_lock(folder) and monotonic() - began < PATIENCE:
            sleep(TRY)
        while not db.in_transaction:
            try:
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if monotonic() - began > BUSY or not isinstance(explained(error), StoreLocked):
                    raise
                sleep(TRY)
    finally:
        os.close(folder)


def is_awaited(path: Path) -> bool:
    """Whether another program waits for the write lock of the store at `path`: see `_begin`."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        return not _try_lock(folder)
    finally:
        os.close(folder)


def _try_lock(folder: int) -> bool:
    """Lock a folder by its descriptor; False where another program holds the lock."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return not isinstance(error, BlockingIOError)  # the file system may have no locks
    return True


def choose(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Put `ids` into the temporary table `chosen`, which many statements are about."""
    db.execute("DELETE FROM chosen")
    db.execute(
        "INSERT OR IGNORE INTO chosen SELECT value FROM json_each(?)", (json.dumps(list(ids)),)
    )


def choose_ranges(db: sqlite3.Connection, text: str) -> None:
    """As `choose`, for the numbers in a text that `ranges` made.

    SQLite counts the numbers out itself, since they can be those of a whole library. Where they are
    chosen already, nothing is written.
    """
    wanted = list(bounds(text))
    if len(wanted) < 100:  # looking up a few ranges is faster than writing a million numbers
        count = sum(last - first + 1 for first, last in wanted)
        found = db.execute(statement("found_chosen"), (json.dumps(wanted),)).fetchone()[0]
        in_all = db.execute("SELECT count(*) FROM chosen").fetchone()[0]
        if found == in_all == count:
            return
    db.execute("DELETE FROM chosen")
    db.execute(statement("count_out"), (json.dumps(wanted),))


def chosen(db: sqlite3.Connection) -> list[int]:
    """The entry numbers in the temporary table `chosen`."""
    return [row[0] for row in db.execute("SELECT id FROM chosen")]


def update_lists(
    db: sqlite3.Connection, feeds: Iterable[int] = (), steps: Container[str] = LISTS
) -> None:
    """Update `entry.hidden` and `unread` for the chosen entries, and the tallies of their feeds.

    `feeds` are more feeds to tally; `steps` are those of `LISTS` that can have changed.
    """
    is_whole = "unlist" in steps and db.execute(statement("others_unread")).fetchone() is None
    is_all_read = is_whole and "hide" not in steps and "list" not in steps
    feeds_changed = "feeds_unread" if is_all_read else "feeds_chosen"
    touched = {row[0] for row in db.execute(statement(feeds_changed))}
    for step in LISTS:
        if step == "unlist" and is_whole:
            db.execute(statement("unlist_all"))  # faster than deleting row by row
        elif step in steps:
            db.execute(statement(step))
    for feed in {*feeds, *touched}:
        db.execute(statement("tally"), (feed,))
