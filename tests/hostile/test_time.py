"""What was made to take long, or much memory, is read like anything else: each of these once took a worker down."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bacatui.model import ParsedFeed
from bacatui.text import count_words
from bacatui.work import WorkError, call
from tests.hostile.cases import HTML, RSS, WORDS, _item, _json, _paper, _rss
from tests.terminal.driver import environment

PAGES = {
    "a tag that never ends, deep down": f"{'<div>' * 300}<p>{WORDS * 20}</p><{'a' * 1_000_000}",
    "items of a long list": "<ul>" + "<li>kata dan kata" * 100_000 + "</ul>",
    "footnotes": "".join(f"<a href='#n{n}'><sup>{n}</sup></a>" for n in range(60_000))
    + "<ol class=footnotes>" + "".join(f"<li id=n{n}>catatan <a href='#r'>^</a>" for n in range(60_000)) + "</ol>",
    "code beside code": "<code>x</code>" * 40_000,
    "code of blanks": f"<div><code>a<br>{' ' * 400_000}b</code></div>",
    "signs that are no words": "".join(f"<li>{sign * 400_000}" for sign in "-.:|/@#(-."),
    "addresses of a picture": f"<img srcset='{'1w' * 90_000}'>",
    "cells that span others": "<table>" + "<tr><td rowspan=1000000000 colspan=1000000000>x" * 1_000 + "</table>",
    "lines of code": f"<pre>{'x' * 60 + chr(10)}{('x' + chr(10)) * 1_000_000}</pre>",
}  # fmt: skip
FEEDS = {
    "comments left open in a title": _rss(f"<item><title><![CDATA[A{'<!--' * 300_000}]]></title></item>"),
    "scripts left open in a title": _rss(f"<item><title><![CDATA[A{'<script>' * 150_000}]]></title></item>"),
    "sequences left open": _json({"id": "1", "title": "A" + "\x9d" * 400_000, "content_html": "<p>a\x90" + "\x9d" * 400_000}),
    "styles left open in a name": _rss(f"<item><title>A</title><category><![CDATA[{'<style>' * 90_000}]]></category></item>"),
    "items of a long list": _json({"id": "1", "title": "A", "content_html": "<ol>" + "<li value=-1>x" * 80_000}),
}  # fmt: skip


def marked(names: Iterable[str], *slow: str) -> list[ParameterSet]:
    """The names, of which some take seconds to read."""
    return [pytest.param(name, marks=[pytest.mark.slow] if name in slow else []) for name in names]


@pytest.mark.parametrize(
    "name", marked(PAGES, "items of a long list", "footnotes", "code beside code", "lines of code")
)
def test_a_page_made_to_take_long_is_read(name: str) -> None:
    page = _paper("", f"{PAGES[name]}<p>{WORDS * 20}</p>")
    article = call("extract", page, url="https://x.example/1", content_type=HTML)
    assert count_words(article.text) > 200 or name == "signs that are no words"


@pytest.mark.parametrize("name", marked(FEEDS, "items of a long list"))
def test_a_feed_made_to_take_long_is_read(name: str) -> None:
    feed = call("parse_feed", FEEDS[name], url="https://x.example/feed", content_type=RSS)
    assert isinstance(feed, ParsedFeed)
    assert [entry.title[:1] for entry in feed.entries] == ["A"]


def test_what_a_title_hides_is_hidden_and_the_rest_is_letters() -> None:
    feed = call("parse_feed", _rss(
        "<item><title><![CDATA[a<script>b</script>c<!-- d -->e<style>f</style>g<!-- h>i <script>j</title]]></title></item>"
    ), content_type=RSS)  # fmt: skip
    assert feed.entries[0].title == "acegi j</title"


@pytest.mark.parametrize(
    "unseen",
    ["\u3164" * 9, "\u2800 \u115f\u1160", "\u034f\ufe0f", "\U0001d173\U0001bca0", "\uffa0\u200b"],
)
def test_a_title_of_which_nothing_is_seen_is_none(unseen: str) -> None:
    for body in (
        _rss(_item(unseen, "Isi saja")),
        _json({"id": "1", "title": unseen, "content_html": "<p>Isi saja"}),
    ):
        assert call("parse_feed", body).entries[0].title == "Isi saja"


@pytest.mark.parametrize(
    ("lines", "error"), [pytest.param(30_000, "left out", marks=pytest.mark.slow), (300, "")]
)
def test_a_page_that_is_too_long_says_so(lines: int, error: str) -> None:
    page = _paper("", "".join(f"<p>Alinea {n}. {WORDS * 2}</p>" for n in range(lines)))
    article = call("extract", page, url="https://x.example/1", content_type=HTML)
    assert "Alinea 299." in article.text
    assert article.error.endswith(f"{error}.") if error else article.error == ""


@pytest.mark.slow
def test_a_page_whose_furniture_alone_is_too_long_says_nothing() -> None:
    links = "".join(f"<li><a href='/{n}'>Berita lain nomor {n} hari ini</a>" for n in range(90_000))
    page = (
        b"<html><body><article><h1>Judul</h1>"
        + f"<p>{WORDS * 60}</p></article><ul>{links}</ul>".encode()
    )
    article = call("extract", page, url="https://x.example/1", content_type=HTML)
    assert (count_words(article.text) > 500, article.error) == (True, "")


def test_a_vast_picture_is_refused_where_it_is_unfolded_several_times_over() -> None:
    Image = pytest.importorskip("PIL.Image")  # noqa: N806
    body = io.BytesIO()
    Image.new("RGB", (3_600, 3_600)).save(body, "WEBP")
    with pytest.raises(WorkError):
        call("picture", body.getvalue())


def test_a_vast_picture_is_drawn_without_vast_memory(tmp_path: Path) -> None:
    Image = pytest.importorskip("PIL.Image")  # noqa: N806
    path = tmp_path / "vast.png"
    Image.new("1", (5_000, 5_000)).save(path)
    code = (
        "import resource, sys; from pathlib import Path; from bacatui.tui.widgets.page_view import draw; from PIL import Image;"
        "Image.init(); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "assert len(draw(Path(sys.argv[1]), 70, 20, (0, 0, 0))) == 20;"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 64 << 10  # KiB
