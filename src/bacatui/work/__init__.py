"""Worker processes: feeds and articles on untrusted input, under a deadline and a memory limit."""

from bacatui.work.workers import WorkError, Workers, call

__all__ = ["WorkError", "Workers", "call"]
