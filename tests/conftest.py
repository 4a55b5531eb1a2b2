"""What tests of several rooms share: the demo site, a home of one's own, and the corpora beside the repository."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.demo.site import Site
from bacatui.paths import Home
from tests import pool
from tests.corpora import ABSENT, SHARED

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # begun in the background; what we start must still be stoppable
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="session")
def _pool() -> Iterator[None]:
    yield
    pool.end()


@pytest.fixture
def pooled(_pool: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of this test work with the workers of those before it."""
    monkeypatch.setattr("bacatui.work.workers._Child", pool.borrow)
