"""How parent and child talk over their pipes: frames of a 4-byte length, a JSON header, and a raw body.

JSON only, so nothing foreign is ever unpickled. A result goes home in several frames, one for each entry of a
feed, so that the parent takes it in small bites and a screen beside it never waits for one long document.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, Final

from bacatui.model import Article, Cut, Enclosure, FoundFeed, Kind, ParsedEntry, ParsedFeed

_TYPES: Final = {kind.__name__: kind for kind in (Article, Cut, Enclosure, FoundFeed, ParsedEntry, ParsedFeed)}
_FRAME_LIMIT: Final = 64 << 20  # bytes


def pack(header: Any, size: int = 0) -> bytes:
    """A frame up to its body, which is `size` bytes long and follows it."""
    head = json.dumps(header, ensure_ascii=False).encode("utf-8", "replace")
    return struct.pack(">II", len(head), size) + head


def unpack(read: Callable[[int], bytes]) -> tuple[Any, bytes]:
    """The next frame, by way of `read`, which gives exactly the bytes asked for or raises EOFError."""
    length, size = struct.unpack(">II", read(8))
    if length > _FRAME_LIMIT or size > _FRAME_LIMIT:
        raise EOFError("not a frame")
    return json.loads(read(length)), read(size) if size else b""


def parts(result: object) -> Iterator[Any]:
    """A result as values that JSON can hold: a feed, and then its entries one by one."""
    if isinstance(result, ParsedFeed):
        yield _plain(replace(result, entries=()))
        for entry in result.entries:
            yield _plain(entry)
    else:
        yield _plain(result)


def whole(values: list[Any]) -> Any:
    """The result that `parts` took apart."""
    first, *rest = (_made(value) for value in values)
    return replace(first, entries=tuple(rest)) if isinstance(first, ParsedFeed) else first


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {"is": type(value).__name__} | {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime):
        return {"is": "datetime", "at": value.isoformat()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_made, value))
    if not isinstance(value, dict):
        return value
    if value["is"] == "datetime":
        return datetime.fromisoformat(value["at"])
    made = {key: _made(one) for key, one in value.items() if key != "is"}
    if value["is"] == "Article":
        made["kind"] = Kind(made["kind"])
    return _TYPES[value["is"]](**made)
