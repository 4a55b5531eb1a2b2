"""Scopes and queries as SQL. Every piece is a constant of this file; what the reader wrote goes as parameters."""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import Final, assert_never

from bacatui.model import Scope, ScopeKind
from bacatui.store import index
from bacatui.store.query import All, Any, Fact, Node, Not, Text, parse

FEW, COMMON = 500, 20_000  # hits: see `_found_by`
Parameters = tuple[object, ...]

_ENTRIES = "entry e"
_UNREAD = "(SELECT sort_at, entry AS id, feed FROM unread) e"
_TITLE = "(SELECT coalesce(nullif(f.title, ''), nullif(f.publisher_title, ''), f.url) FROM feed f WHERE f.id = e.feed)"
ORDERS: Final = {
    "newest": "e.sort_at DESC, e.id DESC",
    "oldest": "e.sort_at, e.id",
    "feed": _TITLE + " COLLATE NOCASE, e.sort_at DESC, e.id DESC",
    "title": "(SELECT title FROM entry x WHERE x.id = e.id) COLLATE NOCASE, e.id",
    "longest": "(SELECT words FROM entry x WHERE x.id = e.id) DESC, e.id DESC",
    "shortest": "(SELECT words FROM entry x WHERE x.id = e.id), e.id",
}
_IS = {
    "unread": "EXISTS (SELECT 1 FROM unread u WHERE u.sort_at = e.sort_at AND u.entry = e.id)",
    "read": "NOT EXISTS (SELECT 1 FROM unread u WHERE u.sort_at = e.sort_at AND u.entry = e.id)",
    "bookmarked": "e.id IN (SELECT entry FROM mark WHERE bookmarked_at IS NOT NULL)",
    "noted": "e.id IN (SELECT entry FROM mark WHERE note <> '')",
    "tagged": "e.id IN (SELECT entry FROM tag)",
    "offline": "(SELECT offline FROM entry x WHERE x.id = e.id) IN ('ready', 'partial')",
    "failed": "(SELECT offline FROM entry x WHERE x.id = e.id) = 'failed'",
    "pending": "(SELECT offline FROM entry x WHERE x.id = e.id) = 'pending'",
}
_FACTS = {
    # the unary plus keeps SQLite on the index of the order, so that a first screen does not sort a whole folder
    "folder": "+e.feed IN (SELECT id FROM feed WHERE folder = ?1 COLLATE NOCASE OR folder LIKE ?2 ESCAPE '\\')",
    "feed": "+e.feed IN (SELECT id FROM feed WHERE CAST(id AS TEXT) = ?1 OR url = ?1"
    " OR coalesce(nullif(title, ''), nullif(publisher_title, ''), url) LIKE ?2 ESCAPE '\\')",
    "tag": "e.id IN (SELECT entry FROM tag WHERE name = ?1 COLLATE NOCASE)",
    "after": "e.sort_at >= ?1",
    "before": "e.sort_at < ?1",
}
_FOUND = "e.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
_WALKED = "+e.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
_ASKED = "EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = e.id)"
_PAIRS = "e.id IN (SELECT rowid FROM bigram WHERE bigram MATCH ?)"
_IN_TITLE = "(SELECT title FROM entry x WHERE x.id = e.id) LIKE ? ESCAPE '\\'"
_NOTHING = "0"


@dataclass(frozen=True, slots=True)
class Sequence:
    """A scope as SQL: where its entries come from, which of them, and by what parameters."""

    source: str
    where: str
    values: Parameters
    match: str = ""  # the full-text expression, for an order by rank

    def select(self, columns: str, tail: str = "") -> str:
        return " ".join(("SELECT", columns, "FROM", self.source, "WHERE", self.where, tail))

    def ids(self, order: str, limit: str = "") -> tuple[str, Parameters]:
        """The statement that gives its entry numbers in `order`, with its parameters."""
        if order == "rank" and self.match:
            ranked = """(SELECT rowid AS id, bm25(search, 8, 4, 1) AS rank FROM search WHERE search MATCH ?
              ORDER BY rowid DESC LIMIT 5000) r CROSS JOIN"""
            parts = (
                "SELECT e.id FROM",
                ranked,
                self.source,
                "ON e.id = r.id WHERE",
                self.where,
                "ORDER BY r.rank, e.id DESC",
                limit,
            )
            return " ".join(parts), (self.match, *self.values)
        return self.select("e.id", " ".join(("ORDER BY", ORDERS.get(order, ORDERS["newest"]), limit))), self.values


