"""Tags to blocks: the builder that turns start, text and end events into a document."""

from __future__ import annotations

import re

from bacatui.document.blocks import Block, Figure, Picture, Rule, Run, Style
from bacatui.document.closing import CLOSERS, INLINE_ONLY, Frame, flush

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
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


class Builder:
    """Turns start, text and end events into blocks; tolerant of any order of any tags.

    Finished top-level blocks are taken out with `take`, so a long document need not be whole to be shown.
    """

    def __init__(self) -> None:
        self._frames = [Frame("", {})]
        self._inline: list[tuple[str, Style, str]] = []
        self._style = Style.PLAIN
        self._href = ""

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
            flush(self._top)
            self._top.blocks.append(Rule())
        elif tag in {"ul", "ol"} and self._top.tag == "notes":
            pass  # footnotes are a list already
        elif tag in CLOSERS or (tag == "section" and attrs.get("class") == "footnotes"):
            self._open(("notes" if tag == "section" else tag), attrs)
        elif tag in _BOUNDARIES:
            self._boundary()

    def text(self, text: str) -> None:
        """Character data; white space is folded, except inside `pre`."""
        if self._frame_of("pre"):
            self._top.runs.append(Run(text))
            return
        if "  " in text or not text.isprintable():
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
        if tag in CLOSERS:
            if self._frame_of(tag) and not (tag in {"ul", "ol"} and self._top.tag == "notes"):
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
        flush(self._top)
        return self.take()

    # frames

    @property
    def _top(self) -> Frame:
        return self._frames[-1]

    def _frame_of(self, tag: str) -> bool:
        return any(frame.tag == tag for frame in self._frames)

    def _open(self, tag: str, attrs: dict[str, str]) -> None:
        self._close_implied(tag)
        if len(self._frames) >= MAX_DEPTH and tag not in {"pre"}:
            self._boundary()
            return
        if not self._in_cell() or tag in {"tr", "td", "th", "pre"}:
            flush(self._top)
        self._frames.append(Frame(tag, attrs))

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
            flush(self._top)
        frame = self._frames.pop()
        CLOSERS[frame.tag](frame, self._top)
        return frame.tag

    def _in_cell(self) -> bool:
        return self._top.tag in INLINE_ONLY

    def _boundary(self) -> None:
        if self._in_cell():
            if self._top.runs and not self._top.runs[-1].text.endswith("\n"):
                self._append("\n")
        elif self._top.tag != "pre":
            flush(self._top)

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
            flush(self._top)
            self._top.blocks.append(Figure((picture,)))
