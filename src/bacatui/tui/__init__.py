"""The terminal app: a thin front end that only shows what the store knows."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bacatui.config import Settings
    from bacatui.paths import Home


def run(
    home: Home,
    settings: Settings,
    *,
    notices: tuple[str, ...] = (),
    on_plug: Callable[[], bool] | None = None,
) -> int:
    """Open the app over the store of `home` until the reader quits; returns the exit code.

    `notices` (faults of the settings file) are told in one line. `on_plug` pulls the plug on the demo's site
    and returns whether it is on now. Raises StoreError where the store cannot be used, and what ended the app where
    that is a fault of ours.
    """
    os.environ.setdefault(
        "TEXTUAL_FPS", "240"
    )  # Textual lets up to two of its frames pass before it paints a key
    for name in (
        "COLUMNS",
        "LINES",
    ):  # the terminal knows better, above all once its size has changed
        os.environ.pop(name, None)
    import gc
    import sys

    gc.disable()  # until the first paint: what start-up makes stays anyway
    sys.setswitchinterval(
        0.0001
    )  # a key changes threads several times, and does not wait for the writer's
    from bacatui.store import open_store
    from bacatui.tui.app import BacaApp

    store = open_store(home.store)
    try:
        app = BacaApp(store, home, settings, notices=notices, on_plug=on_plug)
        app.run()
        if app.fault is not None:
            raise app.fault
        return app.return_code or 0
    finally:
        store.close()
