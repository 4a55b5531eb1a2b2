"""Bytes to a tree: decode, make harmless, bound, parse once, and throw out what is never part of a text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from bacatui import sanitize

SOURCE_LIMIT = 5_000_000  # characters of a page that are looked at
DEPTH_LIMIT = 200  # libxml2 stops reading at 256 open elements, and the rest of the page would be lost
ATTRIBUTES = 64  # of one tag; libxml2 takes 9 s for 100,000
TAGS_LIMIT = 120_000

_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding=[\"']([\w.:-]{2,30})")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{2000,}>")
_ATTRIBUTE = re.compile(r"[^\s=/>\"']+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>")
_BREAKS = re.compile(r"(?:<br\s*/?>(?:\s|&nbsp;){0,20}){3,}", re.IGNORECASE)
_ANY_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|p|div|br|a|article|section|table|ul|ol|h[1-6]|span)\b", re.IGNORECASE
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_NEVER = "script style template svg iframe object embed video audio canvas input select textarea option noscript amp-ad amp-auto-ads amp-sidebar amp-social-share amp-analytics amp-embed amp-consent dialog ins.adsbygoogle map".split()
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SIGN = re.compile(r"emoji|smiley|math|latex|\btex\b|equation", re.IGNORECASE)
_GUTTER = re.compile(r"gutter|line-?no|line-?num|lnum|\bln\b", re.IGNORECASE)
_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-img-url",
    "data-original-src",
    "data-url",
    "data-hi-res-src",
)
_ANCHORS = ("", "#", "¶", "§", "🔗", "link", "permalink", "⚓", "↩")
_CODE_SIGNS = re.compile(r"[{};=<>\\|]|\b(?:def|return|import|GET|var|const|function)\b")


def decode(body: bytes, content_type: str = "") -> str:
    """Bytes to text as browsers do it: byte order mark, header, meta element, then a guess (WHATWG Encoding)."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    head = body[:4096]
    header = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,30})", content_type, re.IGNORECASE)
    said = header[1] if header else ""
    if not said and (meta := _META_CHARSET.search(head) or _XML_CHARSET.search(head)):
        said = meta[1].decode("ascii")
    name = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
            "gb2312": "gb18030", "gbk": "gb18030", "x-sjis": "cp932", "shift_jis": "cp932"}.get(said.lower(), said)  # fmt: skip
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if name.lower() in {"utf-8", "utf8"} or (not name and error.end >= len(body) - 3):
            return body.decode("utf-8", "replace")
    if not name:
        from charset_normalizer import from_bytes

        best = from_bytes(body[:65_536]).best()
        name = best.encoding if best else "cp1252"
    try:
        return body.decode(name, "replace")
    except (LookupError, UnicodeError):
        return body.decode("cp1252", "replace")


def source_of(page: str | bytes, content_type: str = "") -> str:
    """The page as safe and bounded HTML source; plain text becomes paragraphs."""
    text = decode(page, content_type) if isinstance(page, bytes) else page
    text = sanitize.markup(text[:SOURCE_LIMIT])
    if content_type.startswith("text/plain") or not _ANY_MARKUP.search(text):
        return f"<body>{''.join(_paragraphs(text))}</body>"
    return bounded(text)


def bounded(source: str) -> str:
    """HTML source without what makes parsers slow: tags with very many attributes, long runs of line breaks."""
    if "<" in source[:1] or True:
        source = _LONG_TAG.sub(_fewer_attributes, source)
    return _BREAKS.sub("<br><br>", source)


def _fewer_attributes(match: re.Match[str]) -> str:
    tag = match[0]
    if tag.count("=") <= ATTRIBUTES and tag.count(" ") <= 4 * ATTRIBUTES:
        return tag
    kept = []
    for number, part in enumerate(_ATTRIBUTE.finditer(tag, 1)):
        if number > ATTRIBUTES:
            break
        kept.append(part[0])
    return f"<{' '.join(kept)}>"


def _flattened(source: str) -> str:
    """Source whose elements nest no deeper than DEPTH_LIMIT: the tags of deeper ones are left out."""
    out, at, stack, dropped = [], 0, [], 0
    for number, match in enumerate(_TAG.finditer(source)):
        name = match[2].lower()
        if name in _VOID:
            continue
        keep = True
        if not match[1]:
            keep = len(stack) < DEPTH_LIMIT and number < TAGS_LIMIT
            if keep:
                stack.append(name)
            else:
                dropped += 1
        elif dropped and name not in stack[-2:]:
            keep, dropped = False, dropped - 1
        elif dropped:
            keep, dropped = False, dropped - 1
        elif name in stack[-8:]:
            while stack.pop() != name:
                pass
        if not keep:
            out.append(source[at : match.start()])
            at = match.end()
    out.append(source[at:])
    return " ".join(out)


def _paragraphs(text: str) -> Iterator[str]:
    """Plain text as paragraphs: apart by blank lines, or by line ends where there are no blank lines."""
    parts = re.split(r"\n[ \t]*\n", text)
    if len(parts) == 1:
        parts = text.split("\n")
    for part in parts:
        if part.strip():
            yield f"<p>{escape(' '.join(part.split()), quote=False)}</p>\n"


