"""What a sync costs: a thousand unchanged feeds beside Debian's newsboat, and keys pressed meanwhile."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.terminal.driver import BACATUI, ROOT, environment

from benchmarks import feed_server
from benchmarks.figures import Figure, p95, timed
from benchmarks.screen import READY, program


@contextmanager
def served(entries: int) -> Iterator[int]:
    """The feed server in a process of its own; yields its port."""
    command = [sys.executable, "-m", "benchmarks.feed_server", str(entries)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(ROOT, PYTHONPATH=f"{ROOT}:{ROOT / 'src'}"), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


def asked(port: int, path: str = "/stats") -> dict[str, int]:
    """What the server counted."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:
        body = reply.read()
    return dict(json.loads(body)) if body else {}


def subscribed(home: Path, port: int, feeds: int) -> None:
    """Subscribe to so many feeds, by an OPML file as a reader would."""
    home.mkdir(parents=True, exist_ok=True)
    outlines = "".join(f'<outline type="rss" xmlUrl="{feed_server.url(port, n)}"/>' for n in range(feeds))
    (home / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    command = [*BACATUI, "--home", str(home), "import", str(home / "feeds.opml")]
    subprocess.run(command, env=environment(home), check=True, capture_output=True)


def unchanged(folder: Path, feeds: int = 1_000, entries: int = 20) -> Iterator[Figure]:
    """A first sync, and one of nothing new, beside newsboat where it is installed (its 304 begin with the third)."""
    newsboat = shutil.which("newsboat")
    with served(entries) as port:
        home = folder / "sync"
        subscribed(home, port, feeds)
        ours = [*BACATUI, "--home", str(home), "sync"]
        first = timed(ours, environment(home))
        before = asked(port)
        second = timed(ours, environment(home))
        after = asked(port)
        body = after["bytes"] - before["bytes"]
        yield Figure(f"bodies sent in the second sync of {feeds:,} feeds", body, "B", 0)
        rest = after["requests"] - before["requests"] - (after["unchanged"] - before["unchanged"])
        yield Figure("requests of the second sync that were not answered 304", rest, "", 0)
        yield Figure(f"first sync, {feeds:,} x {entries}, cpu", first[1], "s", note=f"wall {first[0]:.1f} s")
        yield Figure(f"sync of {feeds:,} unchanged feeds, cpu", second[1], "s", note=f"wall {second[0]:.1f} s")
        if newsboat is None:
            print("# newsboat is not installed: no ratios")
            return
        theirs = folder / "newsboat"
        theirs.mkdir(parents=True, exist_ok=True)
        (theirs / "urls").write_text("".join(f"{feed_server.url(port, n)}\n" for n in range(feeds)))
        (theirs / "config").write_text("")
        files = ["-u", "urls", "-c", "cache.db", "-C", "config"]
        reload = [newsboat, *files, "-x", "reload"]
        peers = [timed(reload, environment(theirs), cwd=theirs) for _ in range(3)]
        yield Figure("first sync : newsboat's, cpu", first[1] / peers[0][1], "x", 1.3, f"newsboat {peers[0][1]:.1f} s")
        ratio, note = second[1] / peers[2][1], f"newsboat {peers[2][1]:.1f} s"
        yield Figure("unchanged feeds : newsboat's third sync, cpu", ratio, "x", 1 / 12, note)


def keys_meanwhile(folder: Path, feeds: int = 100, entries: int = 100) -> Iterator[Figure]:
    """Keys in the list while a hundred changed feeds come in."""
    home = folder / "keys"
    with served(entries) as port:
        subscribed(home, port, feeds)
        timed([*BACATUI, "--home", str(home), "sync"], environment(home))
        asked(port, "/revise")
        with program(home) as terminal:
            terminal.wait_for(READY, 60)
            terminal.quiet(0.5)
            terminal.send("R")
            waits: list[float] = []
            began, before = time.perf_counter(), asked(port)["requests"]
            while time.perf_counter() - began < 60:
                waits.append(terminal.press("jjk"[len(waits) % 3], 0.03)[0])
                if asked(port)["requests"] - before >= feeds and len(waits) > 60:
                    break
            yield Figure("list key p95 while 100 changed feeds are synced", p95(waits), "ms", 10, f"{len(waits)} keys")
            yield Figure("longest wait for a key meanwhile", max(waits), "ms", 100)
            yield Figure("memory of the whole tree meanwhile", terminal.memory(tree=True), "MiB", 400)
