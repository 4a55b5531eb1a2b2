"""The use cases of bacatui: fetch, parse, store, article, pictures, as a stream of results.

A failure is a value in the stream, never an exception in it. What is still missing is a query to
the store, not a memory of the session, so that every run takes up where the last one ended, however
it ended.
"""

from bacatui.sync import events
from bacatui.sync.events import *  # noqa: F403 - all that a sync tells
from bacatui.sync.process import SyncProcess
from bacatui.sync.session import Session, SyncRunning
from bacatui.sync.together import Joined

__all__ = ["Joined", "Session", "SyncProcess", "SyncRunning"]
__all__ += events.__all__
