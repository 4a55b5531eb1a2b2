"""Ask every address of the starter packs, and say what came: `make packs`.

    python -m tools.packs [FILE] [--pause SECONDS]

For each feed: its status, how many entries it has, how old the newest is, and whether our own parser reads it. What
gives no feed is asked once more after a pause, so that one bad minute is no verdict. `dead`: there was no feed twice.
`old`: nothing new for two months. `moved`: a permanent redirect leads to another address. It needs the network.

Exit code: 0 where every address gives a feed, 1 where one is dead, 2 where no host at all can be reached, which says
something about the network here and nothing about the addresses.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bacatui import FeedError, clock, packs, parse_feed
from bacatui.fetch import Client, FetchError, Request, Resource
from bacatui.text import sanitize

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

OLD = timedelta(days=60)


@dataclass(frozen=True)
class Finding:
    """What came of one address; `why` says it for one that is dead. `reached`: its host answered something."""

    verdict: str  # good, old, moved, dead
    status: int = 0
    entries: int = 0
    newest: timedelta | None = None  # age of the newest entry; None where no entry has a date
    moved_to: str = ""
    why: str = ""
    reached: bool = True

    def told(self) -> str:
        if self.verdict == "dead":
            return f"{self.status}, {self.why}" if self.status else self.why
        age = "no dates" if self.newest is None else f"newest {words(self.newest)} old"
        moved = f"; it moved for good to {self.moved_to}" if self.moved_to else ""
        return f"{self.status}, {self.entries} entries, {age}{moved}"


def words(age: timedelta) -> str:
    """An age to the day, or to the hour below two days."""
    hours = max(0, int(age.total_seconds() // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


async def ask(client: Client, url: str) -> Finding:
    """One address, with the same client and parser as in the app."""
    address = sanitize.url(url)
    try:
        reply = await client.get(Request(address, Resource.FEED, trusted=address))
    except FetchError as error:
        return Finding("dead", error.status, why=str(error), reached=error.reached)
    try:
        feed = await asyncio.to_thread(parse_feed, reply.body, reply.final_url, reply.content_type)
    except FeedError as error:
        return Finding("dead", reply.status, why=str(error))
    dates = [date for entry in feed.entries if (date := entry.published or entry.updated)]
    newest = clock.now() - max(dates) if dates else None
    moved_to = reply.permanent_url if reply.permanent_url != address else ""
    is_old = newest is not None and newest > OLD
    verdict = "old" if is_old or not feed.entries else "moved" if moved_to else "good"
    return Finding(verdict, reply.status, len(feed.entries), newest, moved_to)


async def ask_all(urls: list[str], pause: float) -> dict[str, Finding]:
    """Every address once, and those that gave no feed once more after `pause` seconds."""
    async with Client() as client:
        found = dict(
            zip(urls, await asyncio.gather(*(ask(client, url) for url in urls)), strict=True)
        )
        failed = [url for url in urls if found[url].verdict == "dead"]
        if failed:
            await asyncio.sleep(pause)
            found |= zip(
                failed, await asyncio.gather(*(ask(client, url) for url in failed)), strict=True
            )
    return found


def main(argv: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m tools.packs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("file", nargs="?", type=Path, default=packs.OURS)
    options.add_argument(
        "--pause", type=float, default=30.0, help="seconds before a second try (default: 30)"
    )
    given = options.parse_args(argv)
    known, problems = packs.load(given.file)
    if problems or not known:
        print(*problems or [f"{given.file} has no starter packs."], file=sys.stderr)
        return 1
    urls = list(dict.fromkeys(feed.url for pack in known for feed in pack.feeds))
    found = asyncio.run(ask_all(urls, given.pause))
    if not any(finding.reached for finding in found.values()):
        first = found[urls[0]].why
        print(
            f"None of {len(urls)} hosts could be reached, so nothing is said of them: {first}",
            file=sys.stderr,
        )
        return 2
    for pack in known:
        print(pack.title)
        for feed in pack.feeds:
            finding = found[feed.url]
            print(
                f"  {finding.verdict:<5} {feed.title} <{sanitize.url(feed.url)}>: {finding.told()}"
            )
    counts = Counter(finding.verdict for finding in found.values())
    print(
        "1 address:" if len(urls) == 1 else f"{len(urls)} addresses:",
        ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items())),
    )
    return 1 if counts["dead"] else 0


if __name__ == "__main__":
    sys.exit(main())
