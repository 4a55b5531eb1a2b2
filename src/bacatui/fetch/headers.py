"""What the headers of an answer say, in our terms. Garbage says nothing; nothing here raises."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from bacatui.fetch.exchange import Validators

LONGEST_WAIT: Final = 7 * 86_400  # seconds, whatever a server asks for
DEFAULT_WAIT: Final = 15 * 60  # after a 429 that names no time
_VALIDATOR_LIMIT: Final = 4_096  # bytes; what many servers refuse as a header anyway
_MAX_AGE: Final = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?(\d{1,10})"?\s*(?=,|$)', re.IGNORECASE)
_NO_CACHE: Final = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS: Final = {
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "te",
    "upgrade",
    "cookie2",
}


def validators(raw: Iterable[tuple[bytes, bytes]]) -> Validators:
    """ETag and Last-Modified as they came; one that is no printable ASCII, or huge, is left out."""
    found = {}
    for name, value in raw:
        key = name.lower()
        if key in {b"etag", b"last-modified"} and len(value) <= _VALIDATOR_LIMIT and value.isascii():
            text = value.decode("ascii")
            if text.isprintable():
                found[key] = text
    return Validators(found.get(b"etag", ""), found.get(b"last-modified", ""))


def max_age(given: Mapping[str, str]) -> int | None:
    """Seconds that the answer stays fresh by Cache-Control or Expires, the longer one (RFC 9111, 5.2 and 5.3)."""
    control = given.get("cache-control", "")
    if _NO_CACHE.search(control):
        return None
    ages = [int(match[1]) for match in _MAX_AGE.finditer(control)]
    expires, date = _date(given.get("expires", "")), _date(given.get("date", ""))
    if expires and date:
        ages.append(int((expires - date).total_seconds()))
    longest = max(ages, default=0)
    return min(longest, LONGEST_WAIT) if longest > 0 else None


def retry_after(given: Mapping[str, str], now: datetime) -> int | None:
    """Seconds to wait by Retry-After (RFC 9110, 10.2.3), a date being relative to the server's own clock.

    DEFAULT_WAIT for what makes no sense; None where the header is missing.
    """
    text = given.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        seconds = min(int(text[:18]), LONGEST_WAIT)
    else:
        until = _date(text)
        seconds = round((until - (_date(given.get("date", "")) or now)).total_seconds()) if until else 0
    return min(seconds, LONGEST_WAIT) if seconds > 0 else DEFAULT_WAIT


def own(wanted: Mapping[str, str]) -> dict[str, str]:
    """The reader's own headers for a feed, without those that would break the exchange or smuggle lines."""
    return {
        name: value
        for name, value in wanted.items()
        if _TOKEN.fullmatch(name) and name.lower() not in _OURS and value.isascii() and value.isprintable()
    }


def _date(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
