"""Bytes to a ParsedFeed: which reader, and what its findings mean."""

import hashlib
import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Final
from unicodedata import category
from urllib.parse import urljoin

from bacatui.feeds import expat_parser, feedparser_adapter, jsonfeed
from bacatui.feeds.dates import date
from bacatui.feeds.expat_parser import Fields, Raw
from bacatui.feeds.source import BODY_LIMIT, decode, harmless, table, words
from bacatui.i18n import _
from bacatui.model import Enclosure, FeedError, ParsedEntry, ParsedFeed
from bacatui.text import sanitize

_NAMES: Final = words("fields")
_FEED_AUTHORS: Final = (
    "author",
    "itunes:author",
)  # who wrote an entry that names nobody (RFC 4287, 4.2.1)
_LIST_LIMIT: Final = 50  # enclosures, categories, authors of one entry
_TITLE_WORDS: Final = 100  # characters of content that stand in for a missing title
_SUMMARY: Final = 500
_CONTENT: Final = 1_000_000  # characters; a tree of more would take too much memory

_OTHER = re.compile(
    r"(?:<\?[^>]*>|<!--(?:(?!-->).)*-->|\s)*<(?:(opml)|!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_WINDOWS = re.compile(
    r"&#(?:1[2-5]\d|[xX]0{0,4}[89][0-9a-fA-F]);"
)  # 128 to 159 mean windows-1252 (HTML 13.2.5.80)
_TAG = re.compile(r"<[^<>]*>")
# What may stand around a feed that was sent as a web page, and where the feed begins
_AROUND = re.compile(
    r"\s+|<\?[^>]*>|<!--.*?-->|<!doctype\s+html\b[^<>\[]*(?:\[[^\]]*\]\s*)?>|<(?:html|body)\b[^<>]*>|<head\b[^<>]*>.*?</head\s*>",
    re.IGNORECASE | re.DOTALL,
)
_ROOT = re.compile(r"<(?:rss|(?:[\w.\-]{1,40}:)?(?:feed|rdf))(?=[\s>])", re.IGNORECASE)
_PERSON = re.compile(r"<(name|email|uri)[^<>]*>([^<]+)<")
_ADDRESS = re.compile(r"\(?<?[^\s()<>@]+@[^\s()<>@]+>?\)?")
_RELATIVE = re.compile(
    r"""(<[a-zA-Z][^<>]{0,2000}?\s(?:href|src)\s*=\s*)(["'])([^"'<>]{1,2000})\2"""
)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{1,8}){0,3}$")


def parse(body: bytes, url: str = "", content_type: str = "") -> ParsedFeed:
    """The feed in `body`, which came from `url`. Raises FeedError, and nothing else, whatever the bytes.

    `content` is HTML as the publisher wrote it: cleaning it is the articles' trade. Never reads a file, never asks
    the network. Not bounded in time for every input: untrusted bytes belong in `work`.
    """
    try:
        return _feed(_raw(body, url, content_type), url)
    except FeedError:
        raise
    except Exception as error:  # feedparser raises in some twenty ways
        raise FeedError(_("The feed is damaged and cannot be read.")) from error


def _raw(body: bytes, url: str, content_type: str) -> Raw:
    if len(body) > BODY_LIMIT:
        raise FeedError(_("The feed is larger than {n} MB.").format(n=BODY_LIMIT >> 20))
    source = decode(body, content_type).strip("\ufeff\0 \t\r\n")
    if not source:
        raise FeedError(_("The answer is empty."))
    if source[0] in "{[":
        return jsonfeed.read(source)
    if (other := _OTHER.match(source[:4096])) and not other[1]:
        source = _unwrapped(source)
        other = _OTHER.match(source[:4096])
    if other:
        is_list = _("This is a list of feeds (OPML): import it instead.")
        raise FeedError(is_list if other[1] else _("This is a web page, not a feed."))
    source = (
        _WINDOWS.sub(lambda reference: unescape(reference[0]), source) if "&#" in source else source
    )
    try:
        return expat_parser.read(source, url)
    except expat_parser.Unsure:
        notes: list[str] = []
        source = harmless(source, notes)
    try:
        raw = expat_parser.read(source, url)
    except expat_parser.Unsure:
        raw = feedparser_adapter.read(source)
    raw.notes += notes
    if not raw.format:
        raise FeedError(table(source) or _("This is not a feed."))
    if not raw.is_whole and not raw.entries:
        raise FeedError(_("The feed breaks off before its first entry ends."))
    return raw


def _unwrapped(source: str) -> str:
    """A feed that was sent as a web page, without what stands around it; any other page as it is."""
    at = 0
    while around := _AROUND.match(source, at):
        at = around.end()
    return source[at:] if _ROOT.match(source, at) else source


