"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not know."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from bacatui.feeds.source import ENTRY_LIMIT
from bacatui.feeds.strict import Fields, Raw
from bacatui.i18n import _
from bacatui.model import FeedError

_FEED = {"title": "title", "home_page_url": "link", "description": "description", "language": "language"}
_ITEM = {
    "id": "id", "url": "link", "title": "title", "content_html": "content", "summary": "summary",
    "date_published": "published", "date_modified": "updated", "language": "language",
}  # fmt: skip


def read(source: str) -> Raw:
    """The feed in `source`. What has the wrong type is passed over. Raises FeedError."""
    try:
        # numbers stay letters: Python refuses to make integers of more than 4,300 digits
        top = json.loads(source, parse_int=str, parse_float=str, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise FeedError(_("This is JSON that cannot be read.")) from error
    version = _text(top.get("version")) if isinstance(top, dict) else ""
    items = top.get("items") if isinstance(top, dict) else None
    if not isinstance(items, list) or ("jsonfeed.org/version/" not in version and not top.get("title")):
        raise FeedError(_("This is JSON, but not a JSON Feed."))
    raw = Raw("json11" if version.endswith("1.1") else "json10", _fields(top, _FEED))
    raw.fields["author"] = _authors(top)
    raw.entries = [_item(item) for item in items[:ENTRY_LIMIT] if isinstance(item, dict)]
    if len(items) > ENTRY_LIMIT:
        raw.notes.append(_("Only the first {n} entries were read.").format(n=ENTRY_LIMIT))
    return raw


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _objects(value: object) -> Iterable[dict[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _fields(found: dict[str, Any], names: dict[str, str]) -> Fields:
    return {ours: [(text, {"type": "html"})] for theirs, ours in names.items() if (text := _text(found.get(theirs)))}


def _authors(found: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    authors = [*_objects([found.get("author")]), *_objects(found.get("authors"))]
    return [(_text(who.get("name")) or _text(who.get("url")), {}) for who in authors]


def _item(item: dict[str, Any]) -> Fields:
    fields = _fields(item, _ITEM)
    if title := _text(item.get("title")):
        fields["title"] = [(title, {"type": "plain"})]
    if text := _text(item.get("content_text")):
        fields.setdefault("content", []).append((text, {"type": "text"}))
    if summary := _text(item.get("summary")):
        fields["summary"] = [(escape(summary, quote=False), {})]
    if link := _text(item.get("url")) or _text(item.get("external_url")):
        fields["link"] = [(link, {})]
    fields["author"] = _authors(item)
    tags = item.get("tags")
    fields["category"] = [(_text(tag), {}) for tag in tags] if isinstance(tags, list) else []
    fields["enclosure"] = [
        ("", {key: _text(file.get(name)) for key, name in _FILE.items()}) for file in _objects(item.get("attachments"))
    ]
    return fields


_FILE = {"url": "url", "type": "mime_type", "length": "size_in_bytes", "title": "title"}
