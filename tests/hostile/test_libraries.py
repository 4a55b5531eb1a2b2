"""The hostile backup: nothing runs, nothing foreign stays, and what it says is as harmless as a feed."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bacatui import document, paths
from bacatui.model import Scope, ScopeKind
from bacatui.store import (
    Store,
    StoreForeign,
    doctor,
    is_setting,
    open_store,
    restore,
    shape,
    validation,
)  # fmt: skip
from bacatui.text import sanitize
from tests.cost import ends_within
from tests.hostile.libraries import FEED, backup, by_hand, fill, remade
from tests.terminal.driver import BACATUI, Terminal, environment, run
from tests.terminal.loopback import answering
from tests.terminal.test_hostile import feed as feed_of

EVIL = "x\x1b[2J\x9b31m\u202e\x07\x00y"
DERIVED = {"unread", "tally", "sqlite_sequence", "_sqlite_migrations"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The library that a backup is restored into: there already, with an entry of its own."""
    home = paths.home(tmp_path / "bacatui")
    with open_store(home.store) as store:
        store.write.add_feed("http://127.0.0.1:9/own").result()
    return home.store


def is_ours(path: Path) -> bool:
    with by_hand(path) as db:
        return shape.shape_of(db) == shape.ours()


def told(store: Store, name: str) -> tuple[bool, str]:
    return next((found.is_good, found.text) for found in doctor(store) if found.name == name)


def commands(path: Path) -> list[str]:
    """Where the library's file has a command anywhere."""
    with by_hand(path) as db:
        stored = [
            *db.execute("SELECT settings FROM feed"),
            *db.execute("SELECT changes FROM journal"),
        ]
    return [text for (text,) in stored if "password_command" in text]


# --- what would run


@pytest.mark.slow
def test_a_command_of_a_strangers_backup_is_named_dropped_and_never_run(
    tmp_path: Path, path: Path
) -> None:
    canary = tmp_path / "canary"
    command = f"touch {canary}"
    with answering({"/feed.json": ("application/feed+json", feed_of(["Satu"], "isi"))}) as url:
        file = backup(tmp_path, f"{url}/feed.json")
        with by_hand(file) as db:
            settings = json.dumps({"user": "siti", "password_command": command, "interval": "45"})
            db.execute("UPDATE feed SET settings = ?", (settings,))
        status, out, err = run("restore", str(file), home=tmp_path)
        assert (status, out.count("\n")) == (0, 1)
        assert (
            command in err and "Mimbar" in err and "E on the feed" in err and err.count("\n") == 1
        )
        run("sync", home=tmp_path)
        assert "Satu" in run("list", home=tmp_path)[1]
    assert not canary.exists()
    assert commands(path) == []
    with open_store(path) as store:
        kept = store.read.feeds()[0].settings
        assert (kept["user"], kept["interval"]) == ("siti", "45") and "password_command" not in kept
        assert told(store, "commands") == (True, "no feed runs a command")


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_no_undo_brings_a_dropped_command_back(tmp_path: Path, path: Path, way: str) -> None:
    theirs = tmp_path / "theirs.db"
    with open_store(theirs) as store:
        feed = fill(store)
        store.write.edit_feed(
            feed, settings={"user": "siti", "password_command": "touch /x"}
        ).result()
        if way == "undo":
            store.write.edit_feed(feed, settings={"password_command": ""}, title="Lain").result()
        else:
            store.write.undo().result()
        store.write.backup(tmp_path / "copy.db").result()
    assert commands(tmp_path / "copy.db")
    restore(path, tmp_path / "copy.db")
    assert commands(path) == []
    with open_store(path) as store:
        act = (store.write.undo() if way == "undo" else store.write.redo()).result()
        assert act is not None and act.kind == "feed"
        (feed_now,) = store.read.feeds()
        assert feed_now.settings == {"user": "siti"} and feed_now.title == "Mimbar"
    assert commands(path) == []


