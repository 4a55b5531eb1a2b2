"""What the reader is given to show, and how its head and its cut parts are set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bacatui.document import Block, Run, read
from bacatui.i18n import _
from bacatui.model import Cut
from bacatui.tui.typeset import Line, Look, Span, flow, typeset
from bacatui.tui.typeset.lines import width_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderContent:
    """An article as the reader shows it; all text has passed the gate, and is in the reader's language."""

    entry_id: int
    title: str
    blocks: Iterable[Block]
    source_line: str = ""  # the feed's name or the host
    date_line: str = ""  # the date in words, and the reading time
    badge: str = ""  # at the right of the first line, such as ★
    byline: str = ""
    lead: str = ""
    notices: tuple[str, ...] = ()  # what the reader should know: not offline, paywalled, feed text only
    cuts: tuple[Cut, ...] = ()
    place: float = 0.0


def head(content: ReaderContent) -> Callable[[int, Look], Iterator[Line]]:
    """The section above the text: where from and when, headline, byline, standfirst, notices."""

    def lines(width: int, look: Look) -> Iterator[Line]:
        yield Line()
        kicker = " · ".join(filter(None, (content.source_line, content.date_line)))
        yield from _kicker(kicker, content.badge, width)
        yield Line()
        yield from flow((Run(content.title or _("Untitled")),), width, "headline")
        if content.byline:
            yield from flow((Run(content.byline),), width, "byline")
        if content.lead:
            yield Line()
            yield from flow((Run(content.lead),), width, "lead")
        for at, notice in enumerate(content.notices):
            if not at:
                yield Line()
            yield from flow((Run(f"▪ {notice}"),), width, "notice")

    return lines


def _kicker(text: str, badge: str, width: int) -> Iterator[Line]:
    room = width - len(badge) - 2 if badge else width
    for at, line in enumerate(flow((Run(text),), max(1, room), "kicker")):
        blank = Span(" " * max(0, width - width_of(line.spans) - len(badge)))
        yield line if at or not badge else line._replace(spans=(*line.spans, blank, Span(badge, "badge")))


def cut_sections(cuts: tuple[Cut, ...]) -> dict[int, list[Callable[[int, Look], Iterator[Line]]]]:
    """For the X-ray: each cut as a dimmed section with who cut it, by the block before which it stood."""
    sections: dict[int, list[Callable[[int, Look], Iterator[Line]]]] = {}
    for number, cut in enumerate(cuts):
        sections.setdefault(cut.position, []).append(lambda w, look, n=number, c=cut: _cut(n, c, w, look))  # type: ignore[misc]
    return sections


def _cut(number: int, cut: Cut, width: int, look: Look) -> Iterator[Line]:
    told = _("cut by {rule}").format(rule=cut.by)
    for at, line in enumerate(flow((Run(f"✂ {told}"),), width, "who")):
        yield line if at else line._replace(anchor=f"cut {number}")
    inner = width - 2 if width > 12 else width
    for line in typeset(read(cut.html), inner, Look(look.markers)):
        spans = tuple(Span(text, "cut", href) for text, _style, href in line.spans)
        yield line._replace(spans=(Span("┊ " if inner < width else "", "who"), *spans), lead=line.lead + 1, fill="")
