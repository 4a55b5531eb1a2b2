"""Fill a store with any number of articles that look like news, through the store's own writer.

`python -m benchmarks.generator FOLDER 100000` makes FOLDER/data/bacatui.db, to be opened with
`bacatui --home FOLDER`. The same count and seed make the same articles.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bacatui import paths
from bacatui.document import escape
from bacatui.model import FetchState, ParsedEntry, ParsedFeed
from bacatui.store import open_store
from benchmarks.vocabulary import RARE, SHARE, Language, languages

NEWEST = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Size:
    """How much to make."""

    entries: int
    feeds: int
    words: tuple[int, int]  # of an article, least and most


def size(entries: int, *, short: bool = False) -> Size:
    """The usual shape of `entries` articles: whole ones, or `short` ones where only the list matters."""
    return Size(entries, max(10, min(1_000, entries // 500)), (20, 60) if short else (150, 800))


def articles(wanted: Size, seed: int = 1) -> Iterator[ParsedEntry]:
    """Entries, newest first, one minute to ten apart."""
    spoken, chance, moment = languages(seed), random.Random(seed), NEWEST
    codes, shares = list(SHARE), list(SHARE.values())
    for number in range(wanted.entries):
        moment -= timedelta(
            seconds=chance.randint(60, 600) * 100_000 // max(wanted.entries, 100_000)
        )
        yield _article(
            spoken[chance.choices(codes, shares)[0]], number, moment, wanted.words, chance
        )


def _article(
    language: Language, number: int, moment: datetime, words: tuple[int, int], chance: random.Random
) -> ParsedEntry:
    paragraphs: list[str] = []
    left = chance.randint(*words)
    while left > 0:
        picked = [chance.randrange(len(language.sentences)) for _ in range(chance.randint(2, 5))]
        left -= sum(language.words[at] for at in picked)
        paragraphs.append(" ".join(language.sentences[at] for at in picked))
    rare = f" {RARE}" if number % 500 == 7 else ""
    return ParsedEntry(
        id=f"entry-{number}", title=f"{chance.choice(language.titles)}{rare} {number}",
        link=f"http://127.0.0.1:9/article/{number}", author=chance.choice(language.titles)[:24], published=moment,
        content="\n".join(f"<p>{escape(text)}</p>" for text in paragraphs), text="\n\n".join(paragraphs),
        summary=paragraphs[0][:240], language=language.code, has_guid=True,
    )  # fmt: skip


def fill(home: Path, wanted: Size, seed: int = 1) -> float:
    """Make the store under `home`; the seconds that it took. An existing store of that size is taken as it is."""
    began, folders = time.perf_counter(), paths.home(home)
    with open_store(folders.store) as store:
        if sum(feed.entries for feed in store.read.feeds()) >= wanted.entries:
            return 0.0
        feeds = [
            store.write.add_feed(
                f"http://127.0.0.1:9/feed{n}.xml", folder=f"Folder {n % 12}"
            ).result()
            for n in range(wanted.feeds)
        ]
        batches: list[list[ParsedEntry]] = [[] for _ in feeds]
        waiting = []
        share = -(-wanted.entries // wanted.feeds)
        for number, entry in enumerate(articles(wanted, seed)):
            at = number % wanted.feeds
            batches[at].append(entry)
            if len(batches[at]) == min(share, 500) or number >= wanted.entries - wanted.feeds:
                parsed = ParsedFeed(
                    f"Paper number {at}", f"http://127.0.0.1:9/{at}", entries=tuple(batches[at])
                )
                state = FetchState(
                    status="ok", last_ok=NEWEST, next_check=NEWEST + timedelta(days=3650)
                )
                waiting.append(
                    store.write.store_feed(feeds[at].id, parsed, state, newest_unread=None)
                )
                batches[at] = []
            if len(waiting) > 20:
                waiting.pop(0).result()
        for future in waiting:
            future.result()
        store.write.tidy().result()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("entries", type=int)
    parser.add_argument("--short", action="store_true", help="articles of 20 to 60 words")
    parser.add_argument("--seed", type=int, default=1)
    call = parser.parse_args()
    seconds = fill(call.folder, size(call.entries, short=call.short), call.seed)
    print(f"{call.entries:,} entries in {seconds:.1f} s: bacatui --home {call.folder}")


if __name__ == "__main__":
    main()
