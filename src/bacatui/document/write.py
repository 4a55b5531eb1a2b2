"""Blocks to text, HTML and Markdown: one function per form, each a `match` over the closed union."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import assert_never

from bacatui.document import blocks as b
from bacatui.document.blocks import Block, Paragraph, Run, Runs, Style, plain

_TAGS = {
    Style.EM: "em", Style.STRONG: "strong", Style.CODE: "code", Style.SUP: "sup", Style.SUB: "sub",
    Style.STRIKE: "s", Style.MARK: "mark",
}  # fmt: skip
_FENCES = {Style.EM: "*", Style.STRONG: "**", Style.STRIKE: "~~"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])|(?m:^([#+\-]|\d+[.)])(?= ))")  # in Markdown


def escape(text: str) -> str:
    """Text for an HTML element or a double-quoted attribute."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def with_lead(html: str, picture: str) -> str:
    """Stored HTML under the lead picture at that address, where it has none of its own."""
    return (
        f'<figure><img src="{escape(picture)}" alt=""/></figure>{html}'
        if picture and "<img" not in html
        else html
    )


def to_text(blocks: Iterable[Block], *, captions: bool = False, markers: bool = False) -> str:
    """Plain text: blocks separated by blank lines, list items and table rows by line ends.

    `captions` includes figure captions (where they are the story); `markers` sets bullets and numbers before
    list items, for reading rather than for comparing.
    """
    return "\n\n".join(filter(None, (_block_text(block, captions, markers) for block in blocks)))


def _block_text(block: Block, captions: bool, markers: bool) -> str:
    def inner(blocks: Iterable[Block], joint: str = "\n") -> str:
        return joint.join(filter(None, (_block_text(each, captions, markers) for each in blocks)))

    match block:
        case Paragraph(runs) | b.Heading(_, runs):
            return plain(runs)
        case b.Quote(blocks):
            return inner(blocks, "\n\n")
        case b.Listing(items, start):
            marks = ["• " if start is None else f"{n}. " for n, _ in enumerate(items, start or 0)]
            return "\n".join(
                _indented(inner(i), m if markers else "") for m, i in zip(marks, items, strict=True)
            )
        case b.Code(text):
            return text
        case b.Table(rows, _, caption):
            lines = ["\t".join(plain(cell).replace("\n", " ") for cell in row) for row in rows]
            return "\n".join([plain(caption), *lines] if caption else lines)
        case b.Figure(pictures, caption):
            return plain(caption) if captions and pictures else ""
        case b.Definitions(items):
            return "\n".join(
                filter(None, (part for term, body in items for part in (plain(term), inner(body))))
            )
        case b.Notes(notes):
            return "\n".join(
                (f"[{n}] " if markers else "") + inner(body) for n, (_, body) in enumerate(notes, 1)
            )
        case b.Divider():
            return ""
    assert_never(block)


def to_html(blocks: Iterable[Block]) -> str:
    """Clean minimal HTML, one block a line, well-formed as XML; `read` gives the same blocks back."""
    return "\n".join(map(_block_html, blocks))


def _runs_html(runs: Runs) -> str:
    parts = []
    for href, group in groupby(runs, key=lambda run: "" if run.style & Style.PICTURE else run.href):
        html = "".join(map(_run_html, group))
        parts.append(f'<a href="{escape(href)}">{html}</a>' if href else html)
    return "".join(parts)


def _run_html(run: Run) -> str:
    if run.style & Style.PICTURE:
        alt = "" if run.text == b.PICTURED else run.text
        return f'<img class="glyph" src="{escape(run.href)}" alt="{escape(alt)}"/>'
    html = escape(run.text).replace("\n", "<br/>")
    for style, tag in _TAGS.items() if run.style else ():
        if style in run.style:
            html = f"<{tag}>{html}</{tag}>"
    return html


def _body_html(blocks: tuple[Block, ...]) -> str:
    """The inside of an item: a lone or first paragraph needs no tags of its own."""
    if (
        blocks
        and isinstance(first := blocks[0], Paragraph)
        and not any(isinstance(n, Paragraph) for n in blocks[1:2])
    ):
        return _runs_html(first.runs) + "".join(map(_block_html, blocks[1:]))
    return "".join(map(_block_html, blocks))


