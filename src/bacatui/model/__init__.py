"""The nouns of the house: what a feed, an entry, a mark and an article are.

Frozen dataclasses without behaviour of their own beyond small derived facts. Everything here has already
passed the text gate (`sanitize`): a value of these types is safe to store, and safe to show as plain text.
All times are aware datetimes in UTC unless a field says otherwise; None means unknown, never invented.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

STUB_WORDS: Final = 120  # a feed's text of fewer words is a teaser, not the article


class FeedError(ValueError):
    """The bytes are no feed that we can read. `str(error)` is one plain sentence for the user."""


# Each value of an enumeration is its name in small letters.
# Whether an entry's page is fetched: for stubs only, always, or never.
FullText = StrEnum("FullText", "AUTO ALWAYS NEVER")
# How much of an entry can be read with the network off. READY: all text, and its pictures where they are
# wanted. PARTIAL: all text that could be had, a picture or the paid part missing. FAILED: text missing,
# `Article.error` says why. PENDING: not tried yet.
Offline = StrEnum("Offline", "READY PARTIAL FAILED PENDING")
# What sort of page an article was made from. FEED: it is the feed's own text. NONE: the page is no article.
Kind = StrEnum("Kind", "ARTICLE GALLERY LIVE PAYWALL FEED NONE")
# What a feed leads to, as decided when it was chosen (its setting `network`). PUBLIC: only the open Internet. INSIDE:
# it may lie inside this machine or network, too. REFUSED: it led inside without leave, and the user was told.
Network = StrEnum("Network", "PUBLIC INSIDE REFUSED")
# The sequences of entries that a list can show.
ScopeKind = StrEnum("ScopeKind", "LATEST UNREAD BOOKMARKS FOLDER FEED SEARCH PACK")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an entry (RSS `enclosure`, Atom `rel=enclosure`, JSON Feed attachment)."""

    url: str
    type: str = ""
    length: int | None = None  # bytes
    title: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, by its type, or by its name where it has none."""
        is_named_so = re.search(r"\.(?:avif|gif|jpe?g|png|webp)(?:$|\?)", self.url, re.IGNORECASE)
        return self.type.startswith("image") if self.type else bool(is_named_so)


def picture(enclosures: tuple[Enclosure, ...]) -> str:
    """The address of the first picture that comes with an entry; "" where none does."""
    return next((each.url for each in enclosures if each.is_picture), "")


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry of a feed document, as its publisher wrote it."""

    id: str  # guid, or link, or a hash of title and content
    title: str  # plain text; the first words of the content, or the link, where the publisher gave none
    link: str = ""  # absolute http(s) URL, or empty
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    content: str = (
        ""  # clean minimal HTML (see `document`): the longest text that the entry carries
    )
    text: str = ""  # the same as plain text
    summary: str = ""  # plain text, one paragraph, for the list
    language: str = ""  # as the feed says, else as the text tells; empty where neither does
    comments: str = ""  # URL of the comments page
    enclosures: tuple[Enclosure, ...] = ()
    categories: tuple[str, ...] = ()
    has_guid: bool = False  # `id` is the publisher's own guid
    is_stub: bool = False  # the content is too little to be the article


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """One feed document. `notes` says in plain words what was repaired or left out."""

    title: str
    link: str = ""  # the site
    description: str = ""
    language: str = ""
    ttl: int | None = None  # seconds between polls that the publisher asks for
    entries: tuple[ParsedEntry, ...] = ()
    notes: tuple[str, ...] = ()
    format: str = ""  # rss20, atom10, rdf, json11 ...
    is_whole: bool = True  # False where the document ends early; the entry that was cut off is not among `entries`


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a web page announces, or that a path commonly has."""

    url: str
    title: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A block that cleaning took out of a page: for the X-ray, and for cleaning again with newer rules."""

    position: int  # index of the article's top-level block before which it stood
    html: str  # clean minimal HTML of the block
    by: str  # rule id ("id.baca-juga") or extractor ("readability") that cut it
    where: str = ""  # classes of its holders ("div.entry > div.related > p"): what a rule for the site can name


