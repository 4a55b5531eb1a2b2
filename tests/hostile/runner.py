"""Cases through a sync in this process, and then through the real program in a pseudo-terminal, measured."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bacatui import paths
from bacatui.config import Settings
from bacatui.model import Scope, ScopeKind
from bacatui.store import Store, open_store
from bacatui.sync import FeedDone, Session
from bacatui.text.sanitize import is_safe
from tests.hostile.cases import HTML, Case
from tests.terminal.driver import ROOT, Terminal

# What a program may never be made to write: strings of every kind but those of the baseline, single controls, bidi.
_SEQUENCE = re.compile(
    rb"\x1b(?P<string>[\]P_^X])(?P<head>\d{0,4})[^\x1b\x07]*(?:\x07|\x1b\\)|\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])|\x1b(?P<esc>[ -/]*[0-~])"
    rb"|(?P<bare>\xc2[\x80-\x9f]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9])"
)
# Loaded by the interpreter before the program: how long each step of its event loop took, by the clock and of CPU.
_WATCH = """
import asyncio.events, atexit, os, sys, time
if path := os.environ.get("BACATUI_STEPS"):
    slow, last, run = [], [""], asyncio.events.Handle._run
    def timed(handle):
        cpu, wall = time.thread_time(), time.perf_counter()
        try:
            run(handle)
        finally:
            cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
            if wall > 0.03:
                slow.append(f"{time.time()} {cpu:.3f} {wall:.3f} {handle!r} {last[0]}"[:400].replace(chr(10), " "))
            elif not last[0] and "textual.message_pump" in sys.modules:
                name_messages(sys.modules["textual.message_pump"].MessagePump)
    def name_messages(pump):
        dispatch = pump._dispatch_message
        async def named(self, message):
            last[0] = f"{self!r} {message!r}"[:200]
            await dispatch(self, message)
        pump._dispatch_message, last[0] = named, "start"
    asyncio.events.Handle._run = timed
    atexit.register(lambda: open(path, "a").write("".join(line + chr(10) for line in slow)))
