"""Text to lines: where a line may end, in any script, and how wide it is in cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from rich.cells import cell_len

from bacatui.document import Run, Runs, Style
from bacatui.tui.typeset.lines import Line, Span, width_of

# Scripts in which each character is one cell, so that counting characters is measuring.
_NARROW = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*"
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
# Light kinsoku (JIS X 4051), with the Thai and Lao vowels that belong to their neighbour.
_NO_START = frozenset(
    "、。，．・：；！？）］｝」』】〕〉》〙〗〟’”…‥々ゝゞーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ゛゜％‰℃"
    "ะาำๅๆฯະາຳໆฯ။၊៖។!),.:;?]}»›%"
)
_NO_END = frozenset("（［｛「『【〔〈《〘〖〝‘“([{«‹เแโใไເແໂໃໄ")
_JOINTS = re.compile(r"(?<=\w)[-‐–—/](?=[^\W\d])|(?<=[/?&=_.])(?=\w{3})")
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_LETTER = re.compile(r"[^\W\d_]")
_JOINED = re.compile("(?:\u200d.?|\ufe0f)+")

_SUPERS = str.maketrans("0123456789+-=()n−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ⁻")
_SUBS = str.maketrans("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋")
_ORDINAL = re.compile(r"st|nd|rd|th|[eè]r?e?|nde?|ème|[aoªº]|TM|SM|[®©™*†‡]", re.IGNORECASE)
_NAMES = {
    Style.EM: "em", Style.STRONG: "strong", Style.CODE: "code", Style.SUP: "sup", Style.SUB: "sub",
    Style.STRIKE: "strike", Style.MARK: "mark",
}  # fmt: skip


@cache
def _clusters() -> re.Pattern[str]:
    """One grapheme as a terminal draws it: a flag, or a character with all that joins or has no width."""
    from rich._unicode_data import load

    none = "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b, width in load("auto").widths if width == 0 and a > 0x7F)
    flag = "[\U0001f1e6-\U0001f1ff]"
    return re.compile(f"(?:{flag}{{2}}|.)(?:\u200d.|[{none}\ufe0f])*", re.DOTALL)


def is_rtl(text: str) -> bool:
    """True where the first letter is of a script that is written from right to left."""
    if not _RTL.search(text):
        return False
    first = _LETTER.search(text)
    return first is not None and unicodedata.bidirectional(first[0]) in {"R", "AL"}


def breaks(text: str, width: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, joint) of each line: `joint` is what was left out between it and the next."""
    at = 0
    for part in text.split("\n"):
        end = at + len(part)
        narrow = _NARROW.fullmatch(text, at, end) is not None
        yield from (_narrow if narrow else _general)(text, at, end, max(1, width))
        at = end + 1


def _narrow(text: str, at: int, end: int, width: int) -> Iterator[tuple[int, int, str]]:
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


def _general(text: str, at: int, end: int, width: int) -> Iterator[tuple[int, int, str]]:
    size, cut, cut_size, last = 0, at, 0, ""
    for match in _clusters().finditer(text, at, end):
        cluster, here = match[0], match.start()
        if last and _may_break(last, cluster[0]):
            cut, cut_size = here, size
        size += cell_len(cluster)
        if size > width and here > at and not cluster.isspace():
            if cut <= at:
                cut, cut_size = here, size - cell_len(cluster)
            stop = cut - 1 if text[cut - 1] == " " and cut - 1 > at else cut
            yield at, stop, text[stop:cut]
            at, size = cut, size - cut_size
            cut_size = 0
        last = cluster[0] if cluster[0] != "-" or last.isalnum() else ""
    yield at, end, "\n"


def _may_break(last: str, following: str) -> bool:
    if last == " ":
        return following != " "
    if following in _NO_START or last in _NO_END or following == " ":
        return False
    if _UNSPACED.match(last) or _UNSPACED.match(following) or last == "\u3000":
        return True
    return last in "-‐–—/" and following.isalpha()


def _shown(run: Run, markers: bool) -> str:
    """The text of a run; small raised and lowered letters become such characters where they exist."""
    text = run.text
    if run.style & (Style.SUP | Style.SUB) and not run.style & Style.CODE:
        table, sign = (_SUPERS, "^") if run.style & Style.SUP else (_SUBS, "_")
        small = text.translate(table)
        if all(ord(char) in table.values() for char in small):
            return small
        return text if run.href or not text.strip() or _ORDINAL.fullmatch(text) else sign + text
    if markers and run.style & Style.CODE:
        return f"`{text}`"
    return text


def _pieces(runs: Runs, base: str, markers: bool) -> list[Span]:
    """Runs with their styles by name; what joins the letter before it is kept with that letter."""
    out: list[Span] = []
    for run in runs:
        text = _shown(run, markers)
        if out and (out[-1].text[-1:] == "\u200d" or text[:1] in {"\u200d", "\ufe0f"}):
            joined = _JOINED.match(text)
            taken = joined[0] if joined else text[:1]
            out[-1] = out[-1]._replace(text=out[-1].text + taken)
            text = text[len(taken) :]
        names = [name for style, name in _NAMES.items() if style & run.style] if run.style else []
        if run.href:
            names.append("note" if run.href[0] == "#" else "link")
        out.append(Span(text, " ".join([base, *names] if base else names), run.href))
    return out


def flow(runs: Runs, width: int, base: str = "", *, markers: bool = False) -> Iterator[Line]:
    """Inline text as lines of at most `width` cells; right-to-left text is set against the right edge.

    `base` is the style that the others lie on; `markers` puts ` around code, for screens without colour.
    """
    pieces = _pieces(runs, base, markers)
    text = "".join(piece.text for piece in pieces)
    rtl = is_rtl(text)
    which, offset = 0, 0  # the piece that holds the next character, and where that piece starts
    for start, end, joint in breaks(text, width) if text else ():
        spans, at = [], start
        while True:
            piece = pieces[which]
            stop = offset + len(piece.text)
            if at < min(stop, end):
                spans.append(Span(piece.text[at - offset : end - offset], piece.style, piece.href))
                at = min(stop, end)
            if at >= end:
                break
            which, offset = which + 1, stop
        blank = width - width_of(spans) if rtl else 0
        yield Line((Span(" " * blank), *spans), 1, joint=joint) if blank > 0 else Line(tuple(spans), joint=joint)