@pytest.mark.parametrize("key", ["password_command", "password\\u005fcommand"])
@pytest.mark.parametrize("answer", ["y", "n", ""])
def test_on_a_terminal_each_command_is_shown_with_its_feed_and_asked_about(
    tmp_path: Path, path: Path, answer: str, key: str
) -> None:
    file, command = backup(tmp_path), "sh -c 'pass  show \"news/a\"  |  head -1'"
    with by_hand(file) as db:
        said = json.dumps(command)
        db.execute("UPDATE feed SET settings = ?", (f'{{"user": "siti", "{key}": {said}}}',))
    with Terminal("restore", str(file), home=tmp_path, columns=100) as terminal:
        terminal.wait_for(r"\[y/N\]")
        shown = terminal.screen()
        assert command in shown and f"Mimbar ({FEED})" in shown
        with open_store(path) as store:
            assert [feed.url for feed in store.read.feeds()] == [
                "http://127.0.0.1:9/own"
            ]  # nothing is done yet
        terminal.send(answer + "\r")
        assert terminal.wait_for_end() == 0
    with open_store(path) as store:
        kept = store.read.feeds()[0].settings.get("password_command", "")
        assert kept == (command if answer == "y" else "")
        assert (command in told(store, "commands")[1]) is (answer == "y")


def test_a_command_that_hides_characters_is_spelled_out_and_never_kept(
    tmp_path: Path, path: Path
) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        settings = {"user": "siti", "password_command": "pass show a\u202e\x1b[8m; touch /x\x1b[0m"}
        db.execute("UPDATE feed SET settings = ?", (json.dumps(settings),))
    status, _out, err = run("restore", str(file), "--trust", home=tmp_path)
    assert status == 0 and "\\u202e\\x1b[8m; touch /x" in err and "\x1b" not in err
    assert commands(path) == []
    with by_hand(path) as db:
        db.execute("UPDATE feed SET settings = ?", (json.dumps(settings),))
    with open_store(path) as store:  # placed as it is, the doctor spells it out
        assert "\\x1b[8m; touch /x" in told(store, "commands")[1]


