"""The reading connection: what the screen and the command line ask for. Nothing here waits or writes."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bacatui.i18n import _
from bacatui.model import (
    Article,
    Cut,
    Enclosure,
    Entry,
    Feed,
    FetchState,
    FullText,
    Kind,
    Mark,
    Offline,
    Row,
    Scope,
    ScopeKind,
)
from bacatui.store import index
from bacatui.store.query import parse
from bacatui.store.scopes import ORDERS, sequence
from bacatui.store.sql import moment, named, seconds, surely
from bacatui.store.types import (
    Act,
    Count,
    MuteRule,
    OfflineReport,
    SavedSearch,
    StoredPicture,
    Wanted,
    WantedPicture,
)

_ACT_ENTRIES = 4_000
_FETCH_TIMES = {"last_checked", "last_ok", "last_full", "next_check"}


class Reader:
    """One connection that only reads. Use it in one thread at a time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def close(self) -> None:
        self._db.close()

    # --- the list

    def first(self, scope: Scope, limit: int, order: str = "newest", unread_only: bool = False) -> list[Row]:
        """The first rows of `scope`, by index. Raises QueryError."""
        if scope.kind is ScopeKind.PACK:
            return self.rows(list(self.ids(scope, order, unread_only))[:limit])
        sql, values = sequence(self._db, scope, unread_only, probe=order != "rank").ids(order, "LIMIT ?")
        found = [int(row[0]) for row in self._db.execute(sql, (*values, limit))]
        return self.rows(found, scope.key if scope.kind is ScopeKind.SEARCH else "")

    def ids(self, scope: Scope, order: str = "newest", unread_only: bool = False) -> array[int]:
        """All entry numbers of `scope` in `order`. Raises QueryError."""
        sql, values = sequence(self._db, scope, unread_only).ids(order)
        cursor = self._db.cursor()
        cursor.row_factory = None
        found = array("q", [id for (id,) in cursor.execute(sql, values)])
        if scope.kind is ScopeKind.PACK and order == "newest":
            there = set(found)
            found = array("q", [n for part in scope.key.split(",") if part.isdecimal() and (n := int(part)) in there])
        return found

    def rows(self, ids: Iterable[int], query: str = "") -> list[Row]:
        """The lines of these entries in the order asked; entries that are gone are left out."""
        wanted = list(ids)
        found = {row[0]: row for row in self._db.execute(named("rows"), (json.dumps(wanted),))}
        passages = index.snippets(self._db, parse(query), wanted) if query else {}
        return [_row(found[n], passages.get(n, "")) for n in wanted if n in found]

    def row(self, id: int) -> Row | None:
        return next(iter(self.rows([id])), None)

    def count(self, scope: Scope) -> Count:
        """How much stands in `scope`. Raises QueryError."""
        if not scope.filter and scope.kind in {ScopeKind.LATEST, ScopeKind.UNREAD, ScopeKind.FEED, ScopeKind.FOLDER}:
            feeds = sequence(self._db, Scope(scope.kind, scope.key), unread_only=True)
            tallies = feeds.where.replace("e.feed", "t.feed")
            sql = " ".join(("SELECT sum(entries), sum(unread), sum(minutes) FROM tally t WHERE", tallies))
            row = self._db.execute(sql, feeds.values).fetchone()
            return Count(row[1] if scope.kind is ScopeKind.UNREAD else row[0], row[1], row[2]) if row[0] else Count()
        plan = sequence(self._db, scope)
        sums = ("SELECT count(*), count(u.entry), coalesce(sum(u.minutes), 0) FROM", plan.source)
        joined = ("LEFT JOIN unread u ON u.sort_at = e.sort_at AND u.entry = e.id WHERE", plan.where)
        return Count(*self._db.execute(" ".join((*sums, *joined)), plan.values).fetchone())

    def next_unread(self, scope: Scope, after: int | None, back: bool = False, order: str = "newest") -> int | None:
        """The unread entry that follows `after` in the list (precedes it with `back`), or None at the end."""
        plan = sequence(self._db, scope, unread_only=True, probe=True)
        where, values = [plan.where], [*plan.values]
        down = (order != "oldest") != back
        at = after and self._db.execute("SELECT sort_at, id FROM entry WHERE id = ?", (after,)).fetchone()
        if at:
            where.append("(e.sort_at, e.id) < (?, ?)" if down else "(e.sort_at, e.id) > (?, ?)")
            values += at
        parts = (
            "SELECT e.id FROM",
            plan.source,
            "WHERE",
            " AND ".join(where),
            "ORDER BY",
            ORDERS["newest" if down else "oldest"],
            "LIMIT 1",
        )
        row = self._db.execute(" ".join(parts), values).fetchone()
        return int(row[0]) if row else None

    # --- one entry

    def entry(self, id: int) -> Entry | None:
        row = self._db.execute(named("entry"), (id,)).fetchone()
        return None if row is None else _entry(row)

    def article(self, id: int) -> Article | None:
        """What was made of the entry's page, or None where that was not tried."""
        row = self._db.execute("SELECT * FROM article WHERE entry = ?", (id,)).fetchone()
        return None if row is None else _article(row)

    def mark(self, id: int) -> Mark:
        row = self._db.execute(named("mark"), (id,)).fetchone()
        return Mark(
            moment(row["read_at"]),
            moment(row["bookmarked_at"]),
            _tags(row["tags"]),
            row["note"] or "",
            row["place"] or 0.0,
        )

    # --- feeds, searches, rules, state

    def feeds(self) -> list[Feed]:
        return [_feed(row) for row in self._db.execute(named("feeds"), (None,))]

    def feed(self, id: int) -> Feed | None:
        row = self._db.execute(named("feeds"), (id,)).fetchone()
        return None if row is None else _feed(row)

    def find_feed(self, text: str) -> Feed:
        """The feed with this number, address or title. Raises LookupError with a sentence for the reader."""
        return _named(text, self.feeds())

    def folders(self) -> list[str]:
        sql = (
            "SELECT DISTINCT folder FROM feed WHERE folder <> '' AND removed_at IS NULL ORDER BY folder COLLATE NOCASE"
        )
        return [row[0] for row in self._db.execute(sql)]

    def tags(self) -> list[tuple[str, int]]:
        """The tags in use, with the number of entries that each has."""
        return [
            (row[0], row[1]) for row in self._db.execute("SELECT name, count(*) FROM tag GROUP BY name ORDER BY name")
        ]

    def saved_searches(self) -> list[SavedSearch]:
        sql = "SELECT id, name, query FROM saved_search ORDER BY name COLLATE NOCASE"
        return [SavedSearch(*row) for row in self._db.execute(sql)]

    def mute_rules(self) -> list[MuteRule]:
        return [MuteRule(*row) for row in self._db.execute("SELECT id, name, query, action FROM mute_rule ORDER BY id")]

    def journal(self, limit: int = 50) -> list[Act]:
        """The latest acts, newest first."""
        sql = "SELECT * FROM journal ORDER BY id DESC LIMIT ?"
        return [act(row) for row in self._db.execute(sql, (limit,))]

    def meta(self, key: str, default: str = "") -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def version(self) -> int:
        """A number that changes when anything was written, also by another process (PRAGMA data_version)."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    # --- for sync

    def fetch_state(self, feed_id: int) -> FetchState:
        row = self._db.execute("SELECT * FROM fetch WHERE feed = ?", (feed_id,)).fetchone()
        if row is None:
            return FetchState()
        known: dict[str, Any] = dict(zip(row.keys(), row, strict=True))
        del known["feed"]
        known |= {key: moment(known[key]) for key in _FETCH_TIMES}
        return FetchState(**{**known, "reached": bool(known["reached"])})

    def due(self, now: datetime) -> list[Feed]:
        """Feeds whose time has come, longest waiting first; a next check far ahead (a clock set back) counts too."""
        due = [row[0] for row in self._db.execute(named("due"), (seconds(now),))]
        feeds = {feed.id: feed for feed in self.feeds()} if due else {}
        return [feeds[id] for id in due]

    def host_waits(self) -> dict[str, datetime]:
        return {row[0]: surely(row[1]) for row in self._db.execute("SELECT name, wait_until FROM host")}

    def wanted_articles(
        self, limit: int, *, ids: Sequence[int] | None = None, retry_before: datetime | None = None
    ) -> list[Wanted]:
        """Entries whose page is still to be fetched, bookmarked ones first: of `ids`, or unread and bookmarked."""
        chosen = None if ids is None else json.dumps(list(ids))
        rows = self._db.execute(named("wanted_articles"), (limit, seconds(retry_before) or 0, chosen))
        return [
            Wanted(r[0], r[1], r[2], r[3], r[4], FullText(r[5]), bool(r[6]), r[7], r[8], r[9], settings_of(r[10]))
            for r in rows
        ]

    def outdated_articles(self, rules: str, limit: int) -> list[int]:
        """Entries whose stored text was cleaned by rules of another version, newest first."""
        sql = "SELECT entry FROM article WHERE text <> '' AND url <> '' AND rules <> ? ORDER BY entry DESC LIMIT ?"
        return [row[0] for row in self._db.execute(sql, (rules, limit))]

    def wanted_pictures(
        self, limit: int, *, ids: Sequence[int] | None = None, retry_before: datetime | None = None
    ) -> list[WantedPicture]:
        chosen = None if ids is None else json.dumps(list(ids))
        rows = self._db.execute(named("wanted_pictures"), (limit, seconds(retry_before) or 0, chosen))
        return [WantedPicture(*row) for row in rows]

    def picture(self, url: str) -> StoredPicture | None:
        sql = "SELECT url, path, format, width, height, size, error FROM picture WHERE url = ?"
        row = self._db.execute(sql, (url,)).fetchone()
        return None if row is None else StoredPicture(*row)

    def offline(self) -> OfflineReport:
        counts = dict(self._db.execute(named("offline")).fetchall())
        reasons = {row[0]: row[1] or _("not tried yet") for row in self._db.execute(named("missing"))}
        missing = tuple((row, reasons[row.id]) for row in self.rows(list(reasons)))
        ready, partial, failed, pending = (counts.get(state.value, 0) for state in Offline)
        return OfflineReport(ready, partial, failed, pending, missing)


def _named(text: str, feeds: list[Feed]) -> Feed:
    wanted = text.strip().casefold()
    exact = [f for f in feeds if wanted in {str(f.id), f.url.casefold(), f.url.casefold().rstrip("/")}]
    found = exact or [f for f in feeds if wanted and wanted == f.title.casefold()]
    found = found or [f for f in feeds if wanted and wanted in f.title.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{f.id} {f.title}" for f in found[:5])
        raise LookupError(
            _("More than one feed fits {text}: {names}. Name it by its number.").format(text=text, names=names)
        )
    raise LookupError(_("No feed has the number, address or title {text}.").format(text=text))


def _tags(joined: str | None) -> tuple[str, ...]:
    return tuple(joined.split("\x1f")) if joined else ()


def settings_of(stored: str) -> dict[str, str]:
    """A feed's settings; what was edited into something else by hand is none."""
    try:
        found = json.loads(stored)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _row(r: sqlite3.Row, snippet: str) -> Row:
    return Row(
        r[0], r[1], r[2], r[3], surely(r[4]), moment(r[5]), surely(r[6]), bool(r[7]), bool(r[8]), Offline(r[9]),
        r[10], r[11], _tags(r[12]), snippet,
    )  # fmt: skip


