"""Sanitizing of text from the network, before it is stored and again before it is shown.

It removes all that a terminal could take for a command, and all that could make text look like
something else: whole escape sequences (ECMA-48, xterm), C0 and C1 controls, DEL, bidirectional
overrides and isolates (Unicode TR 9), invisible format characters, tag characters, surrogates and
non-characters. Letters of every script stay, also of those written from right to left. `clean` is
idempotent, and raises nothing whatever the text.
"""

import html
import logging
import re
import unicodedata
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

TITLE_LIMIT: Final = 1_000  # characters, as are all limits here
NAME_LIMIT: Final = 200
URL_LIMIT: Final = 8_000
ID_LIMIT: Final = 512
BODY_LIMIT: Final = 2_000_000
MARKS_PER_LETTER: Final = 8

# A string sequence (OSC, DCS, APC, PM, SOS) is removed with its body only where it ends nearby: one
# that never ends must not remove the text after it.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]?"
    r"|(?:\x1b[\]P_^X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f<\n]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{1,8}[0-~]?"
    r"|\x1b[\]P_^X0-~]?"
)
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls without white space
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
# Runs of anything but the common letters and signs that no filter below changes.
_UNUSUAL = re.compile(
    "[^\t\n -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u23ff"
    "\u3001-\u3029\u3030-\u3098\u309b-\u9fff\uac00-\ud7a3\uff01-\uffef]+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\v\f\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\n{3,}")
# Scripts and emoji in which a joiner changes the shape of its neighbours, and so must stay.
_JOINING = "\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
_PICTORIAL = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINERS = re.compile(
    f"(?<![{_JOINING}{_PICTORIAL}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINING}{_PICTORIAL}])"
    "|(?<=[\u200c\u200d])[\u200c\u200d]+"
)
_MARK_PILES = re.compile(rf"[^\w\s\x00-\u02ff]{{{MARKS_PER_LETTER + 1},}}")

_HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_REFERENCES = re.compile(r"(?:&#(?:[0-9]{1,12}|[xX][0-9a-fA-F]{1,12});?)+")
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0{0,9}([12]?[0-9]|3[01]|127|6553[45])(?![0-9])"
    r"|[xX]0{0,9}([01]?[0-9a-fA-F]|7[fF]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)
# Elements of HTML whose tags are replaced with nothing (inline) or with a space (block).
_INLINE = (
    "a|abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|samp|script|small|span|strike|strong|style|sub|sup|svg"
    "|tt|u|var|wbr"
)
_BLOCK = (
    "blockquote|br|center|dd|div|dl|dt|h[1-6]|hr|iframe|li|ol|p|pre|table|tbody|td|th|thead|tr|ul"
)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*|/)?>|<!--[^<>]*>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<(?:/?([a-zA-Z][\w:-]*))?[^<>]*>")
_INLINE_NAMES = frozenset(_INLINE.split("|"))
# Elements that do nothing without attributes: a title with such a bare tag is about it.
_ACTIVE = (
    "applet|audio|base|bgsound|button|embed|form|frame|frameset|input|link|marquee|meta|object|param|select|source"
    "|textarea|track|video"
)
_ACTIVE_TAG = re.compile(rf"<(?:{_ACTIVE})\s[^<>=]*=[^<>]*>", re.IGNORECASE)
_ACTIVE_END = re.compile(rf"</(?:{_ACTIVE})\s*>", re.IGNORECASE)
_UNSEEN_LETTERS = " \u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe0e\ufe0f\uffa0"
# The beginnings of what a browser does not show.
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>|<!--", re.IGNORECASE)
_UNSEEN_ENDS = {
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
    "": re.compile("-->"),
}
_TYPED = re.compile(r"//[^/\s]*@")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
# A user name that other programs take for the host: http://127.0.0.1%2f@elsewhere/
_DISGUISE = re.compile(
    r"(?:[a-z]+:)?[/\\]{2}(?=[^/?#]*@)[^/?#@:]*?(?::\d*)?(?:%2f|%5c|\\)", re.IGNORECASE
)


