"""What a page shows besides the story, or twice: the headline's copies, pull quotes, slideshows about other things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from bacatui.articles.text_blocks import TextBlock, TextBlocks, uncut
from bacatui.articles.voting import bed
from bacatui.articles.words import pattern
from bacatui.text import tokens

COPIES = 3  # of the headline
LEAST = 100  # words: an article that can do without a slideshow
PULLED = range(5, 60)  # words of a pull quote
QUOTES = 50  # quotes and slides that are looked at
OTHERS = "others"  # who cut the page's other stories


def is_headline(leaf: TextBlock, titles: Sequence[set[str]]) -> bool:
    """Whether a block says what one of the titles says."""
    is_one = 2 < leaf.count <= 40 or leaf.element.tag == "h1"
    words = set(leaf.words) if is_one else set()
    return any(2 * len(words & title) > 0.9 * (len(words) + len(title)) for title in titles)


def clear_copies(page: TextBlocks, cut: list[str], titles: Sequence[set[str]]) -> None:
    """Cut the headline's copies, prose that was there before in another place, and quotes that repeat the text."""
    copies = 0
    seen: dict[str, object] = {}
    for n in uncut(cut):
        leaf = page.leaves[n]
        if copies < COPIES and is_headline(leaf, titles):
            copies += 1
            cut[n] = "headline"
            continue
        place = bed(leaf.element), leaf.element.get("class")
        is_prose = leaf.count >= 12 and leaf.kind in {"para", "quote"}
        if is_prose and seen.setdefault(leaf.text, place) != place:
            cut[n] = "repeated"
    kept = uncut(cut)
    quotes = [n for n in kept if page.leaves[n].count in PULLED and _is_quote(page.leaves[n])][
        :QUOTES
    ]
    said = {n: f" {' '.join(page.leaves[n].words)} " for n in kept} if quotes else {}
    for n in quotes:
        parts = [
            f" {' '.join(tokens(part))} " for part in re.split(r"\.\.\.|…", page.leaves[n].text)
        ]
        if any(
            all(part in text for part in parts)
            for text in said.values()
            if len(text) > len(said[n])
        ):
            cut[n] = "repeated"
            if n + 1 in said and _is_signature(page.leaves[n + 1], page.leaves[n]):
                cut[n + 1] = "repeated"


def _is_signature(leaf: TextBlock, quote: TextBlock) -> bool:
    box = next(quote.element.iterancestors("blockquote", "aside", "figure"), quote.element)
    return leaf.count < PULLED.start + 3 and box in leaf.element.iterancestors()


def _is_quote(leaf: TextBlock) -> bool:
    """Whether a block is set as a quote, or named as what stands out of a text."""
    near = [leaf.element, *list(leaf.element.iterancestors())[:2]]
    is_named = any(
        pattern("furniture", "pulled").search(f"{e.tag} {e.get('class') or ''}"[:300]) for e in near
    )
    return leaf.kind == "quote" or (leaf.kind in {"para", "heading"} and is_named)


def clear_slides(page: TextBlocks, cut: list[str], title: str) -> None:
    """Cut a slideshow under a heading that has nothing to do with the article's, which says enough without it."""
    kept = uncut(cut)
    slides = [
        page.leaves[n].element for n in kept if page.leaves[n].element.get("data-slide") is not None
    ]
    around = [set(page.around(slide)) for slide in slides[:QUOTES]]
    show = (
        next((e for e in page.around(slides[0]) if all(e in each for each in around)), None)
        if slides
        else None
    )
    inside = {n for n in kept if show is not None and show in page.around(page.leaves[n].element)}
    before = kept[: kept.index(min(inside))] if inside else []
    heads = list(takewhile(lambda n: page.leaves[n].kind == "heading", reversed(before)))
    said = {word for n in heads for word in page.leaves[n].words if len(word) > 3}
    rest = sum(page.leaves[n].count for n in kept if n not in inside)
    if heads and said.isdisjoint(tokens(title)) and rest > LEAST:
        for n in (*heads, *inside):
            cut[n] = OTHERS
