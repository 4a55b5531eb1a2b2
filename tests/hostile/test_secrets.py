"""A password is used, and then stands nowhere: no file, no output, no log, no traceback, no process list."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from bacatui import cli, paths
from bacatui.fetch import Client, FetchError, Request
from bacatui.store import open_store
from bacatui.text import sanitize
from tests.feeds.build import item, rss
from tests.processes import needs_proc
from tests.terminal.driver import ROOT, Terminal, run
from tests.terminal.loopback import serving

SECRET = "k4ta-s4ndi-r4hasia"
TOKEN = base64.b64encode(f"siti:{SECRET}".encode()).decode()


def processes(sign: str) -> list[str]:
    """The command lines and environments of all processes of a home that hold a secret."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
        except OSError:
            continue
        if sign.encode() in told and SECRET.encode() in told:
            found.append(told.decode("utf-8", "replace"))
    return found


@contextmanager
def locked_site(seen: list[str]) -> Iterator[str]:
    """A feed and a page for siti alone; at each request the process list is looked through."""

    class Exchange(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_siti = self.headers["Authorization"] == f"Basic {TOKEN}" and self.headers[
                "X-Key"
            ] in {None, SECRET}
            seen.extend(processes(self.headers["X-Sign"] or "no sign"))
            body = (
                rss(item("Satu")).encode() if is_siti and self.path == "/feed" else b"<p>Satu</p>"
            )
            self.send_response(200 if is_siti else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serving(Exchange) as host:
        yield host


@pytest.mark.slow
@needs_proc
def test_a_password_stands_nowhere_after_it_was_used(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home, seen, said = tmp_path / "home", list[str](), ""
    kept = tmp_path / "password"
    kept.write_text(SECRET + "\n")
    with locked_site(seen) as host:

        def do(*words: str, status: int = 0) -> None:
            nonlocal said
            ended, out, err = run(*words, home=home)
            assert ended == status, (words, out, err)
            said += out + err

        def look(*words: str) -> None:
            nonlocal said
            assert cli.run(["--home", str(home / "bacatui"), *words]) == 0
            said += "".join(capfd.readouterr())

        do("add", f"http://siti:{SECRET}@{host}/feed")
        do("add", f"http://siti:{SECRET}@{host}/feed")  # known already
        do("add", f"http://siti:{SECRET}@127.0.0.1%2f/x", status=2)
        do("add", f"ftp://siti:{SECRET}@{host}/x", status=2)
        do("add", f"http://siti:wrong-{SECRET}@{host}/other")
        do("open", f"http://siti:{SECRET}@{host}/page", status=1)
        with open_store(paths.home(home / "bacatui").store) as store:
            settings = {
                "user": "siti",
                "password_command": f"cat {kept}",
                "headers": f"X-Key: {SECRET}\nX-Sign: {home}",
            }
            feed = store.read.feeds()[0]
            store.write.edit_feed(feed.id, settings=feed.settings | settings).result()
        do("sync")
        do("mark", "bookmark", "1")
        do("sync", "--json")
        for words in (
            ["list"],
            ["feeds"],
            ["read", "1"],
            ["search", "satu"],
            ["doctor"],
            ["offline"],
        ):
            look(*words, "--json")
        for what in ("opml", "bookmarks", "entries"):
            look("export", what, str(tmp_path / f"{what}.out"))
        for words in (
            ["config", "show"],
            ["undo", "--list"],
            ["backup", str(tmp_path / "copy.db")],
        ):
            look(*words)
    assert seen == []
    written = {
        path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != kept
    }
    of_reader = {
        "bacatui.db",
        "bacatui.db-wal",
        "copy.db",
    }  # own headers are a setting of the feed, and stay in the store
    for path, data in written.items():
        assert TOKEN.encode() not in data, path
        assert path.name in of_reader or SECRET.encode() not in data, path
    assert SECRET not in said
    assert TOKEN not in said


async def test_a_failed_request_does_not_tell_the_password_in_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with Client() as client:
        for url in (
            f"http://siti:{SECRET}@127.0.0.1:9/",
            f"http://siti:{SECRET}@[::1",
            f"http://siti:{SECRET}@x.invalid/",
        ):
            with pytest.raises(FetchError) as caught:
                await client.get(
                    Request(url, auth=("siti", SECRET), headers={"X-Key": SECRET}, trusted=url)
                )
            told = "".join(traceback.format_exception(caught.value))
            assert SECRET not in told
            assert TOKEN not in told
    assert SECRET not in caplog.text
    assert TOKEN not in caplog.text


def test_a_fault_of_ours_goes_to_a_private_log_and_never_through_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError(f"made \x1b[2J\x9b to fail at http://siti:{SECRET}@a.example/")

    monkeypatch.setattr("bacatui.cli.about.version", fail)
    assert cli.run(["--home", str(tmp_path), "version"]) == 3
    log = paths.home(tmp_path).log
    assert "RuntimeError" in (told := log.read_text()) and "a.example" in told
    assert SECRET not in told and sanitize.is_safe(told.replace("\n", " "))
    assert (log.stat().st_mode & 0o777, log.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("whole")
    log.unlink()
    log.symlink_to(elsewhere)
    assert cli.run(["--home", str(tmp_path), "version"]) == 3
    assert elsewhere.read_text() == "whole"
    said = capsys.readouterr()
    assert "\x1b" not in said.err and SECRET not in said.err + said.out


@pytest.mark.slow
def test_a_password_in_a_list_is_not_taken_over_not_even_as_a_title(tmp_path: Path) -> None:
    url, home = f"http://siti:{SECRET}@a.example/feed?a=1&amp;b=2", tmp_path / "home"
    for n, outline in enumerate((
        f'<outline xmlUrl="{url}"/>', f'<outline text="{url}" xmlUrl="{url}"/>', f'<outline text="{url}"><outline xmlUrl="{url}"/></outline>',
        f'<outline text="x" xmlUrl="{url}" description="see {url}" htmlUrl="{url}"/>', f'<outline text="{url}" xmlUrl="ftp{url}"/>',
    )):  # fmt: skip
        (tmp_path / f"{n}.opml").write_text(
            f"<opml><body>{outline}</body></opml>".replace("/feed?", f"/feed{n}?")
        )
    (tmp_path / "urls").write_text(f'{url}\nexec:"curl {url}"\n')
    (tmp_path / "b.html").write_text(
        f'<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DT><A HREF="{url}">A</A>\n'
    )
    lists = [*tmp_path.glob("*.opml"), tmp_path / "urls", tmp_path / "b.html"]
    told = ""
    for file in lists:
        told += "".join(map(str, run("import", str(file), home=home)))
    told += run("feeds", "--json", home=home)[1] + run("export", "opml", "-", home=home)[1]
    assert "a.example" in told and SECRET not in told
    assert [
        file for file in home.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()
    ] == []


def test_a_fault_of_the_app_ends_in_one_line_without_what_was_typed(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'bacatui.tui.commands':\n"
        "            import bacatui.tui.main as main\n"
        "            def fail(screen, event, typed=os.environ['TYPED']): raise RuntimeError('made to fail')\n"
        "            main.MainScreen.on_key = fail\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    with Terminal(
        home=tmp_path, env={"PYTHONPATH": f"{tmp_path}:{ROOT / 'src'}", "TYPED": SECRET}
    ) as terminal:
        terminal.wait_for("Welcome")
        terminal.send("\x1b")
        terminal.quiet()
        terminal.send("jq")
        assert terminal.wait_for_end() == 3
        shown = terminal.screen()
    assert "made to fail" in shown and SECRET.encode() not in terminal.raw
    log = paths.home(tmp_path / "bacatui").log.read_text()
    assert "RuntimeError" in log and SECRET not in log
