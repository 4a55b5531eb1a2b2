"""What feeds and saved pages may lead to, kept in the settings of their feeds: see `model.Network`. Not journaled."""

import sqlite3
from collections.abc import Mapping

from bacatui.model import Network
from bacatui.store.sql import settings_of, settings_text

Db = sqlite3.Connection


def settle_networks(db: Db, found: Mapping[int, tuple[str, Network]]) -> None:
    """What a sync found out about feeds, each with the address that it is about; what the user allowed stays."""
    for feed, (url, network) in found.items():
        stored = _settings(db, feed, url)
        if stored is not None and stored.get("network") != Network.INSIDE:
            _set(db, feed, stored | {"network": network})


def allow_pages(db: Db, origin: str) -> None:
    """Let saved pages of this origin lie inside this machine or network."""
    feed = db.execute("SELECT id FROM feed WHERE url = ''").fetchone()[0]
    stored = _settings(db, feed, "") or {}
    _set(
        db, feed, stored | {"inside": " ".join(sorted({*stored.get("inside", "").split(), origin}))}
    )


def _settings(db: Db, feed: int, url: str) -> dict[str, str] | None:
    """The settings of the feed at this address; None where it is not there any more."""
    row = db.execute("SELECT settings FROM feed WHERE id = ? AND url = ?", (feed, url)).fetchone()
    return settings_of(row[0]) if row else None


def _set(db: Db, feed: int, settings: Mapping[str, str]) -> None:
    db.execute("UPDATE feed SET settings = ? WHERE id = ?", (settings_text(settings), feed))
