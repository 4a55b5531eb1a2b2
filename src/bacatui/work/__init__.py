"""Worker processes: feeds and articles on untrusted input, under a deadline and a memory limit."""

from bacatui.work.child import WorkError
from bacatui.work.pool import Workers, call

__all__ = ["WorkError", "Workers", "call"]
