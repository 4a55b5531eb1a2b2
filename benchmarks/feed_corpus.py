"""How far `parse` agrees with the expectations of other projects' test suites, value by value.

    python -m benchmarks.feed_corpus [FOLDER] [--list] [--worker]

FOLDER holds feeds, and beside those of which something is known NAME.expect.json with its `values` (default:
../shared/corpus/feeds/public). Prints agreement for each kind of value; --list names the rest; --worker goes
through `bacatui.parse_feed` instead of parsing in this process.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from bacatui import parse_feed
from bacatui.feeds import parse
from bacatui.model import FeedError, ParsedEntry, ParsedFeed
from benchmarks.corpora import SHARED, needed

Parser = Callable[[bytes, str, str], ParsedFeed]


def plain(text: str) -> str:
    """Text as a reader would see it, for comparison: no tags, references resolved, blanks folded."""
    text = unescape(re.sub(r"<[^<>]*>", " ", unescape(str(text))))
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def close(expected: str, found: str) -> bool:
    """Whether a text, which the expectations cut at 200 characters, is the same."""
    return (
        plain(found).startswith(plain(expected)[:180])
        if len(expected) >= 200
        else plain(expected) == plain(found)
    )


def moment(text: str) -> datetime | None:
    from bacatui.feeds import date

    return date(text)


def of_entry(key: str, expected: Any, entry: ParsedEntry) -> bool:
    if key == "date":
        return moment(str(expected)) in {entry.published, entry.updated}
    if key in {"link", "id"}:
        return str(expected).strip() == (entry.link if key == "link" else entry.id)
    if key == "content":
        return any(close(str(expected), text) for text in (entry.content, entry.summary))
    return close(str(expected), str(getattr(entry, key)))


def judge(values: dict[str, Any], feed: ParsedFeed) -> list[tuple[str, bool, Any, Any]]:
    """(field, agrees, expected, found) for each value that is stated."""
    rows: list[tuple[str, bool, Any, Any]] = []
    for key, expected in values.items():
        if key == "entries":
            rows.append((key, expected == len(feed.entries), expected, len(feed.entries)))
        elif key == "feed.title":
            rows.append((key, close(expected, feed.title), expected, feed.title))
        elif key == "first":
            entry = feed.entries[0] if feed.entries else ParsedEntry("", "")
            for name, value in expected.items():
                found = getattr(entry, {"date": "published"}.get(name, name))
                rows.append((f"first.{name}", of_entry(name, value, entry), value, found))
    return rows


def run(folder: Path, parser: Parser, listing: bool) -> int:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    files = refused = 0
    started = time.perf_counter()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.endswith((".expect.json", ".case.json", ".md")):
            continue
        files += 1
        beside = path.with_name(path.name + ".expect.json")
        beside = beside if beside.exists() else path.with_name(path.stem + ".expect.json")
        known = json.loads(beside.read_text()) if beside.exists() else {}
        headers = {name.lower(): text for name, text in (known.get("headers") or {}).items()}
        url = headers.get("content-location", "")
        try:
            feed = parser(path.read_bytes(), url, headers.get("content-type", ""))
        except FeedError as error:
            refused += 1
            feed = ParsedFeed(
                "", entries=(ParsedEntry("", ""),) * 99, notes=(str(error),)
            )  # agrees with nothing
        for name, agrees, expected, found in judge(known.get("values") or {}, feed):
            total[name] += 1
            right[name] += agrees
            if listing and not agrees:
                print(
                    f"{path.name[-90:]}\n   {name}: {expected!r}\n   {' ' * len(name)}  {found!r} {feed.notes}"
                )
    for name in sorted(total):
        print(f"{name:15} {right[name]:5} of {total[name]:5}  {right[name] / total[name]:.1%}")
    whole = sum(total.values()) or 1
    seconds = time.perf_counter() - started
    print(f"{'all':15} {sum(right.values()):5} of {whole:5}  {sum(right.values()) / whole:.2%}")
    print(f"{files} files, {refused} refused with FeedError, {seconds:.1f} s")
    return 0 if sum(right.values()) / whole >= 0.97 else 1


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", nargs="?", type=Path, default=SHARED / "corpus/feeds/public")
    options.add_argument("--list", action="store_true")
    options.add_argument("--worker", action="store_true")
    chosen = options.parse_args()
    return run(needed(chosen.folder), parse_feed if chosen.worker else parse, chosen.list)


if __name__ == "__main__":
    sys.exit(main())
