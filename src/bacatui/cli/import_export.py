"""import and export: what other readers and browsers write, and files that they read.

A second import changes nothing; a file is written whole or not at all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bacatui import exports, feeds
from bacatui.cli.call import Call, Refusal, say, scope_of, tell
from bacatui.cli.reading import pages
from bacatui.feeds import ForeignEntry, Subscription, Subscriptions
from bacatui.i18n import _, ngettext
from bacatui.model import Article, FeedError, ParsedEntry, ParsedFeed, Scope, ScopeKind
from bacatui.model.entry_view import EntryView
from bacatui.store import QueryError, Store
from bacatui.text import sanitize

SOME = 200  # entries of another reader's cache that are cleaned and stored at a time
# The Netscape bookmark file that every browser writes: a line for each bookmark, its note on the next.
# No possessive groups: Python before 3.11.5 loses matches of those that look ahead.
_BOOKMARK = re.compile(
    r"<a\s([^<>]*)>([^<]*(?:<(?!a\s|/a>)[^<]*)*)</a>(?:\s*<dd>([^<]*))?", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r'(?<![\w-])([\w-]++)="([^"]*)"')
MOST = 64 << 20  # bytes of a list that are read


def bring_in(call: Call, file: str = "", folder: str = "") -> None:
    """Take over what is in a file, whatever it is. Refuses what cannot be read, or holds nothing."""
    path, dry_run = Path(file or call.args.file).expanduser(), bool(vars(call.args).get("dry_run"))
    found, entries, bookmarks = Subscriptions(), list[ForeignEntry](), ""
    try:
        data = b"" if path.is_dir() else _beginning(path)
        head = data[:4096].replace(b"\0", b"").lower()
        if b"netscape-bookmark" in head:
            bookmarks = data.decode("utf-8", "replace")
        elif path.is_dir() or head.startswith(b"sqlite format 3"):
            cache, urls = (
                (path / "cache.db", path / "urls")
                if path.is_dir()
                else (path, path.with_name("urls"))
            )
            found = feeds.read_newsboat(_beginning(urls)) if urls.exists() else found
            entries = list(feeds.read_newsboat_cache(cache)) if cache.exists() else []
        else:
            found = feeds.read_opml(data) if b"<opml" in head else feeds.read_newsboat(data)
    except (OSError, FeedError) as error:
        raise Refusal(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not (found.feeds or found.searches or entries or bookmarks):
        raise Refusal(_("{file}: nothing in it can be imported.").format(file=path))
    for what, why in found.refused:
        tell(f"{what}: {why}")
    if not found.feeds:  # a cache without its list: what it has entries of was subscribed
        known = dict.fromkeys(url for entry in entries if (url := sanitize.url(entry.feed_url)))
        found = replace(found, feeds=tuple(map(Subscription, known)))
    with call.store() as store:
        said = (
            _take_bookmarks(store, bookmarks, dry_run)
            if bookmarks
            else _take_feeds(store, found, folder, dry_run)
        )
        if entries and not dry_run:
            _take_entries(store, entries)
    say(said)
    if entries:
        said = _("{n} entries, {read} of them read, {flagged} flagged.")
        read, flagged = (
            sum(each.is_read for each in entries),
            sum(bool(each.flags) for each in entries),
        )
        say(said.format(n=len(entries), read=read, flagged=flagged))


def _beginning(path: Path) -> bytes:
    """A list as a file, or as what another program writes to us. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MOST)


def _take_feeds(store: Store, found: Subscriptions, folder: str, dry_run: bool) -> str:
    """Feeds with their titles and folders; the other tags of a feed, and query feeds, become saved
    searches.
    """
    known = {feed.url: feed.id for feed in store.read.feeds()}
    new = [each for each in found.feeds if each.url not in known]
    if dry_run:
        for each in new:
            say("  ".join(filter(None, (each.folder, each.title, each.url))))
    else:
        added = store.write.add_feeds(
            {
                "url": each.url,
                "title": each.title,
                "folder": folder or each.folder,
                "site": each.site,
                "settings": {f"opml:{name}": text for name, text in each.attributes.items()},
            }
            for each in new
        )
        known |= {feed.url: feed.id for feed in added.result()}
    searches = dict[str, str]()
    for each in () if dry_run else found.feeds:
        for tag in each.tags[1:]:
            own = 'folder:"{}"'.format(tag.replace('"', ""))
            searches[tag] = f"{searches.get(tag, own)} OR feed:{known[each.url]}"
    have = {search.name for search in store.read.saved_searches()}
    for name, query in (searches | dict(found.searches)).items():
        if dry_run:
            say(f"{name}: {query}")
        elif name not in have:
            try:
                store.write.save_search(name, query).result()
            except QueryError as error:
                tell(f"{name}: {error}")
    if dry_run:
        would = ngettext(
            "{n} feed would be added, {m} are there already; nothing was done.",
            "{n} feeds would be added, {m} are there already; nothing was done.",
            len(new),
        )
        return would.format(n=len(new), m=len(found.feeds) - len(new))
    return ngettext(
        "{n} feed added, {m} were there already; bacatui sync asks it.",
        "{n} feeds added, {m} were there already; bacatui sync asks them.",
        len(new),
    ).format(n=len(new), m=len(found.feeds) - len(new))


