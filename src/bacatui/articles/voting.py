"""Decide which blocks are the article: extractors vote on each block, the main container has the last word."""

from __future__ import annotations

import copy
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import islice, takewhile
from typing import Any

from bacatui.articles.metadata import Metadata
from bacatui.articles.text_blocks import NOTE_TAGS, TextBlock, TextBlocks, grams, holds_notes
from bacatui.articles.words import pattern
from bacatui.text import tokens

COVERED = 0.6  # share of a block's word groups that a witness must have
MAIN = 0.8  # share of the chosen words that the main container holds
APART = 0.3  # below this share of words in common two witnesses mean different stories
LOST = 0.75  # below this share of the other's choice the precise witness has lost the page
ALL = 0.9  # share of a block's words that are links, where it is nothing else
LINKED = 0.4  # share of a block's words that are links
NEAR = 6  # blocks before the first that is kept
WRAPPERS = 3  # around a heading
KIN = 3  # blocks of one tag and class
SMALL = 100  # words, or letters in scripts without blanks: of an article of fewer, all that is no link is kept
COPY = "schema.org"  # who cut what is not in the page's own copy of its text
EVENTS_LIMIT = (
    90_000  # the extractors are not asked about pages of more, nor of elements with more children
)
CHILDREN_LIMIT = 3_000
_FACTS = frozenset(("code", "row"))
_SINGLE = frozenset(("p", "li", "pre", "blockquote"))  # a block, and no container of an article
_WHOLES = {"item": ("ul", "ol", "dl"), "row": ("table",), "quote": ("blockquote",)}
_BEDDED = frozenset(
    (
        "li",
        "ul",
        "ol",
        "dl",
        "dd",
        "dt",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "table",
        "td",
        "th",
        "blockquote",
    )
)


def choose(page: TextBlocks, tree: Any, url: str, found: Metadata) -> tuple[list[str], str, Any]:
    """For each block "" or who cut it; whose judgement carried; and the main container."""
    is_vast = len(page.events) > EVENTS_LIMIT or any(
        len(element) > CHILDREN_LIMIT for element in tree.iter()
    )
    first, second = (
        set[int]() if is_vast else _wanted(page, each, tree, url)
        for each in (_readability, _trafilatura)
    )
    for n, block in enumerate(page.blocks):
        block.votes = (n in first) + (n in second)
    return decide(page, first, second, found)


def _wanted(
    page: TextBlocks, witness: Callable[[Any, str], list[list[str]]], tree: Any, url: str
) -> set[int]:
    """The blocks that an extractor keeps; none if it fails. Its markup is not used."""
    logging.getLogger(witness.__name__.strip("_")).setLevel(logging.CRITICAL + 1)
    own = copy.deepcopy(tree)
    for embed in list(own.iter("embed")):
        embed.drop_tree()
    for cell in own.iter("td", "th"):  # trafilatura fills what it spans, be it a thousand columns
        cell.attrib.pop("colspan", None)
        cell.attrib.pop("rowspan", None)
    try:
        said = {gram for words in witness(own, url) for gram in grams(words)}
    except Exception:
        return set()
    mine = [grams(block.words) if block.words else None for block in page.blocks]
    return {n for n, own in enumerate(mine) if own and len(own & said) >= COVERED * len(own)}


def _readability(tree: Any, url: str) -> list[list[str]]:
    """The words of each block that readability-lxml keeps."""
    from lxml.etree import tostring
    from readability import Document

    class Own(Document):  # type: ignore[misc]
        def _parse(self, tree: Any) -> Any:
            self.encoding = "utf-8"
            return tree

    document = Own(tree)
    document.get_clean_html = lambda: str(
        tostring(document.html, encoding="unicode", method="html")
    )
    document.summary(html_partial=True)
    return [block.words for block in TextBlocks(document.html).blocks]


def _trafilatura(tree: Any, url: str) -> list[list[str]]:
    """The words of each line that trafilatura keeps when it prefers precision."""
    from trafilatura.core import bare_extraction

    result = bare_extraction(
        tree, url=url or None, favor_precision=True, include_comments=False, with_metadata=False
    )
    return [
        words for line in (getattr(result, "text", "") or "").split("\n") if (words := tokens(line))
    ]


