"""Worker processes: feeds and articles on untrusted input, under limits of processor time and
memory.
"""

from bacatui.work.wire import from_line, register, to_line
from bacatui.work.workers import WorkError, Workers, WorkInterruptedError, call, environment

__all__ = [
    "WorkError",
    "WorkInterruptedError",
    "Workers",
    "call",
    "environment",
    "from_line",
    "register",
    "to_line",
]
