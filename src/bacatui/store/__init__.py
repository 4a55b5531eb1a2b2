"""The only door to SQLite: one file that knows the truth.

Reading is done on a connection of its own, writing on the one writer thread. What the reader of news does is
journaled, durable when the Future is done, and goes ahead of what sync brings.
"""

from bacatui.model import FetchState
from bacatui.store.copies import restore
from bacatui.store.index import MATCH_END, MATCH_START
from bacatui.store.keeping import doctor
from bacatui.store.opening import Store, open_store
from bacatui.store.query import QueryError, typing
from bacatui.store.reader import Reader
from bacatui.store.types import (
    Act,
    Count,
    FeedExists,
    FeedUnknown,
    Finding,
    MuteRule,
    OfflineReport,
    Purged,
    SavedSearch,
    Stored,
    StoreDamaged,
    StoredPicture,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreNewer,
    StoreReadOnly,
    Wanted,
    WantedPicture,
)
from bacatui.store.writer import Writer

__all__ = [
    "MATCH_END", "MATCH_START", "Act", "Count", "FeedExists", "FeedUnknown", "FetchState", "Finding", "MuteRule",
    "OfflineReport", "Purged", "QueryError", "Reader", "SavedSearch", "Store", "StoreDamaged", "StoreError",
    "StoreForeign", "StoreFull", "StoreLocked", "StoreNewer", "StoreReadOnly", "Stored", "StoredPicture", "Wanted",
    "WantedPicture", "Writer", "doctor", "open_store", "restore", "typing",
]  # fmt: skip
