"""What the store knows of an entry, as the reader widget shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bacatui import document
from bacatui.i18n import N_, _, when
from bacatui.model import Article, Entry, Feed, Kind, Mark, Offline, Row

if TYPE_CHECKING:
    from bacatui.paths import Home
    from bacatui.store import Store
    from bacatui.tui.widgets.pictures import FindPicture
    from bacatui.tui.widgets.reader import ReaderContent


_STATES = {
    Offline.READY: N_("ready"),
    Offline.PARTIAL: N_("partly: a picture is missing"),
    Offline.FAILED: N_("failed"),
    Offline.PENDING: N_("not fetched yet"),
}


def host(url: str) -> str:
    """The host that an address leads to, as the reader should see it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def content_of(store: Store, entry_id: int, *, feed_text: bool = False) -> ReaderContent | None:
    """An entry as it can be read now; None where it is gone. `feed_text` asks for the feed's own text."""
    from bacatui.tui.widgets.reader import ReaderContent

    entry, row = store.read.entry(entry_id), store.read.row(entry_id)
    if entry is None or row is None:
        return None
    article, mark = store.read.article(entry_id), store.read.mark(entry_id)
    if feed_text or article is None or not article.html:
        shown = Article(html=entry.html, error=article.error if article else "", kind=Kind.FEED)
    else:
        shown = article
    day = (article and article.published) or entry.published or entry.first_seen
    parts = [entry.feed_title, f"{when.date(day)}, {when.clock(day)}"]
    parts += [when.minutes(row.minutes)] if row.minutes else []
    return ReaderContent(
        entry_id=entry_id,
        title=(shown.title if not feed_text else "") or entry.title,
        byline=shown.byline or entry.author,
        date_line=" · ".join(parts) + ("  ★" if mark.bookmarked_at else ""),
        lead=shown.lead,
        source_line=host(entry.url),
        blocks=_blocks(shown, entry),
        html=shown.html or entry.text or entry.summary,
        cuts=shown.cuts,
        notices=tuple(_notices(row, entry, shown, mark)),
        place=mark.place,
    )


def find_picture(store: Store, home: Home) -> FindPicture:
    """Looks a picture of an article up among the stored files."""
    from bacatui.tui.widgets.reader import Found

    def find(url: str) -> Found | None:
        stored = store.read.picture(url)
        if stored is None or not stored.path:
            return None
        return Found(home.pictures / stored.path, stored.width, stored.height)

    return find


def _blocks(shown: Article, entry: Entry) -> Iterator[document.Block]:
    yield from document.read(shown.html)
    if not shown.html and (text := entry.text or entry.summary):
        for part in text.split("\n\n"):
            yield document.Paragraph((document.Run(part),))


def _notices(row: Row, entry: Entry, shown: Article, mark: Mark) -> Iterator[str]:
    """What the reader should know before reading: what is missing and why, and the own note."""
    if row.offline is Offline.PENDING and shown.kind is Kind.FEED:
        yield _("Only the feed's own text so far; the article comes with the next sync.")
    elif row.offline is Offline.FAILED:
        why = shown.error or _("the page could not be read.")
        yield _("The article is missing: {why}  Press ! to try again.").format(why=why)
    elif shown.kind is Kind.PAYWALL:
        yield _("The rest of this article is for subscribers of {host}.").format(host=host(entry.url))
    elif row.offline is Offline.PARTIAL:
        yield _("Partly offline: a picture is missing.")
    if mark.tags:
        yield "  ".join(f"#{tag}" for tag in mark.tags)
    if mark.note:
        yield _("Your note: {note}").format(note=mark.note)
    for enclosure in entry.enclosures:
        name = enclosure.title or urlsplit(enclosure.url).path.rsplit("/", 1)[-1] or enclosure.type
        yield _("Enclosure: {name}. Press e to open it.").format(name=name)


Facts = list[tuple[str, str]]


def _facts(known: dict[str, str | datetime | None]) -> Facts:
    """What there is to tell, by its names."""
    told = {k: f"{when.date(v)} {when.clock(v)}" if isinstance(v, datetime) else v for k, v in known.items() if v}
    return [(name, value) for name, value in told.items() if value]


def facts_of_feed(feed: Feed) -> Facts:
    """All that is known of a feed."""
    return _facts({
        _("Address"): feed.url,
        _("Site"): feed.site,
        _("Folder"): feed.folder,
        _("State"): feed.status,
        _("Trouble"): feed.error,
        _("Entries"): f"{feed.unread} / {feed.entries}",
        _("Full text"): feed.full_text.value,
        _("Last answer"): feed.last_ok,
        _("Next check"): feed.next_check,
        _("What to do"): _("r asks it again · E changes it · D leaves it") if feed.error else "",
    })  # fmt: skip


def facts(store: Store, entry_id: int) -> Facts:
    """All that is known of where an entry came from."""
    entry, row, article = store.read.entry(entry_id), store.read.row(entry_id), store.read.article(entry_id)
    if entry is None or row is None:
        return []
    feed, mark = store.read.feed(entry.feed_id), store.read.mark(entry_id)
    return _facts({
        _("Feed"): f"{entry.feed_title}  {feed.url if feed else ''}",
        _("Address"): entry.url,
        _("Author"): (article and article.byline) or entry.author,
        _("Published"): entry.published,
        _("Updated"): entry.updated,
        _("First seen"): entry.first_seen,
        _("Read"): mark.read_at,
        _("Bookmarked"): mark.bookmarked_at,
        _("Offline"): _(_STATES[row.offline]),
        _("Why"): article.error if article else "",
        _("Extractor"): article.extractor if article else "",
        _("Words"): str(row.words),
        _("Language"): (article and article.language) or entry.language,
        _("Categories"): ", ".join(entry.categories),
        _("Guid"): entry.guid,
    })  # fmt: skip
