"""What the store hands out beside the nouns of `model`, and what can go wrong with it."""

# ruff: noqa: N818 - the names of docs/architecture.md

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bacatui.i18n import N_, NN_, _, ngettext
from bacatui.model import Feed, FullText, Network, Offline, Row

__all__ = [
    "COMMAND", "Act", "Count", "FeedExists", "FeedUnknown", "Finding", "MuteRule", "OfflineReport", "Privilege",
    "Purged", "Restored", "SavedSearch", "StoreDamaged", "StoreError", "StoreForeign", "StoreFull", "StoreLocked",
    "StoreNewer", "StoreReadOnly", "Stored", "StoredPicture", "Wanted", "WantedPicture", "is_picture_path",
    "is_setting",
]  # fmt: skip

COMMAND: Final = "password_command"  # the one setting of a feed that runs something
NETWORK: Final = "network"  # whether a feed may reach into the user's own network
_SETTINGS: Final = {"pictures", "interval", "keep", "headers", "user", COMMAND, NETWORK}
_OUTLINE: Final = re.compile(r"opml:[A-Za-z_][\w:.-]*")
_PICTURE: Final = re.compile(r"(?:[\w-]+/)?[\w-]+\.\w{2,5}", re.ASCII)


def is_setting(name: str) -> bool:
    """Whether a feed can have a setting of this name: one of ours, or an attribute of its outline in OPML."""
    return name in _SETTINGS or _OUTLINE.fullmatch(name) is not None


def is_privilege(name: str, value: str) -> bool:
    """Whether a setting lets a feed do what only the user can allow, and not who made the library."""
    return name == COMMAND or (name == NETWORK and value not in {Network.PUBLIC, Network.REFUSED})


def is_picture_path(path: str) -> bool:
    """Whether `path` names a file inside the pictures folder: what a library says may lead anywhere."""
    return _PICTURE.fullmatch(path) is not None


class StoreError(Exception):
    """The store cannot do what was asked; `str(error)` is one sentence for the reader."""


class StoreNewer(StoreError):
    """A newer bacatui wrote this file; it is left byte for byte as it is."""


class StoreForeign(StoreError):
    """The file is not a store of ours; it is left byte for byte as it is."""


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
    """What one feed document changed."""

    new: tuple[int, ...] = ()  # entry numbers, in the document's order
    updated: int = 0


@dataclass(frozen=True, slots=True)
class Count:
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
    """One row of the journal. `id` is 0 where nothing had to be changed."""

    id: int
    at: datetime
    author: str  # reader, sync, import, or rule:NAME
    kind: str
    count: int
    detail: str = ""
    undone: bool = False
    entries: tuple[int, ...] = ()  # the first few thousand that it touched

    @property
    def text(self) -> str:
        """What was done, in the reader's language, without a capital: `18 entries marked read`."""
        one, many = _ACTS.get(self.kind, ("{detail}", "{detail}"))
        return ngettext(one, many, self.count).format(n=self.count, detail=self.detail)

    @property
    def by(self) -> str:
        """Who did it, in the reader's language: `you`, or `rule NAME`."""
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
    html: str = ""  # the feed's own text, for where the page is worse
    text: str = ""
    settings: dict[str, str] = field(default_factory=dict)  # the feed's


@dataclass(frozen=True, slots=True)
class WantedPicture:
    url: str
    entry_id: int
    feed_id: int
    feed_url: str
    entry_url: str
    attempts: int = 0
    settings: dict[str, str] = field(default_factory=dict)  # the feed's


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture's file; `path` is relative to the pictures folder, "" where it could not be had or leads out of it."""

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
    """How much of what is unread or bookmarked can be read with the network off."""

    counts: dict[Offline, int]
    missing: tuple[tuple[Row, str], ...] = ()  # failed and pending ones, each with its reason
    bookmarks: int = 0  # of those counted: read, and there because they are bookmarked
    unfetched: int = 0  # not counted: read, and fetched only when they are opened

    @property
    def text(self) -> str:
        """All of it in one line: `unread: 412 of 420 readable offline, 8 failed`; "" where there is nothing to say."""
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
    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class MuteRule(SavedSearch):
    """A query that marks as read ("read") or hides ("hide") what arrives. Bookmarks are never touched."""

    action: str = "read"


@dataclass(frozen=True, slots=True)
class Purged:
    entries: int = 0
    articles: int = 0  # fetched texts given up, their entries kept
    pictures: tuple[str, ...] = ()  # paths that no entry needs any more, for the caller to delete
    feeds: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor."""

    name: str
    is_good: bool
    text: str


@dataclass(frozen=True, slots=True)
class Privilege:
    """What a library lets one of its feeds do: run a command for its password, or reach into the user's network."""

    feed: int
    title: str
    url: str
    setting: str
    value: str  # letter for letter, but for what a terminal could obey or one could not see, which is spelled out
    is_plain: bool = True  # False where something had to be spelled out


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of restoring a library."""

    kept: str  # name of the file that holds what was there before
    dropped: tuple[Privilege, ...] = ()
    foreign: tuple[str, ...] = ()  # triggers, tables and the like that are not ours, left out
    refused: int = 0  # rows that no library of ours has, left out