def _block_html(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return f"<p>{_runs_html(runs)}</p>"
        case b.Heading(level, runs):
            return f"<h{level}>{_runs_html(runs)}</h{level}>"
        case b.Quote(blocks):
            return f"<blockquote>{''.join(map(_block_html, blocks))}</blockquote>"
        case b.Listing(items, start):
            tag, said = (
                ("ul", "") if start is None else ("ol", f' start="{start}"' if start != 1 else "")
            )
            return (
                f"<{tag}{said}>{''.join(f'<li>{_body_html(item)}</li>' for item in items)}</{tag}>"
            )
        case b.Code(text, language):
            said = f' data-language="{escape(language)}"' if language else ""
            # the line end after <pre> is not part of the text (HTML 13.2.6.4.7), and keeps a leading one safe
            return f"<pre{said}>\n{escape(text)}</pre>"
        case b.Table(rows, head, caption):
            tags = ["th" if at < head else "td" for at in range(len(rows))]
            lines = (
                "".join(f"<{t}>{_runs_html(cell)}</{t}>" for cell in row)
                for t, row in zip(tags, rows, strict=True)
            )
            said = f"<caption>{_runs_html(caption)}</caption>" if caption else ""
            return f"<table>{said}{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
        case b.Figure((), caption):
            return f'<figure class="embed">{_runs_html(caption)}</figure>'
        case b.Figure(pictures, caption):
            said = f"<figcaption>{_runs_html(caption)}</figcaption>" if caption else ""
            return f"<figure>{''.join(map(_picture_html, pictures))}{said}</figure>"
        case b.Definitions(items):
            inside = "".join(
                f"<dt>{_runs_html(term)}</dt><dd>{_body_html(body)}</dd>" for term, body in items
            )
            return f"<dl>{inside}</dl>"
        case b.Notes(notes):
            inside = "".join(
                f'<li id="{escape(name)}">{_body_html(body)}</li>' for name, body in notes
            )
            return f'<section class="footnotes">{inside}</section>'
        case b.Divider():
            return "<hr/>"
    assert_never(block)


def _picture_html(picture: b.Picture) -> str:
    size = "".join(
        f' {k}="{v}"' for k, v in (("width", picture.width), ("height", picture.height)) if v
    )
    return f'<img src="{escape(picture.src)}" alt="{escape(picture.alt)}"{size}/>'


def to_markdown(blocks: Iterable[Block]) -> str:
    """CommonMark, with tables and footnotes as GitHub writes them."""
    return "\n\n".join(filter(None, map(_block_markdown, blocks)))


def _runs_markdown(runs: Runs) -> str:
    parts = []
    for run in runs:
        if Style.CODE in run.style:
            text = f"`{run.text}`" if "`" not in run.text else f"`` {run.text} ``"
        else:
            text = _SPECIAL.sub(lambda m: "\\" + m[0], run.text)
            for style, fence in _FENCES.items():
                if style in run.style and (core := text.strip()):
                    text = text.replace(core, fence + core + fence)
        text = text.replace("\n", "  \n")
        sign = "!" if run.style & Style.PICTURE else ""
        parts.append(
            f"{sign}[{text}](<{run.href}>)" if run.href and not run.href.startswith("#") else text
        )
    return "".join(parts)


def _indented(text: str, mark: str, rest: str | None = None) -> str:
    """Text behind a mark, and its further lines behind `rest`, or under the first."""
    return mark + text.replace("\n", "\n" + (" " * len(mark) if rest is None else rest))


def _block_markdown(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return _runs_markdown(runs)
        case b.Heading(level, runs):
            return "#" * level + " " + _runs_markdown(runs).replace("  \n", " ")
        case b.Quote(blocks):
            return _indented(to_markdown(blocks), "> ", "> ")
        case b.Listing(items, start):
            marks = ("- " if start is None else f"{n}. " for n, _ in enumerate(items, start or 0))
            return "\n".join(
                _indented(to_markdown(item), mark) for mark, item in zip(marks, items, strict=True)
            )
        case b.Code(text, language):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            return f"{fence}{language}\n{text}\n{fence}"
        case b.Table():
            return _table_markdown(block)
        case b.Figure(pictures, caption):
            shown = "".join(f"![{_runs_markdown((Run(p.alt),))}](<{p.src}>)" for p in pictures)
            return "\n\n".join(filter(None, (shown, _runs_markdown(caption))))
        case b.Definitions(items):
            return "\n\n".join(
                f"**{plain(term)}**\n\n{_indented(to_markdown(body), '> ', '> ')}"
                for term, body in items
            )
        case b.Notes(notes):
            return "\n\n".join(
                _indented(to_markdown(body), f"[^{n}]: ", "    ")
                for n, (_, body) in enumerate(notes, 1)
            )
        case b.Divider():
            return "---"
    assert_never(block)


def _table_markdown(table: b.Table) -> str:
    columns = max(map(len, table.rows))
    rows = [[_runs_markdown(cell).replace("  \n", "<br>") for cell in row] for row in table.rows]
    rows = [row + [""] * (columns - len(row)) for row in rows]
    head, body = (rows[0], rows[1:]) if table.head else ([""] * columns, rows)
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * columns, *body)]
    return "\n".join(([_runs_markdown(table.caption), ""] if table.caption else []) + lines)