@dataclass(frozen=True, slots=True)
class Article:
    """The cleaned text of one page.

    `text` holds paragraphs and headings separated by blank lines, without the headline, the standfirst
    (`lead`), or anything of the page around it; captions only where `kind` is a gallery. `html` is the clean
    minimal HTML of `document`. `published` keeps the publisher's own offset.
    """

    title: str = ""
    byline: str = ""  # names joined by ", ", without a label
    published: datetime | None = None
    lead: str = ""
    text: str = ""
    html: str = ""
    language: str = ""
    site: str = ""
    lead_image: str = ""
    url: str = ""
    kind: Kind = Kind.ARTICLE
    next_page: str = ""  # URL of the next part, where the article is split
    extractor: str = ""  # whose judgement carried: for the X-ray
    cuts: tuple[Cut, ...] = ()
    error: str = ""  # why the text is missing
    rules: str = ""  # version of the boilerplate rules that cleaned it

    @property
    def image(self) -> str:
        """The lead picture, by the name that other extractors give it."""
        return self.lead_image


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription."""

    id: int
    url: str
    title: str  # the user's own title, else the publisher's, else the host
    site: str = ""
    folder: str = ""
    full_text: FullText = FullText.AUTO
    unread: int = 0
    entries: int = 0
    status: str = "new"  # new, ok, failing, gone, waiting, paused
    error: str = ""  # one sentence, when failing
    last_ok: datetime | None = None
    next_check: datetime | None = None
    publisher_title: str = ""
    settings: dict[str, str] = field(
        default_factory=dict
    )  # pictures, interval, keep, headers, auth, network


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is known about asking one feed. Validators are the server's own bytes, verbatim (RFC 9110, 8.8).

    `fetch.schedule` makes each state from the last one; the store keeps it beside the entries it belongs to.
    """

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""  # of the last body that was parsed and stored
    refused_hash: str = ""  # of the last body that was no feed, so that it is not parsed again
    status: str = "new"  # new, ok, failing, gone, waiting, paused
    error: str = ""  # one sentence, while failing
    errors: int = 0  # failures in a row
    reached: bool = (
        True  # the last failure was the host's own, so that it is left in peace until `next_check`
    )
    last_checked: datetime | None = None
    last_ok: datetime | None = None  # a 200 that was stored, or a 304
    last_full: datetime | None = None  # a 200 that was stored
    next_check: datetime | None = None  # None: as soon as possible; never where `status` is gone
    ttl: int | None = None  # seconds between polls that publisher and server ask for
    moved_to: str = ""  # where a permanent redirect points
    moved_seen: int = 0  # how often in a row


def reading_minutes(words: int) -> int:
    """Reading time at 230 words a minute, at least one where there is text."""
    return max(1, round(words / 230)) if words else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: int
    feed_id: int
    feed_title: str
    title: str
    sort_at: datetime
    published: datetime | None
    first_seen: datetime
    is_read: bool
    is_bookmarked: bool
    offline: Offline
    words: int
    author: str = ""
    tags: tuple[str, ...] = ()
    snippet: str = ""  # matches between U+E000 and U+E001 when the row is a search hit

    @property
    def minutes(self) -> int:
        """Reading time in minutes."""
        return reading_minutes(self.words)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed as it is stored: what its publisher wrote, and what the library knows of it.

    What the user did with it is a `Mark`; what is shown of it is an `EntryView`.
    """

    id: int
    feed_id: int
    feed_title: str
    title: str
    sort_at: datetime
    published: datetime | None
    first_seen: datetime
    offline: Offline
    words: int  # of the text that is shown
    author: str = ""
    guid: str = ""
    url: str = ""
    updated: datetime | None = None
    summary: str = ""
    html: str = ""  # the feed's own text
    text: str = ""
    language: str = ""
    comments: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    categories: tuple[str, ...] = ()
    is_stub: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What the user did with an entry."""

    read_at: datetime | None = None
    bookmarked_at: datetime | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    place: float = 0.0  # how far the article was read: index of the top block, and the share of it above the screen

    @property
    def is_read(self) -> bool:
        """Whether the user has read the entry."""
        return self.read_at is not None

    @property
    def is_bookmarked(self) -> bool:
        """Whether the user has bookmarked the entry."""
        return self.bookmarked_at is not None


@dataclass(frozen=True, slots=True)
class Scope:
    """What the list shows: a kind, and its key (folder name, feed id as text, QUERY, or ids of a pack)."""

    kind: ScopeKind = ScopeKind.LATEST
    key: str = ""
    filter: str = ""  # a QUERY that narrows it
    title: str = field(default="", compare=False)