def test_an_option_keeps_the_commands_of_a_backup_of_ones_own(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "copy.db"
    with open_store(tmp_path / "theirs.db") as store:
        feed = fill(store)
        store.write.edit_feed(
            feed, settings={"user": "siti", "password_command": "pass show a"}
        ).result()
        store.write.edit_feed(feed, settings={"password_command": "pass show b"}).result()
        store.write.backup(file).result()
    assert run("restore", str(file), "--trust", home=tmp_path)[2] == ""
    with open_store(path) as store:
        assert store.read.feeds()[0].settings["password_command"] == "pass show b"
        store.write.undo().result()  # to what nobody was asked about
        assert store.read.feeds()[0].settings == {"user": "siti"}


def test_only_the_user_lets_a_feed_reach_into_the_network(tmp_path: Path, path: Path) -> None:
    file, theirs = backup(tmp_path), ("inside", "public", "refused", "anything")
    with by_hand(file) as db:
        db.execute("UPDATE feed SET settings = ?", (json.dumps({"network": theirs[0]}),))
        for one in theirs[1:]:
            values = (f"http://{one}.example/", json.dumps({"network": one}))
            db.execute("INSERT INTO feed (url, settings, added_at) VALUES (?, ?, 1)", values)
    status, _out, err = run("restore", str(file), home=tmp_path)
    assert status == 0 and "Mimbar" in err and "network" in err and err.count("\n") == 2

    def now() -> list[str]:
        with open_store(path) as store:
            return [each.settings["network"] for n in range(1, 5) if (each := store.read.feed(n))]

    assert now() == ["public", "public", "refused", "public"]
    run("restore", str(file), "--trust", home=tmp_path)
    assert now() == ["inside", "public", "refused", "anything"]


def test_only_settings_that_we_know_come_in(tmp_path: Path, path: Path) -> None:
    file = backup(tmp_path)
    settings = {
        "interval": 45,
        "on_new_entry": ["sh"],
        'opml:a="" filterCmd': "touch /x",
        "opml:rating": "5",
        "keep": [9],
    }
    with by_hand(file) as db:
        db.execute("UPDATE feed SET settings = ?", (json.dumps(settings),))
    restore(path, file)
    with open_store(path) as store:
        assert store.read.feeds()[0].settings == {
            "interval": "45",
            "opml:rating": "5",
            "keep": "[9]",
        }
    fields = tomllib.loads((Path(paths.__file__).parent / "tui/fields.toml").read_text("utf-8"))
    own = {"title", "folder", "full_text", "url"}
    assert all(is_setting(field["name"]) for field in fields.values() if field["name"] not in own)


def test_a_list_of_feeds_that_goes_out_again_has_nothing_that_another_reader_would_run(
    tmp_path: Path, path: Path
) -> None:
    theirs = {
        "opml:filterCmd": "touch /x",
        "opml:xmlUrl": "exec:touch /x",
        'opml:a="1" filtercmd': "touch /x",
        "opml:b": "2",
    }
    with by_hand(path) as db:  # a library that someone put there
        db.execute("UPDATE feed SET settings = ?", (json.dumps(theirs),))
    status, out, _err = run("export", "opml", "-", home=tmp_path)
    assert status == 0 and "touch" not in out and 'b="2"' in out


# --- what is not ours

FOREIGN = {
    "trigger": "CREATE TRIGGER spy AFTER INSERT ON mark BEGIN DELETE FROM mark; END",
    "trigger that waits for a sync": (
        "CREATE TRIGGER spy AFTER UPDATE ON fetch BEGIN UPDATE feed SET settings = "
        """'{"user": "a", "password_command": "touch /x"}'; END"""
    ),
    "table": "CREATE TABLE spy (a)",
    "view": "CREATE VIEW spy AS SELECT load_extension('/tmp/x.so')",
    "index": "CREATE INDEX spy ON entry (title)",
    "virtual table": "CREATE VIRTUAL TABLE spy USING fts5(a)",
    "statistics": "CREATE TABLE spy (a); ANALYZE",
}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_not_ours_is_found_by_the_doctor_and_left_out_by_restore(
    tmp_path: Path, path: Path, what: str
) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        db.executescript(FOREIGN[what])
    home = tmp_path / "placed"
    placed = paths.home(home / "bacatui").store
    placed.parent.mkdir(parents=True)
    placed.write_bytes(file.read_bytes())
    status, out, err = run("doctor", home=home)
    assert status == 1 and "FAULT: schema: foreign: " in out and " spy" in out and "restore" in out
    status, _out, err = run("restore", str(file), home=tmp_path)
    assert status == 0 and " spy" in err
    assert is_ours(path)
    with open_store(path) as store:
        assert all(found.is_good for found in doctor(store))
        assert len(store.read.ids(Scope(ScopeKind.SEARCH, "sungai"))) == 3


def test_what_the_doctor_advises_makes_a_library_clean(tmp_path: Path, path: Path) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        db.executescript(FOREIGN["trigger"] + ";" + FOREIGN["view"])
    path.write_bytes(file.read_bytes())
    assert run("doctor", home=tmp_path)[0] == 1
    assert run("backup", str(tmp_path / "again.db"), home=tmp_path)[0] == 0
    assert run("restore", str(tmp_path / "again.db"), home=tmp_path)[0] == 0
    assert run("doctor", home=tmp_path)[0] == 0
    assert is_ours(path)


def test_the_doctor_names_what_is_missing_and_what_is_made_otherwise(path: Path) -> None:
    with by_hand(path) as db:
        db.execute("DROP INDEX entry_latest")
        remade(db, "mark", "place REAL NOT NULL DEFAULT 0", "place REAL NOT NULL DEFAULT 1")
    with open_store(path) as store:
        is_good, text = told(store, "schema")
    assert not is_good and "missing: index entry_latest" in text and "different: table mark" in text


def test_comments_and_white_space_of_a_schema_are_no_difference(path: Path) -> None:
    with by_hand(path) as db:
        remade(db, "mark", "-- muted", "-- hidden by a rule\n  /* as the user wished */")
    with open_store(path) as store:
        assert told(store, "schema") == (True, "version 1")


@pytest.mark.parametrize(
    "what", ["CHECK (touch(id))", "CHECK (length(randomblob(900000000)) > 0)", "DEFAULT (abs(9))"]
)
def test_no_function_of_a_strangers_schema_is_called(tmp_path: Path, path: Path, what: str) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        remade(db, "feed", "removed_at INTEGER", f"removed_at INTEGER {what}")
    with ends_within(2):
        restore(path, file)
    assert is_ours(path)
    with open_store(path) as store:
        assert [feed.url for feed in store.read.feeds()] == [FEED]


MASKS = {
    "a view": "ALTER TABLE feed RENAME TO other; CREATE VIEW feed AS SELECT * FROM other",
    "an endless view": (
        "DROP TABLE mark; CREATE VIEW mark AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS entry, i AS read_at, i AS bookmarked_at, i AS hidden_at, '' AS note, 0.0 AS place FROM n"
    ),
    "a virtual table": "DROP TABLE tag; CREATE VIRTUAL TABLE tag USING fts5(name, entry)",
    "a computed column": (
        "DROP TABLE mark; CREATE TABLE mark (entry INTEGER PRIMARY KEY, read_at, bookmarked_at, hidden_at, place, "
        "note AS (printf('%.*c', 100000000, 'x')))"
    ),
    "fewer columns": "DROP TABLE mark; CREATE TABLE mark (entry INTEGER PRIMARY KEY, read_at)",
    "nothing": "DROP TABLE journal",
}


@pytest.mark.parametrize("mask", MASKS)
def test_what_only_looks_like_one_of_our_tables_is_refused_and_nothing_changes(
    tmp_path: Path, path: Path, mask: str
) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        db.executescript("DROP VIEW latest; DROP VIEW kept;" + MASKS[mask])
    before = sorted(file.name for file in path.parent.iterdir())
    with pytest.raises(StoreForeign):
        restore(path, file)
    with open_store(path) as store:
        assert [feed.url for feed in store.read.feeds()] == ["http://127.0.0.1:9/own"]
    assert sorted(file.name for file in path.parent.iterdir()) == before
    path.write_bytes(file.read_bytes())  # placed, it cannot lead the doctor astray either
    status, out, err = run("doctor", home=tmp_path)
    assert (status, err) == (1, "") and "FAULT: schema" in out


def test_a_search_index_that_was_tampered_with_is_made_anew(tmp_path: Path, path: Path) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        db.execute("UPDATE search_data SET block = zeroblob(4000)")
        db.execute("DELETE FROM search_docsize")
        db.execute("DELETE FROM unread")
        db.execute("INSERT INTO tally VALUES (77, 5, 5, 5)")
        db.execute("UPDATE entry SET hidden = 1, offline = 'failed'")
    restore(path, file)
    with open_store(path) as store:
        assert all(found.is_good for found in doctor(store))
        assert len(store.read.ids(Scope(ScopeKind.SEARCH, "sungai"))) == 3
        rows = store.read.first(Scope(), 9)
        assert [(row.is_read, row.offline.value) for row in rows] == [
            (False, "ready"),
            (True, "ready"),
            (False, "pending"),
        ]


# --- what it says


def texts(path: Path) -> list[tuple[str, str, str]]:
    """Every text in the tables that hold what cannot be made anew."""
    with by_hand(path) as db:
        return [
            (table, column, text)
            for table, validators in validation.VALIDATORS.items()
            for column in validators
            for (text,) in db.execute(f"SELECT {column} FROM {table}")
            if isinstance(text, str)
        ]


def test_no_text_of_a_stranger_has_anything_that_a_terminal_could_obey(
    tmp_path: Path, path: Path
) -> None:
    file = backup(tmp_path)
    before = texts(file)
    with by_hand(file) as db:
        for table, validators in validation.VALIDATORS.items():
            for column in validators:
                db.execute(
                    f"UPDATE OR IGNORE {table} SET {column} = {column} || ? WHERE typeof({column}) = 'text'",
                    (EVIL,),
                )
    restore(path, file)
    unsafe = [each for each in texts(path) if not sanitize.is_safe(each[2].replace("\n", " "))]
    assert unsafe == [] and len(texts(path)) > len(before) // 2
    with open_store(path) as store:
        assert [row.title[:7] for row in store.read.first(Scope(), 9)] == [
            "Kabar 1",
            "Kabar 2",
            "Kabar 3",
        ]
        assert [search.name[:3] for search in store.read.saved_searches()] == ["Air"]


HTML = [
    "<p>a&#155;2J&#x202e;b&#27;[8m&rlm;&zwnj;</p>", "<p>a<![x[b", "a\0b\x1b[2J", '<a href="javascript:alert(1)">a</a>',
    "<script>alert(1)</script><p>b</p>", '<p onclick="alert(1)">c</p>', '<img src="file:///etc/passwd" alt="&#155;"/>',
    '<pre data-language="&quot;&gt;&lt;script&gt;">x = 1</pre>', '<iframe src="https://a.example/"></iframe>',
    '<section class="footnotes"><li id="&quot; onclick=&quot;x">n</li></section>', "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;",
    "<style>p { display: none }</style><!-- <p>d</p> -->", "<svg><a xlink:href='javascript:x'>e</a></svg>",
]  # fmt: skip


@pytest.mark.parametrize("html", HTML)
def test_html_of_a_stranger_is_what_our_own_writer_would_have_written(
    tmp_path: Path, path: Path, html: str
) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        db.execute("UPDATE content SET html = ?", (html,))
        db.execute(
            "UPDATE article SET html = ?, cuts = ?", (html, json.dumps([[0, html, "x", ""]]))
        )
    restore(path, file)
    with open_store(path) as store:
        entry, article = store.read.entry(1), store.read.article(3)
        assert entry is not None and article is not None
        for stored in (entry.html, article.html, article.cuts[0].html):
            blocks = tuple(document.read(stored))
            assert document.to_html(blocks) == stored
            for run_ in (
                run_ for block in document.walk(blocks) for run_ in document.runs_of(block)
            ):
                assert sanitize.is_safe(run_.text.replace("\n", " "))
            assert all(sanitize.url(url) == url for _text, url in document.links(blocks))
            assert all(
                sanitize.url(picture.src) == picture.src for picture in document.pictures(blocks)
            )
            low = stored.lower()
            assert not any(
                sign in low
                for sign in (
                    "<script",
                    "javascript:",
                    "onclick",
                    "<iframe",
                    "<style",
                    "file:",
                    "<svg",
                )
            )


ODD: list[Any] = [
    None, b"\x00\xff", -(1 << 63), (1 << 63) - 1, 1e308, -0.0, float("inf"), "", "\x00", "[" * 100_000, "{}", "null",
    "9" * 5_000, '{"a": ' * 5_000, '[{"what": 5}]', "a\ud800b".encode("utf-16-le", "surrogatepass"), "../../x", "x" * 300_000,
]  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "bacatui.db"
    open_store(path).close()
    return path


def test_no_value_is_too_odd_for_any_column(tmp_path: Path, empty: Path) -> None:
    with by_hand(backup(tmp_path)) as db, by_hand(empty) as fresh:
        for table, validators in validation.VALIDATORS.items():
            columns = [*validators]
            row = db.execute(f"SELECT * FROM {table}").fetchone()
            usual = row or [1] * len(columns)
            for at in range(len(columns)):
                for odd in ODD:
                    for values in validation.RowValidator(set()).rows(
                        table, columns, [[*usual[:at], odd, *usual[at + 1 :]]]
                    ):
                        marks = ", ".join("?" * len(values))
                        fresh.execute("BEGIN")
                        fresh.execute(
                            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values
                        )
                        fresh.execute("ROLLBACK")


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD[::3])
def test_a_library_of_odd_values_is_restored_and_every_command_works_on_it(
    tmp_path: Path, path: Path, odd: Any
) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        for table in validation.VALIDATORS:
            remade(db, table, "STRICT", "")
            remade(db, table, "NOT NULL", "")
    with by_hand(file) as db:
        for table, validators in validation.VALIDATORS.items():
            for column in validators:
                if column not in {"id", "entry", "feed"}:
                    db.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (odd,))
    restore(path, file)
    assert is_ours(path)
    for words in (["list"], ["feeds"], ["read", "1"], ["search", "a"], ["offline"], ["doctor"]):
        status, _out, err = run(*words, "--json", home=tmp_path)
        assert status in ({0, 2} if words[0] == "read" else {0}), err
    for words in (
        ["undo", "--list"],
        ["undo"],
        ["export", "entries", "-"],
        ["export", "opml", "-"],
        ["sync"],
    ):
        assert run(*words, home=tmp_path)[0] in {0, 1}