def sequence(db: sqlite3.Connection, scope: Scope, unread_only: bool = False, probe: bool = False) -> Sequence:
    """`scope` as SQL. `probe`: only its beginning is wanted. Raises QueryError."""
    only_unread = unread_only or scope.kind is ScopeKind.UNREAD
    where, values, match = ["1" if only_unread else "e.hidden = 0"], list[object](), ""
    key = scope.key
    if scope.kind is ScopeKind.FEED:
        where.append("e.feed = ?")
        values.append(int(key) if key.isdecimal() else 0)
    elif scope.kind is ScopeKind.FOLDER:
        where.append("+e.feed IN (SELECT id FROM feed WHERE folder = ? OR folder LIKE ? ESCAPE '\\')")
        values += [key, like(key + "/", "", "%")]
    elif scope.kind is ScopeKind.BOOKMARKS:
        where.append(_IS["bookmarked"])
    elif scope.kind is ScopeKind.PACK:
        where.append("e.id IN (SELECT value FROM json_each('[' || ? || ']'))")
        values.append(",".join(part for part in key.split(",") if part.strip().isdecimal()))
    queries = [scope.filter, key] if scope.kind is ScopeKind.SEARCH else [scope.filter]
    for query in queries:
        if (tree := parse(query)) is not None:
            condition, found = _Condition(db, probe).of(tree)
            where.append(condition)
            values += found
            match = match or " OR ".join(filter(None, map(index.word_match, index.positive(tree))))
    return Sequence(_UNREAD if only_unread else _ENTRIES, " AND ".join(where), tuple(values), match)


def like(text: str, before: str = "%", after: str = "%") -> str:
    """A LIKE pattern that means `text` itself, with a backslash as its escape."""
    return before + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + after


class _Condition:
    """A query's tree as a condition on `e.id`, `e.sort_at` and `e.feed` with its parameters in order."""

    def __init__(self, db: sqlite3.Connection, probe: bool) -> None:
        self._db, self._probe = db, probe

    def of(self, node: Node) -> tuple[str, list[object]]:
        if match := index.expression(node):
            return self._found_by(match), [match]
        match node:
            case Text():
                return self._text(node)
            case Fact("is", value):
                return _IS[str(value)], []
            case Fact(field, value):
                sql = _FACTS[field]
                pattern = like(str(value) + "/", "", "%") if field == "folder" else like(str(value))
                return _plain(sql), [pattern if mark == "?2" else value for mark in _marks(sql)]
            case Not(part):
                sql, values = self.of(part)
                return f"NOT ({sql})", values
            case All(parts) | Any(parts):
                # punctuation between words says nothing; words go to the index together
                spoken = [p for p in parts if not (isinstance(p, Text) and _is_mute(p.text))] or list(parts)
                words = tuple(
                    p for p in spoken if index.expression(p) or (isinstance(p, Not) and index.expression(p.part))
                )
                together = type(node)(words)
                if 1 < len(words) < len(spoken) and index.expression(together):
                    spoken = [together, *(p for p in spoken if p not in words)]
                pieces = [self.of(part) for part in spoken]
                joint = " AND " if isinstance(node, All) else " OR "
                return "(" + joint.join(sql for sql, _ in pieces) + ")", [v for _, found in pieces for v in found]
        assert_never(node)

    def _text(self, text: Text) -> tuple[str, list[object]]:
        """Text that has letters of a script without spaces, or none at all."""
        pieces: list[tuple[str, list[object]]] = []
        if match := index.word_match(text):
            pieces.append((self._found_by(match), [match]))
        for run in index.dense_runs(text.text):
            match = index.dense_match(run)
            pieces.append((_PAIRS, [f"{text.field} : {match}" if text.field else match]))
        if not pieces:
            return (_NOTHING, []) if _is_mute(text.text) else (_IN_TITLE, [like(text.text)])
        return "(" + " AND ".join(sql for sql, _ in pieces) + ")", [v for _, found in pieces for v in found]

    def _found_by(self, match: str) -> str:
        """How to ask for what the index finds: by the way that is cheapest for so many hits.

        Few are looked up and sorted. More are kept as a set, while the list's own order is walked until a screen is
        full. What is nearly everywhere is not even collected, but asked entry by entry along that walk.
        """
        if not self._probe:
            return _FOUND
        sql = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)"
        hits = int(self._db.execute(sql, (match, COMMON)).fetchone()[0])
        return _FOUND if hits <= FEW else _WALKED if hits < COMMON or "*" in match else _ASKED


def _is_mute(text: str) -> bool:
    return all(unicodedata.category(char)[0] in "PZC" for char in text)


def _marks(sql: str) -> list[str]:
    return [sql[n : n + 2] for n in range(len(sql)) if sql[n] == "?"]


def _plain(sql: str) -> str:
    return sql.replace("?1", "?").replace("?2", "?")
