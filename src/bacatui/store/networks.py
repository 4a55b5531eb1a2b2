"""Which networks feeds and saved pages may lead to: see `model.Network`.

It is stored in the settings of feeds, and is not journaled.
"""

import sqlite3
from collections.abc import Mapping

from bacatui.model import Network
from bacatui.store.sql import settings_of, settings_text

Db = sqlite3.Connection


def settle_networks(db: Db, found: Mapping[int, tuple[str, Network]]) -> None:
    """Store where the addresses of feeds lead, as a sync found out: feed -> (address, network).

    What the user has allowed stays, and so does a feed whose address has changed since.
    """
    for feed, (url, network) in found.items():
        stored = _settings(db, feed, url)
        if stored is not None and stored.get("network") != Network.INSIDE:
            _set(db, feed, stored | {"network": network})


def allow_pages(db: Db, origin: str) -> None:
    """Allow saved pages of this origin, which lies inside this machine or its local network."""
    feed = db.execute("SELECT id FROM feed WHERE url = ''").fetchone()[0]
    stored = _settings(db, feed, "") or {}
    origins = {*stored.get("inside", "").split(), origin}
    _set(db, feed, stored | {"inside": " ".join(sorted(origins))})


def _settings(db: Db, feed: int, url: str) -> dict[str, str] | None:
    """The settings of a feed; None where it is gone or has another address now."""
    row = db.execute("SELECT settings FROM feed WHERE id = ? AND url = ?", (feed, url)).fetchone()
    return settings_of(row[0]) if row else None


def _set(db: Db, feed: int, settings: Mapping[str, str]) -> None:
    db.execute("UPDATE feed SET settings = ? WHERE id = ?", (settings_text(settings), feed))
