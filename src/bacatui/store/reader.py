"""The reading connection: what the screen and the command line ask for. Nothing here waits or writes."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bacatui.i18n import _
from bacatui.model import Article, Entry, Feed, FetchState, Mark, Offline, Row, Scope, ScopeKind
from bacatui.model.entry_view import EntryView, entry_view
from bacatui.store import index
from bacatui.store.query import parse
from bacatui.store.scopes import scope_query
from bacatui.store.sql import gather, gather_by, moment, only, seconds, statement
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


class Reader:
    """One connection that only reads. Use it in one thread at a time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def close(self) -> None:
        self._db.close()

    def rest(self) -> None:
        """Give back the memory of pages that were read."""
        self._db.execute("PRAGMA shrink_memory")

    # --- the list

    def first(
        self, scope: Scope, limit: int, order: str = "newest", unread_only: bool = False
    ) -> list[Row]:
        """The first rows of `scope`, by index. Raises QueryError."""
        found = self.ids(scope, order, unread_only, limit)
        return self.rows(found, scope.key if scope.kind is ScopeKind.SEARCH else "")

    def ids(
        self,
        scope: Scope,
        order: str = "newest",
        unread_only: bool = False,
        limit: int | None = None,
    ) -> array[int]:
        """The entry numbers of `scope` in `order`, all or the first. Raises QueryError."""
        is_pack = scope.kind is ScopeKind.PACK
        some = -1 if limit is None or is_pack else limit
        sql, values = scope_query(self._db, scope, unread_only, some >= 0 and order != "rank").ids(
            order, "LIMIT ?"
        )
        cursor = self._db.cursor()
        cursor.row_factory = None
        found = array("q", [id for (id,) in cursor.execute(sql, (*values, some))])
        if is_pack and order == "newest":
            there = set(found)
            found = array(
                "q",
                [
                    n
                    for part in scope.key.split(",")
                    if part.isdecimal() and (n := int(part)) in there
                ],
            )
        return found[:limit]

    def feeds_of(self, ids: Iterable[int]) -> dict[int, int]:
        """Which feed each of these entries is of; entries that are gone are left out."""
        sql = "SELECT id, feed FROM entry WHERE id IN (SELECT value FROM json_each(?))"
        return dict(map(tuple, self._db.execute(sql, (json.dumps(list(ids)),))))

    def rows(self, ids: Iterable[int], query: str = "") -> list[Row]:
        """The lines of these entries in the order asked; entries that are gone are left out."""
        wanted = list(ids)
        found = gather(Row, self._db.execute(statement("rows"), (json.dumps(wanted),)))
        passages = index.snippets(self._db, parse(query), wanted) if query else {}
        return [
            replace(row, snippet=passages[row.id]) if row.id in passages else row for row in found
        ]

    def views(self, ids: Iterable[int], whole: bool = False) -> list[EntryView]:
        """What is shown of these entries, in the order asked; their texts only where `whole`."""
        wanted = list(ids)
        marks, articles = self.marks(wanted), self._articles(wanted, whole)
        views = [
            entry_view(entry, marks[entry.id], articles.get(entry.id))
            for entry in self._entries(wanted, whole)
        ]
        return views if whole else [replace(view, html="", text="", cuts=()) for view in views]

    def view(self, id: int, *, feed_text: bool = False) -> EntryView | None:
        """What is shown of one entry, or None where it is gone; see `entry_view` for `feed_text`."""
        entry = self.entry(id)
        if entry is None:
            return None
        return entry_view(entry, self.mark(id), self.article(id), feed_text=feed_text)

    def _articles(self, ids: list[int], whole: bool) -> dict[int, Article]:
        return gather_by(
            "entry", Article, self._db.execute(statement("articles"), (json.dumps(ids), whole))
        )

    def _entries(self, ids: list[int], whole: bool) -> list[Entry]:
        """What their publishers wrote, in the order asked; only the beginnings of texts unless `whole`."""
        return gather(Entry, self._db.execute(statement("entries"), (json.dumps(ids), whole)))

    def row(self, id: int) -> Row | None:
        return next(iter(self.rows([id])), None)

    def count(self, scope: Scope) -> Count:
        """How much stands in `scope`. Raises QueryError."""
        if not scope.filter and scope.kind in {
            ScopeKind.LATEST,
            ScopeKind.UNREAD,
            ScopeKind.FEED,
            ScopeKind.FOLDER,
        }:
            feeds = scope_query(self._db, Scope(scope.kind, scope.key), unread_only=True)
            tallies = feeds.where.replace("e.feed", "t.feed")
            sql = " ".join(
                ("SELECT sum(entries), sum(unread), sum(minutes) FROM tally t WHERE", tallies)
            )
            row = self._db.execute(sql, feeds.values).fetchone()
            return (
                Count(row[1] if scope.kind is ScopeKind.UNREAD else row[0], row[1], row[2])
                if row[0]
                else Count()
            )
        plan = scope_query(self._db, scope)
        sums = ("SELECT count(*), count(u.entry), coalesce(sum(u.minutes), 0) FROM", plan.source)
        joined = (
            "LEFT JOIN unread u ON u.sort_at = e.sort_at AND u.entry = e.id WHERE",
            plan.where,
        )
        return Count(*self._db.execute(" ".join((*sums, *joined)), plan.values).fetchone())

    def arrived(self, scope: Scope, after: int, unread_only: bool = False) -> int:
        """How many entries of `scope` have come since the one with the number `after`."""
        is_unread = unread_only or scope.kind is ScopeKind.UNREAD
        # by their numbers, so that what was there is not looked at
        plan = scope_query(
            self._db, Scope(filter=scope.filter) if scope.kind is ScopeKind.UNREAD else scope
        )
        tail = (
            " ".join(("AND", statement("is.unread"), "AND e.id > ?"))
            if is_unread
            else "AND e.id > ?"
        )
        return int(
            self._db.execute(plan.select("count(*)", tail), (*plan.values, after)).fetchone()[0]
        )

    def newest(self) -> int:
        """The highest entry number: of what came last, whenever it was published."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()[0])

    def next_unread(
        self, scope: Scope, after: int | None, back: bool = False, order: str = "newest"
    ) -> int | None:
        """The unread entry that follows `after` in the list (precedes it with `back`), or None at the end."""
        plan = scope_query(self._db, scope, unread_only=True, probe=True)
        down = (order != "oldest") != back
        at = (
            after
            and self._db.execute("SELECT sort_at, id FROM entry WHERE id = ?", (after,)).fetchone()
        )
        beyond = "AND (e.sort_at, e.id) < (?, ?)" if down else "AND (e.sort_at, e.id) > (?, ?)"
        tail = (
            beyond if at else "",
            statement("order.newest" if down else "order.oldest"),
            "LIMIT 1",
        )
        row = self._db.execute(
            plan.select("e.id", " ".join(tail)), (*plan.values, *(at or ()))
        ).fetchone()
        return int(row[0]) if row else None

    # --- one entry

    def entry(self, id: int) -> Entry | None:
        return next(iter(self._entries([id], whole=True)), None)

    def article(self, id: int) -> Article | None:
        """What was made of the entry's page, or None where that was not tried."""
        return self._articles([id], whole=True).get(id)

    def marks(self, ids: Iterable[int]) -> dict[int, Mark]:
        """What the user did with each of these entries."""
        return gather_by(
            "entry", Mark, self._db.execute(statement("marks"), (json.dumps(list(ids)),))
        )

    def mark(self, id: int) -> Mark:
        """What the user did with one entry."""
        return self.marks([id])[id]

    # --- feeds, searches, rules, state

    def feeds(self) -> list[Feed]:
        return gather(Feed, self._db.execute(statement("feeds"), (None,)))

    def feed(self, id: int) -> Feed | None:
        return only(Feed, self._db.execute(statement("feeds"), (id,)))

    def find_feed(self, text: str) -> Feed:
        """The feed with this number, address or title. Raises LookupError with a sentence for the reader."""
        wanted, feeds = text.strip().casefold(), self.feeds()
        found = [
            f
            for f in feeds
            if wanted in {str(f.id), f.url.casefold(), f.url.casefold().rstrip("/")}
        ]
        found = found or [f for f in feeds if wanted and wanted == f.title.casefold()]
        found = found or [f for f in feeds if wanted and wanted in f.title.casefold()]
        if len(found) == 1:
            return found[0]
        said = _("No feed has the number, address or title {text}.")
        if found:
            said = _("More than one feed fits {text}: {names}. Name it by its number.")
        raise LookupError(
            said.format(text=text, names=", ".join(f"{f.id} {f.title}" for f in found[:5]))
        )

    def folders(self) -> list[str]:
        return [row[0] for row in self._db.execute(statement("folders"))]

    def tags(self) -> list[tuple[str, int]]:
        """The tags in use, with the number of entries that each has."""
        return [(name, n) for name, n in self._db.execute(statement("tags"))]

    def saved_searches(self) -> list[SavedSearch]:
        return gather(
            SavedSearch, self._db.execute("SELECT * FROM saved_search ORDER BY name COLLATE NOCASE")
        )

    def mute_rules(self) -> list[MuteRule]:
        return gather(MuteRule, self._db.execute("SELECT * FROM mute_rule ORDER BY id"))

    def journal(self, limit: int = 50) -> list[Act]:
        """The latest acts, newest first."""
        return gather(Act, self._db.execute(statement("journal"), (None, limit)))

    def meta(self, key: str, default: str = "") -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def version(self) -> int:
        """A number that changes when anything was written, also by another process (PRAGMA data_version)."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    # --- for sync

    def fetch_state(self, feed_id: int) -> FetchState:
        return (
            only(FetchState, self._db.execute("SELECT * FROM fetch WHERE feed = ?", (feed_id,)))
            or FetchState()
        )

    def due(self, now: datetime) -> list[Feed]:
        """Feeds whose time has come, longest waiting first; a next check far ahead (a clock set back) counts too."""
        due = [row[0] for row in self._db.execute(statement("due"), (seconds(now),))]
        feeds = {feed.id: feed for feed in self.feeds()} if due else {}
        return [feeds[id] for id in due]

    def host_waits(self) -> dict[str, datetime]:
        rows = self._db.execute("SELECT name, wait_until FROM host")
        return {name: until for name, stored in rows if (until := moment(stored))}

    def wanted_articles(
        self, limit: int, *, ids: Sequence[int] | None = None, retry_before: datetime | None = None
    ) -> list[Wanted]:
        """Entries whose page is still to be fetched, bookmarked ones first: of `ids`, or unread and bookmarked."""
        chosen = None if ids is None else json.dumps(list(ids))
        return gather(
            Wanted,
            self._db.execute(
                statement("wanted_articles"), (limit, seconds(retry_before) or 0, chosen)
            ),
        )

    def outdated_articles(self, rules: str, limit: int) -> list[int]:
        """Entries whose stored text was cleaned by rules of another version, newest first."""
        return [row[0] for row in self._db.execute(statement("outdated"), (rules, limit))]

    def wanted_pictures(
        self, limit: int, *, ids: Sequence[int] | None = None, retry_before: datetime | None = None
    ) -> list[WantedPicture]:
        chosen = None if ids is None else json.dumps(list(ids))
        rows = self._db.execute(
            statement("wanted_pictures"), (limit, seconds(retry_before) or 0, chosen)
        )
        return gather(WantedPicture, rows)

    def picture(self, url: str) -> StoredPicture | None:
        return only(StoredPicture, self._db.execute("SELECT * FROM picture WHERE url = ?", (url,)))

    def offline(self) -> OfflineReport:
        counted = self._db.execute(statement("offline")).fetchall()
        counts = dict.fromkeys(Offline, 0) | {Offline(state): n for state, n, _read in counted}
        reasons = {
            row[0]: row[1] or _("not tried yet") for row in self._db.execute(statement("missing"))
        }
        return OfflineReport(
            counts,
            missing=tuple((row, reasons[row.id]) for row in self.rows(reasons)),
            bookmarks=sum(n for _state, _n, n in counted),
            unfetched=int(self._db.execute(statement("unfetched")).fetchone()[0]),
        )
