"""What an element becomes when it closes: its blocks, handed to the element around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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
    Run,
    Runs,
    Table,
    trim,
)
from bacatui.document.write import to_text

_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
INLINE_ONLY = frozenset({"td", "th", "dt", "caption", "figcaption"}) | _HEADINGS  # hold no blocks


@dataclass(slots=True, eq=False)
class Frame:
    """An element that is open: what has been gathered inside it so far."""

    tag: str
    attrs: dict[str, str]
    runs: list[Run] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    items: list[tuple[str, tuple[Block, ...]]] = field(default_factory=list)
    pairs: list[tuple[Runs, tuple[Block, ...]]] = field(default_factory=list)
    rows: list[tuple[Runs, ...]] = field(default_factory=list)
    cells: list[Runs] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    caption: Runs = ()
    term: Runs = ()
    head: int = 0


def flush(frame: Frame) -> None:
    """What inline text stands in an open element becomes a paragraph of it."""
    if frame.tag == "pre" or not frame.runs:
        return
    runs = trim(frame.runs)
    frame.runs = []
    if runs:
        frame.blocks.append(Paragraph(runs))


def _close_quote(frame: Frame, parent: Frame) -> None:
    if frame.blocks:
        _into(parent, Quote(tuple(frame.blocks)))


def _close_list(frame: Frame, parent: Frame) -> None:
    items = [blocks for _, blocks in frame.items]
    if frame.blocks:  # content outside any item is kept as one
        items.append(tuple(frame.blocks))
    if items:
        start = None
        if frame.tag == "ol":
            given = frame.attrs.get("start", "1")
            start = int(given) if re.fullmatch(r"-?[0-9]{1,6}", given) else 1
        _into(parent, Listing(tuple(items), start))


def _close_item(frame: Frame, parent: Frame) -> None:
    if not frame.blocks:
        return
    if parent.tag in {"ul", "ol", "notes"}:
        parent.items.append((frame.attrs.get("id", ""), tuple(frame.blocks)))
    else:
        _into(parent, Listing((tuple(frame.blocks),)))


def _close_notes(frame: Frame, parent: Frame) -> None:
    if frame.items:
        _into(parent, Notes(tuple(frame.items)))
    for block in frame.blocks:
        _into(parent, block)


def _close_definitions(frame: Frame, parent: Frame) -> None:
    if frame.term:
        frame.pairs.append((frame.term, ()))
    if frame.pairs:
        _into(parent, Definitions(tuple(frame.pairs)))
    for block in frame.blocks:
        _into(parent, block)


def _close_term(frame: Frame, parent: Frame) -> None:
    runs = _gathered(frame)
    if parent.tag == "dl":
        if parent.term:
            parent.pairs.append((parent.term, ()))
        parent.term = runs
    elif runs:
        _into(parent, Paragraph(runs))


def _close_explanation(frame: Frame, parent: Frame) -> None:
    if parent.tag == "dl":
        parent.pairs.append((parent.term, tuple(frame.blocks)))
        parent.term = ()
        return
    for block in frame.blocks:
        _into(parent, block)


def _close_code(frame: Frame, parent: Frame) -> None:
    text = "".join(run.text for run in frame.runs).expandtabs(4).strip("\n")
    if text.strip():
        _into(parent, Code(text, frame.attrs.get("data-language", "")))


def _close_heading(frame: Frame, parent: Frame) -> None:
    runs = trim(frame.runs)
    for block in frame.blocks:
        _into(parent, block)
    if runs:
        _into(parent, Heading(int(frame.tag[1]), runs))


def _close_row(frame: Frame, parent: Frame) -> None:
    for block in frame.blocks:
        _into(parent, block)
    if not any(frame.cells):
        return
    if parent.tag == "table":
        if frame.head and parent.head == len(parent.rows):
            parent.head += 1
        parent.rows.append(tuple(frame.cells))
    else:
        parent.runs.extend(_joined(frame.cells))


def _gathered(frame: Frame) -> Runs:
    """All that stands in an element that holds only inline text, what blocks were in it too."""
    runs = trim(frame.runs)
    for block in frame.blocks:
        runs = (*runs, Run("\n"), *_flat(block)) if runs else _flat(block)
    return trim(runs)


def _close_cell(frame: Frame, parent: Frame) -> None:
    runs = _gathered(frame)
    if parent.tag == "tr":
        parent.head = int(frame.tag == "th" and (not parent.cells or parent.head > 0))
        parent.cells.append(runs)
    else:
        parent.runs.extend((*runs, Run(" ")))


def _close_table(frame: Frame, parent: Frame) -> None:
    for block in frame.blocks:
        _into(parent, block)
    if frame.rows:
        _into(parent, Table(tuple(frame.rows), min(frame.head, len(frame.rows)), frame.caption))
    elif frame.caption:
        _into(parent, Paragraph(frame.caption))


def _close_caption(frame: Frame, parent: Frame) -> None:
    runs = _gathered(frame)
    if parent.tag in {"table", "figure"}:
        parent.caption = (*parent.caption, Run("\n"), *runs) if parent.caption and runs else (parent.caption or runs)
    elif runs:
        _into(parent, Paragraph(runs))


def _close_figure(frame: Frame, parent: Frame) -> None:
    for block in frame.blocks:
        _into(parent, block)
    if frame.pictures:
        _into(parent, Figure(tuple(frame.pictures), frame.caption))
    elif frame.caption:
        _into(parent, Paragraph(frame.caption))


def _into(parent: Frame, block: Block) -> None:
    """A finished block joins its parent; in a cell, which holds only inline text, it is flattened."""
    if parent.tag in INLINE_ONLY:
        flat = _flat(block)
        if parent.runs and flat:
            parent.runs.append(Run("\n"))
        parent.runs.extend(flat)
    elif parent.tag == "pre":
        parent.runs.extend(_flat(block))
    else:
        flush(parent)
        parent.blocks.append(block)


def _joined(cells: Iterable[Runs]) -> Iterator[Run]:
    for cell in cells:
        yield from cell
        yield Run(" ")
    yield Run("\n")


def _flat(block: Block) -> Runs:
    """A block as inline text, for places that hold nothing else."""
    if isinstance(block, Paragraph | Heading):
        return block.runs
    text = to_text((block,), captions=True)
    return (Run(text.replace("\n\n", "\n")),) if text else ()


CLOSERS: Mapping[str, Callable[[Frame, Frame], None]] = {
    "blockquote": _close_quote, "ul": _close_list, "ol": _close_list, "li": _close_item,
    "dl": _close_definitions, "dt": _close_term, "dd": _close_explanation, "pre": _close_code,
    "table": _close_table, "tr": _close_row, "td": _close_cell, "th": _close_cell,
    "caption": _close_caption, "figcaption": _close_caption, "figure": _close_figure, "notes": _close_notes,
} | dict.fromkeys(_HEADINGS, _close_heading)  # fmt: skip
