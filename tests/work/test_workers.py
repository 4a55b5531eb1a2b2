"""The workers: results come home, misbehaving inputs do not, and nothing is left behind."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bacatui.model import Article, Enclosure, FeedError, Kind
from bacatui.work import WorkError, Workers, WorkInterruptedError, call, environment
from bacatui.work import workers as room
from bacatui.work.wire import pack, unpack
from tests import processes
from tests.feeds.build import item, rss
from tests.processes import descriptors, is_running, needs_linux, needs_proc
from tests.waiting import LONGEST, eventually, until

SOURCE = Path(__file__).parents[2] / "src"
FEED = rss(
    item(
        "Judul",
        inside="<pubDate>Mon, 01 Jul 2024 08:00:00 GMT</pubDate><description>&lt;p&gt;Isi.&lt;/p&gt;</description>",
    )
).encode()


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    own = Workers(2)
    yield own
    await own.close()


others = set[
    int
]()  # children that were there before the test, of which some rest for those after it


@pytest.fixture(autouse=True)
def _only_own_children() -> None:
    for own in room._own.values():
        own._end()
    room._own.clear()
    others.clear()
    others.update(children())


def children() -> set[int]:
    """Process ids of the children of this test, zombies too."""
    return processes.children() - others


async def test_a_feed_comes_home_as_it_was_parsed(workers: Workers) -> None:
    source = rss(
        item(
            "A & <b>",
            inside="<dc:creator>Siti</dc:creator><enclosure url='/f.mp3' length='3'/><pubDate>1 Jul 2024</pubDate>",
        )
    )
    feed = await workers.do("parse_feed", source.encode(), url="https://feed.example/")
    (entry,) = feed.entries
    assert (entry.title, entry.author, entry.published) == (
        "A &",
        "Siti",
        datetime(2024, 7, 1, tzinfo=UTC),
    )
    assert entry.enclosures == (Enclosure("https://feed.example/f.mp3", length=3),)
    assert feed.title == "Contoh" and isinstance(feed.entries, tuple)


async def test_entries_are_cleaned_and_stubs_are_told(workers: Workers) -> None:
    long = "Pasar pagi ramai sekali. " * 60

    async def stub(html: str) -> bool:
        body = rss(item("T", inside=f"<description><![CDATA[{html}]]></description>")).encode()
        (entry,) = (await workers.do("parse_feed", body)).entries
        return bool(entry.is_stub)

    assert not await stub(f"<p>{long}</p>")
    assert await stub("<p>Pendek.</p>")
    assert await stub("")
    assert await stub(f"<p>{long} dan seterusnya […]</p>")
    assert await stub(f"<p>{long}</p><p><a href='/x'>Read more →</a></p>")
    assert await stub(f"<p>{long}</p><a href='/x'>Baca selengkapnya</a>")
    body = rss(
        item(
            "T",
            inside="<description><![CDATA[<b>tebal</b> &amp; <script>x()</script>miring]]></description>",
        )
    )
    (entry,) = (await workers.do("parse_feed", body.encode())).entries
    assert entry.text == "tebal & miring" and "script" not in entry.content


async def test_a_feed_error_stays_a_feed_error(workers: Workers) -> None:
    with pytest.raises(FeedError, match="not a feed"):
        await workers.do("parse_feed", b"nothing")


async def test_pages_texts_and_feeds_of_pages_come_home(workers: Workers) -> None:
    page = f"<html><head><title>Judul</title></head><body><article><h1>Judul</h1>{'<p>Kalimat yang panjang.</p>' * 30}</article>"
    article = await workers.do(
        "extract", page.encode(), url="https://a.example/x", content_type="text/html; charset=utf-8"
    )
    assert (
        isinstance(article, Article)
        and article.kind is Kind.ARTICLE
        and "Kalimat yang panjang." in article.text
    )
    assert (
        await workers.do("clean", b"<p>Isi <b>tebal</b></p>", url="https://a.example/")
    ).text == "Isi tebal"
    link = b"<link rel=alternate type=application/rss+xml href=/rss title=R>"
    assert [feed.url for feed in await workers.do("discover", link, url="https://a.example/x")] == [
        "https://a.example/rss"
    ]


async def test_pictures_are_known_by_looking_at_them(workers: Workers) -> None:
    from PIL import Image

    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        file = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(file, kind)
        assert tuple(await workers.do("picture", file.getvalue())) == (kind.lower(), 40, 30)
        with pytest.raises(WorkError):
            await workers.do("picture", file.getvalue()[: len(file.getvalue()) // 3])
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    for body in (b"", b"<svg/>", b"GIF89a", bomb.getvalue()):
        with pytest.raises(WorkError):
            await workers.do("picture", body)
    assert len(children()) == 1, "no picture brought a worker down"


async def test_at_most_two_processes_work_and_none_before_the_first_job() -> None:
    before = children()
    workers = Workers(2)
    assert children() == before
    feeds = await asyncio.gather(*(workers.do("parse_feed", FEED) for _ in range(12)))
    assert len(children() - before) <= 2
    assert all(feed.entries[0].title == "Judul" for feed in feeds)
    await workers.close()
    assert children() == before


async def stopped(workers: Workers) -> int:
    """The process of the only worker, which the machine no longer gives any time."""
    await workers.do("parse_feed", FEED)
    (process,) = children()
    os.kill(process, signal.SIGSTOP)
    return process


async def test_what_a_busy_machine_does_not_come_to_in_time_is_not_held_against_the_input(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = await stopped(workers)
    monkeypatch.setattr(room, "_PATIENCE", 0.1)
    with pytest.raises(WorkInterruptedError, match=r"too busy.*try again"):
        await workers.do("parse_feed", FEED, url="https://slow.example/")
    assert children() == set() and not is_running(process)
    monkeypatch.undo()
    assert (await workers.do("parse_feed", FEED, url="https://slow.example/")).entries


async def test_what_a_worker_read_when_something_else_ended_it_is_tried_again(
    workers: Workers,
) -> None:
    process = await stopped(workers)
    reading = asyncio.create_task(workers.do("parse_feed", FEED, url="https://killed.example/"))
    await eventually(lambda: workers._busy)
    os.kill(process, signal.SIGKILL)
    with pytest.raises(WorkInterruptedError, match="try again"):
        await reading
    assert (await workers.do("parse_feed", FEED, url="https://killed.example/")).entries


@pytest.mark.parametrize("number", [signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT])
async def test_what_took_too_much_time_or_memory_is_not_tried_again(
    workers: Workers, number: int
) -> None:
    process = await stopped(workers)
    reading = asyncio.create_task(workers.do("parse_feed", FEED, url="https://bad.example/"))
    await eventually(lambda: workers._busy)
    os.kill(process, number)
    os.kill(process, signal.SIGCONT)
    with pytest.raises(WorkError, match=r"too long|crashed the process"):
        await reading
    with pytest.raises(WorkError, match="not tried again"):
        await workers.do("parse_feed", FEED, url="https://bad.example/")
    assert children() == set(), "nothing was started for it"
    assert (await workers.do("parse_feed", FEED, url="https://other.example/")).entries


def test_a_worker_has_far_more_time_by_the_clock_than_of_the_processor() -> None:
    assert all(15 * cpu <= room._PATIENCE for cpu, _memory in room._LIMITS.values())


async def test_with_two_cores_one_works_and_a_second_only_goes_beside_what_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    before, workers = children(), Workers(2)
    await asyncio.gather(*(workers.do("parse_feed", FEED) for _ in range(6)))
    (process,) = children() - before
    os.kill(process, signal.SIGSTOP)
    monkeypatch.setattr(room, "_LONG", 0.2)
    stuck = asyncio.create_task(workers.do("parse_feed", FEED, url="https://slow.example/"))
    assert (await asyncio.wait_for(workers.do("parse_feed", FEED), LONGEST)).entries
    assert len(children() - before) == 2 and not stuck.done()
    os.kill(process, signal.SIGCONT)
    assert (await stuck).entries
    await workers.close()


async def test_a_worker_that_dies_takes_only_its_job_with_it(workers: Workers) -> None:
    await workers.do("parse_feed", FEED)
    (process,) = children()
    os.kill(process, signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (process, signal.SIGKILL)).start()
    results = await asyncio.gather(
        *(workers.do("parse_feed", FEED, url=f"https://{n}.example/") for n in range(6)),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(WorkInterruptedError) == 1
    assert sum(not isinstance(result, BaseException) for result in results) == 5


@needs_linux
async def test_memory_and_processor_time_have_limits(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await workers.do("parse_feed", FEED)
    huge = rss(item("x", inside=f"<description>{'kata ' * 2_000_000}</description>")).encode()
    monkeypatch.setitem(room._LIMITS, "parse_feed", (10, 1 << 20))
    with pytest.raises((WorkError, FeedError)):
        await workers.do("parse_feed", huge)
    monkeypatch.setitem(room._LIMITS, "parse_feed", (-1, 1 << 30))
    many = rss(
        "".join(
            item(f"{n}", n, "<description>&lt;p&gt;a&lt;/p&gt;</description>") for n in range(4_900)
        )
    )
    with pytest.raises(WorkError, match="took too long"):
        for n in range(9):
            await workers.do("parse_feed", many.encode(), url=f"https://{n}.example/")
    monkeypatch.undo()
    assert (await workers.do("parse_feed", FEED)).entries


async def test_closing_ends_jobs_under_way_and_leaves_nothing() -> None:
    before = children(), descriptors()
    workers = Workers(2)
    await asyncio.gather(workers.do("parse_feed", FEED), workers.do("parse_feed", FEED))
    for process in children() - before[0]:
        os.kill(process, signal.SIGSTOP)
    jobs = [
        asyncio.create_task(workers.do("parse_feed", FEED, url=f"https://{n}.example/"))
        for n in range(2)
    ]
    await eventually(lambda: workers._busy)
    async with asyncio.timeout(LONGEST):
        await workers.close()
        results = await asyncio.gather(*jobs, return_exceptions=True)
    assert all(isinstance(result, WorkError) for result in results)
    assert (children(), descriptors()) == before
    with pytest.raises((WorkError, RuntimeError)):
        await workers.do("parse_feed", FEED)


async def test_a_worker_killed_at_rest_fails_no_job(workers: Workers) -> None:
    await workers.do("parse_feed", FEED)
    (process,) = children()
    os.kill(process, signal.SIGKILL)
    await eventually(lambda: not is_running(process))
    assert (await workers.do("parse_feed", FEED)).title == "Contoh"


async def test_deaths_leak_nothing() -> None:
    workers = Workers(1)
    await workers.do("parse_feed", FEED)
    before = descriptors()
    for n in range(3):
        for process in children():
            os.kill(process, signal.SIGKILL)
        with suppress(WorkError):
            await workers.do("parse_feed", FEED, url=f"https://{n}.example/")
    await workers.do("parse_feed", FEED)
    assert descriptors() == before and len(children()) == 1
    await workers.close()


async def test_a_job_that_nobody_waits_for_any_more_does_no_harm(workers: Workers) -> None:
    for _ in range(3):
        with suppress(TimeoutError):
            async with asyncio.timeout(0.001):
                await workers.do("parse_feed", FEED)
    assert (await workers.do("parse_feed", FEED)).entries


SCRIPT = "import bacatui; print(bacatui.parse_feed(open({feed!r}, 'rb').read()).entries[0].title)"


def python(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False, **options
    )  # fmt: skip


def test_a_script_needs_no_main_guard_and_the_repl_no_file(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(FEED)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(feed=str(tmp_path / "feed.xml")))
    assert python(str(script)).stdout == "Judul\n"
    assert python("-i", "-q", input=script.read_text() + "\n").stdout == "Judul\n"


def test_the_working_folder_is_not_on_a_workers_path(tmp_path: Path) -> None:
    for name in ("json", "feedparser", "struct", "resource", "PIL"):
        (tmp_path / f"{name}.py").write_text("open('touched', 'w')\nraise SystemExit")
    (tmp_path / "feed.xml").write_bytes(FEED)
    ran = python("-P", "-c", SCRIPT.format(feed="feed.xml"), cwd=tmp_path)
    assert (ran.stdout, (tmp_path / "touched").exists()) == ("Judul\n", False)


@needs_proc
def test_a_worker_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(FEED)
    code = SCRIPT.format(feed=str(tmp_path / "feed.xml")) + (
        "; import os, pathlib; print([int(p.parent.name) for p in pathlib.Path('/proc').glob('[0-9]*/stat') "
        "if p.read_text().rpartition(')')[2].split()[1] == str(os.getpid())][0], flush=True); {end}"
    )
    for end in ("pass", "os._exit(1)", "os.kill(os.getpid(), 9)", "raise SystemExit"):
        process = int(python("-c", code.format(end=end)).stdout.split()[1])
        until(lambda process=process: not is_running(process))  # type: ignore[misc]


def test_the_blocking_call_serves_a_fork_with_a_worker_of_its_own() -> None:
    assert call("parse_feed", FEED).entries[0].title == "Judul"
    reading, writing = os.pipe()
    if (forked := os.fork()) == 0:
        with suppress(BaseException):
            os.write(
                writing,
                call("parse_feed", FEED, url="https://x.example/").entries[0].title.encode(),
            )
        os._exit(0)
    os.waitpid(forked, 0)
    os.close(writing)
    assert os.read(reading, 100) == b"Judul"
    os.close(reading)
    assert call("parse_feed", FEED, url="https://y.example/").entries[0].title == "Judul"


@pytest.mark.parametrize(
    "attempt",
    ["socket.create_connection(('127.0.0.1', 9))", "socket.getaddrinfo('a.example', 80)", "os.system('true')",
     "subprocess.run(['true'])", "os.fork()"],
)  # fmt: skip
def test_a_worker_may_use_neither_network_nor_programs(attempt: str) -> None:
    code = (
        "import os, socket, subprocess\nimport bacatui.work.__main__ as child\n"
        f"child.JOBS['attempt'] = lambda body: {attempt}\nchild.main()"
    )
    job = {"job": "attempt", "fields": {}, "cpu": 5, "memory": 1 << 30, "language": "en"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pack(job),
        env=environment(),
        capture_output=True,
        timeout=30,
        check=True,
    )
    answer, _body = unpack(io.BytesIO(done.stdout).read)
    assert answer["error"] == "work" and answer["says"].startswith("PermissionError")
