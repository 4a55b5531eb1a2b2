"""The protocol between parent and worker: two lengths, a JSON header and a raw body in each frame.

Nothing is unpickled. A feed comes back in several frames, one for each entry, so that the parent
never parses one long document while the screen waits.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from bacatui.model import Article, Cut, Enclosure, FoundFeed, Kind, ParsedEntry, ParsedFeed

_LIMIT: Final = 64 << 20  # bytes
_TYPES: Final[dict[str, type]] = {}
_USUAL: Final[dict[type, list[tuple[str, Any]]]] = {}


def register(*kinds: type) -> None:
    """Allow values of these dataclasses in headers and lines."""
    for kind in kinds:
        _TYPES[kind.__name__] = kind
        _USUAL[kind] = [(one.name, one.default) for one in fields(kind)]


register(Article, Cut, Enclosure, FoundFeed, ParsedEntry, ParsedFeed)


def pack(header: Any, size: int = 0) -> bytes:
    """A frame up to its body, which is `size` bytes long and follows it."""
    head = json.dumps(header, ensure_ascii=False, default=_plain).encode("utf-8", "replace")
    return struct.pack(">II", len(head), size) + head


def unpack(read: Callable[[int], bytes]) -> tuple[Any, bytes]:
    """The next frame, by way of `read`, which gives exactly the bytes asked for or raises EOFError."""
    length, size = struct.unpack(">II", read(8))
    if max(length, size) > _LIMIT:
        raise EOFError("not a frame")
    return json.loads(read(length), object_hook=_made), read(size)


def to_line(value: Any) -> bytes:
    """A value as one line."""
    return json.dumps(value, default=_plain).encode() + b"\n"


def from_line(line: bytes) -> Any:
    """The value of a line."""
    return json.loads(line, object_hook=_made)


def _plain(value: Any) -> dict[str, Any]:
    """What JSON cannot hold: datetimes, and the dataclasses that were registered."""
    if isinstance(value, datetime):
        return {"is": "datetime", "at": value.isoformat()}
    said = {
        name: one for name, usual in _USUAL[type(value)] if (one := getattr(value, name)) != usual
    }
    return {"is": type(value).__name__, **said}


def _made(value: dict[str, Any]) -> Any:
    name = value.pop("is", "")
    if name == "datetime":
        return datetime.fromisoformat(value["at"])
    kind: Any = _TYPES.get(name)
    if not kind:
        return value
    made: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in value.items()
    }
    return kind(**made | ({"kind": Kind(made["kind"])} if "kind" in made else {}))
