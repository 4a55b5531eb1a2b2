"""import: subscriptions, read state, flags and bookmarks of other readers. A second time changes nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from html.parser import HTMLParser
from itertools import islice
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


def bring_in(call: Call) -> int:
    bring_in_file(call, Path(call.args.file).expanduser(), dry_run=call.args.dry_run)
    return 0


def bring_in_file(call: Call, path: Path, *, folder: str = "", dry_run: bool = False) -> None:
    """Take over what is in `path`, whatever it is. Refuses what cannot be read, or holds nothing."""
    from bacatui import feeds

    try:
        head = b"" if path.is_dir() else path.open("rb").read(4096)
        if path.is_dir() or head.startswith(b"SQLite format 3\0"):
            listed = path if path.is_dir() else path.parent
            found = feeds.read_newsboat(listed) if (listed / "urls").exists() else feeds.Subscriptions()
            cache = path / "cache.db" if path.is_dir() else path
            entries = list(feeds.read_newsboat_cache(cache)) if cache.exists() else []
        elif b"netscape-bookmark" in head.lower():
            _take_bookmarks(call, path, dry_run)
            return
        else:
            is_list = b"<opml" in head.lower() or b"<!DOCTYPE" in head
            found = feeds.read_opml(path.read_bytes()) if is_list else feeds.read_newsboat(path)
            entries = []
    except (OSError, FeedError) as error:
        raise Refusal(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not (found.feeds or found.searches or entries):
        raise Refusal(_("{file}: nothing in it can be imported.").format(file=path))
    for what, why in found.refused:
        tell(f"{what}: {why}")
    if not found.feeds:  # a cache without its list: what it has entries of was subscribed
        urls = dict.fromkeys(entry.feed_url for entry in entries if sanitize.url(entry.feed_url))
        found = replace(found, feeds=tuple(feeds.Subscription(url) for url in urls))
    with call.store() as store:
        _take_feeds(store, found, folder, dry_run)
        _take_entries(store, entries, dry_run)


def _take_feeds(store: Store, found: Subscriptions, folder: str, dry_run: bool) -> None:
    known, new = {feed.url: feed.id for feed in store.read.feeds()}, 0
    others = defaultdict[str, list[int]](list)  # tags of a feed beside the one that is its folder
    for each in found.feeds:
        url = sanitize.url(each.url)
        if url not in known:
            new += 1
            if dry_run:
                say("  ".join(filter(None, (each.folder, each.title, url))))
                continue
            kept = {f"opml:{name}": text for name, text in each.attributes.items()}
            added = store.write.add_feed(url, each.title, folder or each.folder, site=each.site, settings=kept).result()
            known[url] = added.id
        for tag in each.tags[1:]:
            others[tag].append(known.get(url, 0))
    searches = dict(found.searches)
    for tag, ids in others.items():
        searches.setdefault(tag, " OR ".join([f'folder:"{tag}"', *(f"feed:{number}" for number in ids)]))
    have = {search.name for search in store.read.saved_searches()}
    for name, query in searches.items():
        if name not in have and not dry_run:
            store.write.save_search(name, query).result()
        elif name not in have:
            say(f"{name}: {query}")
    said = _("{n} feeds would be new, {m} are subscribed already.") if dry_run else _(
        "{n} feeds are new, {m} were subscribed already; bacatui sync asks them.")  # fmt: skip
    say(said.format(n=new, m=len(found.feeds) - new))


def _take_entries(store: Store, entries: list[ForeignEntry], dry_run: bool) -> None:
    """Entries with what was read and flagged. Flags become tags of the same letter, and bookmarks."""
    if dry_run or not entries:
        if entries:
            say(_("{n} entries would be taken over with what was read and flagged.").format(n=len(entries)))
        return
    feeds = {feed.url: feed for feed in store.read.feeds()}
    by_feed = defaultdict[str, list["ForeignEntry"]](list)
    for entry in entries:
        by_feed[sanitize.url(entry.feed_url)].append(entry)
    for url, theirs in by_feed.items():
        if (feed := feeds.get(url)) is None:
            continue
        ours = _known(store, feed.id)
        rest = iter([entry for entry in theirs if entry.entry.id not in ours])
        while some := list(islice(rest, SOME)):
            parsed = ParsedFeed(feed.title, feed.site, entries=tuple(asyncio.run(_cleaned(some))))
            store.write.store_feed(feed.id, parsed, store.read.fetch_state(feed.id), newest_unread=None).result()
        _take_marks(store, theirs, _known(store, feed.id))
    say(_("{n} entries were taken over with what was read and flagged.").format(n=len(entries)))


def _known(store: Store, feed: int) -> dict[str, int]:
    """The entries of a feed by guid."""
    ids = store.read.ids(Scope(ScopeKind.FEED, str(feed)))
    return {entry.guid: entry.id for number in ids if (entry := store.read.entry(number))}


def _take_marks(store: Store, theirs: list[ForeignEntry], ours: dict[str, int]) -> None:
    here = [(ours[each.entry.id], each) for each in theirs if each.entry.id in ours]
    read = [number for number, each in here if each.is_read and store.read.mark(number).read_at is None]
    if read:
        store.write.set_read(read, True, author="import").result()
    for number, each in here:
        missing = [flag for flag in each.flags if flag not in store.read.mark(number).tags]
        if missing:
            store.write.set_tags([number], missing).result()
            store.write.set_bookmark([number], True, author="import").result()


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


class _Bookmarks(HTMLParser):
    """The Netscape bookmark file that every browser writes: `found` holds (url, title, tags, note)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[str], str]] = []
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._into = tag if tag in {"a", "dd"} else ""
        given = dict(attrs)
        if tag == "a":
            url, tags = sanitize.url(given.get("href") or ""), (given.get("tags") or "").split(",")
            self.found.append((url, "", [name for tag in tags if (name := sanitize.name(tag))], ""))

    def handle_endtag(self, tag: str) -> None:
        self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into and self.found:
            url, title, tags, note = self.found[-1]
            self.found[-1] = (url, title + data, tags, note) if self._into == "a" else (url, title, tags, note + data)


def _take_bookmarks(call: Call, path: Path, dry_run: bool) -> None:
    parser = _Bookmarks()
    parser.feed(path.read_text("utf-8", errors="replace"))
    parser.close()
    found = {
        url: (sanitize.title(title), tags, sanitize.clean(note, lines=True)) for url, title, tags, note in parser.found
    }
    found.pop("", None)
    with call.store() as store:
        for url, (title, tags, note) in found.items():
            if dry_run:
                say(f"{title}  {url}")
                continue
            number = store.write.save_page(url, title).result()
            mark = store.read.mark(number)
            if missing := [tag for tag in tags if tag not in mark.tags]:
                store.write.set_tags([number], missing).result()
            if note and not mark.note:
                store.write.set_note(number, note).result()
    said = (
        _("{n} bookmarks would be taken over.") if dry_run else _("{n} bookmarks are here; bacatui sync fetches them.")
    )
    say(said.format(n=len(found)))
