"""Stores changing feed documents until it is killed: `python syncer.py STORE SEED`. A sync without its network."""

from __future__ import annotations

import itertools
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import open_store


def document(feed: int, revision: int) -> ParsedFeed:
    """Two hundred entries, of which twenty are new in each revision and the rest are known."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    entries = tuple(
        ParsedEntry(
            id=f"{feed}-{n}", title=f"Entry {n} of {feed}", link=f"http://127.0.0.1:9/{feed}/{n}",
            content=f"<p>Revision {revision % 3}</p>", text=f"Revision {revision % 3}",
            published=start + timedelta(hours=n), has_guid=True,
        )
        for n in range(revision * 20, revision * 20 + 200)
    )  # fmt: skip
    return ParsedFeed(f"Feed {feed}", entries=entries)


def main() -> None:
    first = int(sys.argv[2])
    with open_store(Path(sys.argv[1])) as store:
        feeds = [feed.id for feed in store.read.feeds()]
        for revision in itertools.count(first):
            for feed in feeds:
                store.write.store_feed(
                    feed, document(feed, revision), FetchState(status="ok")
                ).result()
                os.write(1, b".")


if __name__ == "__main__":
    main()
