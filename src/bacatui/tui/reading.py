"""What the store knows of an entry or a feed: as an article to be laid out, and as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from bacatui import document
from bacatui.document import Block, Paragraph, Run
from bacatui.i18n import N_, _, when
from bacatui.model import Article, Cut, Entry, Feed, Kind, Mark, Offline, Row, picture
from bacatui.store import Reader
from bacatui.tui.typeset import Line, Look, Source, Span, flow, typeset, width_of

_STATES = {
    Offline.READY: N_("ready"),
    Offline.PARTIAL: N_("partly"),
    Offline.FAILED: N_("failed"),
    Offline.PENDING: N_("not fetched yet"),
}
Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderContent:
    """An article as the reader shows it; all text has passed the gate, and is in the reader's language."""

    entry_id: int
    title: str
    blocks: Iterable[Block] = field(compare=False)
    html: str = ""  # what the blocks are made of: two that are equal look the same
    date_line: str = ""  # feed, date in words, reading time
    source_line: str = ""  # the host that the text comes from, at the right of the date
    byline: str = ""
    lead: str = ""
    notices: tuple[str, ...] = ()  # what the reader should know: what is missing, and why
    cuts: tuple[Cut, ...] = ()
    place: float = 0.0


def host(url: str) -> str:
    """The host that an address leads to, as the reader should see it."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # half an IPv6 address
        return ""


def content_of(read: Reader, entry_id: int, *, feed_text: bool = False) -> ReaderContent | None:
    """An entry as it can be read now; None where it is gone. `feed_text` asks for the feed's own text."""
    entry = read.entry(entry_id)
    if entry is None:
        return None
    article, mark = read.article(entry_id), read.mark(entry_id)
    shown = article or Article()
    if feed_text or not shown.html:
        shown = Article(html=entry.html, error=shown.error, kind=Kind.FEED, lead_image=picture(entry.enclosures))
    lead = read.picture(shown.lead_image)  # shown once it is here, for the text says nothing of it
    html = document.with_lead(shown.html, lead.url if lead and lead.path else "")
    text = "" if shown.html else entry.text or entry.summary
    day = (article and article.published) or entry.published or entry.first_seen
    length = when.minutes(entry.minutes) if entry.minutes else ""
    parts = (entry.feed_title, f"{when.date(day)}, {when.clock(day)}", length)
    return ReaderContent(
        entry_id=entry_id,
        title=shown.title or entry.title,
        byline=shown.byline or entry.author,
        date_line=" · ".join(filter(None, parts)) + ("  ★" if mark.bookmarked_at else ""),
        lead=shown.lead,
        source_line=host(entry.url).removesuffix("bacatui.invalid"),
        blocks=_blocks(html, text),
        html=html + text,
        cuts=shown.cuts,
        notices=tuple(_notices(entry, shown, mark)),
        place=mark.place,
    )


def _blocks(html: str, text: str) -> Iterator[Block]:
    yield from document.read(html)
    for part in text.split("\n\n") if text else ():
        yield Paragraph((Run(part),))


def _missing(entry: Entry, shown: Article) -> str:
    """What is not here of an article, and why; "" where all of it is."""
    if entry.offline is Offline.PENDING and shown.kind is Kind.FEED:
        return _("Only the feed's own text so far; the article comes with the next sync.")
    if entry.offline is Offline.FAILED:
        why = shown.error or _("the page could not be read.")
        return _("The article is missing: {why}  Press ! to try again.").format(why=why)
    if shown.kind is Kind.PAYWALL:
        return _("The rest of this article is for subscribers of {host}.").format(host=host(entry.url))
    if shown.kind is Kind.NONE and not shown.error:
        return _("The page is no article; this is the feed's own text.")
    is_partial = entry.offline is Offline.PARTIAL
    return shown.error or _("Partly offline: a picture is missing.") if is_partial else ""


def _notices(entry: Entry, shown: Article, mark: Mark) -> Iterator[str]:
    """What the reader should know before reading: what is missing and why, and the own note."""
    if missing := _missing(entry, shown):
        yield missing
    if mark.tags:
        yield "  ".join(f"#{tag}" for tag in mark.tags)
    if mark.note:
        yield _("Your note: {note}").format(note=mark.note)
    for enclosure in (each for each in entry.enclosures if not each.is_picture):
        name = enclosure.title or urlsplit(enclosure.url).path.rsplit("/", 1)[-1] or enclosure.type
        yield _("Enclosure: {name}. Press e to open it.").format(name=name)


