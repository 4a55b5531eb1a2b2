"""What is shown of an entry, the same on the screen, on the command line and in exports.

docs/decisions/0006-what-is-shown-of-an-entry.md gives the reasons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bacatui.i18n import N_, _
from bacatui.model import Article, Cut, Entry, Kind, Mark, Offline, picture, reading_minutes
from bacatui.text.urls import host

# Where the text comes from: the entry's page, the feed's own text, or its summary in the feed.
TextSource = StrEnum("TextSource", "PAGE FEED SUMMARY")

OFFLINE_NAMES: Final = {
    Offline.READY: N_("ready"),
    Offline.PARTIAL: N_("partly offline"),
    Offline.FAILED: N_("failed"),
    Offline.PENDING: N_("pending"),
}
_ELLIPSIS: Final = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\(…\)|\(\.\.\.\))$")


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as it is shown. All fields but `html` are plain text; all are sanitized."""

    entry: Entry
    mark: Mark
    title: str
    byline: str
    published: datetime | None  # according to the feed, else to the page
    lead: str
    text: str
    html: str  # clean minimal HTML (see `document`); empty where only plain text is known
    language: str
    lead_image: str  # URL of the picture above the text, or empty
    kind: Kind
    source: TextSource
    missing: str  # what is missing, and why: one sentence, or empty
    error: str  # why the last try to fetch or read the page failed
    extractor: str
    cuts: tuple[Cut, ...]  # what was removed from the page

    @property
    def day(self) -> datetime:
        """When it was published, else when it was first seen."""
        return self.published or self.entry.first_seen

    @property
    def minutes(self) -> int:
        """Reading time in minutes."""
        return reading_minutes(self.entry.words)


def entry_view(
    entry: Entry, mark: Mark, article: Article | None = None, *, feed_text: bool = False
) -> EntryView:
    """What is shown of `entry`, given its mark and the article from its page.

    `feed_text` asks for the feed's own text even where there is an article.
    """
    page = article or Article()
    has_page_text = not feed_text and bool(page.text or page.html)
    if has_page_text:
        text, html, kind, lead_image = page.text, page.html, page.kind, page.lead_image
        source = TextSource.FEED if kind is Kind.FEED else TextSource.PAGE
    else:
        text, html = entry.text or entry.summary, entry.html
        kind, lead_image = Kind.FEED, picture(entry.enclosures)
        source = TextSource.FEED if entry.text or entry.html else TextSource.SUMMARY
    return EntryView(
        entry=entry,
        mark=mark,
        title=shown_title(entry.title, page.title, entry.text),
        byline=page.byline or entry.author,
        published=entry.published or page.published,
        lead=page.lead if has_page_text else "",
        text=text,
        html=html,
        language=entry.language or page.language,
        lead_image=lead_image,
        kind=kind,
        source=source,
        missing=_missing(entry, kind, page.error),
        error=page.error,
        extractor=page.extractor,
        cuts=page.cuts if has_page_text else (),
    )


def shown_title(of_feed: str, of_page: str, text: str = "") -> str:
    """The title in the feed, or the page's headline where that is better.

    It is better where the feed's title is cut off, or was made from the first words of the entry's
    `text` or from its link, because the publisher gave none.
    """
    if not of_page:
        return of_feed
    stem = _ELLIPSIS.sub("", of_feed)
    is_cut = stem != of_feed
    if is_cut and of_page.casefold().startswith(stem.casefold()):
        return of_page
    is_made_of_text = text.startswith(stem) if is_cut else text == of_feed
    is_address = re.fullmatch(r"https?://\S+", of_feed)
    return of_page if is_made_of_text or is_address else of_feed


def _missing(entry: Entry, kind: Kind, error: str) -> str:
    """What is missing of an entry, and why; "" where nothing is."""
    if entry.offline is Offline.PENDING and kind is Kind.FEED:
        if error:  # its host could not be reached
            return _(
                "{why} Only the feed's own text so far; opening it in the app tries again."
            ).format(why=error)
        return _("Only the feed's own text so far; opening it in the app fetches the article.")
    if entry.offline is Offline.FAILED:
        return _("The article is missing: {why}").format(
            why=error or _("the page could not be read.")
        )
    if kind is Kind.PAYWALL:
        return _("The rest of this article is for subscribers of {host}.").format(
            host=host(entry.url)
        )
    if kind is Kind.NONE and not error:
        return _("The page is no article; this is the feed's own text.")
    if entry.offline is Offline.PARTIAL:
        return error or _("Partly offline: a picture is missing.")
    return ""
