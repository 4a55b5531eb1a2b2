"""Fixtures: a store in a temporary folder, and functions that fill it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import Store, open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACATUI_NOW", NOW.isoformat())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bacatui.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as opened:
        yield opened


def made(n: int, **changes: object) -> ParsedEntry:
    """Entry number `n`, published `n` hours before `NOW`; `changes` replace its fields."""
    values: dict[str, object] = {
        "id": f"guid-{n}",
        "title": f"Title {n}",
        "link": f"https://a.example/{n}",
        "author": "Ngatirin",
        "published": NOW - timedelta(hours=n),
        "content": f"<p>Body {n}</p>",
        "text": f"Body {n}",
        "has_guid": True,
    }
    return ParsedEntry(**{**values, **changes})  # type: ignore[arg-type]


def document(*entries: ParsedEntry, title: str = "A feed") -> ParsedFeed:
    return ParsedFeed(title, "https://a.example/", entries=entries)


def synced(now: datetime = NOW) -> FetchState:
    return FetchState(etag='"1"', status="ok", last_ok=now, last_full=now)


def subscribed(
    store: Store,
    *entries: ParsedEntry,
    url: str = "https://a.example/feed",
    newest: int | None = None,
) -> int:
    """Subscribe to a feed with these entries, and return its number; `newest` stay unread (None: all)."""
    feed = store.write.add_feed(url).result()
    store.write.store_feed(feed.id, document(*entries), synced(), newest_unread=newest).result()
    return feed.id
