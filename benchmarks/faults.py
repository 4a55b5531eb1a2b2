"""Every behaviour of the fault server (../shared/bench/fault_server.py) through the real sync, three times in a row.

    python -m benchmarks.faults [--only PART] [--held FILE] [--bodies]

Prints each behaviour that was not met, the audit of the server's own log, the slowest exchange, and memory. With
--bodies each behaviour is met alone and once, and what is printed is how far it made the processes grow (Linux).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

from bacatui import clock, paths
from bacatui.config import Settings
from bacatui.store import Store, open_store
from bacatui.sync import FeedDone, Session
from benchmarks.corpora import SHARED, needed

FAULTS = SHARED / "bench" / "fault_server.py"
NOT_FEEDS = {"/full/article", "/full/deep"}
FAIL = [
    "/gone",
    "/notfound",
    "/forbidden-challenge",
    "/unauthorized",
    "/429",
    "/503",
    "/500",
    "/502",
    "/451",
    "/status-999",
    "/status-204",
    "/304-unasked",
    "/redir/301-login",
    "/redir/301-404",
    "/redir/loop",
    "/redir/self",
    "/redir/relative",
    "/redir/file",
    "/redir/ftp",
    "/redir/data",
    "/redir/javascript",
    "/redir/gopher",
    "/redir/unix",
    "/redir/empty",
    "/redir/control",
    "/redir/long",
    "/redir/canary",
    "/redir/none",
    "/auth",
    "/gzip/fifty",
    "/gzip/truncated",
    "/gzip/empty",
    "/gzip/bomb",
    "/deflate/bomb",
    "/br",
    "/zstd",
    "/encoding/unknown",
    "/big/200mb",
    "/big/endless",
    "/big/cl-",
    "/big/lie-long",
    "/slow/drip",
    "/slow/firstbyte",
    "/slow/headers",
    "/slow/midstop",
    "/reset",
    "/close",
    "/http09",
    "/http2",
    "/chunk/garbage",
    "/chunk/huge",
    "/hdr/huge",
    "/hdr/content-type-escape",
]


def expected(path: str, check: dict[str, Any]) -> str:
    """feed, error, or either."""
    if path.startswith("/feed/"):
        return {"feed": "feed", "notfeed": "error"}.get(check.get("outcome", ""), "either")
    if path in {
        "/flaky",
        "/ok-then-login",
        "/ok-then-empty",
        "/redir/flap-b",
        "/redir/other-host",
        "/big/lie-short",
    }:
        return "either"
    allows_error = "error" in check["must"] or "refused" in check["must"]
    return "error" if path.startswith(tuple(FAIL)) else "either" if allows_error else "feed"


def groups(manifest: dict[str, Any]) -> list[list[str]]:
    """Paths that do not meet: redirects lead to each other's targets, and slow ones are still open when others come."""
    known = [path for path in manifest if path.startswith("/") and path not in NOT_FEEDS]
    alone = [path for path in known if path.startswith("/redir/")]
    slow = [path for path in known if path.startswith("/slow/")]
    return [
        [path for path in known if path not in {*alone, *slow}],
        *([path] for path in slow),
        *([path] for path in alone),
    ]


class Drive:
    """One store, one feed for each path, and what came of them."""

    def __init__(self, server: Server, group: list[str]) -> None:
        self.manifest, self.log, self.slowest = server.manifest, server.log, 0.0
        self.home = paths.home(tempfile.mkdtemp(prefix="bacatui-faults-"))
        self.paths: dict[int, str] = {}
        self.outcomes: dict[str, list[FeedDone]] = defaultdict(list)
        self.entries: dict[str, list[int]] = defaultdict(list)
        store = open_store(self.home.store)
        for n, path in enumerate(group):
            host = "127.0.0.1" if path.startswith("/redir") else server.hosts[n % len(server.hosts)]
            feed = store.write.add_feed(f"http://{host}:{server.port}{path}").result()
            self.paths[feed.id] = path
        store.close()

    async def sync(self) -> float:
        store, began = open_store(self.home.store), time.monotonic()
        async with Session(store, self.home, Settings(articles=False, pictures=False)) as session:
            async for event in session.sync():
                self.slowest = max([self.slowest, *session.active.values()])
                if isinstance(event, FeedDone):
                    self.outcomes[self.paths[event.feed.id]].append(event)
        for feed in store.read.feeds():
            self.entries[self.paths[feed.id]].append(feed.entries)
        store.close()
        return time.monotonic() - began

    def judge(self) -> list[str]:
        store = open_store(self.home.store, readonly=True)
        requests = defaultdict[str, list[dict[str, Any]]](list)
        for line in self.log.read_text().splitlines():
            row = json.loads(line)
            if row["ev"] == "req":
                row["sent"] = {name.lower(): value for name, value in row["headers"]}
                requests[row["path"]].append(row)
        found = [
            f"{path}: {wrong}"
            for id, path in self.paths.items()
            for wrong in self._wrongs(store, id, path, requests[path])
        ]
        store.close()
        return found

    def _wrongs(self, store: Store, id: int, path: str, asked: list[dict[str, Any]]) -> list[str]:
        check = {**self.manifest[path].get("check", {}), "must": self.manifest[path]["must"]}
        wrongs, first, state = [], self.outcomes[path][0], store.read.fetch_state(id)
        want, got = expected(path, check), "error" if first.error else "feed"
        if want not in {got, "either"}:
            wrongs.append(f"{got} {first.error!r}, expected {want}")
        entries = self.entries[path]
        if entries != sorted(entries):
            wrongs.append(f"entries were lost: {entries}")
        if "entries" in check and want == "feed" and entries[:1] != [check["entries"]]:
            wrongs.append(f"{entries[:1]} entries, expected {check['entries']}")
        if "ids_max" in check and max(entries) > check["ids_max"]:
            wrongs.append(f"{entries} entries, at most {check['ids_max']}")
        if len(asked) > check.get("max_requests", 99):
            wrongs.append(f"{len(asked)} requests")
        for at, name in ((1, "second"), (2, "third")):
            for header, value in check.get(name, {}).items():
                if (
                    header.startswith("If-")
                    and len(asked) > at
                    and asked[at]["sent"].get(header.lower()) != value
                ):
                    wrongs.append(f"{name} {header}: {asked[at]['sent'].get(header.lower())}")
        rest = (state.next_check - clock.now()).total_seconds() if state.next_check else 0
        if rest < check.get("next_min", 0) - 120 or rest > check.get("next_max", 10**9):
            wrongs.append(f"next check in {rest:.0f} s")
        if any(event.error and not event.error.isprintable() for event in self.outcomes[path]):
            wrongs.append("an error that is not plain text")
        return wrongs


