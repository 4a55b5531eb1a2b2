"""Pictures of the real app, reading the demo's site after its plug was pulled: a part of `make docs`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ |= {"BACATUI_NOW": "2026-11-20T09:30:00+07:00", "TZ": "Asia/Jakarta", "LANGUAGE": "en", "LC_ALL": "C.UTF-8"}
os.environ.pop("NO_COLOR", None)
time.tzset()

from bacatui import paths  # noqa: E402
from bacatui.config import Settings  # noqa: E402
from bacatui.demo import PAPERS, Site, paper  # noqa: E402
from bacatui.store import open_store  # noqa: E402
from bacatui.sync import Session  # noqa: E402
from bacatui.tui.app import BacaApp  # noqa: E402

# name of the picture: columns and rows of the terminal, theme, keys that lead there
PICTURES: dict[str, tuple[tuple[int, int], str, tuple[str, ...]]] = {
    "reading": ((152, 40), "", ("j", "j", "b", "k", "k")),
    "narrow": ((80, 30), "", ("j", "j", "enter")),
    "search": ((110, 34), "", ("/", *"kapal")),
}


async def draw(folder: Path) -> None:
    """Subscribe, sync, pull the plug, and write each picture."""
    home = paths.home(folder)
    settings = Settings(sync_on_start=False, newest_unread=100)
    with open_store(home.store) as store:
        with Site() as site:
            for key, url in zip(PAPERS, site.feeds.values(), strict=True):
                store.write.add_feed(url, folder=paper(key)["folder"]).result()
            async with Session(store, home, settings) as session:
                async for _event in session.sync():
                    pass
        for name, (size, theme, keys) in PICTURES.items():
            chosen = Settings(sync_on_start=False, newest_unread=100, theme=theme)
            app = BacaApp(store, home, chosen)
            async with app.run_test(size=size) as pilot:
                await pilot.pause(1.0)
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause(0.1)
                await pilot.pause(1.5)
                picture = app.export_screenshot(title="bacatui")
                (ROOT / "docs/pictures" / f"{name}.svg").write_text(picture, "utf-8")
                print(f"docs/pictures/{name}.svg")


def main() -> int:
    """Draw them in a folder that is thrown away."""
    (ROOT / "docs/pictures").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(draw(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
