"""One feed: ask, parse, store, and follow it when it moves for good; and subscribing to what stands
at an address.
"""

import random
from dataclasses import replace

from bacatui import clock
from bacatui.fetch import (
    LASTING,
    LEFT_ALONE,
    FetchError,
    Reason,
    Reply,
    Request,
    Resource,
    schedule,
)
from bacatui.i18n import _
from bacatui.model import Feed, FeedError, FetchState, FoundFeed, FullText, Network, ParsedFeed
from bacatui.store import FeedExists
from bacatui.sync import network, programs
from bacatui.sync.context import SyncContext, digest, done
from bacatui.sync.events import Added, FeedDone, Outcome, Preview
from bacatui.text import sanitize
from bacatui.work import WorkError, WorkInterruptedError

SIGHTINGS = 2  # of a permanent redirect before the address is changed
ANNOUNCED = 20  # feeds of one page that are offered at most
GUESSES = 6  # of addresses where sites commonly have their feed, that are tried for a page that announces none


async def sync_feed(
    context: SyncContext, feed: Feed, *, due: bool, retry: bool, more: bool
) -> FeedDone:
    """Bring one feed up to date; every failure is in the result, and leaves entries and validators
    as they were.

    `retry` asks in spite of back-off, but not against a Retry-After. `more`: other feeds come soon.
    """
    state, now, write = context.store.read.fetch_state(feed.id), clock.now(), context.store.write
    is_wished = retry and schedule.may_retry(state, now)
    if state.status == "paused" or not (schedule.may_ask(state, now, due=due) or is_wished):
        return FeedDone(feed, Outcome.WAITING, error=state.error)
    lines = (
        line.partition(":") for line in feed.settings.get("headers", "").splitlines()
    )  # the user's own
    trusted = network.trusted(feed.settings, feed.url)
    request = Request(
        feed.url,
        Resource.FEED,
        validators=schedule.validators(state, now),
        headers={name.strip(): value.strip() for name, colon, value in lines if colon},
        auth=await programs.password(feed.settings, feed.url),
        trusted=trusted,
    )
    try:
        reply = await context.get(request)
    except FetchError as error:
        return await _failed(context, feed, state, error)
    await context.settle_later(feed, Network.INSIDE if trusted else Network.PUBLIC)
    known = digest(reply.body)
    if reply.status == 304 or known == state.body_hash:
        state = replace(
            _after(state, reply, feed), error=state.error if state.status == "ok" else ""
        )
        await context.save_later(feed.id, state)
        await _follow(context, feed, state)
        return FeedDone(feed, Outcome.UNCHANGED, answered=True)
    try:
        if known == state.refused_hash and not is_wished:  # the same bytes are not parsed again
            raise FeedError(state.error)
        parsed = await context.workers.do(
            "parse_feed", reply.body, url=reply.final_url, content_type=reply.content_type
        )
    except WorkInterruptedError as error:
        await done(write.store_state(feed.id, schedule.after_interruption(state, now, str(error))))
        return FeedDone(feed, Outcome.FAILED, error=str(error))
    except (FeedError, WorkError) as error:
        after = schedule.after_refusal(state, now, str(error), random.random())  # noqa: S311
        await done(write.store_state(feed.id, replace(after, refused_hash=known)))
        return FeedDone(feed, Outcome.FAILED, error=str(error), answered=True)
    return await _store(context, feed, replace(state, body_hash=known), reply, parsed, more)


async def _failed(
    context: SyncContext, feed: Feed, state: FetchState, error: FetchError
) -> FeedDone:
    """Store why a feed could not be had; one that leads inside without leave is the user's to
    decide.
    """
    leads_inside, why = error.reason is Reason.INSIDE, str(error)
    if leads_inside:
        why = network.refusal(feed.url, error.host)
        await context.settle_later(feed, Network.REFUSED)
    after = schedule.after_error(state, clock.now(), error, random.random())  # noqa: S311
    await done(context.store.write.store_state(feed.id, replace(after, error=why)))
    outcome = Outcome.WAITING if error.reason is Reason.WAITING else Outcome.FAILED
    return FeedDone(feed, outcome, error=why, answered=error.answered, leads_inside=leads_inside)


