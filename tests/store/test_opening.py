"""Opening: new, old, newer, foreign, damaged and read-only files."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from bacatui.model import Scope
from bacatui.store import (
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreNewer,
    StoreReadOnly,
    backups,
    doctor,
    open_store,
)
from tests.store.conftest import made, subscribed

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_a_new_store_is_private_and_says_whose_it_is(path: Path) -> None:
    with open_store(path) as store:
        subscribed(store, made(1))
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA application_id").fetchone() == (0x62616361,)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_failed_beginning_leaves_no_half_made_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir(parents=True)
    script = path.parent / "schema.sql"
    script.write_text("CREATE TABLE feed (id INTEGER);\nCREATE TABLE feed (id INTEGER);\n")
    monkeypatch.setattr("bacatui.store.backups.HERE", path.parent)
    with pytest.raises(StoreError):
        open_store(path)
    assert [file.name for file in path.parent.iterdir()] == ["schema.sql"]


@pytest.mark.parametrize(
    "content", [b"Dear diary,\n" * 50, b"SQLite format 3\0" + b"\1" * 200, b"x"]
)
def test_a_foreign_file_is_refused_and_left_byte_for_byte(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(StoreForeign, match="left as it is"):
        open_store(path)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_another_programs_database_is_refused_and_left_byte_for_byte(path: Path) -> None:
    path.parent.mkdir(parents=True)
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE feed (id INTEGER)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreForeign):
        open_store(path)
    assert path.read_bytes() == before


def test_a_newer_store_is_refused_and_left_byte_for_byte(path: Path) -> None:
    open_store(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 2")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreNewer, match="newer"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path / "file" / "bacatui.db")
    with pytest.raises(StoreError, match="no library"):
        open_store(tmp_path / "absent.db", readonly=True)


def test_a_cut_off_file_is_set_aside_and_what_can_be_read_comes_back(path: Path) -> None:
    with open_store(path) as store:
        subscribed(
            store,
            *(
                made(n, text="word " * 800, content="<p>" + "word " * 800 + "</p>")
                for n in range(60)
            ),
        )
        ids = list(store.read.ids(Scope()))
        store.write.set_read(ids[:20]).result()
        store.write.set_bookmark(ids[30:33]).result()
        store.write.daily_backup(path.parent / "backups").result()
        store.write.tidy().result()
    os.truncate(path, path.stat().st_size * 2 // 3)
    with open_store(path) as store:
        assert "damaged" in store.notice
        assert any(".damaged-" in file.name for file in path.parent.iterdir())
        assert [feed.url for feed in store.read.feeds()] == ["https://a.example/feed"]
        assert all(store.read.mark(n).read_at for n in ids[:20])
        assert all(store.read.mark(n).bookmarked_at for n in ids[30:33])
        assert all(store.read.entry(n) for n in ids[30:33])
        assert all(finding.is_good for finding in doctor(store)), doctor(store)
    with open_store(path) as store:
        assert not store.notice


@pytest.mark.parametrize("content", [b"", b"\0" * 4096])
def test_an_emptied_file_comes_back_from_the_daily_backup(path: Path, content: bytes) -> None:
    with open_store(path) as store:
        subscribed(store, made(1), made(2))
        store.write.set_bookmark([1]).result()
        store.write.daily_backup(path.parent / "backups").result()
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        open_store(path, readonly=True)
    with open_store(path) as store:
        assert store.read.mark(1).bookmarked_at
        entry = store.read.entry(1)
        assert entry is not None and entry.title == "Title 2"


def test_pages_overwritten_in_the_middle_are_noticed_and_repaired_at_the_next_start(
    path: Path,
) -> None:
    with open_store(path) as store:
        subscribed(store, *(made(n, text="word " * 500) for n in range(200)))
        store.write.set_bookmark([5]).result()
        store.write.daily_backup(path.parent / "backups").result()
        store.write.tidy().result()
    with path.open("r+b") as file:
        file.seek(4096 * 4)
        file.write(os.urandom(4096 * 60))
    seen = False
    for _ in range(3):
        try:
            with open_store(path) as store:
                seen = seen or "damaged" in store.notice
                store.write.set_read(Scope()).result()
                store.read.ids(Scope())
                for n in range(1, 201):
                    store.read.entry(n)
                assert store.read.mark(5).bookmarked_at
                break
        except (StoreError, sqlite3.DatabaseError):
            continue
    else:
        pytest.fail("never opened again")
    assert seen


def test_a_read_only_store_reads_and_refuses_changes_in_one_sentence(path: Path) -> None:
    with open_store(path) as store:
        subscribed(store, made(1))
    before = path.read_bytes()
    with open_store(path, readonly=True) as store:
        assert store.readonly
        assert [row.title for row in store.read.first(Scope(), 5)] == ["Title 1"]
        with pytest.raises(StoreReadOnly):
            store.write.set_read([1]).result()
    assert path.read_bytes() == before


def test_a_store_that_is_up_to_date_opens_without_sqlite_utils(path: Path) -> None:
    with open_store(path) as store:
        subscribed(store, made(1))
    code = (
        "import sys\nfrom pathlib import Path\nfrom bacatui.model import Scope\nfrom bacatui.store import open_store\n"
        "s = open_store(Path(sys.argv[1])); s.read.first(Scope(), 5); s.write.set_read([1]).result(); s.close()\n"
        "print([m for m in ('sqlite_utils', 'textual', 'httpx', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=ENVIRONMENT,
    )
    assert done.stdout.strip() == "[]"


def test_an_older_schema_is_migrated_with_a_copy_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(path) as store:
        subscribed(store, made(1))
        store.write.set_bookmark([1]).result()

    def more(db: Database) -> None:
        db.table("feed").add_column("colour", str, not_null_default="blue")

    monkeypatch.setattr(
        "bacatui.store.backups.STEPS", [*backups.STEPS, ("0002 a column more", more)]
    )
    monkeypatch.setattr("bacatui.store.backups.SCHEMA", 2)
    monkeypatch.setattr("bacatui.store.sql.SCHEMA", 2)
    with open_store(path) as store:
        assert store.read.mark(1).bookmarked_at
        assert [row.title for row in store.read.first(Scope(), 5)] == ["Title 1"]
    db = sqlite3.connect(path)
    assert db.execute("SELECT colour FROM feed").fetchone() == ("blue",)
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    assert (path.parent / "bacatui.db.schema-1").exists()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(path).close()

    def broken(db: Database) -> None:
        db.execute("CREATE TABLE half (id INTEGER)")
        db.execute("SELECT nothing FROM nowhere")

    monkeypatch.setattr("bacatui.store.backups.STEPS", [*backups.STEPS, ("0002 broken", broken)])
    monkeypatch.setattr("bacatui.store.backups.SCHEMA", 2)
    monkeypatch.setattr("bacatui.store.sql.SCHEMA", 2)
    with pytest.raises(StoreError):
        open_store(path)
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchone()
