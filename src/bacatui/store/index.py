"""The two full-text indexes: what goes into them, and the snippets that come out."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable

from bacatui.store.query import All, Any, Node, Not, Text

MATCH_START, MATCH_END = "\ue000", "\ue001"

# Scripts written without spaces, where a word is not what stands between blanks; Hangul for its particles.
_DENSE = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f]+"
)


def dense_runs(text: str) -> list[str]:
    """The runs of `text` in scripts without spaces."""
    return [] if text.isascii() else _DENSE.findall(text)


def sparse(text: str) -> str:
    """`text` without those runs."""
    return text if text.isascii() else _DENSE.sub(" ", text).strip()


def bigrams(text: str) -> str:
    """Each run as overlapping pairs and its last letter alone: `ABC` is `AB BC C`."""
    return " . ".join(" ".join(run[n : n + 2] for n in range(len(run))) for run in dense_runs(text))


def dense_match(run: str) -> str:
    """The FTS5 expression that finds `run` in the index of pairs."""
    pairs = " ".join(run[n : n + 2] for n in range(len(run) - 1))
    return f'"{pairs}"' if pairs else f'"{run}"*'


def is_indexed(text: str) -> bool:
    """True where `text` has a letter or digit, as the tokenizer sees it."""
    return any(unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Co" for char in text)


def word_match(text: Text) -> str:
    """The FTS5 expression of words in sequence; the quotes make operators of the reader's into text."""
    phrase = '"' + sparse(text.text).replace('"', " ") + '"' + ("*" if text.is_prefix else "")
    return f"{text.field} : {phrase}" if text.field else phrase


def positive(node: Node | None) -> Iterable[Text]:
    """What a hit of the query may show: its texts that are not excluded."""
    match node:
        case Text():
            yield node
        case All(parts) | Any(parts):
            for part in parts:
                yield from positive(part)
        case Not():
            pass


def add(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Index the readable text of these entries, which must not be indexed now."""
    _write(db, ids, "INSERT INTO search (rowid, title, author, text) VALUES (?, ?, ?, ?)",
           "INSERT INTO bigram (rowid, title, author, text) VALUES (?, ?, ?, ?)")  # fmt: skip


def remove(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Take these entries out of the index, while their text is still what was indexed."""
    _write(db, ids, "INSERT INTO search (search, rowid, title, author, text) VALUES ('delete', ?, ?, ?, ?)",
           "INSERT INTO bigram (bigram, rowid, title, author, text) VALUES ('delete', ?, ?, ?, ?)")  # fmt: skip


def _write(db: sqlite3.Connection, ids: Iterable[int], words: str, pairs: str) -> None:
    for entry in ids:
        row = db.execute("SELECT id, title, author, text FROM readable WHERE id = ?", (entry,)).fetchone()
        if row is None:
            continue
        db.execute(words, tuple(row))
        if not all(part.isascii() for part in row[1:]):
            dense = [bigrams(part) for part in row[1:]]
            if any(dense):
                db.execute(pairs, (entry, *dense))


def rebuild(db: sqlite3.Connection) -> None:
    """Both indexes anew, from the texts."""
    db.execute("INSERT INTO search (search) VALUES ('rebuild')")
    db.execute("INSERT INTO bigram (bigram) VALUES ('delete-all')")
    for row in db.execute("SELECT id, title, author, text FROM readable"):
        dense = [bigrams(part) for part in tuple(row)[1:]]
        if any(dense):
            db.execute("INSERT INTO bigram (rowid, title, author, text) VALUES (?, ?, ?, ?)", (row[0], *dense))


def snippets(db: sqlite3.Connection, tree: Node | None, ids: list[int]) -> dict[int, str]:
    """The passage of each entry that matches best, matches between MATCH_START and MATCH_END."""
    texts = [text for text in positive(tree) if text.field != "author"]
    found: dict[int, str] = {}
    words = [word_match(text) for text in texts if is_indexed(sparse(text.text)) and text.field != "title"]
    if words:
        sql = ("SELECT rowid, snippet(search, 2, char(0xe000), char(0xe001), '…', 24) FROM search "
               "WHERE search MATCH ? AND rowid = ?")  # fmt: skip
        for entry in ids:
            found.update((int(row[0]), str(row[1])) for row in db.execute(sql, (" OR ".join(words), entry)))
    runs = [run for text in texts for run in dense_runs(text.text)]
    for entry in ids if runs else ():
        if MATCH_START not in found.get(entry, ""):
            row = db.execute("SELECT text FROM readable WHERE id = ?", (entry,)).fetchone()
            found[entry] = _cut(row[0] if row else "", runs)
    return found


def _cut(text: str, runs: list[str]) -> str:
    """Some forty letters around the first of `runs`, with all of them marked."""
    pattern = re.compile("|".join(map(re.escape, sorted(runs, key=len, reverse=True))))
    first = pattern.search(text)
    at = max(0, first.start() - 20) if first else 0
    piece = pattern.sub(lambda hit: MATCH_START + hit[0] + MATCH_END, text[at : at + 60].replace("\n", " "))
    return ("…" if at else "") + piece + ("…" if at + 60 < len(text) else "")