def _take_entries(store: Store, entries: list[ForeignEntry]) -> None:
    """Entries, what was read, and flags, which become tags of the same letter and a bookmark."""
    subscribed = {feed.url: feed for feed in store.read.feeds()}
    by_feed = defaultdict[str, list[ForeignEntry]](list)
    for entry in entries:
        by_feed[sanitize.url(entry.feed_url)].append(entry)
    for url in by_feed.keys() & subscribed.keys():
        feed, theirs = subscribed[url], by_feed[url]
        ours = _known(store, feed.id)
        rest = [each for each in theirs if each.entry.id not in ours]
        for at in range(0, len(rest), SOME):
            cleaned = tuple(_cleaned(each.entry) for each in rest[at : at + SOME])
            state, parsed = (
                store.read.fetch_state(feed.id),
                ParsedFeed(feed.publisher_title, entries=cleaned),
            )
            store.write.store_feed(feed.id, parsed, state, newest_unread=None).result()
        ours = _known(store, feed.id) if rest else ours
        here = [(view, each) for each in theirs if (view := ours.get(each.entry.id))]
        if read := [view.entry.id for view, each in here if each.is_read and not view.mark.is_read]:
            store.write.set_read(read, True, author="import").result()
        for view, each in here:
            if missing := set(each.flags).difference(view.mark.tags):
                store.write.set_tags([view.entry.id], sorted(missing), author="import").result()
                store.write.set_bookmark([view.entry.id], True, author="import").result()


def _known(store: Store, feed: int) -> dict[str, EntryView]:
    """The entries of a feed by guid."""
    ids = store.read.ids(Scope(ScopeKind.FEED, str(feed)))
    return {view.entry.guid: view for view in pages(store.read.views, ids)}


def _cleaned(entry: ParsedEntry) -> ParsedEntry:
    """What another reader kept is as untrusted as what comes from the network, and is cleaned like
    it.
    """
    from bacatui import work

    try:
        content = entry.content.encode("utf-8", "replace")
        article: Article = work.call("clean", content, url=entry.link, title=entry.title)
    except work.WorkError:
        return replace(entry, content="")
    summary = sanitize.clean(article.text[:300])
    return replace(
        entry, content=article.html, text=article.text, summary=summary, is_stub=not article.text
    )


def _take_bookmarks(store: Store, source: str, dry_run: bool) -> str:
    count = 0
    for attributes, label, note in _BOOKMARK.findall(source):
        given = {
            name.lower(): sanitize.decode(value) for name, value in _ATTRIBUTE.findall(attributes)
        }
        url, title = sanitize.url(given.get("href", "")), sanitize.title(label)
        count += bool(url)
        if dry_run and url:
            say(f"{title}  {url}")
        elif url:
            added = re.fullmatch(r"[0-9]{1,10}", given.get("add_date", ""))  # seconds since 1970
            number = store.write.save_page(
                url, title, at=added and datetime.fromtimestamp(int(added[0]), UTC)
            ).result()
            mark, tags = (
                store.read.mark(number),
                filter(None, map(sanitize.name, given.get("tags", "").split(","))),
            )
            if missing := set(tags).difference(mark.tags):
                store.write.set_tags([number], sorted(missing)).result()
            if not mark.note and (text := sanitize.clean(sanitize.decode(note), lines=True)):
                store.write.set_note(number, text).result()
    if dry_run:
        return ngettext(
            "{n} bookmark would be imported; nothing was done.",
            "{n} bookmarks would be imported; nothing was done.",
            count,
        ).format(n=count)
    return ngettext(
        "{n} bookmark imported; bacatui sync fetches its page.",
        "{n} bookmarks imported; bacatui sync fetches their pages.",
        count,
    ).format(n=count)


def take_out(call: Call) -> None:
    """Write feeds or entries to one file, or into a folder, one file an entry; `-` is standard
    output.
    """
    words, target = call.args.query, call.args.target
    what, path = call.args.what, call.target(target) if target != "-" else Path("-")
    if words and what != "entries":
        raise Refusal(_("export {what} takes a FILE and no QUERY.").format(what=what))
    with call.store() as store:
        if what == "opml":
            listed = [
                Subscription(
                    feed.url,
                    feed.title,
                    feed.folder,
                    feed.site,
                    attributes={
                        name.removeprefix("opml:"): text
                        for name, text in feed.settings.items()
                        if name.startswith("opml:")
                    },
                )
                for feed in store.read.feeds()
                if feed.url
            ]
            _write(path, [feeds.write_opml(listed, "bacatui").decode("utf-8")])
            count = len(listed)
        else:
            scope = Scope(ScopeKind.BOOKMARKS) if what == "bookmarks" else scope_of(words)
            ids = list(store.read.ids(scope))
            views = (view for id in ids if (view := store.read.view(id)))
            form, count = call.args.format or exports.form_of(path), len(ids)
            inline = exports.inliner(store.read, call.home.pictures)
            if not target.endswith("/") and not path.is_dir():
                _write(path, exports.render(form, views, inline))
            elif form == "netscape":
                _write(path / "bookmarks.html", exports.render(form, views, inline))
            else:
                for view in views:
                    _write(path / exports.name(view, form), exports.render(form, [view], inline))
    if target != "-":
        feeds_written = ngettext("{n} feed written to {file}", "{n} feeds written to {file}", count)
        entries_written = ngettext(
            "{n} entry written to {file}", "{n} entries written to {file}", count
        )
        tell((feeds_written if what == "opml" else entries_written).format(n=count, file=path))


def _write(path: Path, parts: Iterable[str]) -> None:
    """The whole file or none of it, the folder made where only it is missing.

    A link gives way to the file, what it leads to stays; a pipe or a device is written to, since no
    file may take its name. Refuses what the disk refuses.
    """
    if str(path) == "-":
        for part in parts:
            say(part, end="")
        return
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("w", encoding="utf-8") as file:
                file.writelines(parts)
            return
        if path.parent.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
        exports.write(path, parts)
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}") from error
