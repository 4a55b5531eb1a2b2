"""The test sets: feeds as they must come out, and hostile ones within their limits."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from benchmarks.feed_corpus import judge

from bacatui.feeds import expat_parser, feedparser_adapter, parse
from bacatui.feeds.parse import _feed
from bacatui.feeds.source import decode, harmless
from bacatui.model import FeedError, ParsedEntry, ParsedFeed
from bacatui.text.sanitize import is_safe
from tests.corpora import OWN, SHARED, corpora
from tests.cost import ends_within
from tests.hostile.cases import Case, own
from tests.hostile.more import more

URL = "https://feed.example/feed.xml"
OUR_OWN_TITLES = {"<b>x</b> &amp; &lt;": "x & <"}  # known tags are stripped from titles


def inputs(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in {".json", ".md"}
    ] + [
        path
        for path in sorted(folder.rglob("*.json"))
        if not path.name.endswith((".expect.json", ".case.json"))
    ]


@pytest.mark.parametrize("folder", corpora("feeds/public"))
def test_public_feeds_agree_with_what_is_known_of_them(folder: Path) -> None:
    rows = []
    for path in inputs(folder):
        beside = path.with_name(path.stem + ".expect.json")
        known = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        headers = {name.lower(): text for name, text in (known.get("headers") or {}).items()}
        url, kind = headers.get("content-location", ""), headers.get("content-type", "")
        try:
            feed = parse(path.read_bytes(), url, kind)
        except FeedError:
            feed = ParsedFeed("", entries=(ParsedEntry("", ""),) * 99)
        rows += [(path.name, *row) for row in judge(known.get("values") or {}, feed)]
    if folder.is_relative_to(OWN):
        assert len(rows) > 70
        assert [row for row in rows if not row[2]] == []
    else:
        rows = [row for row in rows if row[1] not in {"first.author", "first.content"}]
        assert len(rows) > 500
        assert sum(row[2] for row in rows) / len(rows) >= 0.985


@pytest.mark.parametrize("folder", corpora("feeds/public"))
def test_the_straight_reader_and_feedparser_tell_the_same(folder: Path) -> None:
    """Counts, ids, links and titles: what an entry is known by must not change when a feed's health does."""
    same, different = 0, list[str]()
    for path in inputs(folder):
        source = decode(path.read_bytes()).strip("\ufeff\0 \t\r\n")
        try:
            ours = _feed(expat_parser.read(source), "")
            theirs = _feed(feedparser_adapter.read(harmless(source, [])), "")
        except Exception:
            continue
        pairs = zip(ours.entries, theirs.entries, strict=False)
        key = [
            one.has_guid == two.has_guid
            and (one.link, one.title) == (two.link, two.title)
            and (one.id == two.id or not one.has_guid)
            for one, two in pairs
        ]
        if len(ours.entries) == len(theirs.entries) and all(key):
            same += 1
        else:
            different.append(path.name)
    assert same >= (8 if folder.is_relative_to(OWN) else 1_000)
    assert len(different) < 0.02 * same, different


def own_cases() -> list[Case]:
    return [*own(), *more()]


def cases_beside() -> list[Case]:
    """The hostile feeds of ../shared."""
    found = []
    for told in sorted((SHARED / "corpus/feeds/hostile").glob("*.case.json")):
        case = json.loads(told.read_text("utf-8"))
        bodies = [path for path in told.parent.glob(case["id"] + ".*") if path != told]
        if bodies and case["category"] != "opml":
            found.append(
                Case(case["id"], bodies[0].read_bytes(), case["content_type"], case["expect"])
            )
    return found


CASES = [pytest.param(own_cases, id="own")]
if SHARED.is_dir():
    CASES.append(pytest.param(cases_beside, id="shared", marks=pytest.mark.slow))


@pytest.mark.parametrize("cases", CASES)
def test_hostile_feeds_end_in_time_and_say_only_what_can_be_shown(
    cases: Callable[[], list[Case]],
) -> None:
    for case in cases():
        expect, outcome = case.expect, case.expect.get("outcome", "feed")
        with ends_within(min(5, expect.get("max_seconds", 5))):
            try:
                feed: ParsedFeed | None = parse(case.body, URL, case.kind)
            except FeedError as error:
                feed, refusal = None, str(error)
                assert is_safe(refusal)
        assert (feed is None) == (outcome in {"error", "notfeed"}) or outcome == "either", case.id
        if feed is None:
            continue
        count = len(feed.entries)
        assert expect.get("entries", count) == count, case.id
        assert expect.get("entries_min", 0) <= count <= expect.get("entries_max", 5_000), case.id
        for at, title in expect.get("titles", {}).items():
            assert feed.entries[int(at)].title == OUR_OWN_TITLES.get(title, title), case.id
        for entry in feed.entries:
            assert all(map(is_safe, shown(entry))), case.id
            assert entry.link.startswith(("http://", "https://", "")) and dataclasses.is_dataclass(
                entry
            )


def shown(entry: ParsedEntry) -> Iterator[str]:
    """What of an entry may come onto the screen."""
    yield from (entry.id, entry.title, entry.link, entry.author, entry.summary, entry.comments)
    yield from entry.categories
    for file in entry.enclosures:
        yield from (file.url, file.type, file.title)


@pytest.mark.parametrize("folder", [*corpora("feeds/broken"), *corpora("feeds/fuzz-found")[1:]])
def test_what_broke_feedparser_breaks_nothing(folder: Path) -> None:
    read = 0
    for path in inputs(folder):
        try:
            read += len(parse(path.read_bytes(), URL).entries) > 0
        except FeedError as error:
            assert "\n" not in str(error)
    assert read >= 5
