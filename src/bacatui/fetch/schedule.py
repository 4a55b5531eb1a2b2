"""When a feed may be asked again: pure rules from one `FetchState` to the next.

The numbers are what servers' keepers ask of readers (R. Kroll's feed reader score, RFC 9110 and
9111): hourly at most with validators, daily without, longer where the publisher says so, and longer
each time that it fails.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bacatui.fetch.exchange import FetchError, Reason, Reply, Validators
from bacatui.model import FetchState

DEFAULT: Final = timedelta(minutes=60)
FLOOR: Final = timedelta(minutes=30)
DAILY: Final = timedelta(hours=24)  # where nothing makes a request conditional
LONGEST: Final = timedelta(days=7)  # whatever a server asks for, and between two tries after a 404
FULL_AFTER: Final = timedelta(days=8)  # of 304 only: some servers answer so to anything
BACK_OFF: Final = timedelta(hours=1)  # doubled with each failure, up to a day
RETRY_PAUSE: Final = timedelta(minutes=5)
IMPOSSIBLE: Final = timedelta(days=9)  # no rule waits that long: the clock was set back


def may_ask(state: FetchState, now: datetime, *, due: bool = False) -> bool:
    """Whether the feed may be asked now: at the user's wish, or, with `due`, by the timer.

    Either way a feed that is gone is not asked, and one whose host failed is left in peace until
    its time.
    """
    if state.status == "gone":
        return False
    if state.next_check is None or not now < state.next_check < now + IMPOSSIBLE:
        return True
    return not due and (state.errors == 0 or not state.reached)


def may_retry(state: FetchState, now: datetime) -> bool:
    """Whether the user may have the feed asked again now, in spite of back-off."""
    return state.last_checked is None or not now - RETRY_PAUSE < state.last_checked <= now


def validators(state: FetchState, now: datetime) -> Validators:
    """What to send along: what the server gave, but nothing once after eight days of 304."""
    is_fresh = state.last_full is None or now - FULL_AFTER < state.last_full <= now + DAILY
    return Validators(state.etag, state.last_modified) if is_fresh else Validators()


def after_reply(
    state: FetchState, now: datetime, reply: Reply, ttl: int | None = None, own: int = 0
) -> FetchState:
    """The state after a 304, or a 200 whose body was parsed and stored.

    `ttl` is what the document asks for in seconds, `own` the user's own interval for this feed in
    seconds.
    """
    wish = max(reply.max_age or 0, ttl or 0, (state.ttl or 0) if reply.status == 304 else 0)
    usual = (
        timedelta(seconds=own) if own else DEFAULT if reply.validators != Validators() else DAILY
    )
    pause = min(max(usual, FLOOR, timedelta(seconds=min(wish, 10**8))), LONGEST)
    return replace(
        state,
        etag=reply.validators.etag,
        last_modified=reply.validators.last_modified,
        refused_hash="",
        status="ok",
        error="",
        errors=0,
        reached=True,
        last_checked=now,
        last_ok=now,
        last_full=now if reply.status == 200 else state.last_full or now,
        next_check=now + pause,
        ttl=min(wish, int(LONGEST.total_seconds())) or None,
    )


def after_error(
    state: FetchState, now: datetime, error: FetchError, jitter: float = 0.0
) -> FetchState:
    """The state after an exchange that gave nothing; `jitter` in 0…1 spreads those that failed
    together.
    """
    why = str(error)
    if error.reason in {
        Reason.NETWORK,
        Reason.INSIDE,
    }:  # nobody was asked: it stays as due as it was
        return replace(state, error=why, status="failing")
    if error.retry_after is not None:
        later = now + timedelta(seconds=error.retry_after)
        return replace(
            state,
            status="waiting",
            error=why,
            errors=max(state.errors, 1),
            reached=True,
            next_check=later,
            last_checked=now if error.status else state.last_checked,
        )
    if error.status == 410:
        return replace(state, status="gone", error=why, last_checked=now, next_check=None)
    longest = LONGEST if error.status == 404 else DAILY
    return after_refusal(state, now, why, jitter, longest, reached=error.reached)


def after_refusal(
    state: FetchState,
    now: datetime,
    why: str,
    jitter: float = 0.0,
    longest: timedelta = DAILY,
    reached: bool = True,
) -> FetchState:
    """The state after a failure of the host, or after a body that is no feed.

    Validators stay as they were.
    """
    later = now + min(BACK_OFF * 2 ** min(state.errors, 12), longest) * (1 + 0.2 * jitter)
    return replace(
        state,
        status="failing",
        error=why,
        errors=state.errors + 1,
        reached=reached,
        last_checked=now,
        next_check=later,
    )


def after_interruption(state: FetchState, now: datetime, why: str) -> FetchState:
    """The state after a body that could not be read because of this machine: nothing is held
    against the feed, and the user may ask again at once.
    """
    return replace(state, status="failing", error=why, last_checked=now, next_check=now + FLOOR)
