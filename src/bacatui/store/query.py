"""The query language of list, search, filter, mark, saved searches and mute rules.

    words  "a phrase"  word*  -not  this OR that  ( … )
    title: text: author:     in one field only
    feed: folder: tag:       by name (part of a feed's title is enough), feeds also by number
    is:unread|read|bookmarked|offline|failed|pending|tagged|noted
    after: before:           2024, 2024-05, 2024-05-31, or an age: 12h 3d 2w 6m 1y

Words are joined by AND, which binds stronger than OR. A colon after any other name is part of the
word.
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
    """An invalid query. `position` counts characters from 0; `str()` says what is wrong where."""

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
    """A condition on other data than text; `value` is a name, or seconds for after and before."""

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
# Characters that end a text in SQLite, or that it does not take.
_INVALID = re.compile("[\0\ud800-\udfff]")
_MAX_DEPTH, _MAX_TOKENS = 40, 400


def parse(query: str, today: datetime | None = None) -> Node | None:
    """The query as a tree; None where it is empty. Ages count back from `today`.

    Raises QueryError.
    """
    parser = _Parser(_INVALID.sub(" ", query), today or now())
    if len(parser.tokens) > _MAX_TOKENS:
        raise QueryError(_("This query is too long"), _MAX_TOKENS)
    tree = parser.alternatives()
    if parser.token:
        raise QueryError(_("A closing bracket without an opening one"), parser.at)
    return tree


class _Parser:
    """One pass over the tokens, by recursive descent."""

    def __init__(self, query: str, today: datetime) -> None:
        self.tokens = [match for match in _TOKEN.finditer(query) if match[0].strip()]
        self.n, self.depth, self.length, self.today = 0, 0, len(query), today

    @property
    def token(self) -> re.Match[str] | None:
        """The token at the present position, or None at the end."""
        return self.tokens[self.n] if self.n < len(self.tokens) else None

    @property
    def at(self) -> int:
        """The position of that token in the query, in characters."""
        return self.token.end() - len(self.token[0].lstrip()) if self.token else self.length

    @property
    def is_or(self) -> bool:
        """Whether that token is the operator OR."""
        return bool(
            self.token
            and self.token["word"] == "OR"
            and not self.token["field"]
            and not self.token["minus"]
        )

    def alternatives(self) -> Node | None:
        """Parse conjunctions with OR between them."""
        parts = [self.conjunction()]
        while self.is_or:
            at, self.n = self.at, self.n + 1
            parts.append(self.conjunction())
            if None in parts:
                raise QueryError(_("OR needs something on both sides"), at)
        return parts[0] if len(parts) == 1 else Any(tuple(filter(None, parts)))

    def conjunction(self) -> Node | None:
        """Parse terms and brackets up to OR, a closing bracket or the end."""
        parts: list[Node] = []
        while (token := self.token) and not token["close"] and not self.is_or:
            parts.append(self.bracket(token) if token["open"] else self.term(token))
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def bracket(self, token: re.Match[str]) -> Node:
        """Parse a query in brackets."""
        at, self.n, self.depth = self.at, self.n + 1, self.depth + 1
        if self.depth > _MAX_DEPTH:
            raise QueryError(_("Too many brackets"), at)
        inner = self.alternatives()
        if self.token is None or not self.token["close"]:
            raise QueryError(_("This bracket is never closed"), at)
        self.n, self.depth = self.n + 1, self.depth - 1
        if inner is None:
            raise QueryError(_("These brackets are empty"), at)
        return Not(inner) if token["open"][0] == "-" else inner

    def term(self, token: re.Match[str]) -> Node:
        """Parse a word, a phrase, or a field with its value."""
        at, self.n = self.at, self.n + 1
        name, word, phrase, end = (
            token["field"] or "",
            token["word"],
            token["phrase"],
            token["end"] or "",
        )
        if token["odd"] == '"' or (phrase is not None and not end.startswith('"')):
            raise QueryError(_("This quotation mark is never closed"), at)
        value, field = phrase if word is None else word, name.lower()
        if token["odd"]:
            return Text(token["odd"])
        if name and field not in FIELDS:  # a colon inside a word, or a slip
            if near := get_close_matches(name, FIELDS, 1, 0.75):
                raise QueryError(
                    _("There is no {field}: – do you mean {near}: ?").format(
                        field=name, near=near[0]
                    ),
                    at,
                )
            value, field = f"{name}:{value}", ""
        elif name and not value.strip():
            raise QueryError(_("Nothing follows {field}:").format(field=name), at)
        if field in {"", *TEXT_FIELDS}:
            node: Node = Text(
                value.rstrip("*") if word else value, field, (word or end).endswith("*")
            )
        elif field == "is" and value.lower() not in IS:
            raise QueryError(_("is: takes one of {words}").format(words=", ".join(IS)), at)
        else:
            is_time = field in {"after", "before"}
            node = Fact(
                field,
                self.time(value, at) if is_time else value.lower() if field == "is" else value,
            )
        return Not(node) if token["minus"] else node

    def time(self, value: str, at: int) -> int:
        """Seconds since 1970 at the beginning of a day, month or year, or at an age such as 3d."""
        if age := _AGE.fullmatch(value.lower()):
            return int((self.today - timedelta(hours=int(age[1]) * _HOURS[age[2]])).timestamp())
        try:
            if not re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", value):
                raise ValueError(value)
            year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
            return int(datetime(year, month, day).astimezone().timestamp())
        except (ValueError, OverflowError) as error:
            problem = _("{value} is not a date; write 2024-05-31, or an age such as 3d").format(
                value=value
            )
            raise QueryError(problem, at) from error


def typing(query: str) -> str:
    """The query while the user types it: an unfinished last word becomes a prefix (`wor*`)."""
    is_word = re.search(r"(^|[\s(:-])[^\s\"():*]{2,}$", query)
    if is_word and not re.search(r"(^|\s)-?(is|after|before|feed|folder|tag):\S*$", query):
        return query if query.endswith(("OR", "-")) else query + "*"
    return query
