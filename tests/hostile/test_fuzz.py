"""Bytes and texts that nobody thought of: mutated corpora and hypothesis's own ideas, seeded, so many runs of each.

The suite makes a few seconds of runs, `.ci/run` ten times as many; BACATUI_FUZZ=SECONDS (`make fuzz`) goes on for so
long. The figure of the long run stands in docs/security-testing.md.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bacatui import articles, document, feeds
from bacatui.model import FeedError
from bacatui.text import sanitize
from tests.corpora import SHARED
from tests.hostile.cases import BIDI, ESCAPES, own

SECONDS = float(os.environ.get("BACATUI_FUZZ", "0"))  # of CPU; 0: the runs of the suite
SEED = int(os.environ.get("BACATUI_FUZZ_SEED", "7"))
SLOW = 5.0  # seconds of CPU that one input may take
PIECES = [piece.encode("utf-8", "surrogatepass") for piece in (*ESCAPES, *BIDI)] + [
    b"&#27;", b"&amp;#x9b;", b"&#xD800;", b"&#99999999999;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [",
    b"<!ENTITY a '&a;'>", b"&a;", b"<item>", b"</item>", b"<entry>", b'="', b"\xff\xfe", b"\x00", b"\xed\xa0\x80", b"<pre>",
    b"<table><tr><td>", b"</table>", b"<svg>", b"<math>", b"<template>", b"encoding='utf-7'", b"[" * 500, b"<b>" * 300,
]  # fmt: skip


def bodies() -> list[bytes]:
    """What is mutated: our own cases, and the corpora where they are."""
    found = [case.body for case in own() if len(case.body) < 40_000]
    found += [page for case in own() for page in case.pages.values() if len(page) < 40_000]
    files = (
        path
        for path in sorted((SHARED / "corpus/feeds").rglob("*"))
        if path.is_file() and not path.name.endswith((".case.json", ".expect.json"))
    )
    return found + [path.read_bytes() for path in files if path.stat().st_size < 40_000]


def mutated(chance: random.Random, pool: list[bytes]) -> bytes:
    """One of the pool with a few pieces cut, put in, doubled, flipped, or taken from another one."""
    body = bytearray(chance.choice(pool))
    for _ in range(chance.randrange(1, 9)):
        at, size = chance.randrange(len(body) + 1), chance.randrange(60)
        match chance.randrange(5):
            case 0:
                del body[at : at + size]
            case 1:
                body[at:at] = chance.choice(PIECES)
            case 2:
                body[at:at] = body[at : at + size] * chance.randrange(1, 9)
            case 3 if at < len(body):
                body[at] ^= 1 << chance.randrange(8)
            case _:
                other = chance.choice(pool)
                start = chance.randrange(len(other) + 1)
                body[at : at + size] = other[start : start + chance.randrange(120)]
    return bytes(body)


def through_feeds(body: bytes) -> Iterator[str]:
    """Every text of a feed; FeedError is an answer, too."""
    with suppress(FeedError):
        feed = feeds.parse(body, "https://feed.example/feed.xml")
        yield from (feed.title, feed.link)
        for entry in feed.entries:
            yield from (
                entry.id,
                entry.title,
                entry.link,
                entry.author,
                entry.summary,
                entry.comments,
                *entry.categories,
            )
            yield from (text for one in entry.enclosures for text in (one.url, one.type, one.title))


def through_articles(body: bytes) -> Iterator[str]:
    article = articles.extract(body, "https://feed.example/1")
    yield from (article.title, article.byline, article.lead, article.site, article.lead_image)
    yield from lines_of(article.html, article.text)


def through_fragment(body: bytes) -> Iterator[str]:
    article = articles.fragment(body.decode("utf-8", "replace"), "https://feed.example/1")
    yield from lines_of(article.html, article.text)


def lines_of(html: str, text: str) -> Iterator[str]:
    blocks = tuple(document.read(html))
    for whole in (text, document.to_text(blocks), document.to_markdown(blocks)):
        yield from whole.replace("\t", " ").split("\n")


def through_lists(body: bytes) -> Iterator[str]:
    with suppress(FeedError):
        for one in feeds.read_opml(body).feeds:
            yield from (one.title, one.url, one.folder, one.site)


def through_discovery(body: bytes) -> Iterator[str]:
    for one in feeds.discover(body, "https://feed.example/"):
        yield from (one.url, one.title)


# Each way with its runs in the suite, and its share of an hour.
WAYS: dict[Callable[[bytes], Iterator[str]], tuple[int, float]] = {
    through_feeds: (600, 0.45), through_articles: (50, 0.25), through_fragment: (120, 0.15), through_lists: (2_000, 0.1),
    through_discovery: (500, 0.05),
}  # fmt: skip


@pytest.mark.parametrize("times", [1, pytest.param(12, marks=pytest.mark.slow)])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_mutated_input_ends_in_time_in_harmless_text(
    way: Callable[[bytes], Iterator[str]], times: int
) -> None:
    if SECONDS and times > 1:
        pytest.skip("with BACATUI_FUZZ the first of each way goes on for as long as it says")
    runs, share = WAYS[way]
    chance, pool = random.Random(SEED * times), bodies()
    end = time.process_time() + SECONDS * share
    run = 0
    while time.process_time() < end or (not SECONDS and run < runs * times):
        run += 1
        began, body = time.process_time(), mutated(chance, pool)
        try:
            unsafe = [text for text in way(body) if not sanitize.is_safe(text)]
        except Exception as error:
            raise AssertionError(f"{error!r} of {kept(body)}") from error
        assert not unsafe, (unsafe[0][:200], kept(body))
        assert time.process_time() - began < SLOW, kept(body)
    print(f"{way.__name__}: {run} runs with seed {SEED * times}")


def kept(body: bytes) -> str:
    """Where an input that was found now lies."""
    path = Path(__file__).parents[2] / "build" / f"found-{abs(hash(body)):x}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    return str(path)


wild = st.text() | st.lists(
    st.sampled_from((*ESCAPES, *BIDI, "a", "<", "&#27;", "\u0300", "\u200d", "👩", "\ud800"))
).map("".join)


@given(wild)
@settings(max_examples=300 + int(SECONDS * 12), deadline=None, derandomize=SEED == 7)
def test_whatever_is_said_no_gate_lets_a_control_through(text: str) -> None:
    for gate in (sanitize.clean, sanitize.title, sanitize.name, sanitize.shown):
        once = gate(text)
        assert sanitize.is_safe(once)
        assert once.isprintable() or set("\u200c\u200d") & set(once) or not once.isascii()
    assert sanitize.clean(sanitize.clean(text)) == sanitize.clean(text)
    assert all(map(sanitize.is_safe, sanitize.code(text).replace("\t", " ").split("\n")))
    address = sanitize.url(f"http://x.example/{text}")
    assert address.isascii() and address.isprintable() and " " not in address
