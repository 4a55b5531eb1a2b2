"""A resolver of ours: what it says of each name stands in a file, and is read anew at each question."""

from __future__ import annotations

import json
import os
from pathlib import Path

_LOADED_FIRST = """
import ipaddress, json, pathlib, socket
_FILE, _REAL = pathlib.Path(__file__).with_name("names.json"), socket.getaddrinfo

def _look_up(host, *more, **named):
    said = json.loads(_FILE.read_text()).get(host, host)
    if said.startswith("EAI_"):
        raise socket.gaierror(getattr(socket, said), said)
    if said.startswith("E"):
        import errno
        raise OSError(getattr(errno, said), said)
    if said != "localhost":
        ipaddress.ip_address(said)  # no name is ever asked of anybody else
    return _REAL(said, *more, **named)

socket.getaddrinfo = _look_up
"""


class Names:
    """Programs that are given `environment` ask this resolver alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "sitecustomize.py").write_text(_LOADED_FIRST)
        self.say()

    def say(self, **names: str) -> None:
        """What each name is from now on: an address, or the error that a resolver answers with (EAI_NONAME).

        Dots in names are written as underscores.
        """
        found = {name.replace("_", "."): said for name, said in names.items()}
        aside = self.folder / "names.new"
        aside.write_text(json.dumps(found))
        aside.replace(self.folder / "names.json")

    def environment(self, source: Path) -> dict[str, str]:
        """PYTHONPATH for a program whose source is there."""
        return {"PYTHONPATH": os.pathsep.join((str(self.folder), str(source)))}
