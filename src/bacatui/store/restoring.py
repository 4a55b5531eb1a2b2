"""Restoring a library from a file that anyone may have made.

A fresh library is created with our own schema, and the file's rows are validated and copied into it
one by one. Nothing else is taken over: no trigger, view or table of the file's own, and nothing
derived, such as indexes and counts. Then the fresh library replaces the present one.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bacatui.clock import now
from bacatui.i18n import _
from bacatui.store import backups, retention, shape, sql, validation
from bacatui.store.opening import inspect_header, open_store
from bacatui.store.types import Privilege, Restored, StoreDamaged, StoreError, StoreForeign

Db = sqlite3.Connection
_WRITE_ERRORS: Final = {  # they are about the place where we write, not about the file that is read
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_BUSY,
}
_AUTOINCREMENT_TABLES: Final = ("feed", "entry", "journal", "saved_search", "mute_rule")


def restore(
    path: Path,
    source: Path,
    is_granted: Callable[[Sequence[Privilege]], bool] = lambda _found: False,
    tell: Callable[[str], None] = lambda _what: None,
) -> Restored:
    """Replace the library at `path` with the one at `source`, all of it or nothing.

    The present library is kept beside it. `is_granted` is asked, before anything is written,
    whether feeds keep the privileges that `source` gives them; one with invisible characters is
    dropped in any case. `tell` receives progress messages, since restoring can take a minute.

    Raises StoreForeign where `source` is not a library, StoreDamaged where it is broken, and other
    StoreErrors.
    """
    if not source.is_file():
        raise StoreError(_("There is no file {path}.").format(path=source))
    version, problem = inspect_header(source)
    if problem or not version:
        raise StoreDamaged(
            _("The copy {path} is damaged; nothing was changed.").format(path=source)
        )
    kept = path.with_name(f"{path.name}.before-restore-{now():%Y%m%d-%H%M%S}")
    with open_store(path) as store, backups.temporary_beside(path) as fresh:
        with _opened_untrusted(source, path.parent) as old:
            tell(_("Looking through {file} …").format(file=source.name))
            _check(old, source, version)
            found = validation.privileges(old)
            granted = []
            if found and is_granted(found):
                granted = [each for each in found if each.is_plain]
            _match_page_size(fresh, path)
            grants = {(each.feed, each.setting, each.value) for each in granted}
            refused = _copy_library(old, fresh, validation.RowValidator(grants), tell)
            foreign = shape.foreign(shape.shape_of(old))
        tell(_("Keeping what is there now …"))
        store.write.backup(kept).result()
        _replace(path, fresh)
    dropped = tuple(each for each in found if each not in granted)
    return Restored(kept.name, dropped, tuple(foreign), refused)


def _replace(path: Path, fresh: Path) -> None:
    """Overwrite the library at `path` with the one at `fresh`, in one transaction.

    Programs that have the library open see the new one; after a rename they would not. Raises
    StoreError.
    """
    try:
        with (
            closing(sql.connect(fresh, "read")) as new,
            closing(sql.connect(path, "own")) as present,
        ):
            new.backup(present)
            present.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise sql.explained(error, path) from error


@contextmanager
def _opened_untrusted(source: Path, folder: Path) -> Iterator[Db]:
    """A connection that only reads `source`.

    A file with a write-ahead log beside it, which was copied from a library in use, is copied to
    `folder` together with its log, and read there.
    """
    log = source.with_name(source.name + "-wal")
    try:
        if log.is_file() and log.stat().st_size:
            with backups.temporary_beside(folder / "restoring") as copy:
                shutil.copyfile(source, copy)
                shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
                with closing(sqlite3.connect(copy)) as db:
                    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                with closing(sql.connect_untrusted(copy)) as db:
                    yield db
        else:
            with closing(sql.connect_untrusted(source)) as db:
                yield db
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF) in _WRITE_ERRORS:
            raise sql.explained(error) from error
        raise StoreDamaged(
            _("The copy {path} is damaged; nothing was changed.").format(path=source)
        ) from error


def _check(old: Db, source: Path, version: int) -> None:
    """Check that our tables are there, with our columns, and readable.

    Raises StoreForeign, StoreDamaged.
    """
    rows = old.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
    tables = {row[0] for row in rows}  # without virtual tables, which can run code
    for table, validators in validation.VALIDATORS.items():
        is_ours = table in tables and validators.keys() <= {*backups.columns(old, table)}
        if not is_ours and version == sql.SCHEMA:
            raise StoreForeign(
                _("{path} is not a library of bacatui; it was left as it is.").format(path=source)
            )
        if old.execute(" ".join(("PRAGMA quick_check (", table, ")"))).fetchone()[0] != "ok":
            raise StoreDamaged(
                _("The copy {path} is damaged; nothing was changed.").format(path=source)
            )


def _match_page_size(fresh: Path, path: Path) -> None:
    """Give the empty file `fresh` the page size of the library, as SQLite's backup needs."""
    with closing(sql.connect(path, "read")) as present, closing(sqlite3.connect(fresh)) as db:
        size = present.execute("PRAGMA page_size").fetchone()[0]
        db.execute(" ".join(("PRAGMA page_size =", str(size))))
        db.execute(" ".join(("PRAGMA application_id =", str(sql.APPLICATION_ID))))


def _copy_library(
    old: Db, fresh: Path, validator: validation.RowValidator, tell: Callable[[str], None]
) -> int:
    """Build a library at `fresh` from the valid rows of `old`; returns how many were left out."""
    backups.migrate(fresh)
    with closing(sql.connect(fresh, "own")) as db:
        for setting in (
            "journal_mode = OFF",
            "synchronous = OFF",
        ):  # on failure it is deleted anyway
            db.execute(" ".join(("PRAGMA", setting)))
        tell(_("Taking over what is in it …"))
        with sql.immediate(db):
            for table in validation.VALIDATORS:
                backups.copy_rows(db, table, old, "NOT INDEXED", validator)
            orphans = retention.drop_orphans(db)
            _continue_sequences(db, old)
            tell(_("Making the index for the search …"))
            retention.rebuild(db)
    return validator.refused + orphans


def _continue_sequences(db: Db, old: Db) -> None:
    """Go on with the sequences of `old`, so that the ids of its deleted rows are not used again."""
    sequences = dict(old.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    db.execute("DELETE FROM sqlite_sequence")
    for table in _AUTOINCREMENT_TABLES:
        used = db.execute(" ".join(("SELECT coalesce(max(id), 0) FROM", table))).fetchone()[0]
        last = sequences.get(table)
        last = last if isinstance(last, int) and last <= validation.MAX_ID else 0
        if last := max(used, last):
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
