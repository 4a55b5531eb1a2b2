"""A feed's bytes to text, and text that feedparser survives.

Encodings come from an allow-list: a name that a feed gives never reaches Python's codec machinery unless it is there
(`zlib_codec` is a codec too). Labels mean what browsers take them for (WHATWG Encoding): iso-8859-1 is windows-1252.
"""

import codecs
import re
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from bacatui.i18n import _
from bacatui.model import FeedError
from bacatui.text import sanitize

BODY_LIMIT: Final = 16 << 20  # bytes
ENTRY_LIMIT: Final = 5_000
_ATTRIBUTE_LIMIT: Final = 1_000
_NAME_LIMIT: Final = 300


@cache
def words(section: str) -> dict[str, Any]:
    """A section of `words.toml`: what is data, not code."""
    found: dict[str, Any] = tomllib.loads(
        (Path(__file__).parent / "words.toml").read_text("utf-8")
    )[section]
    return found


_STARTS: Final = (  # byte order marks, and how `<` and `{` begin where the mark was forgotten; longest first
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    *((char.encode(name), name) for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be") for char in "<{"),
)  # fmt: skip
_CODECS: Final = words("encodings")
_READ_AS: Final[dict[str, str]] = _CODECS["read_as"] | {
    name: name for name in _CODECS["themselves"]["names"].split()
}
_SEVEN_BIT: Final = {"iso2022_jp", "hz"}
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:\-]{1,40})\s*["']"""
)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9._:\-]{1,40})""", re.IGNORECASE)

_REFERENCE = re.compile(r"&(?:amp;)?#(?:[0-9]+|[xX][0-9a-fA-F]+);?")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>\s]{0,200}\s[^<>]{4000,}>")
_PERSON = re.compile(
    r"<(?:[\w.\-]{1,40}:)?(?:author|creator|contributor|publisher|owner|name|email|managingeditor|webmaster)\b[^<>]{0,2000}>"
    rf"(?:<!\[CDATA\[)?[^<>]{{{_NAME_LIMIT}}}(?P<rest>[^<\]]+)",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"<(?:[\w.\-]{1,40}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ENTRY_END = re.compile(
    r"</(?:[\w.\-]{1,40}:)?(?:item|entry|items|channel|rss|rdf|feed)\s*>", re.IGNORECASE
)
_FIELDS: Final = words("fields")
_TITLE = re.compile(r"<title(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_TITLE_END = re.compile(r"</title\s*>", re.IGNORECASE)
_AFTER_TITLE = re.compile(  # the end of another element, or where one begins
    rf"(?P<end></(?:{'|'.join(_FIELDS['summary'] + _FIELDS['content'])}|subtitle|tagline|link|id|guid)\s*>)"
    rf"|</?(?:entry|item|feed|channel|rss)\b|<(?:link|id|guid|subtitle|tagline|{'|'.join(_FIELDS['following'])})\b",
    re.IGNORECASE,
)
_PROLOGUE = re.compile(
    r"<\?xml\b|<!DOCTYPE\b|<(?:[\w.\-]{1,40}:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE
)
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTITY = re.compile(r"""<!ENTITY\s(?:[^"'>]|"[^"]*"|'[^']*')*+>""", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a feed document, never an exception.

    A byte order mark decides; then bytes that are valid UTF-8 are UTF-8, whatever anyone says; then the XML
    declaration and the media type, in that order; bytes that fit nothing are read as windows-1252 one by one.
    """
    for start, encoding in _STARTS:
        if body.startswith(start):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    said = (
        _DECLARED.search(body[:1024]),
        _CHARSET.search(content_type[:1000].encode("ascii", "replace")),
    )
    names = [name for match in said if match and (name := _known(match[1].decode("ascii")))]
    names = sorted([*names, "utf-8"], key=lambda name: (name not in _SEVEN_BIT) + (name != "utf-8"))
    for encoding in names:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode(names[-1], "replace" if names[-1] != "utf-8" else "bacatui.windows-1252")


def _known(name: str) -> str:
    """The codec to use for a declared encoding; "" for one that is unknown or no text encoding."""
    try:
        return _READ_AS.get(codecs.lookup(name).name, "")
    except (LookupError, ValueError):
        return ""


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("bacatui.windows-1252", _as_windows_1252)


def harmless(text: str, notes: list[str]) -> str:
    """XML source, not well formed, that feedparser takes in bounded time: what it chokes on is cut, with a note."""
    text = sanitize.markup(text)
    if start := _PROLOGUE.search(text):
        text = text[start.start() :]
    if len(_DECLARATION.findall(text)) > 200:
        raise FeedError(_("The feed holds too many entity declarations."))
    # an entity that is made of others can grow without end
    text = _ENTITY.sub(lambda entity: "" if re.search("&[^#]|%", entity[0]) else entity[0], text)
    text = _with_title_ends(text)
    text = _REFERENCE.sub(_possible, text)
    text = _LONG_TAG.sub(lambda tag: _fewer_attributes(tag[0], notes), text)
    # at a greater length feedparser's pattern for e-mail addresses takes minutes (its issue 562)
    text = _PERSON.sub(lambda person: person[0][: -len(person["rest"])], text)
    last = -1
    for count, match in enumerate(_ENTRY.finditer(text)):
        if count == ENTRY_LIMIT:
            notes.append(_("Only the first {n} entries were read.").format(n=ENTRY_LIMIT))
            return text[: match.start()]
        last = match.start()
    is_cut_off = last >= 0 and not _ENTRY_END.search(text, last)
    return text[:last] if is_cut_off else text


def _with_title_ends(text: str) -> str:
    """With an end for each title that has none, or another's, which else would be lost, or hold the entry after it."""
    starts = [
        start for start in _TITLE.finditer(text) if not text.startswith("<![CDATA[", start.end())
    ]
    parts, at = list[str](), 0
    for start, following in pairwise([*(start.end() for start in starts), len(text)]):
        if _TITLE_END.search(text, start, following):
            continue
        if after := _AFTER_TITLE.search(text, start, following):
            parts += [text[at : after.start()], "</title>"]
            at = after.end("end") if after["end"] else after.start()
    return "".join([*parts, text[at:]])


def table(text: str) -> str:
    """One sentence for what is a table (CSV) and no feed; "" for anything else."""
    head = {
        name.strip(' "').lower()
        for name in text[:1_000].strip("\ufeff\r\n ").split("\n")[0].strip().split(",")
    }
    if {"url", "time_added"} <= head:
        return _("This is a list of saved pages from Pocket (CSV), not of feeds.")
    return (
        _("This is a table (CSV), not a list of feeds.") if len(head) > 1 and "url" in head else ""
    )


def _possible(reference: re.Match[str]) -> str:
    digits = reference[0].rstrip(";").rpartition("#")[2]
    code = (
        0x110000 if len(digits) > 8 else int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    )
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else reference[0]


def _fewer_attributes(tag: str, notes: list[str]) -> str:
    if tag.count("=") <= _ATTRIBUTE_LIMIT:
        return tag
    notes.append(_("An element with too many attributes was emptied."))
    return tag.split(None, 1)[0] + ("/>" if tag.endswith("/>") else ">")
