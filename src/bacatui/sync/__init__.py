"""The use cases of bacatui: fetch, parse, store, article, pictures, as a stream of results.

A failure is a value in the stream, never an exception in it. What is still missing is a query to the store, not
a memory of the session, so that every run takes up where the last one ended, however it ended.
"""

from bacatui.sync.events import (
    Added,
    ArticleDone,
    Event,
    Failure,
    FeedDone,
    Finished,
    Outcome,
    Pack,
    PictureDone,
    Preview,
    Report,
    Started,
)
from bacatui.sync.process import SyncProcess
from bacatui.sync.session import Session, SyncRunning

__all__ = [
    "Added",
    "ArticleDone",
    "Event",
    "Failure",
    "FeedDone",
    "Finished",
    "Outcome",
    "Pack",
    "PictureDone",
    "Preview",
    "Report",
    "Session",
    "Started",
    "SyncProcess",
    "SyncRunning",
]  # fmt: skip
