"""Clean simple feed text without building a tree: paragraphs only, none of which a rule knows."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from bacatui.articles.dates import read_date
from bacatui.articles.rules import Rules
from bacatui.articles.text_blocks import TextBlock
from bacatui.articles.words import pattern
from bacatui.document import Block, Builder, escape, to_html, to_text
from bacatui.text import sanitize, tokens

# References that all parsers read alike, and elements that hold only text.
_LETTERS: Final = r"(?:[^<>&]++|&(?:amp|lt|gt|quot|nbsp|hellip|[lr][sd]quo|[nm]dash|#(?:3[89]|160|82[12]\d|8230));)*+"
_STARTS: Final = {tag: tag for tag in ("em", "strong", "b", "i")} | {
    "a": r'a(?: (?:href|rel|target|title)="(?:[^"<>&]|&amp;)*+")*+'
}
_INLINE: Final = "|".join(f"<{start}>{_LETTERS}</{tag}>" for tag, start in _STARTS.items())
_INSIDE: Final = f"{_LETTERS}(?:(?:{_INLINE}){_LETTERS})*+"
_PROSE = re.compile(rf"(?:\s*+<p>{_INSIDE}</p>)++\s*+|{_LETTERS}")
_PART = re.compile(r"<(/?)(\w++)([^<>]*+)>|([^<>]++)")
_ATTRIBUTE = re.compile(r' (\w++)="([^"]*+)"')
OPENING = 20  # words of the first prose, before which dates stand


def prose(html: str, base: str, title: str, rules: Rules) -> tuple[str, str] | None:
    """The clean HTML and text of bounded `html`, or None where the full extraction is needed.

    The result equals that of the full extraction. Accepts text without tags, and paragraphs that
    contain only links and emphasis.
    """
    if not _PROSE.fullmatch(html):
        return None
    sources = [one.lstrip()[3:] for one in html.split("</p>")[:-1]] if "<" in html else [html]
    texts = [_folded(_said(re.sub("<[^<>]*>", "", one) if "<" in one else one)) for one in sources]
    if _is_known(texts, sources, urlsplit(base).hostname or "", rules) or _are_special(
        texts, set(tokens(title))
    ):
        return None
    if "<" in html and html.count("<") > 2 * len(texts):
        blocks = [block for source in sources for block in _built(source, base)]
        return to_html(blocks), to_text(blocks)
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts if text), "\n\n".join(
        filter(None, texts)
    )


def _is_known(texts: list[str], sources: list[str], host: str, rules: Rules) -> bool:
    """Whether a rule matches one of the texts, or may match one with links or emphasis."""
    plain = {text for text, source in zip(texts, sources, strict=True) if "<" not in source}
    return any(
        text not in plain or rules.labelled(_text_block(text), host)
        for text in rules.suspects(texts)
    )


def _text_block(text: str) -> TextBlock:
    block = TextBlock(None, "para", 0)
    block.set_text(text)
    return block


def _are_special(texts: list[str], headline: set[str]) -> bool:
    """Whether one of the texts may be the headline again, a date line, or a time of day."""
    for text in texts:  # a date line stands before the first prose
        if text.count(" ") >= OPENING and _text_block(text).count >= OPENING:
            break
        if re.search(r"\d", text) and _text_block(text).count <= 14 and read_date(text):
            return True
    # A repeated headline shares four words in five with the headline, so it holds at least one of
    # the longest fifth plus one.
    telling = sorted(headline, key=len, reverse=True)[: len(headline) // 5 + 1]
    for text in texts:
        small = text.lower()
        if any(word in small for word in telling):
            words = set(tokens(text))
            if 2 * len(words & headline) > 0.9 * (len(words) + len(headline)):
                return True
    return any(map(pattern("boilerplate", "clock").fullmatch, texts))


def _folded(text: str) -> str:
    """Text with its white space folded."""
    is_tidy = text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]
    return text if is_tidy else " ".join(text.split())


def _said(source: str) -> str:
    return sanitize.code(unescape(source)) if "&" in source else source


def _built(source: str, base: str) -> list[Block]:
    """The document blocks of a paragraph with links and emphasis."""
    builder = Builder()
    for end, tag, inside, text in _PART.findall(source):
        if text:
            said = _said(text)
            builder.text(said if said.isprintable() else re.sub(r"[^\S\n\t]", " ", said))
        elif end:
            builder.end(tag)
        else:
            href = next((value for name, value in _ATTRIBUTE.findall(inside) if name == "href"), "")
            address = unescape(href).strip()
            builder.start(
                tag, {"href": sanitize.url(address, base) if address[:1] not in {"", "#"} else ""}
            )
    return builder.finish()
