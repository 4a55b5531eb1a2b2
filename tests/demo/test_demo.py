"""A library is filled from the demo site, its plug is pulled, and everything is read."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bacatui import clock, paths
from bacatui.config import Settings
from bacatui.demo import Site, fill
from bacatui.model import Entry, FullText, Offline, Scope, ScopeKind
from bacatui.paths import Home
from bacatui.store import Store, open_store
from bacatui.sync import FeedDone, Finished, Session
from bacatui.tui.sequence import arrange
from tests.demo.expected import published, words

SOURCE = Path(__file__).parents[2] / "src"
SETTINGS = Settings(newest_unread=100)


@dataclass
class Library:
    """A library that was filled and synced once; its site is gone."""

    store: Store
    home: Home
    site: Site
    front: int  # the entry that it opens on
    ready: list[int]  # what could be read as soon as it was filled

    @property
    def entries(self) -> dict[str, Entry]:
        found = [self.store.read.entry(number) for number in self.store.read.ids(Scope())]
        return {entry.title: entry for entry in found if entry is not None}


async def filled(home: Home, store: Store, site: Site) -> Library:
    async with Session(store, home, SETTINGS) as session:
        front = await fill(session, store, site)
        ready = [row.id for row in store.read.first(Scope(), 20) if row.offline is Offline.READY]
        async for _event in session.sync([]):
            pass
    return Library(store, home, site, front, ready)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = paths.home(tmp_path_factory.mktemp("demo"))
    with Site() as site, open_store(home.store) as store:
        made = asyncio.run(filled(home, store, site))
        site.close()
        yield made


def test_every_entry_of_every_paper_is_there_once_and_unread(library: Library) -> None:
    rows = library.store.read.rows(library.store.read.ids(Scope()))
    assert sorted(row.title for row in rows) == sorted(published(library.site))
    assert not any(row.is_read for row in rows)


def test_the_first_article_is_ready_at_once_without_a_dozen_blocks(library: Library) -> None:
    row = library.store.read.first(Scope(), 1)[0]
    article = library.store.read.article(library.front)
    assert row.id == library.front
    assert library.front in library.ready
    assert article is not None
    assert article.language == "en"
    assert len(article.cuts) >= 12
    assert len({cut.position for cut in article.cuts}) >= 9  # most of them stood within the text
    cut = " ".join(cut.html for cut in article.cuts)
    for label in ("Read also", "More on this story", "Latest news", "Share", "inbox"):
        assert label in cut
        assert label not in article.text


def test_with_the_site_gone_every_article_is_read_exactly(library: Library) -> None:
    articles, wrong = published(library.site), []
    for title, entry in library.entries.items():
        article = library.store.read.article(entry.id)
        text = (article.text if article is not None and article.text else entry.text).split()
        if articles[title]["status"] == 200 and text != words(articles[title]):
            wrong.append(title)
    assert wrong == []


def test_offline_names_only_the_page_that_fails_and_why(library: Library) -> None:
    report = library.store.read.offline()
    assert [(row.title[:26], row.offline) for row, _ in report.missing] == [
        ("This page fails on purpose", Offline.FAILED)
    ]
    assert "500" in report.missing[0][1]
    assert report.counts[Offline.PENDING] == 0
    assert report.counts[Offline.READY] + report.counts[Offline.PARTIAL] == len(library.entries) - 1


def test_the_long_pieces_take_more_than_five_minutes(library: Library) -> None:
    rows = library.store.read.rows(library.store.read.ids(Scope()))
    assert len([row for row in rows if row.minutes > 5]) >= 3


def test_every_picture_of_every_article_is_stored(library: Library) -> None:
    store, shown = library.store, 0
    for title, entry in library.entries.items():
        article = store.read.article(entry.id)
        for name in pictures(published(library.site)[title]):
            stored = store.read.picture(f"{entry.url[: entry.url.index('/', 8)]}/media/{name}")
            assert article is not None
            assert stored is not None, f"{name} of {title}"
            assert (library.home.pictures / stored.path).stat().st_size == stored.size
            assert (stored.width, stored.height) == (480, 270)
            shown += 1
    assert shown >= 20


def pictures(article: dict[str, Any]) -> list[str]:
    return [part.partition('"')[0] for part in article["body"].split('src="/media/')[1:]]


def test_the_podcast_keeps_its_file(library: Library) -> None:
    podcast = next(entry for title, entry in library.entries.items() if title.startswith("Podcast"))
    assert [(one.type, one.length) for one in podcast.enclosures] == [("audio/x-wav", 16044)]


def test_an_article_that_was_corrected_later_says_when(library: Library) -> None:
    title = "Why ferries are slow on purpose"
    dated = [one for one in library.entries.values() if one.published and one.updated]
    assert [one.title for one in dated if one.updated != one.published] == [title]
    article = library.store.read.article(library.entries[title].id)
    assert article is not None
    assert "Corrected this morning" in article.text


def test_the_small_ads_of_the_day_are_folded_away(library: Library) -> None:
    read = library.store.read
    ids = read.ids(Scope())
    feeds = read.feeds_of(ids)
    order = arrange(ids, lambda number: read.rows([number])[0], clock.now(), feeds=feeds)
    folds = [one for one in order.breaks if one.kind == "fold"]
    assert folds
    assert "Papan Iklan" in folds[0].text


def test_pages_of_notes_are_not_asked_for(library: Library) -> None:
    feeds = library.store.read.feeds()
    notes = {feed.url.split("/")[3] for feed in feeds if feed.full_text is FullText.NEVER}
    assert {"papan", "sound", "kebun"} <= notes
    asked = {path.split("/")[1] for path, _ in library.site.asked if "feed.xml" not in path}
    assert asked.isdisjoint(notes)


@pytest.mark.parametrize("query", ["kapal", "hujan", "ferry", "rain", "clock", "kopi", "moon"])
def test_a_search_finds_something_in_several_feeds(library: Library, query: str) -> None:
    found = library.store.read.rows(library.store.read.ids(Scope(ScopeKind.SEARCH, query)))
    assert len(found) >= 3
    assert len({row.feed_id for row in found}) >= 2


async def test_a_pack_is_filled_with_the_plug_pulled(library: Library) -> None:
    async with Session(library.store, library.home, SETTINGS) as session:
        pack = await session.pack(20)
    assert 18 <= pack.minutes <= 20
    states = {row.offline for row in library.store.read.rows(pack.ids)}
    assert states <= {Offline.READY, Offline.PARTIAL}


def test_a_second_sync_asks_only_whether_anything_changed(tmp_path: Path, site: Site) -> None:
    home = paths.home(tmp_path)

    async def again(store: Store) -> list[object]:
        await filled(home, store, site)
        site.asked.clear()
        async with Session(store, home, SETTINGS) as session:
            return [event async for event in session.sync()]

    with open_store(home.store) as store:
        events = asyncio.run(again(store))
    feeds = {(url.removeprefix(site.url), 304) for url in site.feeds.values()}
    assert {(path, status) for path, status in site.asked if path.endswith("feed.xml")} == feeds
    assert [path for path, _ in site.asked if "/media/" in path] == []
    assert len([event for event in events if isinstance(event, FeedDone)]) == len(site.feeds)
    assert isinstance(events[-1], Finished)


Ended = subprocess.CompletedProcess[str]


def demonstrated(folder: Path, *words: str, language: str = "en") -> Ended:
    """`bacatui demo` in a process of its own, without a terminal."""
    command = [sys.executable, "-m", "bacatui", "demo", *words]
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
    given |= {"PYTHONPATH": str(SOURCE), "LANGUAGE": language, "PYTHONUTF8": "1"}
    pipes: dict[str, Any] = {"capture_output": True, "text": True}
    return subprocess.run(command, env=given, timeout=60, check=True, **pipes)


@pytest.mark.parametrize(("language", "title", "label", "told"), [
    ("en", "Ferrow votes to keep", "Read also:", r"(\d+) blocks that are not the article's text"),
    ("id", "Pelabuhan Randusari", "Baca juga:", r"(\d+) blok yang bukan teks artikel"),
])  # fmt: skip
def test_without_a_terminal_an_article_is_printed_and_what_was_cut(
    tmp_path: Path, language: str, title: str, label: str, told: str
) -> None:
    shown = demonstrated(tmp_path, language=language).stdout
    said = re.search(told, shown)
    assert said
    article, cut = shown[: said.start()], shown[said.end() :]
    assert article.startswith(title)
    assert label not in article
    assert f": {label}" in cut
    assert len(re.findall(r"^- [\w.-]+: ", cut, re.MULTILINE)) == int(said[1])
    assert "\x1b" not in shown
    assert not list(tmp_path.glob("bacatui-demo-*"))


def test_the_language_of_the_settings_comes_before_that_of_the_system(tmp_path: Path) -> None:
    config = tmp_path / ".config/bacatui/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('language = "id"\n')
    assert demonstrated(tmp_path, language="en").stdout.startswith("Pelabuhan Randusari")


@pytest.mark.slow
def test_a_kept_library_is_whole(tmp_path: Path) -> None:
    told = demonstrated(tmp_path, "--keep").stderr
    (kept,) = tmp_path.glob("bacatui-demo-*")
    assert str(kept) in told
    with Site() as site, open_store(paths.home(kept).store) as store:
        assert store.read.count(Scope()).unread == len(published(site))
        assert store.read.offline().counts[Offline.PENDING] == 0
