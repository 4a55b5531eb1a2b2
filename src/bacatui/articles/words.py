"""The vocabulary of pages, from `words.toml`: names and patterns that are data, not code."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def words(section: str) -> Any:
    """One section of the vocabulary."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))[section]


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """One of its patterns, compiled."""
    return re.compile(words(section)[name], re.IGNORECASE)