class Server:
    """The fault server as a process of its own, with a fresh log and fresh state."""

    def __init__(self, port: int, held: str | None) -> None:
        self.log, self.port = Path(tempfile.mkdtemp()) / "requests.jsonl", port
        self.command = [sys.executable, str(FAULTS)]
        self.extra = ["--held", held] if held else []
        serve = [
            *self.command,
            "serve",
            "--port",
            str(port),
            "--log",
            str(self.log),
            "--max-seconds",
            "1800",
            *self.extra,
        ]
        self.process = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.hosts: list[str] = json.loads(self.process.stdout.readline())["hosts"]
        self.manifest: dict[str, Any] = self.ask("manifest")

    def ask(self, *words: str) -> Any:
        return json.loads(subprocess.check_output([*self.command, *words, *self.extra]))

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def peak(process: int | str = "self") -> int:
    """KiB that a process had in memory at most, since its start or since that was forgotten."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def bodies(server: Server) -> None:
    """What each body costs by itself: the syncing process against what it was before, the worker against its start."""
    from bacatui.work import workers

    ended: list[int] = []  # peaks of the workers
    end = workers._Child.end

    def ending(child: workers._Child) -> None:
        with suppress(OSError, ValueError, IndexError):
            ended.append(peak(child.process.pid))
        end(child)

    workers._Child.end = ending  # type: ignore[method-assign, assignment]
    grown: list[tuple[float, float, str]] = []
    known = [path for path in server.manifest if path.startswith("/") and "/slow/" not in path]
    for path in ["/ok.xml", *(path for path in known if path not in NOT_FEEDS)]:
        drive = Drive(server, [path])
        ended.clear()
        Path("/proc/self/clear_refs").write_text("5")
        before = peak()
        asyncio.run(drive.sync())
        grown.append(((peak() - before) / 1024, max(ended, default=0) / 1024, path))
    idle = min(worker for _, worker, _ in grown if worker)
    del grown[0]  # it paid for the imports
    for own, _, path in sorted(grown, reverse=True)[:5]:
        print(f"the syncing process grew by {own:.0f} MiB: {path}")
    for _, worker, path in sorted(grown, key=lambda row: -row[1])[:5]:
        print(f"a worker grew by {worker - idle:.0f} MiB: {path}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="")
    options.add_argument("--held")
    options.add_argument("--bodies", action="store_true")
    options.add_argument("--port", type=int, default=8765)
    given = options.parse_args()
    needed(FAULTS)
    first = Server(given.port, given.held)
    if given.bodies:
        bodies(first)
    first.end()
    if given.bodies:
        return 0
    wrongs: list[str] = []
    violations: list[str] = []
    total, slowest, canary, before = 0, 0.0, 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for group in groups(
        {path: what for path, what in first.manifest.items() if given.only in path}
    ):
        if not group:
            continue
        server = Server(given.port, given.held)
        try:
            drive = Drive(server, group)
            took = [asyncio.run(drive.sync()) for _ in range(3)]
        finally:
            server.end()
        total, slowest = (
            total + len(group),
            max(slowest, drive.slowest, max(took) if len(group) == 1 else 0.0),
        )
        wrongs += drive.judge()
        audit = server.ask("audit", str(server.log))
        canary += audit["canary_hits"]
        violations += [f"{group[0]} …: {audit['violations']}"] if audit["violations"] else []
        if len(group) > 1 or max(took) > 5:
            print(
                f"{group[0]} and {len(group) - 1} more: {', '.join(f'{n:.1f} s' for n in took)}",
                flush=True,
            )
    print(*wrongs, sep="\n")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{total - len({w.partition(':')[0] for w in wrongs})} of {total} behaviours met")
    print(f"violations: {violations or {}}; canary hits {canary}; slowest exchange {slowest:.1f} s")
    print(f"memory of the syncing process grew by {grown:.0f} MiB at most")
    return 1 if wrongs or violations else 0


if __name__ == "__main__":
    sys.exit(main())
