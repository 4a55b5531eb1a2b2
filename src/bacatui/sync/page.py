"""One entry's page: fetched, cleaned, put together from its parts, or the feed's own text in its place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bacatui import document
from bacatui.fetch import FetchError, Kind, Reason, Request
from bacatui.i18n import _
from bacatui.model import Article, FullText, Offline
from bacatui.model import Kind as Of
from bacatui.store import Wanted
from bacatui.sync import secrets
from bacatui.sync.events import ArticleDone
from bacatui.sync.kit import Kit, done
from bacatui.work import WorkError

PARTS = 10  # pages of one article at most
UNREACHED_TRIES = 5  # of a host that cannot be found, before its pages count as failed
WHOLE = 120  # words that a feed's text must have to be more than a teaser (DESIGN 4)
CLEANING = 5.0  # seconds of a sync for stored articles
UNREACHED = {Reason.NETWORK, Reason.HOST, Reason.CONNECT, Reason.PROXY, Reason.WAITING}


async def sync_page(kit: Kit, wanted: Wanted) -> ArticleDone:
    """Make one entry readable offline as far as the network gives it; a failure is in the result and in the store."""
    if wanted.full_text is FullText.NEVER:
        article, offline = _own(wanted), Offline.READY
    else:
        article, offline = await _fetched(kit, wanted)
    await done(kit.store.write.store_article(wanted.entry_id, article, offline))
    return ArticleDone(wanted.entry_id, offline, article.error)


async def clean_again(kit: Kit, ids: Sequence[int] | None = None) -> list[int]:
    """Stored articles by newer rules, so many at a time that nothing has to wait; the entries whose text changed."""
    from bacatui.articles import load_rules

    version = (await asyncio.to_thread(load_rules, kit.home.config / "rules")).version
    began, changed = time.monotonic(), list[int]()
    for id in kit.store.read.outdated_articles(version, 1_000) if ids is None else ids:
        if not (article := kit.store.read.article(id)) or article.rules == version:
            continue
        try:
            again = await kit.workers.reclean(article)
        except WorkError:
            again = replace(article, rules=version)
        await done(kit.store.write.store_article(id, again, None))
        changed += [id] if again.html != article.html else []
        if ids is None and time.monotonic() > began + CLEANING:
            break
    return changed


async def read_page(kit: Kit, url: str, trusted: str, auth: tuple[str, str] | None = None) -> Article:
    """The article at `url` with all its parts. Raises FetchError, WorkError."""
    article = await _part(kit, url, trusted, auth)
    seen, host = {url, article.url}, urlsplit(article.url).hostname
    for _number in range(PARTS - 1):
        following = article.next_page
        if not following or following in seen or urlsplit(following).hostname != host:
            break
        seen.add(following)
        try:
            part = await _part(kit, following, trusted, auth)
        except (FetchError, WorkError) as error:
            return replace(article, error=_("A further page of this article is missing: {why}").format(why=error))
        if not part.text or part.text in article.text:
            break
        article = _joined(article, part)
    return article


async def _part(kit: Kit, url: str, trusted: str, auth: tuple[str, str] | None) -> Article:
    reply = await kit.get(Request(url, Kind.PAGE, auth=auth, trusted=trusted))
    article = await kit.workers.extract(reply.body, reply.final_url, reply.content_type)
    return replace(article, url=article.url or reply.final_url)


def _joined(article: Article, part: Article) -> Article:
    blocks = sum(1 for _block in document.read(article.html))
    cuts = tuple(replace(cut, position=cut.position + blocks) for cut in part.cuts)
    return replace(
        article, html=article.html + part.html, text=f"{article.text}\n\n{part.text}", cuts=article.cuts + cuts,
        next_page=part.next_page,
    )  # fmt: skip


async def _fetched(kit: Kit, wanted: Wanted) -> tuple[Article, Offline]:
    """The article of an entry and how much of it there is."""
    trusted = wanted.feed_url or wanted.url  # a saved page was chosen by the reader
    is_same_site = urlsplit(wanted.url).netloc == urlsplit(trusted).netloc
    auth = await secrets.of(wanted.settings, wanted.feed_url) if is_same_site else None
    try:
        article = await read_page(kit, wanted.url, trusted, auth)
    except (FetchError, WorkError) as error:
        return _missing(wanted, str(error), getattr(error, "reason", None))
    is_paid = article.kind is Of.PAYWALL
    if article.kind is Of.NONE or len(article.text) < _worth(wanted):
        if not wanted.text:
            return _missing(wanted, _("The page holds no article."))
        article = _own(wanted)
    return article, Offline.PARTIAL if is_paid or article.error else Offline.READY


def _worth(wanted: Wanted) -> int:
    """How many characters a page must have not to be worse than the feed's own text."""
    return max(1, len(wanted.text) * 4 // 5 if len(wanted.text) > 400 else min(len(wanted.text), 200))


def _missing(wanted: Wanted, why: str, reason: Reason | None = None) -> tuple[Article, Offline]:
    """What is left when the page cannot be had: the feed's whole text, or a reason; a host not reached may be later."""
    if len(wanted.text.split()) >= WHOLE:
        return replace(_own(wanted), error=why), Offline.PARTIAL
    is_away = reason in UNREACHED and wanted.attempts < UNREACHED_TRIES
    return Article(url=wanted.url, error=why), Offline.PENDING if is_away else Offline.FAILED


def _own(wanted: Wanted) -> Article:
    return Article(title=wanted.title, text=wanted.text, html=wanted.html, url=wanted.url, kind=Of.FEED)
