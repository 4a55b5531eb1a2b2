"""Small feeds for the tests to take apart."""

from __future__ import annotations

from xml.sax.saxutils import escape

from bacatui.feeds import parse
from bacatui.model import ParsedEntry, ParsedFeed

URL = "https://feed.example/news/rss.xml"
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(
    items: str,
    head: str = "<title>Contoh</title><link>https://feed.example/</link>",
    declaration: str = "",
) -> str:
    return f'{declaration}<rss version="2.0" {_NAMESPACES}><channel>{head}{items}</channel></rss>'


def atom(entries: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>Contoh</title>{entries}</feed>'


def item(title: str, number: int = 1, inside: str = "") -> str:
    return (
        f"<item><title>{escape(title)}</title><link>https://feed.example/a/{number}</link>"
        f"<guid isPermaLink='false'>urn:{number}</guid>{inside}</item>"
    )


def feed(source: str | bytes, content_type: str = "", url: str = URL) -> ParsedFeed:
    return parse(source.encode() if isinstance(source, str) else source, url, content_type)


def first(source: str) -> ParsedEntry:
    return feed(source).entries[0]
