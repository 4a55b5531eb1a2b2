"""Remove what stands inside an article but is not its text: labels, credits, repeated headlines, teasers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate, takewhile
from typing import Any

from bacatui.articles.dates import read_date
from bacatui.articles.metadata import Metadata, alike, names
from bacatui.articles.repetition import OTHERS, clear_repetition, clear_slides, is_headline
from bacatui.articles.rules import SHORT, Rule, Rules
from bacatui.articles.text_blocks import IMAGE, TextBlock, TextBlocks, uncut
from bacatui.articles.words import pattern
from bacatui.text import count_words, tokens

PROSE = 20  # words: from here on a block is the story
LONG = 60  # words: more than that goes by its class only where no two extractors want it
SHARE = (
    0.35  # of the kept words: an element that holds more is no boilerplate, whatever it is called
)
OVER = 0.15  # of the words before an end label: more prose after it, and it is not the end
BUTTON = 3  # words: an end label of no more, where the article goes on
BIO = 100  # words about an author
NEAR = 6  # elements between the main part and the picture that opens an article
LINKS = 0.9  # share of a block that is a link, whoever wants it
ASIDE = 100  # words of a box
KICKER = 6  # words above the headline
ICON = 50  # pixels; smaller pictures are icons, or say what a cell of a table has to say
TRACKER = 4
GALLERY = 0.3  # share of the words that are captions
ABOUT = Rule("any.about-author", "end")
_CUT_OFF = ("...", "…", "[…]", "[...]")


@dataclass(slots=True)
class BoilerplateFindings:
    """What the removal learnt about the article besides which blocks to cut."""

    names: list[str] = field(default_factory=list)
    lead: str = ""
    images: frozenset[Any] = frozenset()
    clocks: frozenset[int] = frozenset()  # blocks that are the times of a live blog
    is_gallery: bool = False
    is_live: bool = False


class Ending:
    """The words kept before and after each block, counted once so that many labels cost no more than one."""

    def __init__(self, blocks: list[TextBlock], cut: list[str]) -> None:
        kept = [0 if by else block.count for block, by in zip(blocks, cut, strict=True)]
        prose = [
            count
            if count >= 15 and block.link_share < 0.5 and not block.text.endswith(_CUT_OFF)
            else 0
            for block, count in zip(blocks, kept, strict=True)
        ]
        told = [
            count >= 40 and block.votes == 2 for block, count in zip(blocks, prose, strict=True)
        ]
        self.before = list(accumulate(kept, initial=0))
        self.prose = list(accumulate(reversed(prose)))[::-1]
        self.told = max((n for n, is_told in enumerate(told) if is_told), default=-1)

    def is_over(self, number: int, most: int) -> bool:
        """True where little but teasers follows, or `most` words."""
        before = self.before[number]
        return before > 30 and number > self.told and self.prose[number] <= max(most, OVER * before)


class BoilerplateRemoval:
    """Applies the rules to one article's blocks; writes into `cut` the name of what cut each."""

    def __init__(
        self, page: TextBlocks, cut: list[str], main: Any, found: Metadata, host: str, rules: Rules
    ) -> None:
        self.page, self.blocks, self.cut, self.main = page, page.blocks, cut, main
        self.found, self.host, self.rules = found, host, rules
        self.out = BoilerplateFindings()
        self.titles = [words for title in found.titles if (words := set(tokens(title)))]
        self.weights = Counter[Any]()  # kept words in each element of the main part
        self.total = 0

    def clear(self) -> BoilerplateFindings:
        """Apply every rule to the blocks; what was learnt on the way."""
        out = self.out
        out.clocks = self._clocks()
        for n in self.kept() if out.clocks else ():
            links = list(self.blocks[n].element.iter("a")) if self.blocks[n].kind == "item" else []
            if (
                links
                and self.blocks[n].link_share > LINKS
                and all(e.get("href", "#")[:1] == "#" for e in links)
            ):
                self.cut[n] = "contents"
        clear_slides(self.page, self.cut, self.found.title)
        self._by_class()
        self._by_label()
        clear_repetition(self.page, self.cut, self.titles)
        self._opening()
        out.is_live = bool(out.clocks) or self._is_timed()
        for n in reversed(self.kept()):  # headings that nothing follows, and a signature
            is_signed = self.blocks[n].text.strip("-–— .") in self.found.authors
            if self.blocks[n].kind != "heading" and not is_signed:
                break
            self.cut[n] = "byline" if is_signed else "heading"
        out.lead = self._lead()
        out.images = self._images()
        captions = [n for n in self.kept() if self.blocks[n].kind == "caption"]
        out.is_gallery = len(captions) >= 3 and self.words(captions) >= GALLERY * self.words(
            self.kept()
        )
        return out

    def kept(self) -> list[int]:
        """The numbers of the blocks that nothing has cut."""
        return uncut(self.cut)

    def words(self, numbers: Iterable[int]) -> int:
        """How many words these blocks have together."""
        return sum(self.blocks[n].count for n in numbers)

    def _by_label(self) -> None:
        taking = ""
        asides: dict[Any, str] = {}  # boilerplate as a whole, because they hold a label
        ending = Ending(self.blocks, self.cut)
        others = self._others()
        for number, block in enumerate(self.blocks):
            has_label = (
                block.kind not in {"code", "row", "caption"} and number not in self.out.clocks
            )
            rule = (
                (self.rules.labelled(block, self.host) or self._presented(block))
                if has_label
                else None
            )
            if block.kind == "heading" and (rule or "." in self.cut[number]) and number in others:
                self.cut[number:] = [by or OTHERS for by in self.cut[number:]]
                break
            if rule is None:
                if (
                    taking
                    and block.link_share > (0.5 if block.kind == "item" else 0.8)
                    and block.count < SHORT
                ):
                    self.cut[number] = self.cut[number] or taking
                elif has_label:
                    taking = ""
                continue
            taking = ""
            if rule.does == "keep":
                self.cut[number] = ""
            elif rule.does == "end":
                if not self.cut[number] and ending.is_over(number, BIO if rule is ABOUT else 0):
                    self.cut[number:] = [by or rule.id for by in self.cut[number:]]
                elif block.count <= BUTTON and block.kind != "heading":
                    self.cut[number] = self.cut[number] or rule.id
            elif not self.cut[number] or rule.does == "byline":
                self._take_names(rule, block)
                self.cut[number] = self.cut[number] or rule.id
                taking = rule.id if rule.links else ""
                asides |= {
                    holder: rule.id for holder in self._holders(number) if holder.tag == "aside"
                }
        for number in self.kept() if asides else ():
            holder = next((e for e in self._holders(number) if e in asides), None)
            if holder is not None and self.weights[holder] < min(ASIDE, SHARE * self.total):
                self.cut[number] = asides[holder]

    def _presented(self, block: TextBlock) -> Rule | None:
        """The end of the article, where a heading or a line says that it is about the author."""
        is_about = block.kind == "heading" and pattern("boilerplate", "about").match(block.text)
        for name in self.found.authors if block.kind in {"heading", "para", "item"} else ():
            is_told = block.text.startswith(name) and pattern("boilerplate", "bio").match(
                block.text[len(name) :]
            )
            if is_told or (is_about and name in block.text):
                return ABOUT
        return None

    def _take_names(self, rule: Rule, block: TextBlock) -> None:
        match = (
            re.fullmatch(rule.matches, block.text, re.IGNORECASE) if rule.does == "byline" else None
        )
        if match and match.groupdict().get("names"):
            people, _ = names([[match["names"]]], self.found.own)
            self.out.names += [name for name in people if name not in self.out.names]

    def _others(self) -> set[int]:
        """The blocks from which on all that is kept stands in other `article` elements than what came before."""
        holders = [
            (n, next((e for e in self._holders(n) if e.tag == "article"), None))
            for n in self.kept()
        ]
        last, before, reach = {holder: n for n, holder in holders}, -1, -1
        found: set[int] = set()
        for n, holder in holders if None not in last else ():
            found.update(range(before + 1, n + 1) if 0 <= reach < n else ())
            before, reach = n, max(reach, last[holder])
        return found

    def _by_class(self) -> None:
        kept = self.kept()
        for n in kept:
            self.weights.update(dict.fromkeys(self._holders(n), self.blocks[n].count))
        self.total = self.words(kept)
        known: dict[Any, Rule | None] = {}
        for n in kept:
            block = self.blocks[n]
            for holder in self._holders(n) if block.kind != "code" else ():
                if holder not in known:
                    known[holder] = (
                        self._class_rule(holder)
                        if self.weights[holder] <= SHARE * self.total
                        else None
                    )
                rule = (
                    known[holder]
                    if block.kind != "caption" or holder.tag not in {"figure", "figcaption"}
                    else None
                )
                limit = LONG if rule and rule.sure else rule.limit if rule else SHORT
                is_wanted = block.votes == 2 and block.link_share <= LINKS
                is_short = block.count < limit or (block.votes < 2 and rule and rule.sure)
                if rule and is_short and (rule.sure or not is_wanted):
                    self.cut[n] = rule.id
                    break

    def _class_rule(self, element: Any) -> Rule | None:
        said = pattern("boilerplate", "filed").sub(
            " ", f"{element.get('class') or ''} {element.get('id') or ''}"
        )
        return (
            self.rules.classed(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", said[:500]), self.host)
            if said != " "
            else None
        )

    def _holders(self, number: int) -> list[Any]:
        around = self.page.around(self.blocks[number].element)
        return list(
            takewhile(
                lambda element: element is not self.main and element is not self.page.root, around
            )
        )

    def _opening(self) -> None:
        """Dates and names of authors before the first prose, and what is above the headline."""
        headline = next(
            (n for n, block in enumerate(self.blocks) if is_headline(block, self.titles)), 0
        )
        for n in self.kept():
            block = self.blocks[n]
            if block.count >= PROSE or block.kind in {"code", "row"}:
                break
            if n < headline and block.count <= KICKER and block.text[-1] not in ".!?。":
                self.cut[n] = "kicker"
            if block.count > 14 or re.search(r"[.!?]\s*$", block.text):
                continue
            rest = block.text.casefold()
            for name in (*self.found.authors, *self.found.organisation):
                rest = rest.replace(name.casefold(), "")
            if rest != block.text.casefold() and count_words(rest) <= 8:
                self.cut[n] = "byline"
            elif read_date(block.text) and len(re.findall(r"[^\W\d]{2,}", rest)) <= 7:
                self.cut[n] = "date"

    def _lead(self) -> str:
        """The standfirst: what stands between headline and body and says what the page's description says."""
        kept = self.kept()
        credits = {rule.id for rule in self.rules.all if rule.does in {"byline", "credit"}}
        first = next((n for n in kept if self.blocks[n].count >= PROSE), kept[0] if kept else 0)
        top = max(
            (n for n in range(first) if is_headline(self.blocks[n], self.titles)),
            default=first - 12,
        )
        for n in range(max(0, top), first):
            block = self.blocks[n]
            has_name = any(name in block.text for name in self.found.authors)
            is_byline = has_name and pattern("metadata", "lead_in").match(block.text)
            is_other = (
                is_byline
                or self.cut[n] in {"", "headline", *credits}
                or is_headline(block, self.titles)
            )
            if is_other or not 6 <= block.count <= 130 or block.link_share >= 0.4:
                continue
            near = [block.element, block.element.getparent()]
            classes = " ".join(
                f"{e.get('class') or ''} {e.get('id') or ''}" for e in near if e is not None
            )
            is_named = block.kind != "caption" and pattern("boilerplate", "standfirst").search(
                classes
            )
            if is_named or alike(block.text, self.found.description) > 0.7:
                self.cut[n] = "lead"
                opening = self.blocks[first].words[: len(block.words)]
                return "" if opening == block.words else block.text
        return ""

    def _clocks(self) -> frozenset[int]:
        """The times of a live blog's entries, which extractors drop and readers want."""
        kept = self.kept()
        times = frozenset(
            n
            for n in (range(max(0, kept[0] - 3), kept[-1]) if kept else ())
            if self.blocks[n].count <= 6
            and pattern("boilerplate", "clock").fullmatch(self.blocks[n].text)
            and self.main in self.page.around(self.blocks[n].element)
        )
        if len(times) < 3:
            return frozenset()
        for n in times:
            self.cut[n] = ""
        return times

    def _is_timed(self) -> bool:
        """True where headings open with a time of day, as those of a live blog do."""
        heads = [self.blocks[n].text for n in self.kept() if self.blocks[n].kind == "heading"]
        timed = [text for text in heads if re.match(r"(?:[01]?\d|2[0-3])[.:][0-5]\d\b", text)]
        return len(timed) >= 3 and len(timed) > len(heads) / 2

    def _images(self) -> frozenset[Any]:
        """Pictures of the main part up to its last words; captions without a picture go."""
        kept = self.kept()
        high = self.blocks[kept[-1]].last if kept else -1
        low = self.blocks[kept[0]].first if kept else -1
        found: list[Any] = []
        for at, (what, image, _, _) in enumerate(self.page.events if kept else ()):
            is_near = what == IMAGE and (
                at <= high or image.getparent().tag in {"figure", "picture"}
            )
            is_new = not found or _shown(found[-1]) != _shown(image)
            if (
                is_near
                and is_new
                and (self._is_picture(image) or (at < low and not found and self._opens(image)))
            ):
                found.append(image)
        opener = _figure(found[0]) if found else None
        for n in range(kept[0] if opener is not None else 0):
            if (
                self.blocks[n].kind == "caption"
                and opener in self.blocks[n].element.iterancestors()
            ):
                self.cut[n] = ""
        facts = [self.blocks[n].element for n in kept if self.blocks[n].kind in {"row", "code"}]
        shown = {holder for shown in (*found, *facts) for holder in shown.iterancestors("figure")}
        for n in kept:
            block = self.blocks[n]
            is_tables = any(
                e.tag == "caption" for e in [block.element, *block.element.iterancestors("caption")]
            )
            if (
                block.kind == "caption"
                and not is_tables
                and shown.isdisjoint(block.element.iterancestors("figure"))
            ):
                self.cut[n] = "caption"
        return frozenset(found)

    def _opens(self, image: Any) -> bool:
        """True for the picture over an article that stands outside the main part, yet near it."""
        near = list(self.main.iterancestors())[:NEAR]
        holders = list(takewhile(lambda holder: holder not in near, image.iterancestors()))
        figure = next((holder for holder in holders if holder.tag == "figure"), None)
        said = "" if figure is None else "".join(figure.itertext())
        return (
            figure is not None
            and len(holders) <= NEAR
            and not any(holder.tag in {"li", "aside", "nav", "body"} for holder in holders)
            and not any(name in said for name in self.found.authors)  # that is a portrait
            and self._is_picture(image, holders[-1])
        )

    def _is_picture(self, image: Any, within: Any = None) -> bool:
        """True for what is no icon or tracker, nor part of boilerplate."""
        src = image.get("src") or ""
        sizes = [(image.get(side) or "").removesuffix("px") for side in ("width", "height")]
        known = [int(size) for size in sizes if re.fullmatch("[0-9]{1,5}", size)]
        is_value = image.tag == "embed" or _is_all(self.page.cell(image))
        if not src or any(0 < size < (TRACKER if is_value else ICON) for size in known):
            return False
        has_caption = is_value or any(
            figure.find(".//figcaption") is not None for figure in image.iterancestors("figure")
        )
        if not has_caption and pattern("boilerplate", "icons").search(
            f"{src[-200:]} {image.get('class') or ''}"
        ):
            return False
        for holder in image.iterancestors():
            if holder is self.main or holder is within:
                return True
            rule = self._class_rule(holder) if holder.tag != "figure" else None
            if rule and rule.pictures and self.weights[holder] <= SHARE * self.total:
                return False
        return False


def _figure(element: Any) -> Any:
    return next(element.iterancestors("figure"), None)


def _is_all(cell: Any) -> bool:
    """Whether what stands in a table's cell is all that it says."""
    return cell is not None and not "".join(cell.itertext()).strip()


def _shown(image: Any) -> tuple[str, Any]:
    """What shows, and in which figure or cell: there it is not shown twice."""
    return image.get("src"), next(image.iterancestors("figure", "td"), None)
