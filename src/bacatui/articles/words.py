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
    """One pattern of a section, compiled without regard to case. A list holds the parts of one pattern."""
    return re.compile("".join(words(section)[name]), re.IGNORECASE)
