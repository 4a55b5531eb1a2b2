"""Feeds: bytes to `ParsedFeed`, whatever their format; dates; discovery; OPML; what comes from other readers."""

from bacatui.feeds.dates import date
from bacatui.feeds.discovery import discover
from bacatui.feeds.newsboat import ForeignEntry, read_newsboat, read_newsboat_cache
from bacatui.feeds.opml import Subscription, Subscriptions, read_opml, write_opml
from bacatui.feeds.parse import parse

__all__ = [
    "ForeignEntry", "Subscription", "Subscriptions", "date", "discover", "parse", "read_newsboat",
    "read_newsboat_cache", "read_opml", "write_opml",
]  # fmt: skip
