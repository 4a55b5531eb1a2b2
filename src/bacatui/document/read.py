"""Stored HTML back to blocks, lazily."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.parsers import expat

from bacatui.document.blocks import Block
from bacatui.document.build import Builder


def read(html: str, step: int = 32_768, builder: type[Builder] = Builder) -> Iterator[Block]:
    """The blocks of stored HTML, lazily, `step` characters at a time, as `builder` makes them.

    What is not well-formed (a store edited by hand) is read as tag soup, so that no text is hidden by a
    missing bracket.
    """
    building, given = builder(), 0
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = building.start
    parser.EndElementHandler = building.end
    parser.CharacterDataHandler = building.text
    try:
        parser.Parse("<x>", False)
        for at in range(0, len(html), step):
            parser.Parse(html[at : at + step], False)
            blocks = building.take()
            given += len(blocks)
            yield from blocks
        parser.Parse("</x>", True)
        yield from building.finish()
    except expat.ExpatError:
        building = builder()
        soup = _Soup(building)
        soup.feed(html.replace("<![", "&lt;!["))  # where the parser fails on some, as on <![x[
        soup.close()
        yield from building.finish()[given:]


class _Soup(HTMLParser):
    """The standard library's forgiving parser, driving the same builder."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.text(data)