def test_a_journal_that_no_act_of_ours_wrote_is_left_out(tmp_path: Path, path: Path) -> None:
    file, sound = (
        backup(tmp_path),
        {"what": "mark.read_at", "from": None, "to": 5, "ids": "1", "about": None},
    )
    bad: list[Any] = [
        sound | {"what": "drop_feeds"}, sound | {"ids": "1-9999999999999"}, sound | {"ids": "5-1"}, sound | {"ids": "0"},
        sound | {"ids": "x"}, sound | {"ids": 5}, sound | {"more": 1}, {}, [], "x", sound | {"what": "feed.id", "about": 1},
        sound | {"what": "mute_rule", "to": json.dumps(["is:", "read"]), "about": "x"}, sound | {"what": ["a"]},
        sound | {"what": "mute_rule", "to": json.dumps(["beras", []]), "ids": "", "about": "x"},
        {"what": "feed.url", "from": FEED, "to": "exec:touch /x", "ids": "", "about": 1},
    ]  # fmt: skip
    with by_hand(file) as db:
        db.execute("DELETE FROM journal")
        for each in bad:
            db.execute("INSERT INTO journal (at, author, kind, count, changes) VALUES (1, 'reader', 'read', 1, ?)",
                       (json.dumps([each] if each != "x" else each),))  # fmt: skip
    assert restore(path, file).refused == len(bad)
    with ends_within(2), open_store(path) as store:
        assert store.read.journal() == [] and store.write.undo().result() is None


