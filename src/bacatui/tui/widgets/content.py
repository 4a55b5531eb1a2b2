"""What the reader is given to show, and how its head and its cut parts are set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from bacatui.document import Block, Run, read
from bacatui.i18n import _
from bacatui.model import Cut
from bacatui.tui.typeset import Line, Look, Source, Span, flow, typeset, width_of


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


def source(content: ReaderContent) -> Source:
    """The sections of an article, to be laid out."""
    sections: dict[int, list[partial[Iterator[Line]]]] = {}
    for number, cut in enumerate(content.cuts):
        sections.setdefault(cut.position, []).append(partial(_cut, number, cut))
    return Source(partial(_head, content), content.blocks, sections)


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


def card(text: str, width: int) -> Iterator[Line]:
    """What stands at the end, under a short rule."""
    yield Line((Span("─" * min(12, width), "rule"),), 1)
    yield from flow((Run(text),), width, "card")
    yield Line()


def _cut(number: int, cut: Cut, width: int, look: Look) -> Iterator[Line]:
    """A part that was cut from the page, dimmed, under the name of the rule or extractor that cut it."""
    for at, line in enumerate(flow((Run("✂ " + _("cut by {rule}").format(rule=cut.by)),), width, "who")):
        yield line if at else line._replace(anchor=f"cut {number}")
    bar = (Span("┊ ", "who"),) if width > 12 else ()
    for line in typeset(read(cut.html), width - 2 * len(bar), Look(look.markers)):
        spans = tuple(Span(text, "cut", href) for text, _style, href in line.spans)
        yield line._replace(spans=(*bar, *spans), lead=line.lead + len(bar), fill="")
