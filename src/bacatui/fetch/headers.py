"""What the headers of an answer say, in our terms. Garbage says nothing; nothing here raises."""

import email.utils
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from bacatui.fetch.exchange import Validators

LONGEST_WAIT: Final = 7 * 86_400  # seconds, whatever a server asks for
DEFAULT_WAIT: Final = 15 * 60  # after a 429 that names no time, or a senseless one
_VALIDATOR_LIMIT: Final = 4_096  # bytes; many servers refuse longer headers
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
}


def validators(raw: Iterable[tuple[bytes, bytes]]) -> Validators:
    """ETag and Last-Modified as they came; one that is no printable ASCII, or huge, is left out."""
    fit = {
        n.lower(): v.decode("ascii") for n, v in raw if len(v) <= _VALIDATOR_LIMIT and v.isascii()
    }
    etag, modified = (fit.get(name, "") for name in (b"etag", b"last-modified"))
    return Validators(
        etag if etag.isprintable() else "", modified if modified.isprintable() else ""
    )


def max_age(given: Mapping[str, str]) -> int | None:
    """Seconds that the answer stays fresh by Cache-Control or Expires, the longer one (RFC 9111,
    5.2 and 5.3).
    """
    control = given.get("cache-control", "")
    if _NO_CACHE.search(control):
        return None
    ages = [int(match[1]) for match in _MAX_AGE.finditer(control)]
    expires, date = _date(given.get("expires", "")), _date(given.get("date", ""))
    if expires and date:
        ages.append(int((expires - date).total_seconds()))
    longest = min(max(ages, default=0), LONGEST_WAIT)
    return longest if longest > 0 else None


def retry_after(status: int, given: Mapping[str, str], now: datetime) -> int | None:
    """Seconds to wait by Retry-After (RFC 9110, 10.2.3), a date being relative to the server's own
    clock.

    DEFAULT_WAIT for what makes no sense, and for a 429 without it; None where nothing asks for a
    wait.
    """
    text = given.get("retry-after", "").strip()
    if status not in {429, 503} or (status == 503 and not text):
        return None
    if text.isascii() and text.isdigit():
        seconds = int(text[:18])
    else:
        until = _date(text)
        seconds = (
            round((until - (_date(given.get("date", "")) or now)).total_seconds()) if until else 0
        )
    return min(seconds, LONGEST_WAIT) if seconds > 0 else DEFAULT_WAIT


def own(wanted: Mapping[str, str]) -> dict[str, str]:
    """The user's own headers for a feed, without those that would break the exchange or smuggle
    lines.
    """
    sound = {
        n: v for n, v in wanted.items() if _TOKEN.fullmatch(n) and v.isascii() and v.isprintable()
    }
    return {name: value for name, value in sound.items() if name.lower() not in _OURS}


def _date(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
