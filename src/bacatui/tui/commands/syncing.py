"""The sync on the screen: progress in the status line; list and article never move."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from bacatui.i18n import _
from bacatui.model import Offline
from bacatui.text.urls import host
from bacatui.tui.commands.feeding import feeds_here
from bacatui.tui.commands.marking import fetch
from bacatui.tui.desk import CommandError
from bacatui.tui.main import MainScreen

if TYPE_CHECKING:
    from bacatui.sync import Event, SyncProcess

SLOW = 8  # seconds after which a request is reported as slow
NOTICE = 4  # seconds after which the progress of a sync replaces a notice


class Progress:
    """Shows what a sync brings, at most five times a second."""

    def __init__(self, main: MainScreen, sync: SyncProcess) -> None:
        self._main, self._sync = main, sync
        self._asked = self._of = 0
        self._told = {"feeds": "", "articles": "", "pictures": ""}  # progress of each, as text
        # Entries whose article or picture has arrived since they were drawn.
        self._ready: set[int] = set()
        self._is_new = self._has_fetched = self._is_answered = False
        self._inside = 0  # feeds not fetched because they lead into the user's own network
        self._to_ask_about: list[str] = []  # titles of those not reported before
        self._timer = main.set_interval(0.2, self.show)

    def take(self, event: Event) -> str:
        """Take one event of the sync; returns the notice for its end."""
        from bacatui.sync import ArticleDone, FeedDone, Finished, PictureDone, Started

        match event:
            case Started(feeds):
                self._of = feeds
                self._told["feeds"] = (
                    _("syncing {n} of {total}").format(n=0, total=feeds) if feeds else ""
                )
            case FeedDone(
                feed=feed, new=new, updated=updated, error=error, answered=answered, leads_inside=leads_inside
            ):  # fmt: skip
                self._asked += 1
                self._inside += leads_inside
                if leads_inside and feed.error != error:
                    self._to_ask_about.append(feed.title)
                self._is_answered |= answered
                if answered:
                    self._main.status.tell_network(True)
                self._is_new |= bool(new or updated)
                said = _("syncing {n} of {total}").format(n=self._asked, total=self._of)
                self._told["feeds"] = said if self._asked < self._of else ""
            case ArticleDone(entry_id, _offline, _error, left):
                self._ready.add(entry_id)
                self._has_fetched = True
                self._told["articles"] = _("articles: {n} to come").format(n=left) if left else ""
            case PictureDone(entry_id=entry_id, left=left):
                self._ready.add(entry_id)
                self._told["pictures"] = _("pictures: {n} to come").format(n=left) if left else ""
            case Finished(report):
                asked = sum(report.feeds.values()) - report.feeds.get("waiting", 0)  # type: ignore[call-overload]
                # One feed of many that fails does not show that the network is down.
                tells = asked > 1 or len(self._main.read.feeds()) == 1
                if asked > self._inside and tells and not self._is_answered:
                    self._main.status.tell_network(False)
                if self._to_ask_about:
                    said = _("In your own network now, so not asked; press i on the feed: {feeds}")
                    return said.format(feeds=", ".join(self._to_ask_about))
                if asked:
                    return report.summary()
                return report.readable() if self._has_fetched else ""
        return ""

    def show(self) -> None:
        """Bring the status line, the rows and the article up to date."""
        slow = max(self._sync.active.items(), key=lambda one: one[1], default=("", 0.0))
        waits = _("{host} is slow").format(host=host(slow[0])) if slow[1] > SLOW else ""
        self._main.status.sync = text = " · ".join(filter(None, (*self._told.values(), waits)))
        if text and monotonic() - self._main.said_at > NOTICE:
            self._main.say("")
        if self._ready:
            self._main.list.renew(self._ready)
            self._main.swap(self._ready)
        if self._is_new:
            self._main.refresh_feeds()
        self._ready, self._is_new = set(), False

    def end(self, text: str) -> None:
        """Stop showing progress; `text` says how the sync ended."""
        self._timer.stop()
        self.show()
        self._main.status.sync, self._main.status.notice = "", text or self._main.status.notice
        self._main.changed()


def sync_feed(main: MainScreen) -> None:
    """Sync the feed here (see `feed_here`), or all feeds of the highlighted folder."""
    main.app.sync([feed.id for feed in feeds_here(main)] or None)


async def retry(main: MainScreen) -> None:
    """Try again what failed: the entry, feed or folder here, else all that failed."""
    row, here = main.row, {feed.id for feed in feeds_here(main)} if main.pane == "feeds" else set()
    failing = [feed.id for feed in main.read.feeds() if feed.status in {"failing", "gone"}]
    if row is not None and row.offline is Offline.FAILED:
        main.say(_("Trying again."))
        await fetch(main, row.id)
    elif failing or main.read.offline().missing:
        main.app.sync([feed for feed in failing if feed in here] or failing, retry=True)
    else:
        raise CommandError(_("Nothing has failed."))
