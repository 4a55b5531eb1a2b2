"""Figures and how they are printed: what was promised, what was measured, and whether it holds."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured value. `most` is the budget, or None where the value only informs."""

    name: str
    value: float
    unit: str
    most: float | None = None
    note: str = ""

    @property
    def line(self) -> str:
        budget = "" if self.most is None else f"≤ {self.most:g}"
        verdict = "" if self.most is None else "ok" if self.value <= self.most else "OVER"
        return f"{self.name:<58} {self.value:>10.4g} {self.unit:<5} {budget:>9} {verdict:<5} {self.note}".rstrip()


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The value that nineteen of twenty stay under."""
    return sorted(values)[min(len(values) - 1, round(len(values) * 0.95))]


def timed(
    command: Sequence[str], env: Mapping[str, str], seconds: float = 900, cwd: Path | None = None
) -> tuple[float, float]:
    """Run a command to its end: wall seconds, and processor seconds of it and its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        timeout=seconds, check=False, cwd=cwd,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used


def load() -> str:
    """How busy the machine is: walls count for little where this is over 1."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
