"""Restoring: a library anew from what a file of anyone's holds, and then in the place of the present one.

The file is never opened as ours. A fresh library is made of our own schema, and the rows come over one by one through
the gate; nothing else of the file gets in: no trigger, view or table of its own, and no index, count or list.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bacatui.clock import now
from bacatui.i18n import _
from bacatui.store import backups, gate, retention, shape, sql
from bacatui.store.opening import looked_at, open_store
from bacatui.store.types import Privilege, Restored, StoreDamaged, StoreError, StoreForeign

Db = sqlite3.Connection
_OURS: Final = {  # what goes wrong where we write, and not in their file
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY,
}  # fmt: skip
_NUMBERED: Final = (
    "feed",
    "entry",
    "journal",
    "saved_search",
    "mute_rule",
)  # tables that use no number twice


def restore(
    path: Path, source: Path, is_granted: Callable[[Sequence[Privilege]], bool] = lambda _found: False,
    tell: Callable[[str], None] = lambda _what: None,
) -> Restored:  # fmt: skip
    """Put the store at `path` back as `source` has it, all of it or nothing; what was there is kept beside.

    `is_granted` is asked, before anything is done, whether its feeds keep what it lets them do; a command with
    characters that one cannot see is not kept in any case. `tell` is told what is being done, since that can take
    a minute. Raises StoreError: StoreForeign for what is no library, StoreDamaged for a broken one.
    """
    if not source.is_file():
        raise StoreError(_("There is no file {path}.").format(path=source))
    version, problem = looked_at(source)
    if problem or not version:
        raise StoreDamaged(
            _("The copy {path} is damaged; nothing was changed.").format(path=source)
        )
    kept = path.with_name(f"{path.name}.before-restore-{now():%Y%m%d-%H%M%S}")
    with open_store(path) as store, backups.beside(path) as aside:
        with _stranger(source, path.parent) as old:
            tell(_("Looking through {file} …").format(file=source.name))
            _check(old, source, version)
            found = gate.privileges(old)
            granted = (
                [each for each in found if each.is_plain] if found and is_granted(found) else []
            )
            _match(aside, path)
            rows = gate.Gate({(each.feed, each.setting, each.value) for each in granted})
            refused = _take_over(old, aside, rows, tell)
            foreign = shape.foreign(shape.shape_of(old))
        tell(_("Keeping what is there now …"))
        store.write.backup(kept).result()
        _put_in_place(aside, path)
    return Restored(
        kept.name, tuple(each for each in found if each not in granted), tuple(foreign), refused
    )


def _put_in_place(aside: Path, path: Path) -> None:
    """The library at `aside` into the one at `path`, in one transaction: whoever has that open sees it, as a rename
    would not be. Raises StoreError.
    """
    try:
        with (
            closing(sql.connect(aside, "read")) as new,
            closing(sql.connect(path, "own")) as present,
        ):
            new.backup(present)
            present.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise sql.explained(error, path) from error


@contextmanager
def _stranger(source: Path, folder: Path) -> Iterator[Db]:
    """The file to read from; a copy of it with its log, where it was copied from a library in use."""
    log = source.with_name(source.name + "-wal")
    try:
        if log.is_file() and log.stat().st_size:
            with backups.beside(folder / "restoring") as copy:
                shutil.copyfile(source, copy)
                shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
                with closing(sqlite3.connect(copy)) as db:
                    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                with closing(sql.connect_stranger(copy)) as db:
                    yield db
        else:
            with closing(sql.connect_stranger(source)) as db:
                yield db
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF) in _OURS:
            raise sql.explained(error) from error
        raise StoreDamaged(
            _("The copy {path} is damaged; nothing was changed.").format(path=source)
        ) from error


def _check(old: Db, source: Path, version: int) -> None:
    """Whether the tables are tables, with the columns of ours, and whole. Raises StoreForeign, StoreDamaged."""
    plain = {
        row[0]
        for row in old.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
        )
    }
    for table, fits in gate.FITS.items():
        is_ours = table in plain and fits.keys() <= {*backups.columns(old, table)}
        if not is_ours and version == sql.SCHEMA:
            raise StoreForeign(
                _("{path} is not a library of bacatui; it was left as it is.").format(path=source)
            )
        if old.execute(" ".join(("PRAGMA quick_check (", table, ")"))).fetchone()[0] != "ok":
            raise StoreDamaged(
                _("The copy {path} is damaged; nothing was changed.").format(path=source)
            )


def _match(aside: Path, path: Path) -> None:
    """Give the empty file at `aside` the page size of the library, whose place it could not take otherwise."""
    with closing(sql.connect(path, "read")) as present, closing(sqlite3.connect(aside)) as db:
        db.execute(
            " ".join(("PRAGMA page_size =", str(present.execute("PRAGMA page_size").fetchone()[0])))
        )
        db.execute(" ".join(("PRAGMA application_id =", str(sql.APPLICATION_ID))))


def _take_over(old: Db, aside: Path, rows: gate.Gate, tell: Callable[[str], None]) -> int:
    """Make a library at `aside` of the rows that may come in; the number of those that were left out."""
    backups.migrate(aside)
    with closing(sql.connect(aside, "own")) as db:
        for setting in ("journal_mode = OFF", "synchronous = OFF"):  # thrown away where it fails
            db.execute(" ".join(("PRAGMA", setting)))
        tell(_("Taking over what is in it …"))
        with sql.immediate(db):
            for table in gate.FITS:
                backups.take(db, table, old, "NOT INDEXED", rows)
            orphans = retention.drop_orphans(db)
            _continue_numbers(db, old)
            tell(_("Making the index for the search …"))
            retention.rebuild(db)
    return rows.refused + orphans


def _continue_numbers(db: Db, old: Db) -> None:
    """No number of theirs is given again, as far as there are numbers left."""
    theirs = dict(old.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    db.execute("DELETE FROM sqlite_sequence")
    for table in _NUMBERED:
        used = db.execute(" ".join(("SELECT coalesce(max(id), 0) FROM", table))).fetchone()[0]
        last = theirs.get(table)
        last = last if isinstance(last, int) and last <= gate.MOST_ID else 0
        if last := max(used, last):
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
