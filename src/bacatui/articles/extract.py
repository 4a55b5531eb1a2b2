"""A page, a feed's own text, or a stored article once more: all by the same rules."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from bacatui import sanitize
from bacatui.articles.build import build
from bacatui.articles.choose import choose
from bacatui.articles.dates import read_date
from bacatui.articles.furniture import Furnished, Furniture
from bacatui.articles.leaves import Leaf, Leaves
from bacatui.articles.metadata import Metadata, alike, metadata, next_page
from bacatui.articles.page import parse, prune, source_of
from bacatui.articles.rules import Rules, load_rules
from bacatui.document import escape, read, to_html, to_text
from bacatui.i18n import _
from bacatui.model import Article, Cut, Kind

STUB = 250  # words: a paid page that shows fewer is a stub
FLOOR = 0.25  # of what was chosen: with less the rules have gone wrong, and the choice is shown as it is
PROSE = 25  # words of one block, and PAGE of all such blocks, that make a page an article
PAGE = 60


@cache
def default_rules() -> Rules:
    """The package's own rules, read once."""
    return load_rules()


def extract(page: str | bytes, url: str = "", content_type: str = "", rules: Rules | None = None) -> Article:
    """The article of a web page. Never raises, whatever the page; `kind` is NONE where there is no article.

    `url` is the page's address, for links and for rules of its site; `content_type` the header of its reply.
    """
    rules = rules or default_rules()
    tree = parse(source_of(page, content_type))
    found = metadata(tree, url)
    following = next_page(tree, url)
    prune(tree)
    leaves = _leaves(tree)
    cut, extractor, main = choose(leaves, tree, url, found)
    if not found.titles:
        _name(leaves.leaves, cut, found, rules)
    wanted = [leaf.votes for leaf in leaves.leaves]
    chosen = list(cut)
    furnished = Furniture(leaves, cut, main, found, urlsplit(url).hostname or "", rules).clear()
    if _count(leaves, cut) < FLOOR * _count(leaves, chosen):
        cut, furnished = chosen, Furnished(names=furnished.names)
    article = _article(leaves, cut, furnished, found, url, extractor)
    kind = _kind(leaves.leaves, cut, furnished, found, wanted)
    error = _("No article was found on this page.") if kind is Kind.NONE else ""
    return replace(article, kind=kind, next_page=following, error=error)


def fragment(html: str, base: str = "", title: str = "", rules: Rules | None = None) -> Article:
    """A feed's own text, cleaned by the same rules; no extractor judges it. `base` is the entry's address."""
    found = Metadata(title=sanitize.title(title), titles=[title] if title else [])
    return _cleaned(parse(source_of(html)), base, found, rules or default_rules())


def reclean(article: Article, rules: Rules) -> Article:
    """A stored article by newer rules. What labels had cut is judged again; what was cut for other reasons stays
    cut, unless a rule keeps it. The kind, and all that is known of the page, stay as they were.
    """
    by_class = {rule.id for rule in rules.all if not rule.starts and not rule.matches}
    cuts: dict[int, list[Cut]] = {}
    for cut in article.cuts:
        cuts.setdefault(cut.position, []).append(cut)
    parts: list[str] = []
    for position, block in enumerate([*read(article.html), None]):
        for cut in cuts.pop(position, []):
            parts.append(
                cut.html
                if "." in cut.by and cut.by not in by_class
                else f'<div data-cut="{escape(cut.by)}">{cut.html}</div>'
            )
        parts.append(to_html([block]) if block else "")
    found = Metadata(article.title, [article.title], site=article.site, authors=article.byline.split(", "))
    again = _cleaned(parse(f"<body>{''.join(parts)}</body>"), article.url, found, rules)
    text = to_text(read(again.html), captions=article.kind is Kind.GALLERY)
    return replace(article, html=again.html, text=text, cuts=again.cuts)


def _cleaned(tree: Any, base: str, found: Metadata, rules: Rules) -> Article:
    prune(tree)
    leaves = _leaves(tree)
    cut = [_mark(leaf.element) for leaf in leaves.leaves]
    furnished = Furniture(leaves, cut, leaves.root, found, urlsplit(base).hostname or "", rules).clear()
    return replace(_article(leaves, cut, furnished, found, base, "feed"), kind=Kind.FEED)


def _mark(element: Any) -> str:
    """Who had cut a block of a stored article."""
    holder = next((e for e in [element, *element.iterancestors()] if e.get("data-cut")), None)
    return "" if holder is None else sanitize.name(holder.get("data-cut"))


def _leaves(tree: Any) -> Leaves:
    body = tree.find("body")
    return Leaves(tree if body is None else body)


def _count(leaves: Leaves, cut: list[str]) -> int:
    return sum(len(leaf.words) for leaf, by in zip(leaves.leaves, cut, strict=True) if not by)


def _name(leaves: list[Leaf], cut: list[str], found: Metadata, rules: Rules) -> None:
    """Plain text names itself in its first line: short, no sentence, no date, no label."""
    kept = [leaf for leaf, by in zip(leaves, cut, strict=True) if not by]
    for leaf in kept[:6] if len(kept) > 2 else ():
        if len(leaf.words) >= 20:
            return
        is_open = len(leaf.words) >= 3 and leaf.text[-1] not in ".:,;…" and not read_date(leaf.text)
        if is_open and not rules.labelled(leaf, ""):
            found.title, found.titles = sanitize.title(leaf.text), [leaf.text]
            return


def _kind(leaves: list[Leaf], cut: list[str], furnished: Furnished, found: Metadata, votes: list[int]) -> Kind:
    kept = [leaf for leaf, by in zip(leaves, cut, strict=True) if not by]
    count = sum(len(leaf.words) for leaf in kept)
    if not count:
        return Kind.NONE
    if furnished.is_gallery:
        return Kind.GALLERY
    if furnished.is_live or found.type == "LiveBlogPosting":
        return Kind.LIVE
    is_offered = any(by == "any.paywall" for by in cut)
    if (count < STUB and (found.paid or is_offered)) or (found.paid and found.body > 2 * count):
        return Kind.PAYWALL
    is_named = found.published or found.authors or "rticle" in found.type or "Posting" in found.type
    prose = sum(len(leaf.words) for leaf in kept if len(leaf.words) >= PROSE and leaf.link_share < 0.3)
    linked = sum(len(leaf.words) for leaf in kept if leaf.link_share > 0.5)
    is_index = found.type.lower() in {"website", "collectionpage"} and prose < PAGE
    return Kind.NONE if not is_named and (is_index or linked > 0.6 * count) else Kind.ARTICLE


def _article(
    leaves: Leaves, cut: list[str], furnished: Furnished, found: Metadata, url: str, extractor: str
) -> Article:
    blocks, cuts = build(leaves, cut, url, furnished.images, furnished.clocks)
    is_site = not found.authors or alike(found.authors[0], found.site) >= 0.9
    authors = furnished.names if furnished.names and is_site else found.authors
    return Article(
        title=found.title,
        byline=", ".join(authors),
        published=found.published,
        lead=sanitize.clean(furnished.lead),
        text=to_text(blocks, captions=furnished.is_gallery),
        html=to_html(blocks),
        language=found.language,
        site=found.site,
        lead_image=found.image,
        url=url,
        extractor=extractor,
        cuts=tuple(cuts),
    )
