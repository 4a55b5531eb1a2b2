"""Bytes to a tree: decode, sanitize, bound, parse once, and drop what is never part of a text."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from itertools import dropwhile, takewhile
from typing import Any

from bacatui.articles import code, embeds
from bacatui.articles.words import pattern, words
from bacatui.document import PICTURED
from bacatui.text import count_words, sanitize

SOURCE_LIMIT = 4_000_000  # characters of a page that are looked at
DEPTH_LIMIT = (
    200  # libxml2 stops reading at 256 open elements, and the rest of the page would be lost
)
ATTRIBUTES = 64  # of one tag; libxml2 takes 9 s for 100,000
VALUE_LIMIT = 100_000  # characters of an attribute
WIDE = 600  # pixels: a picture for a text
AROUND = 20  # elements in what holds a picture and its caption
FORM = 60  # words: what holds more is no box to subscribe
HIDDEN_SHARE = 0.4  # of the page's text: what hides more than that is shown by a script

_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})|^\s*<\?xml[^>]{0,100}encoding=[\"']([\w.:-]{2,30})",
    re.IGNORECASE,
)
_DECLARATION = re.compile(
    r"\A\s*<\?xml\b[^>]*>", re.IGNORECASE
)  # lxml takes no text that names an encoding
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FILES = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1f\x8b",
    b"ID3",
    b"OggS",
    b"Rar!",
)
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_ALIASES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "gb2312": "gb18030",
            "gbk": "gb18030", "x-sjis": "cp932", "shift_jis": "cp932"}  # fmt: skip
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{2000,}>")
_ATTRIBUTE = re.compile(r"[^\s=/>\"']+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+>?")
_BREAKS = re.compile(r"(?:<br\s*/?>(?:\s|&nbsp;){0,20}){3,}", re.IGNORECASE)
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|p|div|br|a|article|section|table|ul|ol|h[1-6]|span)\b",
    re.IGNORECASE,
)
_STAND_IN = re.compile(r"^data:|placeholder|(?:blank|preload|spacer|loading)\.(?:gif|png|svg)")
_STORIES = frozenset(("html", "body", "main", "article", "table"))
_UNSEEN = " \t\r\n\xa0\u200b\ufe0e\ufe0f"
_PROSE = frozenset(("br", "b", "i", "a"))  # what a `pre` of prose may hold
_HEAD = frozenset(("title", "meta", "link", "base", "style", "script", "noscript", "template"))
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """Bytes to text as browsers do it: byte order mark, header, meta element, then a guess (WHATWG Encoding)."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    header = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,30})", content_type, re.IGNORECASE)
    meta = _CHARSET.search(body[:4096])
    said = header[1] if header else (meta[1] or meta[2]).decode("ascii") if meta else ""
    name = _ALIASES.get(said.lower(), said)
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


def file_type(body: bytes, content_type: str = "") -> str:
    """The media type of a body that is not a web page, else "" (WHATWG MIME Sniffing, 7.1)."""
    said = content_type.partition(";")[0].strip().lower()
    is_text = not said or said.startswith("text/") or said.endswith(("html", "xml", "json"))
    is_known = body.startswith(_FILES)
    if not is_known and (
        body.startswith(tuple(m for m, _ in _MARKS))
        or _MARKUP.search(body[:4096].decode("latin-1"))
    ):
        return ""
    return (
        said or "application/octet-stream"
        if is_known or not is_text or _BINARY.search(body[:1445])
        else ""
    )


def source_of(page: str | bytes, content_type: str = "") -> tuple[str, bool]:
    """The page as safe HTML source, and whether it is complete. Plain text becomes paragraphs."""
    text, is_whole = bounded(decode(page, content_type) if isinstance(page, bytes) else page)
    if content_type.startswith("text/plain") or not _MARKUP.search(text):
        text = f"<body>{''.join(_paragraphs(text))}</body>"
    return text, is_whole


def bounded(text: str) -> tuple[str, bool]:
    """HTML source without controls and what makes parsers slow, and whether it is complete."""
    source = _LONG_TAG.sub(_fewer_attributes, sanitize.source(text[: 2 * SOURCE_LIMIT]))
    is_whole = len(text) <= 2 * SOURCE_LIMIT and len(source) <= SOURCE_LIMIT
    source = source[:SOURCE_LIMIT]
    return _BREAKS.sub("<br><br>", source) if source.lower().count("<br") > 2 else source, is_whole


