"""What stands inside an article and is not its text: labels, credits, the headline's copies, teasers after the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bacatui.articles.leaves import IMAGE, Leaf, Leaves
from bacatui.articles.metadata import Metadata, alike, names
from bacatui.articles.rules import Rules


@dataclass(slots=True)
class Furnished:
    """What was learnt on the way."""

    names: list[str] = field(default_factory=list)
    lead: str = ""
    images: frozenset[Any] = frozenset()
    is_gallery: bool = False


def furnish(page: Leaves, cut: list[str], found: Metadata, host: str, rules: Rules) -> Furnished:
    """Apply the rules: writes into `cut` who cut each leaf, and gives back names, standfirst and pictures."""
    out = Furnished()
    _by_rules(page.leaves, cut, host, rules, out)
    _copies(page.leaves, cut, found)
    out.images = _images(page, cut)
    captions = sum(
        len(leaf.words) for leaf, by in zip(page.leaves, cut, strict=True) if leaf.kind == "caption" and not by
    )
    total = sum(len(leaf.words) for leaf, by in zip(page.leaves, cut, strict=True) if not by)
    count = sum(leaf.kind == "caption" and not by for leaf, by in zip(page.leaves, cut, strict=True))
    out.is_gallery = count >= 3 and captions >= 0.3 * total
    return out


def _by_rules(leaves: list[Leaf], cut: list[str], host: str, rules: Rules, out: Furnished) -> None:
    taking = ""
    for number, leaf in enumerate(leaves):
        rule = rules.labelled(leaf, host)
        if taking and rule is None and leaf.link_share > 0.8:
            cut[number] = cut[number] or taking
            continue
        taking = ""
        if rule is None:
            continue
        if rule.does == "keep":
            cut[number] = ""
        elif rule.does == "end":
            if _is_over(leaves, cut, number):
                for after in range(number, len(leaves)):
                    cut[after] = cut[after] or rule.id
                _names_after(leaves, number)
            continue
        else:
            if rule.does == "byline" and (match := re.fullmatch(rule.matches, leaf.text, re.IGNORECASE)):
                out.names += [n for n in names([[match["names"]]]) if n not in out.names]
            cut[number] = cut[number] or rule.id
            taking = rule.id if rule.links else ""


def _names_after(leaves: list[Leaf], number: int) -> None:
    return None


def _is_over(leaves: list[Leaf], cut: list[str], number: int) -> bool:
    """True where little but teasers follows."""
    before = sum(len(leaf.words) for leaf, by in zip(leaves[:number], cut[:number], strict=True) if not by)
    prose = sum(
        len(leaf.words)
        for leaf, by in zip(leaves[number:], cut[number:], strict=True)
        if not by and len(leaf.words) >= 15 and leaf.link_share < 0.5 and not leaf.text.endswith(("...", "…"))
    )
    return before > 30 and prose <= 0.15 * before


def _copies(leaves: list[Leaf], cut: list[str], found: Metadata) -> None:
    """The headline's copies, and blocks that were there before."""
    seen: set[str] = set()
    for number, leaf in enumerate(leaves):
        if cut[number]:
            continue
        if (
            len(leaf.words) <= 40
            and any(alike(leaf.text, title) > 0.9 for title in found.titles)
            and len(leaf.words) > 2
        ):
            cut[number] = "headline"
        elif len(leaf.words) >= 8 and leaf.text in seen:
            cut[number] = "repeated"
        seen.add(leaf.text)


def _images(page: Leaves, cut: list[str]) -> frozenset[Any]:
    kept = [leaf for leaf, by in zip(page.leaves, cut, strict=True) if not by]
    if not kept:
        return frozenset()
    low = next(at for at, event in enumerate(page.events) if event[3] >= 0 and not cut[event[3]])
    high = max(leaf.last for leaf in kept)
    return frozenset(
        e for at, (what, e, _, _) in enumerate(page.events) if what == IMAGE and low <= at <= high and e.get("src")
    )
