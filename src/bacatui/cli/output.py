"""What leaves by the terminal: text that has passed the gate once more, messages on stderr, JSON documents."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from bacatui import sanitize


class Refusal(Exception):  # noqa: N818 - wrong use is no error of the program
    """A command cannot go on. `str()` is one sentence for the reader, `code` the exit code (DESIGN 8)."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def prepare() -> None:
    """Make both streams able to print any character; a stream that was closed swallows what it gets."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we do
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(text: str = "") -> None:
    """A line, or more, of what was asked for."""
    sys.stdout.write(sanitize.code(text) + "\n")


def tell(text: str) -> None:
    """One line for the person at the terminal: never part of what was asked for."""
    sys.stdout.flush()
    sys.stderr.write("bacatui: " + sanitize.clean(text) + "\n")
    sys.stderr.flush()


def emit(document: dict[str, Any]) -> None:
    """One JSON document, readable by people too."""
    _write_json(json.dumps(document, ensure_ascii=_is_narrow(), indent=2) + "\n")


def emit_list(name: str, items: Iterable[dict[str, Any]]) -> None:
    """The same for a long list, item by item, so that memory does not grow with it."""
    first = True
    _write_json('{"' + name + '": [')
    for item in items:
        _write_json(("\n  " if first else ",\n  ") + json.dumps(item, ensure_ascii=_is_narrow()))
        first = False
    _write_json("]}\n" if first else "\n]}\n")


def _write_json(text: str) -> None:
    sys.stdout.write(sanitize.code(text))


def _is_narrow() -> bool:
    return (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") != "utf8"


def wrapped(text: str, width: int) -> str:
    """`text` with each of its lines broken at `width` columns; list items keep their indent."""
    import textwrap

    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip(" •"))]
        lines.extend(textwrap.wrap(line, width, subsequent_indent=" " * len(indent)) or [""])
    return "\n".join(lines)