def _fewer_attributes(match: re.Match[str]) -> str:
    tag = match[0]
    if tag.count("=") <= ATTRIBUTES and tag.count(" ") <= 4 * ATTRIBUTES and len(tag) < VALUE_LIMIT:
        return tag
    parts = (
        part[0] for _, part in zip(range(ATTRIBUTES), _ATTRIBUTE.finditer(tag, 1), strict=False)
    )
    kept = [part for part in parts if len(part) < VALUE_LIMIT]
    return f"<{' '.join(kept)}>"


def _flattened(source: str) -> str:
    """Source without the tags of elements that nest deeper than DEPTH_LIMIT."""
    out: list[str] = []
    stack: list[str] = []
    at = dropped = 0
    for match in _TAG.finditer(source):
        name = match[2].lower()
        if name in words("page")["void"].split():
            continue
        opens = not match[1]
        if opens and len(stack) < DEPTH_LIMIT:
            stack.append(name)
        elif opens or dropped:
            dropped += 1 if opens else -1
            out.append(source[at : match.start()])
            at = match.end()
        elif name in stack[-8:]:
            while stack.pop() != name:
                pass
    out.append(source[at:])
    return " ".join(out)


def _paragraphs(text: str) -> Iterator[str]:
    """Plain text as paragraphs, separated by blank lines or, if there are none, by line ends."""
    parts = re.split(r"\n[ \t]*\n", text)
    for part in parts if len(parts) > 1 else text.split("\n"):
        if part.strip():
            yield f"<p>{escape(' '.join(part.split()), quote=False)}</p>\n"


def parse(source: str) -> Any:
    """The tree of a page (an lxml `html` element), whatever the source is."""
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    source = _DECLARATION.sub("", source)
    try:
        parser = HTMLParser(remove_comments=True, remove_pis=True)
        tree = document_fromstring(source, parser=parser)
        if any("xcessive depth" in error.message for error in parser.error_log):
            tree = document_fromstring(
                _flattened(source), parser=HTMLParser(remove_comments=True, remove_pis=True)
            )
    except (ParserError, ValueError):
        return document_fromstring("<html><body></body></html>")
    _behead(tree)
    return tree


def _behead(tree: Any) -> None:
    """Move to the body the HTML 5 elements that libxml2 leaves in the head."""
    head, body = tree.find("head"), tree.find("body")
    strays = [] if head is None else list(dropwhile(lambda element: element.tag in _HEAD, head))
    if strays and body is None:
        body = tree.makeelement("body")
        tree.append(body)
    for at, element in enumerate(strays):
        body.insert(at, element)


def prune(tree: Any) -> None:
    """Drop scripts, form controls and what is hidden; give lazy pictures their address."""
    embeds.settle(tree)
    _name_forms(tree)
    _pictures(tree)
    for holder in tree.xpath(
        "//*[self::button[.//img or .//p] or self::template[@shadowrootmode]]"
    ):
        holder.drop_tag()
    hidden = _unscripted(tree)
    for element in list(tree.iter(*words("page")["never"].split())):
        if element is not hidden:
            _drop(element)
    if hidden is not None:  # left open, or the page for robots
        is_much = len(hidden.text_content()) > len(tree.text_content()) * HIDDEN_SHARE
        (hidden.drop_tag if is_much else hidden.drop_tree)()
    _unhide(tree)
    for heading in tree.xpath("//*[@role='heading'][self::div or self::p or self::span]"):
        heading.tag = (
            f"h{level}"
            if (level := heading.get("aria-level", "2")) in {"2", "3", "4", "5", "6"}
            else "h2"
        )
    for edit in tree.xpath("//*[contains(@class, 'mw-editsection')]"):
        _drop(edit)
    for link in list(tree.iter("a")):
        holders = (
            "h1",
            "h2",
            "h3",
            "h4",
            *["li"] * link.get("href", "").startswith("#"),
        )  # or a footnote's way back
        is_mark = (
            link.text_content().strip(_UNSEEN) in words("page")["anchors"]
            and link.find(".//img") is None
        )
        if is_mark and next(link.iterancestors(*holders), None) is not None:
            _drop(link)
    for element in list(tree.iter("pre")):
        if not element.get("class") and all(
            inner.tag in _PROSE for inner in element.iterdescendants()
        ):
            _loosen(element)
    code.settle(tree)
    for element in reversed(list(tree.iter("div", "p", "section", "span", "ul", "li", "aside"))):
        if len(element) == 0 and not (element.text or "").strip(" \t\r\n"):
            if element.tag == "span" and element.text:
                element.drop_tag()  # a blank between words
            else:
                _drop(element)
    _uncount(tree)
    _captions(tree)


