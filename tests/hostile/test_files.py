"""Files are ours alone, whole or not there, and never somebody else's by way of a link."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.store import open_store
from bacatui.text import sanitize
from tests.hostile import runner
from tests.hostile.cases import own
from tests.hostile.libraries import fill
from tests.terminal.driver import Terminal, run


async def test_what_a_sync_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    cases = own()[:3]
    with runner.serving(cases) as site:
        await runner.sync(tmp_path, cases, site)
        assert run("backup", str(tmp_path / "copy.db"), home=tmp_path)[0] == 0
    home = paths.home(tmp_path / "bacatui")
    made = [home.data, tmp_path / "copy.db", *home.data.rglob("*"), *home.cache.rglob("*")]
    assert {
        str(path): oct(path.stat().st_mode)
        for path in made
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    } == {}


def test_a_store_that_is_a_link_is_refused_in_one_line(tmp_path: Path) -> None:
    real, home = tmp_path / "real.db", paths.home(tmp_path / "bacatui")
    open_store(real).close()
    before = real.read_bytes()
    home.data.mkdir(parents=True)
    home.store.symlink_to(real)
    status, out, err = run("list", home=tmp_path)
    assert (status, out, err.count("\n")) == (3, "", 1)
    home.store.unlink()
    home.store.symlink_to(tmp_path / "not there")
    assert run("list", home=tmp_path)[0] == 3
    assert not (tmp_path / "not there").exists()
    assert real.read_bytes() == before


def test_a_store_that_is_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    home = paths.home(tmp_path / "bacatui")
    home.data.mkdir(parents=True)
    os.mkfifo(home.store)
    status, out, err = run("list", home=tmp_path, seconds=20)
    assert (status, out, err.count("\n")) == (3, "", 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("what", ["store", "data"])
def test_a_store_of_another_user_is_refused(tmp_path: Path, what: str) -> None:
    home = paths.home(tmp_path / "bacatui")
    open_store(home.store).close()
    os.chown(getattr(home, what), 12_345, -1)
    status, out, err = run("list", home=tmp_path)
    assert (status, out, err.count("\n")) == (3, "", 1)


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    home = paths.home(tmp_path / "bacatui")
    open_store(home.store).close()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("whole")
    (home.data / "sync.lock").symlink_to(elsewhere)
    assert run("sync", home=tmp_path)[0] in {1, 3}
    assert elsewhere.read_text() == "whole"


def test_an_export_replaces_a_link_and_leaves_alone_what_it_points_to(tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out.md"
    elsewhere.write_text("whole")
    out.symlink_to(elsewhere)
    assert run("export", "entries", str(out), home=tmp_path)[0] == 0
    assert elsewhere.read_text() == "whole"
    assert not out.is_symlink()


@pytest.mark.slow
def test_what_is_exported_or_saved_is_for_its_owner_alone_and_replaces_nothing_unasked(
    tmp_path: Path,
) -> None:
    with open_store(paths.home(tmp_path / "bacatui").store) as store:
        fill(store)
    out, folder = tmp_path / "out", tmp_path / "folder"
    out.mkdir()
    for what in ("opml", "bookmarks", "entries"):
        assert run("export", what, str(out / what), home=tmp_path)[0] == 0
    assert run("export", "entries", f"{folder}/", home=tmp_path)[0] == 0
    (home := paths.home(tmp_path / "bacatui")).config.mkdir(parents=True)
    home.settings.write_text("sync_on_start = false\n")
    with Terminal(home=tmp_path, columns=200) as terminal:
        terminal.wait_for("Kabar 1")
        for told in ("Saved as", "is there already"):
            terminal.send("s")
            terminal.wait_for("Save as")
            terminal.send("\r")
            terminal.wait_for(
                f"{told}[^│]*kabar-3.md" if told == "Saved as" else f"kabar-3.md {told}"
            )
        terminal.send("q")
        assert terminal.wait_for_end() == 0
    made = [tmp_path / "kabar-3.md", *out.iterdir(), folder, *folder.iterdir()]
    assert len(made) == 1 + 3 + 1 + 3
    assert {
        path.name: oct(path.stat().st_mode)
        for path in made
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    } == {}


def test_a_file_that_a_title_names_stays_in_its_folder(tmp_path: Path) -> None:
    from tests.terminal.loopback import answering
    from tests.terminal.test_hostile import feed

    titles = [
        "../../../keluar",
        "/etc/passwd",
        "..",
        "a\x00b\x1b[2J\u202e",
        "-rf",
        "~/x",
        "con:aux",
        "A" * 400,
    ]
    with answering({"/feed.json": ("application/feed+json", feed(titles, "isi"))}) as url:
        assert run("add", f"{url}/feed.json", home=tmp_path)[0] == 0
    folder = tmp_path / "out"
    folder.mkdir()
    status, _, err = run("export", "entries", f"{folder}/", home=tmp_path)
    assert status == 0, err
    assert len(list(folder.iterdir())) == len(titles)
    assert all(
        path.parent == folder and not path.name.startswith(("-", ".")) for path in folder.rglob("*")
    )
    assert not (tmp_path / "keluar.md").exists()
    for path in folder.iterdir():
        assert sanitize.is_safe(path.read_text("utf-8").replace("\n", " "))
