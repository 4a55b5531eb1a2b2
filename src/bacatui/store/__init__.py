"""The only door to SQLite: one file that knows the truth.

Reading is done on a connection of its own, writing on the one writer thread. What the reader of news does is
journaled, durable when the Future is done, and goes ahead of what sync brings.
"""

from bacatui.model import FetchState
from bacatui.store.types import (
    Act,
    Count,
    FeedExists,
    Finding,
    MuteRule,
    OfflineReport,
    Purged,
    SavedSearch,
    Stored,
    StoredPicture,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreNewer,
    StoreReadOnly,
    Wanted,
    WantedPicture,
)

__all__ = [
    "Act",
    "Count",
    "FeedExists",
    "FetchState",
    "Finding",
    "MuteRule",
    "OfflineReport",
    "Purged",
    "SavedSearch",
    "StoreDamaged",
    "StoreError",
    "StoreForeign",
    "StoreFull",
    "StoreLocked",
    "StoreNewer",
    "StoreReadOnly",
    "Stored",
    "StoredPicture",
    "Wanted",
    "WantedPicture",
]
