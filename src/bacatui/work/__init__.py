"""Worker processes: feeds and articles on untrusted input, under a deadline and a memory limit."""

from bacatui.work.frames import from_line, register, to_line
from bacatui.work.workers import WorkError, Workers, call, environment

__all__ = ["WorkError", "Workers", "call", "environment", "from_line", "register", "to_line"]
