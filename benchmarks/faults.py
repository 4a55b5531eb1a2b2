"""Every behaviour of the fault server (../shared/bench/fault_server.py) through the real sync, three times in a row.

    python benchmarks/faults.py [--only PART] [--held FILE]

Prints each behaviour that was not met, the audit of the server's own log, the slowest exchange, and memory.
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
from pathlib import Path
from typing import Any

from bacatui import clock, paths
from bacatui.config import Settings
from bacatui.store import Store, open_store
from bacatui.sync import FeedDone, Session

SHARED = Path(__file__).parents[2] / "shared" / "bench"
NOT_FEEDS = {"/full/article", "/full/deep"}
FAIL = (
    "/gone /notfound /forbidden-challenge /unauthorized /429 /503 /500 /502 /451 /status-999 /status-204 /304-unasked "
    "/redir/301-login /redir/301-404 /redir/loop /redir/self /redir/relative /redir/file /redir/ftp /redir/data /redir/javascript "
    "/redir/gopher /redir/unix /redir/empty /redir/control /redir/long /redir/canary /redir/none /auth /gzip/fifty /gzip/truncated "
    "/gzip/empty /gzip/bomb /deflate/bomb /br /zstd /encoding/unknown /big/200mb /big/endless /big/cl- /big/lie-long "
    "/slow/drip /slow/firstbyte /slow/headers /slow/midstop /reset /close /http09 /http2 /chunk/garbage /chunk/huge "
    "/hdr/huge /hdr/content-type-escape"
).split()


def expected(path: str, check: dict[str, Any]) -> str:
    """feed, error, or either."""
    if path.startswith("/feed/"):
        return {"feed": "feed", "notfeed": "error"}.get(check.get("outcome", ""), "either")
    if path in {"/flaky", "/ok-then-login", "/ok-then-empty", "/redir/flap-b", "/redir/other-host", "/big/lie-short"}:
        return "either"
    return "error" if path.startswith(tuple(FAIL)) else "either" if "error" in check.get("must", "") else "feed"


class Drive:
    """One store, one feed for each path, and what came of them."""

    def __init__(self, base: str, hosts: list[str], manifest: dict[str, Any], log: Path) -> None:
        self.manifest, self.log = manifest, log
        self.home = paths.home(tempfile.mkdtemp(prefix="bacatui-faults-"))
        port = base.rpartition(":")[2]
        self.paths: dict[int, str] = {}
        self.outcomes: dict[str, list[FeedDone]] = defaultdict(list)
        self.entries: dict[str, list[int]] = defaultdict(list)
        store = open_store(self.home.store)
        for n, path in enumerate(path for path in manifest if path.startswith("/") and path not in NOT_FEEDS):
            host = "127.0.0.1" if path.startswith(("/redir", "/ok")) else hosts[n % len(hosts)]
            feed = store.write.add_feed(f"http://{host}:{port}{path}").result()
            self.paths[feed.id] = path
        store.close()

    async def sync(self) -> float:
        store, began = open_store(self.home.store), time.monotonic()
        async with Session(store, self.home, Settings(articles=False, pictures=False)) as session:
            async for event in session.sync():
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
            f"{path}: {wrong}" for id, path in self.paths.items() for wrong in self._wrongs(store, id, path, requests[path])
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
                if header.startswith("If-") and len(asked) > at and asked[at]["sent"].get(header.lower()) != value:
                    wrongs.append(f"{name} {header}: {asked[at]['sent'].get(header.lower())}")
        rest = (state.next_check - clock.now()).total_seconds() if state.next_check else 0
        if rest < check.get("next_min", 0) - 120 or rest > check.get("next_max", 10**9):
            wrongs.append(f"next check in {rest:.0f} s")
        if any(event.error and not event.error.isprintable() for event in self.outcomes[path]):
            wrongs.append("an error that is not plain text")
        return wrongs


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="")
    options.add_argument("--held")
    options.add_argument("--port", type=int, default=8765)
    given = options.parse_args()
    if not SHARED.is_dir():
        print(f"needs {SHARED}", file=sys.stderr)
        return 2
    log = Path(tempfile.mkdtemp()) / "requests.jsonl"
    command = [sys.executable, str(SHARED / "fault_server.py")]
    extra = ["--held", given.held] if given.held else []
    serve = [*command, "serve", "--port", str(given.port), "--log", str(log), "--max-seconds", "1800", *extra]
    server = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    ready = json.loads(server.stdout.readline())
    manifest = json.loads(subprocess.check_output([*command, "manifest", *extra]))
    chosen = {path: what for path, what in manifest.items() if given.only in path}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        drive = Drive(ready["base"], ready["hosts"], chosen, log)
        for n in range(3):
            print(f"sync {n + 1}: {asyncio.run(drive.sync()):.1f} s", flush=True)
    finally:
        server.terminate()
        server.wait()
    wrongs = drive.judge()
    print(*wrongs, sep="\n")
    print(f"{len(drive.paths) - len({w.partition(':')[0] for w in wrongs})} of {len(drive.paths)} behaviours met")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory of the syncing process grew by {grown:.0f} MiB at most")
    audit = json.loads(subprocess.check_output([*command, "audit", str(log), *extra]))
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    starts = {row["id"]: row["t"] for row in rows if row["ev"] == "req"}
    slowest = max((row["t"] - starts[row["id"]] for row in rows if row["ev"] == "end"), default=0.0)
    print(f"slowest exchange {slowest:.1f} s; audit: {json.dumps(audit['violations'])}")
    print(json.dumps({key: audit[key] for key in ("requests", "canary_hits", "max_inflight_host", "conditional", "max_sent_mb")}))
    return 1 if wrongs or audit["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