def test_a_rule_that_cannot_be_understood_does_not_stop_every_sync(
    tmp_path: Path, path: Path
) -> None:
    with answering({"/feed.json": ("application/feed+json", feed_of(["Satu"], "isi"))}) as url:
        file = backup(tmp_path, f"{url}/feed.json")
        with by_hand(file) as db:
            db.execute("UPDATE mute_rule SET query = '(('")
            db.execute("INSERT INTO mute_rule (name, query, action) VALUES ('b', 'x', 'delete')")
        assert restore(path, file).refused == 2
        run("sync", home=tmp_path)
        assert "Satu" in run("list", home=tmp_path)[1]


def test_entries_without_a_feed_or_a_text_and_numbers_without_end_stay_out(
    tmp_path: Path, path: Path
) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        db.execute("UPDATE entry SET feed = 99 WHERE id = 1")
        db.execute("DELETE FROM content WHERE entry = 2")
        db.execute("UPDATE sqlite_sequence SET seq = 9223372036854775807")
        db.execute("INSERT INTO tag VALUES ('x', 9223372036854775807)")
    assert restore(path, file).refused == 3
    with open_store(path) as store:
        assert list(store.read.ids(Scope())) == [3] and store.read.tags() == [("banjir", 1)]
        feed = store.write.add_feed("http://127.0.0.1:9/more").result()
        assert feed.id == 2


