"""Subscribing: what stands at an address, and taking it in."""

from __future__ import annotations

from bacatui import clock, sanitize
from bacatui.fetch import FetchError, Kind, Reason, Reply, Request, schedule
from bacatui.i18n import _
from bacatui.model import FeedError, FetchState, FoundFeed, FullText, ParsedFeed
from bacatui.store import FeedExists
from bacatui.sync import secrets
from bacatui.sync.events import Added, Preview
from bacatui.sync.kit import Kit, done
from bacatui.sync.subscription import store_parsed
from bacatui.work import WorkError

GUESSES = 6  # of addresses where sites commonly have their feed, that are tried for a page that announces none
_LASTING = {Reason.URL, Reason.REFUSED, Reason.TLS, Reason.TOO_BIG, Reason.ENCODING, Reason.REDIRECT, Reason.TYPE}


async def look(kit: Kit, typed: str) -> Preview:
    """What stands at an address as the reader typed it; never raises but for a store that fails."""
    url = sanitize.url(typed if "://" in typed else f"https://{typed}")
    if not url:
        return Preview(typed, error=_("This is no web address."))
    auth = secrets.typed(typed)
    try:
        reply = await kit.get(Request(url, Kind.FEED, auth=auth, trusted=url))
    except FetchError as error:
        if "://" not in typed:  # no scheme was typed, so a site that speaks no TLS may be meant
            plain = await look(kit, f"http://{typed}")
            if plain.parsed or plain.choices:
                return plain
        can_wait = error.reason not in _LASTING and error.status not in {204, 304, 404, 410}
        return Preview(url, error=str(error), can_wait=can_wait, failure=error)
    parsed, why = await _parsed(kit, reply)
    if parsed is not None:
        return Preview(url, parsed, reply=reply)
    try:
        found = await kit.workers.discover(reply.body, reply.final_url)
    except WorkError:
        found = []
    return await _choice(kit, url, found, why)


async def _choice(kit: Kit, url: str, found: list[FoundFeed], why: str) -> Preview:
    """One of several feeds: those that a page announces are offered, its only one or a guess is looked at."""
    announced = [each for each in found if each.type]
    if len(announced) > 1:
        return Preview(url, choices=tuple(announced))
    for each in announced or found[:GUESSES]:
        try:
            reply = await kit.get(Request(each.url, Kind.FEED, trusted=url))
        except FetchError:
            continue
        parsed, _why = await _parsed(kit, reply)
        if parsed is not None:
            return Preview(each.url, parsed, reply=reply)
    return Preview(url, error=why)


async def _parsed(kit: Kit, reply: Reply) -> tuple[ParsedFeed | None, str]:
    try:
        return await kit.workers.parse_feed(reply.body, reply.final_url, reply.content_type), ""
    except (FeedError, WorkError) as error:
        return None, str(error)


async def add(kit: Kit, typed: str, title: str, folder: str, full_text: FullText) -> Added:
    """Subscribe to what stands at an address: to nothing where no feed stands, but a network that fails may wait."""
    seen = await look(kit, typed)
    choices = seen.choices
    if choices:
        seen = await look(kit, choices[0].url)
    parsed, error = seen.parsed, seen.error
    if parsed is None and not seen.can_wait:
        return Added(None, error, choices)
    secret, settings = secrets.typed(typed), dict[str, str]()
    if secret:
        settings["user"] = secret[0]
        if not secrets.keep(*secret, seen.url):
            error = _("The password was not kept, because there is no keyring; see docs/offline.md.")
    site = parsed.link if parsed else ""
    try:
        feed = await done(kit.store.write.add_feed(seen.url, title, folder, full_text, site=site, settings=settings))
    except FeedExists as exists:
        return Added(exists.feed, str(exists), choices, is_new=False)
    if parsed is not None and seen.reply is not None:
        result = await store_parsed(kit, feed, FetchState(), seen.reply, parsed)
        return Added(kit.store.read.feed(feed.id) or feed, error, choices, new=result.new)
    if seen.failure is not None:
        await done(kit.store.write.store_state(feed.id, schedule.after_error(FetchState(), clock.now(), seen.failure)))
    return Added(feed, error, choices)