def decide(
    page: TextBlocks, first: set[int], second: set[int], found: Metadata
) -> tuple[list[str], str, Any]:
    """The choice between what readability (`first`) and trafilatura (`second`) want."""
    blocks = page.blocks
    chosen, extractor = second, "trafilatura"
    one, other, shared = (_words(blocks, numbers) for numbers in (first, second, first & second))
    if shared < APART * min(one, other):  # they mean different stories
        is_first = _told(blocks, first, found) > _told(blocks, second, found)
    else:
        is_first = other < LOST * one
    if is_first:
        chosen, extractor = first, "readability"
    if not chosen:
        chosen, extractor = _dense(blocks), "density"
    opening = min((n for n in chosen if _is_story(blocks[n])), default=0)
    chosen = {
        n
        for n in chosen
        if n >= opening or n in first or blocks[n].kind != "item" or blocks[n].link_share < ALL
    }
    main = container(page, chosen)
    inside = {n for n, block in enumerate(blocks) if main in page.around(block.element)}
    stories = (first & second) | (second & inside if is_first else set())
    kept = (chosen & inside) | {n for n in stories if _is_story(blocks[n])}
    kept |= _kin(blocks, kept, first | second)
    kept |= _infill(page, kept, inside, first, second)
    if sum(len(blocks[n].words) for n in kept) < SMALL:  # extractors were made for long articles
        kept |= {n for n in inside if blocks[n].words and blocks[n].link_share < LINKED}
    kept |= (
        {n for n in inside if blocks[n].kind == "caption"}
        | _noted(page, main)
        | _referenced(blocks, inside)
    )
    unsaid = _unsaid(blocks, kept, tokens(found.body))
    who = {n: COPY if n in unsaid else "" for n in kept}
    return [who.get(n, extractor) for n in range(len(blocks))], extractor, main


def _kin(blocks: list[TextBlock], kept: set[int], wanted: set[int]) -> set[int]:
    """Prose right before the kept blocks that is marked up as they are, where an advertisement cuts an article in two,
    or has no class and lies where they lie.
    """

    def marks(element: Any) -> set[Any]:
        return {
            (element.tag, element.get("class")),
            bed(element) if element.get("class") is None else None,
        } - {None}

    marked = Counter(
        mark for n in kept if _is_story(blocks[n]) for mark in marks(blocks[n].element)
    )
    opening = range(max(0, min(kept, default=0) - NEAR), min(kept, default=0))
    is_kin = (n for n in wanted.intersection(opening) if _is_story(blocks[n]))
    return {n for n in is_kin if any(marked[mark] >= KIN for mark in marks(blocks[n].element))}


def _unsaid(blocks: list[TextBlock], kept: set[int], body: list[str]) -> set[int]:
    """Kept links that the page's own text (JSON-LD) lacks, if that text is of the same article."""
    own = grams(body) if body else set[tuple[str, str, str]]()
    said = {
        n
        for n in kept
        if len(grams(blocks[n].words) & own) >= COVERED * len(grams(blocks[n].words))
    }
    unsaid = kept - said if _words(blocks, said) >= MAIN * _words(blocks, kept) else set[int]()
    return {
        n for n in unsaid if blocks[n].kind in {"para", "item"} and blocks[n].link_share > LINKED
    }


def _noted(page: TextBlocks, main: Any) -> set[int]:
    """The footnotes of the main part, or beside it."""
    around = {main, *main.iterancestors()}
    holders = {e for e in page.root.iter(*NOTE_TAGS) if holds_notes(e)}
    near = {
        e
        for e in holders
        if not around.isdisjoint(islice(e.iterancestors(), 2)) or main in e.iterancestors()
    }
    holders = near - around
    return {
        n
        for n, block in enumerate(page.blocks)
        if holders and not holders.isdisjoint(block.element.iterancestors())
    }


def _referenced(blocks: list[TextBlock], inside: set[int]) -> set[int]:
    """The items of a list of references, right under a heading that says so."""
    found: set[int] = set()
    for n in inside:
        if blocks[n].kind == "heading" and pattern("boilerplate", "references").fullmatch(
            blocks[n].text
        ):
            items = set(
                takewhile(
                    lambda at: at in inside and blocks[at].kind == "item", range(n + 1, len(blocks))
                )
            )
            found |= {n, *items} if items else set()
    return found


def _is_story(block: TextBlock) -> bool:
    return block.count >= 15 and block.link_share < 0.3 and block.kind in {"para", "item", "quote"}


def _words(blocks: list[TextBlock], numbers: set[int]) -> int:
    return sum(blocks[n].count for n in numbers)


