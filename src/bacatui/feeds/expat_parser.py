"""The straight way: well-formed RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 gathered in one pass with expat.

Some twenty times faster than feedparser on the nine feeds in ten that are well formed. Whatever this reader is not
sure of raises `Unsure`, and feedparser has its turn; tests hold the two to equal results. Entities are never expanded:
a document with a DOCTYPE is not ours.
"""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Final
from urllib.parse import urljoin
from xml.parsers import expat

from bacatui.feeds.source import ENTRY_LIMIT, words
from bacatui.i18n import _

Fields = dict[
    str, list[tuple[str, dict[str, str]]]
]  # element name -> its texts, each with its attributes


@dataclass(slots=True)
class Raw:
    """A feed document in its publisher's own words: names as in RSS and Atom, nothing decided, nothing cleaned.

    The attribute "base" is the xml:base in effect where there is one, "type" is "xhtml" for inline markup.
    """

    format: str = ""
    fields: Fields = field(default_factory=dict)
    entries: list[Fields] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True


_WORDS: Final = words("spaces")
_SPACES: Final[dict[str, str]] = dict.fromkeys(_WORDS["core"], "") | _WORDS["prefixes"]
_XML: Final = "http://www.w3.org/XML/1998/namespace "
_ABOUT: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns# about"
_CONTAINERS: Final = frozenset(("channel", "categories", "media:group", "media:content"))
_NOT_OURS: Final = frozenset(
    ("source", "image", "textinput", "items", "contributor", "?")
)  # and all they hold
_TEXTS: Final = frozenset(("title", "summary", "content", "subtitle", "tagline"))
_BINARY = re.compile(r"(?!text/|.*[+/]xml\b)\w+/")
_VOID: Final = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "source", "wbr"))
_CUT_OFF: Final = frozenset(
    (3, 5, 6, 20)
)  # expat: no element, unclosed token, partial character, unclosed CDATA
_JUNK_AFTER: Final = 9
_STEP: Final = 1 << 16  # characters


class Unsure(Exception):  # noqa: N818 - no error, but a change of mind
    """Not a document that this reader takes on itself."""


class _Enough(Exception):  # noqa: N818 - nor this
    """The limit of entries is reached."""


def read(source: str, url: str = "") -> Raw:
    """The feed in `source`; of one that is cut off, the entries that are whole. Raises Unsure."""
    reader = _Handler(url)
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.data, reader.doctype
    try:
        for at in range(0, len(source), _STEP):  # expat keeps a copy of what it is given at once
            parser.Parse(source[at : at + _STEP].encode("utf-8", "replace"))
        parser.Parse(b"", True)
    except _Enough:
        reader.raw.notes.append(_("Only the first {n} entries were read.").format(n=ENTRY_LIMIT))
    except expat.ExpatError as error:
        if not (error.code in _CUT_OFF and reader.raw.entries) and error.code != _JUNK_AFTER:
            raise Unsure(str(error)) from error
        reader.raw.is_whole = error.code == _JUNK_AFTER
    return reader.raw


class _Handler:
    """Gathers the leaves of the feed, or of the entry that is open."""

    def __init__(self, url: str) -> None:
        self.raw = Raw()
        self.entry: Fields | None = None
        self.depth = self.entry_depth = self.leaf_depth = self.skip_depth = 0
        self.leaf = ""
        self.attrs: dict[str, str] = {}
        self.text: list[str] = []
        self.is_inline = False  # the leaf holds elements, and they are gathered as markup
        self.bases = [(0, url)]
        self.names: dict[str, str] = {}

    def doctype(self, *_declared: object) -> None:
        raise Unsure("doctype")

    def name(self, name: str) -> str:
        if (known := self.names.get(name)) is None:
            space, _, local = name.rpartition(" ")
            prefix = _SPACES.get(space.strip().lower())
            if prefix is None and local.lower() in {"channel", "item", "entry"}:
                raise Unsure(name)  # a feed's own words in a namespace that we do not know
            known = self.names[name] = "?" if prefix is None else prefix + local.lower()
        return known

    def start(self, name: str, attrs: dict[str, str]) -> None:
        self.depth += 1
        if self.skip_depth:
            return
        if self.leaf:
            self.open_inline(name, attrs)
            return
        if (base := attrs.get(_XML + "base")) is not None:
            base = urljoin(self.bases[-1][1], base.strip())
            self.bases.append((self.depth, base if base.startswith("http") else self.bases[-1][1]))
        key = self.name(name)
        if self.depth == 1:
            self.open_root(key, attrs)
        elif key in {"item", "entry"} and self.entry is None:
            self.open_entry(attrs)
        elif key in _CONTAINERS:
            self.keep(key, "", attrs)
        elif key in _NOT_OURS:
            self.skip_depth = self.depth
        else:
            self.leaf, self.leaf_depth, self.attrs, self.text, self.is_inline = (
                key,
                self.depth,
                attrs,
                [],
                False,
            )

    def open_root(self, key: str, attrs: dict[str, str]) -> None:
        version = attrs.get("version", "")
        rss = "rss20" if version.startswith("2") else "rss" + version.replace(".", "")[:4]
        atom = "atom03" if version == "0.3" else "atom10"
        self.raw.format = {"rss": rss, "rdf:rdf": "rss10", "feed": atom}.get(key, "")
        if not self.raw.format:
            raise Unsure(key)
        self.keep("language", attrs.get(_XML + "lang", ""), {})

    def open_entry(self, attrs: dict[str, str]) -> None:
        if len(self.raw.entries) >= ENTRY_LIMIT:
            raise _Enough
        self.entry, self.entry_depth = {}, self.depth
        for key, name in (("id", _ABOUT), ("language", _XML + "lang")):
            if value := attrs.get(name):
                self.keep(key, value, {})

    def open_inline(self, name: str, attrs: dict[str, str]) -> None:
        if not self.is_inline:
            if self.attrs.get("type") == "html" and name.endswith(" div"):
                return  # escaped markup in a stray element
            self.is_inline, self.text = True, [escape("".join(self.text), quote=False)]
        written = "".join(
            f' {key.rpartition(" ")[2]}="{escape(value)}"' for key, value in attrs.items()
        )
        self.text.append(f"<{name.rpartition(' ')[2]}{written}>")

    def data(self, text: str) -> None:
        if self.leaf:
            self.text.append(escape(text, quote=False) if self.is_inline else text)

    def end(self, name: str) -> None:
        depth, self.depth = self.depth, self.depth - 1
        if self.skip_depth:
            self.skip_depth = 0 if self.skip_depth == depth else self.skip_depth
        elif self.leaf and depth > self.leaf_depth:
            if self.is_inline and (tag := name.rpartition(" ")[2]) not in _VOID:
                self.text.append(f"</{tag}>")
            return
        elif self.leaf:
            if self.is_inline:
                self.attrs["type"] = "xhtml"
            self.keep(self.leaf, "".join(self.text).strip(), self.attrs)
            self.leaf, self.text = "", []
        elif self.entry is not None and depth == self.entry_depth:
            self.raw.entries.append(self.entry)
            self.entry = None
        if self.bases[-1][0] == depth:
            self.bases.pop()

    def keep(self, key: str, text: str, attrs: dict[str, str]) -> None:
        if attrs.get("mode") == "base64" or (
            key in _TEXTS and _BINARY.match(attrs.get("type", ""))
        ):
            raise Unsure("base64")
        if len(self.bases) > 1:
            attrs["base"] = self.bases[-1][1]
        (self.raw.fields if self.entry is None else self.entry).setdefault(key, []).append(
            (text, attrs)
        )
