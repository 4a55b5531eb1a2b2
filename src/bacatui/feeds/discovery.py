"""Feeds that a web page has: those it announces, those its kind of site is known to have, and common places."""

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from bacatui.feeds.source import decode, words
from bacatui.model import FoundFeed
from bacatui.text import sanitize

_HEAD: Final = 1_000_000  # characters of a page that are looked at
_LINK = re.compile(r"<(link|a|base)\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:.\-])([\w:.\-]++)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_WORDS: Final = words("discovery")
_CHANNEL = re.compile(r'"(?:channelId|externalId)"\s*:\s*"(UC[\w-]{22})"')


def discover(body: bytes, url: str) -> list[FoundFeed]:
    """The feeds of the page at `url`, best first. Without a `type` they are guesses, to be tried in order."""
    page = decode(body[: 4 * _HEAD])[:_HEAD]
    base, announced = url, dict[str, FoundFeed]()
    for tag, inside in _LINK.findall(page):
        attrs = {
            name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(inside)
        }
        if tag.lower() == "base":
            base = urljoin(url, attrs.get("href", "")[: sanitize.URL_LIMIT])
            continue
        kind = attrs.get("type", "").partition(";")[0].strip().lower()
        is_feed = "alternate" in attrs.get("rel", "").lower().split() and kind in _WORDS["types"]
        if is_feed and (address := sanitize.url(attrs.get("href", ""), base)):
            announced.setdefault(
                address, FoundFeed(address, sanitize.name(attrs.get("title", "")), kind)
            )
    found = sorted(
        announced.values(), key=lambda feed: "comment" in (feed.url + feed.title).lower()
    )
    if not found and "youtube.com" in url[:40] and (channel := _CHANNEL.search(page)):
        return [FoundFeed(_WORDS["youtube"] + channel[1])]
    known = [match.expand(feed) for site, feed in _WORDS["sites"] if (match := re.match(site, url))]
    is_front = not urlsplit(url).path.strip(
        "/"
    )  # a page within a site is what was meant, or nothing
    guesses = known or (
        [] if found or not is_front else [urljoin(url, place) for place in _WORDS["places"]]
    )
    return found + [
        FoundFeed(guess) for guess in guesses if guess not in announced and sanitize.url(guess)
    ]