def _feed(raw: Raw, url: str) -> ParsedFeed:
    fields, notes = raw.fields, dict.fromkeys(raw.notes)
    if not raw.is_whole:
        notes[_("The feed breaks off; what is incomplete at its end was left out.")] = None
    link = _link(fields, url)
    return ParsedFeed(
        title=_title(fields, raw.format) or link or sanitize.url(url), link=link,
        language=_language(fields), ttl=_ttl(fields),
        description=sanitize.title(_first(fields, *_NAMES["description"])),
        entries=tuple(_entry(entry, raw, url or link) for entry in raw.entries),
        notes=tuple(notes), format=raw.format, is_whole=raw.is_whole,
    )  # fmt: skip


def _entry(fields: Fields, raw: Raw, base: str) -> ParsedEntry:
    link, guid = _link(fields, base) or _address(fields, raw.format), _guid(fields)
    content, summary = _content(fields, raw.format)
    text, is_long = _text(content), len(content) > _CONTENT
    said = text if summary is content else _text(summary)
    title = (
        _title(fields, raw.format)
        or _words((raw.format[:4] == "json" and said) or text, _TITLE_WORDS)
        or link
    )
    published, updated = (
        date(_first(fields, *names)) for names in (_NAMES["published"], _NAMES["updated"])
    )
    return ParsedEntry(
        id=guid or link or _hash(title + "\0" + content), has_guid=bool(guid), title=title, link=link,
        author=_author(fields, _NAMES["author"]) or _author(raw.fields, _FEED_AUTHORS),
        published=published or updated, updated=updated,
        content=_beginning(content) if is_long else content, summary=_words(said or text, _SUMMARY),
        language=_language(fields),
        comments=sanitize.url(_first(fields, "comments"), base), enclosures=_enclosures(fields, base),
        categories=_categories(fields), is_stub=not text or is_long or (said == text and content is not summary),
    )  # fmt: skip


def _found(fields: Fields, *names: str) -> tuple[str, dict[str, str]]:
    """The first text that is not empty with its attributes, by the order of the names, then of the document."""
    return next((one for name in names for one in fields.get(name, ()) if one[0]), ("", {}))


def _first(fields: Fields, *names: str) -> str:
    return _found(fields, *names)[0].strip()


def _title(fields: Fields, kind: str) -> str:
    text, attrs = _found(fields, *_NAMES["title"])
    if kind[:5] in {"atom1", "json1"} and attrs.get("type", "text") in {"text", "text/plain"}:
        return sanitize.seen(
            sanitize.clean(text, sanitize.TITLE_LIMIT)
        )  # they alone can say that markup is meant as letters
    return sanitize.title(text)


def _link(fields: Fields, base: str) -> str:
    """The page of a feed or entry: FeedBurner's note of the original, the link for people, a guid that is one."""
    ranked = [(0, text, "") for text, _attrs in fields.get("feedburner:origlink", ())]
    for text, attrs in fields.get("link", ()):
        if attrs.get("rel", "alternate").rpartition("/")[2] == "alternate":
            rank = 1 if text else 2 if "html" in attrs.get("type", "html") else 3
            ranked.append((rank, text or attrs.get("href", ""), attrs.get("base") or base))
    permanent = [
        text
        for text, attrs in fields.get("guid", ())
        if attrs.get("isPermaLink", "true").lower() == "true"
    ]
    ranked += [(4, text, "") for text in permanent]
    found = (
        sanitize.url(text, start)
        for _rank, text, start in sorted(ranked, key=lambda one: one[0])
        if text
    )
    return next(filter(None, found), "")


def _address(fields: Fields, kind: str) -> str:
    """An id that is an address, which leads to the entry's page where no link does. RSS has its own word for that."""
    ids = fields.get("id", ()) if kind.startswith(("atom", "json", "rss10", "rss090")) else ()
    addresses = (
        sanitize.url(text.replace("&amp;", "&")) for text, _attrs in ids
    )  # feedparser leaves them escaped
    return next(filter(None, addresses), "")


def _guid(fields: Fields) -> str:
    text, attrs = _found(fields, "guid", "id")
    text = text.strip()
    if "base" in attrs and "id" in fields and ":" not in text:
        text = urljoin(attrs["base"], text)
    return _hash(text) if len(text) > sanitize.ID_LIMIT else sanitize.clean(text)


