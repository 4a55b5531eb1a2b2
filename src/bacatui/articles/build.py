"""Leaves that were kept, back to blocks; leaves that were cut, to `Cut`s in their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bacatui import sanitize
from bacatui.articles.leaves import BLOCKS, BREAK, END, IMAGE, START, TEXT, Leaves
from bacatui.document import Block, Builder, Heading, Rule, to_html
from bacatui.document.blocks import Figure
from bacatui.model import Cut

CUTS_LIMIT = 200
_BLANKS = re.compile(r"[^\S\n]+")
_CELLS = frozenset(("td", "th"))
_LANGUAGE = re.compile(
    r"(?:^|[\s_-])(?:language|lang|highlight-source|highlight|brush)[-: ]+([a-z0-9+#]{1,20})|^([a-z+#]{1,12})$",
    re.IGNORECASE,
)
_NO_LANGUAGE = frozenset("highlight wrap code prettyprint text none plain nohighlight default".split())


def build(
    page: Leaves, cut: Sequence[str], base: str, images: frozenset[Any], clocks: frozenset[int] = frozenset()
) -> tuple[list[Block], list[Cut]]:
    """The blocks of the leaves whose `cut` is empty, and the others as cuts named by what `cut` says."""
    alive = _alive(page, cut, images)
    builder = Builder()
    blocks: list[Block] = []
    places: dict[int, int] = {}
    for what, element, text, leaf in page.events:
        kept = leaf < 0 or not cut[leaf]
        if what == TEXT:
            if kept and leaf in clocks:
                _heading(builder, text)
            elif kept:
                builder.start("br", {}) if element.tag == "br" and text == "\n" else builder.text(_clean(text, element))
            elif leaf not in places:
                blocks += builder.take()
                places[leaf] = len(blocks)
        elif what == IMAGE:
            if element in images and not _labels_cell(element):
                builder.start("img", _picture(element, base))
        elif what == BREAK:
            builder.start("p", {})
        elif (
            element.tag in BLOCKS
            and element not in alive
            and not (element.tag in _CELLS and element.getparent() in alive)
        ):
            if what == START:
                builder.start("p", {})
        elif element in page.laid_out:
            builder.start("div", {})
        elif what == START:
            builder.start(element.tag, _attributes(element, base))
        else:
            builder.end(element.tag)
    blocks += builder.finish()
    blocks, shift = _tidied(blocks)
    return blocks, _cuts(page, cut, places, base, shift)


def _labels_cell(image: Any) -> bool:
    """A picture in a table's cell beside text: a cell can only say what it shows, and the text does that."""
    cell = next(image.iterancestors("td", "th"), None)
    return cell is not None and bool("".join(cell.itertext()).strip())


def _heading(builder: Builder, text: str) -> None:
    builder.start("h4", {})
    builder.text(sanitize.clean(text))
    builder.end("h4")


def _clean(text: str, element: Any) -> str:
    text = sanitize.code(text)
    return text if text.isascii() or element.tag == "pre" else _BLANKS.sub(" ", text)


def _alive(page: Leaves, cut: Sequence[str], images: frozenset[Any]) -> set[Any]:
    """Elements that hold something kept."""
    alive: set[Any] = set()
    holders = [leaf.element for leaf, by in zip(page.leaves, cut, strict=True) if not by]
    for element in [*holders, *images]:
        while element is not None and element not in alive:
            alive.add(element)
            if element is page.root:
                break
            element = element.getparent()
    return alive


def _attributes(element: Any, base: str) -> dict[str, str]:
    tag = element.tag
    if tag == "a":
        href = (element.get("href") or "").strip()
        return (
            {"href": href if href.startswith("#") and False else sanitize.url(href, base)}
            if href and not href.startswith("#")
            else {}
        )
    if tag == "pre":
        return {"data-language": _language(element)}
    if tag == "ol":
        return {"start": element.get("start", "1")}
    return {}


def _language(element: Any) -> str:
    """The language that a code block names, in its own classes, its `code`'s, or those of its wrappers."""
    near = [element, *element.iterchildren("code"), *list(element.iterancestors("div", "figure"))[:2]]
    for candidate in near:
        if (said := candidate.get("data-lang") or candidate.get("data-language")) and re.fullmatch(
            r"[\w+#-]{1,20}", said
        ):
            return str(said).lower()
        for match in _LANGUAGE.finditer(candidate.get("class") or ""):
            name = (match[1] or (match[2] if candidate.tag in {"pre", "code"} else "") or "").lower()
            if name and name not in _NO_LANGUAGE:
                return name
    return ""


def _picture(image: Any, base: str) -> dict[str, str]:
    alt = sanitize.title(image.get("alt") or "")
    attributes = {"src": sanitize.url(image.get("src") or "", base), "alt": "" if alt.startswith("data:") else alt}
    for side in ("width", "height"):
        if (size := (image.get(side) or "").removesuffix("px")).isdigit():
            attributes[side] = size
    return attributes


def _tidied(blocks: list[Block]) -> tuple[list[Block], int]:
    """Without rules at the edges or in pairs, and with headings from level 2 on; and how many went in front."""
    tidy: list[Block] = []
    front = 0
    for block in blocks:
        if isinstance(block, Rule) and (not tidy or isinstance(tidy[-1], Rule)):
            front += not tidy
            continue
        tidy.append(Heading(2, block.runs) if isinstance(block, Heading) and block.level < 2 else block)
    while tidy and isinstance(tidy[-1], Rule):
        tidy.pop()
    return tidy, front


def _cuts(page: Leaves, cut: Sequence[str], places: dict[int, int], base: str, shift: int) -> list[Cut]:
    """What was cut, neighbours that one hand took together in one piece."""
    out: list[Cut] = []
    last = -2
    for leaf, place in sorted(places.items()):
        html = leaf_html(page, leaf, base)
        place = max(0, place - shift)
        if not html:
            continue
        if out and out[-1].by == cut[leaf] and out[-1].position == place and leaf == last + 1:
            out[-1] = Cut(place, out[-1].html + "\n" + html, cut[leaf], out[-1].where)
        elif len(out) < CUTS_LIMIT:
            out.append(Cut(place, html, cut[leaf], page.signature(leaf)))
        last = leaf
    return out


def leaf_html(page: Leaves, number: int, base: str) -> str:
    """One leaf as clean HTML."""
    builder = Builder()
    leaf = page.leaves[number]
    tag = leaf.element.tag if leaf.kind in {"heading", "code"} and leaf.element.tag in BLOCKS else "p"
    builder.start(tag, {})
    for what, element, text, owner in page.events[leaf.first : leaf.last + 1]:
        if what == TEXT and owner == number:
            builder.start("br", {}) if element.tag == "br" and text == "\n" else builder.text(_clean(text, element))
        elif element.tag not in BLOCKS and what in {START, END}:
            builder.start(element.tag, _attributes(element, base)) if what == START else builder.end(element.tag)
    return to_html(builder.finish())


def picture_urls(blocks: Sequence[Block]) -> list[str]:
    """Addresses of the pictures at top level, in order."""
    return [picture.src for block in blocks if isinstance(block, Figure) for picture in block.pictures]
