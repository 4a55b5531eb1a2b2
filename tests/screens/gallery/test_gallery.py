"""The gallery: twenty-five articles as the page sets them, kept as text pictures that were looked at one by one.

After a change that is meant, write them anew: `UPDATE_GALLERY=1 pytest tests/screens/gallery`; and look at the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from bacatui.document import read
from bacatui.tui.reading import ReaderContent, source
from bacatui.tui.typeset import Look, Page, fit
from tests.screens.gallery.documents import GALLERY

HERE = Path(__file__).parent
COLUMNS = (60, 80, 120)
MEASURE = 72


def picture(name: str, columns: int) -> list[str]:
    """An article as a pane of that width shows it, whole."""
    title, lead, html = GALLERY[name]
    content = ReaderContent(
        entry_id=1, title=title, lead=lead, blocks=read(html), byline="Sari Lestari",
        date_line="Harian Teluk · 20 November 2026 · 4 min", source_line="harianteluk.example",
    )  # fmt: skip
    measure = min(MEASURE, columns - 4)
    page = Page(source(content), measure, Look())
    page.down(10_000)
    margin = (columns - measure) // 2
    blank = (" " * margin, " " * (columns - margin - measure))
    return [
        blank[0] + "".join(span.text for span in fit(line, measure)) + blank[1]
        for line in page.lines
    ]


@pytest.mark.parametrize("name", GALLERY)
def test_the_article_is_set_as_it_was_when_it_was_last_looked_at(name: str) -> None:
    parts = []
    for columns in COLUMNS:
        rows = picture(name, columns)
        assert all(cell_len(row) == columns for row in rows)
        parts += [f"{columns} columns ".ljust(columns, "─"), *(row.rstrip() for row in rows)]
    text = "\n".join(parts) + "\n"
    file = HERE / f"{name}.txt"
    if os.environ.get("UPDATE_GALLERY"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_every_picture_in_the_folder_is_of_the_gallery() -> None:
    assert {file.stem for file in HERE.glob("*.txt")} == set(GALLERY)
    assert len(GALLERY) == 25