# --- files


@pytest.mark.slow
@pytest.mark.parametrize("way", ["restored", "placed"])
def test_a_picture_that_leads_out_of_the_folder_is_neither_shown_nor_deleted(
    tmp_path: Path, path: Path, way: str
) -> None:
    victim = tmp_path / "precious"
    victim.write_text("k4ta sandi")
    file, home = backup(tmp_path), paths.home(tmp_path / "bacatui")
    home.pictures.mkdir(parents=True)
    for n, name in enumerate(
        (str(victim), f"../../../{victim.name}", "..", "ab/../../../../precious")
    ):
        with by_hand(file) as db:
            db.execute(
                "INSERT INTO picture VALUES (?, ?, 'png\"><script>', 9, 9, 9, '', 1, 1)",
                (f"http://127.0.0.1:9/{n}", name),
            )
            db.execute(
                "UPDATE picture SET path = ? WHERE url = 'http://127.0.0.1:9/a.png'", (name,)
            )
        if way == "restored":
            restore(path, file)
        else:
            path.write_bytes(file.read_bytes())
        status, out, _err = run("export", "entries", "--format", "html", "-", home=tmp_path)
        assert status == 0 and "base64" not in out and "<script" not in out
        run("sync", home=tmp_path)  # which deletes the files of pictures that nobody needs
        assert victim.read_text() == "k4ta sandi"


