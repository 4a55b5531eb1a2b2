"""Types that the store returns besides those of `model`, and its errors."""

# ruff: noqa: N818 - the names of docs/architecture.md

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bacatui.i18n import N_, NN_, _, ngettext
from bacatui.model import Feed, FullText, Network, Offline, Row

__all__ = [
    "COMMAND",
    "Act",
    "Count",
    "FeedExists",
    "FeedUnknown",
    "Finding",
    "MuteRule",
    "OfflineReport",
    "Privilege",
    "Purged",
    "Restored",
    "SavedSearch",
    "StoreDamaged",
    "StoreError",
    "StoreForeign",
    "StoreFull",
    "StoreLocked",
    "StoreNewer",
    "StoreReadOnly",
    "Stored",
    "StoredPicture",
    "Wanted",
    "WantedPicture",
    "is_picture_path",
    "is_setting",
]

COMMAND: Final = "password_command"  # the one setting of a feed that runs a program
NETWORK: Final = "network"  # whether a feed may lead into the user's own network
_SETTINGS: Final = {"pictures", "interval", "keep", "headers", "user", COMMAND, NETWORK}
_OUTLINE: Final = re.compile(r"opml:[A-Za-z_][\w:.-]*")
_PICTURE: Final = re.compile(r"(?:[\w-]+/)?[\w-]+\.\w{2,5}", re.ASCII)


def is_setting(name: str) -> bool:
    """Whether a feed can have a setting of this name: ours, or an attribute of its OPML outline."""
    return name in _SETTINGS or _OUTLINE.fullmatch(name) is not None


def is_privilege(name: str, value: str) -> bool:
    """Whether a setting gives a feed a privilege that only the user may grant."""
    return name == COMMAND or (name == NETWORK and value not in {Network.PUBLIC, Network.REFUSED})


def is_picture_path(path: str) -> bool:
    """Whether `path`, from a library that is not trusted, names a file in the pictures folder."""
    return _PICTURE.fullmatch(path) is not None


class StoreError(Exception):
    """The store cannot do what was asked; `str(error)` is one sentence for the user."""


class StoreNewer(StoreError):
    """A newer bacatui wrote this file, which is left unchanged."""


class StoreForeign(StoreError):
    """The file is not a store of bacatui, and is left unchanged."""


class StoreDamaged(StoreError):
    """The file cannot be read as a database, and nothing could be recovered in its place."""


class StoreLocked(StoreError):
    """Another program kept the store locked for longer than we wait."""


class StoreFull(StoreError):
    """No space is left on the disk; nothing was half written."""


class StoreReadOnly(StoreError):
    """The store can be read but not written."""


class FeedUnknown(StoreError, LookupError):
    """There is no such feed, or it was removed meanwhile."""


class FeedExists(StoreError):
    """The address is subscribed already, as `feed`."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(_("Already subscribed: {title}.").format(title=feed.title))
        self.feed = feed


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing one feed document has changed."""

    new: tuple[int, ...] = ()  # entry numbers, in the document's order
    updated: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """Counts of the entries in a scope."""

    entries: int = 0
    unread: int = 0
    minutes: int = 0  # reading time of the unread


