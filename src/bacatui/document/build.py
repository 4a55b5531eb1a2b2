"""Tags to blocks: the builder that turns start, text and end events into a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from bacatui.document.blocks import (
    Block,
    Code,
    Definitions,
    Figure,
    Heading,
    Listing,
    Notes,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Runs,
    Style,
    Table,
    trim,
)
from bacatui.document.write import to_text

MAX_DEPTH = 40  # containers nested deeper are flattened into their parent

_STYLES = {
    "em": Style.EM, "i": Style.EM, "cite": Style.EM, "dfn": Style.EM, "var": Style.EM,
    "strong": Style.STRONG, "b": Style.STRONG,
    "code": Style.CODE, "kbd": Style.CODE, "samp": Style.CODE, "tt": Style.CODE,
    "sup": Style.SUP, "sub": Style.SUB, "s": Style.STRIKE, "del": Style.STRIKE, "strike": Style.STRIKE,
    "mark": Style.MARK,
}  # fmt: skip
_SECTIONS = frozenset(("p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "address"))
_PARTS = frozenset(("center", "details", "summary", "fieldset", "form", "thead", "tbody", "tfoot", "colgroup"))
_BOUNDARIES = _SECTIONS | _PARTS | {"body", "html"}
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_INLINE_ONLY = frozenset({"td", "th", "dt", "caption", "figcaption"}) | _HEADINGS
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


class _Frame:
    """An element that is open: what has been gathered inside it so far."""

    __slots__ = (
        "attrs",
        "blocks",
        "caption",
        "cells",
        "head",
        "items",
        "pairs",
        "pictures",
        "rows",
        "runs",
        "tag",
        "term",
    )

    def __init__(self, tag: str, attrs: dict[str, str]) -> None:
        self.tag = tag
        self.attrs = attrs
        self.runs: list[Run] = []
        self.blocks: list[Block] = []
        self.items: list[tuple[str, tuple[Block, ...]]] = []
        self.pairs: list[tuple[Runs, tuple[Block, ...]]] = []
        self.rows: list[tuple[Runs, ...]] = []
        self.cells: list[Runs] = []
        self.pictures: list[Picture] = []
        self.caption: Runs = ()
        self.term: Runs = ()
        self.head = 0


class Builder:
    """Turns start, text and end events into blocks; tolerant of any order of any tags.

    Finished top-level blocks are taken out with `take`, so a long document need not be whole to be shown.
    """

    def __init__(self) -> None:
        self._frames = [_Frame("", {})]
        self._inline: list[tuple[str, Style, str]] = []
        self._style = Style.PLAIN
        self._href = ""
        self._closers: Mapping[str, Callable[[_Frame, _Frame], None]] = {
            "blockquote": self._close_quote, "ul": self._close_list, "ol": self._close_list,
            "li": self._close_item, "dl": self._close_definitions, "dt": self._close_term,
            "dd": self._close_explanation, "pre": self._close_code, "table": self._close_table,
            "tr": self._close_row, "td": self._close_cell, "th": self._close_cell,
            "caption": self._close_caption, "figcaption": self._close_caption,
            "figure": self._close_figure, "notes": self._close_notes,
        } | dict.fromkeys(_HEADINGS, self._close_heading)  # fmt: skip

    # events

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Open an element. Attribute values are trusted to be clean (absolute URLs, no controls)."""
        if tag in _STYLES or tag == "a":
            self._open_inline(tag, attrs)
        elif tag == "br":
            self._append("\n")
        elif tag == "img":
            self._picture(attrs)
        elif tag == "hr":
            self._flush()
            self._top.blocks.append(Rule())
        elif tag in self._closers or (tag == "section" and attrs.get("class") == "footnotes"):
            self._open(("notes" if tag == "section" else tag), attrs)
        elif tag in _BOUNDARIES:
            self._boundary()

    def text(self, text: str) -> None:
        """Character data; white space is folded, except inside `pre`."""
        if self._frame_of("pre"):
            self._top.runs.append(Run(text))
            return
        text = _SPACE.sub(" ", text)
        if text:
            self._append(text)

    def end(self, tag: str) -> None:
        """Close an element, and with it whatever was left open inside it."""
        if tag in _STYLES or tag == "a":
            self._close_inline(tag)
            return
        if tag == "section":
            tag = "notes" if self._frame_of("notes") else "section"
        if tag in self._closers:
            if self._frame_of(tag):
                while self._close_top() != tag:
                    pass
        elif tag in _BOUNDARIES:
            self._boundary()

    def take(self) -> list[Block]:
        """The top-level blocks finished since the last call."""
        root = self._frames[0]
        done, root.blocks = root.blocks, []
        return done

    def finish(self) -> list[Block]:
        """Close everything, and take what is left."""
        while len(self._frames) > 1:
            self._close_top()
        self._flush()
        return self.take()

    # frames

    @property
    def _top(self) -> _Frame:
        return self._frames[-1]

    def _frame_of(self, tag: str) -> bool:
        return any(frame.tag == tag for frame in self._frames)

    def _open(self, tag: str, attrs: dict[str, str]) -> None:
        self._close_implied(tag)
        if len(self._frames) >= MAX_DEPTH and tag not in {"pre"}:
            self._boundary()
            return
        if not self._in_cell() or tag in {"tr", "td", "th", "pre"}:
            self._flush()
        self._frames.append(_Frame(tag, attrs))

    def _close_implied(self, tag: str) -> None:
        """HTML's optional end tags: an `li` ends the `li` before it, and so on."""
        closes = {
            "li": ("li",),
            "dt": ("dt", "dd"),
            "dd": ("dt", "dd"),
            "tr": ("td", "th", "tr"),
            "td": ("td", "th"),
            "th": ("td", "th"),
        }
        holders = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",)}.get(tag, ("table",))
        for other in closes.get(tag, ()):
            for frame in reversed(self._frames):
                if frame.tag in holders:
                    break
                if frame.tag == other:
                    while self._close_top() != other:
                        pass
                    break

    def _close_top(self) -> str:
        if not self._in_cell():
            self._flush()
        frame = self._frames.pop()
        self._closers[frame.tag](frame, self._top)
        return frame.tag

    def _in_cell(self) -> bool:
        return self._top.tag in _INLINE_ONLY

    def _boundary(self) -> None:
        if self._in_cell():
            if self._top.runs and not self._top.runs[-1].text.endswith("\n"):
                self._append("\n")
        elif self._top.tag != "pre":
            self._flush()

    def _flush(self) -> None:
        """What inline text stands in the open element becomes a paragraph of it."""
        frame = self._top
        if frame.tag == "pre":
            return
        runs = trim(frame.runs)
        frame.runs = []
        if runs:
            frame.blocks.append(Paragraph(runs))

    # inline

    def _open_inline(self, tag: str, attrs: dict[str, str]) -> None:
        href = attrs.get("href", "") if tag == "a" else ""
        self._inline.append((tag, _STYLES.get(tag, Style.PLAIN), href))
        self._restyle()

    def _close_inline(self, tag: str) -> None:
        for at in range(len(self._inline) - 1, -1, -1):
            if self._inline[at][0] == tag:
                del self._inline[at]
                self._restyle()
                return

    def _restyle(self) -> None:
        self._style, self._href = Style.PLAIN, ""
        for _, style, href in self._inline:
            self._style |= style
            self._href = href or self._href

    def _append(self, text: str) -> None:
        self._top.runs.append(Run(text, self._style, self._href))

    def _picture(self, attrs: dict[str, str]) -> None:
        src = attrs.get("src", "")
        if not src:
            return
        width, height = (
            int(v) if (v := attrs.get(k, "")).isascii() and v.isdigit() and len(v) < 6 else 0
            for k in ("width", "height")
        )
        picture = Picture(src, attrs.get("alt", ""), width, height)
        if self._top.tag == "figure":
            self._top.pictures.append(picture)
        elif self._in_cell() or self._top.tag == "pre":
            if picture.alt:
                self._append(picture.alt)
        else:
            self._flush()
            self._top.blocks.append(Figure((picture,)))

    # what an element becomes when it closes

    def _close_quote(self, frame: _Frame, parent: _Frame) -> None:
        if frame.blocks:
            self._into(parent, Quote(tuple(frame.blocks)))

    def _close_list(self, frame: _Frame, parent: _Frame) -> None:
        items = [blocks for _, blocks in frame.items]
        if frame.blocks:  # content outside any item is kept as one
            items.append(tuple(frame.blocks))
        if items:
            start = None
            if frame.tag == "ol":
                given = frame.attrs.get("start", "1")
                start = int(given) if re.fullmatch(r"-?[0-9]{1,6}", given) else 1
            self._into(parent, Listing(tuple(items), start))

    def _close_item(self, frame: _Frame, parent: _Frame) -> None:
        if not frame.blocks:
            return
        if parent.tag in {"ul", "ol", "notes"}:
            parent.items.append((frame.attrs.get("id", ""), tuple(frame.blocks)))
        else:
            self._into(parent, Listing((tuple(frame.blocks),)))

    def _close_notes(self, frame: _Frame, parent: _Frame) -> None:
        if frame.items:
            parent.blocks.append(Notes(tuple(frame.items)))
        parent.blocks.extend(frame.blocks)

    def _close_definitions(self, frame: _Frame, parent: _Frame) -> None:
        if frame.term:
            frame.pairs.append((frame.term, ()))
        if frame.pairs:
            self._into(parent, Definitions(tuple(frame.pairs)))
        for block in frame.blocks:
            self._into(parent, block)

    def _close_term(self, frame: _Frame, parent: _Frame) -> None:
        runs = trim(frame.runs)
        if parent.tag == "dl":
            if parent.term:
                parent.pairs.append((parent.term, ()))
            parent.term = runs
        elif runs:
            self._into(parent, Paragraph(runs))

    def _close_explanation(self, frame: _Frame, parent: _Frame) -> None:
        if parent.tag == "dl":
            parent.pairs.append((parent.term, tuple(frame.blocks)))
            parent.term = ()
            return
        for block in frame.blocks:
            self._into(parent, block)

    def _close_code(self, frame: _Frame, parent: _Frame) -> None:
        text = "".join(run.text for run in frame.runs).expandtabs(4).strip("\n")
        if text.strip():
            self._into(parent, Code(text, frame.attrs.get("data-language", "")))

    def _close_heading(self, frame: _Frame, parent: _Frame) -> None:
        runs = trim(frame.runs)
        for block in frame.blocks:
            self._into(parent, block)
        if runs:
            self._into(parent, Heading(int(frame.tag[1]), runs))

    def _close_row(self, frame: _Frame, parent: _Frame) -> None:
        if not frame.cells:
            return
        if parent.tag == "table":
            if frame.head and parent.head == len(parent.rows):
                parent.head += 1
            parent.rows.append(tuple(frame.cells))
        else:
            parent.runs.extend(_joined(frame.cells))

    def _close_cell(self, frame: _Frame, parent: _Frame) -> None:
        runs = trim(frame.runs)
        for block in frame.blocks:
            runs = (*runs, Run("\n"), *_flat(block)) if runs else _flat(block)
        if parent.tag == "tr":
            parent.head = int(frame.tag == "th" and (not parent.cells or parent.head > 0))
            parent.cells.append(runs)
        else:
            parent.runs.extend((*runs, Run(" ")))

    def _close_table(self, frame: _Frame, parent: _Frame) -> None:
        for block in frame.blocks:
            self._into(parent, block)
        if frame.rows:
            self._into(parent, Table(tuple(frame.rows), min(frame.head, len(frame.rows)), frame.caption))

    def _close_caption(self, frame: _Frame, parent: _Frame) -> None:
        runs = trim(frame.runs)
        if parent.tag in {"table", "figure"}:
            parent.caption = (
                (*parent.caption, Run("\n"), *runs) if parent.caption and runs else (parent.caption or runs)
            )
        elif runs:
            self._into(parent, Paragraph(runs))

    def _close_figure(self, frame: _Frame, parent: _Frame) -> None:
        for block in frame.blocks:
            self._into(parent, block)
        if frame.pictures:
            self._into(parent, Figure(tuple(frame.pictures), frame.caption))
        elif frame.caption:
            self._into(parent, Paragraph(frame.caption))

    def _into(self, parent: _Frame, block: Block) -> None:
        """A finished block joins its parent; in a cell, which holds only inline text, it is flattened."""
        if parent.tag in _INLINE_ONLY:
            flat = _flat(block)
            if parent.runs and flat:
                parent.runs.append(Run("\n"))
            parent.runs.extend(flat)
        elif parent.tag == "pre":
            parent.runs.extend(_flat(block))
        else:
            if parent is self._top:
                self._flush()
            parent.blocks.append(block)


def _joined(cells: Iterable[Runs]) -> Iterator[Run]:
    for cell in cells:
        yield from cell
        yield Run(" ")
    yield Run("\n")


def _flat(block: Block) -> Runs:
    """A block as inline text, for places that hold nothing else."""
    if isinstance(block, Paragraph | Heading):
        return block.runs
    text = to_text((block,), captions=True)
    return (Run(text.replace("\n\n", "\n")),) if text else ()
