"""The query language of list, search, filter, mark, saved searches and mute rules.

    words  "a phrase"  word*  -not  this OR that  ( … )
    title: text: author:     in one field only
    feed: folder: tag:       by name (part of a feed's title is enough), feeds also by number
    is:unread|read|bookmarked|offline|failed|pending|tagged|noted
    after: before:           2024, 2024-05, 2024-05-31, or an age: 12h 3d 2w 6m 1y

Words stand together (AND); OR binds weaker. A colon after anything but these names is part of the word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from bacatui.clock import now
from bacatui.i18n import _

IS = ("unread", "read", "bookmarked", "offline", "failed", "pending", "tagged", "noted")
TEXT_FIELDS = ("title", "text", "author")
FIELDS = (*TEXT_FIELDS, "feed", "folder", "tag", "is", "after", "before")


class QueryError(ValueError):
    """The query cannot be understood. `position` counts characters from 0; `str()` says what is wrong and where."""

    def __init__(self, text: str, position: int) -> None:
        super().__init__(_("{problem} (at character {n})").format(problem=text, n=position + 1))
        self.position = position


@dataclass(frozen=True, slots=True)
class Text:
    """Words to be found together, in `field` or anywhere."""

    text: str
    field: str = ""
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A condition that is not about text; `value` is a name, or a time in seconds for after and before."""

    field: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Node, ...]


Node = Text | Fact | Not | All | Any

_TOKEN = re.compile(
    r"\s*(?:(?P<open>-?\()|(?P<close>\))"
    r'|(?P<minus>-(?=["\w]))?(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"?\*?)|(?P<word>[^\s"()]+|(?<=:)))'
    r"|(?P<odd>\S))"
)
_AGE = re.compile(r"(\d{1,5})([hdwmy])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}
_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")  # what SQLite takes for the end of a text, or not at all
_DEPTH, _WORDS = 40, 400


def parse(query: str, today: datetime | None = None) -> Node | None:
    """The query as a tree; None where it is empty. Raises QueryError."""
    reading = _Reading(_UNSPEAKABLE.sub(" ", query), today or now())
    if reading.is_too_long:
        raise QueryError(_("This query is too long"), _WORDS)
    tree = reading.either()
    if reading.here is not None:
        raise QueryError(_("A closing bracket without an opening one"), reading.at)
    return tree


class _Reading:
    """One pass over the tokens, by recursive descent."""

    def __init__(self, query: str, today: datetime) -> None:
        self._tokens = [m for m in _TOKEN.finditer(query) if m[0].strip()]
        self._n, self._depth, self._length, self._today = 0, 0, len(query), today

    @property
    def here(self) -> re.Match[str] | None:
        return self._tokens[self._n] if self._n < len(self._tokens) else None

    @property
    def at(self) -> int:
        token = self.here
        return token.start() + len(token[0]) - len(token[0].lstrip()) if token else self._length

    @property
    def is_too_long(self) -> bool:
        return len(self._tokens) > _WORDS

    @staticmethod
    def _is_or(token: re.Match[str] | None) -> bool:
        return token is not None and token["word"] == "OR" and not token["field"] and not token["minus"]

    def either(self) -> Node | None:
        parts = [self._together()]
        while self._is_or(self.here):
            at, self._n = self.at, self._n + 1
            parts.append(self._together())
            if parts[-2] is None or parts[-1] is None:
                raise QueryError(_("OR needs something on both sides"), at)
        found = [part for part in parts if part is not None]
        return found[0] if len(found) == 1 else Any(tuple(found)) if found else None

    def _together(self) -> Node | None:
        parts: list[Node] = []
        while (token := self.here) and not token["close"] and not self._is_or(token):
            parts.append(self._one(token))
        return parts[0] if len(parts) == 1 else All(tuple(parts)) if parts else None

    def _one(self, token: re.Match[str]) -> Node:
        at, self._n = self.at, self._n + 1
        if token["open"]:
            self._depth += 1
            if self._depth > _DEPTH:
                raise QueryError(_("Too many brackets"), at)
            inner = self.either()
            if self.here is None or not self.here["close"]:
                raise QueryError(_("This bracket is never closed"), at)
            self._n, self._depth = self._n + 1, self._depth - 1
            if inner is None:
                raise QueryError(_("Nothing stands in these brackets"), at)
            return Not(inner) if token["open"][0] == "-" else inner
        node = self._leaf(token, at)
        return Not(node) if token["minus"] else node

    def _leaf(self, token: re.Match[str], at: int) -> Node:
        name, word = token["field"] or "", token["word"]
        if token["odd"]:
            if token["odd"] == '"':
                raise QueryError(_("This quotation mark is never closed"), at)
            return Text(token["odd"])
        if token["phrase"] is not None and not token["end"].startswith('"'):
            raise QueryError(_("This quotation mark is never closed"), at)
        value = token["phrase"] if word is None else word
        if name.lower() in FIELDS:
            if not value.strip():
                raise QueryError(_("Nothing follows {field}:").format(field=name), at)
            return self._field(name.lower(), value, token, at)
        if name:
            near = get_close_matches(name.lower(), FIELDS, 1, 0.75) if name.islower() else []
            if near:
                raise QueryError(_("There is no {field}: – do you mean {near}: ?").format(field=name, near=near[0]), at)
            value = f"{name}:{value}"
        return self._words(value, "", token)

    def _words(self, value: str, field: str, token: re.Match[str]) -> Text:
        is_prefix = (token["end"] or "").endswith("*") or (token["word"] or "").endswith("*")
        return Text(value.rstrip("*") if token["word"] else value, field, is_prefix)

    def _field(self, field: str, value: str, token: re.Match[str], at: int) -> Node:
        if field in TEXT_FIELDS:
            return self._words(value, field, token)
        if field == "is":
            if value.lower() not in IS:
                raise QueryError(_("is: takes one of {words}").format(words=", ".join(IS)), at)
            return Fact("is", value.lower())
        return Fact(field, self._time(value, at) if field in {"after", "before"} else value)

    def _time(self, value: str, at: int) -> int:
        if age := _AGE.fullmatch(value.lower()):
            return int((self._today - timedelta(hours=int(age[1]) * _HOURS[age[2]])).timestamp())
        try:
            year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
            if not re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", value):
                raise ValueError(value)
            return int(datetime(year, month, day).astimezone().timestamp())
        except (ValueError, OverflowError) as error:
            problem = _("{value} is no date; write 2024-05-31, or an age such as 3d").format(value=value)
            raise QueryError(problem, at) from error


def typing(query: str) -> str:
    """The query as far as one has typed it: an unfinished last word finds what begins so."""
    is_word = re.search(r"(^|[\s(:-])[^\s\"():*]{2,}$", query)
    if is_word and not re.search(r"(^|\s)-?(is|after|before|feed|folder|tag):\S*$", query):
        return query if query.endswith(("OR", "-")) else query + "*"
    return query
