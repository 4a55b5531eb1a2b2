"""Themes: the two of our own are readable, and a bad file is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color

from bacatui import paths, themes
from tests.tui.reader.test_contrast import contrast

OURS, PROBLEMS = themes.load(paths.STYLES / "themes")
GROUNDS = ("background", "surface", "panel", "cursor", "cursor-blur", "chosen")
INKS = ("foreground", "muted", "primary", "secondary", "accent", "warning", "error", "success")


def test_a_dark_and_a_light_one_are_there_and_whole() -> None:
    assert PROBLEMS == ()
    assert {theme.dark for theme in OURS} == {True, False}
    for theme in OURS:
        assert set(theme.colors) == set(themes.COLORS) and set(theme.variables) == set(
            themes.VARIABLES
        )


@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_ink_is_readable_on_every_ground(
    theme: themes.ThemeFile, ink: str, ground: str
) -> None:
    colors = theme.colors | theme.variables
    assert contrast(Color.parse(colors[ink]), Color.parse(colors[ground])) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(Color.parse("#fff"), Color.parse("#000000")) == pytest.approx(21)
    assert contrast(Color.parse("#767676"), Color.parse("#ffffff")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("not toml at all [", "bad.toml"),
        ('[colors]\nprimary = "reddish"', "primary"),
        ('[colors]\nprimary = "#12345"', "primary"),
        ('[colors]\nsecondary = "#123456"', "primary"),
        ('[colors]\nprimary = "#123456"\nglow = "#123456"', "glow"),
        ("colors = 3", "tables"),
        ('name = 3\n[colors]\nprimary = "#123456"', "name"),
    ],
)
def test_a_bad_file_is_left_out_with_a_sentence(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    (tmp_path / "good.toml").write_text('[colors]\nprimary = "#abc"')
    found, problems = themes.load(tmp_path)
    assert [theme.name for theme in found] == ["good"]
    assert len(problems) == 1 and word in problems[0] and "\n" not in problems[0]


def test_a_reader_replaces_a_theme_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "malam"\n[colors]\nprimary = "#abcdef"')
    found, _ = themes.load(paths.STYLES / "themes", tmp_path)
    assert next(theme for theme in found if theme.name == "malam").colors == {"primary": "#abcdef"}
