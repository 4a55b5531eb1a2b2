"""What a page says about itself: title, authors, date, site, language, picture, next part, paywall.

Sources in the order of trust: JSON-LD (schema.org), Open Graph and other meta elements, microdata, then marked
elements near the headline. A bare date at the top of a page is the day it was looked at, and never taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bacatui import sanitize
from bacatui.articles.dates import read_date
from bacatui.articles.leaves import tokens
from bacatui.articles.words import pattern, words

_JSON_LIMIT = 600_000  # characters
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement")
_WRAPPING = re.compile(r"^\s*(?:<!--|/\*.*?\*/|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$")
_PAIRS = re.compile(r"\s+(?:[-–—|:·•»«/]|::|\|\|)\s+|\s*[|»]\s*")
_EDGES = " \t-–—|:·•»«/"


@dataclass(slots=True)
class Metadata:
    title: str = ""
    titles: list[str] = field(default_factory=list)  # every form of the headline that the page has
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    description: str = ""
    site: str = ""
    language: str = ""
    image: str = ""
    type: str = ""  # of the JSON-LD node, or og:type
    paid: bool = False
    body: int = 0  # words of JSON-LD articleBody


def metadata(tree: Any, url: str) -> Metadata:
    """Everything the head, the JSON-LD and marked elements say. The tree is not changed."""
    metas = _metas(tree)
    node = _story(tree, metas)
    found = Metadata(type=_text(node.get("@type")) or metas.get("og:type", ""))
    locale = tree.get("lang") or metas.get("og:locale") or metas.get("content-language") or metas.get("language") or ""
    language = re.match(r"[a-zA-Z]{2,3}(?![a-zA-Z])", _text(node.get("inLanguage")) or locale)
    found.language = language[0].lower() if language else ""
    found.site = sanitize.name(
        metas.get("og:site_name") or _text(node.get("publisher")) or metas.get("application-name", "")
    )
    found.title, found.titles = _title(tree, metas, node, found.site, urlsplit(url).hostname or "")
    said = metas.get("og:description") or metas.get("description") or metas.get("twitter:description") or ""
    found.description = sanitize.clean(said)
    said = _text(node.get("image"), "url", "contentUrl")
    picture = metas.get("og:image") or metas.get("og:image:url") or said or metas.get("twitter:image") or ""
    found.image = sanitize.url(picture, url)
    found.published = next(
        (date for text in _dates(tree, metas, node, url) if text and (date := read_date(text[:200]))), None
    )
    found.authors = names(_said_authors(metas, node), found.site) or names(_marked_authors(tree), found.site)
    free = str(node.get("isAccessibleForFree", "")).lower()
    tier = metas.get("article:content_tier", "").lower()
    found.paid = free == "false" or (tier in {"locked", "metered"} and free != "true")
    found.body = len(_text(node.get("articleBody"))[:400_000].split())
    return found


def _metas(tree: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        if name and (content := (element.get("content") or "").strip()):
            if name in {"author", "article:author", "parsely-author"} and name in metas:
                metas[name] += f"; {content}"
            metas.setdefault(name, content[:5_000])
    return metas


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """JSON-LD objects, outer ones first."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > _JSON_LIMIT:
            continue
        source = _WRAPPING.sub("", script.text.strip().rstrip(";"))
        for text in (source, re.sub(r",\s*([}\]])", r"\1", source)):
            try:
                waiting = [json.loads(text, strict=False)]
            except (ValueError, RecursionError):
                continue
            while waiting:
                value = waiting.pop(0)
                if isinstance(value, dict):
                    yield value
                    waiting += [inner for key, inner in value.items() if key in _NESTED]
                elif isinstance(value, list):
                    waiting += value[:50]
            break


def _story(tree: Any, metas: dict[str, str]) -> dict[str, Any]:
    """The JSON-LD object of the article; where there are several, the one with the page's headline."""
    stories = []
    for node in _nodes(tree):
        types = node.get("@type")
        if any(pattern("metadata", "stories").search(str(t)) for t in (types if isinstance(types, list) else [types])):
            stories.append(node)
        if len(stories) == 20:
            break
    wanted = metas.get("og:title", "")
    named = (node for node in stories if wanted and alike(_text(node.get("headline")), wanted) > 0.8)
    return next(named, stories[0] if stories else {})


def _text(value: Any, *keys: str) -> str:
    """The first of what JSON-LD may say in one string, a list, or an object with one of `keys`."""
    while isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next(filter(None, (value.get(key) for key in keys or ("name", "url", "@value"))), "")
    return sanitize.decode(value) if isinstance(value, str) else ""