"""


@dataclass
class Site:
    """A server on loopback with the cases, and beside it a canary that nobody may ask."""

    url: str = ""
    canary: str = ""
    hits: list[str] = field(default_factory=list)


@contextmanager
def serving(cases: Sequence[Case]) -> Iterator[Site]:
    """Each case at /ID, its pages below."""
    site, answers = Site(), dict[str, tuple[str, bytes]]()

    class Exchange(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.server is canary:
                site.hits.append(self.path)
            kind, body = answers.get(self.path, (HTML, b""))
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server, canary = (ThreadingHTTPServer(("127.0.0.1", 0), Exchange) for _ in range(2))
    site.url, site.canary = (
        f"http://127.0.0.1:{one.server_address[1]}" for one in (server, canary)
    )
    for case in cases:
        for path, kind, body in (
            (f"/{case.id}", case.kind, case.body),
            *((f"/{case.id}{at}", HTML, b) for at, b in case.pages.items()),
        ):
            filled = body.replace(b"CANARY", site.canary.encode()).replace(
                b"HERE", f"{site.url}/{case.id}".encode()
            )
            answers[path] = (kind, filled)
    for one in (server, canary):
        threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield site
    finally:
        for one in (server, canary):
            one.shutdown()
            one.server_close()


def family(file: str) -> Iterator[str]:
    """A file of /proc of this process and of each of its children."""
    todo = ["self"]
    while todo:
        folder = Path("/proc", todo.pop())
        try:
            yield (folder / file).read_text()
            for children in (folder / "task").glob("*/children"):
                todo += children.read_text().split()
        except OSError:
            continue


def resident() -> float:
    """MiB of this process and its children."""
    return (
        sum(
            int(kib) for status in family("status") for kib in re.findall(r"VmRSS:\s+(\d+)", status)
        )
        / 1024
    )


def spent() -> float:
    """Seconds of CPU of this process and its children, and of those of them that have ended."""
    times = (stat.rpartition(")")[2].split()[11:15] for stat in family("stat"))
    return sum(int(ticks) for four in times for ticks in four) / os.sysconf("SC_CLK_TCK")


@dataclass
class Outcome:
    """What one case did."""

    case: Case
    seconds: float  # of CPU
    growth: float  # MiB
    error: str = ""
    titles: tuple[str, ...] = ()

    def faults(self) -> Iterator[str]:
        """What is not as the case expects it."""
        expect, outcome = self.case.expect, self.case.expect.get("outcome", "feed")
        count = len(self.titles)
        if self.seconds > expect.get("max_seconds", 5):
            yield f"{self.seconds:.1f} s"
        if self.growth > expect.get("max_rss_mb", 200):
            yield f"{self.growth:.0f} MiB"
        if outcome != "either" and bool(self.error) != (outcome in {"error", "notfeed"}):
            yield f"not {outcome}: {self.error!r}"
        if not self.error and not expect.get(
            "entries_min", expect.get("entries", 0)
        ) <= count <= expect.get("entries_max", 5_000):
            yield f"{count} entries"
        if "\n" in self.error or not is_safe(self.error):
            yield f"an unsafe sentence: {self.error!r}"
        for title in expect.get("titles", {}).values():
            if not {title, title.replace("<b>x</b> &amp; &lt;", "x & <")} & set(self.titles):
                yield f"no title {title!r} among {self.titles[:30]!r}"
        if unsafe := [title for title in self.titles if not is_safe(title)]:
            yield f"unsafe titles: {unsafe!r}"


async def sync(home: Path, cases: Sequence[Case], site: Site) -> list[Outcome]:
    """Subscribe to each case and sync it, alone, with its pages; one after the other in one session."""
    folders = paths.home(home / "bacatui")
    with open_store(folders.store) as store:
        async with Session(
            store, folders, Settings(newest_unread=5, articles_per_sync=5)
        ) as session:
            for number in range(2):  # the workers are up
                await session._context.workers.do(
                    "extract", b"<p>a</p>", content_type=f"text/html;{number}"
                )
            return [await _synced(session, store, case, site) for case in cases]


def subscribe(home: Path, cases: Sequence[Case], site: Site) -> None:
    """The same feeds, for the program itself to sync."""
    with open_store(paths.home(home / "bacatui").store) as store:
        for case in cases:
            store.write.add_feed(f"{site.url}/{case.id}", title=case.id).result()


async def _synced(session: Session, store: Store, case: Case, site: Site) -> Outcome:
    feed = store.write.add_feed(f"{site.url}/{case.id}", title=case.id).result()
    most, before, error, stop = resident(), resident(), "", threading.Event()

    def watch() -> None:
        nonlocal most
        while not stop.wait(0.05):
            most = max(most, resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = spent()
    async for event in session.sync([feed.id]):
        error = event.error if isinstance(event, FeedDone) else error
    seconds = spent() - began
    stop.set()
    watcher.join()
    rows = store.read.first(Scope(ScopeKind.FEED, str(feed.id)), 6_000)
    return Outcome(case, seconds, most - before, error, tuple(row.title for row in rows))


@dataclass
class Sitting:
    """What the real program wrote, and how long the steps of its event loop took."""

    raw: bytes
    status: int | None
    steps: list[
        tuple[float, float, str]
    ]  # seconds of CPU and by the clock, and what it was; the longest first

    @property
    def kinds(self) -> dict[str, bytes]:
        """Each kind of control sequence, and an example with what stands around it."""
        found: dict[str, bytes] = {}
        for match in _SEQUENCE.finditer(self.raw):
            name = match.lastgroup or ""
            what = match[name] if name != "head" else match["string"] + match["head"]
            what = what[-1:] if name == "csi" and what[-1:] not in b"hlpq" else what
            found.setdefault(
                f"{name} {what!r}", self.raw[max(0, match.start() - 40) : match.end() + 40]
            )
        return found


KEYS = (
    "j",
    "k",
    "i",
    "\x1b",
    "x",
    "X",
    "X",
    "x",
    "u",
    "\x1b",
    "f",
    "\x1b",
    " ",
    "+",
    "-",
    ">",
    "<",
    "y",
    "Y",
    "c",
    "J",
)


def sit(home: Path, *, most: int = 40, seconds: float = 60) -> Sitting:
    """The whole program: its sync of everything beside moving, `most` entries open, search, copy, a file, sizes, quit."""
    watch = home / "watch"
    watch.mkdir(exist_ok=True)
    (watch / "sitecustomize.py").write_text(_WATCH)
    steps = home / "steps"
    steps.unlink(missing_ok=True)
    (home / "bacatui/config").mkdir(parents=True, exist_ok=True)
    (home / "bacatui/config/config.toml").write_text('opener = ["true"]\nplayer = ["true"]\n')
    env = {"PYTHONPATH": f"{watch}:{ROOT / 'src'}", "BACATUI_STEPS": str(steps)}
    with Terminal(home=home, columns=160, rows=40, env=env) as terminal:
        terminal.wait_for("help", 30)
        terminal.quiet()
        began = time.time()

        def press(*keys: str, wait: float = 0.05) -> None:
            for key in keys:
                terminal.send(key)
                terminal.quiet(
                    0.15 if key == "\x1b" else wait, 5
                )  # right after Esc a key would be an Alt key

        press("R")
        end = time.time() + seconds
        while not (is_over := "online" in terminal.screen()) and time.time() < end:
            press("j", "j", "k", "j")
        assert is_over, terminal.screen()
        press("!", "k", "k", "h", "j", "j", "i", "\x1b", "\t", "G", "g", "\r")
        for number in range(most):
            press(*KEYS if number < 3 else ("J",) if number % 8 else ("i", "\x1b", "J"), wait=0.03)
        press("\x1b", "/", *"ini", "\r", "j", "\r", "\x1b", "\x1b", "?", "\x1b")
        for columns, rows in ((60, 20), (110, 30), (22, 6)):
            terminal.resize(columns, rows)
            terminal.quiet(0.1, 5)
            press("j", "\r", "J", "\x1b")
        press("s", "\r", "b", "t", "\x1b", wait=0.2)
        for _ in range(6):
            if terminal.status is None:
                press("\x1b", "q", wait=0.4)
        terminal.wait_for_end(10)
        lines = (
            [line.split(" ", 3) for line in steps.read_text().splitlines()]
            if steps.exists()
            else []
        )
        slow = [
            (float(cpu), float(wall), what) for at, cpu, wall, what in lines if float(at) > began
        ]
        return Sitting(terminal.raw, terminal.status, sorted(slow, reverse=True))
