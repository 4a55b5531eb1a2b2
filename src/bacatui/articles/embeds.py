"""Turn embedded films, sounds, maps and posts into a line that names them and links to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bacatui.articles.words import pattern, words
from bacatui.i18n import N_, _
from bacatui.text import sanitize

_LABELS = {
    "video": N_("Video"), "audio": N_("Audio"), "post": N_("Post"), "map": N_("Map"), "graphic": N_("Graphic"),
    "document": N_("Document"), "code": N_("Code"), "page": N_("Embedded page"),
}  # fmt: skip
LONGEST = 150  # characters of a title


def settle(tree: Any) -> None:
    """Replace each embedded thing by an `embed`: `src` is its page, `title` the user's line."""
    for element in list(tree.iter("embed")):
        element.tag = "object"
    for element in tree.xpath(words("embeds")["frames"]):
        if found := next(_known(element), None):
            kind, url = found
            title = " ".join((element.get("title") or "").split())
            title = (
                ""
                if len(title) > LONGEST or pattern("embeds", "untitled").search(title)
                else f" · {title}"
            )
            host = (urlsplit(sanitize.url(url)).hostname or "").removeprefix("www.")
            _put(element, url, _(_LABELS[kind]) + (f": {host}" if host else "") + title)
    for link in tree.xpath(
        "//figure[@class='embed']/*[1][self::a][@href]"
    ):  # of a page that was cleaned
        caption = link.makeelement("figcaption")
        caption.extend(link.itersiblings())
        link.getparent().append(caption)
        _put(link, link.get("href"), link.text_content())


def _put(element: Any, url: str, title: str) -> None:
    element.addnext(element.makeelement("embed", src=url, title=sanitize.title(title)))
    element.drop_tree()


def _known(element: Any) -> Iterator[tuple[str, str]]:
    """The kind and URL of what an element embeds; nothing if unknown or an advertisement."""
    for name, templates in words("embeds")["ids"].items():
        if element.tag in templates and re.fullmatch(
            r"[\w-]{5,40}", said := element.get(name) or ""
        ):
            yield (
                "post" if "tweet" in name or "short" in name else "video",
                templates[element.tag].format(said),
            )
    is_played = element.tag in {"video", "audio"}
    if is_played and (
        element.get("autoplay") is not None or "none" in (element.get("style") or "")
    ):
        return
    names = ("src", *words("page")["lazy"], "data", "data-instgrm-permalink", "cite")
    for url in (e.get(name) for e in (element, *element.iter("source")) for name in names):
        if (
            not url
            or re.match(r"#|(?!https?:)[a-z-]+:", url, re.IGNORECASE)
            or pattern("embeds", "unwanted").search(url)
        ):
            continue
        if is_played:
            yield element.tag, url
        for form, kind, template in words("embeds")["known"]:
            if match := re.search(form, url, re.IGNORECASE):
                inner = (
                    parse_qs(urlsplit(url).query).get(template.strip("?"), [""])[0]
                    if template[:1] == "?"
                    else ""
                )
                yield kind, inner or (url if template[:1] in {"", "?"} else match.expand(template))