async def _store(
    context: SyncContext,
    feed: Feed,
    state: FetchState,
    reply: Reply,
    parsed: ParsedFeed,
    more: bool = False,
) -> FeedDone:
    """Store a document with the state that belongs to it, and what is to be said of it.

    One that broke off is asked for again in full.
    """
    state = replace(_after(state, reply, feed, parsed.ttl), error=" ".join(parsed.notes))
    if not parsed.is_whole:
        state = replace(state, etag="", last_modified="", body_hash="")
    writing = context.store.write.store_feed(
        feed.id, parsed, state, context.settings.newest_unread, more=more
    )
    stored = await done(writing)
    await _follow(context, feed, state)
    return FeedDone(feed, Outcome.OK, tuple(stored.new), stored.updated, answered=True)


def _after(state: FetchState, reply: Reply, feed: Feed, ttl: int | None = None) -> FetchState:
    """The state after a reply, with a permanent redirect taken note of, and how often in a row it
    was seen.
    """
    minutes = feed.settings.get("interval", "")
    own = int(minutes) * 60 if minutes.isascii() and minutes.isdigit() and len(minutes) < 8 else 0
    after, target = schedule.after_reply(state, clock.now(), reply, ttl, own), reply.permanent_url
    if target == feed.url:
        return after if state.moved_to == feed.url else replace(after, moved_to="", moved_seen=0)
    return replace(
        after, moved_to=target, moved_seen=state.moved_seen + 1 if state.moved_to == target else 1
    )


async def _follow(context: SyncContext, feed: Feed, state: FetchState) -> None:
    """Move a feed for good when that was seen twice in a row and led to a feed; two that become one
    are merged.

    What the user undoes is not done again: the sightings go on counting past the one that acts.
    """
    if state.moved_seen != SIGHTINGS or state.moved_to == feed.url:
        return
    settings = {"network": network.after_move(feed.settings, feed.url, state.moved_to)}
    try:
        await done(
            context.store.write.edit_feed(
                feed.id, author="sync", url=state.moved_to, settings=settings
            )
        )
    except FeedExists as exists:
        if (
            context.store.read.feed(exists.feed.id) is not None
        ):  # else it was unsubscribed there, and stays so
            await done(context.store.write.merge_feeds(exists.feed.id, feed.id))


async def look(context: SyncContext, typed: str, trusted: str | None = None) -> Preview:
    """What stands at an address as the user typed it; never raises but for a store that fails.

    `trusted`: on whose behalf it is asked (see `Request`), where the user did not type it but a
    page named it.
    """
    url = sanitize.url(typed if "://" in typed else f"https://{typed}")
    if not url:
        return Preview(typed, error=_("This is not a web address."))
    trusted_now = url if trusted is None else trusted
    try:
        reply = await context.get(
            Request(url, Resource.FEED, auth=programs.typed(typed), trusted=trusted_now)
        )
    except FetchError as error:
        failed = Preview(url, error=str(error), failure=error)
        if "://" not in typed and not failed.is_unknown:  # a site that speaks no TLS may be meant
            plain = await look(context, f"http://{typed}", trusted)
            if plain.parsed or plain.choices:
                return plain
        is_lasting = error.reason in LASTING or error.status in {204, 304, 404, 410}
        return replace(failed, can_wait=not (is_lasting or failed.is_unknown))
    trusted_now = trusted_now if reply.is_inside else ""  # what a public page names is public
    parsed, why = await _parsed(context, reply)
    if parsed is not None:
        return Preview(url, parsed, reply=reply)
    try:
        found: list[FoundFeed] = await context.workers.do(
            "discover", reply.body, url=reply.final_url
        )
    except WorkError:
        found = []
    announced = [each for each in found if each.type][:ANNOUNCED]
    announced = [
        each for each in announced if await context.client.routes.allows(each.url, trusted_now)
    ]
    if len(announced) > 1:
        return Preview(url, choices=tuple(announced), reply=reply, trusted=trusted_now)
    for each in announced or found[:GUESSES]:
        try:
            reply = await context.get(Request(each.url, Resource.FEED, trusted=trusted_now))
        except FetchError:
            continue
        parsed, _why = await _parsed(context, reply)
        if parsed is not None:
            return Preview(each.url, parsed, reply=reply)
    return Preview(url, error=why, reply=reply)


