"""Read dates as pages write them: ISO 8601, or day, month name and year in many languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bacatui.articles.words import words

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]+(\d{1,2}):?(\d{2})(?::?([0-5]\d)(?:[.,]\d+)?)?\s*([+-]\d{2}:?(?:\d{2})?|[A-Z]{1,4}\b)?)?(?!\d)"
)
_FORMS = (
    (
        re.compile(
            r"(\d{1,2})(?:st|nd|rd|th|\.|º)?(?:\s+de)?[\s.-]+([^\W\d_]{3,12})\.?,?(?:\s+de)?[\s.-]+(\d{4})"
        ),
        "dmy",
    ),
    (re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"), "mdy"),
    (re.compile(r"(\d{4})\s*[年년./]\s*(\d{1,2})\s*[月월./]\s*(\d{1,2})"), "ymd"),
    (re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)"), "dmy"),
)
_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])[:.h]([0-5]\d)(?::[0-5]\d)?\s*([ap]\.?m\.?)?(?:\s*([a-z]{1,4})\b)?",
    re.IGNORECASE,
)
_FOLDED = str.maketrans("äáàâãåéèêëíìîïóòôõöúùûüçñşğıśźżńł", "aaaaaaeeeeiiiiooooouuuucnsgiszznl")


def read_date(text: str, home: str = "+00:00") -> datetime | None:
    """The first date in `text` with its zone, or None.

    A time without a zone gets `home`; a day without a time begins in UTC. In a date of numbers
    the first is the day where it can be.
    """
    text = text[:200].strip()
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if match := _ISO.search(text):
        *ymd, hour, minute, second = match.groups("00")[:6]
        return _made(
            f"{'-'.join(ymd)}T{hour:0>2}:{minute}:{second}{_zone(match[7], home if match[4] else '+00:00')}"
        )
    folded, months = (
        text.lower().translate(_FOLDED),
        [names.split() for names in words("dates")["months"]],
    )
    for form, order in _FORMS:
        for match in form.finditer(folded):
            parts = dict(zip(order, match.groups(), strict=True))
            day, named = (
                int(parts["d"]),
                next((n for n, names in enumerate(months, 1) if parts["m"] in names), 0),
            )
            month = int(parts["m"]) if parts["m"].isdigit() else named
            if month > 12 >= day:
                month, day = day, month
            clock = _clock(folded[match.end() :] + "  " + folded[: match.start()], home)
            if date := _made(f"{parts['y']}-{month:02}-{day:02}T{clock}"):
                return date
    return None


def _clock(text: str, home: str) -> str:
    if not (clock := _CLOCK.search(text)):
        return "00:00+00:00"
    hour = int(clock[1]) % (12 if clock[3] else 24) + (
        12 if (clock[3] or "").startswith("p") else 0
    )
    return f"{hour:02}:{clock[2]}{_zone(clock[4], home)}"


def _zone(name: str | None, home: str) -> str:
    """The UTC offset of a named zone; an offset is returned as it is."""
    return (
        name
        if name and name[0] in "+-"
        else str(words("dates")["zones"].get((name or "").lower(), home))
    )


def _made(stamp: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return date if 1990 <= date.year <= 2100 else None
