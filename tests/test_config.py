"""Settings: what the file may say, and what is told where it says something else."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bacatui.config import Settings, default_of, load, to_toml


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_is_no_fault(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == (Settings(), ())


def test_the_file_made_from_settings_reads_back_as_the_same_settings(tmp_path: Path) -> None:
    chosen = Settings(
        theme='a "b"',
        measure=60,
        pictures=False,
        player=("mpv", "--no video"),
        remap={"sync-all": "f5"},
    )
    assert load(written(tmp_path / "c.toml", to_toml(chosen))) == (chosen, ())
    assert load(written(tmp_path / "c.toml", to_toml(chosen, defaults_off=True))) == (chosen, ())


def test_a_fresh_file_names_each_setting_and_changes_none() -> None:
    text = to_toml(Settings(), defaults_off=True)
    assert tomllib.loads(text) == {"remap": {}}
    for setting in fields(Settings):
        assert f"{setting.name} = " in text or f"[{setting.name}]" in text
        assert setting.metadata["about"] in text


def test_an_unknown_setting_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    settings, notices = load(written(tmp_path / "c.toml", "mesure = 60\nqwxyz = 1\n"))
    assert settings == Settings()
    assert "did you mean measure?" in notices[0]
    assert "bacatui config" in notices[1]


def test_each_bad_value_is_one_line_and_leaves_the_others_alone(tmp_path: Path) -> None:
    bad = 'measure = 5\nkeys = "vi"\npager = "less"\npictures = 1\nkeep_days = true\ntheme = 3\nremap = 1\n'
    bad += 'player = [""]\n'
    settings, notices = load(written(tmp_path / "c.toml", bad + "sync_interval = 15\n"))
    assert settings == replace(Settings(), sync_interval=15)
    assert len(notices) == 8
    assert all("\n" not in notice for notice in notices)


def test_a_file_that_is_no_toml_is_told_with_its_place(tmp_path: Path) -> None:
    settings, notices = load(written(tmp_path / "c.toml", "measure = \n"))
    assert settings == Settings()
    assert len(notices) == 1
    assert "line 1" in notices[0]


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.toml").mkdir()
    settings, notices = load(tmp_path / "c.toml")
    assert settings == Settings()
    assert len(notices) == 1


def test_every_default_is_allowed_by_its_own_rule(tmp_path: Path) -> None:
    assert load(written(tmp_path / "c.toml", to_toml(Settings()))) == (Settings(), ())
    for setting in fields(Settings):
        among = setting.metadata.get("among", ())
        assert not among or default_of(setting) in among


@given(st.binary(max_size=300))
def test_any_bytes_give_settings_and_one_line_notices(body: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.toml"
        path.write_bytes(body)
        settings, notices = load(path)
    assert isinstance(settings, Settings)
    assert all("\n" not in notice for notice in notices)
