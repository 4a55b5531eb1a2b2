"""The shared corpora: public feeds as other projects' tests read them, and hostile ones within their limits."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from pathlib import Path

import pytest
from benchmarks.feed_corpus import judge

from bacatui.feeds import expat_parser, feedparser_adapter, parse
from bacatui.feeds.parse import _feed
from bacatui.feeds.source import decode, harmless
from bacatui.model import FeedError, ParsedEntry, ParsedFeed
from bacatui.text.sanitize import is_safe
from tests.cost import ends_within

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


def test_public_feeds_agree_with_what_is_known_of_them(shared: Path) -> None:
    right = total = 0
    for path in inputs(shared / "corpus/feeds/public"):
        beside = path.with_name(path.stem + ".expect.json")
        known = json.loads(beside.read_text()) if beside.exists() else {}
        headers = {name.lower(): text for name, text in (known.get("headers") or {}).items()}
        try:
            feed = parse(
                path.read_bytes(),
                headers.get("content-location", ""),
                headers.get("content-type", ""),
            )
        except FeedError:
            feed = ParsedFeed("", entries=(ParsedEntry("", ""),) * 99)
        rows = judge(known.get("values") or {}, feed)
        rows = [row for row in rows if row[0] not in {"first.author", "first.content"}]
        right, total = right + sum(row[1] for row in rows), total + len(rows)
    assert total > 500
    assert right / total >= 0.985


def test_the_straight_reader_and_feedparser_tell_the_same(shared: Path) -> None:
    """Counts, ids, links and titles: what an entry is known by must not change when a feed's health does."""
    same = different = 0
    for path in inputs(shared / "corpus/feeds/public"):
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
        agrees = len(ours.entries) == len(theirs.entries) and all(key)
        same, different = same + agrees, different + (not agrees)
    assert same > 1_000
    assert different / (same + different) < 0.02


def test_hostile_feeds_end_in_time_and_say_only_what_can_be_shown(shared: Path) -> None:
    for case in sorted((shared / "corpus/feeds/hostile").glob("*.case.json")):
        told = json.loads(case.read_text())
        found = [
            path
            for path in case.parent.glob(told["id"] + ".*")
            if not path.name.endswith(".case.json")
        ]
        if not found or told["category"] == "opml":
            continue
        expect = told["expect"]
        with ends_within(min(5, expect.get("max_seconds", 5))):
            try:
                feed: ParsedFeed | None = parse(found[0].read_bytes(), URL, told["content_type"])
            except FeedError as error:
                feed, refusal = None, str(error)
                assert is_safe(refusal)
        assert (feed is None) == (expect["outcome"] in {"error", "notfeed"}) or expect[
            "outcome"
        ] == "either", told["id"]
        if feed is None:
            continue
        count = len(feed.entries)
        assert expect.get("entries", count) == count, told["id"]
        assert expect.get("entries_min", 0) <= count <= expect.get("entries_max", 5_000), told["id"]
        for at, title in expect.get("titles", {}).items():
            assert feed.entries[int(at)].title == OUR_OWN_TITLES.get(title, title), told["id"]
        for entry in feed.entries:
            shown = [
                entry.id,
                entry.title,
                entry.link,
                entry.author,
                entry.summary,
                entry.comments,
                *entry.categories,
            ]
            shown += [
                text for file in entry.enclosures for text in (file.url, file.type, file.title)
            ]
            assert all(map(is_safe, shown)), told["id"]
            assert entry.link.startswith(("http://", "https://", "")) and dataclasses.is_dataclass(
                entry
            )


def test_what_broke_feedparser_breaks_nothing(shared: Path) -> None:
    read = 0
    for path in inputs(shared / "corpus/feeds/fuzz-found"):
        try:
            read += len(parse(path.read_bytes(), URL).entries) > 0
        except FeedError as error:
            assert "\n" not in str(error)
    assert read >= 5


@pytest.mark.soak
def test_mutated_feeds_end_in_a_feed_or_a_feed_error(shared: Path) -> None:
    import random

    chance = random.Random(7)
    bodies = [
        path.read_bytes()
        for path in inputs(shared / "corpus/feeds")
        if path.stat().st_size < 40_000
    ]
    for _round in range(20_000):
        body = bytearray(chance.choice(bodies))
        for _change in range(chance.randrange(1, 12)):
            at, other = chance.randrange(len(body) + 1), chance.choice(bodies)
            start = chance.randrange(len(other) + 1)
            body[at : at + chance.randrange(40)] = other[start : start + chance.randrange(60)]
        with ends_within(5), suppress(FeedError):
            parse(bytes(body), URL)
