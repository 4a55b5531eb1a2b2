"""The sync, as the screen shows it: progress at the foot, never a move in list or article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bacatui.i18n import _
from bacatui.model import Offline, ScopeKind
from bacatui.tui.acts import marking
from bacatui.tui.acts.feeding import feed_here
from bacatui.tui.screens.main import MainScreen

if TYPE_CHECKING:
    from bacatui.sync import Event


def take(main: MainScreen, event: Event) -> str:
    """One event of the sync; returns what is to be said at its end."""
    from bacatui.sync import ArticleDone, FeedDone, Finished, PictureDone, Started

    match event:
        case Started(feeds):
            main.progress = (0, feeds)
            main.status.sync = _("syncing {n} of {total}").format(n=0, total=feeds) if feeds else ""
        case FeedDone(new=new, updated=updated):
            done, total = main.progress
            main.progress = (done + 1, total)
            main.status.sync = _("syncing {n} of {total}").format(n=done + 1, total=total)
            if new or updated:
                main.refresh_feeds()
        case ArticleDone(entry_id, _offline, _error, left):
            main.status.sync = _("articles: {n} to come").format(n=left) if left else ""
            main.list.renew([entry_id])
            if main.shown == entry_id:
                main.show_entry(entry_id, swap=True)
        case PictureDone(left=left):
            main.status.sync = _("pictures: {n} to come").format(n=left) if left else ""
        case Finished(report):
            asked = sum(report.feeds.values()) - report.feeds.get("waiting", 0)  # type: ignore[call-overload]
            reached = asked - report.feeds.get("failed", 0)  # type: ignore[call-overload]
            if asked:
                main.status.network = _("online") if reached else _("offline")
            return report.summary() if asked else ""
    return ""


def ended(main: MainScreen, text: str) -> None:
    """The sync is over; `text` says how."""
    main.status.sync, main.status.notice = "", text or main.status.notice
    main.changed(())


def sync_feed(main: MainScreen) -> None:
    """The feed under the cursor of the feeds pane, else the one of the entry; of a folder all its feeds."""
    place, feed = main.feeds.place, feed_here(main)
    if main.pane == "feeds" and place is not None and place.scope.kind is ScopeKind.FOLDER:
        main.app.sync([one.id for one in main.read.feeds() if one.folder == place.scope.key])
    else:
        main.app.sync([feed.id] if feed else None)


def sync_all(main: MainScreen) -> None:
    main.app.sync()


def cancel_sync(main: MainScreen) -> None:
    if main.app.is_syncing:
        main.app.cancel_sync()
    else:
        main.say(_("No sync is running."))


async def retry(main: MainScreen) -> None:
    """What failed: the entry here, if it did; else every article that is missing, and every feed in trouble."""
    row = main.list.row
    if row is not None and row.offline is Offline.FAILED and main.pane != "feeds":
        main.say(_("Trying again."))
        await marking.fetch(main, row.id)
        return
    failing = [feed.id for feed in main.read.feeds() if feed.status in {"failing", "gone"}]
    if failing or main.read.offline().missing:
        main.app.sync(failing, retry=True)
    else:
        main.say(_("Nothing has failed."))
