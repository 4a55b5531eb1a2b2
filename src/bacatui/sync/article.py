"""One entry made readable: its page, put together from its parts, or the feed's own text; and its
pictures.
"""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from bacatui import document, paths
from bacatui.fetch import LASTING, UNREACHED, FetchError, Reason, Request, Resource
from bacatui.i18n import _
from bacatui.model import STUB_WORDS, Article, FullText, Kind, Offline
from bacatui.store import StoredPicture, Wanted, WantedPicture
from bacatui.sync import network, programs
from bacatui.sync.context import SyncContext, digest, done
from bacatui.sync.events import ArticleDone, PictureDone
from bacatui.text import count_words, is_cut_off, terms, tokens
from bacatui.text.urls import host
from bacatui.work import WorkError, WorkInterruptedError

PARTS = 10  # pages of one article at most
UNREACHED_TRIES = 5  # of a host that cannot be found, before its pages count as failed
STRANGE = 40  # words that a page must have which another host sent than was asked
WHOLE = 0.9  # share of the feed's own text that a page has which has all of it: cleaning and quotes differ
FEW = 5  # words of a feed's text that says nothing, such as "Comments"
ABOUT = 0.25  # share of the terms of one text that stand in another about the same
CLEANING = 5.0  # seconds of a sync for stored articles
SMALLEST = 3  # pixels a side: what is smaller counts readers, and shows nothing
_COUNTERS = re.compile(
    r"//(?:[\w.-]*\.)?(?:doubleclick\.net|google-analytics\.com|scorecardresearch\.com|quantserve\.com|stats\.wordpress\.com"
    r"|pixel\.[\w.-]+|feeds\.feedburner\.com/~|[\w.-]*/~r/|b\.gif)|/(?:pixel|beacon|1x1|spacer|blank)(?:\.\w{2,4}|/|\?|$)",
    re.IGNORECASE,
)


async def sync_page(context: SyncContext, wanted: Wanted) -> ArticleDone:
    """Make one entry readable offline as far as the network gives it; a failure is in the result
    and in the store.
    """
    if wanted.full_text is FullText.NEVER:
        article, offline = _own(wanted), Offline.READY
    else:
        article, offline = await _fetched(context, wanted)
    await done(context.store.write.store_article(wanted.entry_id, article, offline))
    return ArticleDone(wanted.entry_id, offline, article.error)


async def clean_again(context: SyncContext, ids: Sequence[int] | None = None) -> list[int]:
    """Stored articles by newer rules, so many at a time that nothing has to wait; the entries whose
    text changed.
    """
    from bacatui.articles import load_rules

    version = (await asyncio.to_thread(load_rules, context.home.config / "rules")).version
    began, changed = time.monotonic(), list[int]()
    for id in context.store.read.outdated_articles(version, 1_000) if ids is None else ids:
        if not (article := context.store.read.article(id)) or article.rules == version:
            continue
        try:
            again = await context.workers.do("reclean", b"", article=article)
        except WorkInterruptedError:  # it is cleaned another time
            continue
        except WorkError:
            again = replace(article, rules=version)
        await done(context.store.write.store_article(id, again, None))
        changed += [id] if again.html != article.html else []
        if ids is None and time.monotonic() > began + CLEANING:
            break
    return changed


async def read_page(
    context: SyncContext, url: str, trusted: str, auth: tuple[str, str] | None = None
) -> Article:
    """The article at `url` with all its parts, asked on behalf of `trusted`.

    Raises FetchError, WorkError.
    """
    article, is_inside = await _part(context, url, trusted, auth)
    trusted = trusted if is_inside else ""  # what a public page names is public
    seen, host = {url, article.url}, urlsplit(article.url).hostname
    for _number in range(PARTS - 1):
        following = article.next_page
        if not following or following in seen or urlsplit(following).hostname != host:
            break
        seen.add(following)
        try:
            part, _is_inside = await _part(context, following, trusted, auth)
        except (FetchError, WorkError) as error:
            return replace(
                article,
                error=_("A further page of this article is missing: {why}").format(why=error),
            )
        if not part.text or part.text in article.text:
            break
        blocks = sum(1 for _block in document.read(article.html))
        cuts = tuple(replace(cut, position=cut.position + blocks) for cut in part.cuts)
        article = replace(
            article,
            html=article.html + part.html,
            text=f"{article.text}\n\n{part.text}",
            cuts=article.cuts + cuts,
            next_page=part.next_page,
            error=article.error or part.error,
        )
    else:
        if article.next_page not in {"", *seen}:
            article = replace(
                article,
                error=_("Only the first {n} pages of this article are here.").format(n=PARTS),
            )
    return article


async def _part(
    context: SyncContext, url: str, trusted: str, auth: tuple[str, str] | None
) -> tuple[Article, bool]:
    """One page, and whether it lies inside this machine or network."""
    reply = await context.get(Request(url, Resource.PAGE, auth=auth, trusted=trusted))
    found: Article = await context.workers.do(
        "extract", reply.body, url=reply.final_url, content_type=reply.content_type
    )
    return replace(found, url=found.url or reply.final_url), reply.is_inside


