"""A feed's bytes to text, and text that feedparser survives.

Encodings come from an allow-list: a name that a feed gives never reaches Python's codec machinery unless it is
there (`zlib_codec` and `unicode_escape` are codecs too). Labels mean what browsers take them to mean (WHATWG
Encoding, 4.2): iso-8859-1 is windows-1252, gb2312 is gb18030.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from bacatui import sanitize
from bacatui.i18n import _
from bacatui.model import FeedError

BODY_LIMIT: Final = 16 * 1024 * 1024  # bytes
ENTRY_LIMIT: Final = 5_000
_ATTRIBUTE_LIMIT: Final = 1_000

_MARKS: Final = (  # byte order marks, longest first
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_BARE: Final = (  # how `<` and `{` begin where the mark was forgotten
    (re.compile(rb"[<{]\0\0\0"), "utf-32-le"), (re.compile(rb"\0\0\0[<{]"), "utf-32-be"),
    (re.compile(rb"[<{]\0[^\0]\0"), "utf-16-le"), (re.compile(rb"\0[<{]\0[^\0]"), "utf-16-be"),
)  # fmt: skip
_READ_AS: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "cp1252": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "hz": "hz",
    "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp", "iso2022_jp": "iso2022_jp",
    "euc_kr": "cp949", "cp949": "cp949", "big5": "big5hkscs", "big5hkscs": "big5hkscs", "cp950": "big5hkscs",
    "koi8-r": "koi8-r", "koi8-u": "koi8-u", "mac-roman": "mac-roman", "cp866": "cp866", "cp437": "cp437",
    "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    **{f"cp{n}": f"cp{n}" for n in (874, *range(1250, 1259))},
    **{f"iso8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}  # fmt: skip
_SEVEN_BIT: Final = {"iso2022_jp", "hz"}
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:\-]{1,40})\s*["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:\-]{1,40})""", re.IGNORECASE)

_REFERENCE = re.compile(r"&(?:amp;)?#(?:[0-9]+|[xX][0-9a-fA-F]+);?")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>\s]{0,200}\s[^<>]{4000,}>")
_PERSON = re.compile(
    r"<(?:[\w.\-]{1,40}:)?(?:author|creator|contributor|publisher|owner|name|email|managingeditor|webmaster)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"<(?:[\w.\-]{1,40}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.\-]{1,40}:)?(?:item|entry|items|channel|rss|rdf|feed)\s*>", re.IGNORECASE)
_PROLOGUE = re.compile(r"<\?xml\b|<!DOCTYPE\b|<(?:[\w.\-]{1,40}:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_DOCTYPES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a feed document, never an exception.

    A byte order mark decides; then bytes that are valid UTF-8 are UTF-8, whatever anyone says; then the XML
    declaration and the media type, in that order; bytes that fit nothing are read as windows-1252 one by one.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace").lstrip("\ufeff")
    start = body[:64].lstrip(b" \t\r\n")
    for pattern, encoding in _BARE:
        if pattern.match(start):
            return body.decode(encoding, "replace")
    declared = _DECLARED.search(body[:1024])
    charset = _CHARSET.search(content_type[:1000])
    names = [_known(declared[1].decode("ascii")) if declared else "", _known(charset[1]) if charset else ""]
    for encoding in names:
        if encoding in _SEVEN_BIT and (text := _strictly(body, encoding)) is not None:
            return text
    text = _strictly(body, "utf-8")
    if text is not None:
        return text.lstrip("\ufeff")
    for encoding in names:
        if encoding and not encoding.startswith("utf-") and (text := _strictly(body, encoding)) is not None:
            return text
    for encoding in names:
        if encoding and not encoding.startswith("utf-"):
            return body.decode(encoding, "replace")
    return body.decode("utf-8", "bacatui.windows-1252")


def _known(name: str) -> str:
    """The codec to use for a declared encoding; "" for one that is unknown or no text encoding."""
    try:
        return _READ_AS.get(codecs.lookup(name).name, "")
    except (LookupError, ValueError):
        return ""


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("bacatui.windows-1252", _as_windows_1252)


def harmless(text: str, notes: list[str]) -> str:
    """XML source that feedparser can take in bounded time: what it chokes on is cut, with a note.

    Only for documents that are not well formed: what breaks feedparser is listed in docs/feeds.md.
    """
    text = sanitize.markup(text)
    if (start := _PROLOGUE.search(text)) and start.start() > 0:
        text = text[start.start() :]
    if len(_DOCTYPES.findall(text)) > 200:
        raise FeedError(_("The feed holds too many entity declarations."))
    text = _REFERENCE.sub(_possible, text)
    text = _LONG_TAG.sub(lambda tag: _fewer_attributes(tag[0], notes), text)
    text = _shorter_names(text)
    return _whole_entries(text, notes)


def _possible(reference: re.Match[str]) -> str:
    digits = reference[0].rstrip(";").rpartition("#")[2]
    if len(digits) > 8:
        return "\ufffd"
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else reference[0]


def _fewer_attributes(tag: str, notes: list[str]) -> str:
    if tag.count("=") <= _ATTRIBUTE_LIMIT:
        return tag
    notes.append(_("An element with too many attributes was emptied."))
    return tag.split(None, 1)[0] + ("/>" if tag.endswith("/>") else ">")


def _shorter_names(text: str) -> str:
    """Names and addresses of people cut to a length at which feedparser's e-mail pattern stays fast (its issue 562)."""
    parts, position = [], 0
    for tag in _PERSON.finditer(text):
        if tag.start() < position:
            continue
        end = text.find("</", tag.end())
        end = len(text) if end < 0 else end
        if end - tag.end() > 300 and "<" not in text[tag.end() + 9 : end]:
            parts += [text[position : tag.end()], text[tag.end() : tag.end() + 300]]
            if text.startswith("<![CDATA[", tag.end()):
                parts.append("]]>")
            position = end
    return "".join([*parts, text[position:]])


def _whole_entries(text: str, notes: list[str]) -> str:
    """`text` without an entry that was cut off at its end, and without those past the limit."""
    last, count = -1, 0
    for match in _ENTRY.finditer(text):
        count += 1
        if count > ENTRY_LIMIT:
            notes.append(_("Only the first {n} entries were read.").format(n=ENTRY_LIMIT))
            return text[: match.start()]
        last = match.start()
    return text[:last] if last >= 0 and not _ENTRY_END.search(text, last) else text
