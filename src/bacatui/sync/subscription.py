"""One feed: ask, parse, store, and follow it when it moves for good."""

from __future__ import annotations

import random
from dataclasses import replace

from bacatui import clock
from bacatui.fetch import FetchError, Kind, Reply, Request, Validators, schedule
from bacatui.model import Feed, FeedError, FetchState, ParsedFeed
from bacatui.store import FeedExists
from bacatui.sync import secrets
from bacatui.sync.events import FeedDone, Outcome
from bacatui.sync.kit import Kit, digest, done
from bacatui.work import WorkError

SIGHTINGS = 2  # of a permanent redirect before the address is changed


async def sync_feed(kit: Kit, feed: Feed, *, due: bool = False, retry: bool = False, force: bool = False) -> FeedDone:
    """Bring one feed up to date; every failure is in the result, and leaves entries and validators as they were.

    `retry` asks in spite of back-off, `force` for the whole document too; neither against a Retry-After.
    """
    state, now = kit.store.read.fetch_state(feed.id), clock.now()
    is_wished = (retry or force) and schedule.may_force(state, now)
    if state.status == "paused" or not (schedule.may_ask(state, now, due=due) or is_wished):
        return FeedDone(feed, Outcome.WAITING, error=state.error)
    force = force and is_wished
    request = Request(
        feed.url, Kind.FEED, validators=Validators() if force else schedule.validators(state, now),
        headers=headers(feed.settings), auth=await secrets.of(feed.settings, feed.url), trusted=feed.url,
    )  # fmt: skip
    try:
        reply = await kit.get(request)
    except FetchError as error:
        return await _failed(kit, feed, schedule.after_error(state, now, error, random.random()), error)  # noqa: S311
    known = digest(reply.body)
    if reply.status == 304 or known == state.body_hash:
        state = _sighted(_after(state, reply, feed), feed, reply)
        await kit.save_later(feed.id, state)
        await _follow(kit, feed, state)
        return FeedDone(feed, Outcome.UNCHANGED)
    if known == state.refused_hash and not force:
        return await _refused(kit, feed, state, state.error, known)
    try:
        parsed = await kit.workers.parse_feed(reply.body, reply.final_url, reply.content_type)
    except (FeedError, WorkError) as error:
        return await _refused(kit, feed, state, str(error), known)
    return await store_parsed(kit, feed, state, reply, parsed)


async def store_parsed(kit: Kit, feed: Feed, state: FetchState, reply: Reply, parsed: ParsedFeed) -> FeedDone:
    """Store a document with the state that belongs to it. One that broke off is asked for again in full."""
    state = replace(_after(state, reply, feed, parsed.ttl), body_hash=digest(reply.body))
    if not parsed.is_whole:
        state = replace(state, etag="", last_modified="", body_hash="")
    state = _sighted(state, feed, reply)
    stored = await done(kit.store.write.store_feed(feed.id, parsed, state, kit.settings.newest_unread))
    await _follow(kit, feed, state)
    return FeedDone(feed, Outcome.OK, tuple(stored.new), stored.updated)


def headers(settings: dict[str, str]) -> dict[str, str]:
    """The reader's own headers for a feed: a line each, `Name: value`."""
    lines = (line.partition(":") for line in settings.get("headers", "").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def _after(state: FetchState, reply: Reply, feed: Feed, ttl: int | None = None) -> FetchState:
    minutes = feed.settings.get("interval", "")
    own = int(minutes) * 60 if minutes.isascii() and minutes.isdigit() and len(minutes) < 8 else 0
    return schedule.after_reply(state, clock.now(), reply, ttl, own)


async def _failed(kit: Kit, feed: Feed, state: FetchState, error: FetchError) -> FeedDone:
    await done(kit.store.write.store_state(feed.id, state))
    outcome = Outcome.WAITING if error.reason == "waiting" else Outcome.FAILED
    return FeedDone(feed, outcome, error=str(error))


async def _refused(kit: Kit, feed: Feed, state: FetchState, why: str, known: str) -> FeedDone:
    """What came is no feed: it is remembered, so that the same bytes are not parsed again."""
    after = schedule.after_refusal(state, clock.now(), why, random.random())  # noqa: S311
    await done(kit.store.write.store_state(feed.id, replace(after, refused_hash=known)))
    return FeedDone(feed, Outcome.FAILED, error=why)


def _sighted(state: FetchState, feed: Feed, reply: Reply) -> FetchState:
    """The state with a permanent redirect taken note of, and how often in a row it was seen."""
    target = reply.permanent_url
    if target == feed.url:
        return state if state.moved_to == feed.url else replace(state, moved_to="", moved_seen=0)
    return replace(state, moved_to=target, moved_seen=state.moved_seen + 1 if state.moved_to == target else 1)


async def _follow(kit: Kit, feed: Feed, state: FetchState) -> None:
    """Move a feed for good when that was seen twice in a row and led to a feed; two that become one are merged.

    What the reader undoes is not done again: the sightings go on counting past the one that acts.
    """
    if state.moved_seen != SIGHTINGS or state.moved_to == feed.url:
        return
    try:
        await done(kit.store.write.edit_feed(feed.id, author="sync", url=state.moved_to))
    except FeedExists as exists:
        if kit.store.read.feed(exists.feed.id) is not None:  # else it was unsubscribed there, and stays so
            await done(kit.store.write.merge_feeds(exists.feed.id, feed.id))
