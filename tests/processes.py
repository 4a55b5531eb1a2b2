"""The processes of this machine: by way of /proc, and of `ps` where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROC = Path("/proc/self/stat")
needs_proc = pytest.mark.skipif(not PROC.exists(), reason="needs /proc, which this system has not")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="of Linux alone")


@dataclass(frozen=True)
class Process:
    """One process; `state` is a letter, Z for one that has ended and was not waited for."""

    id: int
    parent: int
    group: int
    state: str


def all_of_them() -> Iterator[Process]:
    """Each process of this machine."""
    if not PROC.exists():
        table = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,pgid=,state="], capture_output=True, text=True, check=True
        )
        for line in table.stdout.splitlines():
            number, parent, group, state = line.split()
            yield Process(int(number), int(parent), int(group), state[0])
        return
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it has ended meanwhile
            continue
        yield Process(int(stat.parent.name), int(parent), int(group), state)


def children() -> set[int]:
    """Process ids of our children, of those too that have ended and were not waited for."""
    return {one.id for one in all_of_them() if one.parent == os.getpid()}


def is_running(process: int) -> bool:
    """Whether it is there and has not ended."""
    return any(one.id == process and one.state != "Z" for one in all_of_them())


def running_in(group: int) -> list[int]:
    """The processes of a group that still run."""
    return [one.id for one in all_of_them() if one.group == group and one.state != "Z"]


def descriptors() -> int:
    """How many files this process has open."""
    return sum(1 for _ in Path("/dev/fd").iterdir())
