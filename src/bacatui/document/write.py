"""Blocks to text, HTML and Markdown: one function per form, each a `match` over the closed union."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from bacatui.document.blocks import (
    Block,
    Code,
    Definitions,
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
    plain,
)


def to_text(blocks: Iterable[Block], *, captions: bool = False, markers: bool = False) -> str:
    """Plain text: blocks separated by blank lines, list items and table rows by line ends.

    `captions` includes figure captions (where they are the story); `markers` sets bullets and numbers before
    list items, for reading rather than for comparing.
    """
    return "\n\n".join(filter(None, (_block_text(block, captions, markers) for block in blocks)))


def _block_text(block: Block, captions: bool, markers: bool) -> str:
    def inner(blocks: Iterable[Block], joint: str = "\n") -> str:
        return joint.join(filter(None, (_block_text(b, captions, markers) for b in blocks)))

    match block:
        case Paragraph(runs) | Heading(_, runs):
            return plain(runs)
        case Quote(blocks):
            return inner(blocks, "\n\n")
        case Listing(items, start):
            lines = []
            for number, item in enumerate(items, start or 0):
                mark = ("• " if start is None else f"{number}. ") if markers else ""
                lines.append(mark + inner(item).replace("\n", "\n" + " " * len(mark)))
            return "\n".join(lines)
        case Code(text):
            return text
        case Table(rows, _, caption):
            lines = ["\t".join(plain(cell).replace("\n", " ") for cell in row) for row in rows]
            return "\n".join([plain(caption), *lines] if caption else lines)
        case Figure(_, caption):
            return plain(caption) if captions else ""
        case Definitions(items):
            return "\n".join(filter(None, (p for term, body in items for p in (plain(term), inner(body)))))
        case Notes(notes):
            return "\n".join((f"[{n}] " if markers else "") + inner(body) for n, (_, body) in enumerate(notes, 1))
        case Rule():
            return ""
    assert_never(block)


_TAGS = {
    Style.EM: "em", Style.STRONG: "strong", Style.CODE: "code", Style.SUP: "sup", Style.SUB: "sub",
    Style.STRIKE: "s", Style.MARK: "mark",
}  # fmt: skip


def escape(text: str) -> str:
    """Text for an HTML element or a double-quoted attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _runs_html(runs: Runs) -> str:
    parts = []
    for run in runs:
        html = escape(run.text).replace("\n", "<br/>")
        for style, tag in _TAGS.items() if run.style else ():
            if style in run.style:
                html = f"<{tag}>{html}</{tag}>"
        parts.append(f'<a href="{escape(run.href)}">{html}</a>' if run.href else html)
    return "".join(parts)


def to_html(blocks: Iterable[Block]) -> str:
    """Clean minimal HTML, one block a line, well-formed as XML; `read` gives the same blocks back."""
    return "\n".join(_block_html(block) for block in blocks)


def _body_html(blocks: tuple[Block, ...]) -> str:
    """The inside of an item: a lone or first paragraph needs no tags of its own."""
    if blocks and isinstance(first := blocks[0], Paragraph) and not any(isinstance(b, Paragraph) for b in blocks[1:2]):
        return _runs_html(first.runs) + "".join(_block_html(b) for b in blocks[1:])
    return "".join(_block_html(b) for b in blocks)


