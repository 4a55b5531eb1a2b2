"""The data types that all packages share: feed, entry, mark, article and others.

They are frozen dataclasses. Their texts are sanitized (see `text.sanitize`), so they are safe to
store and to show as plain text. All times are aware datetimes in UTC unless a field says otherwise;
None means that the time is unknown.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

STUB_WORDS: Final = 120  # a feed's text with fewer words is a teaser, not the article


class FeedError(ValueError):
    """The bytes are not a feed that can be parsed. `str(error)` is one sentence for the user."""


# The value of each member is its name in lower case.
# Whether an entry's page is fetched: for stubs only (AUTO), always, or never.
FullText = StrEnum("FullText", "AUTO ALWAYS NEVER")
# How much of an entry can be read without the network. READY: its text, and its pictures where they
# are wanted. PARTIAL: a picture is missing, or the part for subscribers. FAILED: the text is
# missing, and `Article.error` says why. PENDING: its page has not been fetched yet.
Offline = StrEnum("Offline", "READY PARTIAL FAILED PENDING")
# The kind of page an article was made from. FEED: it is the feed's own text. NONE: not an article.
Kind = StrEnum("Kind", "ARTICLE GALLERY LIVE PAYWALL FEED NONE")
# Which addresses a feed may lead to (its setting `network`). PUBLIC: only the public Internet.
# INSIDE: also this machine and its local network. REFUSED: it led there without permission, and
# the user was told.
Network = StrEnum("Network", "PUBLIC INSIDE REFUSED")
# The kinds of lists of entries.
ScopeKind = StrEnum("ScopeKind", "LATEST UNREAD BOOKMARKS FOLDER FEED SEARCH PACK")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an entry: RSS and Atom `enclosure`, JSON Feed attachment."""

    url: str
    type: str = ""
    length: int | None = None  # bytes
    title: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture: by its media type, else by the extension of its file name."""
        if self.type:
            return self.type.startswith("image")
        extension = re.search(r"\.(?:avif|gif|jpe?g|png|webp)(?:$|\?)", self.url, re.IGNORECASE)
        return extension is not None


def picture(enclosures: tuple[Enclosure, ...]) -> str:
    """The URL of the first picture among an entry's enclosures; "" where there is none."""
    return next((each.url for each in enclosures if each.is_picture), "")


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One entry of a feed document, as its publisher wrote it."""

    id: str  # guid, or link, or a hash of title and content
    title: str  # plain text; without one: the first words of the content, or the link
    link: str = ""  # absolute http(s) URL, or empty
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    content: str = ""  # clean minimal HTML (see `document`) of the longest text that the entry has
    text: str = ""  # the same as plain text
    summary: str = ""  # plain text, one paragraph, for the list
    language: str = ""  # as the feed says, else as the text tells; empty where neither does
    comments: str = ""  # URL of the comments page
    enclosures: tuple[Enclosure, ...] = ()
    categories: tuple[str, ...] = ()
    has_guid: bool = False  # `id` is the publisher's own guid
    is_stub: bool = False  # the content is too short to be the article


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """One feed document. `notes` says what was repaired or left out, for the user."""

    title: str
    link: str = ""  # the site
    description: str = ""
    language: str = ""
    ttl: int | None = None  # seconds between polls that the publisher asks for
    entries: tuple[ParsedEntry, ...] = ()
    notes: tuple[str, ...] = ()
    format: str = ""  # rss20, atom10, rdf, json11 ...
    is_whole: bool = True  # False where the document ends early; `entries` lacks the one cut off


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a web page links to, or that was found at one of the usual paths."""

    url: str
    title: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A block that was removed from a page, kept for the X-ray view and for newer rules."""

    position: int  # index of the article's top-level block that followed it
    html: str  # clean minimal HTML of the block
    by: str  # rule ("id.baca-juga") or extractor ("readability") that removed it
    where: str = ""  # its place in the page, as a rule can name it: "div.entry > div.related > p"


@dataclass(frozen=True, slots=True)
class Article:
    """The cleaned text of one page.

    `text` has its paragraphs and headings separated by blank lines, without the headline and the
    standfirst (`lead`); it has captions only where `kind` is a gallery. `html` is clean minimal
    HTML (see `document`). `published` keeps the publisher's UTC offset.
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
    extractor: str = ""  # name of the extractor whose result was chosen, for the X-ray view
    cuts: tuple[Cut, ...] = ()
    error: str = ""  # why the text is missing
    rules: str = ""  # version of the boilerplate rules that cleaned it

    @property
    def image(self) -> str:
        """`lead_image`, by the name that it has in other extraction libraries."""
        return self.lead_image


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription."""

    id: int
    url: str
    title: str  # the user's own title, else the publisher's, else the URL
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
    # pictures, interval, keep, headers, user, password_command, network, and OPML attributes
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is known about fetching one feed.

    `etag` and `last_modified` are sent back as the server sent them (RFC 9110, section 8.8).
    `fetch.schedule` computes each state from the previous one.
    """

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""  # of the last body that was parsed and stored
    refused_hash: str = ""  # of the last body that was no feed, so that it is not parsed again
    status: str = "new"  # new, ok, failing, gone, waiting, paused
    error: str = ""  # one sentence, while failing
    errors: int = 0  # failures in a row
    # The last failure was the host's, not the network's: it is not asked before `next_check`.
    reached: bool = True
    last_checked: datetime | None = None
    last_ok: datetime | None = None  # a 200 that was stored, or a 304
    last_full: datetime | None = None  # a 200 that was stored
    next_check: datetime | None = None  # None: as soon as possible; ignored if `status` is gone
    ttl: int | None = None  # seconds between polls that publisher and server ask for
    moved_to: str = ""  # where a permanent redirect points
    moved_seen: int = 0  # how often in a row


def reading_minutes(words: int) -> int:
    """Reading time in minutes at 230 words a minute; at least 1 where there are words."""
    return max(1, round(words / 230)) if words else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list of entries."""

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
    snippet: str = ""  # of a search hit; each match stands between U+E000 and U+E001

    @property
    def minutes(self) -> int:
        """Reading time in minutes."""
        return reading_minutes(self.words)


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored entry: what its publisher wrote, and what the library knows about it.

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
    # How far it was read: index of the block at the top of the screen, plus the part of it above.
    place: float = 0.0

    @property
    def is_read(self) -> bool:
        """Whether the entry is marked as read."""
        return self.read_at is not None

    @property
    def is_bookmarked(self) -> bool:
        """Whether the entry is bookmarked."""
        return self.bookmarked_at is not None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list shows.

    `key` depends on `kind`: a folder's name, a feed's id as text, a query, or the entry ids of a
    pack separated by commas.
    """

    kind: ScopeKind = ScopeKind.LATEST
    key: str = ""
    filter: str = ""  # a query that its entries must match, too
    title: str = field(default="", compare=False)
