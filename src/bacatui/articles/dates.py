"""Dates as pages write them: ISO 8601, and day, month name and year in the languages that readers meet."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from bacatui.articles.words import words

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?(?!\d)"
)
_FORMS = (
    (re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|º)?(?:\s+de)?[\s-]+([^\W\d_]{3,12})\.?,?(?:\s+de)?[\s-]+(\d{4})"), "dmy"),
    (re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"), "mdy"),
    (re.compile(r"(\d{4})\s*[年년.]\s*(\d{1,2})\s*[月월.]\s*(\d{1,2})"), "ymd"),
    (re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)"), "dmy"),
)
_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])[:.h]([0-5]\d)(?::[0-5]\d)?\s*([ap]\.?m\.?)?(?:\s*([a-z]{1,4})\b)?", re.IGNORECASE
)
_FOLDED = str.maketrans("äáàâãåéèêëíìîïóòôõöúùûüçñşğıśźżńł", "aaaaaaeeeeiiiiooooouuuucnsgiszznl")


def read_date(text: str) -> datetime | None:
    """The first date in `text`: aware, in the zone it names, else UTC. None where there is none.

    In numeric dates the day comes first; the month only where it could not be one.
    """
    text = text.strip()
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if match := _ISO.search(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        return _made(year, month, day, hour, minute, second, _offset(match[7] or ""))
    folded = text.lower().translate(_FOLDED)
    for form, order in _FORMS:
        for match in form.finditer(folded):
            parts = dict(zip(order, match.groups(), strict=True))
            month, day = int(parts["m"]) if parts["m"].isdigit() else _month(parts["m"]), int(parts["d"])
            if month > 12 >= day:
                month, day = day, month
            hour, minute, offset = _clock(folded[match.end() :] + "  " + folded[: match.start()])
            if date := _made(int(parts["y"]), month, day, hour, minute, 0, offset):
                return date
    return None


def _month(name: str) -> int:
    return next((number for number, names in enumerate(words("dates")["months"], 1) if name in names.split()), 0)


def _clock(text: str) -> tuple[int, int, timedelta]:
    if not (clock := _CLOCK.search(text)):
        return 0, 0, timedelta()
    hour = int(clock[1]) + (12 if (clock[3] or "").startswith("p") and int(clock[1]) < 12 else 0)
    return hour, int(clock[2]), timedelta(hours=words("dates")["zones"].get(clock[4] or "", 0))


def _offset(text: str) -> timedelta:
    if not text or text[0] not in "+-":
        return timedelta()
    digits = text[1:].replace(":", "").ljust(4, "0")
    return timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if text[0] == "-" else 1)


def _made(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta) -> datetime | None:
    try:
        date = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=timezone(offset))
    except ValueError:
        return None
    return date if 1990 <= year <= 2100 else None
