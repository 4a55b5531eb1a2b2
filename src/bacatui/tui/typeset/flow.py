"""Lines: how text in any script breaks into them, and how they are fitted to the pane."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size, split_text

from bacatui.document import PICTURED, Run, Runs, Style
from bacatui.text import UNSPACED, sanitize

# Characters that take one cell each, so that their number is their width.
_NARROW = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*"
)
# Scripts without spaces between words, and their punctuation.
_UNSPACED = re.compile(f"[{UNSPACED}\u2e80-\u3040\u3100-\u33ff\ufe30-\ufe4f\uff00-\uffef]")
# Simplified kinsoku (JIS X 4051): what must not begin or end a line; also Thai and Lao vowels.
_NO_START = frozenset(
    "、。，．・：；！？）］｝」』】〕〉》〙〗〟’”…‥々ゝゞーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ゛゜％‰℃"
    "ะาำๅๆฯະາຳໆฯ။၊៖។!),.:;?]}»›%"
)
_NO_END = frozenset("（［｛「『【〔〈《〘〖〝‘“([{«‹เแโใไເແໂໃໄ")
# Places within words and addresses where a line may break.
_JOINTS = re.compile(r"(?<=\w)[-‐–—/](?=[^\W\d])|(?<=[/?&=_.])(?=\w{3})")
_RTL = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_JOINED = re.compile("\u200d?.?(?:\u200d.?|\ufe0f)*", re.DOTALL)

_SUPERS = str.maketrans("0123456789+-=()n−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ⁻")
_SUBS = str.maketrans("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋")
_ORDINAL = re.compile(r"st|nd|rd|th|[eè]r?e?|nde?|ème|[aoªº]|TM|SM|[®©™*†‡]", re.IGNORECASE)


class Span(NamedTuple):
    """Text in one style.

    `style`: names separated by spaces. `href`: a URL, `#note`, or `#^note` for the way back.
    """

    text: str
    style: str = ""
    href: str = ""


class Tile(NamedTuple):
    """Row `row` of a picture that is `columns` by `rows` cells."""

    src: str
    alt: str
    row: int
    columns: int
    rows: int


class Line(NamedTuple):
    """One row of a page. Its first `lead` spans are indents, bullets and bars, not text."""

    spans: tuple[Span, ...] = ()
    lead: int = 0
    wide: bool = False  # may be longer than the page is wide; it is scrolled sideways then
    joint: str = "\n"  # the text between this line and the next in the article itself
    fill: str = ""  # the style of the rest of the row
    anchor: str = ""  # id of the footnote that starts here
    tile: Tile | None = None


def width_of(spans: Iterable[Span]) -> int:
    """Width of the spans in cells."""
    return sum(cell_len(span.text) for span in spans)


def line_text(line: Line) -> str:
    """The text of a line, without its prefix (bullet, quotation bar)."""
    return "".join(span.text for span in line.spans[line.lead :])


def crop(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """The cells from `start` to `end`; a wide character that is cut in two becomes a blank."""
    at = 0
    for span in spans:
        size = cell_len(span.text)
        if at + size > start and at < end:
            text = split_text(span.text, start - at)[1] if at < start else span.text
            yield span._replace(
                text=set_cell_size(text, end - max(at, start)) if at + size > end else text
            )
        at += size


def fit(line: Line, width: int, shift: int = 0) -> tuple[Span, ...]:
    """The spans of a line, cropped and filled to `width` cells; wide ones scrolled by `shift`."""
    spans = tuple(
        s if sanitize.is_safe(s.text) else s._replace(text=sanitize.shown(s.text))
        for s in line.spans
    )
    size = width_of(spans)
    if line.wide and (size > width or shift):
        kept, body = spans[: line.lead], spans[line.lead :]
        room = width - width_of(kept)
        cut_left, cut_right = shift > 0 and bool(body), size - shift > width
        shown = crop(body, shift + cut_left, shift + room - cut_right)
        left, right = (Span(sign, f"{line.fill} more") for sign in "‹›")
        spans = (*kept, *([left] if cut_left else ()), *shown, *([right] if cut_right else ()))
        size = width_of(spans)
    if size > width:
        spans = tuple(crop(spans, 0, width))
        size = width_of(spans)
    return (*spans, Span(" " * (width - size), line.fill)) if size < width else spans


@cache
def _clusters() -> re.Pattern[str]:
    """A pattern for one grapheme: a flag, or a character with those that join it."""
    from rich._unicode_data import load

    none = "".join(
        f"\\U{a:08x}-\\U{b:08x}" for a, b, width in load("auto").widths if width == 0 and a > 0x7F
    )
    return re.compile(f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|.)(?:\u200d.|[{none}\ufe0f])*", re.DOTALL)


def is_rtl(text: str) -> bool:
    """Whether the first letter belongs to a right-to-left script."""
    first = _LETTER.search(text) if not text.isascii() and _RTL.search(text) else None
    return first is not None and unicodedata.bidirectional(first[0]) in {"R", "AL"}


def breaks(text: str, width: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, joint) of each line; `joint` is the text left out between it and the next."""
    at = 0
    for part in text.split("\n"):
        end = at + len(part)
        cut = _cut_narrow if _NARROW.fullmatch(text, at, end) else _cut
        yield from cut(text, at, end, max(1, width))
        at = end + 1


