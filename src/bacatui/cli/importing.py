"""import: subscriptions, read state, flags and bookmarks of other readers. A second time changes nothing."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bacatui import sanitize
from bacatui.cli.call import Call
from bacatui.cli.output import Refusal, say, tell
from bacatui.i18n import _
from bacatui.model import FeedError, ParsedEntry, ParsedFeed, Scope, ScopeKind

if TYPE_CHECKING:
    from bacatui.feeds import ForeignEntry, Subscriptions
    from bacatui.store import Store

SOME = 200  # entries of another reader's cache that are cleaned and stored at a time
# The Netscape bookmark file that every browser writes: a line for each bookmark, its note on the next.
_BOOKMARK = re.compile(r"<a\s([^>]*)>(.*?)</a>(?:\s*<dd>([^<]*))?", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def bring_in(call: Call) -> int:
    return bring_in_file(call, Path(call.args.file).expanduser(), dry_run=call.args.dry_run)


def bring_in_file(call: Call, path: Path, *, folder: str = "", dry_run: bool = False) -> int:
    """Take over what is in `path`, whatever it is. Refuses what cannot be read, or holds nothing."""
    from bacatui import feeds

    found, entries = feeds.Subscriptions(), list["ForeignEntry"]()
    try:
        head = b"" if path.is_dir() else path.open("rb").read(4096).replace(b"\0", b"").lower()
        if b"netscape-bookmark" in head:
            return _take_bookmarks(call, path.read_text("utf-8", errors="replace"), dry_run)
        if path.is_dir() or head.startswith(b"sqlite format 3"):
            cache, urls = (path / "cache.db", path / "urls") if path.is_dir() else (path, path.with_name("urls"))
            found = feeds.read_newsboat(urls) if urls.exists() else found
            entries = list(feeds.read_newsboat_cache(cache)) if cache.exists() else []
        else:
            found = feeds.read_opml(path.read_bytes()) if b"<opml" in head else feeds.read_newsboat(path)
    except (OSError, FeedError) as error:
        raise Refusal(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not (found.feeds or found.searches or entries):
        raise Refusal(_("{file}: nothing in it can be imported.").format(file=path))
    for what, why in found.refused:
        tell(f"{what}: {why}")
    if not found.feeds:  # a cache without its list: what it has entries of was subscribed
        known = dict.fromkeys(url for entry in entries if (url := sanitize.url(entry.feed_url)))
        found = replace(found, feeds=tuple(map(feeds.Subscription, known)))
    with call.store() as store:
        _take_feeds(store, found, folder, dry_run)
        if entries and not dry_run:
            _take_entries(store, entries)
    if entries:
        say(_("{n} entries with what was read and flagged.").format(n=len(entries)))
    return 0


def _take_feeds(store: Store, found: Subscriptions, folder: str, dry_run: bool) -> None:
    """Feeds with their titles and folders; the other tags of a feed, and query feeds, become saved searches."""
    known, new = {feed.url: feed.id for feed in store.read.feeds()}, 0
    tagged = defaultdict[str, list[int]](list)
    for each in found.feeds:
        if each.url not in known:
            new += 1
            if dry_run:
                say("  ".join(filter(None, (each.folder, each.title, each.url))))
                continue
            kept = {f"opml:{name}": text for name, text in each.attributes.items()}
            adding = store.write.add_feed(each.url, each.title, folder or each.folder, site=each.site, settings=kept)
            known[each.url] = adding.result().id
        for tag in each.tags[1:]:
            tagged[tag].append(known[each.url])
    searches = {tag: f'folder:"{tag}"' + "".join(f" OR feed:{id}" for id in ids) for tag, ids in tagged.items()}
    have = {search.name for search in store.read.saved_searches()}
    for name, query in (searches | dict(found.searches)).items():
        if dry_run:
            say(f"{name}: {query}")
        elif name not in have:
            store.write.save_search(name, query).result()
    said = _("{n} feeds are new, {m} were subscribed already; bacatui sync asks them.")
    say((_("Nothing was done. ") if dry_run else "") + said.format(n=new, m=len(found.feeds) - new))


def _take_entries(store: Store, entries: list[ForeignEntry]) -> None:
    """Entries, what was read, and flags, which become tags of the same letter and a bookmark."""
    feeds = {feed.url: feed for feed in store.read.feeds()}
    by_feed = defaultdict[str, list["ForeignEntry"]](list)
    for entry in entries:
        by_feed[sanitize.url(entry.feed_url)].append(entry)
    for url in by_feed.keys() & feeds.keys():
        feed, theirs = feeds[url], by_feed[url]
        ours = _known(store, feed.id)
        rest = [entry for entry in theirs if entry.entry.id not in ours]
        for at in range(0, len(rest), SOME):
            cleaned = tuple(asyncio.run(_cleaned(rest[at : at + SOME])))
            state, parsed = store.read.fetch_state(feed.id), ParsedFeed(feed.publisher_title, entries=cleaned)
            store.write.store_feed(feed.id, parsed, state, newest_unread=None).result()
        ours = _known(store, feed.id) if rest else ours
        here = [(id, each) for each in theirs if (id := ours.get(each.entry.id))]
        if read := [id for id, each in here if each.is_read and store.read.mark(id).read_at is None]:
            store.write.set_read(read, True, author="import").result()
        for id, each in here:
            if missing := set(each.flags).difference(store.read.mark(id).tags):
                store.write.set_tags([id], sorted(missing)).result()
                store.write.set_bookmark([id], True, author="import").result()


def _known(store: Store, feed: int) -> dict[str, int]:
    """The entries of a feed by guid."""
    ids = store.read.ids(Scope(ScopeKind.FEED, str(feed)))
    return {entry.guid: entry.id for number in ids if (entry := store.read.entry(number))}


async def _cleaned(some: list[ForeignEntry]) -> list[ParsedEntry]:
    """What another reader kept is as untrusted as what comes from the network, and is cleaned like it."""
    from bacatui.work import WorkError, Workers

    workers = Workers()

    async def one(entry: ParsedEntry) -> ParsedEntry:
        try:
            article = await workers.clean(entry.content, entry.link, entry.title)
        except WorkError:
            return replace(entry, content="")
        summary = sanitize.clean(article.text[:300])
        return replace(entry, content=article.html, text=article.text, summary=summary, is_stub=not article.text)

    try:
        return list(await asyncio.gather(*(one(each.entry) for each in some)))
    finally:
        await workers.close()


def _take_bookmarks(call: Call, source: str, dry_run: bool) -> int:
    count = 0
    with call.store() as store:
        for attributes, label, note in _BOOKMARK.findall(source):
            given = {name.lower(): sanitize.decode(value) for name, value in _ATTRIBUTE.findall(attributes)}
            url, title = sanitize.url(given.get("href", "")), sanitize.title(label)
            if not url:
                continue
            count += 1
            if dry_run:
                say(f"{title}  {url}")
                continue
            number = store.write.save_page(url, title).result()
            mark, tags = store.read.mark(number), filter(None, map(sanitize.name, given.get("tags", "").split(",")))
            if missing := set(tags).difference(mark.tags):
                store.write.set_tags([number], sorted(missing)).result()
            if not mark.note and (text := sanitize.clean(sanitize.decode(note), lines=True)):
                store.write.set_note(number, text).result()
    said = _("{n} bookmarks are here; bacatui sync fetches them.")
    say((_("Nothing was done. ") if dry_run else "") + said.format(n=count))
    return 0
