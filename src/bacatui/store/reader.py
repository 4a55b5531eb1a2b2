"""Reading from the store: what the screen, the command line and sync ask for."""

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
        """Close the connection."""
        self._db.close()

    def rest(self) -> None:
        """Free the memory of cached pages."""
        self._db.execute("PRAGMA shrink_memory")

    # --- the list

    def first(
        self, scope: Scope, limit: int, order: str = "newest", unread_only: bool = False
    ) -> list[Row]:
        """The first `limit` rows of `scope` in `order`. Raises QueryError."""
        found = self.ids(scope, order, unread_only, limit)
        return self.rows(found, scope.key if scope.kind is ScopeKind.SEARCH else "")

    def ids(
        self,
        scope: Scope,
        order: str = "newest",
        unread_only: bool = False,
        limit: int | None = None,
    ) -> array[int]:
        """The entry numbers of `scope` in `order`, at most `limit`. Raises QueryError.

        A pack in the order `newest` keeps the order of its own list.
        """
        is_pack = scope.kind is ScopeKind.PACK
        row_limit = -1 if limit is None or is_pack else limit  # -1: none, for SQLite
        probe = row_limit >= 0 and order != "rank"
        sql, values = scope_query(self._db, scope, unread_only, probe).ids(order, "LIMIT ?")
        cursor = self._db.cursor()
        cursor.row_factory = None
        found = array("q", [id for (id,) in cursor.execute(sql, (*values, row_limit))])
        if is_pack and order == "newest":
            there = set(found)
            listed = [int(part) for part in scope.key.split(",") if part.isdecimal()]
            found = array("q", [id for id in listed if id in there])
        return found[:limit]

    def feeds_of(self, ids: Iterable[int]) -> dict[int, int]:
        """Entry number -> feed number; entries that are gone are left out."""
        sql = "SELECT id, feed FROM entry WHERE id IN (SELECT value FROM json_each(?))"
        return dict(map(tuple, self._db.execute(sql, (json.dumps(list(ids)),))))

    def rows(self, ids: Iterable[int], query: str = "") -> list[Row]:
        """The list rows of these entries in the order given; entries that are gone are left out.

        With `query`, rows have a snippet around its first match. Raises QueryError.
        """
        wanted = list(ids)
        found = gather(Row, self._db.execute(statement("rows"), (json.dumps(wanted),)))
        passages = index.snippets(self._db, parse(query), wanted) if query else {}
        return [
            replace(row, snippet=passages[row.id]) if row.id in passages else row for row in found
        ]

    def views(self, ids: Iterable[int], whole: bool = False) -> list[EntryView]:
        """What is shown of these entries, in the order given; with their texts where `whole`."""
        wanted = list(ids)
        marks, articles = self.marks(wanted), self._articles(wanted, whole)
        views = [
            entry_view(entry, marks[entry.id], articles.get(entry.id))
            for entry in self._entries(wanted, whole)
        ]
        return views if whole else [replace(view, html="", text="", cuts=()) for view in views]

    def view(self, id: int, *, feed_text: bool = False) -> EntryView | None:
        """What is shown of one entry, or None where it is gone. `feed_text`: see `entry_view`."""
        entry = self.entry(id)
        if entry is None:
            return None
        return entry_view(entry, self.mark(id), self.article(id), feed_text=feed_text)

    def _articles(self, ids: list[int], whole: bool) -> dict[int, Article]:
        return gather_by(
            "entry", Article, self._db.execute(statement("articles"), (json.dumps(ids), whole))
        )

    def _entries(self, ids: list[int], whole: bool) -> list[Entry]:
        """Entries in the order given; unless `whole`, with only the beginnings of their texts."""
        return gather(Entry, self._db.execute(statement("entries"), (json.dumps(ids), whole)))

    def row(self, id: int) -> Row | None:
        """The list row of one entry, or None where it is gone."""
        return next(iter(self.rows([id])), None)

    def count(self, scope: Scope) -> Count:
        """Counts of the entries in `scope`. Raises QueryError."""
        if not scope.filter and scope.kind in {
            ScopeKind.LATEST,
            ScopeKind.UNREAD,
            ScopeKind.FEED,
            ScopeKind.FOLDER,
        }:
            return self._count_by_tally(scope)
        plan = scope_query(self._db, scope)
        sums = ("SELECT count(*), count(u.entry), coalesce(sum(u.minutes), 0) FROM", plan.source)
        joined = (
            "LEFT JOIN unread u ON u.sort_at = e.sort_at AND u.entry = e.id WHERE",
            plan.where,
        )
        return Count(*self._db.execute(" ".join((*sums, *joined)), plan.values).fetchone())

    def _count_by_tally(self, scope: Scope) -> Count:
        """Counts of a scope of whole feeds, from the tallies of these feeds."""
        feeds = scope_query(self._db, Scope(scope.kind, scope.key), unread_only=True)
        condition = feeds.where.replace("e.feed", "t.feed")
        sums = "SELECT sum(entries), sum(unread), sum(minutes) FROM tally t WHERE"
        row = self._db.execute(" ".join((sums, condition)), feeds.values).fetchone()
        entries, unread, minutes = row
        if not entries:
            return Count()
        return Count(unread if scope.kind is ScopeKind.UNREAD else entries, unread, minutes)

    def arrived(self, scope: Scope, after: int, unread_only: bool = False) -> int:
        """How many entries of `scope` have a number above `after`, the last one that was known."""
        is_unread = unread_only or scope.kind is ScopeKind.UNREAD
        # From the entries rather than the unread list, so that only new numbers are looked at.
        entries = Scope(filter=scope.filter) if scope.kind is ScopeKind.UNREAD else scope
        plan = scope_query(self._db, entries)
        tail = "AND e.id > ?"
        if is_unread:
            tail = " ".join(("AND", statement("is.unread"), tail))
        row = self._db.execute(plan.select("count(*)", tail), (*plan.values, after)).fetchone()
        return int(row[0])

    def newest(self) -> int:
        """The highest entry number: of what came last, whenever it was published."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()[0])

    def next_unread(
        self, scope: Scope, after: int | None, back: bool = False, order: str = "newest"
    ) -> int | None:
        """The unread entry after `after` in the list (before it with `back`); None at the end.

        Without `after`, the search begins at the top. Raises QueryError.
        """
        plan = scope_query(self._db, scope, unread_only=True, probe=True)
        to_older = (order != "oldest") != back
        sql = "SELECT sort_at, id FROM entry WHERE id = ?"
        start = self._db.execute(sql, (after,)).fetchone() if after else None
        tail = [statement("order.newest" if to_older else "order.oldest"), "LIMIT 1"]
        values = list(plan.values)
        if start:
            tail.insert(0, f"AND (e.sort_at, e.id) {'<' if to_older else '>'} (?, ?)")
            values += start
        row = self._db.execute(plan.select("e.id", " ".join(tail)), values).fetchone()
        return int(row[0]) if row else None

    # --- one entry

    def entry(self, id: int) -> Entry | None:
        """One entry with all of its text, or None where it is gone."""
        return next(iter(self._entries([id], whole=True)), None)

    def article(self, id: int) -> Article | None:
        """What was extracted from the entry's page, or None where it was never fetched."""
        return self._articles([id], whole=True).get(id)

    def marks(self, ids: Iterable[int]) -> dict[int, Mark]:
        """Entry number -> what the user did with it."""
        return gather_by(
            "entry", Mark, self._db.execute(statement("marks"), (json.dumps(list(ids)),))
        )

    def mark(self, id: int) -> Mark:
        """What the user did with one entry."""
        return self.marks([id])[id]

    # --- feeds, searches, rules, state

    def feeds(self) -> list[Feed]:
        """All subscriptions, by folder and title."""
        return gather(Feed, self._db.execute(statement("feeds"), (None,)))

    def feed(self, id: int) -> Feed | None:
        """One subscription, or None where it is not there or was removed."""
        return only(Feed, self._db.execute(statement("feeds"), (id,)))

    def find_feed(self, text: str) -> Feed:
        """The feed with this number, address or title, or the one whose title contains `text`.

        Raises LookupError, with a sentence for the user, where there is none or more than one.
        """
        wanted, feeds = text.strip().casefold(), self.feeds()
        found = [
            feed
            for feed in feeds
            if wanted in {str(feed.id), feed.url.casefold(), feed.url.casefold().rstrip("/")}
        ]
        if wanted and not found:
            found = [feed for feed in feeds if wanted == feed.title.casefold()]
        if wanted and not found:
            found = [feed for feed in feeds if wanted in feed.title.casefold()]
        if len(found) == 1:
            return found[0]
        said = _("No feed has the number, address or title {text}.")
        if found:
            said = _("More than one feed fits {text}: {names}. Name it by its number.")
        names = ", ".join(f"{feed.id} {feed.title}" for feed in found[:5])
        raise LookupError(said.format(text=text, names=names))

    def folders(self) -> list[str]:
        """The folders that have feeds, by name; a folder in another is written `News/Local`."""
        return [row[0] for row in self._db.execute(statement("folders"))]

    def tags(self) -> list[tuple[str, int]]:
        """The tags in use, with the number of entries that each has."""
        return [(name, n) for name, n in self._db.execute(statement("tags"))]

    def saved_searches(self) -> list[SavedSearch]:
        """The saved searches, by name."""
        return gather(
            SavedSearch, self._db.execute("SELECT * FROM saved_search ORDER BY name COLLATE NOCASE")
        )

    def mute_rules(self) -> list[MuteRule]:
        """The mute rules, oldest first."""
        return gather(MuteRule, self._db.execute("SELECT * FROM mute_rule ORDER BY id"))

    def journal(self, limit: int = 50) -> list[Act]:
        """The latest acts, newest first."""
        return gather(Act, self._db.execute(statement("journal"), (None, limit)))

    def meta(self, key: str, default: str = "") -> str:
        """A value that was kept under `key` (see `Writer.set_meta`), else `default`."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def version(self) -> int:
        """SQLite's data_version: it changes when another connection or process has written."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    # --- for sync

    def fetch_state(self, feed_id: int) -> FetchState:
        """What is known about fetching a feed; a fresh state for one that was never fetched."""
        return (
            only(FetchState, self._db.execute("SELECT * FROM fetch WHERE feed = ?", (feed_id,)))
            or FetchState()
        )

    def due(self, now: datetime) -> list[Feed]:
        """Feeds that are to be fetched at `now`, the longest overdue first.

        A next check more than eight days ahead counts too: the clock must have been set back.
        """
        due = [row[0] for row in self._db.execute(statement("due"), (seconds(now),))]
        feeds = {feed.id: feed for feed in self.feeds()} if due else {}
        return [feeds[id] for id in due]

    def host_waits(self) -> dict[str, datetime]:
        """Host -> time until which it asked to be left alone (Retry-After)."""
        rows = self._db.execute("SELECT name, wait_until FROM host")
        return {name: until for name, stored in rows if (until := moment(stored))}

    def wanted_articles(
        self, limit: int, *, ids: Sequence[int] | None = None, retry_before: datetime | None = None
    ) -> list[Wanted]:
        """Entries whose page is to be fetched, bookmarked ones first, then the newest.

        They are among `ids`, or unread or bookmarked. Pages that failed are among them where they
        were last tried before `retry_before`.
        """
        chosen = None if ids is None else json.dumps(list(ids))
        values = (limit, seconds(retry_before) or 0, chosen)
        return gather(Wanted, self._db.execute(statement("wanted_articles"), values))

    def outdated_articles(self, rules: str, limit: int) -> list[int]:
        """Entries whose stored text was cleaned by rules of another version, newest first."""
        return [row[0] for row in self._db.execute(statement("outdated"), (rules, limit))]

    def wanted_pictures(
        self, limit: int, *, ids: Sequence[int] | None = None, retry_before: datetime | None = None
    ) -> list[WantedPicture]:
        """Pictures that are to be fetched; the arguments are those of `wanted_articles`."""
        chosen = None if ids is None else json.dumps(list(ids))
        values = (limit, seconds(retry_before) or 0, chosen)
        return gather(WantedPicture, self._db.execute(statement("wanted_pictures"), values))

    def picture(self, url: str) -> StoredPicture | None:
        """What is known of the picture at `url`, or None where it was never fetched."""
        return only(StoredPicture, self._db.execute("SELECT * FROM picture WHERE url = ?", (url,)))

    def offline(self) -> OfflineReport:
        """How much of what is unread or bookmarked can be read without the network."""
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
