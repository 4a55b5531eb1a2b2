"""Turn code in any markup into a `pre` with only its lines, and its language as attribute."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bacatui.articles.words import pattern, words

_ROWS = frozenset(
    ("div", "p", "li", "tr", "ol", "ul", "table", "section")
)  # on lines of their own, inside code
_HOLDS_CODE = frozenset(("div", "article", "section", "main", "body", "figure", "td", "p"))
_APART = _HOLDS_CODE | {
    "code",
    "samp",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "ul",
    "ol",
    "blockquote",
    "br",
    "table",
}
_LINE = re.compile(
    r"(?:^|[\s_-])line(?:$|\s)", re.IGNORECASE
)  # the class of a span that is shown as a line
_MARKS = frozenset(
    ("highlight", "syntaxhighlighter", "codehilite", "chroma", "code", "hljs", "sourceCode")
)
BESIDE = 3  # elements before and after code that are looked at
SAME = 20  # letters of code that is shown twice


def settle(tree: Any) -> None:
    """Turn all code of a page into plain `pre` elements. Changes the tree."""
    for element in tree.iter("xmp", "listing", "plaintext"):
        element.tag = "pre"
    is_gutter = pattern("page", "gutter").search
    for element in [
        e for e in tree.iter() if is_gutter(f"{e.get('class', '')} {e.get('style', '')}")
    ]:
        beside = [e.tag for e in (element.getprevious(), element.getnext()) if e is not None]
        has_code = "pre" in [element.tag, *beside] or next(
            element.iterancestors("pre", "td"), element
        ).tag in {
            "pre",
            "td",
        }
        if has_code and re.fullmatch(r"[\d\s]*", element.text_content()):
            element.drop_tree()
    for holder, lines in _listings(tree).items():
        _set(holder, "\n".join("".join(line.itertext()).strip("\r\n") for line in lines))
    alone = "//*[self::code or self::samp][not(ancestor::pre)][not(.//pre)]"
    folded = list(_set_apart(tree.xpath(alone)))
    for box in tree.xpath("//*[self::div or self::p][@class][br][not(.//pre or .//div or .//p)]"):
        if pattern("page", "code_box").fullmatch(box.get("class").strip()):
            folded.append(box)
    for element in folded:
        is_folded = element.find(".//br") is not None
        _set(
            element,
            re.sub("(?<! ) *\n *", "\n", _lines(element, " ").strip(" "))
            if is_folded
            else _lines(element).lstrip(),
        )
    for element in list(tree.iter("pre")):
        if element.find(".//img") is None:
            _set(element, _lines(element))
            _stand_out(element)


def _listings(tree: Any) -> dict[Any, list[Any]]:
    """The boxes and tables that hold one element per line of code, each with these elements."""
    found: dict[Any, list[Any]] = {}
    is_line, is_box = pattern("page", "code_line").search, pattern("page", "code_boxes").search
    for line in tree.xpath("//*[self::div or self::td or self::li][@class][not(ancestor::pre)]"):
        if is_line(line.get("class")):
            holder = (
                next(line.iterancestors("table"), None) if line.tag == "td" else line.getparent()
            )
            found.setdefault(holder, []).append(line)
    return {
        holder: lines
        for holder, lines in found.items()
        if holder is not None
        and any(is_box(e.get("class") or "") for e in [holder, *list(holder.iterancestors())[:5]])
    }


def _set_apart(codes: Iterable[Any]) -> Iterator[Any]:
    """The code elements that stand apart from text as a block does, though in no `pre`."""
    inside: dict[Any, list[Any]] = {}
    for code in codes:
        inside.setdefault(code.getparent(), []).append(code)
    for parent, held in inside.items():
        beside = [parent.text, *(child.tail for child in parent)]
        is_bare = all(child.tag in _APART for child in parent) and not any(
            text and text.strip() for text in beside
        )
        is_row = parent.tag != "p" and len(parent) > 1  # lxml counts children anew each time
        for code in held if is_bare and parent.tag in _HOLDS_CODE else ():
            has_lines = parent.tag != "p" and "\n" in code.text_content().strip()
            if is_row or has_lines or code.find(".//br") is not None:
                yield code


def _set(element: Any, text: str) -> None:
    """Make an element a `pre` with this text."""
    language, tail = next(_languages(element), ""), element.tail
    element.clear()
    element.tag, element.text, element.tail = "pre", text.replace("\xa0", " "), tail
    if language:
        element.set("data-language", language)


def _stand_out(code: Any) -> None:
    """Drop neighbours of code that only repeat it or name its language."""
    same = "".join(code.text.split())
    beside = [
        *islice(code.itersiblings(preceding=True), BESIDE),
        *islice(code.itersiblings(), BESIDE),
    ]
    for near in [e for e in beside if e.tag in {"div", "span"}]:
        said = "".join(near.text_content()[: 2 * len(code.text)].split())
        if said.lower() == code.get("data-language", " ") or (len(same) > SAME and said == same):
            near.drop_tree()


def _lines(element: Any, blank: str = "") -> str:
    """The text of code, with a line for each row and after each `br`.

    `blank` replaces white space of the source where its line ends mean nothing.
    """
    from lxml.etree import iterwalk

    parts, opened, row = [""], 0, None
    for event, inner in iterwalk(element, events=("start", "end")):
        is_row = inner is not element and (inner.tag in _ROWS or _is_line(inner))
        if is_row and event == "start":
            parts.append("" if parts[-1][-1:] in {"", "\n"} else "\n")
            opened, row = len(parts), inner
        elif is_row and inner is row and (len(parts) == opened or not parts[-1].endswith("\n")):
            parts.append("\n")  # a blank row is a line too
        elif event == "start" and inner.tag == "br":
            parts.append("\n")
        text = inner.text if event == "start" else inner.tail if inner is not element else ""
        if text and not (is_row and event == "end" and text.isspace()):
            parts.append(re.sub(r"[ \t\r\n]+", blank, text) if blank else text)
    return "".join(parts)


def _is_line(span: Any) -> bool:
    """Whether a span is a line of code that only CSS puts on a line of its own."""
    after = span.getnext()
    is_next = span.tag == "span" and not span.tail and after is not None and after.tag == "span"
    return is_next and _LINE.search(span.get("class") or "") is not None


def _languages(element: Any) -> Iterator[str]:
    """The languages that the classes of a code block, its `code` or its wrappers name."""
    known, none = (words("code")[name].split() for name in ("languages", "none"))
    for near in [
        *islice(element.iter("code"), 1),
        element,
        *islice(element.iterancestors("div", "figure"), 2),
    ]:
        said = [near.get(name) or "" for name in words("code")["names"]]
        names = f"{near.get('class') or ''} {near.get('data-syntaxhighlighter-params') or ''}"
        tokens = re.sub(r":\s+", ":", names.replace(";", " ")).split()
        is_code = near.tag in {"code", "pre"} or not _MARKS.isdisjoint(tokens)
        said += [
            match[1]
            for token in tokens
            if (match := re.fullmatch(r"(?:language|lang|brush)[-:](.+)", token))
        ]
        marked = (
            re.sub(r"^(?:highlight-(?:source|text)|highlight|hl|src|type)-", "", token)
            for token in tokens
        )
        said += [
            name
            for name, token in zip(marked, tokens, strict=True)
            if name in known and (is_code or name != token)
        ]
        for name in said:
            if re.fullmatch(r"[\w+#.-]{1,20}", name) and name.lower() not in none:
                yield name.lower()