def _block_html(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return f"<p>{_runs_html(runs)}</p>"
        case Heading(level, runs):
            return f"<h{level}>{_runs_html(runs)}</h{level}>"
        case Quote(blocks):
            return f"<blockquote>{''.join(map(_block_html, blocks))}</blockquote>"
        case Listing(items, start):
            inside = "".join(f"<li>{_body_html(item)}</li>" for item in items)
            if start is None:
                return f"<ul>{inside}</ul>"
            return f'<ol start="{start}">{inside}</ol>' if start != 1 else f"<ol>{inside}</ol>"
        case Code(text, language):
            said = f' data-language="{escape(language)}"' if language else ""
            # the line end after <pre> is not part of the text (HTML 13.2.6.4.7), and keeps a leading one safe
            return f"<pre{said}>\n{escape(text)}</pre>"
        case Table():
            return _table_html(block)
        case Figure(pictures, caption):
            said = f"<figcaption>{_runs_html(caption)}</figcaption>" if caption else ""
            return f"<figure>{''.join(map(_picture_html, pictures))}{said}</figure>"
        case Definitions(items):
            inside = "".join(f"<dt>{_runs_html(t)}</dt><dd>{_body_html(b)}</dd>" for t, b in items)
            return f"<dl>{inside}</dl>"
        case Notes(notes):
            inside = "".join(f'<li id="{escape(name)}">{_body_html(b)}</li>' for name, b in notes)
            return f'<section class="footnotes">{inside}</section>'
        case Rule():
            return "<hr/>"
    assert_never(block)


def _picture_html(picture: Picture) -> str:
    size = "".join(f' {k}="{v}"' for k, v in (("width", picture.width), ("height", picture.height)) if v)
    return f'<img src="{escape(picture.src)}" alt="{escape(picture.alt)}"{size}/>'


def _table_html(table: Table) -> str:
    rows = []
    for at, row in enumerate(table.rows):
        tag = "th" if at < table.head else "td"
        rows.append("<tr>" + "".join(f"<{tag}>{_runs_html(cell)}</{tag}>" for cell in row) + "</tr>")
    caption = f"<caption>{_runs_html(table.caption)}</caption>" if table.caption else ""
    return f"<table>{caption}{''.join(rows)}</table>"


_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])|(?m:^([#+\-]|\d+[.)])(?= ))")
_MARKDOWN_FENCES = {Style.EM: "*", Style.STRONG: "**", Style.STRIKE: "~~"}


def _runs_markdown(runs: Runs) -> str:
    parts = []
    for run in runs:
        if Style.CODE in run.style:
            text = f"`{run.text}`" if "`" not in run.text else f"`` {run.text} ``"
        else:
            text = _MARKDOWN_SPECIAL.sub(lambda m: "\\" + m[0], run.text)
            for style, fence in _MARKDOWN_FENCES.items():
                if style in run.style and (core := text.strip()):
                    text = text.replace(core, fence + core + fence)
        text = text.replace("\n", "  \n")
        parts.append(f"[{text}](<{run.href}>)" if run.href and not run.href.startswith("#") else text)
    return "".join(parts)


def to_markdown(blocks: Iterable[Block]) -> str:
    """CommonMark, with tables and footnotes as GitHub writes them."""
    return "\n\n".join(filter(None, map(_block_markdown, blocks)))


def _indented(text: str, first: str, rest: str) -> str:
    return first + text.replace("\n", "\n" + rest)


def _block_markdown(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return _runs_markdown(runs)
        case Heading(level, runs):
            return "#" * level + " " + _runs_markdown(runs).replace("  \n", " ")
        case Quote(blocks):
            return _indented(to_markdown(blocks), "> ", "> ")
        case Listing(items, start):
            lines = []
            for number, item in enumerate(items, start or 0):
                mark = "- " if start is None else f"{number}. "
                lines.append(_indented(to_markdown(item), mark, " " * len(mark)))
            return "\n".join(lines)
        case Code(text, language):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            return f"{fence}{language}\n{text}\n{fence}"
        case Table():
            return _table_markdown(block)
        case Figure(pictures, caption):
            shown = "".join(f"![{_runs_markdown((Run(p.alt),))}](<{p.src}>)" for p in pictures)
            return f"{shown}\n\n{_runs_markdown(caption)}" if caption else shown
        case Definitions(items):
            return "\n\n".join(f"**{plain(t)}**\n\n{_indented(to_markdown(b), '> ', '> ')}" for t, b in items)
        case Notes(notes):
            return "\n\n".join(_indented(to_markdown(b), f"[^{n}]: ", "    ") for n, (_, b) in enumerate(notes, 1))
        case Rule():
            return "---"
    assert_never(block)


def _table_markdown(table: Table) -> str:
    columns = max(map(len, table.rows))
    rows = [[_runs_markdown(cell).replace("  \n", "<br>") for cell in row] for row in table.rows]
    rows = [row + [""] * (columns - len(row)) for row in rows]
    head, body = (rows[0], rows[1:]) if table.head else ([""] * columns, rows)
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * columns, *body)]
    return "\n".join(([_runs_markdown(table.caption), ""] if table.caption else []) + lines)
