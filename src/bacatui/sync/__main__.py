"""The child of `process`: one sync, as its standard input wishes, told on its standard output. Not
for people.
"""

import asyncio
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bacatui import i18n, paths
from bacatui.store import StoreError, open_store
from bacatui.sync import Session
from bacatui.work import from_line, to_line

BREATH: Final = 0.1  # seconds between two tellings: each wakes the screen
LONG: Final = 3.0  # seconds after which an exchange is told of


async def sync(wish: dict[str, Any]) -> None:
    """Do what is wished until it is done, or until nobody listens any more."""
    loop, running, told = asyncio.get_running_loop(), asyncio.current_task(), bytearray()
    assert running

    def stop() -> None:
        loop.remove_reader(0)
        running.cancel()

    def tell() -> None:
        sys.stdout.buffer.write(told)
        sys.stdout.buffer.flush()
        told.clear()

    async def breathe(session: Session) -> None:
        while True:
            await asyncio.sleep(BREATH)
            slow = {url: seconds for url, seconds in session.active.items() if seconds > LONG}
            told.extend(to_line({"active": slow}))
            tell()

    loop.add_reader(0, stop)
    home = paths.Home(*map(Path, wish["home"]))
    try:
        with open_store(home.store) as store:
            async with Session(store, home, wish["settings"]) as session:
                breathing = asyncio.create_task(breathe(session))
                async for event in session.sync(
                    wish["feeds"], due=wish["due"], retry=wish["retry"]
                ):
                    told += to_line(event)
                breathing.cancel()
    except StoreError as error:
        told += to_line({"error": str(error)})
    tell()


def main() -> None:
    """One sync, a little behind the screen in the queue for the processor."""
    os.nice(5)
    wish = from_line(sys.stdin.buffer.readline())
    os.environ["PYTHONPATH"] = wish[
        "path"
    ]  # ours was for this process, not for the user's own commands
    i18n.use(wish["language"])
    logging.getLogger("bacatui").handlers = [paths.LogFile(Path(wish["home"][-1]), delay=True)]
    try:
        with suppress(asyncio.CancelledError, KeyboardInterrupt, BrokenPipeError):
            asyncio.run(sync(wish))
    except Exception:
        logging.getLogger("bacatui").exception("a fault of ours")
        sys.exit(1)


if __name__ == "__main__":
    main()
