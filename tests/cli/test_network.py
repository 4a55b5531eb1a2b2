"""The whole way: add, sync, pull the plug, read. On loopback, with real requests."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from bacatui.paths import Home
from tests.cli.conftest import Run, Site, rss
from tests.corpora import page_of, truths

PAGE = (
    "<html><head><title>{0} - Loop</title></head><body><nav><a href=/>Home</a></nav>"
    "<article><h1>{0}</h1>{1}</article></body></html>"
)
PARAGRAPHS = "".join(
    f"<p>Sentence {n} of the story, long enough to be taken for a paragraph of it.</p>"
    for n in range(12)
)
XML = "application/rss+xml"


def test_a_story_is_read_after_the_site_has_gone(run: Run, site: Site) -> None:
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Only a teaser …")))
    site.pages["/story"] = ("text/html", PAGE.format("Story", PARAGRAPHS).encode())
    added = run("add", f"{site.url}/feed", "--folder", "Near")
    assert (added.code, "Subscribed: Loop" in added.out) == (0, True)
    assert run("sync").code == 0
    site.close()
    assert run("offline", "--check").code == 0
    story = run("read", "1", "--json").json
    assert "Sentence 11 of the story" in story["text"]
    assert "Home" not in story["text"]
    assert run("feeds", "--json").json["feeds"][0]["folder"] == "Near"


@pytest.mark.parametrize("file", truths("seed", "date"))
def test_the_seed_page_comes_out_exact(run: Run, site: Site, file: Path) -> None:
    body, truth = page_of(file)
    site.pages["/p/"] = ("text/html; charset=utf-8", body)
    site.pages["/feed"] = (XML, rss(site, ("/p/", truth["title"], truth["text"][:20] + " …")))
    assert run("add", f"{site.url}/feed").code == 0
    assert run("sync").code == 0
    site.close()
    seed = run("read", "1", "--json").json
    assert (seed["text"], seed["title"], seed["author"]) == (
        truth["text"],
        truth["title"],
        truth["author"][0],
    )
    assert run("offline", "--check").code == 0


def test_a_sync_that_fails_somewhere_names_it_and_ends_with_1(run: Run, site: Site) -> None:
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Only a teaser …")))
    assert run("add", f"{site.url}/feed", "--no-sync").code == 0
    done = run("sync")
    assert done.code == 1
    assert "/story" in done.err
    check = run("offline", "--check")
    assert check.code == 1
    assert "Story" in check.err


def test_what_is_no_feed_or_not_there_is_not_subscribed(run: Run, site: Site) -> None:
    site.pages["/page"] = (
        "text/html",
        b"<html><body><p>Nothing to subscribe to.</p></body></html>",
    )
    for path in ("/page", "/missing"):
        done = run("add", site.url + path)
        assert (done.code, done.err.count("\n")) == (1, 1)
    assert run("feeds", "--json").json == {"feeds": []}


def test_a_site_that_does_not_answer_is_subscribed_and_that_is_said(run: Run, site: Site) -> None:
    site.close()
    done = run("add", f"{site.url}/feed")
    assert (done.code, len(run("feeds", "--json").json["feeds"])) == (0, 1)
    assert done.err.count("\n") == 1


def test_adding_twice_changes_nothing(run: Run, site: Site) -> None:
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    run("add", f"{site.url}/feed")
    assert run("add", f"{site.url}/feed").code == 0
    assert len(run("feeds", "--json").json["feeds"]) == 1


def test_a_site_leads_to_its_feed(run: Run, site: Site) -> None:
    site.pages["/"] = (
        "text/html",
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>',
    )
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    assert run("add", site.url + "/").code == 0
    assert run("feeds", "--json").json["feeds"][0]["url"] == f"{site.url}/feed"


def test_an_address_without_a_scheme_is_tried_with_and_without_tls(run: Run, site: Site) -> None:
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    assert run("add", f"{site.url.removeprefix('http://')}/feed").code == 0
    assert run("feeds", "--json").json["feeds"][0]["url"] == f"{site.url}/feed"


def test_removing_can_be_undone_with_all_that_was_read(run: Run, site: Site) -> None:
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    run("add", f"{site.url}/feed")
    run("mark", "bookmark", "1")
    assert run("remove", "Loop").code == 0
    assert run("feeds", "--json").json == {"feeds": []}
    assert run("undo").code == 0
    assert run("list", "is:bookmarked", "--json").json["entries"][0]["title"] == "Story"
    assert run("remove", "No such feed").code == 2


def test_a_page_that_cannot_be_had_is_saved_and_its_reason_told(run: Run, site: Site) -> None:
    done = run("save", f"{site.url}/no-such-page")
    assert done.code == 0 and "Saved as a bookmark; bacatui read" in done.out
    assert "404" in done.err and "tries again" in done.err


def test_a_page_is_saved_as_a_bookmark_and_read_without_the_net(run: Run, site: Site) -> None:
    site.pages["/story"] = ("text/html", PAGE.format("Story", PARAGRAPHS).encode())
    done = run("save", f"{site.url}/story")
    assert done.code == 0
    site.close()
    saved = run("list", "is:bookmarked", "--json").json["entries"]
    assert [entry["title"] for entry in saved] == ["Story"]
    assert "Sentence 3" in run("read", str(saved[0]["id"])).out


def test_any_page_is_printed_clean_and_not_stored(run: Run, site: Site, tmp_path: Path) -> None:
    site.pages["/story"] = ("text/html", PAGE.format("Story", PARAGRAPHS).encode())
    done = run("open", f"{site.url}/story")
    assert (done.code, "Sentence 3 of the story" in done.out) == (0, True)
    assert run("list", "--json").json == {"entries": []}
    assert run("open", str(tmp_path / "missing.html")).code == 2
    assert run("open", f"{site.url}/missing").code == 1


def test_sync_takes_feeds_by_name_and_refuses_one_that_it_does_not_know(
    run: Run, site: Site
) -> None:
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    run("add", f"{site.url}/feed")
    assert run("sync", "Loop", "--json").json["feeds"]["unchanged"] == 1
    assert run("sync", "Nobody").code == 2
    assert run("sync", "--due", "--json").json["feeds"]["ok"] == 0


def test_a_page_that_is_no_article_says_so_and_the_feeds_text_is_shown(
    run: Run, site: Site
) -> None:
    index = "".join(f"<p><a href=/{n}>Story number {n} of the index</a></p>" for n in range(40))
    site.pages["/feed"] = (XML, rss(site, ("/index", "Index", "Only a teaser …")))
    site.pages["/index"] = (
        "text/html",
        f"<html><title>Index</title><body>{index}</body></html>".encode(),
    )
    run("add", f"{site.url}/feed")
    run("sync")
    read = run("read", "1").out
    assert "Only a teaser" in read
    assert "The page is no article; this is the feed's own text." in read


def test_a_page_that_is_no_article_is_shown_where_the_feed_says_nothing_itself(
    run: Run, site: Site
) -> None:
    index = "".join(f"<p><a href=/{n}>Story number {n} of the index</a></p>" for n in range(40))
    site.pages["/index"] = (
        "text/html",
        f"<html><title>Index</title><body>{index}</body></html>".encode(),
    )
    run("save", f"{site.url}/index")
    assert "Story number 7" in run("read", "1").out
    assert run("offline", "--check").code == 0


def test_an_article_of_more_parts_than_are_fetched_says_so(run: Run, site: Site) -> None:
    site.pages["/feed"] = (XML, rss(site, ("/long", "Long", "Only a teaser …")))
    for part in range(1, 13):
        following = f"<link rel=next href='{site.url}/long?page={part + 1}'>"
        text = PARAGRAPHS.replace("Sentence", f"Part {part}, sentence")
        site.pages["/long" if part == 1 else f"/long?page={part}"] = ("text/html", (following + PAGE.format("Long", text)).encode())  # fmt: skip
    run("add", f"{site.url}/feed")
    run("sync")
    read = run("read", "1").out
    assert "Only the first 10 pages of this article are here." in read
    assert "picture" not in read


def test_a_rule_that_cannot_be_read_is_named(run: Run, home: Home) -> None:
    rules = home.config / "rules"
    rules.mkdir(parents=True)
    (rules / "mine.toml").write_text("[[rule]]\nid = 'x'\n", encoding="utf-8")
    done = run("list")
    assert done.code == 0
    assert "mine.toml: " in done.err
    assert "it needs starts, matches or classes" in done.err


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the resolver says of names: an address, or the error that it answers with; of others as usual."""
    found, real = dict[str, str](), socket.getaddrinfo

    def look_up(host: str, *more: Any, **named: Any) -> list[Any]:
        said = found.get(host, host)
        if said.startswith("EAI_"):
            raise socket.gaierror(getattr(socket, said), said)
        return real(said, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return found


@pytest.mark.parametrize("how", ["no-sync", "import"])
def test_a_feed_in_ones_own_network_that_nobody_asked_yet_is_allowed_by_the_command_that_the_error_names(
    run: Run, site: Site, names: dict[str, str], tmp_path: Path, how: str
) -> None:
    names["rumah.test"] = "127.0.0.1"
    url = f"{site.url.replace('127.0.0.1', 'rumah.test')}/feed"
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    if how == "import":
        (tmp_path / "a.opml").write_text(
            f"<opml version='2.0'><body><outline xmlUrl='{url}'/></body></opml>"
        )
        assert run("import", str(tmp_path / "a.opml")).code == 0
    else:
        assert run("add", "--no-sync", url).code == 0
    for _time in range(2):
        refused = run("sync")
        assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert site.asked == []
    command = refused.err.partition("If it is yours: bacatui ")[2].split()
    allowed = run(*command)
    assert (allowed.code, allowed.err) == (0, "")
    assert allowed.out == f"Allowed: {url} may lie in your own network.\n"
    assert run("list", "--json").json["entries"][0]["title"] == "Story"
    run("undo")
    asked = len(site.asked)
    assert (run("sync").code, len(site.asked)) == (1, asked)


def test_a_feed_may_be_allowed_in_ones_own_network_before_it_was_asked(
    run: Run, site: Site, names: dict[str, str], tmp_path: Path
) -> None:
    names["rumah.test"] = "127.0.0.1"
    url = site.url.replace("127.0.0.1", "rumah.test")
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    assert run("add", "--no-sync", "--inside", f"{url}/feed").code == 0
    assert run("add", "--no-sync", f"{url}/other").code == 0
    assert "Allowed" in run("add", "--no-sync", "--inside", f"{url}/other").out
    run("sync")
    assert {path for path in site.asked if path in {"/feed", "/other"}} == {"/feed", "/other"}
    (tmp_path / "urls").write_text(f"{url}/more\n")
    done = run("add", "--inside", str(tmp_path / "urls"))
    assert (done.code, done.err.count("\n"), len(run("feeds", "--json").json["feeds"])) == (2, 1, 2)


@pytest.mark.parametrize("said", ["EAI_NONAME", "EAI_NODATA"])
def test_a_typo_does_not_subscribe_unless_it_is_forced(
    run: Run, site: Site, names: dict[str, str], said: str
) -> None:
    names["exmaple.test"] = said
    site.pages["/feed"] = (XML, rss(site, ("/story", "Story", "Words. " * 130)))
    done = run("add", "exmaple.test", f"{site.url}/feed")
    assert (done.code, done.out) == (1, "Subscribed: Loop (feed 1)\n")
    assert done.err == (
        "bacatui: The host exmaple.test was not found. Nothing was subscribed. "
        "Check the spelling; --force subscribes all the same.\n"
    )
    forced = run("add", "--force", "exmaple.test")
    assert (forced.code, forced.out) == (0, "Subscribed: https://exmaple.test (feed 2)\n")
    assert forced.err == "bacatui: exmaple.test: The host exmaple.test was not found.\n"


@pytest.mark.parametrize("said", ["EAI_AGAIN", "EAI_FAIL"])
def test_a_resolver_that_fails_subscribes_and_waits(
    run: Run, names: dict[str, str], said: str
) -> None:
    names["kabar.test"] = said
    done = run("add", "kabar.test")
    assert (done.code, len(run("feeds", "--json").json["feeds"])) == (0, 1)
    assert done.err.startswith("bacatui: kabar.test: ")
