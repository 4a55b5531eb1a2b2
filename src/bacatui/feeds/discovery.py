"""Feeds that a web page has: those it announces, those its kind of site is known to have, and common places."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from bacatui import sanitize
from bacatui.feeds.source import decode
from bacatui.model import FoundFeed

_HEAD: Final = 1_000_000  # characters of a page that are looked at
_LINK = re.compile(r"<(link|a|base)\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:.\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_TYPES: Final = frozenset(f"application/{kind}" for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "xml"))
_CHANNEL = re.compile(r'"(?:channelId|externalId)"\s*:\s*"(UC[\w-]{22})"')
_YOUTUBE: Final = "https://www.youtube.com/feeds/videos.xml?"
_SITES: Final = tuple(  # address of a page -> address of its feed
    (re.compile(page), feed)
    for page, feed in (
        (r"https?://(?:www\.|m\.)?youtube\.com/channel/(UC[\w-]+)", _YOUTUBE + r"channel_id=\1"),
        (r"https?://(?:www\.|m\.)?youtube\.com/.*[?&]list=([\w-]+)", _YOUTUBE + r"playlist_id=\1"),
        (r"https?://(?:www\.|old\.)?reddit\.com/(r|user)/([\w-]+)", r"https://www.reddit.com/\1/\2/.rss"),
        (r"https?://github\.com/([\w.-]+)/([\w.-]+)", r"https://github.com/\1/\2/releases.atom"),
        (r"https?://(?:www\.)?medium\.com/(@?[\w.-]+)", r"https://medium.com/feed/\1"),
        (r"(https?://[\w-]+\.blogspot\.[\w.]+)/?", r"\1/feeds/posts/default"),
        (r"(https?://[^/]+/@[\w.]+)/?$", r"\1.rss"),
    )
)
_PLACES: Final = ("/feed/", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")


def discover(body: bytes, url: str) -> list[FoundFeed]:
    """The feeds of the page at `url`, best first. Without a `type` they are guesses, to be tried in order."""
    page = decode(body[: 4 * _HEAD])[:_HEAD]
    base, announced = url, dict[str, FoundFeed]()
    for tag, inside in _LINK.findall(page):
        attrs = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(inside)}
        if tag.lower() == "base":
            base = urljoin(url, attrs.get("href", "")[: sanitize.URL_LIMIT])
            continue
        kind = attrs.get("type", "").partition(";")[0].strip().lower()
        is_feed = "alternate" in attrs.get("rel", "").lower().split() and kind in _TYPES
        if is_feed and (address := sanitize.url(attrs.get("href", ""), base)):
            announced.setdefault(address, FoundFeed(address, sanitize.name(attrs.get("title", "")), kind))
    found = sorted(announced.values(), key=lambda feed: "comment" in (feed.url + feed.title).lower())
    if not found and "youtube.com" in url[:40] and (channel := _CHANNEL.search(page)):
        return [FoundFeed(f"{_YOUTUBE}channel_id={channel[1]}")]
    known = [match.expand(feed) for site, feed in _SITES if (match := site.match(url))]
    is_front = not urlsplit(url).path.strip("/")  # a page within a site is what was meant, or nothing
    guesses = known or ([] if found or not is_front else [urljoin(url, place) for place in _PLACES])
    return found + [FoundFeed(guess) for guess in guesses if guess not in announced and sanitize.url(guess)]
