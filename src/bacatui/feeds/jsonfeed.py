"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not know."""

import json
from html import escape
from typing import Any, Final

from bacatui.feeds.expat_parser import Fields, Raw
from bacatui.feeds.source import ENTRY_LIMIT, words
from bacatui.i18n import _
from bacatui.model import FeedError

_NAMES: Final = words("json")


def read(source: str) -> Raw:
    """The feed in `source`. What has the wrong type is passed over. Raises FeedError."""
    try:
        # numbers stay letters: Python refuses to make integers of more than 4,300 digits
        top = json.loads(
            source, strict=False, parse_int=str, parse_float=str, parse_constant=lambda _name: None
        )
    except (ValueError, RecursionError) as error:
        raise FeedError(_("This is JSON that cannot be read.")) from error
    items = top.get("items") if isinstance(top, dict) else None
    if not isinstance(items, list) or (
        "jsonfeed.org/version/" not in _text(top, "version") and not top.get("title")
    ):
        raise FeedError(_("This is JSON, but not a JSON Feed."))
    raw = Raw(
        "json11" if _text(top, "version").endswith("1.1") else "json10",
        _fields(top, _NAMES["feed"]),
    )
    raw.entries = [
        _fields(item, _NAMES["item"]) for item in items[:ENTRY_LIMIT] if isinstance(item, dict)
    ]
    if len(items) > ENTRY_LIMIT:
        raw.notes.append(_("Only the first {n} entries were read.").format(n=ENTRY_LIMIT))
    return raw


def _text(found: dict[str, Any], key: str) -> str:
    return value.strip() if isinstance(value := found.get(key), str) else ""


def _list(found: dict[str, Any], key: str, kind: type) -> list[Any]:
    return (
        [one for one in value if isinstance(one, kind)]
        if isinstance(value := found.get(key), list)
        else []
    )


def _fields(found: dict[str, Any], names: dict[str, str]) -> Fields:
    fields: Fields = {
        ours: [(text, {"type": "text" if key in _NAMES["plain"] else "html"})]
        for key, ours in names.items()
        if (text := _text(found, key))
    }
    if "summary" in fields:
        fields["summary"] = [(escape(fields["summary"][0][0], quote=False), {"type": "html"})]
    authors = _list(found, "authors", dict) or _list(
        {"author": [found.get("author")]}, "author", dict
    )
    fields["author"] = [(_text(author, "name") or _text(author, "url"), {}) for author in authors]
    fields["category"] = [(tag, {}) for tag in _list(found, "tags", str)]
    files = _list(found, "attachments", dict)
    fields["enclosure"] = [
        ("", {ours: _text(file, key) for key, ours in _NAMES["file"].items()}) for file in files
    ]
    return fields
