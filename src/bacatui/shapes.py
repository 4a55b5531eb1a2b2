"""The JSON shapes that scripts rely on: one golden file per command in tests/cli/golden guards
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bacatui import document
from bacatui.clock import stamp
from bacatui.document import Document
from bacatui.model import Article, Feed
from bacatui.model.entry_view import EntryView
from bacatui.text import sanitize


def with_lead(view: EntryView) -> str:
    """The HTML of what is shown, under its lead picture."""
    return document.with_lead(view.html, view.lead_image)


def blocks_of(view: EntryView) -> Document:
    """What is shown as blocks; paragraphs where only plain text is known."""
    if view.html:
        return tuple(document.read(view.html))
    return document.paragraphs(view.text)


def whole_entry(view: EntryView) -> dict[str, Any]:
    """The entry with its text: what `read --json` prints."""
    return entry(view) | body(view, blocks_of(view)) | {"error": view.error}


def headed(title: str, told: Iterable[str], blocks: Document) -> Document:
    """An article under its headline, and paragraphs of what is known about it."""
    head = tuple(document.Paragraph((document.Run(line),)) for line in told if line)
    return (document.Heading(1, (document.Run(title),)), *head, *blocks)


def _picked(noun: object, names: str) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in names.split()}


def feed(feed: Feed) -> dict[str, Any]:
    """A feed as `feeds --json` prints it."""
    facts = _picked(feed, "id url title site folder unread entries status error")
    return facts | {"last_ok": stamp(feed.last_ok), "next_check": stamp(feed.next_check)}


def entry(view: EntryView) -> dict[str, Any]:
    """The entry without its text: what `list --json` prints of each."""
    stored, mark = view.entry, view.mark
    return {
        "id": stored.id,
        "feed": stored.feed_id,
        "feed_title": stored.feed_title,
        "title": view.title,
        "author": view.byline,
        "url": stored.url,
        "published": stamp(view.published),
        "first_seen": stamp(stored.first_seen),
        "read": mark.is_read,
        "bookmarked": mark.is_bookmarked,
        "tags": mark.tags,
        "words": stored.words,
        "minutes": view.minutes,
        "language": view.language,
        "offline": stored.offline,
        "summary": stored.summary,
        "note": mark.note,
        "enclosures": [_picked(file, "url type length title") for file in stored.enclosures],
    }


def body(shown: Article | EntryView, blocks: Document) -> dict[str, Any]:
    """The text itself, in each of its forms."""
    return {
        "text": shown.text,
        "html": shown.html,
        "markdown": document.to_markdown(blocks),
        "lead": shown.lead,
        "pictures": [
            {"url": p.src, **_picked(p, "alt width height")} for p in document.pictures(blocks)
        ],
        "links": [{"text": text, "url": url} for text, url in document.links(blocks)],
    }


def page(article: Article, blocks: Document) -> dict[str, Any]:
    """A page that is not in the store: what `open --json` prints."""
    head = {
        "title": article.title,
        "author": article.byline,
        "url": article.url,
        "published": stamp(article.published),
    }
    return head | _picked(article, "site language kind error") | body(article, blocks)


def cuts(shown: Article | EntryView) -> list[dict[str, Any]]:
    """What cleaning took out, before which block it stood, and the rule or extractor that cut it."""

    def as_text(html: str) -> str:
        return sanitize.clean(document.to_text(document.read(html), captions=True), 200)

    return [
        {"position": cut.position, "by": cut.by, "text": as_text(cut.html)} for cut in shown.cuts
    ]
