"""Marks entries until it is killed, and says which mark the store has acknowledged: `python marker.py STORE SEED`.

Each line is `ENTRY read|unread`, written only after the writer's Future was done.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from bacatui.model import Scope
from bacatui.store import open_store


def main() -> None:
    chance = random.Random(int(sys.argv[2]))
    with open_store(Path(sys.argv[1])) as store:
        ids = list(store.read.ids(Scope()))
        while True:
            entry, read = chance.choice(ids), chance.random() < 0.7
            store.write.set_read([entry], read).result()
            os.write(1, f"{entry} {'read' if read else 'unread'}\n".encode())


if __name__ == "__main__":
    main()