def _cut_narrow(text: str, at: int, end: int, width: int) -> Iterator[tuple[int, int, str]]:
    while end - at > width:
        limit = at + width
        space = cut = text.rfind(" ", at + 1, limit + 1)
        for joint in _JOINTS.finditer(text, max(space, at) + 1, min(limit + 4, end)):
            if joint.end() <= limit and (joint[0] or space < 0):
                cut = joint.end()
        if cut < 0:
            cut = limit
        stop = cut + 1 if text[cut] == " " else cut
        yield at, cut, text[cut:stop]
        at = stop
    yield at, end, "\n"


def _cut(text: str, at: int, end: int, width: int) -> Iterator[tuple[int, int, str]]:
    size, cut, cut_size, last = 0, at, 0, ""
    for match in _clusters().finditer(text, at, end):
        cluster, here = match[0], match.start()
        if last and _may_break(last, cluster[0]):
            cut, cut_size = here, size
        size += cell_len(cluster)
        if size > width and here > at and cluster != " ":
            if cut <= at:
                cut, cut_size = here, size - cell_len(cluster)
            stop = at + len(text[at:cut].rstrip(" "))
            yield at, stop, text[stop:cut]
            at, size, cut_size = cut, size - cut_size, 0
            if size > width and here > at:  # an unbreakable part that is longer than a line
                stop = at + len(text[at:here].rstrip(" "))
                yield at, stop, text[stop:here]
                at, size = here, cell_len(cluster)
        last = cluster[0] if cluster[0] != "-" or last.isalnum() else ""
    stop = at + len(text[at:end].rstrip(" "))
    yield at, stop, text[stop:end] + "\n"


def _may_break(last: str, following: str) -> bool:
    if following == " ":
        return False
    if last == " ":
        return True
    if following in _NO_START or last in _NO_END:
        return False
    unspaced = _UNSPACED.match(last) or _UNSPACED.match(following)
    return bool(unspaced) or (last in "-‐–—/" and following.isalpha())


@cache
def _names(style: int) -> str:
    """The names of a run's styles, cached because testing flags is slow."""
    return " ".join((flag.name or "").lower() for flag in Style if flag and flag & style)


def _shown(run: Run, names: str, markers: bool) -> str:
    text = run.text
    if "code" in names:
        return f"`{text}`" if markers else text
    if text == PICTURED:
        return " ".join(
            [
                text,
                *re.findall(r"[^\W\d_]{3,}", run.href.rpartition("/")[2].rpartition(".")[0])[-1:],
            ]
        )
    if ("sup" not in names and "sub" not in names) or not text.strip():
        return text
    table, sign = (_SUPERS, "^") if "sup" in names else (_SUBS, "_")
    if all(ord(char) in table for char in text):
        return text.translate(table)
    return text if run.href or _ORDINAL.fullmatch(text) else sign + text


def _pieces(runs: Runs, base: str, markers: bool) -> list[Span]:
    """Runs as spans; a character that joins the letter before it stays in that letter's span."""
    out: list[Span] = []
    for run in runs:
        names = _names(int(run.style))
        text = _shown(run, names, markers) if names else run.text
        if out and (out[-1].text[-1:] == "\u200d" or text[:1] in {"\u200d", "\ufe0f"}):
            taken = _JOINED.match(text)
            out[-1] = out[-1]._replace(text=out[-1].text + (taken[0] if taken else ""))
            text = text[taken.end() :] if taken else text
        if not text:
            continue
        link = ("note" if run.href[0] == "#" else "link") if run.href else ""
        out.append(Span(text, " ".join(filter(None, (base, names, link))), run.href))
    return out


def flow(runs: Runs, width: int, base: str = "", *, markers: bool = False) -> Iterator[Line]:
    """Inline text as lines of at most `width` cells; right-to-left text is aligned right.

    `base` is the style under the others; `markers` puts ` around code, for screens without colour.
    """
    pieces = _pieces(runs, base, markers)
    text = pieces[0].text if len(pieces) == 1 else "".join(piece.text for piece in pieces)
    rtl = is_rtl(text)
    which, offset = 0, 0  # the piece that holds the next character, and where that piece starts
    for start, end, joint in breaks(text, width) if text else ():
        spans, at = [], start
        while at < end:
            piece, style, href = pieces[which]
            stop = offset + len(piece)
            if at < stop:
                spans.append(Span(piece[at - offset : end - offset], style, href))
                at = min(stop, end)
            if at < end:
                which, offset = which + 1, stop
        blank = width - width_of(spans) if rtl else 0
        yield (
            Line((Span(" " * blank), *spans), 1, False, joint)
            if blank > 0
            else Line(tuple(spans), 0, False, joint)
        )