def _hash(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _html(text: str, attrs: dict[str, str], name: str, kind: str) -> str:
    """Text of a body as HTML: what says it is plain is taken at its word unless it looks like markup."""
    if attrs.get("type", "text") in {"text", "text/plain", "plain"} and not _MARKUP.search(text):
        text, has_lines = escape(text, quote=False), name in _NAMES["lines"]
        if "\n" in text and (has_lines or kind[:4] in {"json", "atom"}):
            text = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
            text = text.replace("\n", "<br/>") if has_lines else text
    if base := attrs.get("base"):
        text = _RELATIVE.sub(
            lambda m: f"{m[1]}{m[2]}{escape(urljoin(base, unescape(m[3])))}{m[2]}", text
        )
    return text


def _content(fields: Fields, kind: str) -> tuple[str, str]:
    """(the longest text that the entry carries, its summary) as HTML."""
    contents, summaries, captions = (
        [
            _html(text, attrs, name, kind)
            for name in names
            for text, attrs in fields.get(name, ())
            if text
        ]
        for names in (_NAMES["content"], _NAMES["summary"], _NAMES["media"])
    )
    if captions and not any(_TAG.sub("", one).strip() for one in contents + summaries):
        summaries = captions
    bodies = contents + summaries
    longest = (
        bodies[0]
        if len(bodies) == 1
        else max(bodies, key=lambda one: len(_TAG.sub("", one)), default="")
    )
    return longest, summaries[0] if summaries else ""


def _beginning(content: str) -> str:
    """A text that is too long as far as it can be kept, with a word about the rest."""
    said = _(
        "This text is too long for a feed, and its end was left out. The page may have all of it."
    )
    return f"{content[:_CONTENT].rpartition('<')[0] or content[:_CONTENT]}<p>{said}</p>"


def _text(source: str) -> str:
    """A quick plain text for summaries and stand-in titles."""
    return sanitize.line(source[:20_000], 10_000)


def _words(text: str, limit: int) -> str:
    """The first words of `text`, at most `limit` characters and an ellipsis."""
    if len(text) <= limit:
        return text
    words = text[: limit + 1].rpartition(" ")[0]
    if 2 * len(words) > limit:
        return words + "…"
    while (
        limit > 1 and category(text[limit])[0] == "M"
    ):  # few blanks, or none: a mark stays with its letter
        limit -= 1
    return text[:limit] + "…"


def _author(fields: Fields, keys: Iterable[str]) -> str:
    """The names of people: RSS writes `address (Name)`, mail `Name <address>`, Atom elements."""
    names: dict[str, None] = {}
    key = next((key for key in keys if any(text for text, _attrs in fields.get(key, ()))), "")
    for text, attrs in fields.get(key, ())[:_LIST_LIMIT]:
        parts = dict(reversed(_PERSON.findall(text))) if attrs.get("type") == "xhtml" else {}
        said = next(
            (unescape(parts[part]) for part in ("name", "email", "uri") if part in parts), ""
        )
        name = sanitize.name((said if parts else text)[:2_000])
        names[(_ADDRESS.sub(" ", name).strip(" ()<>") if "@" in name else "") or name] = None
    return sanitize.name(", ".join(filter(None, names)))


def _language(fields: Fields) -> str:
    text = _first(fields, *_NAMES["language"])
    return text.replace("_", "-").lower() if _LANGUAGE.match(text) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _ttl(fields: Fields) -> int | None:
    """Seconds between polls, from RSS's ttl (minutes) or the syndication module."""
    period = _NAMES["periods"].get(_first(fields, "sy:updateperiod").lower(), 0)
    times = _number(_first(fields, "sy:updatefrequency")) or 1
    return min(_number(_first(fields, "ttl")) or period // times, 10**6) * 60 or None


def _enclosures(fields: Fields, base: str) -> tuple[Enclosure, ...]:
    links = [attrs for _, attrs in fields.get("link", ()) if attrs.get("rel") == "enclosure"]
    files = [attrs for key in ("enclosure", "media:content") for _, attrs in fields.get(key, ())]
    found: dict[str, Enclosure] = {}
    for attrs in (links + files)[:_LIST_LIMIT]:
        if address := sanitize.url(
            attrs.get("url") or attrs.get("href", ""), attrs.get("base") or base
        ):
            size = (
                _number(attrs.get("length") or attrs.get("fileSize") or attrs.get("filesize") or "")
                or None
            )
            kind = attrs.get("type") or attrs.get("medium", "")
            named = sanitize.name(kind), size, sanitize.name(attrs.get("title", ""))
            found.setdefault(address, Enclosure(address, *named))
    return tuple(found.values())


def _categories(fields: Fields) -> tuple[str, ...]:
    said = [one for key in _NAMES["category"] for one in fields.get(key, ())]
    names = (
        sanitize.name((attrs.get("label") or attrs.get("term") or text)[:2_000])
        for text, attrs in said[:1_000]
    )
    return tuple(dict.fromkeys(filter(None, names)))[:_LIST_LIMIT]
