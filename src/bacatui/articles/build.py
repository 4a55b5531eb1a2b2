"""Build the document from the text blocks that are kept, and a `Cut` from each run that is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, takewhile
from typing import Any

from bacatui.articles.text_blocks import (
    BLOCKS,
    BREAK,
    END,
    IMAGE,
    NOTE_TAGS,
    START,
    TEXT,
    TextBlocks,
    holds_notes,
)
from bacatui.document import Block, Builder, Divider, Heading, to_html
from bacatui.model import Cut
from bacatui.text import sanitize

CUTS_LIMIT = 200
CUT_BLOCKS_LIMIT = 2_000
_CELLS = frozenset(("td", "th"))
_BLANKS = re.compile(r"[^\S\n\t\r\f\v ]")
_NAME = re.compile(r"[\w:.-]{1,100}")  # of an element
_url = lru_cache(4_096)(sanitize.url)


def build(
    page: TextBlocks,
    cut: Sequence[str],
    base: str,
    images: frozenset[Any],
    clocks: frozenset[int] = frozenset(),
) -> tuple[list[Block], list[Cut]]:
    """The document of the text blocks whose `cut` is empty, and the other text blocks as cuts.

    `cut` has one entry per text block: "" if it is kept, otherwise the name of what cut it.
    `images` are the pictures to keep; `clocks` are the text blocks that become small headings.
    """
    alive = _alive(page, cut, images)
    notes = _notes(page)
    builder = Builder()
    blocks: list[Block] = []
    places: dict[int, int] = {}
    for what, element, text, number in page.events:
        is_cut = number >= 0 and bool(cut[number])
        if what == TEXT and is_cut:
            if number not in places:
                blocks += builder.take()
                places[number] = len(blocks)
        elif what == TEXT:
            _say(builder, element, text, number in clocks)
        elif what == IMAGE:
            if element in images and element.tag == "embed":
                _embed(builder, element, base)
            elif element in images and not _labels_cell(page, element):
                builder.start("img", _picture(element, base))
        elif (
            what == BREAK
            or element in page.laid_out
            or (
                element.tag in BLOCKS
                and element not in alive
                and not (element.tag in _CELLS and element.getparent() in alive)
            )
        ):
            builder.start("p", {})
        elif what == END:
            builder.end(_tag(element)[0])
        elif not is_cut:
            tag, said = _tag(element)
            builder.start(tag, said or _attributes(element, base, notes))
    blocks += builder.finish()
    blocks, shift = _tidied(blocks)
    return blocks, _cuts(page, cut, places, base, shift)


def _say(builder: Builder, element: Any, text: str, is_clock: bool = False) -> None:
    if element.tag == "br" and text == "\n":
        builder.start("br", {})
    elif is_clock:
        builder.start("h4", {})
        builder.text(sanitize.clean(text))
        builder.end("h4")
    else:
        text = sanitize.code(text)
        builder.text(text if text.isprintable() or element.tag == "pre" else _BLANKS.sub(" ", text))


def _embed(builder: Builder, element: Any, base: str) -> None:
    builder.start("figure", {"class": "embed"})
    builder.start("a", {"href": _url(element.get("src"), base)})
    builder.text(element.get("title"))
    builder.end("figure")
    builder.end("a")


def _alive(page: TextBlocks, cut: Sequence[str], images: frozenset[Any]) -> set[Any]:
    """The elements that contain a kept text block or picture."""
    alive: set[Any] = set()
    for element in [*(block.element for block in page.kept(cut)), *images]:
        alive.update(takewhile(lambda holder: holder not in alive, page.around(element)))
    return alive


def _labels_cell(page: TextBlocks, image: Any) -> bool:
    """Whether an image is a small one beside text in a table cell, where the text says what it shows."""
    is_small = not re.fullmatch(r"\d{3,5}", (image.get("width") or "").removesuffix("px"))
    return (
        is_small
        and (cell := page.cell(image)) is not None
        and bool("".join(cell.itertext()).strip())
    )


def _attributes(element: Any, base: str, notes: frozenset[str] = frozenset()) -> dict[str, str]:
    match element.tag:
        case "a":
            href = (element.get("href") or "").strip()
            if href.startswith("#"):
                return {"href": href} if href[1:] in notes else {}
            return {"href": _url(href, base)} if href else {}
        case "var":
            return {"href": _url(element.get("data-sign", ""), base)}
        case "li":
            return {"id": name} if (name := element.get("id") or "") in notes else {}
        case "pre":
            return {"data-language": element.get("data-language", "")}
        case "ol":
            return {"start": element.get("start", "1")}
    return {}


def _notes(page: TextBlocks) -> frozenset[str]:
    """The ids of the page's footnotes, which links inside the article may point to."""
    items = [li for e in page.root.iter(*NOTE_TAGS) if holds_notes(e) for li in e.iter("li")]
    return frozenset(name for li in items[:1_000] if _NAME.fullmatch(name := li.get("id") or ""))


def _tag(element: Any) -> tuple[str, dict[str, str]]:
    """The tag and attributes for the builder; footnotes and formulas get tags of their own."""
    if element.tag == "var" and "data-sign" in element.attrib:
        return "sign", {}
    return ("section", {"class": "footnotes"}) if holds_notes(element) else (element.tag, {})


def _picture(image: Any, base: str) -> dict[str, str]:
    alt = sanitize.title(image.get("alt") or "")
    sizes = {side: (image.get(side) or "").removesuffix("px") for side in ("width", "height")}
    return {
        "src": _url(image.get("src") or "", base),
        "alt": "" if alt.startswith("data:") else alt,
    } | sizes


def _tidied(blocks: list[Block]) -> tuple[list[Block], int]:
    """Drop dividers at the edges and in pairs, and make headings level 2 or deeper.

    The second value is the number of blocks dropped at the front.
    """
    tidy: list[Block] = []
    front = 0
    for block in blocks:
        if isinstance(block, Divider) and (not tidy or isinstance(tidy[-1], Divider)):
            front += not tidy
        else:
            tidy.append(
                Heading(2, block.runs) if isinstance(block, Heading) and block.level < 2 else block
            )
    while tidy and isinstance(tidy[-1], Divider):
        tidy.pop()
    return tidy, front


def _cuts(
    page: TextBlocks, cut: Sequence[str], places: dict[int, int], base: str, shift: int
) -> list[Cut]:
    """The cuts of a page. Neighbours that the same rule cut in the same place make one cut."""
    out: list[Cut] = []
    numbers = sorted(places)[:CUT_BLOCKS_LIMIT]
    runs = groupby(
        enumerate(numbers), key=lambda pair: (cut[pair[1]], places[pair[1]], pair[1] - pair[0])
    )
    for (by, place, _), group in runs:
        together = [number for _, number in group]
        html = "\n".join(filter(None, (block_html(page, number, base) for number in together)))
        if html and len(out) < CUTS_LIMIT:
            out.append(Cut(max(0, place - shift), html, by, page.signature(together[0])))
    return out


def block_html(page: TextBlocks, number: int, base: str) -> str:
    """One text block, by its number, as clean HTML."""
    builder = Builder()
    block = page.blocks[number]
    builder.start(
        block.element.tag
        if block.kind in {"heading", "code"} and block.element.tag in BLOCKS
        else "p",
        {},
    )
    for what, element, text, owner in page.events[block.first : block.last + 1]:
        if what == TEXT and owner == number:
            _say(builder, element, text)
        elif what == START and element.tag not in BLOCKS:
            builder.start(element.tag, _attributes(element, base))
        elif what == END and element.tag not in BLOCKS:
            builder.end(element.tag)
    return to_html(builder.finish())
