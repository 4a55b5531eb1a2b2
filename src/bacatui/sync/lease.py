"""One sync at a time, across processes: the kernel's lock on a side file, which a kill -9 lets go of too."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from bacatui import paths
from bacatui.i18n import _
from bacatui.store import StoreLocked, StoreReadOnly


class SyncRunning(StoreLocked):
    """Another bacatui is syncing this library; `str()` says which process."""


@contextlib.contextmanager
def lease(folder: Path) -> Iterator[None]:
    """Hold the right to sync the library in `folder`. Raises SyncRunning, StoreReadOnly."""
    try:
        paths.make_private(folder)
        handle = os.open(folder / "sync.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        said = _("Nothing can be fetched, because the library cannot be written to: {why}.")
        raise StoreReadOnly(said.format(why=error.strerror)) from error
    try:
        with contextlib.suppress(OSError):  # a file system without locks: then it is up to the reader
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                who = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
                said = _("Another bacatui (process {number}) is syncing now. Try again when it has finished.")
                raise SyncRunning(said.format(number=who if who.isdigit() else "?")) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
