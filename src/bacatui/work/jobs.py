"""What a worker does with untrusted bytes: one function a job. Runs in the child only."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bacatui.document import count_words
from bacatui.i18n import _
from bacatui.model import Article, FoundFeed, ParsedEntry, ParsedFeed

if TYPE_CHECKING:
    from bacatui.articles import Rules

STUB_WORDS: Final = 120
TEXT_LIMIT: Final = 24_000_000  # characters of content that one feed document may carry in all
PICTURE_PIXELS: Final = 50_000_000
_UNFINISHED = re.compile(
    r"(?:\u2026|\.\.\.)[\s\])}»”\"'>]*$"
    r"|\b(?:read more|read the rest|continue reading|full story|(?:baca )?selengkapnya|baca (?:lebih lanjut|juga)|lanjut(?:kan)? baca)"
    r"\W{0,20}(?:&\w+;\W*)?$",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")


@cache
def _rules(folder: str) -> Rules:
    from bacatui.articles import load_rules

    return load_rules(Path(folder) if folder else None)


def parse_feed(body: bytes, rules: str = "", url: str = "", content_type: str = "") -> ParsedFeed:
    from bacatui import feeds

    parsed = feeds.parse(body, url, content_type)
    entries: list[ParsedEntry] = []
    notes, room = parsed.notes, TEXT_LIMIT
    for entry in parsed.entries:
        ready = _cleaned(entry, entry.link or parsed.link or url, rules)
        room -= len(ready.content) + len(ready.text)
        if room < 0:
            notes += (_("The feed is very long; only its first {n} entries were read.").format(n=len(entries)),)
            break
        entries.append(ready)
    return replace(parsed, entries=tuple(entries), notes=notes)


def _cleaned(entry: ParsedEntry, base: str, rules: str) -> ParsedEntry:
    """An entry with its text cleaned by the boilerplate rules, and told whether that is all of the article."""
    from bacatui.articles import fragment

    if not entry.content:
        return replace(entry, is_stub=True)
    article = fragment(entry.content, base, entry.title, _rules(rules))
    is_stub = (
        entry.is_stub
        or count_words(article.text) < STUB_WORDS
        or any(_UNFINISHED.search(text[-200:]) for text in (article.text, _TAG.sub(" ", entry.content[-1000:]).rstrip()))
    )
    return replace(entry, content=article.html, text=article.text, is_stub=is_stub)


def discover(body: bytes, rules: str = "", url: str = "") -> tuple[FoundFeed, ...]:
    from bacatui import feeds

    return tuple(feeds.discover(body, url))


def extract(body: bytes, rules: str = "", url: str = "", content_type: str = "") -> Article:
    from bacatui import articles

    return articles.extract(body, url, content_type, _rules(rules))


def clean(body: bytes, rules: str = "", url: str = "", title: str = "") -> Article:
    from bacatui import articles

    return articles.fragment(body.decode("utf-8", "replace"), url, title, _rules(rules))


def picture(body: bytes, rules: str = "") -> tuple[str, int, int]:
    """(format, width, height) of a picture that can be drawn; raises ValueError or OSError for what is none."""
    from PIL import Image

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PICTURE_PIXELS
    with Image.open(BytesIO(body), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF")) as image:
        kind, (width, height) = image.format or "", image.size
        image.draft("RGB", (64, 64))  # a JPEG need not be unfolded whole to be known as sound
        image.load()
    return kind.lower(), width, height


JOBS: Final[dict[str, Any]] = {job.__name__: job for job in (parse_feed, discover, extract, clean, picture)}
