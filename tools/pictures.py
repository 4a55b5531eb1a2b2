"""Pictures of the real app on the demo's site, for README and docs: a part of `make docs`.

`tour.svg` runs through three screens; `before-after.svg` shows one page as a text browser does, and
as bacatui does. The others are single screens.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ |= {"BACATUI_NOW": "2026-11-20T09:30:00+07:00", "TZ": "Asia/Jakarta"}
os.environ |= {"LANGUAGE": "en", "LC_ALL": "C.UTF-8"}
os.environ.pop("NO_COLOR", None)
time.tzset()

from bacatui import document, paths  # noqa: E402
from bacatui.config import Settings  # noqa: E402
from bacatui.demo import Site, fill  # noqa: E402
from bacatui.model import Offline, Scope  # noqa: E402
from bacatui.store import open_store  # noqa: E402
from bacatui.sync import Session  # noqa: E402
from bacatui.text import count_words  # noqa: E402
from bacatui.tui.app import BacaApp  # noqa: E402
from tools import svg, text_browser  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
QUIET = Settings(sync_on_start=False, sync_interval=0, newest_unread=100)
SETTINGS = replace(QUIET, theme="malam", remap={"unplug": "I"})
Keys = Sequence[str]

# name of the picture: columns and rows of the terminal, the article (the first one where none is
# named), and the keys that lead there
SCREENS: dict[str, tuple[tuple[int, int], str, Keys]] = {
    "reading": ((152, 40), "A telescope made of sea water", ("I",)),
    "narrow": ((80, 30), "", ("I", "space")),
    "search": ((110, 34), "", ("I", "/", *"kapal")),
}
TOUR_SIZE = (110, 28)
TOUR: tuple[tuple[str, Keys], ...] = (  # what is said over a screen, and the keys that lead to it
    ("bacatui demo opens on an article; {cuts} blocks of its page were cut", ()),
    ("X shows what was cut, and which rule cut it", ("X", "tab", *["pagedown"] * 2)),
    (
        "I pulls the plug: {readable} of {entries} can be read, and / finds their words",
        ("X", "home", "h", "I", "/", *"ferry"),
    ),
)
SECONDS = 5  # of each screen of the tour
PANE = (68, 44)  # columns and rows of each half of before-after


async def settled(pilot: Any) -> svg.Screen:
    """What is shown once nothing changes any more; RuntimeError where it goes on changing."""
    before: svg.Screen = ()
    for _look in range(100):
        await pilot.pause(0.3)
        if (shown := svg.screen_of(pilot.app)) == before:
            return shown
        before = shown
    raise RuntimeError("the screen does not come to rest")


class Studio:
    """A synced library of the demo and its site; each picture is drawn from a copy of it."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site, self.copies = folder, site, 0

    async def fill(self) -> None:
        home = paths.home(self.folder / "library")
        with open_store(home.store) as store:
            async with Session(store, home, SETTINGS) as session:
                front = await fill(session, store, self.site)
                async for _event in session.sync([]):
                    pass
            view = store.read.view(front)
            counts = store.read.offline().counts
            assert view is not None
            self.view = view
            self.facts = {
                "cuts": len(view.cuts),
                "entries": len(store.read.ids(Scope())),
                "readable": counts[Offline.READY] + counts[Offline.PARTIAL],
            }

    async def shots(self, size: tuple[int, int], *steps: Keys, title: str = "") -> list[svg.Screen]:
        """What the app shows after each of the steps, opened anew with the site answering."""
        self.copies += 1
        copy = self.folder / f"copy-{self.copies}"
        shutil.copytree(self.folder / "library", copy)
        home, shown = paths.home(copy), list[svg.Screen]()
        if not self.site.is_plugged:
            self.site.toggle()
        with open_store(home.store) as store:
            rows = store.read.rows(store.read.ids(Scope()))
            at = next(row.id for row in rows if title in row.title)
            store.write.set_meta("screen", json.dumps({"entry": at} if title else {})).result()
            app = BacaApp(store, home, SETTINGS, on_plug=self.site.toggle)
            async with app.run_test(size=size) as pilot:
                await settled(pilot)
                for keys in steps:
                    for key in keys:
                        await pilot.press(key)
                        await pilot.pause(0.1)
                    shown.append(await settled(pilot))
        return shown

    async def screen(self, name: str) -> str:
        size, title, keys = SCREENS[name]
        styles = svg.Styles()
        (shown,) = await self.shots(size, keys, title=title)
        return svg.picture(*svg.size(*size), [svg.window(shown, "bacatui", styles)], styles)

    async def tour(self) -> str:
        """Three screens, one after another; the first, where nothing may move."""
        styles, frames = svg.Styles(), list[str]()
        shots = await self.shots(TOUR_SIZE, *(keys for _words, keys in TOUR))
        for number, (shown, (words, _keys)) in enumerate(zip(shots, TOUR, strict=True), 1):
            title = f"{number} of {len(TOUR)} · {words.format(**self.facts)}"
            frames.append(f'<g class="f f{number}">{svg.window(shown, title, styles)}</g>')
        return svg.picture(*svg.size(*TOUR_SIZE), frames, styles, _motion(len(frames)))

    async def before_after(self) -> str:
        """The page of the demo's first article, as a text browser shows it, and as bacatui does."""
        columns, rows = PANE
        page = self.site.answers[self.view.entry.url.removeprefix(self.site.url)][2].decode()
        text = document.to_text(document.read(self.view.html), captions=True)
        kept = {" ".join(block.split()) for block in (self.view.title, *text.split("\n"))}
        lines = text_browser.lines(page, columns - 2, kept)
        words = sum(count_words(block.text) for block in text_browser.blocks(page))
        (shown,) = await self.shots(PANE, ())
        styles, (width, height) = svg.Styles(), svg.size(*PANE)
        before = f"the page in a text browser · {words:,} words"
        after = f"in bacatui · {count_words(text):,} words"
        windows = [
            svg.window(text_browser.screen(lines, columns, rows), before, styles),
            svg.window(shown, after, styles, at=(width + 16, 0)),
        ]
        return svg.picture(2 * width + 16, height, windows, styles)


def _motion(count: int) -> str:
    share, whole = 100 / count, SECONDS * count
    delays = (f".f{n}{{animation-delay:{SECONDS * (n - 1)}s}}" for n in range(2, count + 1))
    return (
        f"@keyframes show{{0%,{share - 1:.1f}%{{opacity:1}}"
        f"{share:.1f}%,99%{{opacity:0}}100%{{opacity:1}}}}"
        f".f{{opacity:0;animation:show {whole}s infinite}}.f1{{opacity:1}}{''.join(delays)}"
        "@media(prefers-reduced-motion:reduce){.f{animation:none}}"
    )


def save(name: str, picture: str) -> None:
    (FOLDER / f"{name}.svg").write_text(picture, "utf-8")
    print(f"docs/pictures/{name}.svg  {len(picture.encode()) / 1000:.0f} kB")


async def draw(folder: Path) -> None:
    """All pictures, in a folder that is thrown away afterwards."""
    with Site() as site:
        studio = Studio(folder, site)
        await studio.fill()
        save("tour", await studio.tour())
        save("before-after", await studio.before_after())
        for name in SCREENS:
            save(name, await studio.screen(name))


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(draw(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
