"""What a sync tells while it goes on, and what it says at the end."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from bacatui.fetch import FetchError, Reason, Reply
from bacatui.i18n import ngettext
from bacatui.model import Feed, FoundFeed, Offline, ParsedFeed
from bacatui.store import OfflineReport

__all__ = [
    "Added",
    "ArticleDone",
    "Event",
    "Failure",
    "FeedDone",
    "Finished",
    "Outcome",
    "Pack",
    "PictureDone",
    "Preview",
    "Report",
    "Started",
]


# How a feed came out of a sync. WAITING: not asked, since its host wants peace, or it is gone.
Outcome = StrEnum("Outcome", "OK UNCHANGED FAILED WAITING")


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be had: `feed` is its number, `error` one sentence."""

    feed: int
    title: str
    url: str
    error: str


@dataclass(slots=True)
class Report:
    """What one sync did.

    `offline`, `bookmarks` and `unfetched` are those of `OfflineReport`: they count the whole
    library, not this sync's share alone.
    """

    feeds: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    new: int = 0
    updated: int = 0
    offline: dict[Offline, int] = field(default_factory=lambda: dict.fromkeys(Offline, 0))
    bookmarks: int = 0
    unfetched: int = 0
    pictures: int = 0
    bytes: int = 0
    seconds: float = 0.0
    errors: list[Failure] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The report as `sync --json` prints it."""
        return {
            "feeds": {str(outcome): n for outcome, n in self.feeds.items()},
            "entries": {"new": self.new, "updated": self.updated},
            "articles": {str(offline): n for offline, n in self.offline.items()},
            "pictures": self.pictures,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "errors": [
                {"feed": e.feed, "title": e.title, "url": e.url, "error": e.error}
                for e in self.errors
            ],
        }

    def summary(self) -> str:
        """The last line of a sync: `18 new; 1 feed failed; unread: 412 of 420 readable offline, 8
        failed`.
        """
        failed = self.feeds[Outcome.FAILED]
        parts = (
            ngettext("{n} new", "{n} new", self.new).format(n=self.new),
            ngettext("{n} feed failed", "{n} feeds failed", failed).format(n=failed)
            if failed
            else "",
            self.readable(),
        )
        return "; ".join(filter(None, parts))

    def readable(self) -> str:
        """How much of the library can be read with the network off; "" where there is nothing to
        say.
        """
        return OfflineReport(self.offline, bookmarks=self.bookmarks, unfetched=self.unfetched).text


@dataclass(frozen=True, slots=True)
class Started:
    feeds: int  # to be asked


@dataclass(frozen=True, slots=True)
class FeedDone:
    feed: Feed
    outcome: Outcome
    new: tuple[int, ...] = ()  # entry numbers
    updated: int = 0
    error: str = ""
    answered: bool = False  # by its host, whatever it said: the network is there
    leads_inside: bool = (
        False  # into this machine or network, without the user's leave, so that it was not asked
    )


@dataclass(frozen=True, slots=True)
class ArticleDone:
    entry_id: int
    offline: Offline
    error: str = ""
    left: int = 0  # articles still to come in this sync


@dataclass(frozen=True, slots=True)
class PictureDone:
    url: str
    entry_id: int
    error: str = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    report: Report


Event = Started | FeedDone | ArticleDone | PictureDone | Finished


@dataclass(frozen=True, slots=True)
class Preview:
    """What stands at an address: a feed (`parsed`), several to choose from, or neither, and `error`
    says why.

    `can_wait` is True where the network failed and not the address, so that one may subscribe all
    the same.
    """

    url: str  # of the feed, where there is one
    parsed: ParsedFeed | None = None
    choices: tuple[FoundFeed, ...] = ()
    error: str = ""
    can_wait: bool = False
    reply: Reply | None = None  # what it was made from, so that subscribing need not ask again
    failure: FetchError | None = None
    trusted: str = ""  # on whose behalf `choices` may be asked: see `fetch.Request`

    @property
    def is_unknown(self) -> bool:
        """The resolver knows no host of that name: a typo, mostly."""
        error = self.failure
        return (
            error is not None
            and error.reason is Reason.HOST
            and error.host == urlsplit(self.url).hostname
        )

    @property
    def is_online(self) -> bool | None:
        """Whether the network is there: any answer shows that it is.

        None where this look cannot tell.
        """
        if self.failure is None:
            return True if self.reply is not None else None
        return (
            True
            if self.failure.answered
            else False
            if self.failure.reason is Reason.NETWORK
            else None
        )


@dataclass(frozen=True, slots=True)
class Added:
    """`feed` is None where nothing was subscribed; `error` may stand beside a feed that could not
    be read yet.
    """

    feed: Feed | None
    error: str = ""
    choices: tuple[FoundFeed, ...] = ()
    is_new: bool = True
    is_unknown: bool = False  # see Preview
    new: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A finite list to be read on the train: entries in reading order, their text offline."""

    ids: tuple[int, ...]
    minutes: int