def hot_journal(file: Path, victim: Path) -> None:
    """A journal beside the file as a crash leaves it, which names `victim` as one more journal: SQLite deletes it."""
    magic, page = bytes.fromhex("d9d505f920a163d7"), 4096
    with by_hand(file) as db:
        body = file.read_bytes()
        pages = len(body) // page
        db.execute("PRAGMA user_version")
    name, record = str(victim).encode(), body[:page]
    header = magic + struct.pack(">IIIII", 1, 0, pages, 512, page)
    checksum = sum(record[at] for at in range(page - 200, 0, -200)) & 0xFFFFFFFF
    journal = header.ljust(512, b"\0") + struct.pack(">I", 1) + record + struct.pack(">I", checksum)
    signed = sum(byte if byte < 128 else byte - 256 for byte in name) & 0xFFFFFFFF
    tail = (
        struct.pack(">I", 0x40000000 // page + 1)
        + name
        + struct.pack(">II", len(name), signed)
        + magic
    )
    file.with_name(file.name + "-journal").write_bytes(journal + tail)


def test_a_journal_beside_a_strangers_file_deletes_nothing(tmp_path: Path, path: Path) -> None:
    file, victim = backup(tmp_path), tmp_path / "precious"
    victim.write_text("whole")
    (other := tmp_path / "other.db").write_bytes(file.read_bytes())
    hot_journal(other, victim)
    with by_hand(other) as db:
        db.execute("SELECT count(*) FROM feed").fetchone()
    assert not victim.exists()  # this is what SQLite does, where it may
    victim.write_text("whole")
    hot_journal(file, victim)
    assert run("restore", str(file), home=tmp_path)[0] == 0
    assert run("import", str(file), home=tmp_path)[0] == 2
    assert victim.read_text() == "whole"
    with open_store(path) as store:
        assert [feed.url for feed in store.read.feeds()] == [FEED]


def test_a_strangers_file_is_left_byte_for_byte_with_nothing_beside_it(
    tmp_path: Path, path: Path
) -> None:
    file = tmp_path / "folder" / "copy.db"
    file.parent.mkdir()
    backup(tmp_path).rename(file)
    before = file.read_bytes()
    restore(path, file)
    assert file.read_bytes() == before and [each.name for each in file.parent.iterdir()] == [
        "copy.db"
    ]


def test_a_library_that_was_copied_in_use_brings_what_its_log_has(
    tmp_path: Path, path: Path
) -> None:
    with open_store(tmp_path / "theirs.db") as store:
        fill(store)
        for end in ("", "-wal"):
            (tmp_path / f"copy.db{end}").write_bytes((tmp_path / f"theirs.db{end}").read_bytes())
    restore(path, tmp_path / "copy.db")
    with open_store(path) as store:
        assert [row.title for row in store.read.first(Scope(ScopeKind.BOOKMARKS), 9)] == ["Kabar 1"]
    assert not [each.name for each in path.parent.iterdir() if each.name.startswith(".")]


@pytest.mark.parametrize("size", [512, 8192])
def test_a_library_of_another_page_size_can_be_replaced(
    tmp_path: Path, path: Path, size: int
) -> None:
    file = backup(tmp_path)
    path.unlink()
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA page_size = {size}")
        db.execute("VACUUM INTO ?", (str(path),))
    restore(path, file)
    with open_store(path) as store:
        assert all(found.is_good for found in doctor(store))


# --- all or nothing


STAGES: dict[
    str, tuple[Callable[[Path], bool], bool]
] = {  # what the folder of the library shows, and what a kill then leaves
    "a library is being made": (lambda folder: any(folder.glob(".bacatui.db.*.new")), True),
    "the present one is being kept": (
        lambda folder: any(folder.glob(".bacatui.db.before-restore-*.new")),
        True,
    ),
    "the present one is kept": (
        lambda folder: any(folder.glob("bacatui.db.before-restore-*")),
        False,
    ),
    "it is being replaced": (lambda folder: size_of(folder / "bacatui.db-wal") > 1_000_000, False),
}


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_restore_that_is_killed_leaves_the_old_library_or_the_new_one(
    tmp_path: Path, path: Path, stage: str
) -> None:
    is_there, is_old = STAGES[stage]
    file = tmp_path / "copy.db"
    with open_store(tmp_path / "theirs.db") as store:
        fill(store, words="kata " * 10_000, count=300)
        store.write.backup(file).result()
    process = subprocess.Popen(
        [*BACATUI, "restore", str(file)], env=environment(tmp_path), stdout=subprocess.DEVNULL
    )
    while not is_there(path.parent) and process.poll() is None:
        time.sleep(0.0005)
    process.kill()
    process.wait()
    with open_store(path) as store:
        assert all(found.is_good for found in doctor(store))
        (feed,) = store.read.feeds()
        assert feed.url == "http://127.0.0.1:9/own" or (
            not is_old and len(store.read.ids(Scope())) == 300
        )


def test_a_disk_that_is_full_leaves_the_library_as_it_was(tmp_path: Path, path: Path) -> None:
    file = backup(tmp_path)
    room = path.stat().st_size - 4096

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run([sys.executable, "-m", "bacatui", "restore", str(file)], env=environment(tmp_path),
                          capture_output=True, text=True, check=False, preexec_fn=small)  # fmt: skip
    assert done.returncode == 3 and done.stderr.count("\n") == 1, done.stderr
    with open_store(path) as store:
        assert [feed.url for feed in store.read.feeds()] == ["http://127.0.0.1:9/own"]
        assert all(found.is_good for found in doctor(store))
    assert not [each.name for each in path.parent.iterdir() if each.name.startswith(".")]


# --- one's own


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all our tables, but for counts of nothing."""
    tables = {
        name
        for kind, name in shape.ours()
        if kind == "table" and not name.startswith(("search", "bigram", "_"))
    }
    with by_hand(path) as db:
        rows = {
            name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in tables
        }
    return rows | {"tally": [row for row in rows["tally"] if any(row[1:])]}


def test_a_backup_of_ones_own_comes_back_row_by_row_with_undo(tmp_path: Path, path: Path) -> None:
    file = backup(tmp_path)
    with open_store(tmp_path / "theirs" / "bacatui.db") as store:
        feed = store.read.feeds()[0].id
        store.write.set_host_wait("a.example", None).result()
        store.write.edit_feed(
            feed, folder="Lain", settings={"headers": "X-Key: 1\nX-Other: 2", "opml:rating": "5"}
        ).result()
        other = store.write.add_feed("http://127.0.0.1:9/other").result().id
        store.write.remove_feed(other).result()
        store.write.save_page("http://127.0.0.1:9/page/" + "x" * 2_000).result()
        store.write.set_note(2, "Satu\n\nDua").result()
        store.write.undo().result()
        store.write.backup(file).result()
    restore(path, file)
    assert contents(path) == contents(file)
    with open_store(path) as store:
        redone = store.write.redo().result()
        assert redone is not None and store.read.mark(2).note == "Satu\n\nDua"
        assert [act.kind for act in store.read.journal(3)] == ["note", "bookmark", "unsubscribe"]
        for _act in range(3):
            store.write.undo().result()
        assert {feed.url for feed in store.read.feeds()} >= {"http://127.0.0.1:9/other"}
        assert all(found.is_good for found in doctor(store))


def test_a_daily_backup_comes_back_with_all_that_it_keeps(tmp_path: Path, path: Path) -> None:
    with open_store(tmp_path / "theirs.db") as store:
        fill(store)
        daily = store.write.daily_backup(tmp_path / "backups").result()
        assert daily is not None
    restore(path, daily)
    assert contents(path) == contents(daily)
    with open_store(path) as store:
        assert [row.title for row in store.read.first(Scope(ScopeKind.BOOKMARKS), 9)] == ["Kabar 1"]
        assert store.read.mark(3).note == "Baca lagi" and store.read.mark(3).tags == ("banjir",)
        assert [search.query for search in store.read.saved_searches()] == ["air"]
        assert [rule.query for rule in store.read.mute_rules()] == ["lotre"]
        assert store.read.mark(2).read_at is not None


def test_every_column_of_our_schema_has_a_validator(empty: Path) -> None:
    with by_hand(empty) as db:
        tables = {
            name
            for kind, name in shape.ours()
            if kind == "table" and not name.startswith(("search", "bigram"))
        }
        for table in tables - DERIVED:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            assert columns == [*validation.VALIDATORS[table]], table
        assert {*validation.VALIDATORS} == tables - DERIVED


def test_a_repair_lets_nothing_foreign_in_from_the_damaged_file(tmp_path: Path, path: Path) -> None:
    file = backup(tmp_path)
    with by_hand(file) as db:
        db.executescript(FOREIGN["trigger"])
        db.execute('ALTER TABLE tag ADD COLUMN "name) SELECT url, 1 FROM feed --" TEXT')
        db.execute("UPDATE entry SET title = title || ?", (EVIL,))
        db.execute("UPDATE mark SET note = note || ?", (EVIL,))
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'search_data'"
        ).fetchone()
    path.write_bytes(file.read_bytes())
    (path.parent / "bacatui.db-suspect").touch()
    with path.open("r+b") as damaged:
        damaged.seek(4096 * (page - 1))
        damaged.write(os.urandom(4096))
    with open_store(path) as store:
        assert "damaged" in store.notice
        rows = store.read.first(Scope(), 9)
        assert len(rows) == 3 and all(sanitize.is_safe(row.title) for row in rows)
    assert is_ours(path)


@pytest.mark.slow
def test_the_screen_opens_whatever_state_a_library_says_it_was_left_in(
    tmp_path: Path, path: Path
) -> None:
    path.unlink()
    with open_store(path) as store:
        fill(store)
    states: list[Any] = [
        "[" * 200_000, '"x"', {"kind": "no", "key": 5}, {"kind": "feed", "key": "x"}, {"today": 5, "day": "x"}, {"list_width": 10**9},
        {"order": [], "density": {}, "folded": 5, "done": [[]], "seen_at": "x", "entry": "x", "offset": 1e9, "theme": 7, "pane": []},
    ]  # fmt: skip
    for state in states:
        with open_store(path) as store:
            store.write.set_meta(
                "screen", state if isinstance(state, str) else json.dumps(state)
            ).result()
        with Terminal(home=tmp_path, env={"BACATUI_NOW": "2026-05-04T12:00:00Z"}) as terminal:
            terminal.wait_for("Kabar 1")
            terminal.quiet()
            terminal.send("q")
            assert terminal.wait_for_end() == 0
