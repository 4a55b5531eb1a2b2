"""Libraries as a stranger may have made them: a real backup, changed with plain SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bacatui.model import Article, Cut, Enclosure, FetchState, Offline, ParsedEntry, ParsedFeed
from bacatui.store import Store, StoredPicture, open_store

FEED = "http://127.0.0.1:9/feed"
WORDS = "Air sungai surut di Medan"


def fill(store: Store, url: str = FEED, *, words: str = WORDS, count: int = 3) -> int:
    """One feed of so many entries, with all that a library can hold; its number."""
    write = store.write
    feed = write.add_feed(url, folder="Indonesia").result().id
    picture = "http://127.0.0.1:9/a.png"
    html = f'<p>{words}</p>\n<figure><img src="{picture}" alt="Air"/></figure>'
    entries = tuple(
        ParsedEntry(
            f"guid-{n}", f"Kabar {n}", f"http://127.0.0.1:9/{n}", "Ngatirin", content=html, text=words, summary=WORDS,
            language="id", enclosures=(Enclosure("http://127.0.0.1:9/a.mp3", "audio/mpeg", 12, "Suara"),),
            categories=("banjir",), has_guid=True, is_stub=n == 3,
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    state = FetchState(etag='"1"', status="ok")
    new = (
        write.store_feed(feed, ParsedFeed("Mimbar", "http://127.0.0.1:9/", entries=entries), state)
        .result()
        .new
    )
    article = Article(
        "Kabar 1",
        "Ngatirin",
        None,
        "Pagi.",
        words,
        html,
        cuts=(Cut(1, "<p>Baca juga</p>", "id.baca"),),
    )
    write.store_article(new[0], article, Offline.READY).result()
    write.store_picture(StoredPicture(picture, "ab/abcdef.png", "png", 8, 8, 90)).result()
    write.set_read([new[1]]).result()
    write.set_bookmark([new[0]]).result()
    write.set_tags([new[0]], ["banjir"]).result()
    write.set_note(new[0], "Baca lagi").result()
    write.save_search("Air", "air").result()
    write.add_rule("Lotre", "lotre").result()
    write.set_meta("screen", json.dumps({"kind": "latest", "order": "oldest"})).result()
    return feed


def backup(folder: Path, url: str = FEED) -> Path:
    """A backup of such a library, as bacatui writes it."""
    with open_store(folder / "theirs" / "bacatui.db") as store:
        fill(store, url)
        store.write.backup(folder / "copy.db").result()
    return folder / "copy.db"


@contextmanager
def by_hand(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in the hands of someone who knows SQLite."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield db


def remade(db: sqlite3.Connection, table: str, old: str, new: str) -> None:
    """Write another definition of a table into the schema, without SQLite's looking at it."""
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ?", (old, new, table)
    )
    db.execute("PRAGMA writable_schema = OFF")
