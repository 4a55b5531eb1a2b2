"""add, remove, feeds, sync, save: what asks the network, and whom."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from bacatui import shapes
from bacatui.cli.call import Call, Refusal, emit, say, show, tell
from bacatui.cli.import_export import bring_in
from bacatui.i18n import _
from bacatui.model import Article, Feed, FullText, Network
from bacatui.store import FeedExists, Store, StoreLocked
from bacatui.text import sanitize

if TYPE_CHECKING:
    from bacatui.sync import Event, Report, Session


def add(call: Call) -> int:
    """Subscribe to each address; what is no feed is not subscribed, and the others still are."""
    files = [source for source in call.args.sources if os.path.isfile(source)]  # noqa: PTH113 - Path fails on long ones
    urls = [source for source in call.args.sources if source not in files]
    for url in urls:
        if not sanitize.url(url if "://" in url else f"https://{url}") or not re.search(
            r"[.:]", url
        ):
            raise Refusal(_("{source} is neither a file nor a web address.").format(source=url))
    if files and call.args.inside:
        raise Refusal(
            _("--inside is for addresses, not for the file {file}.").format(file=files[0])
        )
    for file in files:
        bring_in(call, file, call.args.folder or "")
    return call.online(lambda session, store: _add(call, session, store, urls)) if urls else 0


async def _add(call: Call, session: Session, store: Store, urls: list[str]) -> int:
    from bacatui.sync import Added

    args, code, allowed = call.args, 0, list[int]()
    title, folder, text = args.title or "", args.folder or "", FullText(args.full_text or "auto")
    settings = {"network": Network.INSIDE} if args.inside else None
    for url in urls:
        if args.no_sync:
            try:
                address = sanitize.url(url) or sanitize.url(f"https://{url}")
                added = Added(
                    store.write.add_feed(address, title, folder, text, settings=settings).result()
                )
            except FeedExists as exists:
                added = Added(exists.feed, str(exists), is_new=False)
                if settings:
                    store.write.edit_feed(exists.feed.id, settings=settings).result()
        else:
            how = {"inside": args.inside, "force": args.force}
            added = await session.add(url, title=title, folder=folder, full_text=text, **how)
        if added.feed and not added.is_new and args.inside:
            allowed.append(added.feed.id)
            say(_("Allowed: {title} may lie in your own network.").format(title=added.feed.title))
        if added.is_unknown:
            hint = _(
                "{error} Nothing was subscribed. Check the spelling; --force subscribes all the same."
            )
            tell(hint.format(error=added.error))
        elif added.error:
            tell(
                f"{sanitize.url(url) or url.rpartition('@')[2]}: {added.error}"
            )  # never a password that was typed
        if added.feed and added.is_new:
            say(
                _("Subscribed: {title} (feed {id})").format(
                    title=added.feed.title, id=added.feed.id
                )
            )
        for other in added.choices[1:]:
            tell(_("the site has another feed: {url}").format(url=other.url))
        code = code if added.feed else 1
    if not args.no_sync:
        with suppress(
            StoreLocked
        ):  # another sync is under way, and takes the new feed's articles along
            for error in (await _follow(session.sync(allowed))).errors if allowed else ():
                tell(f"{error.url}: {error.error}")
            await _follow(session.sync([]))
    return code


def _find(store: Store, name: str) -> Feed:
    """The feed of this number, address or title. Refuses a name that fits none, or several."""
    try:
        return store.read.find_feed(name)
    except LookupError as error:
        raise Refusal(str(error.args[0])) from error


def remove(call: Call) -> None:
    """Unsubscribe from a feed; undo brings it back with its entries."""
    with call.store() as store:
        feed = _find(store, call.args.feed)
        store.write.remove_feed(feed.id).result()
    say(_("Unsubscribed: {title}. bacatui undo brings it back.").format(title=feed.title))


def feeds(call: Call) -> None:
    """Print the feeds with their unread entries and their troubles."""
    with call.store() as store:
        found = store.read.feeds()
    if call.args.json:
        emit("feeds", map(shapes.feed, found))
        return
    for feed in found:
        trouble = feed.error.rstrip(".") or (
            feed.status if feed.status not in {"ok", "new"} else ""
        )
        facts = (
            feed.folder,
            feed.unread and _("{n} unread").format(n=feed.unread),
            trouble,
            feed.url,
        )
        say(f"{feed.id:>5}  {feed.title} ({', '.join(str(fact) for fact in facts if fact)})")
    if not found:
        tell(_("no feeds yet; bacatui add URL subscribes to one."))


def sync(call: Call) -> int:
    """Sync all feeds or those named, and say what came; 1 where something failed."""
    args = call.args

    async def ask(session: Session, store: Store) -> Report:
        chosen = [_find(store, name).id for name in args.feeds] or None
        wants = {"articles": not args.no_articles, "pictures": not args.no_pictures}
        return await _follow(session.sync(chosen, due=args.due, **wants))

    report = call.online(ask)
    if args.json:
        emit(report.to_dict())
    else:
        say(report.summary())
    for error in report.errors:
        tell(": ".join(dict.fromkeys(filter(None, (error.title, error.url, error.error)))))
    return 1 if report.errors else 0


async def _follow(events: AsyncIterator[Event]) -> Report:
    """See a sync through to its report, with a line on the terminal that says how far it is."""
    from bacatui.sync import ArticleDone, FeedDone, Finished, PictureDone, Report, Started

    total = done = 0
    report = Report()
    async for event in events:
        line = ""
        match event:
            case Started():
                total = event.feeds
            case FeedDone():
                done += 1
                line = _("syncing {n} of {m}").format(n=done, m=total)
            case ArticleDone():
                line = _("{n} articles to come").format(n=event.left)
            case PictureDone():
                line = _("{n} pictures to come").format(n=event.left)
            case Finished():
                report = event.report
        show(line)
    return report


def save(call: Call) -> None:
    """Store any page in the library, as a bookmark."""
    url = sanitize.url(call.args.url)
    if not url:
        raise Refusal(_("{url} is not a web address.").format(url=call.args.url))

    async def task(session: Session, store: Store) -> tuple[int, Article | None]:
        number = await session.save(url)
        return number, store.read.article(number)

    number, article = call.online(task)
    say(_("Saved as a bookmark; bacatui read {id} prints it.").format(id=number))
    if article and article.error:
        later = _("{fault} It stays a bookmark; a later sync tries again.").format(
            fault=article.error
        )
        tell(article.error if article.text else later)
