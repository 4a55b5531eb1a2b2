"""The two full-text indexes, and the snippets of search results.

`search` indexes words. `bigram` indexes pairs of letters, for scripts without spaces between words.
"""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence

from bacatui.store.query import All, Any, Node, Not, Text
from bacatui.store.sql import statement
from bacatui.text import UNSPACED

MATCH_START, MATCH_END = "\ue000", "\ue001"

# Letters of scripts without spaces, and Hangul, whose particles are attached to words. An entry's
# pairs are deleted by its text, so the index must be rebuilt when these letters change.
_DENSE = re.compile(f"[{UNSPACED}\uac00-\ud7af]+")


def dense_runs(text: str) -> list[str]:
    """The runs of `text` in scripts without spaces."""
    return [] if text.isascii() else _DENSE.findall(text)


def sparse(text: str) -> str:
    """`text` without the runs in scripts without spaces."""
    return text if text.isascii() else _DENSE.sub(" ", text).strip()


def bigrams(text: str) -> str:
    """The runs of `text` as overlapping pairs, and the last letter alone: `ABC` is `AB BC C`."""
    return " . ".join(" ".join(run[n : n + 2] for n in range(len(run))) for run in dense_runs(text))


def dense_match(run: str) -> str:
    """The FTS5 expression that finds `run` in the index of pairs."""
    pairs = " ".join(run[n : n + 2] for n in range(len(run) - 1))
    return f'"{pairs}"' if pairs else f'"{run}"*'


def word_match(text: Text) -> str:
    """The FTS5 expression for words in sequence, quoted so that FTS5 sees no operators; or ""."""
    words = sparse(text.text).replace('"', " ")
    if not any(
        unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Co"
        for char in words
    ):
        return ""
    phrase = f'"{words}"' + ("*" if text.is_prefix and words == text.text.replace('"', " ") else "")
    return f"{text.field} : {phrase}" if text.field else phrase


def expression(node: Node) -> str:
    """`node` as one FTS5 expression for the index of words; "" where that index is not enough."""
    match node:
        case Text(text):
            return "" if dense_runs(text) else word_match(node)
        case All(parts):
            wanted = [expression(part) for part in parts if not isinstance(part, Not)]
            unwanted = [expression(part.part) for part in parts if isinstance(part, Not)]
            if not wanted or not all(wanted + unwanted):
                return ""
            return "(" + " NOT ".join(["(" + " AND ".join(wanted) + ")", *unwanted]) + ")"
        case Any(parts):
            found = [expression(part) for part in parts]
            return "(" + " OR ".join(found) + ")" if all(found) else ""
        case _:
            return ""


def positive(node: Node | None) -> Iterable[Text]:
    """The texts of the query that are not excluded with a minus; snippets show their matches."""
    match node:
        case Text():
            yield node
        case All(parts) | Any(parts):
            for part in parts:
                yield from positive(part)


def add(db: sqlite3.Connection, ids: Iterable[int], command: str | None = None) -> None:
    """Index the readable text of these entries, which must not be indexed yet."""
    for id, *texts in db.execute(statement("readable"), (json.dumps(list(ids)),)).fetchall():
        write(db, id, texts, command)


def write(
    db: sqlite3.Connection, id: int, texts: Sequence[str], command: str | None = None
) -> None:
    """Index the texts of an entry: title, author and text. `command` "delete" removes them."""
    db.execute(statement("index_words"), (command, id, *texts))
    _write_pairs(db, command, id, texts)


def remove(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Remove these entries from the indexes; call it before their text changes."""
    add(db, ids, "delete")


def rebuild(db: sqlite3.Connection) -> None:
    """Rebuild both indexes from the texts."""
    db.execute("INSERT INTO search (search) VALUES ('rebuild')")
    db.execute("INSERT INTO bigram (bigram) VALUES ('delete-all')")
    for id, *texts in db.execute("SELECT id, title, author, text FROM readable"):
        _write_pairs(db, None, id, texts)


def _write_pairs(
    db: sqlite3.Connection, command: str | None, id: int, texts: Sequence[str]
) -> None:
    if any(pairs := [bigrams(text) for text in texts]):
        db.execute(statement("index_pairs"), (command, id, *pairs))


def snippets(db: sqlite3.Connection, tree: Node | None, ids: list[int]) -> dict[int, str]:
    """The passage around the first match in each entry; MATCH_START and MATCH_END mark matches.

    FTS5's own function `snippet` knows no pairs of letters, and takes 10 ms a row for a prefix.
    """
    found = [_pattern(text) for text in positive(tree) if text.field in {"", "text"}]
    if not any(found):
        return {}
    pattern = re.compile("|".join(filter(None, found)))
    return {
        row[0]: _passage(row[3], pattern)
        for row in db.execute(statement("readable"), (json.dumps(ids),))
    }


class _Fold(dict[int, int]):
    """Maps each letter to one letter in lower case without accent, as the index does."""

    def __missing__(self, code: int) -> int:
        plain = unicodedata.normalize("NFD", chr(code))[0].lower()
        self[code] = ord(plain) if len(plain) == 1 else code
        return self[code]


_FOLD = _Fold()


def _pattern(text: Text) -> str:
    """A regular expression for the matches of `text` in folded text."""
    words = [re.escape(word) for word in re.findall(r"\w+", sparse(text.text).translate(_FOLD))]
    phrase = r"\b" + r"\W+".join(words) + (r"\w*" if text.is_prefix else r"\b") if words else ""
    return "|".join(
        filter(None, [phrase, *(re.escape(run.translate(_FOLD)) for run in dense_runs(text.text))])
    )


def _passage(text: str, pattern: re.Pattern[str], before: int = 40, length: int = 180) -> str:
    text = text[:50_000].replace("\n", " ")
    folded = text.lower() if text.isascii() else text.translate(_FOLD)
    first = pattern.search(folded)
    start = max(0, first.start() - before) if first else 0
    if start:
        start = text.find(" ", start, start + before) + 1 or start
    end, parts, at = min(len(text), start + length), [], start
    for hit in pattern.finditer(folded, start, end):
        parts += [text[at : hit.start()], MATCH_START, text[hit.start() : hit.end()], MATCH_END]
        at = hit.end()
    return "".join(["…" if start else "", *parts, text[at:end], "…" if end < len(text) else ""])
