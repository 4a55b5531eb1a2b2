"""Debian's newsboat beside us: how long it takes until it shows its list, with as many articles in its cache."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tests.terminal.driver import Terminal, environment

from benchmarks.figures import Figure, median, timed
from benchmarks.generator import articles, size
from benchmarks.screen import program, started


def cache(folder: Path, count: int) -> list[str]:
    """A cache with the same articles as our store of that size, in newsboat's own schema; the command that opens it."""
    wanted = size(count)
    folder.mkdir(parents=True, exist_ok=True)
    urls = [f"http://127.0.0.1:9/feed{n}.xml" for n in range(wanted.feeds)]
    (folder / "urls").write_text("".join(f"{url}\n" for url in urls))
    (folder / "config").write_text("reload-threads 1\n")
    files = [
        "-u",
        str(folder / "urls"),
        "-c",
        str(folder / "cache.db"),
        "-C",
        str(folder / "config"),
    ]
    program = [shutil.which("newsboat") or "newsboat", *files]
    if not (folder / "cache.db").exists():
        timed([*program, "-x", "print-unread"], environment(folder))  # makes the schema
        with sqlite3.connect(folder / "cache.db") as database:
            database.execute("DELETE FROM rss_feed")
            database.executemany(
                "INSERT INTO rss_feed (rssurl, url, title) VALUES (?, ?, ?)",
                ((url, url, f"Paper number {n}") for n, url in enumerate(urls)),
            )
            database.executemany(
                "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                (
                    (entry.id, entry.title, entry.author, entry.link, urls[n % len(urls)],
                     int(entry.published.timestamp()) if entry.published else 0, entry.content)
                    for n, entry in enumerate(articles(wanted))
                ),
            )  # fmt: skip
    return program


def beside(home: Path, folder: Path, count: int) -> Iterator[Figure]:
    """Start to the list and an answered key, in turns with ours."""
    if shutil.which("newsboat") is None:
        print("# newsboat is not installed: no ratio")
        return
    command = cache(folder, count)
    ours, theirs = [], []
    for _ in range(2):
        theirs.append(started(Terminal(*command, home=folder))[1])
        ours.append(started(program(home))[1])
    ratio = median(ours) / median(theirs)
    note = f"{1 / ratio:.0f} times faster; newsboat {median(theirs):.1f} s"
    yield Figure(f"start, {count:,}: ours : newsboat's", ratio, "x", 1 / 50, note)