_ACTS = {
    "read": NN_("{n} entry marked read", "{n} entries marked read"),
    "unread": NN_("{n} entry marked unread", "{n} entries marked unread"),
    "bookmark": NN_("{n} entry bookmarked", "{n} entries bookmarked"),
    "unbookmark": NN_("{n} bookmark taken off", "{n} bookmarks taken off"),
    "tags": NN_("tags of {n} entry changed", "tags of {n} entries changed"),
    "note": NN_("note on {n} entry changed", "notes on {n} entries changed"),
    "hide": NN_("{n} entry muted", "{n} entries muted"),
    "subscribe": NN_("subscribed to {detail}", "subscribed to {detail}"),
    "unsubscribe": NN_("unsubscribed from {detail}", "unsubscribed from {detail}"),
    "feed": NN_("feed changed: {detail}", "feed changed: {detail}"),
    "merge": NN_("feed merged: {detail}", "feed merged: {detail}"),
    "search": NN_("saved search changed: {detail}", "saved search changed: {detail}"),
    "rule": NN_("mute rule changed: {detail}", "mute rule changed: {detail}"),
}
_AUTHORS = {"reader": N_("you"), "sync": N_("sync"), "import": N_("import"), "rule": N_("rule")}


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the journal. `id` is 0 where nothing had to be changed."""

    id: int
    at: datetime
    author: str  # reader, sync, import, or rule:NAME
    kind: str
    count: int
    detail: str = ""
    undone: bool = False
    entries: tuple[int, ...] = ()  # the first few thousand that it changed

    @property
    def text(self) -> str:
        """What was done, in the user's language: `18 entries marked read`."""
        one, many = _ACTS.get(self.kind, ("{detail}", "{detail}"))
        return ngettext(one, many, self.count).format(n=self.count, detail=self.detail)

    @property
    def by(self) -> str:
        """Who did it, in the user's language: `you`, or `rule NAME`."""
        who, _colon, name = self.author.partition(":")
        return f"{_(_AUTHORS.get(who, who))} {name}".rstrip()


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry whose page is to be fetched."""

    entry_id: int
    feed_id: int
    url: str
    title: str
    feed_url: str
    full_text: FullText
    attempts: int = 0
    html: str = ""  # the feed's own text, in case that the page is worse
    text: str = ""
    settings: dict[str, str] = field(default_factory=dict)  # the feed's


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """A picture that is to be fetched."""

    url: str
    entry_id: int
    feed_id: int
    feed_url: str
    entry_url: str
    attempts: int = 0
    settings: dict[str, str] = field(default_factory=dict)  # the feed's


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture's file.

    `path` is relative to the pictures folder; "" where the picture could not be fetched, or where
    the path is not inside the folder.
    """

    url: str
    path: str
    format: str = ""
    width: int = 0
    height: int = 0
    size: int = 0  # bytes
    error: str = ""

    def __post_init__(self) -> None:
        if not is_picture_path(self.path):
            object.__setattr__(self, "path", "")
        if not self.format.isalpha():
            object.__setattr__(self, "format", "")


@dataclass(frozen=True, slots=True)
class OfflineReport:
    """How much of what is unread or bookmarked can be read without the network."""

    counts: dict[Offline, int]
    missing: tuple[tuple[Row, str], ...] = ()  # failed and pending entries, with the reasons
    bookmarks: int = 0  # read entries that are counted because they are bookmarked
    unfetched: int = 0  # read entries that are not counted, and fetched only when opened

    @property
    def text(self) -> str:
        """The report in one line: `unread: 412 of 420 readable offline, 8 failed`; or ""."""
        partial, total = self.counts[Offline.PARTIAL], sum(self.counts.values())
        told = []
        if total:
            said = (
                _("unread and bookmarked: {readable} of {total} readable offline")
                if self.bookmarks
                else _("unread: {readable} of {total} readable offline")
            )
            told.append(said.format(readable=self.counts[Offline.READY] + partial, total=total))
        parts = (
            (partial, _("{n} of them partly")),
            (self.counts[Offline.FAILED], _("{n} failed")),
            (self.counts[Offline.PENDING], _("{n} pending")),
        )
        told += [words.format(n=n) for n, words in parts if n]
        more = ngettext(
            "{n} read one fetched when opened", "{n} read ones fetched when opened", self.unfetched
        ).format(n=self.unfetched)
        return "; ".join(filter(None, (", ".join(told), more if self.unfetched else "")))


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query that the user has saved under a name."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class MuteRule(SavedSearch):
    """A query that marks as read ("read") or hides ("hide") what arrives, but no bookmarks."""

    action: str = "read"


@dataclass(frozen=True, slots=True)
class Purged:
    """What retention has deleted."""

    entries: int = 0
    articles: int = 0  # fetched texts, whose entries stay
    pictures: tuple[str, ...] = ()  # paths of files that the caller is to delete
    feeds: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check of `bacatui doctor`."""

    name: str
    is_good: bool
    text: str


@dataclass(frozen=True, slots=True)
class Privilege:
    """A feed's setting that runs a command for its password, or opens the user's network to it."""

    feed: int
    title: str
    url: str
    setting: str
    value: str  # with control and invisible characters escaped, as by `ascii`
    is_plain: bool = True  # False where characters had to be escaped


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of restoring a library."""

    kept: str  # name of the file that holds what was there before
    dropped: tuple[Privilege, ...] = ()
    foreign: tuple[str, ...] = ()  # triggers, tables and the like that were left out
    refused: int = 0  # invalid rows that were left out
