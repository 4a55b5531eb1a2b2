"""The date layer: right, or unknown, and never a guess."""
# ruff: noqa: DTZ001 - samples stay in one line

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacatui.feeds import date

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def read(text: str) -> str | None:
    found = date(text, NOW)
    return found.strftime("%Y-%m-%dT%H:%M:%S") if found else None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 01 Jul 2024 08:00:00 GMT", "2024-07-01T08:00:00"),
        ("Mon, 01 Jul 2024 08:00:00 +0700", "2024-07-01T01:00:00"),
        ("Thu, 5 Jan 2012 00:00:00 +0000 (UTC)", "2012-01-05T00:00:00"),
        ("Mon, 01 Jul 24 08:00 EST", "2024-07-01T13:00:00"),
        ("mon,01 jul 2024 08:00:00gmt", "2024-07-01T08:00:00"),
        ("Mon, 01 Jul 2024 24:00:00 GMT", "2024-07-02T00:00:00"),
        ("Sun, 31 Dec 2023 23:59:60 GMT", "2023-12-31T23:59:59"),
        ("Mon, 01 Jul 2024 08:00:00 GMT" + " " * 20_000, "2024-07-01T08:00:00"),
        ("Monday, July 1, 2024 8:05 PM EST", "2024-07-02T01:05:00"),
        ("Mon Jul  1 08:00:00 2024", "2024-07-01T08:00:00"),
        ("Mon, 01 Jul 2024 08:00:00 UTC+7", "2024-07-01T01:00:00"),
        ("1-Jul-2024", "2024-07-01T00:00:00"),
        ("2024-07-01", "2024-07-01T00:00:00"),
        ("2024-07-01T08:00:00", "2024-07-01T08:00:00"),
        ("2024-07-01T08:00:00.123456789+07:00", "2024-07-01T01:00:00"),
        ("2024-07-01 08:00:00 +0700", "2024-07-01T01:00:00"),
        ("20240701T080000Z", "2024-07-01T08:00:00"),
        ("2024-W27-1", "2024-07-01T00:00:00"),
        ("1719820800", "2024-07-01T08:00:00"),
        ("1719820800000", "2024-07-01T08:00:00"),
        ("2024年7月1日 08:00", "2024-07-01T08:00:00"),
        ("25/12/2023", "2023-12-25T00:00:00"),
    ],
)
def test_the_common_forms_are_read(text: str, moment: str) -> None:
    assert read(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Senin, 1 Juli 2024", "2024-07-01T00:00:00"),
        ("Sen, 01 Jul 2024 08:00 WIB", "2024-07-01T01:00:00"),
        ("Rabu, 17 Agustus 2024 10:00:00 +0700", "2024-08-17T03:00:00"),
        ("05 Agustus 2019", "2019-08-05T00:00:00"),
        ("Jum'at, 5 Mei 2023 | 13:45 WITA", "2023-05-05T05:45:00"),
        ("Jumat,5 Mei 2023 13:45 WIB", "2023-05-05T06:45:00"),
        ("Jum’at, 05/05/2023 13:45 WIT", "2023-05-05T04:45:00"),
        ("Kamis, 02/01/2025 07.30 WIB", "2025-01-02T00:30:00"),
        ("1 Juli 2024 pukul 08.15 WIB", "2024-07-01T01:15:00"),
        ("Selasa , 02 Januari 2024 - 10:20 WIB", "2024-01-02T03:20:00"),
        ("Sabtu, 03 Agt 2024, 21:00 WIB", "2024-08-03T14:00:00"),
        ("Minggu, 24 Nopember 2024 (06:00 WIB)", "2024-11-23T23:00:00"),
        ("Ahad, 8 Disember 2024", "2024-12-08T00:00:00"),
    ],
)
def test_indonesian_and_malay_dates_are_read(text: str, moment: str) -> None:
    assert read(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "-1", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "99999-01-01T00:00:00Z", "2024",
        "30 Feb 2024 00:00:00 GMT", "Mon, 01 Jul 2024 08:00:00 +9999", "07/01/2024", "1" * 5_000, "2024-07",
        "\x1b[31m2024", "Mon, 01 Foo 2024 08:00:00 GMT", "Mon, 01 Jul 2024 25:00:00 GMT", "1 Juli", "13:45 WIB",
        "Sat, 31 Dec 2099 23:59:59 GMT", "1 Jul 1950", "2024-13-01", "13 PM", "1 Jul 2024 13:00 PM",
    ],
)  # fmt: skip
def test_what_names_no_moment_is_unknown(text: str) -> None:
    assert read(text) is None


def test_some_days_ahead_is_kept_as_it_stands() -> None:
    assert read("Mon, 30 Nov 2026 08:00:00 GMT") == "2026-11-30T08:00:00"


PIECES = st.sampled_from(
    [
        "Mon",
        "Senin",
        "Jum'at",
        ",",
        "1",
        "01",
        "31",
        "99",
        "Jul",
        "Juli",
        "Agustus",
        "2024",
        "24",
        "0000",
        "08:00",
        "24:00",
        "23:59:60",
        "08.15",
        "+0700",
        "-9999",
        "GMT",
        "WIB",
        "T",
        "Z",
        "-",
        "/",
        ".",
        "|",
        "年",
        "月",
        "日",
        "١",
        "AM",
        "pm",
        "pukul",
        "2024-07-01",
        "1719820800",
    ]
)


@given(
    st.text(max_size=60)
    | st.lists(PIECES, max_size=9).map(" ".join)
    | st.lists(PIECES, max_size=9).map("".join)
)
def test_any_text_gives_a_moment_between_1970_and_next_year_or_none(text: str) -> None:
    found = date(text, NOW)
    assert found is None or (found.tzinfo is UTC and 1970 <= found.year <= 2027)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2026, 11, 1)))
def test_what_is_written_in_the_standard_forms_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    for form in (
        "%a, %d %b %Y %H:%M:%S GMT",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y%m%dT%H%M%SZ",
        "%B %d, %Y %I:%M:%S %p",
    ):
        assert date(moment.strftime(form), NOW) == moment
