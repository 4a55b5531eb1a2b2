"""Every kind of text in the article can be read in our own themes (WCAG 2.2, 1.4.3: a ratio of 4.5)."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from bacatui import paths, themes
from bacatui.tui.widgets.reader import ArticlePane
from tests.tui.reader.test_reader import Screen

ORNAMENTS = {"bar", "rule", "hair", "tick"}  # lines and signs, not text
IN_CODE = {"keyword", "string", "number", "comment", "name", "deleted", "inserted", "more"}


def _light(color: Color) -> float:
    parts = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    )
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ["malam", "lontar"])
async def test_all_text_of_the_article_hascontrast(name: str) -> None:
    app = Screen()
    async with app.run_test(size=(80, 24)) as pilot:
        files, problems = themes.load(paths.STYLES / "themes")
        assert not problems
        (file,) = [file for file in files if file.name == name]
        theme = Theme(file.name, dark=file.dark, variables=file.variables, **file.colors)  # type: ignore[arg-type]
        app.register_theme(theme)
        app.theme = name
        await pilot.pause()
        reader = app.query_one(ArticlePane)
        block = reader.get_component_styles("reader--block").rich_style.bgcolor
        poor = {}
        names = {name.removeprefix("reader--") for name in reader.COMPONENT_CLASSES}
        for part in names - ORNAMENTS:
            style = reader.get_component_styles(f"reader--{part}").rich_style
            ground = block if part in IN_CODE else style.bgcolor
            assert style.color and ground
            ratio = contrast(Color.from_rich_color(style.color), Color.from_rich_color(ground))
            if ratio < 4.5:
                poor[part] = round(ratio, 2)
        assert not poor