def _told(blocks: list[TextBlock], numbers: set[int], found: Metadata) -> float:
    """A score of how well blocks fit the page's title and description, and of how long they are."""
    said = {word for n in numbers for word in blocks[n].words if len(word) > 3 or word > "\u2e80"}
    shared = 3 * len(said.intersection(tokens(found.title))) + len(
        said.intersection(tokens(found.description))
    )
    return float((1 + shared) * _words(blocks, numbers) ** 0.5)


def _dense(blocks: list[TextBlock]) -> set[int]:
    """The blocks to keep when no extractor found any: prose; else what is no link; else all."""
    prose = {n for n, block in enumerate(blocks) if block.count >= 10 and block.link_share < 0.3}
    return (
        prose
        or {n for n, block in enumerate(blocks) if block.link_share < 0.5}
        or set(range(len(blocks)))
    )


def container(page: TextBlocks, chosen: set[int]) -> Any:
    """The deepest element that contains most of the chosen words."""
    weights = Counter[Any]()
    for n in chosen:
        weights.update(dict.fromkeys(page.around(page.blocks[n].element), page.blocks[n].count))
    enough = MAIN * _words(page.blocks, chosen)
    main, below = page.root, page.root
    while below is not None:
        main = below
        below = next(
            (child for child in main if child in weights and weights[child] >= enough), None
        )
    others = (page.blocks[n] for n in chosen if page.blocks[n].element is not main)
    if main.tag in _SINGLE and any(
        each.element.getparent() is main.getparent() and _is_story(each) for each in others
    ):
        return main.getparent()
    return main


def _infill(
    page: TextBlocks, kept: set[int], inside: set[int], first: set[int], second: set[int]
) -> set[int]:
    """What stands between kept blocks and belongs there: code, and what another witness has.

    Items and quotes need no more than that; headings and short lines also have to be siblings of the prose around
    them, for boilerplate comes in wrappers of its own; rows of such a table are kept in any case, and so are headings
    right before such prose.
    """
    blocks = page.blocks
    beds = {bed(blocks[n].element) for n in kept if blocks[n].count >= 12}
    low, high = min(kept, default=0), max(kept, default=-1)
    found = {
        n
        for items in _wholes(page, inside)
        if 3 * len(items & kept) >= len(items)
        for n in items - kept
    }
    for n in inside - kept:
        block = blocks[n]
        if not low <= n <= high and (block.kind != "code" or n not in first | second):
            continue
        is_sibling = bed(block.element) in beds or (
            _is_story(block) and block.element in beds
        )  # its text lies bare there
        if (
            block.kind == "code"
            or (block.kind in {"row", "item", "quote"} and n in first | second)
            or (is_sibling and (block.kind == "row" or (n in first and block.link_share < 0.3)))
            or (block.kind == "heading" and _heads(blocks, n, kept))
        ):
            found.add(n)
    return found


def _wholes(page: TextBlocks, inside: set[int]) -> Iterable[set[int]]:
    """The block numbers of each list, table and quote, which are kept whole or not at all."""
    wholes = defaultdict[Any, set[int]](set)
    for n in inside:
        block = page.blocks[n]
        if block.kind in _WHOLES and block.link_share < 0.8:
            wholes[next(block.element.iterancestors(*_WHOLES[block.kind]), block.element)].add(n)
    return wholes.values()


def _heads(blocks: list[TextBlock], number: int, kept: set[int]) -> bool:
    """Whether kept prose, code or a table follows a heading and lies near it: right after it, either of them maybe in
    wrappers of its own, or after a byline and a date.
    """
    after = range(number + 1, min(number + 4, len(blocks)))
    is_body = (
        n
        for n in after
        if blocks[n].count >= 15 or blocks[n].link_share > LINKED or blocks[n].kind in _FACTS
    )
    body = next(is_body, -1)
    if body not in kept or blocks[body].link_share > LINKED:
        return False
    place = bed(blocks[body].element)
    near = list(islice(blocks[number].element.iterancestors(), WRAPPERS))
    holders = islice(place.iterancestors(), WRAPPERS - 1)
    return place in near[:2] or (
        body == number + 1 and any(holder in near[1:] for holder in (place, *holders))
    )


def bed(element: Any) -> Any:
    """The element that contains a block: its parent, or the parent of its list or table."""
    holder = element.getparent()
    while holder is not None and holder.tag in _BEDDED and holder.getparent() is not None:
        holder = holder.getparent()
    return holder
