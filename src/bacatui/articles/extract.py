"""Make articles of web pages and feed text, and clean stored ones again, by the same rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from bacatui.articles.boilerplate import BoilerplateFindings, BoilerplateRemoval
from bacatui.articles.build import build
from bacatui.articles.dates import read_date
from bacatui.articles.fast_path import prose
from bacatui.articles.metadata import Metadata, metadata, next_page
from bacatui.articles.repetition import OTHERS
from bacatui.articles.rules import Rules, load_rules
from bacatui.articles.text_blocks import TextBlocks
from bacatui.articles.voting import COPY, choose
from bacatui.articles.web_page import bounded, file_type, parse, prune, source_of
from bacatui.articles.words import pattern
from bacatui.document import escape, read, to_html, to_text
from bacatui.i18n import _
from bacatui.model import Article, Kind
from bacatui.text import count_words, sanitize
from bacatui.text.language import language_of

STUB = 250  # words: a paid page that shows fewer is a stub
FLOOR = 0.25  # of what was chosen: with less the rules have gone wrong, and the choice is shown as it is
PROSE = 25  # words of one block, and PAGE of all such blocks, that make a page an article
PAGE = 60
NOTICE = 100  # words: a page of fewer, with such a title, only says why there is no article
ENDING = 3  # blocks: where one of the last is the article's, a page that was cut was cut within it
SHOWN = 0.3  # of the page's own copy of its text in JSON-LD: with less, that copy is taken

default_rules = cache(load_rules)  # the package's own


def extract(
    page: str | bytes, url: str = "", content_type: str = "", rules: Rules | None = None
) -> Article:
    """The article of a web page. Never raises, whatever the page; `kind` is NONE where there is no article.

    `url` is the page's address, for links and for rules of its site; `content_type` the header of its reply.
    """
    if isinstance(page, bytes) and (kept := file_type(page, content_type)):
        error = _("The address holds a file ({type}), not a page.").format(type=sanitize.name(kept))
        return Article(url=url, kind=Kind.NONE, error=error)
    rules = rules or default_rules()
    source, is_whole = source_of(page, content_type)
    tree = parse(source)
    found = metadata(tree, url)
    following = next_page(tree, url)
    prune(tree)
    text_blocks = TextBlocks.of(tree)
    chosen, extractor, main = choose(text_blocks, tree, url, found)
    if not found.titles:
        _name(text_blocks, chosen, found, rules)
    cut = list(chosen)
    findings = BoilerplateRemoval(
        text_blocks, cut, main, found, urlsplit(url).hostname or "", rules
    ).clear()
    wanted = [who or (by if by == OTHERS else "") for who, by in zip(chosen, cut, strict=True)]
    if text_blocks.count(cut) < FLOOR * text_blocks.count(wanted):
        cut, findings = chosen, BoilerplateFindings(names=findings.names)
    said = count_words(found.body)
    if (
        not found.paid and said > PAGE and text_blocks.count(cut) < SHOWN * said
    ):  # a script would show it
        own = _cleaned(source_of(found.body)[0], url, found, rules)
        language = found.language or language_of(own.text)
        return replace(
            own, kind=Kind.ARTICLE, extractor=COPY, next_page=following, language=language
        )
    article = _article(text_blocks, cut, findings, found, url, rules)
    kind = _kind(text_blocks, cut, findings, found)
    error = (
        ""
        if is_whole or all(cut[-ENDING:])
        else _("This page is very long, and its end was left out.")
    )
    error = _("No article was found on this page.") if kind is Kind.NONE else error
    language = found.language or language_of(article.text)
    return replace(
        article, kind=kind, extractor=extractor, next_page=following, error=error, language=language
    )  # fmt: skip


def fragment(html: str, base: str = "", title: str = "", rules: Rules | None = None) -> Article:
    """A feed's own text, cleaned by the same rules; no extractor judges it. `base` is the entry's address."""
    rules, html, name = rules or default_rules(), bounded(html)[0], sanitize.title(title)
    if ready := prose(html, base, title, rules):
        return Article(
            name,
            html=ready[0],
            text=ready[1],
            url=base,
            kind=Kind.FEED,
            extractor="feed",
            rules=rules.version,
        )
    return _cleaned(html, base, Metadata(title=name, titles=[title] if title else []), rules)


def reclean(article: Article, rules: Rules) -> Article:
    """Clean a stored article again by newer rules.

    What labels had cut is judged again. What was cut for other reasons stays cut, unless a rule
    keeps it. The kind and the metadata do not change.
    """
    by_class = {rule.id for rule in rules.all if not rule.starts and not rule.matches}
    cuts: dict[int, list[str]] = defaultdict(list)
    for cut in article.cuts:
        is_judged = "." in cut.by and cut.by not in {*by_class, COPY}
        held = f'<div data-cut="{escape(cut.by)}" data-where="{escape(cut.where)}">{cut.html}</div>'
        cuts[cut.position].append(cut.html if is_judged else held)
    blocks = [to_html([block]) for block in read(article.html)]
    parts = [part for n, block in enumerate([*blocks, ""]) for part in (*cuts[n], block)]
    found = Metadata(
        article.title, [article.title], site=article.site, authors=article.byline.split(", ")
    )
    again = _cleaned("".join(parts), article.url, found, rules)
    if not again.text:  # nothing is better than what is there
        return replace(article, rules=rules.version)
    text = to_text(read(again.html), captions=article.kind is Kind.GALLERY)
    return replace(article, html=again.html, text=text, cuts=again.cuts, rules=rules.version)


def _cleaned(html: str, base: str, found: Metadata, rules: Rules) -> Article:
    tree = parse(f"<body>{html}</body>")
    prune(tree)
    text_blocks = TextBlocks.of(tree)
    has_marks = tree.find(".//*[@data-cut]") is not None
    cut = [_mark(block.element) if has_marks else "" for block in text_blocks.blocks]
    findings = BoilerplateRemoval(
        text_blocks, cut, text_blocks.root, found, urlsplit(base).hostname or "", rules
    ).clear()
    return replace(
        _article(text_blocks, cut, findings, found, base, rules), kind=Kind.FEED, extractor="feed"
    )


def _mark(element: Any) -> str:
    """The name of what had cut a block of a stored article, or ""."""
    marks = (e.get("data-cut") for e in [element, *element.iterancestors()])
    return sanitize.name(next(filter(None, marks), ""))


def _name(text_blocks: TextBlocks, cut: list[str], found: Metadata, rules: Rules) -> None:
    """Take the title of plain text from its first line: short, no sentence, no date, no label."""
    kept = text_blocks.kept(cut)
    for block in kept[:6] if len(kept) > 2 else ():
        if block.count >= 20:
            return
        is_open = block.count >= 3 and block.text[-1] not in ".:,;…" and not read_date(block.text)
        if is_open and not rules.labelled(block, ""):
            found.title, found.titles = sanitize.title(block.text), [block.text]
            return


def _kind(
    text_blocks: TextBlocks, cut: list[str], findings: BoilerplateFindings, found: Metadata
) -> Kind:
    count = text_blocks.count(cut)
    if not count:
        return Kind.NONE
    if findings.is_gallery:
        return Kind.GALLERY
    if findings.is_live or found.type == "LiveBlogPosting":
        return Kind.LIVE
    is_offered = any(by == "any.paywall" for by in cut)
    if (count < STUB and (found.paid or is_offered)) or (
        found.paid and count_words(found.body) > 2 * count
    ):
        return Kind.PAYWALL
    is_named = found.published or found.authors or "rticle" in found.type or "Posting" in found.type
    kept = text_blocks.kept(cut)
    prose = sum(block.count for block in kept if block.count >= PROSE and block.link_share < 0.3)
    linked = sum(block.count for block in kept if block.link_share > 0.5)
    is_index = found.type.lower() in {"website", "collectionpage"} and prose < PAGE
    is_notice = count < NOTICE and pattern("page", "notice").match(found.title)
    return (
        Kind.NONE
        if not is_named and (is_index or is_notice or linked > 0.6 * count)
        else Kind.ARTICLE
    )


def _article(
    text_blocks: TextBlocks, cut: list[str], findings: BoilerplateFindings, found: Metadata, url: str, rules: Rules
) -> Article:  # fmt: skip
    blocks, cuts = build(text_blocks, cut, url, findings.images, findings.clocks)
    authors = found.authors or findings.names or found.organisation[:1]
    return Article(
        title=found.title, byline=", ".join(authors), published=found.published, lead=sanitize.clean(findings.lead),
        text=to_text(blocks, captions=findings.is_gallery), html=to_html(blocks), language=found.language,
        site=found.site, lead_image=found.image, url=url, cuts=tuple(cuts), rules=rules.version,
    )  # fmt: skip
