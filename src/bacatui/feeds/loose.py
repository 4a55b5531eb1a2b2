"""The patient way: feedparser, for documents that are not well formed, or not well known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from bacatui.feeds.strict import Fields, Raw

_TEXTS = {  # feedparser's keys and ours, as far as they are plain strings
    "author": "author", "published": "published", "updated": "updated",
    "created": "created", "comments": "comments", "language": "language", "feedburner_origlink": "feedburner:origlink",
    "ttl": "ttl", "sy_updateperiod": "sy:updateperiod", "sy_updatefrequency": "sy:updatefrequency",
}  # fmt: skip
_END = re.compile(r"</(?:[\w.\-]{1,40}:)?(?:rss|rdf|feed|channel)\s*>", re.IGNORECASE)


def read(source: str) -> Raw:
    """The feed in `source` as feedparser sees it; `format` is empty where it sees none. Raises whatever it raises."""
    import feedparser

    data = source.encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    # BytesIO and nothing else: given a str or bytes, feedparser opens files and fetches addresses. Links that are
    # relative stay so but for xml:base: what they are relative to is for `parse` to say, the same for every reader.
    parsed = feedparser.parse(BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    version = parsed.get("version") or ("rss" if parsed.entries else "")
    raw = Raw(version, _fields(parsed.feed), [_fields(entry) for entry in parsed.entries])
    raw.is_whole = bool(_END.search(source))
    if version.startswith("atom"):
        for fields in (raw.fields, *raw.entries):  # ids of Atom are no links
            fields.update({"id": fields.pop("guid", []) or fields.get("id", [])})
    else:
        raw.fields.pop("author", None)  # an RSS channel has editors, not authors
    return raw


def _fields(found: Mapping[str, Any]) -> Fields:
    fields: Fields = {}

    def keep(key: str, text: object, attrs: Mapping[str, Any] | None = None) -> None:
        plain = {str(name): str(value) for name, value in (attrs or {}).items() if value and isinstance(value, str)}
        if isinstance(text, str):
            fields.setdefault(key, []).append((text, plain))

    for theirs, ours in _TEXTS.items():
        if dict.get(found, theirs):  # type: ignore[arg-type]  # not its own get(), which guesses at dates
            keep(ours, found[theirs])
    keep("guid" if found.get("guidislink") else "id", found.get("id"))
    contents = _dicts(found.get("content"))
    copies = [content.get("value") for content in contents]
    for theirs, ours in (("title", "title"), ("summary", "summary"), ("subtitle", "description")):
        if theirs in found and not (theirs == "summary" and found[theirs] in copies):  # feedparser's own copy
            keep(ours, found[theirs], found.get(theirs + "_detail"))
    for content in contents:
        keep("content", content.get("value"), content)
    for link in _dicts(found.get("links")):
        keep("enclosure" if link.get("rel") == "enclosure" else "link", "", link)
    for media in _dicts(found.get("media_content")):
        keep("media:content", "", media)
    for tag in _dicts(found.get("tags")):
        keep("category", tag.get("label") or tag.get("term"))
    return fields


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