async def _fetched(context: SyncContext, wanted: Wanted) -> tuple[Article, Offline]:
    """The article of an entry and how much of it there is."""
    trusted, own = network.trusted(wanted.settings, wanted.feed_url, wanted.url), wanted.text
    is_same_site = urlsplit(wanted.url).netloc == urlsplit(wanted.feed_url).netloc
    auth = await programs.password(wanted.settings, wanted.feed_url) if is_same_site else None
    try:
        article = await read_page(context, wanted.url, trusted, auth)
    except (FetchError, WorkError) as error:
        if getattr(error, "reason", None) is Reason.INSIDE and not wanted.feed_url:
            allowed = _("If it is yours: bacatui save {url}").format(url=wanted.url)
            return _missing(wanted, f"{error} {allowed}")
        return _missing(wanted, error)
    is_elsewhere = (
        urlsplit(article.url).hostname != urlsplit(wanted.url).hostname
    )  # maybe a network's login page
    is_strange = is_elsewhere and count_words(article.text) < STRANGE
    is_nothing = article.kind is Kind.NONE or is_strange
    if not own:
        if not article.text or (is_nothing and is_elsewhere):
            return _missing(wanted, article.error or _("No article was found on this page."))
        if is_nothing:  # what the page says is more than nothing
            return article, Offline.PARTIAL
    elif is_nothing or not says_as_much(f"{article.lead}\n\n{article.text}", own, wanted.title):
        why = ""
        if article.kind is Kind.PAYWALL:
            why = _("The rest of this article is for subscribers of {host}.").format(
                host=host(wanted.url)
            )
        elif is_strange:
            why = _("No article was found on this page.")
        elif is_cut_off(own) and not is_nothing:
            why = _("The page has less of this text than the feed.")
        article = replace(_own(wanted), kind=Kind.NONE if is_nothing else Kind.FEED, error=why)
    is_partial = article.kind is Kind.PAYWALL or article.error
    return article, Offline.PARTIAL if is_partial else Offline.READY


def says_as_much(page: str, own: str, title: str) -> bool:
    """Whether the text of a page says as much as the feed's own text: it has all of it, or has more
    to say.

    What stands around a film, a form or a picture is about neither text nor title, and is short.
    """
    ours, theirs = tokens(own), tokens(page)
    count, least = count_words(page), count_words(own)
    if count < least:
        groups = set(zip(ours, ours[1:], ours[2:], strict=False))
        shared = groups.intersection(zip(theirs, theirs[1:], theirs[2:], strict=False))
        return bool(groups) and len(shared) >= WHOLE * len(groups)
    if count >= STUB_WORDS or least < FEW:
        return True
    said = [each for each in (terms(own), terms(title)) if each]
    return not said or any(len(each & terms(page)) >= ABOUT * len(each) for each in said)


def _missing(wanted: Wanted, why: Exception | str) -> tuple[Article, Offline]:
    """What is left when the page cannot be had: the feed's whole text, or a reason; a host that was
    not reached, or a page that this machine did not come to read, may be had later.
    """
    if count_words(wanted.text) >= STUB_WORDS:
        return replace(_own(wanted), error=str(why)), Offline.PARTIAL
    is_away = isinstance(why, FetchError) and why.reason in UNREACHED - LASTING
    is_away = is_away or isinstance(why, WorkInterruptedError)
    is_tried_again = is_away and wanted.attempts < UNREACHED_TRIES
    return Article(
        url=wanted.url, error=str(why)
    ), Offline.PENDING if is_tried_again else Offline.FAILED


def _own(wanted: Wanted) -> Article:
    return Article(
        title=wanted.title, text=wanted.text, html=wanted.html, url=wanted.url, kind=Kind.FEED
    )


async def sync_picture(context: SyncContext, wanted: WantedPicture) -> PictureDone:
    """Fetch one picture into a file named by its content; why it could not be had is in the result
    and in the store.

    Without a reason there is nothing to be shown either, and nothing is missing.
    """
    picture = StoredPicture(wanted.url, "")
    if not _COUNTERS.search(wanted.url):
        try:
            picture = await _picture(context, wanted)
        except OSError as error:
            return PictureDone(wanted.url, wanted.entry_id, error.strerror or str(error))
        except (FetchError, WorkError) as error:
            picture = StoredPicture(wanted.url, "", error=str(error))
            is_away = isinstance(error, FetchError) and error.reason is Reason.NETWORK
            if is_away or isinstance(error, WorkInterruptedError):  # tried again at the next sync
                return PictureDone(wanted.url, wanted.entry_id, picture.error)
    await done(context.store.write.store_picture(picture))
    return PictureDone(wanted.url, wanted.entry_id, picture.error)


async def _picture(context: SyncContext, wanted: WantedPicture) -> StoredPicture:
    trusted = network.trusted(wanted.settings, wanted.feed_url, wanted.entry_url)
    reply = await context.get(Request(wanted.url, Resource.PICTURE, trusted=trusted))
    if len(reply.body) > context.settings.picture_bytes:
        raise FetchError(Reason.TOO_BIG)
    kind, width, height = await context.workers.do("picture", reply.body)
    if min(width, height) < SMALLEST:
        return StoredPicture(wanted.url, "")
    name = digest(reply.body)
    path = Path(name[:2]) / f"{name}.{kind}"
    write_whole(context.home.pictures / path, reply.body)
    return StoredPicture(wanted.url, str(path), kind, width, height, len(reply.body))


def write_whole(path: Path, body: bytes) -> None:
    """Write a private file at once or not at all. Raises OSError."""
    if path.exists():
        return
    paths.make_private(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
