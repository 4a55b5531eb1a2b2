"""`bacatui demo`: a reader's first look, on a home that is thrown away afterwards."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from bacatui import clock, config, document, paths
from bacatui.demo.site import PAPERS, Site, paper
from bacatui.i18n import _, when
from bacatui.model import Article, Scope
from bacatui.paths import Home

if TYPE_CHECKING:
    from bacatui.store import Store


def run(open_app: Callable[[Home, Callable[[], bool]], int], *, keep: bool = False, serve: bool = False) -> int:
    """Subscribe a temporary home to the demo site and show it; the exit status.

    `open_app` opens the terminal app on a home; it is given what pulls the site's plug or puts it back (True where
    the site answers afterwards). Without a terminal the site is read to its end and the news are printed. `keep`
    leaves the home; `serve` only serves the site, until it is interrupted. Raises OSError and StoreError.
    """
    with Site() as site:
        if serve:
            return _serve(site)
        folder = Path(tempfile.mkdtemp(prefix="bacatui-demo-"))
        try:
            home = _subscribed(folder, site)
            if sys.stdin.isatty() and sys.stdout.isatty():
                return open_app(home, site.toggle)
            return asyncio.run(_print(home, site))
        finally:
            if keep:
                print(_("Kept. To read on: bacatui --home {folder}").format(folder=folder), file=sys.stderr)
            else:
                rmtree(folder, ignore_errors=True)


def _serve(site: Site) -> int:
    print(_("The demo site answers at {url} until you press Ctrl+C. Its feeds:").format(url=site.url))
    print(*site.feeds.values(), sep="\n", flush=True)
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    return 0


def _subscribed(folder: Path, site: Site) -> Home:
    from bacatui.store import open_store

    home = paths.home(folder)
    paths.make_private(home.config)
    home.settings.write_text('newest_unread = 100\nremap = { unplug = "N" }\n', "utf-8")
    store = open_store(home.store)
    try:
        for key, url in zip(PAPERS, site.feeds.values(), strict=True):
            store.write.add_feed(url, folder=paper(key)["folder"]).result()
    finally:
        store.close()
    return home


async def _print(home: Home, site: Site) -> int:
    """Sync, pull the plug, and write the list and one article from what is stored."""
    from bacatui.store import open_store
    from bacatui.sync import Session

    store = open_store(home.store)
    try:
        async with Session(store, home, config.load(home.settings)[0]) as session:
            async for _event in session.sync():
                pass
        site.close()
        print("\n".join(_news(store)))
    finally:
        store.close()
    return 0


def _news(store: Store) -> list[str]:
    rows, now = store.read.first(Scope(), 100), clock.now()
    lines = [f"{row.title}\n    {row.feed_title} · {when.ago(row.sort_at, now)}" for row in rows]
    longest = max(rows, key=lambda row: row.words)
    article = store.read.article(longest.id) or Article()
    parts = (longest.title, article.byline, article.lead, document.to_text(document.read(article.html), markers=True))
    return [*lines, "", "\n\n".join(filter(None, parts))]