def parse(source: str) -> Any:
    """The tree of a page (an lxml `html` element), whatever the source is."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    for text in (source, None):
        parser = HTMLParser(remove_comments=True, remove_pis=True)
        try:
            tree = document_fromstring(_flattened(source) if text is None else text, parser=parser)
        except (etree.ParserError, ValueError):
            return document_fromstring("<html><body></body></html>")
        if text is None or not any("xcessive depth" in error.message for error in parser.error_log):
            break
    return tree if tree.tag == "html" else document_fromstring("<html><body></body></html>")


def prune(tree: Any) -> None:
    """Take out scripts, form controls, embedded things and what is hidden; bring lazy pictures to light."""
    for image in tree.iter("amp-img", "amp-anim"):
        image.tag = "img"
    for frame in tree.xpath("//noscript[.//img]"):
        if len(" ".join(frame.itertext()).split()) < 5 and not frame.xpath(
            "preceding-sibling::*[1][self::img[@src and not(starts-with(@src, 'data:'))]]"
        ):
            frame.drop_tag()
    for figure in tree.xpath("//figure[@itemid][not(.//img)]"):
        figure.insert(0, figure.makeelement("img", src=figure.get("itemid")))
    for image in list(tree.iter("img")):
        if _SIGN.search(image.get("class") or ""):
            image.tail = f"{image.get('alt') or ''}{image.tail or ''}"
            image.drop_tree()
        else:
            _enlighten(image)
    for button in tree.xpath("//button[.//img or .//p]"):
        button.drop_tag()
    for element in list(tree.iter(*_NEVER, "button")):
        _drop(element)
    total = 0
    for element in tree.xpath(
        "//body//*[@hidden or @aria-modal='true' or contains(@style, 'none') or contains(@style, 'hidden')]"
    ):
        if (
            element.get("hidden") is None
            and element.get("aria-modal") is None
            and not _HIDDEN.search(element.get("style", ""))
        ):
            continue
        total = total or len("".join(tree.itertext()))
        if len("".join(element.itertext())) < total * 0.4:
            _drop(element)
    for mark in tree.xpath("//*[contains(@class, 'mw-editsection')]"):
        _drop(mark)
    for mark in tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]//a"):
        if mark.text_content().strip() in _ANCHORS and mark.find(".//img") is None:
            _drop(mark)
    for element in reversed(list(tree.iter("div", "p", "section", "span", "ul", "li", "aside"))):
        if len(element) == 0 and not (element.text or "").strip(" \t\r\n"):
            _drop(element)
    for gutter in tree.xpath("//pre//*[@class] | //td[@class]"):
        if _GUTTER.search(gutter.get("class")) and re.fullmatch(r"[\d\s]*", "".join(gutter.itertext())):
            _drop(gutter)
    _captions(tree)
    for element in tree.xpath("//pre"):
        _loosen(element)


def _captions(tree: Any) -> None:
    """Captions that are known by their class alone become those of figures."""
    for element in tree.xpath(
        "//p[contains(@class, 'caption')] | //div[contains(@class, 'caption')] | //span[contains(@class, 'caption')] | //dd[contains(@class, 'caption')]"
    ):
        words = len("".join(element.itertext()).split())
        if not 0 < words < 80 or next(element.iterancestors("figcaption", "table"), None) is not None:
            continue
        for holder in list(element.iterancestors("div", "p", "a", "dl", "li", "figure", "section"))[:3]:
            if holder.find(".//img") is not None:
                if len("".join(holder.itertext()).split()) <= words + 25:
                    holder.tag = "figure"
                    element.tag = "figcaption"
                break


def _drop(element: Any) -> None:
    if element.getparent() is not None and element.tag != "body":
        element.drop_tree()


def _enlighten(image: Any) -> None:
    """The real address of a picture that a script would have loaded."""
    src = image.get("src", "")
    if src and not src.startswith("data:") and "placeholder" not in src and "blank.gif" not in src:
        return
    for name in _LAZY:
        if (value := image.get(name, "").strip()) and not value.startswith("data:"):
            image.set("src", value)
            return
    sets = [image.get("data-srcset") or image.get("srcset")]
    parent = image.getparent()
    if parent is not None and parent.tag == "picture":
        sets += [s.get("srcset") or s.get("data-srcset") for s in parent.iter("source")]
    for candidates in filter(None, sets):
        first = candidates.strip().split(" ")[0].rstrip(",")
        if first and not first.startswith("data:"):
            image.set("src", first)
            return
    if src.startswith("data:"):
        del image.attrib["src"]


def _loosen(element: Any) -> None:
    """A `pre` that holds prose in paragraphs, not code, becomes those paragraphs."""
    from lxml.html import fragment_fromstring

    if len(element.xpath(".//*[not(self::br or self::b or self::i or self::a)]")) > 0 or element.get("class"):
        return
    text = element.text_content()
    words = len(text.split())
    if words < 80 or len(re.findall(r"\n[ \t]*\n", text)) < 3 or len(_CODE_SIGNS.findall(text)) > words / 50:
        return
    prose = fragment_fromstring(f"<div>{''.join(_paragraphs(text))}</div>")
    prose.tail = element.tail
    element.getparent().replace(element, prose)
