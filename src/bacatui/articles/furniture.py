"""What stands inside an article and is not its text: labels, credits, the headline's copies, teasers after the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bacatui.articles.choose import bed
from bacatui.articles.dates import read_date
from bacatui.articles.leaves import IMAGE, Leaf, Leaves
from bacatui.articles.metadata import Metadata, alike, names
from bacatui.articles.rules import SHORT, Rule, Rules

_PROSE = 20  # words: from here on a block is the story
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|standfirst|dek|deck|sub-?(?:title|head|headline|heading)|summary|intro(?:duction)?|abstract|teaser|excerpt|desc(?:ription)?|chapeau|vorspann|ingress|sapo|sommario|perex|kicker|bajada|sumario|entradilla)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ICON = 50  # pixels; smaller pictures are icons or trackers
_ICONS = re.compile(
    r"avatar|gravatar|emoji|/icons?[/_-]|[/_-]icon|logo|spacer|pixel|tracking|1x1|blank\.|smil(?:ey|ie)|badge|share",
    re.IGNORECASE,
)
_CUT_OFF = ("...", "…", "[…]", "[...]")
_CLOCK = re.compile(
    r"(?:pukul |jam |at )?\d{1,2}[:.h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: ?(?:WIB|WITA|WIT|GMT|UTC|BST|CET|CEST|E[SD]?T|P[SD]?T|Uhr))?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Furnished:
    """What was learnt on the way."""

    names: list[str] = field(default_factory=list)
    lead: str = ""
    images: frozenset[Any] = frozenset()
    is_gallery: bool = False
    clocks: frozenset[int] = frozenset()  # leaves that are the times of a live blog


class Furniture:
    """One article's leaves while the rules go through them; writes into `cut` who cut each."""

    def __init__(self, page: Leaves, cut: list[str], main: Any, found: Metadata, host: str, rules: Rules) -> None:
        self.page, self.leaves, self.cut, self.main = page, page.leaves, cut, main
        self.found, self.host, self.rules = found, host, rules
        self.names: list[str] = []
        self.weights: dict[Any, int] = {}  # kept words in each element of the main part
        self.total = 0

    def kept(self) -> list[int]:
        return [n for n, by in enumerate(self.cut) if not by]

    def words(self, numbers: list[int]) -> int:
        return sum(len(self.leaves[n].words) for n in numbers)

    def clear(self) -> Furnished:
        out = Furnished()
        if not self.found.titles:
            self._title()
        out.clocks = self._clocks()
        self._by_class()
        self._by_label(out.clocks)
        self._headlines()
        self._opening()
        self._closing()
        out.lead = self._lead()
        out.names = self.names
        out.images = self._images()
        captions = [n for n in self.kept() if self.leaves[n].kind == "caption"]
        out.is_gallery = len(captions) >= 3 and self.words(captions) >= 0.3 * self.words(self.kept())
        return out

    def _by_label(self, clocks: frozenset[int]) -> None:
        taking = ""
        for number, leaf in enumerate(self.leaves):
            if number in clocks:
                continue
            rule = self.rules.labelled(leaf, self.host) if leaf.kind not in {"code", "row", "caption"} else None
            if taking and rule is None and leaf.link_share > 0.8 and len(leaf.words) < SHORT:
                self.cut[number] = self.cut[number] or taking
                continue
            taking = ""
            if rule is None:
                continue
            if rule.does == "keep":
                self.cut[number] = ""
            elif rule.does == "end":
                if self._is_over(number):
                    for after in range(number, len(self.leaves)):
                        self.cut[after] = self.cut[after] or rule.id
            elif not self.cut[number] or rule.does == "byline":
                self._take_names(rule, leaf)
                self.cut[number] = self.cut[number] or rule.id
                taking = rule.id if rule.links else ""

    def _take_names(self, rule: Rule, leaf: Leaf) -> None:
        if rule.does == "byline" and (match := re.fullmatch(rule.matches, leaf.text, re.IGNORECASE)):
            self.names += [n for n in names([[match["names"]]], self.found.site) if n not in self.names]

    def _is_over(self, number: int) -> bool:
        """True where little but teasers follows."""
        after = [self.leaves[n] for n in self.kept() if n >= number]
        prose = [
            leaf
            for leaf in after
            if len(leaf.words) >= 15 and leaf.link_share < 0.5 and not leaf.text.endswith(_CUT_OFF)
        ]
        before = self.words([n for n in self.kept() if n < number])
        if before <= 30 or any(len(leaf.words) >= 40 and leaf.votes == 2 for leaf in prose):
            return False
        return sum(len(leaf.words) for leaf in prose) <= 0.15 * before

    def _by_class(self) -> None:
        kept = self.kept()
        for n in kept:
            for holder in self._holders(n):
                self.weights[holder] = self.weights.get(holder, 0) + len(self.leaves[n].words)
        self.total = self.words(kept)
        known: dict[Any, Rule | None] = {}
        for n in kept:
            leaf = self.leaves[n]
            for holder in self._holders(n):
                if holder not in known:
                    known[holder] = self._class_rule(holder) if self.weights[holder] <= 0.35 * self.total else None
                rule = known[holder] if leaf.kind != "caption" or holder.tag not in {"figure", "figcaption"} else None
                if rule and (
                    rule.sure and (len(leaf.words) < 60 or leaf.votes < 2) or len(leaf.words) < SHORT and leaf.votes < 2
                ):
                    self.cut[n] = rule.id
                    break

    def _class_rule(self, element: Any) -> Rule | None:
        said = f"{element.get('class') or ''} {element.get('id') or ''}"
        if said == " ":
            return None
        return self.rules.classed(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", said[:500]), self.host)

    def _holders(self, number: int) -> list[Any]:
        out = []
        element = self.leaves[number].element
        while element is not None and element is not self.main and element is not self.page.root:
            out.append(element)
            element = element.getparent()
        return out

    def _title(self) -> None:
        """Plain text names itself in its first line: short, no sentence, no date, no label."""
        for n in self.kept()[:6]:
            leaf = self.leaves[n]
            if len(leaf.words) >= _PROSE or len(self.kept()) < 3:
                return
            if (
                len(leaf.words) >= 3
                and not re.search(r"[.:,;…]$", leaf.text)
                and not read_date(leaf.text)
                and not self.rules.labelled(leaf, self.host)
            ):
                self.found.title = leaf.text
                self.found.titles = [leaf.text]
                return

    def _headlines(self) -> None:
        """The headline's copies, and prose that was there before."""
        seen: dict[str, Any] = {}
        for n in self.kept():
            leaf = self.leaves[n]
            if 2 < len(leaf.words) <= 40 and any(alike(leaf.text, title) > 0.9 for title in self.found.titles):
                self.cut[n] = "headline"
            elif (
                len(leaf.words) >= 12
                and leaf.kind in {"para", "quote"}
                and seen.get(leaf.text, bed(leaf.element)) is not bed(leaf.element)
            ):
                self.cut[n] = "repeated"
            seen.setdefault(leaf.text, bed(leaf.element))

    def _opening(self) -> None:
        """Dates and names of authors before the first prose."""
        for n in self.kept():
            leaf = self.leaves[n]
            if len(leaf.words) >= _PROSE or leaf.kind in {"code", "row"}:
                break
            if len(leaf.words) <= 14 and not re.search(r"[.!?]\s*$", leaf.text):
                rest = leaf.text
                by_name = any(name in rest for name in self.found.authors)
                for name in self.found.authors:
                    rest = rest.replace(name, "")
                if (
                    by_name
                    and len(rest.split()) <= 8
                    or read_date(leaf.text)
                    and len(re.findall(r"[^\W\d]{2,}", rest)) <= 7
                ):
                    self.cut[n] = "byline" if by_name else "date"

    def _closing(self) -> None:
        """Headings that nothing follows."""
        for n in reversed(self.kept()):
            if self.leaves[n].kind != "heading":
                break
            self.cut[n] = "heading"

    def _lead(self) -> str:
        """The standfirst: what stands between headline and body and says what the page's description says."""
        kept = self.kept()
        if not kept:
            return ""
        first = next((n for n in kept if len(self.leaves[n].words) >= _PROSE), kept[0])
        top = max(
            (n for n in range(first) if any(alike(self.leaves[n].text, t) > 0.9 for t in self.found.titles)),
            default=first - 12,
        )
        for n in range(max(0, top), first):
            leaf = self.leaves[n]
            if self.cut[n] and self.cut[n] != "headline" and 6 <= len(leaf.words) <= 130 and leaf.link_share < 0.4:
                classes = " ".join(
                    f"{e.get('class') or ''} {e.get('id') or ''}"
                    for e in [leaf.element, leaf.element.getparent()]
                    if e is not None
                )
                says = alike(leaf.text, self.found.description) if self.found.description else 0.0
                if says > 0.7 or (_STANDFIRST.search(classes) and leaf.kind != "caption"):
                    self.cut[n] = "lead"
                    return leaf.text
        return ""

    def _clocks(self) -> frozenset[int]:
        """The times of a live blog's entries, which extractors drop and readers want."""
        kept = self.kept()
        if not kept:
            return frozenset()
        times = [
            n
            for n in range(max(0, kept[0] - 3), kept[-1])
            if len(self.leaves[n].words) <= 6 and _CLOCK.fullmatch(self.leaves[n].text)
        ]
        within = [
            n
            for n in times
            if any(e is self.main for e in self.leaves[n].element.iterancestors())
            or self.leaves[n].element is self.main
        ]
        if len(within) < 3:
            return frozenset()
        for n in within:
            self.cut[n] = ""
        return frozenset(within)

    def _images(self) -> frozenset[Any]:
        """Pictures of the main part up to its last words: no icons, trackers, or parts of furniture."""
        kept = self.kept()
        if not kept:
            return frozenset()
        high = self.leaves[kept[-1]].last
        found: list[Any] = []
        for at, (what, image, _, _) in enumerate(self.page.events):
            if (
                what == IMAGE
                and (at <= high or image.getparent().tag in {"figure", "picture"})
                and self._is_picture(image)
            ):
                if not found or found[-1].get("src") != image.get("src"):
                    found.append(image)
        images = frozenset(found)
        shown = {holder for image in images for holder in image.iterancestors("figure")}
        for n in kept:
            leaf = self.leaves[n]
            if leaf.kind == "caption" and not any(e in shown for e in leaf.element.iterancestors("figure", "table")):
                self.cut[n] = "caption"
        return images

    def _is_picture(self, image: Any) -> bool:
        src = image.get("src") or ""
        sizes = [
            int(size) for side in ("width", "height") if (size := (image.get(side) or "").removesuffix("px")).isdigit()
        ]
        if not src or any(size < _ICON for size in sizes) or _ICONS.search(f"{src[-200:]} {image.get('class') or ''}"):
            return False
        for holder in image.iterancestors():
            if holder is self.main:
                return True
            if holder.tag == "figure":
                continue
            if (rule := self._class_rule(holder)) and rule.pictures and self.weights.get(holder, 0) <= 0.2 * self.total:
                return False
        return False
