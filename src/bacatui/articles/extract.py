"""A page, or a feed's own text, to an article."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bacatui import sanitize
from bacatui.articles.build import build
from bacatui.articles.choose import choose
from bacatui.articles.furniture import Furniture
from bacatui.articles.leaves import Leaves
from bacatui.articles.metadata import Metadata, alike, metadata, names, next_page
from bacatui.articles.page import parse, prune, source_of
from bacatui.articles.rules import Rules, load_rules
from bacatui.document import to_html, to_text
from bacatui.model import Article, Kind

_package_rules: Rules | None = None


def default_rules() -> Rules:
    """The package's own rules, read once."""
    global _package_rules  # noqa: PLW0603 - a constant that is read from files
    if _package_rules is None:
        _package_rules = load_rules()
    return _package_rules


def extract(page: str | bytes, url: str = "", content_type: str = "", rules: Rules | None = None) -> Article:
    """The article of a web page. Never raises, whatever the page; `kind` is NONE where there is no article."""
    rules = rules or default_rules()
    tree = parse(source_of(page, content_type))
    found = metadata(tree, url)
    following = next_page(tree, url)
    prune(tree)
    body = tree.find("body")
    leaves = Leaves(tree if body is None else body)
    cut, extractor, main = choose(leaves, tree, url, found)
    return _article(leaves, cut, main, found, url, rules, Kind.ARTICLE, extractor, following)


def fragment(html: str, base: str = "", title: str = "", rules: Rules | None = None) -> Article:
    """A feed's own text, cleaned by the same rules; no extractor judges it."""
    tree = parse(source_of(html))
    prune(tree)
    body = tree.find("body")
    leaves = Leaves(tree if body is None else body)
    found = Metadata(title=title, titles=[title] if title else [])
    return _article(
        leaves, [""] * len(leaves.leaves), leaves.root, found, base, rules or default_rules(), Kind.FEED, "feed", ""
    )


def _article(
    leaves: Leaves,
    cut: list[str],
    main: Any,
    found: Metadata,
    url: str,
    rules: Rules,
    kind: Kind,
    extractor: str,
    following: str,
) -> Article:
    furnished = Furniture(leaves, cut, main, found, urlsplit(url).hostname or "", rules).clear()
    blocks, cuts = build(leaves, cut, url, furnished.images, furnished.clocks)
    if furnished.is_gallery:
        kind = Kind.GALLERY
    text = to_text(blocks, captions=kind is Kind.GALLERY)
    if not text and kind is not Kind.FEED:
        kind = Kind.NONE
    return Article(
        title=found.title,
        byline=", ".join(_authors(found, furnished.names)),
        published=found.published,
        lead=furnished.lead,
        text=text,
        html=to_html(blocks),
        language=found.language,
        site=found.site,
        lead_image=found.image,
        url=url,
        kind=kind,
        next_page=following,
        extractor=extractor,
        cuts=tuple(cuts),
    )


def _authors(found: Metadata, labelled: list[str]) -> list[str]:
    """The page's own word for it, but a labelled name rather than the site's."""
    is_site = not found.authors or alike(found.authors[0], found.site) >= 0.9
    return labelled if labelled and is_site else found.authors
