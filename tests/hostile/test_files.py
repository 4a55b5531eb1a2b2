"""Files are ours alone, whole or not there, and never somebody else's by way of a link."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bacatui import paths
from bacatui.store import open_store
from tests.hostile import runner
from tests.hostile.cases import own
from tests.terminal.driver import run


async def test_what_a_sync_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    cases = own()[:3]
    with runner.serving(cases) as site:
        await runner.sync(tmp_path, cases, site)
        assert run("backup", str(tmp_path / "copy.db"), home=tmp_path)[0] == 0
    home = paths.home(tmp_path / "bacatui")
    made = [home.data, tmp_path / "copy.db", *home.data.rglob("*"), *home.cache.rglob("*")]
    assert {str(path): oct(path.stat().st_mode) for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077} == {}


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


def test_a_file_that_a_title_names_stays_in_its_folder(tmp_path: Path) -> None:
    from tests.terminal.loopback import answering
    from tests.terminal.test_hostile import feed

    titles = ["../../../keluar", "/etc/passwd", "..", "a\x00b", "-rf", "~/x", "con:aux", "A" * 400]
    with answering({"/feed.json": ("application/feed+json", feed(titles, "isi"))}) as url:
        assert run("add", f"{url}/feed.json", home=tmp_path)[0] == 0
    folder = tmp_path / "out"
    folder.mkdir()
    status, _, err = run("export", "entries", f"{folder}/", home=tmp_path)
    assert status == 0, err
    assert len(list(folder.iterdir())) == len(titles)
    assert all(path.parent == folder and not path.name.startswith(("-", ".")) for path in folder.rglob("*"))
    assert not (tmp_path / "keluar.md").exists()
