"""The blocks of a document, and ways of looking through one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntFlag
from itertools import chain

__all__ = [
    "PICTURED",
    "Block",
    "Code",
    "Definitions",
    "Divider",
    "Document",
    "Figure",
    "Heading",
    "Listing",
    "Notes",
    "Paragraph",
    "Picture",
    "Quote",
    "Run",
    "Runs",
    "Style",
    "Table",
    "figures",
    "links",
    "paragraphs",
    "pictures",
    "plain",
    "runs_of",
    "trim",
    "walk",
]  # fmt: skip
PICTURED = "▨"  # what stands for a picture that says nothing of itself
LONGEST = 20_000  # characters of a paragraph: what is longer could not be laid out at once


class Style(IntFlag):
    """How a run is set. Links are not a style: see `Run.href`."""

    PLAIN = 0
    EM = 1
    STRONG = 2
    CODE = 4
    SUP = 8
    SUB = 16
    STRIKE = 32
    MARK = 64
    PICTURE = 128  # among the words: `text` is what it shows, or PICTURED; `href` its address


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style. A newline in `text` is a line break; `href` is absolute, or `#note-id`."""

    text: str
    style: Style = Style.PLAIN
    href: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 to 6; the article's own headline is not in the document, so bodies start at 2
    runs: Runs


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `start` is the first number of an ordered one, None where the list is not ordered."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. The first `head` rows are headings."""

    rows: tuple[tuple[Runs, ...], ...]
    head: int = 0
    caption: Runs = ()


@dataclass(frozen=True, slots=True)
class Picture:
    src: str
    alt: str = ""
    width: int = 0  # pixels as the page gives them, 0 where it does not
    height: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """Pictures with their caption. With no pictures the caption links to an embedded film."""

    pictures: tuple[Picture, ...]
    caption: Runs = ()


@dataclass(frozen=True, slots=True)
class Definitions:
    """A definition list: each term with its explanation."""

    items: tuple[tuple[Runs, tuple[Block, ...]], ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Footnotes: each with the id that a `Run.href` of `#id` points to."""

    items: tuple[tuple[str, tuple[Block, ...]], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    pass


Block = (
    Paragraph | Heading | Quote | Listing | Code | Table | Figure | Definitions | Notes | Divider
)
Document = tuple[Block, ...]


def plain(runs: Runs) -> str:
    """Inline text without its styles."""
    return "".join(run.text for run in runs)


def size_of(runs: Runs) -> int:
    """The number of characters of the runs together."""
    return sum(len(run.text) for run in runs)


def trim(runs: Iterable[Run]) -> Runs:
    """Fold white space across runs, drop it at line edges, and join neighbours of the same style."""
    found: list[
        tuple[Run, list[str]]
    ] = []  # the first of some neighbours, and the texts of all of them
    last = "\n"
    for run in runs:
        text = re.sub(r" ?\n ?", "\n", run.text) if "\n" in run.text else run.text
        if last in {" ", "\n"}:
            text = text.lstrip(" ")
        if not text:
            continue
        if text[0] == "\n" and last == " ":
            found[-1][1][-1] = found[-1][1][-1].rstrip(" ")
            found = found if any(found[-1][1]) else found[:-1]
        last = text[-1]
        is_same = found and (found[-1][0].style, found[-1][0].href) == (run.style, run.href)
        if is_same and not run.style & Style.PICTURE:
            found[-1][1].append(text)
        else:
            found.append((run, [text]))
    out = [Run("".join(texts), run.style, run.href) for run, texts in found]
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while out and not (text := strip(out[end].text, " \n")):
            out.pop(end)
        if out and text != out[end].text:
            out[end] = Run(text, out[end].style, out[end].href)
    return tuple(run for run in out if run.text)


def parted(runs: Runs) -> Iterator[Runs]:
    """Trimmed runs in parts of at most LONGEST characters, cut between lines or words where there are any."""
    if size_of(runs) <= LONGEST:
        if runs:
            yield runs
        return
    part: list[Run] = []
    room = LONGEST
    for run in runs:
        text = run.text
        while len(text) > room:
            cut = max(text.rfind("\n", 0, room), text.rfind(" ", 0, room)) + 1 or (
                0 if part else room
            )
            yield from filter(None, (trim([*part, Run(text[:cut], run.style, run.href)]),))
            part, text, room = [], text[cut:], LONGEST
        part.append(Run(text, run.style, run.href))
        room -= len(text)
    yield from filter(None, (trim(part),))


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, depth first, containers before what they hold."""
    for block in blocks:
        yield block
        match block:
            case Quote(inner):
                yield from walk(inner)
            case Listing(items):
                yield from walk(chain(*items))
            case Definitions(pairs) | Notes(pairs):
                yield from walk(chain(*(body for _, body in pairs)))


def runs_of(block: Block) -> Iterator[Run]:
    """The runs that stand in a block itself, in reading order."""
    match block:
        case Paragraph(runs) | Heading(_, runs) | Figure(_, runs):
            yield from runs
        case Table(rows, _, caption):
            yield from chain(caption, *(cell for row in rows for cell in row))
        case Definitions(items):
            yield from chain(*(term for term, _ in items))


def paragraphs(text: str) -> Document:
    """Plain text as paragraphs, separated by blank lines."""
    return tuple(Paragraph((Run(part),)) for part in text.split("\n\n") if part)


def links(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """(text, URL) of each link that leads out of the document, in order, each URL once."""
    found: dict[str, str] = {}
    for block in walk(blocks):
        for run in runs_of(block):
            if run.href and run.href[0] != "#" and not run.style & Style.PICTURE:
                found.setdefault(run.href, run.text.strip() or run.href)
    return [(text, url) for url, text in found.items()]


def figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    """All figures, in order."""
    return (block for block in walk(blocks) if isinstance(block, Figure))


def pictures(blocks: Iterable[Block]) -> list[Picture]:
    """Each picture once, in order."""
    return list(
        {picture.src: picture for figure in figures(blocks) for picture in figure.pictures}.values()
    )
