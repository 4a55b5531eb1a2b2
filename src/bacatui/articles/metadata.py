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
from itertools import chain, islice
from typing import Any
from urllib.parse import urlsplit

from bacatui.articles.dates import read_date
from bacatui.articles.words import pattern, words
from bacatui.text import sanitize, tokens

_JSON_LIMIT = 600_000  # characters
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*.*?\*/|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$"
)
_PAIRS = re.compile(r"\s+(?:[-–—|:·•»«/]|::|\|\|)\s+|\s*[|»｜：_]\s*")
_EDGES = " \t-–—|:·•»«/｜：_"


@dataclass(slots=True)
class Metadata:
    title: str = ""
    titles: list[str] = field(default_factory=list)  # every form of the headline that the page has
    authors: list[str] = field(default_factory=list)  # people
    organisation: list[str] = field(
        default_factory=list
    )  # where none is named: the site itself, or initials
    own: list[list[str]] = field(default_factory=list)  # the site's names, in words
    published: datetime | None = None
    description: str = ""
    site: str = ""
    language: str = ""
    image: str = ""
    type: str = ""  # of the JSON-LD node, or og:type
    paid: bool = False
    body: str = ""  # JSON-LD articleBody: the page's own copy of its text


def metadata(tree: Any, url: str) -> Metadata:
    """Everything the head, the JSON-LD and marked elements say. The tree is not changed."""
    metas = _metas(tree)
    node = _story(tree, metas, url)

    def said(section: str) -> Iterator[str]:
        """What meta elements say, and the JSON-LD (after an @), in the order of the vocabulary."""
        for name in words("metadata")[section]:
            key, *keys = name.removeprefix("@").split(" ")
            yield _text(node.get(key), *keys) if name[0] == "@" else metas.get(name, "")

    def first(section: str) -> str:
        return next(filter(None, said(section)), "")

    found = Metadata(type=first("type"), site=sanitize.name(first("site")))
    language = re.match(r"[a-zA-Z]{2,3}(?![a-zA-Z])", first("language"))
    found.language = language[0].lower() if language else ""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    found.own = [tokens(name) for name in (found.site, host, host.rsplit(".", 1)[0]) if name]
    found.title, found.titles = _title(tree, metas, node, found.own)
    h1 = sorted(islice(tree.iter("h1"), 8), key=lambda h: -alike(h.text_content(), found.title))[:1]
    found.description = sanitize.clean(first("description"))
    images = (sanitize.url(said_of, url) for said_of in said("image"))
    emblem = pattern("metadata", "emblem")
    found.image = next(
        (one for one in images if one and not emblem.search(urlsplit(one).path.rsplit("/", 1)[-1])),
        "",
    )
    home, stamps = (
        words("dates")["homes"].get(found.language, "+00:00"),
        chain(said("dates"), _dates(tree, node, url, h1)),
    )
    found.published = next(filter(None, (read_date(stamp, home) for stamp in stamps)), None)
    authors = _list(node.get("author") or node.get("creator"))
    given = [
        _text(name)
        for one in authors
        for name in _list(one.get("name") if isinstance(one, dict) else one)
    ]
    credits, bylines = _marked(tree, "credits", h1), _marked(tree, "bylines", h1)
    sources = chain(credits, [given], ([name] for name in said("authors")), bylines)
    rights = {*tokens(metas.get("copyright", ""))}  # whose holder is no author
    found.own += [
        name for name in [tokens(metas.get("author", ""))] if name and rights.issuperset(name)
    ]
    found.authors, found.organisation = names(sources, found.own)
    free = str(node.get("isAccessibleForFree", "")).lower()
    tier = metas.get("article:content_tier", "").lower()
    found.paid = free == "false" or (tier in {"locked", "metered"} and free != "true")
    found.body = _text(node.get("articleBody"))[:400_000]
    return found


def _metas(tree: Any) -> dict[str, str]:
    metas = {"html lang": tree.get("lang") or ""}
    for element in tree.iter("meta"):
        name = (
            (element.get("property") or element.get("name") or element.get("itemprop") or "")
            .strip()
            .lower()
        )
        if name and (content := (element.get("content") or "").strip()):
            if name in {"author", "article:author", "parsely-author"} and name in metas:
                metas[name] += f"; {content}"
            metas.setdefault(name, content[:5_000])
    if pattern("metadata", "lead_in").match(
        metas.get("twitter:label1", "") + " "
    ):  # WordPress: "Written by"
        metas["written by"] = metas.get("twitter:data1", "")
    return metas


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """JSON-LD objects, outer ones first."""
    for script in tree.iter("script"):
        if (
            "ld+json" not in (script.get("type") or "").lower()
            or not script.text
            or len(script.text) > _JSON_LIMIT
        ):
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


