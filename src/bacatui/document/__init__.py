"""The document: an article as a short sequence of typed blocks, with one function per way out.

A document has no place for escape codes, scripts, styles or positions: what cannot be said in these blocks
cannot reach the screen. Inline text is a flat tuple of `Run`s, so that a renderer never recurses for it.

`to_html` writes a clean minimal HTML that is also well-formed XML, which is what the store keeps; `read`
turns it back lazily, block by block, so that the first screen of a long article is there before its end
has been looked at. `Builder` is the one place where tags become blocks; `articles` drives it with a web
page's elements, `read` with our own.
"""

from bacatui.document.blocks import (
    Block,
    Code,
    Definitions,
    Document,
    Figure,
    Heading,
    Listing,
    Notes,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Runs,
    Style,
    Table,
    count_words,
    links,
    pictures,
    plain,
    runs_of,
    trim,
    walk,
)
from bacatui.document.build import Builder
from bacatui.document.read import read
from bacatui.document.write import escape, to_html, to_markdown, to_text

__all__ = [
    "Block",
    "Builder",
    "Code",
    "Definitions",
    "Document",
    "Figure",
    "Heading",
    "Listing",
    "Notes",
    "Paragraph",
    "Picture",
    "Quote",
    "Rule",
    "Run",
    "Runs",
    "Style",
    "Table",
    "count_words",
    "escape",
    "links",
    "pictures",
    "plain",
    "read",
    "runs_of",
    "to_html",
    "to_markdown",
    "to_text",
    "trim",
    "walk",
]
