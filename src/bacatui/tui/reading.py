"""What the store knows about an entry or a feed: as an article to lay out, and as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from urllib.parse import urlsplit

from bacatui import document
from bacatui.document import Block, Run
from bacatui.i18n import _, ngettext, when
from bacatui.model import Cut, Feed, Offline, Row
from bacatui.model.entry_view import OFFLINE_NAMES, EntryView
from bacatui.store import Reader
from bacatui.text.urls import host
from bacatui.tui.typeset import Line, Look, Source, Span, flow, typeset, width_of

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderContent:
    """An article for the article pane; its text is sanitized, its labels are translated."""

    entry_id: int
    title: str
    blocks: Iterable[Block] = field(compare=False)
    html: str = ""  # source of the blocks, which stands for them in comparisons
    date_line: str = ""  # feed, date in words, reading time
    source_line: str = ""  # host of the text, shown to the right of the date
    byline: str = ""
    lead: str = ""
    notices: tuple[str, ...] = ()  # for the user: what is missing and why, tags, note, enclosures
    cuts: tuple[Cut, ...] = ()
    place: float = 0.0


def content_of(
    read: Reader, entry_id: int, *, feed_text: bool = False, cuts_key: str = ""
) -> ReaderContent | None:
    """What is shown of an entry (see `entry_view`); None if it is gone.

    `cuts_key` is the key that shows the cuts; if given, a notice says how many there are.
    """
    view = read.view(entry_id, feed_text=feed_text)
    if view is None:
        return None
    lead = read.picture(view.lead_image)  # only once fetched: the text does not depend on it
    html = document.with_lead(view.html, lead.url if lead and lead.path else "")
    day = f"{when.date(view.day)}, {when.clock(view.day)}"
    length = when.minutes(view.minutes) if view.minutes else ""
    parts = (view.entry.feed_title, day, length)
    star = "  ★" if view.mark.is_bookmarked else ""
    return ReaderContent(
        entry_id=entry_id,
        title=view.title,
        byline=view.byline,
        date_line=" · ".join(filter(None, parts)) + star,
        lead=view.lead,
        source_line=host(view.entry.url).removesuffix("bacatui.invalid"),
        blocks=document.read(html)
        if view.html
        else chain(document.read(html), document.paragraphs(view.text)),
        html=html if view.html else html + view.text,
        cuts=view.cuts,
        notices=(*_notices(view), *_cuts_told(len(view.cuts), cuts_key)),
        place=view.mark.place,
    )


def _missing(view: EntryView) -> str:
    """What is missing, with the key that tries again, if there is one."""
    if view.entry.offline is Offline.FAILED:
        return _("{what} Press ! to try again.").format(what=view.missing)
    return view.missing


def _notices(view: EntryView) -> Iterator[str]:
    """What the user should know before reading: what is missing, tags, note and enclosures."""
    if missing := _missing(view):
        yield missing
    if view.mark.tags:
        yield "  ".join(f"#{tag}" for tag in view.mark.tags)
    if view.mark.note:
        yield _("Your note: {note}").format(note=view.mark.note)
    for enclosure in (each for each in view.entry.enclosures if not each.is_picture):
        file_name = urlsplit(enclosure.url).path.rsplit("/", 1)[-1]
        name = enclosure.title or file_name or enclosure.type
        yield _("Enclosure: {name}. Press e to open it.").format(name=name)


def _cuts_told(count: int, key: str) -> Iterator[str]:
    if count and key:
        yield ngettext(
            "{n} block that is not the article's text was cut from this page; {key} shows it.",
            "{n} blocks that are not the article's text were cut from this page; {key} shows them.",
            count,
        ).format(n=count, key=key)


def summary_of_pack(rows: Sequence[Row]) -> str:
    """A pack in one line, such as `12 articles · 40 min · 10 offline, 2 partly`."""
    counts = Counter(row.offline for row in rows)
    parts = (
        (Offline.READY, _("{n} offline")),
        (Offline.PARTIAL, _("{n} partly")),
        (Offline.FAILED, _("{n} failed")),
        (Offline.PENDING, _("{n} pending")),
    )
    told = ", ".join(words.format(n=counts[state]) for state, words in parts if counts[state])
    told = _("all offline ✓") if counts.keys() == {Offline.READY} else told
    return " · ".join(
        (when.articles(len(rows)), when.minutes(sum(row.minutes for row in rows)), told)
    )


def source(content: ReaderContent) -> Source:
    """The blocks of an article for the page, with its head and its cuts."""
    cuts = [(cut.position, partial(_cut, number, cut)) for number, cut in enumerate(content.cuts)]
    return Source(partial(_head, content), content.blocks, cuts)


def _head(content: ReaderContent, width: int, look: Look) -> Iterator[Line]:
    blank = width - width_of((Span(content.date_line), Span(content.source_line)))
    if blank > 1:
        yield Line(
            (
                Span(content.date_line, "kicker"),
                Span(" " * blank),
                Span(content.source_line, "host"),
            )
        )
    else:
        yield from flow((Run(content.date_line),), width, "kicker")
        yield from flow((Run(content.source_line),), width, "host")
    yield Line()
    yield from flow((Run(content.title or _("Untitled")),), width, "headline")
    yield from flow((Run(content.byline),), width, "byline")
    for text, style in (
        (content.lead, "lead"),
        *((f"▪ {notice}", "notice") for notice in content.notices),
    ):
        if text:
            yield Line()
            yield from flow((Run(text),), width, style)


def _cut(number: int, cut: Cut, width: int, look: Look) -> Iterator[Line]:
    """A part cut from the page, dimmed, under the name of the rule or extractor that cut it."""
    for at, line in enumerate(
        flow((Run("✂ " + _("cut by {rule}").format(rule=cut.by)),), width, "who")
    ):
        yield line if at else line._replace(anchor=f"cut {number}")
    bar = (Span("┊ ", "who"),) if width > 12 else ()
    for line in typeset(document.read(cut.html), width - 2 * len(bar), Look(look.markers)):
        spans = tuple(Span(text, "cut", href) for text, _style, href in line.spans)
        yield line._replace(spans=(*bar, *spans), lead=line.lead + len(bar), fill="")


def card(text: str, width: int) -> Iterator[Line]:
    """Lines for the end of an article: a rule and a text."""
    yield Line((Span("─" * min(12, width), "rule"),), 1)
    yield from flow((Run(text),), width, "card")
    yield Line()


def _facts(known: dict[str, str | datetime | None]) -> Facts:
    told = {
        k: f"{when.date(v)} {when.clock(v)}" if isinstance(v, datetime) else v
        for k, v in known.items()
    }
    return [(name, value) for name, value in told.items() if value]


def facts_of_feed(feed: Feed) -> Facts:
    """What is known about a feed, as pairs of label and value."""
    return _facts({
        _("Trouble"): feed.error, _("Next check"): feed.next_check, _("Last answer"): feed.last_ok,
        _("Address"): feed.url, _("Site"): feed.site, _("Folder"): feed.folder,
        _("Entries"): f"{feed.unread} / {feed.entries}", _("Full text"): feed.full_text.value,
    })  # fmt: skip


def facts(read: Reader, entry_id: int) -> Facts:
    """What is known about an entry, as pairs of label and value; empty if it is gone."""
    view = read.view(entry_id)
    if view is None:
        return []
    entry, mark, feed = view.entry, view.mark, read.feed(view.entry.feed_id)
    cut_away = (
        _("parts of the page: {n}; X shows them").format(n=len(view.cuts)) if view.cuts else ""
    )
    return _facts({
        _("Feed"): f"{entry.feed_title}  {feed.url if feed else ''}",
        _("Address"): entry.url, _("Author"): view.byline,
        _("Published"): view.published, _("Updated"): entry.updated, _("First seen"): entry.first_seen,
        _("Read"): mark.read_at, _("Bookmarked"): mark.bookmarked_at, _("Note"): mark.note,
        _("Offline"): _(OFFLINE_NAMES[entry.offline]), _("Why"): _missing(view),
        _("Extractor"): view.extractor, _("Words"): str(entry.words), _("Cut away"): cut_away,
        _("Language"): view.language,
        _("Categories"): ", ".join(entry.categories), _("GUID"): entry.guid,
    })  # fmt: skip