def _feed(r: sqlite3.Row) -> Feed:
    return Feed(
        r["id"], r["url"], r["title"], r["site"], r["folder"], FullText(r["full_text"]), r["unread"], r["entries"],
        r["status"], r["error"], moment(r["last_ok"]), moment(r["next_check"]), r["publisher_title"],
        settings_of(r["settings"]),
    )  # fmt: skip


def _entry(r: sqlite3.Row) -> Entry:
    return Entry(
        r["id"], r["feed"], r["feed_title"], r["guid"], r["title"], r["url"], r["author"], moment(r["published"]),
        moment(r["updated"]), surely(r["first_seen"]), r["summary"], r["html"], r["text"], r["language"], r["comments"],
        tuple(Enclosure(**e) for e in json.loads(r["enclosures"])), tuple(json.loads(r["categories"])),
        bool(r["is_stub"]),
    )  # fmt: skip


def _article(r: sqlite3.Row) -> Article:
    return Article(
        r["title"], r["byline"], datetime.fromisoformat(r["published"]) if r["published"] else None, r["lead"],
        r["text"], r["html"], r["language"], r["site"], r["lead_image"], r["url"], Kind(r["kind"]), r["next_page"],
        r["extractor"], tuple(Cut(*cut) for cut in json.loads(r["cuts"])), r["error"],
        r["rules"],
    )  # fmt: skip


def act(r: sqlite3.Row) -> Act:
    """A row of the journal as an act."""
    from bacatui.store.journal import numbers

    entries: list[int] = []
    for change in json.loads(r["changes"]):
        if len(entries) < _ACT_ENTRIES:
            entries += numbers(change.get("ids", ""), _ACT_ENTRIES)
    return Act(
        r["id"], surely(r["at"]), r["author"], r["kind"], r["count"], r["detail"], r["undone_at"] is not None,
        tuple(dict.fromkeys(entries)),
    )  # fmt: skip
