"""Tags to blocks: the builder that turns start, text and end events into a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bacatui.document import blocks as b
from bacatui.document.blocks import (
    LONGEST,
    PICTURED,
    Block,
    Run,
    Runs,
    Style,
    parted,
    size_of,
    trim,
)
from bacatui.document.write import to_text

WIDE = 100  # pixels; a smaller picture in a table stands in its cell
MAX_DEPTH = 40  # containers nested deeper are flattened into their parent, and so are styles
COLUMNS = 500  # a row of more cells, or with a cell that is too long, becomes running text

_STYLES = {
    "em": Style.EM, "i": Style.EM, "cite": Style.EM, "dfn": Style.EM, "var": Style.EM,
    "strong": Style.STRONG, "b": Style.STRONG,
    "code": Style.CODE, "kbd": Style.CODE, "samp": Style.CODE, "tt": Style.CODE,
    "sup": Style.SUP, "sub": Style.SUB, "s": Style.STRIKE, "del": Style.STRIKE, "strike": Style.STRIKE,
    "mark": Style.MARK, "a": Style.PLAIN, "sign": Style.PICTURE,
}  # fmt: skip
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_INLINE_ONLY = frozenset(("td", "th", "dt", "caption", "figcaption")) | _HEADINGS  # hold no blocks
_HOLDERS = _INLINE_ONLY | {
    "blockquote",
    "ul",
    "ol",
    "li",
    "dl",
    "dd",
    "pre",
    "table",
    "tr",
    "figure",
    "notes",
}
_BOUNDARIES = frozenset((
    "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "address", "center", "details",
    "summary", "fieldset", "form", "thead", "tbody", "tfoot", "colgroup", "body", "html",
))  # fmt: skip
_CELLS = ("td", "th")
_IMPLIED = {  # HTML's optional end tags: what each start tag ends, and inside what
    "li": (("li",), ("ul", "ol")), "dt": (("dt", "dd"), ("dl",)), "dd": (("dt", "dd"), ("dl",)),
    "tr": ((*_CELLS, "tr"), ("table",)), "td": (_CELLS, ("table",)), "th": (_CELLS, ("table",)),
}  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


@dataclass(slots=True, eq=False)
class _Frame:
    """An element that is open: what has been gathered inside it so far."""

    tag: str
    attrs: dict[str, str]
    runs: list[Run] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    items: list[tuple[str, tuple[Block, ...]]] = field(default_factory=list)
    pairs: list[tuple[Runs, tuple[Block, ...]]] = field(default_factory=list)
    rows: list[tuple[Runs, ...]] = field(default_factory=list)
    cells: list[Runs] = field(default_factory=list)
    pictures: list[b.Picture] = field(default_factory=list)
    caption: Runs = ()
    term: Runs = ()
    head: int = 0  # rows of headings; blocks before the notes

    def flush(self) -> None:
        """Turn the inline text so far into a paragraph."""
        if self.runs and self.tag != "pre":
            runs, self.runs = trim(self.runs), []
            self.blocks.extend(map(b.Paragraph, parted(runs)))

    def take(self, block: Block) -> None:
        """Add a finished block. In a cell, which holds only inline text, it is flattened."""
        if self.tag in _INLINE_ONLY and not isinstance(block, b.Figure):
            flat = _flat(block)
            if self.runs and flat:
                self.runs.append(Run("\n"))
            self.runs.extend(flat)
        elif self.tag == "pre":
            self.runs.extend(_flat(block))
        elif (
            self.tag in {"ul", "ol"} and self.items and isinstance(block, b.Listing)
        ):  # of the item before it
            name, blocks = self.items[-1]
            self.items[-1] = (name, (*blocks, block))
        else:
            if self.tag not in _INLINE_ONLY:
                self.flush()
            self.blocks.append(block)


def _flat(block: Block) -> Runs:
    """A block as inline text, for places that hold nothing else."""
    if isinstance(block, b.Paragraph | b.Heading):
        return block.runs
    text = re.sub("[ \t]+", " ", to_text((block,), captions=True))
    return (Run(re.sub("\n\n+", "\n", text)),) if text else ()


def _boxed(frame: _Frame) -> Iterator[Block]:
    """A table, or a figure, which takes the pictures of one that stands in it last."""
    last = frame.blocks[-1] if frame.blocks else None
    if frame.attrs.get("class") == "embed":
        yield b.Figure((), tuple(run for block in frame.blocks for run in b.runs_of(block)))
        return
    if frame.caption and not (frame.pictures or frame.rows) and isinstance(last, b.Figure):
        caption = (*last.caption, Run("\n"), *frame.caption) if last.caption else frame.caption
        frame.blocks[-1], frame.caption = replace(last, caption=caption), ()
    elif frame.tag == "figure" and frame.caption and isinstance(last, b.Table) and not last.caption:
        frame.blocks[-1] = replace(last, caption=frame.caption)
        frame.caption = ()
    yield from frame.blocks
    if frame.rows:
        yield b.Table(tuple(frame.rows), min(frame.head, len(frame.rows)), frame.caption)
    elif frame.pictures:
        yield b.Figure(tuple(frame.pictures), frame.caption)
    elif frame.caption:
        yield b.Paragraph(frame.caption)


def _closed(frame: _Frame, parent: _Frame) -> Iterator[Block]:
    """What an element becomes when it closes: blocks for the element around it, or a part of that."""
    if frame.tag in _INLINE_ONLY:
        yield from frame.blocks
        frame.blocks, frame.runs = [], list(trim(frame.runs))
    runs = tuple(frame.runs)
    match frame.tag:
        case "blockquote" if (
            not any(isinstance(block, b.Table) for block in frame.blocks) and frame.blocks
        ):
            yield b.Quote(tuple(frame.blocks))
        case "ul" | "ol" if frame.items:
            items = [blocks for _, blocks in frame.items]
            items += (
                [tuple(frame.blocks)] if frame.blocks else []
            )  # content outside any item is kept as one
            given = re.fullmatch(r"-?[0-9]{1,6}", frame.attrs.get("start", "")) or "1"
            yield b.Listing(tuple(items), int(given[0]) if frame.tag == "ol" else None)
        case "ul" | "ol" | "blockquote":
            yield from frame.blocks  # a list without items, or tables: as old pages indent them
        case "li" if frame.blocks and parent.tag in {"ul", "ol", "notes"}:
            parent.head = parent.head if parent.items else len(parent.blocks)
            parent.items.append((frame.attrs.get("id", ""), tuple(frame.blocks)))
        case "li" if frame.blocks:
            yield b.Listing((tuple(frame.blocks),))
        case "notes" | "dl":
            yield from _defined(frame)
        case "dt" if parent.tag == "dl":
            parent.pairs += [(parent.term, ())] if parent.term else []
            parent.term = runs
        case "dd" if parent.tag == "dl":
            parent.pairs.append((parent.term, tuple(frame.blocks)))
            parent.term = ()
        case "pre":
            text = "".join(run.text for run in runs).expandtabs(4).strip("\n")
            if text.strip():
                yield b.Code(text, frame.attrs.get("data-language", ""))
        case "td" | "th" if parent.tag == "tr":
            parent.head = int(frame.tag == "th" and (not parent.cells or parent.head > 0))
            parent.cells.append(runs)
        case "td" | "th":
            parent.runs.extend((*_said(runs), Run(" ")))
        case "tr":
            yield from frame.blocks
            if any(frame.cells) and parent.tag == "table" and _is_row(frame.cells):
                parent.head += bool(frame.head and parent.head == len(parent.rows))
                parent.rows.append(tuple(frame.cells))
            else:
                parent.runs += [
                    run
                    for cell in frame.cells
                    if any(frame.cells)
                    for run in (*_said(cell), Run(" "))
                ]
        case "caption" | "figcaption" if parent.tag in {"table", "figure"}:
            parent.caption = (
                (*parent.caption, Run("\n"), *runs)
                if parent.caption and runs
                else parent.caption or runs
            )
        case "figure" if (
            parent.tag == "figure" and not frame.caption and not frame.attrs.get("class")
        ):
            parent.pictures += frame.pictures
            yield from frame.blocks
        case "table" | "figure" | "dd":
            yield from _boxed(frame)
        case _ if frame.tag in _HEADINGS and 0 < size_of(runs) <= LONGEST:
            yield b.Heading(int(frame.tag[1]), runs)
        case _:
            yield from map(b.Paragraph, parted(runs))


def _defined(frame: _Frame) -> Iterator[Block]:
    """Notes, or terms with their explanations; what stood before the notes comes before them."""
    frame.pairs += [(frame.term, ())] if frame.term else []
    yield from frame.blocks[: frame.head]
    if frame.items:
        yield b.Notes(tuple(frame.items))
    if frame.pairs:
        yield b.Definitions(tuple(frame.pairs))
    yield from frame.blocks[frame.head :]


def _said(runs: Runs) -> Iterator[Run]:
    """The text of a cell outside a table, with pictures as their alternative text."""
    return (Run(run.text) if run.style & Style.PICTURE else run for run in runs)


def _is_row(cells: list[Runs]) -> bool:
    return len(cells) <= COLUMNS and all(size_of(cell) <= LONGEST for cell in cells)


class Builder:
    """Turns start, text and end events into blocks; tolerant of any order of any tags.

    Finished top-level blocks are taken out with `take`, so a long document need not be whole to be shown.
    """

    def __init__(self) -> None:
        self._frames = [_Frame("", {})]
        self._inline: list[tuple[str, Style, str]] = []
        self._style = Style.PLAIN
        self._href = ""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element. Attribute values are trusted to be clean (absolute URLs, no controls)."""
        if tag in _STYLES and len(self._inline) < MAX_DEPTH:
            self._inline.append((tag, _STYLES[tag], attrs.get("href", "")))
            self._restyle()
        elif tag == "br":
            self._append("\n")
        elif tag == "img":
            self._picture(attrs)
        elif tag == "hr":
            self._top.take(b.Divider())
        elif tag in {"ul", "ol"} and self._top.tag == "notes":
            pass  # footnotes are a list already
        elif tag in _HOLDERS or (tag == "section" and attrs.get("class") == "footnotes"):
            self._open(("notes" if tag == "section" else tag), attrs)
        elif tag in _BOUNDARIES:
            self._boundary()

    def text(self, text: str) -> None:
        """Character data; white space is folded, except inside `pre`."""
        if self._is_open("pre"):
            self._top.runs.append(Run(text))
            return
        if "  " in text or not text.isprintable():
            text = _SPACE.sub(" ", text)
        if text:
            self._append(text)

    def end(self, tag: str) -> None:
        """Close an element, and with it whatever was left open inside it."""
        if tag in _STYLES:
            at = next(
                (at for at in reversed(range(len(self._inline))) if self._inline[at][0] == tag),
                None,
            )
            if at is not None:
                del self._inline[at]
                self._restyle()
            return
        if tag == "section":
            tag = "notes" if self._is_open("notes") else tag
        if (
            tag in _HOLDERS
            and self._is_open(tag)
            and not (tag in {"ul", "ol"} and self._top.tag == "notes")
        ):
            self._close(tag)
        elif tag in _BOUNDARIES:
            self._boundary()

    def take(self) -> list[Block]:
        """The top-level blocks finished since the last call."""
        done, self._frames[0].blocks = self._frames[0].blocks, []
        return done

    def finish(self) -> list[Block]:
        """Close everything, and take what is left."""
        while len(self._frames) > 1:
            self._close(self._top.tag)
        self._top.flush()
        return self.take()

    @property
    def _top(self) -> _Frame:
        return self._frames[-1]

    def _is_open(self, tag: str) -> bool:
        return tag in [frame.tag for frame in self._frames]

    def _open(self, tag: str, attrs: dict[str, str]) -> None:
        ended, holders = _IMPLIED.get(tag, ((), ()))
        for other in ended:
            inner = (
                frame.tag
                for frame in reversed(self._frames)
                if frame.tag == other or frame.tag in holders
            )
            if next(inner, "") == other:
                self._close(other)
        if len(self._frames) >= MAX_DEPTH and tag != "pre":
            self._boundary()
            return
        if self._top.tag not in _INLINE_ONLY:
            self._top.flush()
        self._frames.append(_Frame(tag, attrs))

    def _close(self, tag: str) -> None:
        """Close what is open, up to the nearest `tag`."""
        closed = ""
        while closed != tag:
            if self._top.tag not in _INLINE_ONLY:
                self._top.flush()
            frame = self._frames.pop()
            closed = frame.tag
            for block in _closed(frame, self._top):
                self._top.take(block)

    def _boundary(self) -> None:
        if self._top.tag not in _INLINE_ONLY:
            self._top.flush()
        elif self._top.runs and not self._top.runs[-1].text.endswith("\n"):
            self._append("\n")

    def _restyle(self) -> None:
        self._style, self._href = Style.PLAIN, ""
        for _, style, href in self._inline:
            self._style |= style
            self._href = href or self._href

    def _append(self, text: str) -> None:
        self._top.runs.append(Run(text, self._style, self._href))

    def _picture(self, attrs: dict[str, str]) -> None:
        said = [attrs.get(side, "") for side in ("width", "height")]
        width, height = (int(v) if v.isascii() and v.isdigit() and len(v) < 6 else 0 for v in said)
        picture = b.Picture(attrs.get("src", ""), attrs.get("alt", ""), width, height)
        figure = next((frame for frame in self._frames[:-3:-1] if frame.tag == "figure"), None)
        if not picture.src:
            return
        if figure and self._top.tag in {"figure", "figcaption"}:
            figure.pictures.append(picture)
        elif self._top.tag == "pre":
            self._append(picture.alt)
        elif attrs.get("class") == "glyph" or (self._top.tag in _CELLS and width < WIDE):
            self._top.runs.append(Run(picture.alt or PICTURED, Style.PICTURE, picture.src))
        else:
            self._top.take(b.Figure((picture,)))