def _story(tree: Any, metas: dict[str, str], url: str) -> dict[str, Any]:
    """The JSON-LD object with the page's headline and address; people and publisher in place of their `@id`."""
    nodes, here = list(islice(_nodes(tree), 1_000)), _page_of(url)
    known = {str(node["@id"]): node for node in nodes if node.get("@id") and node.get("name")}

    def fits(node: dict[str, Any]) -> float:
        addresses = (
            _text(node.get(key), "@id", "url") for key in ("mainEntityOfPage", "url", "@id")
        )
        return alike(_text(node.get("headline")), metas.get("og:title", "")) + (
            here in map(_page_of, addresses)
        )

    is_story = pattern("metadata", "stories").search
    stories = [
        node for node in nodes if any(is_story(str(kind)) for kind in _list(node.get("@type")))
    ]
    stories = stories or [node for node in nodes if node.get("@type") == "VideoObject"]
    best = max(stories[:20], key=fits, default=None)
    story = dict(best or {})
    for key in story.keys() & {"author", "creator", "publisher"}:
        story[key] = [
            known.get(str(one["@id"]), one) if isinstance(one, dict) and "@id" in one else one
            for one in _list(story[key])
        ]
    return story


def _list(value: Any) -> list[Any]:
    return value[:50] if isinstance(value, list) else [value]


def _text(value: Any, *keys: str) -> str:
    """The first of what JSON-LD may say in one string, a list, or an object with one of `keys`."""
    while isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next(
            filter(None, (value.get(key) for key in keys or ("name", "url", "@value"))), ""
        )
    return sanitize.decode(value) if isinstance(value, str) else ""


def alike(one: str, other: str) -> float:
    """How many words two strings share, from 0 to 1 (Dice)."""
    a, b = set(tokens(one)), set(tokens(other))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _title(
    tree: Any, metas: dict[str, str], node: dict[str, Any], own: list[list[str]]
) -> tuple[str, list[str]]:
    """The headline without the site's name, and every form of it that the page has: what the head says for sharing
    first, unless it says the same for both networks and the JSON-LD another thing, or shares no word with the page.
    """

    def short(text: Any) -> str:
        return _without_site(sanitize.title(_text(text)), ["".join(name) for name in own])

    graph, twitter = short(metas.get("og:title")), short(metas.get("twitter:title"))
    shared, headline, named = (
        graph or twitter,
        short(node.get("headline")),
        short(tree.findtext(".//title")),
    )
    heads = list(tree.iter("h1"))[:8]
    free = [h for h in heads if not _leads_home(h)] or heads
    shown = [short(h.text_content()) for h in free]
    page = " ".join([headline, named, metas.get("description", ""), *shown])
    is_for_networks = (graph == twitter and alike(headline, graph) < 0.9) or not alike(shared, page)
    best = headline if headline and is_for_networks else shared or headline
    if not shared and (not best or not any(alike(best, other) > 0.5 for other in [*shown, named])):
        best = max(shown, key=lambda h: alike(h, named), default="")
        best = best if alike(best, named) > (0.5 if free == heads else 0) or not named else named
        opening = _PAIRS.split(named)[0]
        if named.endswith(best) and any(
            short(h.text_content()) == opening for h in list(tree.iter("h2"))[:8]
        ):
            best = opening  # under the site's name
    for bare in (headline, *shown):  # the same with a tail
        if len(bare) * 2 > len(best) and re.match(re.escape(bare) + r"\s+[-–—|·•»:｜]", best):
            best = bare
    marked = [short(e.text_content()) for e in tree.xpath("//*[@itemprop='headline']")[:3]]
    raw = [sanitize.title(_text(t)) for t in (metas.get("og:title"), tree.findtext(".//title"))]
    close = [t for t in [*shown, *marked] if alike(t, best) > 0.5 or alike(t, headline) > 0.5]
    return best, [*dict.fromkeys(filter(None, [best, shared, headline, named, *raw, *close]))]


def _leads_home(heading: Any) -> bool:
    """Whether a heading is the site's name, which leads to its first page."""
    link = heading.find(".//a")
    is_all = link is not None and link.text_content().strip() == heading.text_content().strip()
    return is_all and urlsplit(link.get("href") or "").path.count("/") < 2


def _without_site(title: str, own: list[str]) -> str:
    """A title without the site's name or the date at its ends."""
    parts = _PAIRS.split(title)
    for end in (-1, 0) if len(parts) > 1 else ():
        part = "".join(tokens(parts[end]))
        is_date = end == -1 and len(parts[end]) < 25 and read_date(parts[end]) is not None
        is_own = any(
            len(part) > 2
            and len(name) > 2
            and (part in name or (name in part and (end or 2 * len(name) >= len(part))))
            for name in own
        )
        if is_date or is_own or part in own:
            rest = (title[: title.rfind(parts[-1])] if end else title[len(parts[0]) :]).strip(
                _EDGES
            )
            return _without_site(rest, own) if rest else title
    first, _, rest = title.partition(": ")
    return rest if rest and "".join(tokens(first)) in own else title


