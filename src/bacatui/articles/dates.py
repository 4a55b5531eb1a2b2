"""Dates as pages write them: ISO 8601, and day, month name and year in the languages that readers meet."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari januar janvier enero janeiro gennaio styczen stycznia january. ocak",
            "feb february februari februar fevrier fevereiro febrero febbraio lutego subat pebruari",
            "mar march maret mars marzo marco marz maerz marca mart mac maart",
            "apr april avril abril aprile kwietnia nisan",
            "may mei mai mayo maio maggio maja mayis mei",
            "jun june juni juin junio junho giugno czerwca haziran",
            "jul july juli juillet julio julho luglio lipca temmuz julai",
            "aug august agustus aout agosto sierpnia agustos agt ogos augustus",
            "sep sept september septembre septiembre setembro settembre wrzesnia eylul",
            "oct october oktober octobre octubre outubro ottobre pazdziernika ekim okt",
            "nov november novembre noviembre novembro listopada kasim nopember",
            "dec december desember decembre diciembre dezembro dicembre grudnia aralik des dezember disember dez",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {"wib": 7, "wita": 8, "wit": 9, "utc": 0, "gmt": 0, "z": 0, "cet": 1, "cest": 2, "bst": 1, "est": -5, "edt": -4,
          "cst": -6, "cdt": -5, "pst": -8, "pdt": -7, "ist": 5.5, "jst": 9, "kst": 9, "myt": 8, "sgt": 8, "wat": 1}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?(?!\d)"
)
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|º)?(?:\s+de)?[\s-]+([^\W\d_]{3,12})\.?,?(?:\s+de)?[\s-]+(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_CJK = re.compile(r"(\d{4})\s*[年년.]\s*(\d{1,2})\s*[月월.]\s*(\d{1,2})")
_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])[:.h]([0-5]\d)(?::[0-5]\d)?\s*([ap]\.?m\.?)?(?:\s*([A-Z]{1,4})\b)?", re.IGNORECASE
)
_FOLDED = str.maketrans("äáàâãåéèêëíìîïóòôõöúùûüçñşğıśźżńł", "aaaaaaeeeeiiiiooooouuuucnsgiszznl")


def read_date(text: str) -> datetime | None:
    """The first date in `text`: aware, in the zone it names, else UTC. None where there is none.

    Days stand before months in numeric dates, as everywhere but in the United States; there the month is taken
    first only where the day would be impossible.
    """
    text = text.strip()
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if match := _ISO.search(text):
        year, month, day, hour, minute, second = (int(g or 0) for g in match.groups()[:6])
        return _made(year, month, day, hour, minute, second, _offset(match[7] or ""))
    folded = text.lower().translate(_FOLDED)
    for pattern, order in ((_WORDED, "dmy"), (_MONTH_FIRST, "mdy"), (_CJK, "ymd"), (_NUMERIC, "dmy")):
        for match in pattern.finditer(folded):
            parts = dict(zip(order, match.groups(), strict=True))
            month = _MONTHS.get(parts["m"], 0) if not parts["m"].isdigit() else int(parts["m"])
            day = int(parts["d"])
            if month > 12 >= day:
                month, day = day, month
            clock = _CLOCK.search(text, match.end()) or _CLOCK.search(text[: match.start()])
            hour, minute, zone = 0, 0, ""
            if clock:
                hour, minute, zone = int(clock[1]), int(clock[2]), (clock[4] or "").lower()
                if (clock[3] or "").lower().startswith("p") and hour < 12:
                    hour += 12
            if date := _made(int(parts["y"]), month, day, hour, minute, 0, timedelta(hours=_ZONES.get(zone, 0))):
                return date
    return None


def _offset(text: str) -> timedelta:
    if not text or text[0] not in "+-":
        return timedelta()
    digits = text[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -span if text[0] == "-" else span


def _made(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: timedelta) -> datetime | None:
    try:
        date = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=timezone(offset))
    except ValueError:
        return None
    return date if 1990 <= year <= 2100 else None
