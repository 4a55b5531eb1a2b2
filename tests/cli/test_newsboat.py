"""Coming from newsboat: its own program filled the cache that is imported, and set what is read and flagged."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Site, rss
from tests.terminal.driver import Terminal

XML = "application/rss+xml"
KEPT = Path(__file__).with_name("newsboat")
FACTS = [
    ("Flagged three", False, True, "a", "b"),
    ("Read one", True, False),
    ("Unread two", False, False),
]


@pytest.fixture
def newsboat(tmp_path: Path) -> Path:
    """A folder as newsboat leaves it: two feeds with tags and a title, a query feed, one entry read, one flagged."""
    return put(
        tmp_path / ".newsboat", "https://near.example", (KEPT / "cache.sql").read_text("utf-8")
    )


def put(folder: Path, site: str, cache: str = "") -> Path:
    """A folder of newsboat's with what is in its cache, as SQL."""
    folder.mkdir()
    (folder / "urls").write_text(
        (KEPT / "urls").read_text("utf-8").replace("https://near.example", site)
    )
    with closing(sqlite3.connect(folder / "cache.db")) as database:
        database.executescript(cache)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
def test_what_newsboat_itself_writes_comes_over(run: Run, site: Site, tmp_path: Path) -> None:
    """BACATUI_DRAW=1 keeps what it writes in tests/cli/newsboat, for the tests below."""
    site.pages["/near"] = (
        XML,
        rss(site, ("/1", "Read one", "Text. " * 130), ("/2", "Unread two", "Text. " * 130)),
    )
    site.pages["/far"] = (
        XML,
        rss(site, ("/3", "Flagged three", "<p>Bytes &amp; more.</p>".replace("<", "&lt;"))),
    )
    folder = put(tmp_path / ".newsboat", site.url)
    (folder / "cache.db").unlink()
    files = ["-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "none")]
    with Terminal(str(shutil.which("newsboat")), *files, home=tmp_path / "theirs") as terminal:
        terminal.wait_for("Near home")
        for keys, then in (
            ("R", r"\(1/1\) .*Loop"), ("\r", "Read one"), ("\r", "Text. Text."),  # opened, and so read
            ("q", "Unread two"), ("q", "Near home"), ("\x1bOB", ""), ("\r", "Flagged three"), ("\x05", "Flags"), ("ab\r", "Flagged three"),
            ("q", "Near home"), ("q", ""),
        ):  # fmt: skip
            terminal.send(keys)
            terminal.wait_for(then)
            terminal.quiet(0.2)
        assert terminal.wait_for_end() == 0
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        wrote = cache.execute("SELECT title, unread, flags FROM rss_item ORDER BY title").fetchall()
        assert wrote == [("Flagged three", 1, "ab"), ("Read one", 0, None), ("Unread two", 1, None)]
        if os.environ.get("BACATUI_DRAW"):
            kept = "\n".join(cache.iterdump()).replace(site.url, "https://near.example")
            (KEPT / "cache.sql").write_text(kept + "\n", "utf-8")
    site.close()
    assert run("import", str(folder)).code == 0
    assert facts(run) == FACTS


def facts(run: Run) -> list[tuple[object, ...]]:
    entries = run("list", "--json").json["entries"]
    keys = ("title", "read", "bookmarked")
    return sorted((*(e[key] for key in keys), *sorted(e["tags"])) for e in entries)


@pytest.mark.parametrize("what", ["", "cache.db"])
def test_feeds_folders_titles_read_state_flags_and_text_come_over(
    run: Run, newsboat: Path, what: str
) -> None:
    done = run("import", str(newsboat / what))
    assert done.code == 0
    assert "exec:" in done.err
    assert facts(run) == FACTS
    assert {(f["title"], f["folder"]) for f in run("feeds", "--json").json["feeds"]} >= {
        ("Near home", "Indonesia")
    }
    marks = [line for line in run("undo", "--list").out.splitlines() if "entry" in line]
    assert marks and all(
        "an import" in line or "  import  " in line for line in marks
    )  # no undo begins with them
    flagged = run("list", "tag:a", "--json").json["entries"][0]
    assert run("read", str(flagged["id"]), "--json").json["text"] == "Bytes & more."


def test_a_second_import_changes_nothing(run: Run, newsboat: Path) -> None:
    run("import", str(newsboat))
    before, acts = facts(run), run("undo", "--list").out
    assert run("import", str(newsboat)).code == 0
    assert (facts(run), run("undo", "--list").out) == (before, acts)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(run: Run, newsboat: Path) -> None:
    done = run("import", str(newsboat), "--dry-run")
    assert (done.code, "Near home" in done.out, "3 entries" in done.out) == (0, True, True)
    assert run("feeds", "--json").json == {"feeds": []}


def test_the_urls_file_alone_brings_feeds_and_query_feeds(run: Run, newsboat: Path) -> None:
    from bacatui import paths
    from bacatui.store import open_store

    assert run("import", str(newsboat / "urls")).code == 0
    with open_store(paths.home().store) as store:
        searches = {search.name: search.query for search in store.read.saved_searches()}
    assert searches["Fresh"] == "after:3d"
    assert "daerah" in searches
    assert run("list", searches["daerah"]).code == 0


def cache_of(folder: Path, columns: str, *rows: tuple[object, ...]) -> Path:
    """A cache that newsboat did not write."""
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        cache.execute(
            f"CREATE TABLE rss_item(id INTEGER PRIMARY KEY, feedurl, guid, title, url, pubDate, {columns})"
        )
        for row in rows:
            marks = ", ".join("CAST(? AS TEXT)" if isinstance(one, bytes) else "?" for one in row)
            cache.execute(
                f"INSERT INTO rss_item(feedurl, guid, title, url, pubDate) VALUES({marks})", row
            )
        cache.commit()
    return folder


def test_a_damaged_row_of_a_cache_does_not_cost_the_others(run: Run, tmp_path: Path) -> None:
    feed = "https://x.example/feed"
    rows: list[tuple[object, ...]] = [
        (feed, "1", "Whole", "https://x.example/1", 1_700_000_000),
        (feed, "2", b"Torn \xff", "https://x.example/2", 5),
        (feed, "3", "Undated", "https://x.example/3", "\x1b]0;x"),
        (feed, "4", "Late", "https://x.example/4", 1 << 62),
    ]
    done = run("import", str(cache_of(tmp_path, "content", *rows)))
    assert (done.code, done.err) == (0, "")
    assert {one[0] for one in facts(run)} == {"Whole", "Torn \ufffd", "Undated", "Late"}


def test_a_column_that_is_computed_and_vast_is_refused(run: Run, tmp_path: Path) -> None:
    row = ("https://x.example/feed", "1", "A", "https://x.example/1", 5)
    done = run("import", str(cache_of(tmp_path, "content AS (hex(zeroblob(200000000)))", row)))
    assert (done.code, done.out) == (2, "")


def test_a_table_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
        cache.execute(
            "CREATE VIRTUAL TABLE rss_item USING fts5(id, feedurl, guid, title, url, pubDate, content)"
        )
        cache.execute(
            "INSERT INTO rss_item VALUES (1, 'https://x.example/feed', '1', 'A', 'https://x.example/1', 5, '')"
        )
        cache.commit()
    assert run("import", str(tmp_path)).code == 2
    assert run("feeds", "--json").json == {"feeds": []}


def test_no_function_of_a_cache_is_called(run: Run, tmp_path: Path) -> None:
    row = ("https://x.example/feed", "1", "A", "https://x.example/1", 5)
    assert run("import", str(cache_of(tmp_path, "content AS (upper('loud'))", row))).code == 2
    assert run("feeds", "--json").json == {"feeds": []}


def test_tags_that_are_no_words_do_not_end_an_import(run: Run, tmp_path: Path) -> None:
    urls = tmp_path / "urls"
    urls.write_text('https://x.example/feed news \u202e "a\\" OR is:read OR \\"" ""\n')
    done = run("import", str(urls))
    assert (done.code, done.err) == (0, "")
    assert [feed["folder"] for feed in run("feeds", "--json").json["feeds"]] == ["news"]