def alike(one: str, other: str) -> float:
    """How many words two strings share, from 0 to 1 (Dice)."""
    a, b = set(tokens(one)), set(tokens(other))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _title(tree: Any, metas: dict[str, str], node: dict[str, Any], site: str, host: str) -> tuple[str, list[str]]:
    """The headline without the site's name, and every form of it that the page has.

    What the head says for sharing comes first; where it and the JSON-LD mean different things, the one that the page
    shows too.
    """

    def short(text: Any) -> str:
        return _without_site(sanitize.title(_text(text)), site, host)

    shared, headline = short(metas.get("og:title") or metas.get("twitter:title")), short(node.get("headline"))
    shown = [short(h.text_content()) for h in list(tree.iter("h1"))[:8]]
    named = short(tree.findtext(".//title"))
    best = shared or headline
    is_shown = max(alike(headline, h) for h in ["", *shown]) > 0.85
    if alike(best, headline) < 0.45 and is_shown and alike(headline, named) > 0.7:
        best = headline
    if not shared and (not best or not any(alike(best, other) > 0.5 for other in [*shown, named])):
        best = max(shown, key=lambda h: alike(h, named), default="")
        best = best if alike(best, named) > 0.5 or not named else named
    marked = [short(e.text_content()) for e in tree.xpath("//*[@itemprop='headline']")[:3]]
    raw = [sanitize.title(_text(t)) for t in (metas.get("og:title"), tree.findtext(".//title"))]
    close = [t for t in [*shown, *marked] if alike(t, best) > 0.5 or alike(t, headline) > 0.5]
    return best, [*dict.fromkeys(filter(None, [best, shared, headline, named, *raw, *close]))]


def _without_site(title: str, site: str, host: str) -> str:
    """A title without the site's name or the date at its ends."""
    host = host.removeprefix("www.")
    own = [name for said in (site, host, host.rsplit(".", 1)[0]) if (name := "".join(tokens(said)))]
    parts = _PAIRS.split(title)
    for end in (-1, 0) if len(parts) > 1 else ():
        part = "".join(tokens(parts[end]))
        is_date = end == -1 and len(parts[end]) < 25 and read_date(parts[end]) is not None
        if (
            is_date
            or part in own
            or any(len(part) > 2 and len(name) > 2 and (part in name or name in part) for name in own)
        ):
            rest = (title[: title.rfind(parts[-1])] if end else title[len(parts[0]) :]).strip(_EDGES)
            return _without_site(rest, site, host) if rest else title
    return title


def _dates(tree: Any, metas: dict[str, str], node: dict[str, Any], url: str) -> Iterator[str]:
    yield _text(node.get("datePublished"))
    yield from (metas.get(name, "") for name in words("metadata")["dates"])
    yield _text(node.get("dateCreated"))
    for element in tree.xpath("//*[@itemprop='datePublished' or @itemprop='dateCreated']")[:3]:
        yield element.get("content") or element.get("datetime") or element.text_content()
    stamps = "//time[@pubdate] | //article//time[@datetime] | //main//time[@datetime] | //h1/following::time[@datetime]"
    yield from (element.get("datetime") or "" for element in tree.xpath(stamps)[:3])
    marked = " or ".join(f"contains(@class, '{word}')" for word in words("metadata")["date_classes"])
    for element in tree.xpath(f"//h1/following::*[{marked}]")[:6]:
        yield " ".join(element.text_content().split())[:120]
    yield _text(node.get("dateModified"))
    if match := re.search(r"/(20\d\d)[/-](0[1-9]|1[0-2])[/-]([0-2]\d|3[01])(?:/|-|$)", url):
        yield "-".join(match.groups())


def _said_authors(metas: dict[str, str], node: dict[str, Any]) -> Iterator[list[str]]:
    given = node.get("author") or node.get("creator")
    yield [_text(one) for one in (given if isinstance(given, list) else [given])]
    yield from ([metas.get(name, "")] for name in words("metadata")["authors"])


def _marked_authors(tree: Any) -> Iterator[list[str]]:
    for path in words("metadata")["bylines"]:
        yield [element.text_content() for element in tree.xpath(path)[:4]]


def names(sources: Iterable[list[str]], site: str = "") -> list[str]:
    """The names of the first source that has any: without labels, addresses and initials of the desk.

    The site's own name is no author, unless no other is known.
    """
    no_name, lead_in = pattern("metadata", "no_name"), pattern("metadata", "lead_in")
    own: list[str] = []
    for source in sources:
        found: dict[str, None] = {}
        for part in (part for text in source for part in pattern("metadata", "and").split(sanitize.name(text))):
            name = "" if no_name.search(part) else re.sub(r"\s*[(\[/].*$", "", part).strip(" ,.:-–|•")
            while name != (shorter := lead_in.sub("", name, count=1)):
                name = shorter.strip()
            if len(name.split()) <= 6 and not no_name.search(name) and re.search(r"[^\W\d_]", name):
                found.setdefault(name)
        if people := [name for name in found if not site or alike(name, site) < 0.9]:
            return people[:8]
        own = own or list(found)
    return own[:1]


def next_page(tree: Any, url: str) -> str:
    """The address of the next part of a split article: the same address with the next page number."""
    base, number = _page_of(url)
    for link in tree.xpath("//link[@rel='next'] | //a[@href]"):
        raw = link.get("href") or ""
        if len(raw) < 2_000 and (link.tag == "link" or pattern("metadata", "page_number").search(raw)):
            href = sanitize.url(raw, url)
            if href and _page_of(href) == (base, number + 1):
                return href
    return ""


def _page_of(url: str) -> tuple[str, int]:
    url = re.sub(r"^https?://(www\.)?", "", url.split("#", maxsplit=1)[0])
    match = pattern("metadata", "page_number").search(url)
    if not match:
        return url.rstrip("/?&"), 1
    return (url[: match.start()] + url[match.end() :]).rstrip("/?&"), int(match[1])
