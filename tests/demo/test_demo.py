"""The whole way through the house: subscribe to the demo site, sync, pull the plug, and read everything."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bacatui import paths
from bacatui.config import Settings
from bacatui.demo.site import PAPERS, Site, paper
from bacatui.model import Entry, Offline, Scope
from bacatui.paths import Home
from bacatui.store import Store, open_store
from bacatui.sync import Event, FeedDone, Finished, Session
from tests.demo.expected import words

SOURCE = Path(__file__).parents[2] / "src"
ARTICLES = {article["title"]: article for key in PAPERS for article in paper(key)["article"]}
BROKEN = next(title for title, article in ARTICLES.items() if article.get("kind") == "broken")


async def sync(store: Store, home: Home) -> list[Event]:
    async with Session(store, home, Settings(newest_unread=100)) as session:
        return [event async for event in session.sync()]


@contextmanager
def subscribed(home: Home, site: Site) -> Iterator[Store]:
    with open_store(home.store) as store:
        for url in site.feeds.values():
            store.write.add_feed(url).result()
        yield store


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Home]]:
    """A library that was synced once; its site is gone."""
    home = paths.home(tmp_path_factory.mktemp("demo"))
    with Site() as site, subscribed(home, site) as store:
        asyncio.run(sync(store, home))
        site.close()
        yield store, home


def entries(store: Store) -> dict[str, Entry]:
    found = [store.read.entry(row.id) for row in store.read.first(Scope(), 100)]
    return {entry.title: entry for entry in found if entry is not None}


def test_every_entry_of_the_three_papers_is_there_once_and_unread(library: tuple[Store, Home]) -> None:
    store, _ = library
    rows = store.read.first(Scope(), 100)
    assert sorted(row.title for row in rows) == sorted(ARTICLES)
    assert not any(row.is_read for row in rows)


def test_with_the_site_gone_every_article_but_the_broken_one_is_read_exactly(library: tuple[Store, Home]) -> None:
    store, _ = library
    wrong = []
    for title, entry in entries(store).items():
        article = store.read.article(entry.id)
        text = (article.text if article is not None and article.text else entry.text).split()
        if title != BROKEN and text != words(ARTICLES[title]):
            wrong.append(title)
    assert wrong == []


def test_offline_names_the_broken_page_and_why_and_nothing_else(library: tuple[Store, Home]) -> None:
    report = library[0].read.offline()
    assert [(row.title, row.offline) for row, _ in report.missing] == [(BROKEN, Offline.FAILED)]
    assert "500" in report.missing[0][1]
    assert report.counts[Offline.PENDING] == 0
    assert report.counts[Offline.READY] + report.counts[Offline.PARTIAL] == len(ARTICLES) - 1


def test_every_picture_of_every_article_is_stored(library: tuple[Store, Home]) -> None:
    store, home = library
    shown = 0
    for entry in entries(store).values():
        article = store.read.article(entry.id)
        for name in demo_pictures(ARTICLES[entry.title]):
            stored = store.read.picture(f"{entry.url[: entry.url.index('/', 8)]}/media/{name}")
            assert article is not None
            assert stored is not None, f"{name} of {entry.title}"
            assert (home.pictures / stored.path).stat().st_size == stored.size
            assert (stored.width, stored.height) == (480, 270)
            shown += 1
    assert shown >= 12


def demo_pictures(article: dict[str, Any]) -> list[str]:
    return [part.partition('"')[0] for part in article["body"].split('src="/media/')[1:]]


def test_the_podcast_keeps_its_file(library: tuple[Store, Home]) -> None:
    podcast = next(entry for title, entry in entries(library[0]).items() if title.startswith("Podcast"))
    assert [(one.type, one.length) for one in podcast.enclosures] == [("audio/x-wav", 16044)]


def test_a_second_sync_asks_only_whether_anything_changed(tmp_path: Path, site: Site) -> None:
    home = paths.home(tmp_path)
    with subscribed(home, site) as store:
        asyncio.run(sync(store, home))
        site.asked.clear()
        events = asyncio.run(sync(store, home))
    feeds = {(url.removeprefix(site.url), 304) for url in site.feeds.values()}
    assert {(path, status) for path, status in site.asked if path.endswith("feed.xml")} == feeds
    assert [path for path, _ in site.asked if "/media/" in path] == []
    assert len([event for event in events if isinstance(event, FeedDone)]) == 3
    assert isinstance(events[-1], Finished)


def demonstrated(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`bacatui demo` in a process of its own, without a terminal."""
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-m", "bacatui", "demo", *words]
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60, check=True)


def test_without_a_terminal_a_synced_home_is_shown_and_then_thrown_away_unless_it_is_kept(tmp_path: Path) -> None:
    shown = demonstrated(tmp_path).stdout
    assert [title for title in ARTICLES if title not in shown] == []
    assert "pending" not in shown
    assert not list(tmp_path.glob("bacatui-demo-*"))
    told = demonstrated(tmp_path, "--keep").stderr
    (kept,) = tmp_path.glob("bacatui-demo-*")
    assert str(kept) in told
    with open_store(paths.home(kept).store) as store:
        assert len({feed.folder for feed in store.read.feeds()}) == 3
        assert store.read.count(Scope()).unread == len(ARTICLES)
        assert store.read.offline().counts[Offline.PENDING] == 0
