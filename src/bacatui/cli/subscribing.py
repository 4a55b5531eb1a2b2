"""add, remove, feeds, sync."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bacatui import sanitize, shapes
from bacatui.cli.call import Call, find_feeds
from bacatui.cli.output import Refusal, emit, emit_list, say, tell
from bacatui.i18n import _
from bacatui.model import FullText

if TYPE_CHECKING:
    from bacatui.store import Store
    from bacatui.sync import Report


def add(call: Call) -> int:
    """Subscribe to each address; what is no feed is not subscribed, and the others still are."""
    if any(Path(source).is_file() for source in call.args.sources):
        from bacatui.cli.moving import bring_in_file

        files = [source for source in call.args.sources if Path(source).is_file()]
        for source in files:
            bring_in_file(call, source, dry_run=False)
        call.args.sources = [source for source in call.args.sources if source not in files]
    return asyncio.run(_add(call)) if call.args.sources else 0


async def _add(call: Call) -> int:
    from bacatui.sync import Session

    args, failed = call.args, 0
    with call.store() as store:
        if args.no_sync:
            for source in args.sources:
                url = _address(source)
                feed = store.write.add_feed(url, args.title, args.folder, FullText(args.full_text)).result()
                say(_("Subscribed: {title} (feed {id})").format(title=feed.title, id=feed.id))
            return 0
        async with Session(store, call.home, call.settings) as session:
            added = []
            for source in args.sources:
                done = await session.add(
                    _address(source), title=args.title, folder=args.folder, full_text=FullText(args.full_text)
                )
                if done.feed is None:
                    tell(f"{source}: {done.error}")
                    failed = 1
                    continue
                if done.error:
                    tell(f"{source}: {done.error}")
                else:
                    added.append(done.feed.id)
                say(_("Subscribed: {title} (feed {id})").format(title=done.feed.title, id=done.feed.id))
    return failed


def _address(source: str) -> str:
    """An http(s) address, also where the scheme was left out. Refuses anything else."""
    url = sanitize.url(source if "://" in source else f"https://{source}")
    if not url or ("." not in source and ":" not in source):
        raise Refusal(_("{source} is neither a file nor a web address.").format(source=source))
    return url


def remove(call: Call) -> int:
    with call.store() as store:
        (feed,) = find_feeds(store.read, [call.args.feed])
        store.write.remove_feed(feed.id).result()
    say(_("Unsubscribed: {title}. bacatui undo brings it back.").format(title=feed.title))
    return 0


def feeds(call: Call) -> int:
    with call.store() as store:
        found = store.read.feeds()
    if call.args.json:
        emit_list("feeds", map(shapes.feed, found))
        return 0
    for feed in found:
        facts = [feed.folder] if feed.folder else []
        facts += [_("{n} unread").format(n=feed.unread)] if feed.unread else []
        facts += [feed.error or feed.status] if feed.error or feed.status not in {"ok", "new"} else []
        say(f"{feed.id:>5}  {feed.title} ({', '.join([*facts, feed.url])})")
    if not found:
        tell(_("nothing is subscribed yet; bacatui add URL begins."))
    return 0


def sync(call: Call) -> int:
    args = call.args
    with call.store() as store:
        chosen = [feed.id for feed in find_feeds(store.read, args.feeds)] or None
        report = asyncio.run(_sync(call, store, chosen))
    if args.json:
        emit(report.to_dict())
    else:
        say(report.summary())
    for error in report.errors:
        tell(": ".join(filter(None, (error.title, error.url, error.error))))
    return 1 if report.errors else 0


async def _sync(call: Call, store: Store, chosen: list[int] | None) -> Report:
    from bacatui.sync import FeedDone, Finished, Session, Started

    args, total, done, report = call.args, 0, 0, None
    shows = sys.stderr.isatty()
    async with Session(store, call.home, call.settings) as session:
        events = session.sync(chosen, due=args.due, articles=not args.no_articles, pictures=not args.no_pictures)
        async for event in events:
            match event:
                case Started():
                    total = event.feeds
                case FeedDone():
                    done += 1
                case Finished():
                    report = event.report
            if shows:
                sys.stderr.write("\r" + _("syncing {n} of {m}").format(n=done, m=total) + "\x1b[K")
                sys.stderr.flush()
    if shows:
        sys.stderr.write("\r\x1b[K")
    if report is None:
        raise Refusal(_("the sync ended before its time; what came in is kept."), 1)
    return report
