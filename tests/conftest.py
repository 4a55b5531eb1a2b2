"""What tests of several rooms share: the demo site, a home of one's own, and the corpora beside the repository."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.demo.site import Site
from bacatui.paths import Home
from bacatui.work import workers
from tests import pool
from tests.corpora import ABSENT, SHARED
from tests.terminal.driver import MEASURED

# Begun in the background, and still what we start must be stoppable.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """One more process than there are processors: tests also wait, for servers and terminals."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and measuring tools beside the repository; without it the test is skipped."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip(ABSENT)
    return SHARED


@pytest.fixture
def site() -> Iterator[Site]:
    """The demo site, answering on loopback."""
    with Site() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The three folders of a reader who has nothing yet."""
    return paths.home(tmp_path / "home")


if MEASURED in os.environ:  # by `make coverage`: what our workers do counts, too
    vars(workers)["_KEPT"] = (*workers._KEPT, MEASURED)


@pytest.fixture(scope="session", autouse=True)
def _pool() -> Iterator[None]:
    yield
    pool.end()


@pytest.fixture
def pooled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of this test work with the workers of those before it."""
    monkeypatch.setattr("bacatui.work.workers._Child", pool.borrow)