def summary_of_pack(rows: Sequence[Row]) -> str:
    """What a pack holds, and how much of it can be read on the train: `12 articles · 40 min · 10 offline, 2 partly`."""
    counts = Counter(row.offline for row in rows)
    parts = (
        (Offline.READY, _("{n} offline")),
        (Offline.PARTIAL, _("{n} partly")),
        (Offline.FAILED, _("{n} failed")),
        (Offline.PENDING, _("{n} pending")),
    )
    told = ", ".join(words.format(n=counts[state]) for state, words in parts if counts[state])
    told = _("all offline ✓") if counts.keys() == {Offline.READY} else told
    return " · ".join((when.articles(len(rows)), when.minutes(sum(row.minutes for row in rows)), told))


def source(content: ReaderContent) -> Source:
    cuts = [(cut.position, partial(_cut, number, cut)) for number, cut in enumerate(content.cuts)]
    return Source(partial(_head, content), content.blocks, cuts)


def _head(content: ReaderContent, width: int, look: Look) -> Iterator[Line]:
    blank = width - width_of((Span(content.date_line), Span(content.source_line)))
    if blank > 1:
        yield Line((Span(content.date_line, "kicker"), Span(" " * blank), Span(content.source_line, "host")))
    else:
        yield from flow((Run(content.date_line),), width, "kicker")
        yield from flow((Run(content.source_line),), width, "host")
    yield Line()
    yield from flow((Run(content.title or _("Untitled")),), width, "headline")
    yield from flow((Run(content.byline),), width, "byline")
    for text, style in ((content.lead, "lead"), *((f"▪ {notice}", "notice") for notice in content.notices)):
        yield from (Line(),) * bool(text)
        yield from flow((Run(text),), width, style)


def _cut(number: int, cut: Cut, width: int, look: Look) -> Iterator[Line]:
    """A part that was cut from the page, dimmed, under the name of the rule or extractor that cut it."""
    for at, line in enumerate(flow((Run("✂ " + _("cut by {rule}").format(rule=cut.by)),), width, "who")):
        yield line if at else line._replace(anchor=f"cut {number}")
    bar = (Span("┊ ", "who"),) if width > 12 else ()
    for line in typeset(document.read(cut.html), width - 2 * len(bar), Look(look.markers)):
        spans = tuple(Span(text, "cut", href) for text, _style, href in line.spans)
        yield line._replace(spans=(*bar, *spans), lead=line.lead + len(bar), fill="")


def card(text: str, width: int) -> Iterator[Line]:
    yield Line((Span("─" * min(12, width), "rule"),), 1)
    yield from flow((Run(text),), width, "card")
    yield Line()


def _facts(known: dict[str, str | datetime | None]) -> Facts:
    told = {k: f"{when.date(v)} {when.clock(v)}" if isinstance(v, datetime) else v for k, v in known.items()}
    return [(name, value) for name, value in told.items() if value]


def facts_of_feed(feed: Feed) -> Facts:
    return _facts({
        _("Trouble"): feed.error, _("Next check"): feed.next_check, _("Last answer"): feed.last_ok,
        _("Address"): feed.url, _("Site"): feed.site, _("Folder"): feed.folder,
        _("Entries"): f"{feed.unread} / {feed.entries}", _("Full text"): feed.full_text.value,
    })  # fmt: skip


def facts(read: Reader, entry_id: int) -> Facts:
    entry, article = read.entry(entry_id), read.article(entry_id) or Article()
    if entry is None:
        return []
    feed, mark = read.feed(entry.feed_id), read.mark(entry_id)
    return _facts({
        _("Feed"): f"{entry.feed_title}  {feed.url if feed else ''}",
        _("Address"): entry.url, _("Author"): article.byline or entry.author,
        _("Published"): entry.published, _("Updated"): entry.updated, _("First seen"): entry.first_seen,
        _("Read"): mark.read_at, _("Bookmarked"): mark.bookmarked_at, _("Note"): mark.note,
        _("Offline"): _(_STATES[entry.offline]), _("Why"): _missing(entry, article),
        _("Extractor"): article.extractor, _("Words"): str(entry.words),
        _("Cut away"): _("parts of the page: {n}; X shows them").format(n=len(article.cuts)) if article.cuts else "",
        _("Language"): article.language or entry.language,
        _("Categories"): ", ".join(entry.categories), _("GUID"): entry.guid,
    })  # fmt: skip
