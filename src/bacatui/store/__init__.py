"""The library: one SQLite file, which only this package opens.

Each reading thread has its own connection, and one thread writes. What the user does is journaled,
durable when its Future is done, and written before what sync brings.
"""

from bacatui.store import types
from bacatui.store.health import doctor
from bacatui.store.index import MATCH_END, MATCH_START
from bacatui.store.opening import Store, open_store
from bacatui.store.query import QueryError, typing
from bacatui.store.reader import Reader
from bacatui.store.restoring import restore
from bacatui.store.types import *  # noqa: F403 - all that the store hands out, and its errors
from bacatui.store.writer import Writer

__all__ = [
    "MATCH_END",
    "MATCH_START",
    "QueryError",
    "Reader",
    "Store",
    "Writer",
    "doctor",
    "open_store",
    "restore",
    "typing",
]
__all__ += types.__all__
