"""Remove what a page shows twice or beside the story: headlines, pull quotes, unrelated slideshows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from bacatui.articles.text_blocks import TextBlock, TextBlocks, uncut
from bacatui.articles.voting import bed
from bacatui.articles.words import pattern
from bacatui.text import tokens

HEADLINES = 3  # repetitions of the headline that are cut
LEAST = 100  # words: an article that can do without a slideshow
PULLED = range(5, 60)  # words of a pull quote
QUOTES = 50  # quotes and slides that are looked at
OTHERS = "others"  # who cut the page's other stories


def is_headline(block: TextBlock, titles: Sequence[set[str]]) -> bool:
    """Whether a block says what one of the titles says."""
    is_one = 2 < block.count <= 40 or block.element.tag == "h1"
    words = set(block.words) if is_one else set()
    return any(2 * len(words & title) > 0.9 * (len(words) + len(title)) for title in titles)


def clear_repetition(page: TextBlocks, cut: list[str], titles: Sequence[set[str]]) -> None:
    """Cut the repeated headline, prose that stood elsewhere before, and quotes of the text.

    `titles` are the words of each form of the headline; `cut` gets the names of what cut.
    """
    repetitions = 0
    seen: dict[str, object] = {}
    for n in uncut(cut):
        block = page.blocks[n]
        if repetitions < HEADLINES and is_headline(block, titles):
            repetitions += 1
            cut[n] = "headline"
            continue
        place = bed(block.element), block.element.get("class")
        is_prose = block.count >= 12 and block.kind in {"para", "quote"}
        if is_prose and seen.setdefault(block.text, place) != place:
            cut[n] = "repeated"
    kept = uncut(cut)
    quotes = [n for n in kept if page.blocks[n].count in PULLED and _is_quote(page.blocks[n])][
        :QUOTES
    ]
    said = {n: f" {' '.join(page.blocks[n].words)} " for n in kept} if quotes else {}
    for n in quotes:
        parts = [
            f" {' '.join(tokens(part))} " for part in re.split(r"\.\.\.|…", page.blocks[n].text)
        ]
        if any(
            all(part in text for part in parts)
            for text in said.values()
            if len(text) > len(said[n])
        ):
            cut[n] = "repeated"
            if n + 1 in said and _is_signature(page.blocks[n + 1], page.blocks[n]):
                cut[n + 1] = "repeated"


def _is_signature(block: TextBlock, quote: TextBlock) -> bool:
    box = next(quote.element.iterancestors("blockquote", "aside", "figure"), quote.element)
    return block.count < PULLED.start + 3 and box in block.element.iterancestors()


def _is_quote(block: TextBlock) -> bool:
    """Whether a block is set as a quote, or named as what stands out of a text."""
    near = [block.element, *list(block.element.iterancestors())[:2]]
    is_named = any(
        pattern("boilerplate", "pulled").search(f"{e.tag} {e.get('class') or ''}"[:300])
        for e in near
    )
    return block.kind == "quote" or (block.kind in {"para", "heading"} and is_named)


def clear_slides(page: TextBlocks, cut: list[str], title: str) -> None:
    """Cut a slideshow under a heading that has nothing to do with the article's, which says enough without it."""
    kept = uncut(cut)
    slides = [
        page.blocks[n].element for n in kept if page.blocks[n].element.get("data-slide") is not None
    ]
    around = [set(page.around(slide)) for slide in slides[:QUOTES]]
    show = (
        next((e for e in page.around(slides[0]) if all(e in each for each in around)), None)
        if slides
        else None
    )
    inside = {n for n in kept if show is not None and show in page.around(page.blocks[n].element)}
    before = kept[: kept.index(min(inside))] if inside else []
    heads = list(takewhile(lambda n: page.blocks[n].kind == "heading", reversed(before)))
    said = {word for n in heads for word in page.blocks[n].words if len(word) > 3}
    rest = sum(page.blocks[n].count for n in kept if n not in inside)
    if heads and said.isdisjoint(tokens(title)) and rest > LEAST:
        for n in (*heads, *inside):
            cut[n] = OTHERS
