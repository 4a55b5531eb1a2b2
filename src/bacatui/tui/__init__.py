"""The terminal app, a thin front end over the store."""

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
    """Open the app over the store of `home` until the user quits; returns the exit code.

    `notices` (errors in the settings file) are shown at start. `on_plug` switches the network of
    the demo off or on and returns whether it is on now. Raises StoreError if the store cannot be
    used, and any unexpected exception that ended the app.
    """
    # Textual may wait for two frames before it paints the effect of a key.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    # The terminal knows its size; these do not change when the window is resized.
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    import gc
    import sys

    gc.disable()  # until the first paint: objects of the start-up live on anyway
    # Seconds. A key passes through several threads, and must not wait for the writer's.
    sys.setswitchinterval(0.0001)
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
