"""Pictures: fetched within their limits, looked at by a worker, and kept as files named by their content."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from bacatui import paths
from bacatui.fetch import FetchError, Kind, Reason, Request
from bacatui.store import StoredPicture, WantedPicture
from bacatui.sync.events import PictureDone
from bacatui.sync.kit import Kit, digest, done
from bacatui.work import WorkError

SMALLEST = 3  # pixels a side: what is smaller counts readers, and shows nothing
_COUNTERS = re.compile(
    r"//(?:[\w.-]*\.)?(?:doubleclick\.net|google-analytics\.com|scorecardresearch\.com|quantserve\.com|stats\.wordpress\.com"
    r"|pixel\.[\w.-]+|feeds\.feedburner\.com/~|[\w.-]*/~r/|b\.gif)|/(?:pixel|beacon|1x1|spacer|blank)(?:\.\w{2,4}|/|\?|$)",
    re.IGNORECASE,
)


async def sync_picture(kit: Kit, wanted: WantedPicture) -> PictureDone:
    """Fetch one picture; why it could not be had is in the result and in the store."""
    if _COUNTERS.search(wanted.url):
        return await _without(kit, wanted, "")
    request = Request(wanted.url, Kind.PICTURE, trusted=wanted.feed_url or wanted.entry_url)
    try:
        reply = await kit.get(request)
        if len(reply.body) > kit.settings.picture_bytes:
            raise FetchError(Reason.TOO_BIG)
        kind, width, height = await kit.workers.picture(reply.body)
    except (FetchError, WorkError) as error:
        if isinstance(error, FetchError) and error.reason is Reason.NETWORK:  # tried again at the next sync
            return PictureDone(wanted.url, wanted.entry_id, str(error))
        return await _without(kit, wanted, str(error))
    if min(width, height) < SMALLEST:
        return await _without(kit, wanted, "")
    name = digest(reply.body)
    path = Path(name[:2]) / f"{name}.{kind.lower()}"
    try:
        write_whole(kit.home.pictures / path, reply.body)
    except OSError as error:
        return PictureDone(wanted.url, wanted.entry_id, error.strerror or str(error))
    stored = StoredPicture(wanted.url, str(path), kind, width, height, len(reply.body))
    await done(kit.store.write.store_picture(stored))
    return PictureDone(wanted.url, wanted.entry_id)


def write_whole(path: Path, body: bytes) -> None:
    """Write a private file at once or not at all. Raises OSError."""
    if path.exists():
        return
    paths.make_private(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


async def _without(kit: Kit, wanted: WantedPicture, why: str) -> PictureDone:
    """No file; without a reason there is nothing to be shown either, and nothing is missing."""
    await done(kit.store.write.store_picture(StoredPicture(wanted.url, "", error=why)))
    return PictureDone(wanted.url, wanted.entry_id, why)
