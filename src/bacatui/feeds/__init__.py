"""Feeds: bytes to `ParsedFeed`, whatever their format; dates; discovery; OPML; what comes from other readers."""

from bacatui.feeds.dates import date
from bacatui.feeds.parse import parse

__all__ = ["date", "parse"]
