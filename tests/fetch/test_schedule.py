"""When a feed is asked again: each rule, and what holds for any sequence of answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacatui.fetch import FetchError, Reason, Reply, Validators, headers, schedule
from bacatui.model import FetchState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def reply(status: int = 200, etag: str = '"a"', max_age: int | None = None) -> Reply:
    return Reply("http://a.example/", "", "", status, b"", "", Validators(etag), max_age)


def pause(state: FetchState) -> timedelta:
    assert state.next_check is not None
    return state.next_check - NOW


@pytest.mark.parametrize(
    ("given_reply", "ttl", "own", "expected"),
    [
        (reply(), None, 0, HOUR),
        (reply(etag=""), None, 0, DAY),
        (reply(max_age=7200), None, 0, 2 * HOUR),
        (reply(max_age=7200), 10_800, 0, 3 * HOUR),
        (reply(max_age=60), 60, 0, HOUR),
        (reply(max_age=10**9), None, 0, 7 * DAY),
        (reply(), 10**15, 0, 7 * DAY),
        (reply(), None, 60, 30 * MINUTE),
        (reply(etag=""), None, 7200, 2 * HOUR),
    ],
)
def test_the_longest_wish_counts_within_floor_and_cap(
    given_reply: Reply, ttl: int | None, own: int, expected: timedelta
) -> None:
    assert pause(schedule.after_reply(FetchState(), NOW, given_reply, ttl, own)) == expected


def test_a_304_keeps_what_the_document_asked_for() -> None:
    state = schedule.after_reply(FetchState(), NOW, reply(), 10_800)
    assert pause(schedule.after_reply(state, NOW, reply(304))) == 3 * HOUR


def test_failures_back_off_to_a_day_and_a_404_to_a_week() -> None:
    for status, longest in ((500, DAY), (404, 7 * DAY)):
        state, pauses = FetchState(), []
        for _ in range(10):
            state = schedule.after_error(state, NOW, FetchError(Reason.STATUS, status=status))
            pauses.append(pause(state))
        assert pauses[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
        assert pauses[-1] == longest
        assert not schedule.may_ask(state, NOW)
        assert not schedule.may_ask(state, NOW, due=True)
        assert schedule.may_ask(state, NOW + longest)
    assert schedule.after_reply(state, NOW, reply()).errors == 0


def test_gone_is_never_asked_again_and_keeps_what_is_known() -> None:
    state = schedule.after_error(FetchState(etag='"x"'), NOW, FetchError(Reason.STATUS, status=410))
    assert (state.status, state.etag) == ("gone", '"x"')
    assert not schedule.may_ask(state, NOW + 400 * DAY)


def test_a_host_that_was_not_reached_stops_only_the_timer() -> None:
    state = schedule.after_error(FetchState(), NOW, FetchError(Reason.CONNECT, "a.example"))
    assert schedule.may_ask(state, NOW)
    assert not schedule.may_ask(state, NOW, due=True)
    before = FetchState(status="ok", next_check=NOW - HOUR)
    away = schedule.after_error(before, NOW, FetchError(Reason.NETWORK))
    assert schedule.may_ask(away, NOW, due=True)
    assert away.errors == 0


def test_the_reader_may_ask_before_time_and_the_timer_may_not() -> None:
    state = schedule.after_reply(FetchState(), NOW, reply())
    assert schedule.may_ask(state, NOW + MINUTE)
    assert not schedule.may_ask(state, NOW + MINUTE, due=True)
    assert schedule.may_ask(state, NOW - 30 * DAY, due=True)  # the clock was set back
    assert not schedule.may_retry(state, NOW + MINUTE)
    assert schedule.may_retry(state, NOW + 5 * MINUTE)


def test_validators_are_left_out_once_in_eight_days_of_304() -> None:
    state = schedule.after_reply(FetchState(), NOW, reply())
    for day in range(1, 8):
        assert schedule.validators(state, NOW + day * DAY) == Validators('"a"')
        state = schedule.after_reply(state, NOW + day * DAY, reply(304))
    assert schedule.validators(state, NOW + 8 * DAY) == Validators()


def test_an_old_validator_is_dropped_when_a_200_brings_none() -> None:
    state = schedule.after_reply(FetchState(etag='"old"'), NOW, reply(etag=""))
    assert state.etag == ""


@given(
    st.lists(
        st.one_of(
            st.builds(
                reply,
                st.sampled_from([200, 304]),
                st.text(max_size=3),
                st.none() | st.integers(0, 10**12),
            ),
            st.builds(
                lambda status, wait: FetchError(Reason.STATUS, status=status, retry_after=wait),
                st.sampled_from([404, 429, 500, 503]),
                st.none() | st.integers(1, headers.LONGEST_WAIT),
            ),
            st.builds(FetchError, st.sampled_from([r for r in Reason if r is not Reason.STATUS])),
        ),
        max_size=30,
    )
)
def test_any_sequence_leaves_a_time_within_reach(answers: list[Reply | FetchError]) -> None:
    state = FetchState()
    for answer in answers:
        if isinstance(answer, Reply):
            state = schedule.after_reply(state, NOW, answer, answer.max_age)
        else:
            state = schedule.after_error(state, NOW, answer, 1.0)
        if state.next_check is not None:
            assert timedelta() < pause(state) < schedule.IMPOSSIBLE
            assert state.errors or pause(state) >= schedule.FLOOR
        assert schedule.may_ask(replace(state), NOW + schedule.IMPOSSIBLE)


@pytest.mark.parametrize(
    ("control", "expires", "expected"),
    [("max-age=7200", "", 7200), ("public, MAX-AGE=\"60\"", "", 60), ("s-maxage=9", "", None),
     ("no-cache, max-age=9", "", None), ("", "0", None),
     ("max-age=banyak, max-age=-5, max-age=99999999999999999999", "besok", None), ("max-age=31536000", "", 604_800),
     ("", "Sun, 01 Mar 2026 13:00:00 GMT", 3600), ("max-age=60", "Sun, 01 Mar 2026 13:00:00 GMT", 3600)],
)  # fmt: skip
def test_freshness_is_the_longer_of_max_age_and_expires(
    control: str, expires: str, expected: int | None
) -> None:
    given_headers = {
        "cache-control": control,
        "expires": expires,
        "date": "Sun, 01 Mar 2026 12:00:00 GMT",
    }
    assert headers.max_age(given_headers) == expected


@given(
    st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "retry-after"]), st.text())
)
def test_no_header_raises(garbage: dict[str, str]) -> None:
    age, wait = headers.max_age(garbage), headers.retry_after(429, garbage, NOW)
    assert age is None or 0 < age <= headers.LONGEST_WAIT
    assert wait is not None
    assert 0 < wait <= headers.LONGEST_WAIT


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(b'"a\x1b[31m"', ""), (b'"a\xe9"', ""), (b'"' + b"a" * 5_000 + b'"', ""), (b"W/\"x y\"", 'W/"x y"'),
     (b"abc", "abc")],
)  # fmt: skip
def test_validators_are_verbatim_or_left_out(raw: bytes, expected: str) -> None:
    assert headers.validators([(b"ETag", raw)]) == Validators(expected)