async def _parsed(context: SyncContext, reply: Reply) -> tuple[ParsedFeed | None, str]:
    try:
        found = await context.workers.do(
            "parse_feed", reply.body, url=reply.final_url, content_type=reply.content_type
        )
    except (FeedError, WorkError) as error:
        return None, str(error)
    return found, ""


async def add(
    context: SyncContext,
    typed: str,
    title: str,
    folder: str,
    full_text: FullText,
    seen: Preview | None,
    inside: bool,
    force: bool,
) -> Added:
    """Subscribe to what stands at an address: to nothing where no feed stands, but a network that
    fails may wait.

    `seen`: what a preview found there. `inside`: the user says that it may lie inside this machine
    or network. `force`: subscribe, too, where there is no such host, or no feed.
    """
    write = context.store.write
    if inside and (known := _known(context, typed)):
        return await _allow(context, known)
    seen = seen or await look(context, typed)
    choices = seen.choices
    if choices:
        seen = await look(context, choices[0].url, seen.trusted)
    parsed, error = seen.parsed, seen.error
    if parsed is None and not (seen.can_wait or (force and _may_be_asked(seen))):
        if known := _known(context, typed):
            return Added(known, str(FeedExists(known)), choices, is_new=False)
        return Added(None, error, choices, is_unknown=seen.is_unknown)
    secret, settings = programs.typed(typed), dict[str, str]()
    if secret:
        settings["user"] = secret[0]
        if not programs.keep(*secret, seen.url):
            error = _(
                "The password was not kept: there is no keyring. E on the feed in the app sets a command for it."
            )
    if inside or seen.reply is not None:
        is_inside = inside or (seen.reply is not None and seen.reply.is_inside)
        settings["network"] = Network.INSIDE if is_inside else Network.PUBLIC
    site = parsed.link if parsed else ""
    try:
        feed = await done(
            write.add_feed(seen.url, title, folder, full_text, site=site, settings=settings)
        )
    except FeedExists as exists:
        if inside:
            return await _allow(context, exists.feed)
        return Added(exists.feed, str(exists), choices, is_new=False)
    if parsed is not None and seen.reply is not None:
        result = await _store(
            context, feed, FetchState(body_hash=digest(seen.reply.body)), seen.reply, parsed
        )
        return Added(context.store.read.feed(feed.id) or feed, error, choices, new=result.new)
    if seen.failure is not None:
        await done(
            write.store_state(
                feed.id, schedule.after_error(FetchState(), clock.now(), seen.failure)
            )
        )
    return Added(feed, error, choices)


def _may_be_asked(seen: Preview) -> bool:
    """Whether a look at it shows an address that a later sync may ask."""
    is_refused = seen.failure is not None and seen.failure.reason in LEFT_ALONE
    return bool(sanitize.url(seen.url)) and not is_refused


def _known(context: SyncContext, typed: str) -> Feed | None:
    """The feed that is subscribed under this very address."""
    urls = (
        {sanitize.url(typed)}
        if "://" in typed
        else {sanitize.url(f"{scheme}://{typed}") for scheme in ("https", "http")}
    )
    return next(
        (feed for feed in context.store.read.feeds() if feed.url and feed.url in urls), None
    )


async def _allow(context: SyncContext, feed: Feed) -> Added:
    await done(context.store.write.edit_feed(feed.id, settings={"network": Network.INSIDE}))
    return Added(feed, is_new=False)
