"""A library for the demo: subscribed to all papers of its site, and open at the first article."""

from typing import TYPE_CHECKING

from bacatui.demo.site import PAPERS, Site, paper
from bacatui.model import FullText, Scope

if TYPE_CHECKING:
    from bacatui.store import Store
    from bacatui.sync import Session


async def fill(session: "Session", store: "Store", site: Site) -> int:
    """Subscribe to every paper of the site, and make the newest entry ready, which is returned.

    All entries are there afterwards; pages of the others are for the next sync. Raises StoreError.
    """
    for key, url in zip(PAPERS, site.feeds.values(), strict=True):
        its = paper(key)
        await session.add(url, folder=its["folder"], full_text=FullText(its["full_text"]))
    front = store.read.first(Scope(), 1)[0].id
    await session.make_ready([front])
    return front
