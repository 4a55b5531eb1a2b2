"""Polite HTTP: one exchange with its limits, and the rules of whom to ask when.

`Client` makes exchanges, `schedule` decides about them; nothing here knows what a feed or an
article is.
"""

from bacatui.fetch import schedule
from bacatui.fetch.address import origin, says_inside
from bacatui.fetch.client import Client
from bacatui.fetch.exchange import (
    LASTING,
    LEFT_ALONE,
    UNREACHED,
    FetchError,
    Reason,
    Reply,
    Request,
    Resource,
    Validators,
)

__all__ = [
    "LASTING",
    "LEFT_ALONE",
    "UNREACHED",
    "Client",
    "FetchError",
    "Reason",
    "Reply",
    "Request",
    "Resource",
    "Validators",
    "origin",
    "says_inside",
    "schedule",
]
