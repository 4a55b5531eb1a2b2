"""Screen, list, command line, exports and the search index show the same of an entry."""

from __future__ import annotations

import json
import sqlite3

import pytest

from bacatui import paths
from bacatui.model import Article, Offline, Scope
from bacatui.store import open_store
from bacatui.tui.reading import content_of
from tests.cli.conftest import Run
from tests.store.conftest import made, subscribed

PAGE = Article(
    title="Morning ferry moves to five o'clock", byline="Sari Dewi", text="The page's text.",
    html="<p>The page's text.</p>",
)  # fmt: skip
SHOWN = {  # the feed's title, what was made of the page: the title that is shown, and the text
    "feed and page": ("Ferry times", PAGE, "Ferry times", PAGE.text),
    "cut off": ("Morning ferry moves …", PAGE, PAGE.title, PAGE.text),
    "no title": ("Body 1", PAGE, PAGE.title, PAGE.text),
    "no page": ("Ferry times", None, "Ferry times", "Body 1"),
    "failed page": ("Ferry times", Article(error="Gone."), "Ferry times", "Body 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWN)
def test_everyone_shows_the_same_title_byline_and_text(
    case: str, home: paths.Home, run: Run
) -> None:
    given, article, title, text = SHOWN[case]
    with open_store(home.store) as store:
        subscribed(store, made(1, title=given))
        number = store.read.first(Scope(), 1)[0].id
        if article:
            store.write.store_article(number, article, Offline.READY).result()
        row = store.read.rows([number])[0]
        content = content_of(store.read, number)
        assert content is not None
        assert (row.title, content.title) == (title, title)
    byline = content.byline
    listed = run("list", "--json").json["entries"][0]
    read = run("read", str(number), "--json").json
    assert (listed["title"], read["title"]) == (title, title)
    assert (listed["author"], read["author"]) == (byline, byline)
    assert read["text"] == text
    assert title in run("list").out
    plain = run("read", str(number), "--plain").out
    assert title in plain
    assert byline in plain
    exported = json.loads(run("export", "entries", "--format", "json", "-").out)["entries"][0]
    assert (exported["title"], exported["author"], exported["text"]) == (title, byline, text)
    for form in ("markdown", "html"):
        page = run("export", "entries", "--format", form, "-").out
        assert title in page.replace("&#x27;", "'").replace("&#39;", "'")


@pytest.mark.parametrize("case", SHOWN)
def test_the_text_that_is_searched_is_the_text_that_is_shown(case: str, home: paths.Home) -> None:
    given, article, _title, text = SHOWN[case]
    with open_store(home.store) as store:
        subscribed(store, made(1, title=given))
        number = store.read.first(Scope(), 1)[0].id
        if article:
            store.write.store_article(number, article, Offline.READY).result()
        view = store.read.view(number)
        assert view is not None
        with sqlite3.connect(home.store) as database:
            searched = database.execute(
                "SELECT text FROM readable WHERE id = ?", (number,)
            ).fetchone()[0]
        assert (view.text, searched) == (text, text)
