"""The demo site answers as a real one does: feeds, pages, pictures, validators, one failing page."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bacatui import feeds
from bacatui.demo.site import FOLDER, PAPERS, Site, paper
from bacatui.tui.sequence import FLOOD
from tests.demo.expected import published, words

ATOM = "{http://www.w3.org/2005/Atom}"


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            return reply.status, dict(reply.headers), reply.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_a_dozen_feeds_have_a_back_file_in_two_languages(site: Site) -> None:
    articles = published(site).values()
    assert len(PAPERS) == 12
    assert len({paper(key)["folder"] for key in PAPERS}) >= 5
    assert 150 <= len(articles) <= 220
    languages = [article["language"] for article in articles]
    assert min(languages.count("id"), languages.count("en")) >= 70
    assert {paper(key)["feed"] for key in PAPERS} == {"rss", "atom"}
    ages = sorted(article["age"] for article in articles)
    assert len([age for age in ages if age > 7 * 1440]) >= 80
    assert ages[-1] > 365 * 1440


def test_no_two_articles_share_a_title_or_a_first_sentence(site: Site) -> None:
    articles = [article for key in PAPERS for article in site.articles(key)]
    assert len(published(site)) == len(articles)
    openings = [" ".join(words(article)[:6]) for article in articles]
    assert [opening for opening in openings if openings.count(opening) > 1] == []


def test_three_pieces_and_more_are_longer_than_five_minutes_in_both_languages(site: Site) -> None:
    long = [article for article in published(site).values() if len(words(article)) > 1_200]
    assert len(long) >= 3
    assert {article["language"] for article in long} == {"en", "id"}
    for article in long:
        for part in ("<h", "<table", "<blockquote", "<ol" if "<ol" in article["body"] else "<ul"):
            assert part in article["body"], f"{part} in {article['title']}"


@pytest.mark.parametrize("language", ["en", "id"])
def test_only_the_small_ads_are_a_flood(language: str) -> None:
    loud: set[str] = set()
    with Site(language) as site:
        for key in PAPERS:
            ages = [article["age"] for article in site.articles(key)]
            spans = zip(ages, ages[FLOOD - 1 :], strict=False)
            loud |= {key for first, last in spans if last - first < 1440}
    assert loud == {"papan"}


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_newest_articles_are_in_the_language_of_the_user(language: str) -> None:
    with Site(language) as site:
        newest = sorted(published(site).values(), key=lambda article: article["age"])
    assert newest[0]["language"] == language
    assert "front" in newest[0]
    assert [article["language"] for article in newest[:12]].count(language) == 12


@pytest.mark.parametrize(("language", "said"), [
    ("en", ("on purpose", "Nothing is broken")), ("id", ("sengaja", "Tidak ada yang rusak")),
])  # fmt: skip
def test_the_page_that_fails_says_so_itself(language: str, said: tuple[str, str]) -> None:
    with Site(language) as site:
        (failing,) = [article for article in published(site).values() if article["status"] != 200]
    assert said[0] in failing["title"]
    assert said[0] in failing["summary"]
    assert said[1] in failing["summary"]
    assert failing["language"] == language


def test_feeds_are_well_formed_and_are_not_asked_twice_for_the_same_bytes(site: Site) -> None:
    for url in site.feeds.values():
        status, headers, body = ask(url)
        assert status == 200
        ElementTree.fromstring(body)
        assert ask(url, If_None_Match=headers["ETag"])[0] == 304
        assert ask(url, If_Modified_Since=headers["Last-Modified"])[::2] == (304, b"")
        assert (
            ask(url, If_None_Match='"another"', If_Modified_Since=headers["Last-Modified"])[0]
            == 200
        )


def test_every_link_of_every_feed_leads_to_a_page_or_a_file_of_the_right_size(site: Site) -> None:
    broken = []
    for key, url in zip(PAPERS, site.feeds.values(), strict=True):
        parsed = feeds.parse(ask(url)[2], url)
        titles = [article["title"] for article in site.articles(key)]
        assert [entry.title for entry in parsed.entries] == titles
        assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)
        for entry in parsed.entries:
            status, _, body = ask(entry.link)
            broken += [entry.link] if status != 200 else []
            assert entry.published is not None
            assert entry.published <= site.started
            for picture in re.findall(rb'src="([^"]+)"', body):
                assert ask(picture.decode())[0] == 200
            for enclosure in entry.enclosures:
                assert len(ask(enclosure.url)[2]) == enclosure.length
    assert [link.rpartition("/")[2] for link in broken] == ["a-page-that-fails-on-purpose"]


def test_the_front_page_announces_the_feeds(site: Site) -> None:
    found = feeds.discover(ask(site.url + "/")[2], site.url + "/")
    assert {feed.url for feed in found} >= set(site.feeds.values())


def test_what_is_not_there_is_answered_404(site: Site) -> None:
    for path in (
        "/lentera/tidak-ada",
        "/media/../lentera.toml",
        "/media/%2e%2e/site.py",
        "/lentera/feed.xml?x=1",
    ):
        assert ask(site.url + path)[0] == 404


def test_a_pulled_plug_is_felt_at_once_and_can_be_put_back_on_the_same_port(site: Site) -> None:
    url = next(iter(site.feeds.values()))
    assert site.toggle() is False
    with pytest.raises(urllib.error.URLError):
        ask(url)
    assert site.toggle() is True
    assert ask(url)[0] == 200


def test_two_sites_can_run_at_once() -> None:
    with Site() as one, Site() as other:
        assert one.port != other.port
        assert ask(one.url + "/")[0] == ask(other.url + "/")[0] == 200


def test_dates_follow_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACATUI_NOW", "2026-08-17T03:00:00Z")
    with Site("id") as site:
        page = ask(f"{site.url}/lentera/{paper('lentera')['article'][1]['slug']}")[2].decode()
    assert '<time datetime="2026-08-17T09:12:00+07:00">17 Agustus 2026, 09.12 WIB' in page


def test_structured_data_of_the_pages_can_be_read(site: Site) -> None:
    for path, (_, _, body) in site.answers.items():
        if match := re.search(rb'ld\+json">(.*?)</script>', body, re.DOTALL):
            assert json.loads(match[1])["author"]["name"], path


def test_the_files_that_ship_stay_small() -> None:
    media = list((FOLDER / "media").iterdir())
    assert len(media) >= 10
    assert all(file.stat().st_size <= 17_000 for file in media)
    assert sum(file.stat().st_size for file in Path(FOLDER).rglob("*") if file.is_file()) < 400_000
