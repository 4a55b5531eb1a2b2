"""The JSON shapes that scripts rely on: one golden file per command in tests/cli/golden guards them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bacatui import document, sanitize
from bacatui.clock import stamp
from bacatui.document import Document
from bacatui.model import Article, Entry, Feed, Kind, picture

if TYPE_CHECKING:
    from bacatui.store import Reader


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry, and the article that is shown for it."""

    row: Entry
    article: Article
    blocks: Document

    @classmethod
    def of(cls, read: Reader, number: int) -> Reading | None:
        """What the store has under `number`; the feed's own text where there is no article."""
        entry, article = read.entry(number), read.article(number)
        if entry is None:
            return None
        if article is None or not article.text:
            article = Article(
                title=entry.title, byline=entry.author, published=entry.published, text=entry.text, html=entry.html,
                language=entry.language, url=entry.url, kind=Kind.FEED, error=article.error if article else "",
                lead_image=picture(entry.enclosures),
            )  # fmt: skip
        return cls(entry, article, tuple(document.read(article.html)))

    @property
    def html(self) -> str:
        """The article's HTML, under its lead picture."""
        return document.with_lead(self.article.html, self.article.lead_image)

    def shape(self) -> dict[str, Any]:
        """The entry with its article: what `read --json` prints."""
        said = {"author": self.article.byline or self.row.author, "error": self.article.error}
        language = {"language": self.row.language or self.article.language}
        return entry(self.row) | body(self.article, self.blocks) | said | language


def headed(title: str, told: Iterable[str], blocks: Document) -> Document:
    """An article under its headline, and paragraphs of what is known about it."""
    head = tuple(document.Paragraph((document.Run(line),)) for line in told if line)
    return (document.Heading(1, (document.Run(title),)), *head, *blocks)


def _picked(noun: object, names: str) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in names.split()}


def feed(feed: Feed) -> dict[str, Any]:
    facts = _picked(feed, "id url title site folder unread entries status error")
    return facts | {"last_ok": stamp(feed.last_ok), "next_check": stamp(feed.next_check)}


def entry(row: Entry) -> dict[str, Any]:
    return {
        "id": row.id, "feed": row.feed_id, **_picked(row, "feed_title title author url"),
        "published": stamp(row.published), "first_seen": stamp(row.first_seen), "read": row.is_read,
        "bookmarked": row.is_bookmarked, **_picked(row, "tags words minutes language offline summary note"),
        "enclosures": [_picked(file, "url type length title") for file in row.enclosures],
    }  # fmt: skip


def body(article: Article, blocks: Document) -> dict[str, Any]:
    """The article itself, in each of its forms."""
    return {
        "text": article.text, "html": article.html, "markdown": document.to_markdown(blocks), "lead": article.lead,
        "pictures": [{"url": p.src, **_picked(p, "alt width height")} for p in document.pictures(blocks)],
        "links": [{"text": text, "url": url} for text, url in document.links(blocks)],
    }  # fmt: skip


def page(article: Article, blocks: Document) -> dict[str, Any]:
    """A page that is not in the store: what `open --json` prints."""
    head = {"title": article.title, "author": article.byline, "url": article.url, "published": stamp(article.published)}
    return head | _picked(article, "site language kind error") | body(article, blocks)


def cuts(article: Article) -> list[dict[str, Any]]:
    """What cleaning took out, before which block it stood, and the rule or extractor that cut it."""

    def shown(html: str) -> str:
        return sanitize.clean(document.to_text(document.read(html), captions=True), 200)

    return [{"position": cut.position, "by": cut.by, "text": shown(cut.html)} for cut in article.cuts]
