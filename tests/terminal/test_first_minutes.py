"""From an empty home to the first article, and what `add` answers: the real program against a loopback site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.driver import Terminal
from tests.terminal.loopback import answering

SENTENCE = (
    "The harbour opened before sunrise and the first boats were already waiting outside the wall. "
)
ITEM = "<item><title>{0} story</title><link>/{0}</link><guid>{0}</guid><description>It begins ...</description></item>"
FEED = '<rss version="2.0"><channel><title>{0}</title><link>/</link>' + ITEM + "</channel></rss>"
SITE = {
    **{
        f"/{name}.xml": ("application/rss+xml", FEED.format(name).encode())
        for name in ("Alpha", "Beta")
    },
    **{
        f"/{name}": ("text/html", f"<article><p>{SENTENCE * 20}</p></article>".encode())
        for name in ("Alpha", "Beta")
    },
    "/plain": ("text/html", b"<p>nothing here</p>"),
    "/": (
        "text/html",
        b'<link rel="alternate" type="application/rss+xml" title="Alpha" href="/Alpha.xml">'
        b'<link rel="alternate" type="application/rss+xml" title="Beta" href="/Beta.xml">',
    ),
}


@pytest.fixture
def site() -> Iterator[str]:
    with answering(SITE) as url:
        yield url


def test_four_keys_lead_from_an_empty_home_to_the_first_article(tmp_path: Path, site: str) -> None:
    packs = tmp_path / "bacatui/config/packs.toml"
    packs.parent.mkdir(parents=True)
    feeds = "".join(
        f'[[pack.feeds]]\ntitle="{one}"\nurl="{site}/{one}.xml"\nabout="a"\n'
        for one in ("Alpha", "Beta")
    )
    packs.write_text(f'[[pack]]\ntitle="Loopback"\nabout="here"\n{feeds}')
    with Terminal(home=tmp_path) as terminal:
        terminal.wait_for("Loopback")
        terminal.send("\r")
        terminal.wait_for("☑ Beta")
        terminal.send("\r")
        terminal.wait_for("(?s)(Alpha|Beta) story.*The harbour opened")
        terminal.wait_for("2 of 2 readable offline")
        terminal.send("\r")
        terminal.wait_for("1 new")  # the other one: this one is being read


@pytest.mark.slow
def test_adding_says_what_an_address_is(tmp_path: Path, site: str) -> None:
    with Terminal(home=tmp_path) as terminal:
        terminal.wait_for("Welcome")
        terminal.send("\x1b")
        terminal.quiet(0.3)
        terminal.send("a")
        terminal.wait_for("Add a feed")
        for address, answer in (
            ("::::", "not a web address"),
            (f"{site}/plain", "not a feed"),
            (f"{site}/nowhere", "404"),
            (f"{site}/", "Several feeds are here"),
        ):
            terminal.send("\x15")  # empties the line, in which what was wrong still stands
            terminal.quiet(0.2)
            terminal.send(f"{address}\r")
            terminal.wait_for(answer)
        terminal.send("\r")
        terminal.wait_for("Enter subscribes")
        terminal.send("\r")
        terminal.wait_for("1 of 1 readable offline")
        terminal.send("a")
        terminal.wait_for("Add a feed")
        terminal.send(f"{site}/Alpha.xml\r")
        terminal.wait_for("Already subscribed: Alpha")
