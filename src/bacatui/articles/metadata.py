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

_JSON_LIMIT = 600_000
_STORIES = re.compile(r"(?:Article|Posting|Report|Review|Recipe|NewsItem|StoryPage)$")
_PAIRS = re.compile(r"\s+(?:[-–—|:·•»«/]|::|\|\|)\s+|\s*[|»]\s*")
_LEAD_IN = re.compile(
    r"^(?:(?:written|posted|published|story|words|text|reporting|photos?) by|by|oleh|penulis|reporter|pewarta|wartawan|laporan"
    r"|editor|von|par|por|di|door|av|af|autor(?:in|es)?|author|text|texte?|redaksi|przez|yazan|от|автор)\b\s*[:：]?\s+|^[\s:|,·•–-]+",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"https?:|www\.|@|\d{3}|^(?:admin|administrator|unknown|none|null|author|home|twitter|facebook|about the author)$",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s+(?:and|und|dan|&|et|och|og)\s+|\s*[;|•·\n]\s*|,\s+(?=(?:[^\W\d_][\w.'’-]*\s+){1,3}[^\W\d_]+)", re.IGNORECASE
)
_DATES = ("article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate", "publish-date", "parsely-pub-date",
          "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "article.published", "cxenseparse:recs:publishtime",
          "publication_date", "date_published", "originalpublicationdate", "date", "content_create_date", "last-modified-date")  # fmt: skip
_AUTHORS = (
    "author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "article:author",
    "byl",
    "cxenseparse:author",
)
_BYLINES = (
    "//*[@itemprop='author']//*[@itemprop='name'] | //*[@itemprop='author'][not(.//*[@itemprop='name'])] | //a[@rel='author']",
    "//*[contains(concat(' ', @class), ' author') or contains(@class, 'byline') or contains(@class, '-author') or contains(@class, '_author')"
    " or contains(@class, 'Author') or contains(@class, 'vcard')][string-length(normalize-space(.)) < 100]",
)


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
    type: str = ""  # of the JSON-LD node
    paid: bool = False
    body: str = ""  # JSON-LD articleBody


def metadata(tree: Any, url: str) -> Metadata:
    """Everything the head, the JSON-LD and marked elements say. The tree is not changed."""
    metas = _metas(tree)
    node = _story(tree, metas)
    found = Metadata()
    found.language = _language(tree, metas, node)
    found.site = _site(metas, node)
    found.title, found.titles = _title(tree, metas, node, found.site, urlsplit(url).hostname or "")
    found.description = sanitize.clean(
        metas.get("og:description") or metas.get("description") or metas.get("twitter:description") or ""
    )
    found.image = _image(metas, node, url)
    found.published = _published(tree, metas, node, url)
    found.authors = names(_said_authors(metas, node), found.site) or names(_marked_authors(tree), found.site)
    found.type = _text(node.get("@type"))
    free = str(node.get("isAccessibleForFree", "")).lower()
    found.paid = (
        free == "false" or metas.get("article:content_tier", "").lower() in {"locked", "metered"} and free != "true"
    )
    found.body = _text(node.get("articleBody"))[:400_000]
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
        source = re.sub(
            r"^\s*(?:<!--|/\*.*?\*/|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$",
            "",
            script.text.strip().rstrip(";"),
        )
        for text in (source, re.sub(r",\s*([}\]])", r"\1", source)):
            try:
                waiting = [json.loads(text, strict=False)]
            except (ValueError, RecursionError):
                continue
            while waiting:
                value = waiting.pop(0)
                if isinstance(value, dict):
                    yield value
                    waiting += [
                        v
                        for k, v in value.items()
                        if k in {"@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement"}
                    ]
                elif isinstance(value, list):
                    waiting += value[:50]
            break


def _story(tree: Any, metas: dict[str, str]) -> dict[str, Any]:
    """The JSON-LD object of the article; where there are several, the one with the page's headline."""
    stories = []
    for node in _nodes(tree):
        types = node.get("@type")
        if any(_STORIES.search(str(t)) for t in (types if isinstance(types, list) else [types])):
            stories.append(node)
        if len(stories) == 20:
            break
    wanted = metas.get("og:title", "")
    for node in stories:
        if wanted and alike(_text(node.get("headline")), wanted) > 0.8:
            return node
    return stories[0] if stories else {}


def _text(value: Any) -> str:
    while isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("url") or value.get("@value") or ""
    return sanitize.decode(value) if isinstance(value, str) else ""


def alike(one: str, other: str) -> float:
    """How many words two strings share, from 0 to 1 (Dice)."""
    a, b = tokens(one), tokens(other)
    if not a or not b:
        return 0.0
    return 2 * len(set(a) & set(b)) / (len(set(a)) + len(set(b)))


def _language(tree: Any, metas: dict[str, str], node: dict[str, Any]) -> str:
    said = (
        _text(node.get("inLanguage"))
        or tree.get("lang")
        or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
        or ""
    )
    said = said or metas.get("og:locale") or metas.get("content-language") or metas.get("language") or ""
    match = re.match(r"[a-zA-Z]{2,3}(?![a-zA-Z])", said)
    return match[0].lower() if match else ""


def _site(metas: dict[str, str], node: dict[str, Any]) -> str:
    return sanitize.name(
        metas.get("og:site_name") or _text(node.get("publisher")) or metas.get("application-name") or ""
    )


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
    if (
        alike(best, headline) < 0.45
        and max(alike(headline, h) for h in ["", *shown]) > 0.85
        and alike(headline, named) > 0.7
    ):
        best = headline
    if not shared and (not best or not any(alike(best, other) > 0.5 for other in [*shown, named])):
        best = max(shown, key=lambda h: alike(h, named), default="")
        best = best if alike(best, named) > 0.5 or not named else named
    marked = [short(e.text_content()) for e in tree.xpath("//*[@itemprop='headline']")[:3]]
    raw = [sanitize.title(_text(t)) for t in (metas.get("og:title"), tree.findtext(".//title"))]
    forms = [
        best,
        shared,
        headline,
        named,
        *raw,
        *(t for t in [*shown, *marked] if alike(t, best) > 0.5 or alike(t, headline) > 0.5),
    ]
    return best, [*dict.fromkeys(filter(None, forms))]


def _without_site(title: str, site: str, host: str) -> str:
    parts = _PAIRS.split(title)
    if len(parts) < 2:
        return title
    names = {
        "".join(tokens(site)),
        "".join(tokens(host.removeprefix("www."))),
        "".join(tokens(host.removeprefix("www.").rsplit(".", 1)[0])),
    } - {""}
    for end in (-1, 0):
        part = "".join(tokens(parts[end]))
        if end and len(parts[end]) < 25 and read_date(parts[end]):
            return _without_site(title[: title.rfind(parts[end])].strip(" \t-–—|:·•»«/"), site, host)
        if part and (part in names or any(len(part) >= 3 and (part in n or n in part) for n in names if len(n) >= 3)):
            cut = title.rfind(parts[-1]) if end else len(parts[0])
            rest = title[:cut] if end else title[cut:]
            rest = rest.strip(" \t-–—|:·•»«/")
            return _without_site(rest, site, host) if rest else title
    return title


def _image(metas: dict[str, str], node: dict[str, Any], url: str) -> str:
    image = node.get("image")
    while isinstance(image, list):
        image = image[0] if image else ""
    if isinstance(image, dict):
        image = image.get("url") or image.get("contentUrl") or ""
    return sanitize.url(
        metas.get("og:image") or metas.get("og:image:url") or _text(image) or metas.get("twitter:image") or "", url
    )


def _published(tree: Any, metas: dict[str, str], node: dict[str, Any], url: str) -> datetime | None:
    said = [_text(node.get("datePublished")), *(metas.get(name, "") for name in _DATES), _text(node.get("dateCreated"))]
    for element in tree.xpath("//*[@itemprop='datePublished' or @itemprop='dateCreated']")[:3]:
        said.append(element.get("content") or element.get("datetime") or element.text_content())
    for element in tree.xpath(
        "//time[@pubdate] | //article//time[@datetime] | //main//time[@datetime] | //h1/following::time[@datetime]"
    )[:3]:
        said.append(element.get("datetime") or "")
    near = "//h1/following::*[{0}] | //h1/preceding::*[{0}]" if False else "//h1/following::*[{0}]"
    marked = " or ".join(
        f"contains(@class, '{word}')" for word in ("date", "time", "publish", "posted", "meta", "tanggal")
    )
    for element in tree.xpath(near.format(marked))[:6]:
        said.append(" ".join(element.text_content().split())[:120])
    said.append(_text(node.get("dateModified")))
    if match := re.search(r"/(20\d\d)[/-](0[1-9]|1[0-2])[/-]([0-2]\d|3[01])(?:/|-|$)", url):
        said.append("-".join(match.groups()))
    return next((date for text in said if text and (date := read_date(text[:200]))), None)


def _said_authors(metas: dict[str, str], node: dict[str, Any]) -> Iterator[list[str]]:
    given = node.get("author") or node.get("creator")
    yield [_text(one) for one in (given if isinstance(given, list) else [given])]
    yield from ([metas.get(name, "")] for name in _AUTHORS)


def _marked_authors(tree: Any) -> Iterator[list[str]]:
    for path in _BYLINES:
        yield [element.text_content() for element in tree.xpath(path)[:4]]


def names(sources: Iterable[list[str]], site: str = "") -> list[str]:
    """The names of the first source that has any: without labels, addresses and initials of the desk.

    The site's own name is no author, unless no other is known.
    """
    own: list[str] = []
    for source in sources:
        found: dict[str, None] = {}
        for text in source:
            for part in _AND.split(sanitize.name(text)):
                if _NOT_NAMES.search(part):
                    continue
                name = re.sub(r"\s*[(\[/].*$", "", part).strip(" ,.:-–|•")
                while name != (shorter := _LEAD_IN.sub("", name, count=1)):
                    name = shorter.strip()
                if len(name.split()) <= 6 and not _NOT_NAMES.search(name) and re.search(r"[^\W\d_]", name):
                    found.setdefault(name)
        people = [name for name in found if not site or alike(name, site) < 0.9]
        if people:
            return people[:8]
        own = own or list(found)
    return own[:1]


def next_page(tree: Any, url: str) -> str:
    """The address of the next part of a split article: the same address with the next page number."""
    base, number = _page_of(url)
    for link in tree.xpath("//link[@rel='next'] | //a[@href]"):
        href = sanitize.url(link.get("href") or "", url)
        if href and (there := _page_of(href))[0] == base and there[1] == number + 1:
            return href
    return ""


_PAGE_NUMBER = re.compile(
    r"(?:[?&](?:page|p|hal|halaman|pg|seite|pagina)=|/(?:page|halaman|hal|seite)[/-]?|(?<=\w)/(?=\d{1,2}/?$))(\d{1,2})(?=$|[&/#])",
    re.IGNORECASE,
)


def _page_of(url: str) -> tuple[str, int]:
    url = url.split("#")[0]
    match = _PAGE_NUMBER.search(url)
    if not match:
        return re.sub(r"^https?://(www\.)?", "", url).rstrip("/?&"), 1
    rest = url[: match.start()] + url[match.end() :]
    return re.sub(r"^https?://(www\.)?", "", rest).rstrip("/?&"), int(match[1])