def clean(text: str, limit: int = BODY_LIMIT, *, lines: bool = False) -> str:
    """Plain text without control and invisible characters, of at most `limit` characters.

    White space is folded to single spaces; with `lines`, line ends are kept, at most two in a row.
    References such as `&amp;` are not decoded: use `decode` first, or `title`.
    """
    if text.isascii() and text.isprintable():
        text = (
            " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
        )
        return text[:limit].rstrip()
    text = markup(text)
    if lines:
        text = _BLANKS.sub(" ", text).replace(" \n", "\n").replace("\n ", "\n")
        text = _MANY_LINES.sub("\n\n", text).strip()
    else:
        text = " ".join(text.split())
    return _settled(text[:limit].rstrip()) if len(text) > limit else text


def markup(text: str) -> str:
    """`text` without control and invisible characters; white space and markup stay.

    References are not decoded: what they stand for must pass `clean` or `code` after parsing.
    """
    # most text is plain, and this check is fast
    is_plain = text.isascii() and text.replace("\n", "").replace("\t", "").isprintable()
    if is_plain or not _UNUSUAL.search(text):
        return text
    text = _SURROGATES.sub("\ufffd", text)
    if "\x1b" in text or any(c in text for c in "\x90\x98\x9b\x9d\x9e\x9f"):
        text = _SEQUENCES.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    return _settled(_UNUSUAL.sub(lambda run: _DROPPED.sub("", run[0]), text))


def source(text: str) -> str:
    """HTML source that is safe to parse: as `markup`, and without references to controls.

    Removing a character can complete another such reference, so this is repeated a few times.
    """
    text = markup(text)
    for _ in range(4):
        if "&#" not in text or not _CONTROL_REFERENCE.search(text):
            return text
        text = markup(bare(text))
    return _CONTROL_REFERENCE.sub("\ufffd", text)


def _settled(text: str) -> str:
    """Remove stray joiners and piled-up marks, again while that uncovers more of the other.

    Text that is made to go on like that for long loses all its joiners instead.
    """
    for _ in range(4):
        thinner = _STRAY_JOINERS.sub("", text) if "\u200c" in text or "\u200d" in text else text
        thinner = _MARK_PILES.sub(_thin_marks, thinner)
        if thinner == text:
            return text
        text = thinner
    return _MARK_PILES.sub(_thin_marks, text.replace("\u200c", "").replace("\u200d", ""))


def _thin_marks(match: re.Match[str]) -> str:
    """Keep at most `MARKS_PER_LETTER` combining marks in a row."""
    kept, run = [], 0
    for char in match[0]:
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if run <= MARKS_PER_LETTER:
            kept.append(char)
    return "".join(kept)


def code(text: str, limit: int = BODY_LIMIT) -> str:
    """Preformatted text: as `clean`, but with all its white space."""
    return markup(text)[:limit]


def decode(text: str) -> str:
    """Decode HTML references once; invalid ones become U+FFFD (HTML Standard, 13.2.5.80)."""
    return html.unescape(_HUGE_REFERENCE.sub("\ufffd", bare(text))) if "&" in text else text


def bare(text: str) -> str:
    """Decode numeric references to controls and non-characters, and those directly beside them.

    So the escape sequences that they spell can be found and removed. References to characters of
    markup, such as `&#60;`, stay.
    """
    return _REFERENCES.sub(_spelled, text) if "&#" in text else text


def _spelled(match: re.Match[str]) -> str:
    if not _CONTROL_REFERENCE.search(match[0]):
        return match[0]
    text = _CONTROL_REFERENCE.sub(lambda m: chr(int(m[1]) if m[1] else int(m[2], 16)), match[0])
    return html.escape(html.unescape(text), quote=False)


def title(text: str, limit: int = TITLE_LIMIT) -> str:
    """A title, name or label as one line of plain text.

    Tags of HTML are removed; others (`<more>`, `vector<int>`) are text, and so are tags that do
    nothing without attributes and have none (`<meta>`). References are decoded after that, and tags
    and references once more, since some publishers escape twice.
    """
    text = _without_tags(text)
    if "&" in text:
        text = decode(_without_tags(decode(text)))
    return seen(clean(text, limit))


def line(markup: str, limit: int = TITLE_LIMIT) -> str:
    """HTML as one line of plain text: as `title`, but all tags are removed, unknown ones too."""
    if "<" in markup:
        markup = _ANY_TAG.sub(_gap, without_unseen(markup))
    return title(markup, limit)


