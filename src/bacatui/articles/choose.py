"""Which leaves are the article: extractors vote block by block, and the main container has the last word."""

from __future__ import annotations

from typing import Any

from bacatui.articles.leaves import Leaf, Leaves, grams, tokens
from bacatui.articles.metadata import Metadata
from bacatui.articles.witnesses import Grams, hear, readability, trafilatura

COVERED = 0.6  # share of a block's word groups that a witness must have
MAIN = 0.8  # share of the chosen words that the main container holds
APART = 0.3  # below this share of words in common two witnesses mean different stories
LOST = 0.75  # below this share of the other's choice the precise witness has lost the page

_STORY = ("para", "item", "quote")
_BEDDED = frozenset("li ul ol dl dd dt tr tbody thead tfoot table td th blockquote".split())
_ELEMENTS_LIMIT = 30_000
_CHILDREN_LIMIT = 3_000


def choose(page: Leaves, tree: Any, url: str, found: Metadata) -> tuple[list[str], str, Any]:
    """For each leaf "" or who cut it; and whose judgement carried."""
    leaves = page.leaves
    if not leaves:
        return [], "", page.root
    light = len(page.events) > _ELEMENTS_LIMIT * 3 or any(len(e) > _CHILDREN_LIMIT for e in tree.iter())
    by_readability = votes(leaves, set() if light else hear(readability, tree))
    by_trafilatura = votes(leaves, set() if light else hear(trafilatura, tree, url))
    return decide(page, by_readability, by_trafilatura, found)


def votes(leaves: list[Leaf], said: Grams) -> list[float]:
    """How much of each leaf a witness has, from 0 to 1."""
    out = []
    for leaf in leaves:
        mine = grams(leaf.words)
        out.append(len(mine & said) / len(mine) if leaf.words and said else 0.0)
    return out


def decide(
    page: Leaves, by_readability: list[float], by_trafilatura: list[float], found: Metadata
) -> tuple[list[str], str, Any]:
    leaves = page.leaves
    first = {n for n, share in enumerate(by_readability) if share >= COVERED}
    second = {n for n, share in enumerate(by_trafilatura) if share >= COVERED}
    for n, leaf in enumerate(leaves):
        leaf.votes = (n in first) + (n in second)
    chosen, extractor = second, "trafilatura"
    shared = _words(leaves, first & second)
    if shared < APART * min(_words(leaves, first), _words(leaves, second)):  # they mean different stories
        about = set(tokens(f"{found.title} {found.description}"))
        is_first = _told(leaves, first, about) > _told(leaves, second, about)
    else:
        is_first = _words(leaves, second) < LOST * _words(leaves, first)
    if is_first:
        chosen, extractor = first, "readability"
    if not chosen:
        chosen, extractor = _dense(page), "density"
    main = container(page, chosen)
    inside = {n for n in range(len(leaves)) if _within(leaves[n].element, main)}
    kept = chosen & inside
    kept |= {
        n
        for n in first & second
        if len(leaves[n].words) >= 15 and leaves[n].link_share < 0.3 and leaves[n].kind in _STORY
    }
    kept |= _infill(page, kept, inside, first, second)
    kept |= {n for n in inside if leaves[n].kind == "caption"}
    return ["" if n in kept else extractor for n in range(len(leaves))], extractor, main


def _words(leaves: list[Leaf], numbers: set[int]) -> int:
    return sum(len(leaves[n].words) for n in numbers)


def _told(leaves: list[Leaf], numbers: set[int], about: set[str]) -> float:
    """How much these leaves have of what the page says it is about, and how much they say at all."""
    words = {word for n in numbers for word in leaves[n].words}
    return (1 + len(about & words)) * _words(leaves, numbers) ** 0.5


def _dense(page: Leaves) -> set[int]:
    """Where no extractor spoke: prose, which is long and has few links."""
    prose = {n for n, leaf in enumerate(page.leaves) if len(leaf.words) >= 10 and leaf.link_share < 0.3}
    return prose or {n for n, leaf in enumerate(page.leaves) if leaf.link_share < 0.5}


def container(page: Leaves, chosen: set[int]) -> Any:
    """The deepest element that holds most of the chosen words."""
    weights: dict[Any, int] = {}
    for n in chosen:
        element = page.leaves[n].element
        while element is not None:
            weights[element] = weights.get(element, 0) + len(page.leaves[n].words)
            if element is page.root:
                break
            element = element.getparent()
    enough = MAIN * _words(page.leaves, chosen)
    main = page.root
    while True:
        below = max(
            (child for child in main if weights.get(child, 0) >= enough), key=lambda c: weights[c], default=None
        )
        if below is None:
            return main
        main = below


def _within(element: Any, main: Any) -> bool:
    while element is not None:
        if element is main:
            return True
        element = element.getparent()
    return False


def _infill(page: Leaves, kept: set[int], inside: set[int], first: set[int], second: set[int]) -> set[int]:
    """What stands between kept blocks and belongs there: code, and what another witness has.

    Items and quotes need no more than that; headings and short lines also have to be siblings of the prose around
    them, for furniture comes in wrappers of its own; rows of such a table are kept in any case.
    """
    if not kept:
        return set()
    low, high = min(kept), max(kept)
    beds = {bed(page.leaves[n].element) for n in kept if len(page.leaves[n].words) >= 12}
    found = set()
    for n in inside - kept:
        leaf = page.leaves[n]
        if not low <= n <= high:
            continue
        if leaf.kind == "code" or (n in first | second and leaf.kind in {"row", "item", "quote"}):
            found.add(n)
        elif bed(leaf.element) in beds and (leaf.kind == "row" or (n in first and leaf.link_share < 0.3)):
            found.add(n)
        elif leaf.kind == "heading" and n + 1 in kept and len(page.leaves[n + 1].words) >= 15:
            found |= {n} if bed(leaf.element) is bed(page.leaves[n + 1].element) else set()
    return found


def bed(element: Any) -> Any:
    """What a block lies in: its parent, or that of its list or table."""
    while element.tag in _BEDDED and element.getparent() is not None:
        element = element.getparent()
    return element.getparent()
