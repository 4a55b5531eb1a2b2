"""What a sync costs beside Debian's newsboat: first, unchanged, and keys pressed meanwhile."""

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


def subscribed(home: Path, port: int, feeds: int, kind: str = "plain") -> None:
    """Subscribe to so many feeds, by an OPML file as a user would."""
    home.mkdir(parents=True, exist_ok=True)
    urls = [feed_server.url(port, n, kind) for n in range(feeds)]
    outlines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in urls)
    (home / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    command = [*BACATUI, "--home", str(home), "import", str(home / "feeds.opml")]
    subprocess.run(command, env=environment(home), check=True, capture_output=True)


def newsboat_reloads(folder: Path, port: int, feeds: int, kind: str, times: int) -> list[float]:
    """CPU seconds of each of newsboat's first reloads of the same feeds; empty where it is not installed."""
    newsboat = shutil.which("newsboat")
    if newsboat is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "urls").write_text(
        "".join(f"{feed_server.url(port, n, kind)}\n" for n in range(feeds))
    )
    (folder / "config").write_text("")
    reload = [newsboat, "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
    return [timed(reload, environment(folder), cwd=folder)[1] for _ in range(times)]


def marked_up(folder: Path, feeds: int = 100, entries: int = 20) -> Iterator[Figure]:
    """A first sync of entries marked up as real ones are: the ratio that a new user meets."""
    with served(entries) as port:
        home = folder / "sync-rich"
        subscribed(home, port, feeds, "rich")
        wall, cpu = timed(
            [*BACATUI, "--home", str(home), "sync", "--no-pictures"], environment(home)
        )
        yield Figure(
            f"first sync, marked up, {feeds:,} x {entries}, cpu",
            cpu,
            "s",
            note=f"wall {wall:.1f} s",
        )
        for theirs in newsboat_reloads(folder / "newsboat-rich", port, feeds, "rich", 1):
            yield Figure(
                "first sync, marked up : newsboat's, cpu",
                cpu / theirs,
                "x",
                note=f"newsboat {theirs:.1f} s",
            )


def unchanged(folder: Path, feeds: int = 1_000, entries: int = 20) -> Iterator[Figure]:
    """A first sync of bare paragraphs, and one of nothing new, beside newsboat (its 304 begin with the third)."""
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
        plain = f"first sync, bare paragraphs, {feeds:,} x {entries}, cpu"
        yield Figure(plain, first[1], "s", note=f"wall {first[0]:.1f} s")
        yield Figure(
            f"sync of {feeds:,} unchanged feeds, cpu",
            second[1],
            "s",
            note=f"wall {second[0]:.1f} s",
        )
        peers = newsboat_reloads(folder / "newsboat", port, feeds, "plain", 3)
        if not peers:
            print("# newsboat is not installed: no ratios")
            return
        note = f"newsboat {peers[0]:.1f} s"
        yield Figure(
            "first sync, bare paragraphs : newsboat's, cpu", first[1] / peers[0], "x", 1.6, note
        )
        ratio, note = second[1] / peers[2], f"newsboat {peers[2]:.1f} s"
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
            yield Figure(
                "list key p95 while 100 changed feeds are synced",
                p95(waits),
                "ms",
                10,
                f"{len(waits)} keys",
            )
            yield Figure("longest wait for a key meanwhile", max(waits), "ms", 100)
            yield Figure(
                "memory of the whole tree meanwhile", terminal.memory(tree=True), "MiB", 400
            )
