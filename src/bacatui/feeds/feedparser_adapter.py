"""The patient way: feedparser, for documents that are not well formed, or not well known."""

import re
from collections.abc import Mapping
from contextlib import suppress
from html import unescape
from io import BytesIO
from typing import Any, Final

from bacatui.feeds.expat_parser import Fields, Raw
from bacatui.feeds.source import words
from bacatui.i18n import _

_NAMES: Final = words("feedparser")
_TEXTS: Final[dict[str, str]] = _NAMES["texts"]
_LISTS: Final[dict[str, str]] = _NAMES["lists"]
# What feedparser takes for one of several descriptions; under a name that it does not know it keeps apart.
_BLURB = re.compile(
    r"<(/?)(media|itunes|googleplay):(?:description|summary)\b[^<>]*>", re.IGNORECASE
)
_ENTRY = re.compile(r"<((?:[\w.\-]{1,40}:)?(?:item|entry))\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_END = re.compile(r"</(?:[\w.\-]{1,40}:)?(?:rss|rdf|feed|channel)\s*>", re.IGNORECASE)


def read(source: str) -> Raw:
    """The feed in `source` as feedparser sees it; `format` is empty where it sees none.

    Where feedparser raises, it is shown one entry at a time, and those that it can read are kept; without any, its
    error is raised, whatever it is.
    """
    try:
        return _read(source)
    except Exception:
        raw, pieces = Raw(), list(_ENTRY.finditer(source))
        for piece in pieces:
            with suppress(Exception):
                one = _read(source[: pieces[0].start()] + piece[0] + source[pieces[-1].end() :])
                raw.format, raw.fields, raw.is_whole = one.format, one.fields, one.is_whole
                raw.entries += one.entries
        if not raw.entries:
            raise
        raw.notes.append(_("Some entries are damaged and were left out."))
        return raw


def _read(source: str) -> Raw:
    import feedparser

    # BytesIO and nothing else: given a str or bytes, feedparser opens files and fetches addresses. Links that are
    # relative stay so but for xml:base: what they are relative to is for `parse` to say, the same for every reader.
    source = _BLURB.sub(r"<\1\2:blurb>", source)
    data, headers = (
        BytesIO(source.encode("utf-8", "replace")),
        {"content-type": "application/xml; charset=utf-8"},
    )
    parsed = feedparser.parse(
        data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    version = parsed.get("version") or ("rss" if parsed.entries else "")
    is_atom = version.startswith("atom")
    raw = Raw(
        version,
        _fields(parsed.feed, is_atom),
        [_fields(entry, is_atom) for entry in parsed.entries],
    )
    raw.is_whole = bool(_END.search(source))
    if not is_atom:
        raw.fields.pop("author", None)  # an RSS channel has editors, not authors
    return raw


def _fields(found: Mapping[str, Any], is_atom: bool) -> Fields:
    fields: Fields = {}

    def keep(key: str, text: object, attrs: Mapping[str, Any]) -> None:
        if isinstance(text, str):
            said = {
                str(name): value
                for name, value in attrs.items()
                if value and isinstance(value, str)
            }
            fields.setdefault(key, []).append((text, said))

    keep(
        "guid" if found.get("guidislink") and not is_atom else "id", found.get("id"), {}
    )  # Atom's ids are no links
    lists = {
        key: [one for one in items if isinstance(one, Mapping)]
        for key in _LISTS
        if isinstance(items := found.get(key), list)
    }
    copies = [content.get("value") for content in lists.get("content", ())]
    for key, ours in _TEXTS.items():
        if dict.__contains__(found, key) and not (key == "summary" and found[key] in copies):
            is_blurb = key.endswith("_blurb")  # what feedparser does not know it leaves escaped
            keep(
                ours,
                unescape(found[key]) if is_blurb else found[key],
                found.get(f"{key}_detail") or {},
            )
    for key, items in lists.items():
        for one in items:
            keep(_LISTS[key], one.get("value") or one.get("label") or one.get("term") or "", one)
    return fields
