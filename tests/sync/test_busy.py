"""A sync on a machine that is too busy: what could not be read in time is not held against anybody."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO

import pytest

from bacatui.fetch import schedule
from bacatui.model import Article, Offline, Scope
from bacatui.sync import Event, Finished, Outcome, PictureDone, Session
from bacatui.work import workers as work
from tests.fetch.server import Server, answer
from tests.sync.conftest import Library, feed, page


@asynccontextmanager
async def busy(library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Session]:
    """A session whose worker gets no time of the processor."""
    async with library.session() as session:
        await session._context.workers.do("discover", b"")
        stopped = [child.process for child in session._context.workers._resting]
        for process in stopped:
            process.send_signal(signal.SIGSTOP)
        with monkeypatch.context() as patched:
            patched.setattr(work, "_PATIENCE", 0.1)
            yield session
        for process in stopped:
            process.kill()


async def synced(session: Session) -> list[Event]:
    return [event async for event in session.sync()]


async def test_a_feed_is_read_at_the_next_wish_and_its_bytes_are_not_remembered_as_bad(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch, later: Callable[[str], None]
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a"), ETag='"1"')
    number = library.subscribe(server.url + "/feed")
    later("08:00")
    async with busy(library, monkeypatch) as session:
        last = (await synced(session))[-1]
    assert isinstance(last, Finished)
    assert "too busy" in last.report.errors[0].error and "try again" in last.report.errors[0].error
    state = library.store.read.fetch_state(number)
    assert (state.refused_hash, state.etag, state.errors, state.status) == ("", "", 0, "failing")
    later("08:01")
    report, _ = await library.sync(due=True, articles=False)
    assert len(server.asked) == 1, f"the timer waits {schedule.FLOOR}"
    report, _ = await library.sync(articles=False)
    assert (report.feeds[Outcome.OK], library.titles()) == (1, ["a"])


async def test_a_page_is_still_to_come(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers |= {"/feed": answer(feed(server.url, "a"), ETag='"1"'), "/a": page("Judul")}
    library.subscribe(server.url + "/feed")
    await library.sync(articles=False)
    async with busy(library, monkeypatch) as session:
        await synced(session)
    assert [row.offline for row in library.store.read.first(Scope(), 5)] == [Offline.PENDING]
    await library.sync(retry=True)
    assert [row.offline for row in library.store.read.first(Scope(), 5)] == [Offline.READY]


async def test_a_picture_is_tried_again(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (40, 30)).save(drawn, "PNG")
    server.answers |= {
        "/feed": answer(feed(server.url, "a"), ETag='"1"'),
        "/a": page("Judul", extra=f"<meta property='og:image' content='{server.url}/p.png'>"),
        "/p.png": answer(drawn.getvalue(), Content_Type="image/png"),
    }
    library.subscribe(server.url + "/feed")
    await library.sync(pictures=False)
    async with busy(library, monkeypatch) as session:
        told = [event for event in await synced(session) if isinstance(event, PictureDone)]
    assert ["too busy" in event.error for event in told] == [True]
    assert library.store.read.picture(f"{server.url}/p.png") is None
    await library.sync()
    kept = library.store.read.picture(f"{server.url}/p.png")
    assert kept and kept.path


async def test_a_stored_article_is_cleaned_another_time(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = Article(html="<p>Isi</p>", text="Isi", url="https://a.example/", rules="older")
    number = library.store.write.save_page(
        "https://a.example/", "A", article, Offline.READY
    ).result()
    async with busy(library, monkeypatch) as session:
        await session.clean_again()
    assert getattr(library.store.read.article(number), "rules", "") == "older"
    async with library.session() as session:
        await session.clean_again()
    assert getattr(library.store.read.article(number), "rules", "older") != "older"
