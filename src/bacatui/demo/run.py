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

from bacatui import config, paths
from bacatui.demo.site import PAPERS, Site, paper
from bacatui.i18n import _
from bacatui.paths import Home

# All of the papers is new; one key pulls the plug.
SETTINGS = 'newest_unread = 100\nremap = { unplug = "N" }\n'
Show = Callable[[Home, Callable[[], bool] | None], int]


def run(show: Show, *, keep: bool = False, serve: bool = False) -> int:
    """Subscribe a temporary home to the demo site and `show` it; the exit status.

    On a terminal the home is shown before it is synced, with what pulls the site's plug or puts it back (True where
    the site answers afterwards); without one it is synced first, and shown with the site gone and None. `keep` leaves
    the home; `serve` only serves the site, until it is interrupted. Raises OSError and StoreError.
    """
    with Site() as site:
        if serve:
            print(_("The demo site answers at {url} until you press Ctrl+C. Its feeds:").format(url=site.url))
            print(*site.feeds.values(), sep="\n", flush=True)
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
            return 0
        folder = Path(tempfile.mkdtemp(prefix="bacatui-demo-"))
        try:
            home, on_terminal = paths.home(folder), sys.stdin.isatty() and sys.stdout.isatty()
            asyncio.run(_fill(home, site, sync=not on_terminal))
            if on_terminal:
                return show(home, site.toggle)
            site.close()
            return show(home, None)
        finally:
            if keep:
                print(_("Kept. To read on: bacatui --home {folder}").format(folder=folder), file=sys.stderr)
            else:
                rmtree(folder, ignore_errors=True)


async def _fill(home: Home, site: Site, sync: bool) -> None:
    from bacatui.store import open_store
    from bacatui.sync import Session

    paths.make_private(home.config)
    home.settings.write_text(SETTINGS, "utf-8")
    with open_store(home.store) as store:
        for key, url in zip(PAPERS, site.feeds.values(), strict=True):
            store.write.add_feed(url, folder=paper(key)["folder"]).result()
        if sync:
            async with Session(store, home, config.load(home.settings)[0]) as session:
                async for _event in session.sync():
                    pass