def _name_forms(tree: Any) -> None:
    """Give what holds little but a field for an e-mail address the class `newsletter`."""
    for field in tree.xpath(
        "//input[@type='email' or contains(@name, 'mail') or contains(@placeholder, 'mail')]"
    )[:20]:
        boxes = takewhile(
            lambda holder: holder.tag not in _STORIES and _is_small(holder), field.iterancestors()
        )
        for box in list(boxes)[-1:]:
            box.set("class", f"{box.get('class') or ''} newsletter")


def _is_small(holder: Any) -> bool:
    has_story = next(holder.iter("h1", "time", "article", "main"), None) is not None
    text = "" if has_story else holder.text_content()
    return not has_story and len(text) < 20 * FORM and count_words(text) < FORM


def _unscripted(tree: Any) -> Any:
    """The largest `noscript` or script template of the body, or None."""
    kinds = "self::noscript or self::script[contains(@type, 'template')]"
    frames = tree.xpath(f"//body//*[{kinds}][string-length(.) > 500]")
    frame = max(frames, key=lambda each: len(each.text_content()), default=None)
    if frame is not None and frame.tag == "script":
        frame.text, body = None, parse(f"<body>{frame.text}</body>").find("body")
        frame.extend(body)
    return frame


def _drop(element: Any) -> None:
    if element.getparent() is not None and element.tag != "body":
        element.drop_tree()


def _unhide(tree: Any) -> None:
    """Drop hidden elements, except one that holds much of the page, which a script would show."""
    total = 0
    for element in tree.xpath(
        "//*[contains(@class, 'g-artboard')]"
    ):  # one drawing, for one width of the screen each
        if element.getnext() is not None and "g-artboard" in element.getnext().get("class", ""):
            _drop(element)
    for element in tree.xpath(
        "//body//*[@hidden or @aria-modal='true' or contains(@style, 'none') or contains(@style, 'hidden')]"
    ):
        if element.get("hidden", element.get("aria-modal")) is None and not _HIDDEN.search(
            element.get("style", "")
        ):
            continue
        total = total or len(tree.text_content())
        if len(element.text_content()) < total * HIDDEN_SHARE:
            _drop(element)


def _uncount(tree: Any) -> None:
    """Drop the numbers of a slideshow (1/50, 2/50 …) and mark their parents as slides."""
    marks: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for element in tree.iter("span", "em", "small", "strong", "b", "i", "div", "p"):
        if len(element) == 0 and (match := pattern("page", "count").fullmatch(element.text or "")):
            marks[match[2]].append((int(match[1]), element))
    for numbered in marks.values():
        if len(numbered) > 2 and [number for number, _ in numbered] == list(
            range(1, len(numbered) + 1)
        ):
            for _, element in numbered:
                element.getparent().set("data-slide", "")
                element.drop_tree()


def _captions(tree: Any) -> None:
    """Make captions that are marked only by a class those of figures."""
    is_named = pattern("page", "captioned").search
    for element in [
        e for e in tree.iter("p", "div", "span", "em", "dd", "td") if is_named(e.get("class", ""))
    ]:
        count = count_words(element.text_content())
        tables = list(element.iterancestors("table"))[
            :1
        ]  # of a picture and its caption, as Blogger makes them
        is_cell = element.tag == "td"
        if (
            not 0 < count < 80
            or next(element.iterancestors("figcaption"), None) is not None
            or (tables and not is_cell)
        ):
            continue
        near = (
            tables
            if is_cell
            else list(element.iterancestors("div", "p", "a", "dl", "li", "figure", "section"))[:3]
        )
        holder = next(
            (each for each in near if len(each) < AROUND and each.find(".//img") is not None), None
        )
        if holder is not None and count_words(holder.text_content()) <= count + 25:
            holder.tag, element.tag = "figure", "figcaption"
            for part in list(holder.iter("tbody", "tr", "td")):
                part.drop_tag()
    for element in tree.xpath(
        "//*[self::p[.//img] or self::div[*[1][descendant-or-self::img]][not(.//p or .//div)]]"
    ):
        _captioned(element)


