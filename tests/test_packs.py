"""Starter packs: how their files are read, and what the tool that asks their addresses says of each."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tools import packs as tool

from bacatui import i18n, packs
from bacatui.clock import now
from bacatui.text import sanitize
from tests.fetch.server import Server, answer

ROOT = Path(__file__).parents[1]
DATED = "%a, %d %b %Y %H:%M:%S GMT"


def feed(days: float = 0, entries: int = 2) -> bytes:
    """A feed whose newest entry is so many days old."""
    from datetime import timedelta

    dates = [(now() - timedelta(days=days + at)).strftime(DATED) for at in range(entries)]
    items = "".join(
        f"<item><title>{date}</title><guid>{date}</guid><pubDate>{date}</pubDate></item>"
        for date in dates
    )
    return answer(f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode())


def moved(target: str, status: int = 301) -> bytes:
    return answer(b"", status, Location=target)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of one pack with these addresses, each under its path."""

    def written(**urls: str) -> Path:
        file = tmp_path / "packs.toml"
        feeds = "".join(
            f'[[pack.feeds]]\ntitle = "{title}"\nurl = "{url}"\n' for title, url in urls.items()
        )
        file.write_text(f'[[pack]]\ntitle = "Loopback"\n{feeds}')
        return file

    return written


async def check(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """The tool on a file, in a thread: it has a loop of its own."""
    import asyncio

    code = await asyncio.to_thread(tool.main, [str(file), "--pause", "0"])
    return code, *capsys.readouterr()


async def test_the_tool_says_of_each_address_what_came(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    async with Server() as server:
        server.answers = {
            "/good": feed(),
            "/old": feed(days=400),
            "/empty": feed(entries=0),
            "/moved": moved("/good"),
            "/away": moved("/good", 302),
            "/page": answer(b"<html><body><p>Welcome", Content_Type="text/html"),
        }
        names = (*server.answers, "/dead")
        file = write(**{path[1:]: server.url + path for path in names})
        code, out, _err = await check(file, capsys)
        told = dict(re.findall(r"^  (\w+ +\w+) <.*>: (.*)$", out, re.MULTILINE))
        assert {tuple(line.split()): said for line, said in told.items()} == {
            ("good", "good"): "200, 2 entries, newest 0 h old",
            ("old", "old"): "200, 2 entries, newest 400 days old",
            ("old", "empty"): "200, 0 entries, no dates",
            (
                "moved",
                "moved",
            ): f"200, 2 entries, newest 0 h old; it moved for good to {server.url}/good",
            ("good", "away"): "200, 2 entries, newest 0 h old",
            ("dead", "page"): "200, This is a web page, not a feed.",
            ("dead", "dead"): "404, 127.0.0.1 has nothing at this address (404).",
        }
        assert out.endswith("7 addresses: 2 dead, 2 good, 1 moved, 2 old\n")
        assert code == 1


async def test_old_and_moved_addresses_alone_do_not_fail_the_check(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    async with Server() as server:
        server.answers = {"/old": feed(days=90), "/moved": moved("/old", 308)}
        code, out, _err = await check(write(a=f"{server.url}/old", b=f"{server.url}/moved"), capsys)
        assert (code, out.splitlines()[-1]) == (0, "2 addresses: 2 old")


async def test_an_address_that_fails_once_is_asked_again(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    async with Server() as server:

        async def second_time(*_: object) -> bytes:
            return feed() if len(server.asked) > 1 else answer(b"", 500)

        server.answers = {"/feed": second_time}
        code, out, _err = await check(write(a=f"{server.url}/feed"), capsys)
        assert (code, out.splitlines()[-1], len(server.asked)) == (0, "1 address: 1 good", 2)


@pytest.fixture
def no_such_name(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A resolver that knows loopback alone."""
    known = socket.getaddrinfo

    def resolve(host: str, *given: object, **more: object) -> object:
        if host not in {"127.0.0.1", "localhost"}:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield


@pytest.mark.usefixtures("no_such_name")
async def test_a_name_that_is_gone_is_dead_where_others_answer_and_no_network_is_no_verdict(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    async with Server() as server:
        server.answers = {"/good": feed()}
        file = write(good=f"{server.url}/good", gone="https://gone.example/feed")
        code, out, err = await check(file, capsys)
        assert (code, err) == (1, "")
        assert (
            "dead  gone <https://gone.example/feed>: The host gone.example was not found.\n" in out
        )
    code, out, err = await check(
        write(a="https://a.example/feed", b="https://b.example/feed"), capsys
    )
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "None of 2 hosts could be reached" in err


def test_the_tool_refuses_a_file_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "packs.toml"
    for content in (
        "",
        "pack = 3",
        "[[pack]]\ntitle = 'A'",
        "[[pack]]\n[[pack.feeds]]\nurl = 'javascript:1'",
        "[[",
    ):
        file.write_text(content)
        assert tool.main([str(file)]) == 1
        assert capsys.readouterr().err.count("\n") == 1


def test_our_packs_are_whole_in_both_languages() -> None:
    try:
        for language in i18n.LANGUAGES:
            i18n.use(language)
            known, problems = packs.load(packs.OURS)
            assert problems == ()
            assert len(known) >= 5
            assert all(pack.title and pack.about for pack in known)
            assert all(
                each.title and each.about and sanitize.url(each.url)
                for pack in known
                for each in pack.feeds
            )
    finally:
        i18n.use("en")


def test_the_weekly_check_may_only_read_and_runs_what_make_runs() -> None:
    workflow = (ROOT / ".github/workflows/packs.yml").read_text("utf-8")
    assert "permissions:\n  contents: read\n" in workflow
    assert re.findall(r"run: (.*)", workflow) == ["make packs"]
    assert re.search(r"schedule:\n +- cron:", workflow) and "workflow_dispatch:" in workflow
    assert all(
        re.fullmatch(r"actions/[\w-]+@v\d+", used) for used in re.findall(r"uses: (.*)", workflow)
    )
    assert re.search(
        r"^packs:.*\n\t\$\(PYTHON\) -m tools\.packs$",
        (ROOT / "Makefile").read_text("utf-8"),
        re.MULTILINE,
    )


def test_a_pack_file_of_the_user_that_is_wrong_is_told_of_and_the_others_are_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "packs.toml").write_text(
        '[[pack]]\ntitle = "Mine"\n[[pack.feeds]]\ntitle = "A"\nurl = "mailto:a"\n'
    )
    known, problems = packs.load(tmp_path / "packs.toml", tmp_path / "none.toml", packs.OURS)
    assert known == packs.load(packs.OURS)[0]
    assert problems == (
        f"The starter packs in {tmp_path}/packs.toml are left out: A has no web address.",
    )
