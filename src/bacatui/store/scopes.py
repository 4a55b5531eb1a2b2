"""Scopes and queries as SQL, composed of pieces from `statements.sql`.

What the user typed is passed in parameters only.
"""

import sqlite3
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bacatui.model import Scope, ScopeKind
from bacatui.store import index
from bacatui.store.query import All, Any, Fact, Node, Not, Text, parse
from bacatui.store.sql import statement

FEW, COMMON = 500, 20_000  # limits of the number of hits: see `_found_by`
Piece = tuple[str, list[object]]  # a condition in SQL, and its parameters in order

ORDERS: Final = ("newest", "oldest", "feed", "title", "longest", "shortest")


@dataclass(frozen=True, slots=True)
class ScopeQuery:
    """A scope as parts of an SQL statement."""

    source: str  # what follows FROM
    where: str
    values: list[object]  # parameters of `where`
    match: str  # the FTS5 expression, for the order by rank; "" without words

    def select(self, columns: str, tail: str = "") -> str:
        """The SELECT statement of these columns; `tail` is added to its end."""
        return " ".join(("SELECT", columns, "FROM", self.source, "WHERE", self.where, tail))

    def ids(self, order: str, limit: str = "") -> Piece:
        """The statement that selects the entry numbers in `order`, with its parameters."""
        if order == "rank" and self.match:
            joined = (
                statement("ranked"),
                self.source,
                "ON e.id = r.id WHERE",
                self.where,
                statement("order.rank"),
                limit,
            )
            return " ".join(joined), [self.match, *self.values]
        by = statement("order." + (order if order in ORDERS else "newest"))
        return self.select("e.id", " ".join((by, limit))), self.values


def scope_query(
    db: sqlite3.Connection, scope: Scope, unread_only: bool = False, probe: bool = False
) -> ScopeQuery:
    """`scope` as SQL. With `probe`, it is made to find the first rows fast. Raises QueryError."""
    only_unread = unread_only or scope.kind is ScopeKind.UNREAD
    nodes, key = [parse(scope.filter)], scope.key
    match scope.kind:
        case ScopeKind.FEED:
            nodes.append(Fact("number", int(key) if key.isdecimal() else 0))
        case ScopeKind.FOLDER:
            nodes.append(Fact("folder", key))
        case ScopeKind.BOOKMARKS:
            nodes.append(Fact("is", "bookmarked"))
        case ScopeKind.PACK:
            nodes.append(
                Fact("pack", ",".join(part for part in key.split(",") if part.strip().isdecimal()))
            )
        case ScopeKind.SEARCH:
            nodes.append(parse(key))
    found_by = partial(_found_by, db) if probe else lambda _match: statement("found")
    pieces = [_condition(node, found_by) for node in nodes if node]
    where, values = _joined([("1" if only_unread else "e.hidden = 0", []), *pieces], " AND ")
    ranked = [
        " OR ".join(filter(None, map(index.word_match, index.positive(node)))) for node in nodes
    ]
    source = statement("from.unread" if only_unread else "from.entry")
    return ScopeQuery(source, where, values, next(filter(None, ranked), ""))


def like(text: str, before: str = "%", after: str = "%") -> str:
    """A LIKE pattern that means `text` itself, with a backslash as its escape."""
    return before + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + after


def _found_by(db: sqlite3.Connection, match: str) -> str:
    """The condition that a full-text expression matches, in the form that is fastest for its hits.

    Few hits are looked up and sorted. With more, SQLite goes through the list in its order until a
    screen is full, and looks each entry up in the set of hits. A word that is nearly everywhere is
    searched for in each entry on that way, so that the set is not collected.
    """
    hits = int(db.execute(statement("hits"), (match, COMMON)).fetchone()[0])
    if hits <= FEW:
        return statement("found")
    return statement("walked" if hits < COMMON or "*" in match else "asked")


def _condition(node: Node, found_by: Callable[[str], str]) -> Piece:
    """A query's tree as a condition on the entry `e`."""
    if match := index.expression(node):
        return found_by(match), [match]
    match node:
        case Text(text, field):  # with letters of a script without spaces, or without any letters
            word = index.word_match(node)
            pairs = map(index.dense_match, index.dense_runs(text))
            pieces: list[Piece] = [(found_by(word), [word])] if word else []
            pieces += [
                (statement("found_pairs"), [f"{field} : {pair}" if field else pair])
                for pair in pairs
            ]
            if pieces:
                return _joined(pieces, " AND ")
            return ("0", []) if _is_punctuation(node) else (statement("in_title"), [like(text)])
        case Fact("is", value):
            return statement(f"is.{value}"), []
        case Fact(field, value):
            more = {"feed": like(str(value)), "folder": like(str(value) + "/", "")}.get(field)
            return statement("fact." + field), [value] if more is None else [value, more]
        case Not(part):
            sql, values = _condition(part, found_by)
            return f"NOT ({sql})", values
        case All(parts) | Any(parts):
            # punctuation between words is ignored; words are searched for in one expression
            meaningful = [part for part in parts if not _is_punctuation(part)] or list(parts)
            words = tuple(
                p for p in meaningful if index.expression(p.part if isinstance(p, Not) else p)
            )
            if 1 < len(words) < len(meaningful) and index.expression(together := type(node)(words)):
                meaningful = [together, *(part for part in meaningful if part not in words)]
            joint = " AND " if isinstance(node, All) else " OR "
            return _joined([_condition(part, found_by) for part in meaningful], joint)


def _joined(pieces: Iterable[Piece], joint: str) -> Piece:
    pieces = list(pieces)
    condition = "(" + joint.join(sql for sql, _ in pieces) + ")"
    return condition, [value for _, values in pieces for value in values]


def _is_punctuation(node: Node) -> bool:
    """Whether `node` is a text of punctuation only."""
    return isinstance(node, Text) and all(
        unicodedata.category(char)[0] in "PZC" for char in node.text
    )