def _dates(tree: Any, node: dict[str, Any], url: str, h1: list[Any]) -> Iterator[str]:
    for path in words("metadata")["stamps"]:
        for element in tree.xpath(path, h1=h1)[:6]:
            yield (
                element.get("content")
                or element.get("datetime")
                or " ".join(" ".join(element.itertext()).split())
            )
    yield _text(node.get("dateModified"))
    if match := re.search(r"/(20\d\d)[/-](0[1-9]|1[0-2])[/-]([0-2]\d|3[01])(?:/|-|$)", url):
        yield "-".join(match.groups())


def _marked(tree: Any, section: str, h1: list[Any]) -> Iterator[list[str]]:
    """The text of the first element of each path and of its siblings, outside comments."""
    is_byline = "[normalize-space() and parent::*/parent::*][not(ancestor-or-self::*[contains(@class, 'comment')])]"
    for path in words("metadata")[section]:
        marked = [
            (e, e.getparent()) for e in tree.xpath(f"({path})[position() <= 100]{is_byline}", h1=h1)
        ]
        places = [(holder.tag, holder.getparent()) for _, holder in marked]
        yield [
            _spoken(e) for (e, _), place in zip(marked, places, strict=True) if place == places[0]
        ][:8]


def _spoken(element: Any) -> str:
    """The text of an element; what its markup alone keeps apart ("By" and a link, a name and a role) is told apart."""
    said = ""
    for text in element.xpath(".//text()"):
        is_block = text.getparent().tag in words("text_blocks")["blocks"].split() or (
            text.isspace() and "\n" in text
        )
        is_apart = is_block or (said[-1:].isalnum() and text[:1].isalnum())
        said += f" | {text}" if said and is_apart else text
    return said


def names(sources: Iterable[list[str]], own: list[list[str]]) -> tuple[list[str], list[str]]:
    """Whom the first source that names a person names; and who else is named, for where none does. Without labels,
    addresses, initials, places, roles, and who only edited it. `own` are the words of the site's own names.
    """

    def is_own(said: list[str]) -> bool:
        return any(
            "".join(said) == "".join(one) or set(one) <= set(said) or set(said) <= set(one)
            for one in own
        )

    credited: set[str] = set()
    others: dict[str, None] = {}
    for source in sources:
        texts = map(sanitize.name, source)
        parts = [
            p
            for t in texts
            for p in ([t] if tokens(t) in own else pattern("metadata", "and").split(t))
        ]
        credited |= {_name(part) for part in parts if pattern("metadata", "credit").search(part)}
        found = {name: part for part in parts if (name := _name(part)) and name not in credited}
        found = {
            name: part
            for name, part in found.items()
            if not any(" " in n and n in name != n for n in found)
        }
        people = [name for name in found if not pattern("metadata", "lower_case").search(name)]
        if not all(is_own(tokens(found[name])) for name in people):
            return [name for name in people if tokens(name) not in own][:8], list(others)
        others |= dict.fromkeys(name for name in found if " " not in name or not name[0].islower())
    return [], list(others)


def _name(text: str) -> str:
    no_name = pattern("metadata", "no_name").search
    led = pattern("metadata", "lead_in").sub("", pattern("metadata", "credit").sub("", text))
    name = pattern("metadata", "after_name").split(led)[0].strip(" ,.:-–|•")
    name = (
        name if name.count("(") == name.count(")") else name.strip("()")
    )  # of brackets around several
    is_name = len(name.split()) <= 6 and re.search(r"[^\W\d_]", name) and not no_name(name)
    is_name = is_name and (led != text or not no_name(text))
    return name if is_name else ""


def next_page(tree: Any, url: str) -> str:
    """The address of the next part of a split article: the same address with the next page number."""
    base, number = _page_of(url)
    for link in tree.xpath("//*[self::link[@rel='next'] or self::a[@href]]"):
        raw = link.get("href") or ""
        is_numbered = link.tag == "link" or pattern("metadata", "page_number").search(raw[:2_000])
        if is_numbered and _page_of(href := sanitize.url(raw, url)) == (base, number + 1):
            return href
    return ""


def _page_of(url: str) -> tuple[str, int]:
    url = re.sub(r"^https?://(www\.)?", "", url.split("#", maxsplit=1)[0])
    match = pattern("metadata", "page_number").search(url)
    if not match:
        return url.rstrip("/?&"), 1
    return (url[: match.start()] + url[match.end() :]).rstrip("/?&"), int(match[1])
