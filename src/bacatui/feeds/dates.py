"""The date layer: what publishers write where a date should be, or None. Never a guess.

Known forms: RFC 822/2822 and its common misspellings, ISO 8601 (extended, basic, week), C's asctime, epoch
seconds and milliseconds, Indonesian and Malay day and month names with WIB, WITA and WIT, and numeric dates
where only one reading is possible. A date without a zone is UTC (RFC 2822, 4.3).
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from bacatui import clock
from bacatui.feeds.source import words

_WORDS: Final = words("dates")
_MONTHS: Final = {
    name: number for number, names in enumerate(_WORDS["months"], 1) for name in names.split()
}
_ZONES: Final[dict[str, int]] = _WORDS["zones"]  # hours
_INDONESIAN: Final = re.compile(
    r"\b(?:senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad|wib|wita|wit)\b"
)

_TIME = (
    r"(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
)
_ZONE = r"(?P<zone>(?:[a-z]{1,5})?\s?[+\-]\d{1,2}(?::?\d{2})?|[a-z]{1,5})"
_CLOCK = (
    rf"(?:(?:[\s,|@/(\-–—]|t|at|pukul|jam)*{_TIME}(?:\s*\(?{_ZONE}\)?)?)?(?:\s*\([^()]*\))?\W*$"
)
_DAY = r"(?:[^\W\d_]{2,12}(?:['’`][^\W\d_]{1,3})?(?:\.?\s*[,|/\-]\s*|\.?\s+))?"
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s.\-/]+(?P<mon>[^\W\d_]{{3,9}})[\s.,\-/]+(?P<y>\d{{4}}|\d{{2}})\b{_CLOCK}",
        rf"(?P<y>\d{{4}})-(?P<mo>\d{{1,2}})-(?P<d>\d{{1,2}}){_CLOCK}",
        rf"{_DAY}(?P<mon>[^\W\d_]{{3,9}})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b{_CLOCK}",
        rf"{_DAY}(?P<mon>[a-z]{{3}})\s+(?P<d>\d{{1,2}})\s+{_TIME}\s+(?:{_ZONE}\s+)?(?P<y>\d{{4}})$",
        rf"(?P<y>\d{{4}})[/.](?P<mo>\d{{1,2}})[/.](?P<d>\d{{1,2}}){_CLOCK}",
        rf"(?P<y>\d{{4}})\s?[年년]\s?(?P<mo>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]{_CLOCK}",
        rf"{_DAY}(?P<a>\d{{1,2}})[/.\-](?P<b>\d{{1,2}})[/.\-](?P<y>\d{{4}}){_CLOCK}",
    )
)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d)?(z|[+\-]\d{2}:?\d{2})?)?$")
_WEEK = re.compile(r"(\d{4})-?w(\d\d)-?([1-7])$")


def date(text: str, now: datetime | None = None) -> datetime | None:
    """The moment that `text` names, in UTC; None where it names none, or one outside 1970 to next year.

    A moment some days ahead is returned as it stands: what a future date means is the store's to say.
    """
    text = " ".join(text[:30_000].split()).lower()
    if not text or len(text) > 100:
        return None
    try:
        moment = _epoch(text) or _compact(text) or _written(text)
        moment = moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and 1970 <= moment.year <= (now or clock.now()).year + 1 else None


def _epoch(text: str) -> datetime | None:
    if not text.isascii() or not text.isdigit() or len(text) not in {9, 10, 13}:
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)


def _compact(text: str) -> datetime | None:
    if not text[:4].isdigit():
        return None
    if week := _WEEK.match(text):
        return datetime.fromisocalendar(int(week[1]), int(week[2]), int(week[3])).replace(
            tzinfo=UTC
        )
    if basic := _BASIC.match(text):
        year, month, day, *rest, zone = basic.groups()
        hour, minute, second = (int(part or 0) for part in rest)
        return datetime(
            int(year), int(month), int(day), hour, minute, second, tzinfo=_zone(zone or "")
        )
    return None


def _written(text: str) -> datetime | None:
    for form in _FORMS:
        if (match := form.match(text)) and (moment := _assembled(match.groupdict(), text)):
            return moment
    return None


def _assembled(part: dict[str, str | None], text: str) -> datetime | None:
    year = int(part["y"] or 0)
    if year < 100:
        year += 2000 if year < 50 else 1900  # RFC 2822, 4.3
    if part.get("a"):
        day, month = int(part["a"] or 0), int(part["b"] or 0)
        if month > 12:
            day, month = month, day
        elif day <= 12 and day != month and not _INDONESIAN.search(text):
            return None  # 07/01: July or January
    else:
        day = int(part["d"] or 0)
        month = int(part["mo"] or 0) if part.get("mo") else _MONTHS.get(part["mon"] or "", 0)
    hour, minute, second = (int(part[key] or 0) for key in "hms")
    if part["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part["half"][0] == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    midnight = datetime(year, month, day, tzinfo=_zone(part["zone"] or ""))
    return midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(text: str) -> timezone:
    """The offset that a zone's name or number stands for; ValueError for an impossible number."""
    match = re.search(r"([+\-])(\d{1,2}):?(\d{2})?$", text)
    if not match:
        return timezone(timedelta(hours=_ZONES.get(text.strip(), 0)))
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60 or int(match[3] or 0) > 59:
        raise ValueError(text)
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
