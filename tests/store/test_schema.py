"""The schema is documented, and docs/store.md is generated from it."""

import re
import sqlite3
from pathlib import Path

from tools.store_page import described

from bacatui.model import Scope, ScopeKind
from bacatui.store import Store
from bacatui.store.sql import connect, statement
from tests.store.conftest import made, subscribed

DOCS = Path(__file__).parents[2] / "docs" / "store.md"


def test_the_page_about_the_store_is_fresh() -> None:
    assert DOCS.read_text("utf-8") == described(), "make it again: python -m tools.store_page"


def test_every_table_is_explained() -> None:
    page = described()
    for table in (
        "feed",
        "fetch",
        "entry",
        "content",
        "article",
        "mark",
        "tag",
        "journal",
        "unread",
        "tally",
        "search",
        "kept",
    ):
        after = page.split(f"\n## {table}\n", 1)
        assert len(after) == 2, table
        assert not after[1].lstrip().startswith("```"), f"{table} has no words"


def test_the_file_opens_in_plain_sqlite_with_readable_text(store: Store, path: Path) -> None:
    subscribed(store, made(1, title="Harga beras"))
    store.write.set_bookmark([1]).result()
    db = sqlite3.connect(path)
    assert db.execute("SELECT title, text, is_bookmarked FROM latest").fetchall() == [
        ("Harga beras", "Body 1", 1)
    ]
    sql = "SELECT title FROM search WHERE search MATCH 'beras'"
    assert db.execute(sql).fetchall() == [("Harga beras",)]
    comments = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'mark'").fetchone()[0]
    assert "-- muted" in comments


def test_lists_are_read_by_index(store: Store) -> None:
    subscribed(store, made(1))
    from bacatui.store.scopes import scope_query

    for kind, name in (
        (ScopeKind.LATEST, "entry_latest"),
        (ScopeKind.FEED, "entry_of_feed"),
        (ScopeKind.UNREAD, "unread"),
    ):
        sql, values = scope_query(store.read._db, Scope(kind, "1")).ids("newest", "LIMIT 40")
        plan = " ".join(
            row[3] for row in store.read._db.execute("EXPLAIN QUERY PLAN " + sql, values)
        )
        assert name in plan, plan
        assert ("COVERING" in plan or kind is ScopeKind.UNREAD) and "TEMP B-TREE" not in plan, plan


def test_no_act_and_no_chunk_looks_through_a_whole_table(store: Store, path: Path) -> None:
    names = (
        "hide unlist list tally needs_met new_entry changed_entry content article failed_again picture fetch "
        "mark.read_at mark.bookmarked_at mark.hidden_at mark.note tag no.tag now.read_at now.bookmarked_at now.note"
    )
    db = connect(path, "own")
    for name in names.split():
        sql = statement(name)
        marks = {word.strip(",()") for word in sql.split() if word.lstrip("(").startswith(":")}
        values: object = (
            dict.fromkeys(re.findall(r":(\w+)", sql))
            if marks
            else (1,) * len(set(re.findall(r"\?\d", sql)))
        )
        plan = [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + sql, values)]  # type: ignore[arg-type]
        scans = [
            step
            for step in plan
            if step.startswith("SCAN") and step.split()[1] not in {"c", "chosen", "CONSTANT"}
        ]
        kept = [
            step
            for step in scans
            if "USING COVERING INDEX mark_" not in step and not step.startswith("SCAN tag")
        ]
        assert not kept, (name, plan)
    db.close()
