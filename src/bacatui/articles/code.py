"""Code, in whatever form a page shows it, as a `pre` that holds its lines and nothing else, and names its language."""

from __future__ import annotations

import re
from typing import Any

from bacatui.articles.words import pattern

_ROWS = frozenset(("div", "p", "li", "tr", "ol", "ul", "table", "section"))  # on lines of their own, inside code
_HOLDS_CODE = frozenset(("div", "article", "section", "main", "body", "figure", "td", "p"))
_APART = _HOLDS_CODE | {"code", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "blockquote", "br", "table"}
_LANGUAGE = re.compile(
    r"(?:^|[\s_-])(?:language|lang|highlight-source|highlight|brush)[-: ]+([a-z0-9+#]{1,20})|^([a-z+#]{1,12})$",
    re.IGNORECASE,
)
_NO_LANGUAGE = frozenset((
    "highlight", "wrap", "code", "prettyprint", "text", "none", "plain", "nohighlight", "default", "chroma", "hljs",
    "rouge", "prism", "shiki", "codehilite", "sourcecode", "listing", "verbatim", "screen", "block", "snippet",
))  # fmt: skip


def settle(tree: Any) -> None:
    """Bring all code of a page to that one form."""
    for element in tree.iter("xmp", "listing", "plaintext"):
        element.tag = "pre"
    is_gutter = pattern("page", "gutter").search
    for element in [each for each in tree.iter() if is_gutter(each.get("class", ""))]:
        has_code = element.tag in {"td", "pre"} or next(element.iterancestors("pre"), None) is not None
        if has_code and re.fullmatch(r"[\d\s]*", element.text_content()):
            element.drop_tree()
    for holder, lines in _listings(tree).items():
        _set(holder, "\n".join("".join(line.itertext()).strip("\r\n") for line in lines))
    folded = list(filter(_stands_alone, tree.xpath("//code[not(ancestor::pre)][not(.//pre)]")))
    for box in tree.xpath("//*[self::div or self::p][@class][br][not(.//pre or .//div or .//p)]"):
        if pattern("page", "code_box").fullmatch(box.get("class").strip()):
            folded.append(box)
    for element in folded:
        is_folded = element.find(".//br") is not None
        _set(
            element, re.sub(" *\n *", "\n", _lines(element, " ").strip(" ")) if is_folded else _lines(element).lstrip()
        )
    for element in list(tree.iter("pre")):
        if element.find(".//img") is None:
            _set(element, _lines(element))


def _listings(tree: Any) -> dict[Any, list[Any]]:
    """What highlighters fill with lines of code, a box or a table's row for each; and those lines."""
    found: dict[Any, list[Any]] = {}
    is_line, is_box = pattern("page", "code_line").search, pattern("page", "code_boxes").search
    for line in tree.xpath("//*[self::div or self::td or self::li][@class][not(ancestor::pre)]"):
        if is_line(line.get("class")):
            holder = next(line.iterancestors("table"), None) if line.tag == "td" else line.getparent()
            found.setdefault(holder, []).append(line)
    return {
        holder: lines
        for holder, lines in found.items()
        if holder is not None and any(is_box(e.get("class") or "") for e in [holder, *list(holder.iterancestors())[:5]])
    }


def _stands_alone(code: Any) -> bool:
    """Whether code is set apart without a `pre`."""
    parent = code.getparent()
    beside = [parent.text, *(child.tail for child in parent)]
    is_alone = all(child.tag in _APART for child in parent) and not any(text and text.strip() for text in beside)
    has_lines = code.find(".//br") is not None or (parent.tag != "p" and "\n" in code.text_content().strip())
    return parent.tag in _HOLDS_CODE and is_alone and (has_lines or (parent.tag != "p" and len(parent) > 1))


def _set(element: Any, text: str) -> None:
    """Make an element that `pre`."""
    language, tail = _language(element), element.tail
    element.clear()
    element.tag, element.text, element.tail = "pre", text.replace("\xa0", " "), tail
    if language:
        element.set("data-language", language)


def _lines(element: Any, blank: str = "") -> str:
    """The text of code, in which each row, and what follows a `br`, is on a line of its own; where line ends of the
    source are but blanks, with `blank` for them.
    """
    from lxml.etree import iterwalk

    parts = [""]
    for event, inner in iterwalk(element, events=("start", "end")):
        is_row = inner.tag in _ROWS and inner is not element
        if is_row and parts[-1][-1:] not in {"", "\n"}:
            parts.append("\n")
        if event == "start" and inner.tag == "br":
            parts.append("\n")
        text = inner.text if event == "start" else inner.tail if inner is not element else ""
        if text and not (is_row and event == "end" and text.isspace()):
            parts.append(re.sub(r"[ \t\r\n]+", blank, text) if blank else text)
    return "".join(parts)


def _language(element: Any) -> str:
    """The language that a code block names, in its own classes, its `code`'s, or those of its wrappers."""
    for near in [element, *element.iterchildren("code"), *list(element.iterancestors("div", "figure"))[:2]]:
        said = near.get("data-lang") or near.get("data-language") or ""
        if re.fullmatch(r"[\w+#-]{1,20}", said):
            return str(said).lower()
        for match in _LANGUAGE.finditer(near.get("class") or ""):
            name = (match[1] or (match[2] if near.tag in {"pre", "code"} else "") or "").lower()
            if name and name not in _NO_LANGUAGE:
                return name
    return ""
