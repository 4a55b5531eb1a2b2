"""Worker processes that go from one test to the next: a fresh interpreter with its parsers takes a quarter of a second.

They are the real ones, and as fresh as between two jobs. One that was killed, or that is at work when its test ends, is
never lent again; nor is one whose environment (the clock's, say) was another.
"""

from __future__ import annotations

from contextlib import suppress
from subprocess import TimeoutExpired
from typing import Any

from bacatui.work import environment, workers
from tests.waiting import LONGEST

Key = tuple[tuple[str, str], ...]
_resting: dict[Key, list[Lent]] = {}


class Lent(workers._Child):
    """A worker that rests where others end."""

    def __init__(self) -> None:
        super().__init__()
        self.key = _key()
        self.is_lent, self.is_at_work = True, False

    def run(self, job: str, body: bytes, fields: dict[str, Any]) -> Any:
        self.is_at_work = True
        try:
            return super().run(job, body, fields)
        finally:
            self.is_at_work = False

    def end(self) -> None:
        if self.is_at_work or self.is_spent or self.process.poll() is not None:
            super().end()
        elif self.is_lent:
            self.is_lent = False
            _resting.setdefault(self.key, []).append(self)


def borrow() -> Lent:
    """A worker that rests, or a new one."""
    fitting = _resting.get(_key(), [])
    while fitting:
        child = fitting.pop()
        if child.process.poll() is None:
            child.is_lent = True
            return child
        child.end()
    return Lent()


def end() -> None:
    """Let all that rest come to their end by themselves: where coverage is measured, they write it then."""
    children: list[workers._Child] = [child for resting in _resting.values() for child in resting]
    for own in workers._own.values():
        children += own._resting
    for child in children:
        child._input.close()
        with suppress(TimeoutExpired):
            child.process.wait(LONGEST)
        workers._Child.end(child)
    _resting.clear()
    workers._own.clear()


def _key() -> Key:
    return tuple(sorted(environment().items()))
