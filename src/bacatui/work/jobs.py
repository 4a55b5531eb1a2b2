"""What a worker does with untrusted bytes: one function a job. Runs in the child only."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bacatui.document import escape
from bacatui.i18n import _
from bacatui.model import STUB_WORDS, Article, FoundFeed, ParsedEntry, ParsedFeed
from bacatui.text import count_words, is_cut_off
from bacatui.text.language import language_of

if TYPE_CHECKING:
    from bacatui.articles import Rules

TEXT_LIMIT: Final = (
    16_000_000  # characters of cleaned content that one feed document may bring in all
)
PIXEL_LIMIT: Final = 25_000_000
_TAG = re.compile(r"<[^<>]*>|&\w+;")


def _rules(folder: str) -> Rules:
    """The package's rules and the user's, as their files are now."""
    files = sorted(Path(folder).glob("*.toml")) if folder else []
    return _read_rules(
        folder, tuple((str(file), file.stat().st_mtime_ns) for file in files if file.is_file())
    )


@lru_cache(1)
def _read_rules(folder: str, _files: tuple[tuple[str, int], ...]) -> Rules:
    from bacatui.articles import load_rules

    return load_rules(Path(folder) if folder else None)


def parse_feed(body: bytes, rules: str, url: str = "", content_type: str = "") -> ParsedFeed:
    """A feed whose entries' texts are cleaned by the boilerplate rules."""
    from bacatui import feeds

    parsed, known = feeds.parse(body, url, content_type), _rules(rules)
    entries: list[ParsedEntry] = []
    budget = TEXT_LIMIT
    for entry in parsed.entries:
        ready = _cleaned(entry, entry.link or parsed.link or url, known)
        budget -= len(ready.content) + len(ready.text)
        if budget < 0:
            note = _("The feed is very long; only its first {n} entries were read.").format(
                n=len(entries)
            )
            return _with_language(
                replace(parsed, entries=tuple(entries), notes=(*parsed.notes, note))
            )
        entries.append(ready)
    return _with_language(replace(parsed, entries=tuple(entries)))


def _cleaned(entry: ParsedEntry, base: str, rules: Rules) -> ParsedEntry:
    """An entry with its text cleaned, and told whether that is all of the article."""
    from bacatui.articles import fragment

    if not entry.content:
        return replace(entry, is_stub=True, language=entry.language or language_of(entry.title))
    article = fragment(entry.content, base, entry.title, rules)
    # a standfirst is text like any other where nothing shows it apart
    content = f"<p>{escape(article.lead)}</p>\n{article.html}" if article.lead else article.html
    text = f"{article.lead}\n\n{article.text}".strip()
    ends = (text, _TAG.sub(" ", entry.content[-1_000:]))
    is_stub = entry.is_stub or count_words(text[:2_000]) < STUB_WORDS or any(map(is_cut_off, ends))
    language = entry.language or language_of(text) or language_of(entry.title)
    return replace(entry, content=content, text=text, is_stub=is_stub, language=language)


def _with_language(parsed: ParsedFeed) -> ParsedFeed:
    """A feed that names no language, with the one that most of its entries are in, if any."""
    languages = Counter(entry.language for entry in parsed.entries if entry.language)
    [(language, count)] = languages.most_common(1) or [("", 0)]
    is_one = 3 * count >= 2 * languages.total()
    return parsed if parsed.language or not is_one else replace(parsed, language=language)


def discover(body: bytes, rules: str, url: str = "") -> list[FoundFeed]:
    """The feeds that a page announces, or is likely to have."""
    from bacatui import feeds

    return feeds.discover(body, url)


def extract(body: bytes, rules: str, url: str = "", content_type: str = "") -> Article:
    """The article on a page."""
    from bacatui import articles

    return articles.extract(body, url, content_type, _rules(rules))


def clean(body: bytes, rules: str, url: str = "", title: str = "") -> Article:
    """A feed's own text by the rules for pages."""
    from bacatui import articles

    return articles.fragment(body.decode("utf-8", "replace"), url, title, _rules(rules))


def reclean(body: bytes, rules: str, article: Article) -> Article:
    """A stored article by the rules as they are now."""
    from bacatui import articles

    return articles.reclean(article, _rules(rules))


def picture(body: bytes, rules: str) -> tuple[str, int, int]:
    """(format, width, height) of a picture that can be drawn; ValueError or OSError for what is
    none.
    """
    from PIL import Image

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
    Image.init()
    known: list[str] = [
        kind for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF") if kind in Image.OPEN
    ]
    with Image.open(BytesIO(body), formats=known) as image:
        kind, (width, height) = image.format or "", image.size
        if (
            kind in {"WEBP", "AVIF"} and width * height > PIXEL_LIMIT // 2
        ):  # they are unfolded several times over
            raise ValueError(f"{width} x {height}")
        image.draft("RGB", (64, 64))  # a JPEG need not be unfolded whole to be known as sound
        image.load()
    return kind.lower(), width, height


JOBS: Final[dict[str, Any]] = {
    job.__name__: job for job in (parse_feed, discover, extract, clean, reclean, picture)
}