def _captioned(element: Any) -> None:
    """Make a figure of a picture and the line labelled as its caption, in or after its block."""
    picture, after, label = element[0], element.getnext(), element.text_content().strip()
    rest = element[1:]
    if not label and after is not None and after.tag == "p" and after.find(".//img") is None:
        rest, label = [after], after.text_content().strip()
    is_first = not (element.text or "").strip() and (
        picture.tag == "img" or picture.find(".//img") is not None
    )
    if is_first and len(label) < 400 and pattern("page", "caption").match(label):
        caption = element.makeelement("figcaption")
        caption.text, picture.tail = picture.tail, None
        caption.extend(rest)
        element.append(caption)
        element.tag = "figure"


def _pictures(tree: Any) -> None:
    """One `img` with a real address for each picture; those that stand for letters become letters."""
    for image in tree.iter("amp-img", "amp-anim"):
        image.tag = "img"
    for frame in tree.xpath(
        "//noscript[.//img][not(preceding-sibling::*[1][self::img[@src and not(starts-with(@src, 'data:'))]])]"
    ):
        if count_words(frame.text_content()) < 5:
            frame.drop_tag()
    for figure in tree.xpath("//figure[@itemid][not(.//img)]"):
        figure.insert(0, figure.makeelement("img", src=figure.get("itemid")))
    for image in list(tree.iter("img")):
        (_spell if pattern("page", "sign").search(image.get("class") or "") else _enlighten)(image)


def _spell(image: Any) -> None:
    """What a picture among the words says: letters, or for a formula a `var` that also knows the picture."""
    letters = re.sub(
        r"^\{\\(?:display|text)style\s*(.*)\}$", r"\1", (image.get("alt") or "").strip()
    )
    sign = image.makeelement("var", {"data-sign": image.get("src") or ""})
    sign.text, sign.tail = letters or PICTURED, image.tail
    image.getparent().replace(image, sign)
    if pattern("page", "emoji").search(image.get("class")):
        sign.text = letters
        sign.drop_tag()


def _enlighten(image: Any) -> None:
    """The address that a script would have given a picture."""
    src = image.get("src", "")
    if src and not _STAND_IN.search(src):
        return
    sets = [image.get("data-srcset"), image.get("srcset")]
    for holder in image.iterancestors("picture"):
        sets += [
            source.get(name)
            for source in holder.iter("source")
            for name in ("srcset", "data-srcset")
        ]
    said = [image.get(name) for name in words("page")["lazy"]] + [
        _of_set(one) for one in sets if one
    ]
    image.set(
        "src",
        next((one.strip() for one in said if one and not one.strip().startswith("data:")), ""),
    )


def _of_set(srcset: str) -> str:
    """The picture of a set that is about as wide as a text, else the widest (HTML 4.8.4.2.1)."""
    sizes = {url: int(width) for url, width in re.findall(r"(?<!\S)(\S+)\s+(\d{1,5})w\b", srcset)}
    first = srcset.strip().split(" ")[0].rstrip(",")
    return min(sizes, key=lambda url: (sizes[url] < WIDE, abs(sizes[url] - WIDE)), default=first)


def _loosen(element: Any) -> None:
    """A `pre` that holds prose in paragraphs, not code, becomes those paragraphs."""
    from lxml.html import fragment_fromstring

    text = element.text_content()
    count = count_words(text)
    if (
        count >= 80
        and len(re.findall(r"\n[ \t]*\n", text)) >= 3
        and len(pattern("page", "code").findall(text)) <= count / 50
    ):
        prose = fragment_fromstring(f"<div>{''.join(_paragraphs(text))}</div>")
        prose.tail = element.tail
        element.getparent().replace(element, prose)
