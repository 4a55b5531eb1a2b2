"""The one clock. Tests set it with BACATUI_NOW (RFC 3339)."""

import os
from contextlib import suppress
from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC, or BACATUI_NOW where that is set and can be read."""
    with suppress(ValueError):
        if given := os.environ.get("BACATUI_NOW"):
            fixed = datetime.fromisoformat(given)
            return (fixed if fixed.tzinfo else fixed.replace(tzinfo=UTC)).astimezone(UTC)
    return datetime.now(UTC)


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z, to the second; None stays None."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