def _gap(tag: re.Match[str]) -> str:
    return "" if tag[1] and tag[1].lower() in _INLINE_NAMES else " "


def seen(text: str) -> str:
    """`text`, or "" where all of its characters are invisible."""
    return text if text.strip(_UNSEEN_LETTERS) else ""


def _without_tags(text: str) -> str:
    """`text` without tags of HTML, scripts, styles and comments."""
    if "<" not in text:
        return text
    text, count = _ACTIVE_TAG.subn("", without_unseen(text))
    if count:
        text = _ACTIVE_END.sub("", text)
    return _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))


def without_unseen(text: str) -> str:
    """HTML without scripts, styles and comments, also without a comment that is cut off."""
    parts, at = list[str](), 0
    ends = dict(_UNSEEN_ENDS)
    for unseen in _UNSEEN.finditer(text):
        kind = (unseen[1] or "").lower()
        if unseen.start() < at or kind not in ends:
            continue
        if end := ends[kind].search(text, unseen.end()):
            parts.append(text[at : unseen.start()])
            at = end.end()
        else:
            del ends[kind]  # there is no end any more: searching again would take quadratic time
    text = "".join([*parts, text[at:]])
    start = text.rfind("<!--")
    # With words behind it, it may be text, which must not be lost.
    is_cut_off = start >= 0 and len(text[start:].split()) == 1
    return text[:start] if is_cut_off else text


def name(text: str) -> str:
    """An author, category, tag or host: a short `title`."""
    return title(text, NAME_LIMIT)


def url(text: str, base: str = "") -> str:
    """An absolute http(s) URL in printable ASCII, or "" where `text` is not one.

    White space and controls are removed before the scheme is checked (`java\\tscript:`), user names
    and passwords are dropped, and the host is IDNA-encoded. Source: WHATWG URL Standard, 4.4.
    """
    if _UNUSUAL.search(text):
        text = _DROPPED.sub("", _SURROGATES.sub("", _SEQUENCES.sub("", text)))
    text = re.sub(r"[\t\r\n\v\f\u2028\u2029]", "", text).strip()
    if not text or len(text) > URL_LIMIT or _DISGUISE.match(text):
        return ""
    text = text.replace("\\", "/")
    try:
        absolute = urljoin(base, text) if base and not _SCHEME.match(text) else text
        parts = urlsplit(absolute)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
            return ""
        host = _ascii_host(parts.hostname)
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        return ""
    path = quote(parts.path, safe="/:@!$&'()*+,;=~%-._[]|^")
    query = quote(parts.query, safe="/:@!$&'()*+,;=~%-._?[]{}|^`")
    fragment = quote(parts.fragment, safe="/:@!$&'()*+,;=~%-._?[]{}|^`#")
    joined = urlunsplit((parts.scheme.lower(), host + port, path, query, fragment))
    return joined if host and len(joined) <= URL_LIMIT else ""


def _ascii_host(host: str) -> str:
    """A host name in lower-case ASCII; "" where it is not one."""
    if ":" in host:  # IPv6; urlsplit has taken the brackets
        return f"[{host}]" if re.fullmatch(r"[0-9a-fA-F:.]+", host) else ""
    host = host.rstrip(".").lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    is_valid = re.fullmatch(r"[a-z0-9_]([a-z0-9_.\-]{0,251}[a-z0-9_])?", host)
    return host if is_valid and ".." not in host else ""


def without_password(text: str) -> str:
    """`text` without the user names and passwords in its URLs."""
    return _TYPED.sub("//", text) if "@" in text else text


def is_safe(text: str) -> bool:
    """Whether `text` has no character that `clean` would remove."""
    if text.isascii():
        return text.isprintable()
    return not (
        _DROPPED.search(text)
        or _SURROGATES.search(text)
        or "\n" in text
        or _LINE_ENDS.search(text)
        or "\t" in text
    )


def shown(text: str) -> str:
    """`text` for the screen. Unsafe text is cleaned, and logged as a bug of the caller."""
    if is_safe(text):
        return text
    logging.getLogger(__name__).error("unsafe text reached the screen: %a", text[:80])
    return clean(text)
