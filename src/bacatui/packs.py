"""Starter packs: feeds that go together, for those who have none yet.

They are files, ours and the user's own.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bacatui.i18n import _, language
from bacatui.text import sanitize

OURS: Final = Path(__file__).parent / "packs.toml"


@dataclass(frozen=True, slots=True)
class StarterFeed:
    """One feed of a pack; `about` says in a few words what is in it.

    `url` may hold a user's name and password.
    """

    title: str
    url: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class StarterPack:
    """Feeds that are offered together; their folder has the pack's title."""

    title: str
    about: str
    feeds: tuple[StarterFeed, ...]


def load(*files: Path) -> tuple[tuple[StarterPack, ...], tuple[str, ...]]:
    """The packs of those files that are there, in the user's language, and a sentence for each that
    cannot be read.
    """
    found: list[StarterPack] = []
    problems = []
    for file in filter(Path.is_file, files):
        try:
            found += map(_pack, tomllib.loads(file.read_text("utf-8")).get("pack", []))
        except (OSError, ValueError, TypeError, AttributeError) as error:
            why = str(error).splitlines()[0]
            problems.append(
                _("The starter packs in {file} are left out: {why}").format(file=file, why=why)
            )
    return tuple(found), tuple(problems)


def _pack(table: Mapping[str, Any]) -> StarterPack:
    feeds = tuple(map(_feed, table.get("feeds", [])))
    if not feeds:
        raise ValueError(_("{name} has no feeds.").format(name=_text(table, "title") or "[[pack]]"))
    return StarterPack(_text(table, "title"), _text(table, "about"), feeds)


def _feed(table: Mapping[str, Any]) -> StarterFeed:
    url = str(table.get("url", ""))
    if not sanitize.url(url):
        raise ValueError(
            _("{name} has no web address.").format(name=_text(table, "title") or "[[pack.feeds]]")
        )
    return StarterFeed(_text(table, "title") or sanitize.url(url), url, _text(table, "about"))


def _text(table: Mapping[str, Any], name: str) -> str:
    """What a table says under a name, in the user's language where it does."""
    return sanitize.clean(str(table.get(f"{name}_{language()}") or table.get(name, "")))
