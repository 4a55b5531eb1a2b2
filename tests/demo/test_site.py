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

ATOM = "{http://www.w3.org/2005/Atom}"


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            return reply.status, dict(reply.headers), reply.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_there_are_three_feeds_and_more_than_thirty_articles_in_two_languages() -> None:
    articles = [(article, paper(key)) for key in PAPERS for article in paper(key)["article"]]
    assert len(PAPERS) == 3
    assert len(articles) >= 32
    languages = [article.get("language", its["language"]) for article, its in articles]
    assert min(languages.count("id"), languages.count("en")) >= 14
    assert {paper(key)["feed"] for key in PAPERS} == {"rss", "atom"}


def test_feeds_are_well_formed_and_are_not_asked_twice_for_the_same_bytes(site: Site) -> None:
    for url in site.feeds.values():
        status, headers, body = ask(url)
        assert status == 200
        ElementTree.fromstring(body)
        assert ask(url, If_None_Match=headers["ETag"])[0] == 304
        assert ask(url, If_Modified_Since=headers["Last-Modified"])[::2] == (304, b"")
        assert ask(url, If_None_Match='"another"', If_Modified_Since=headers["Last-Modified"])[0] == 200


def test_every_link_of_every_feed_leads_to_a_page_or_a_file_of_the_right_size(site: Site) -> None:
    broken = []
    for key, url in zip(PAPERS, site.feeds.values(), strict=True):
        parsed = feeds.parse(ask(url)[2], url)
        assert [entry.title for entry in parsed.entries] == [article["title"] for article in paper(key)["article"]]
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
    assert [link.rpartition("/")[2] for link in broken] == ["pemadaman-bergilir"]


def test_the_front_page_announces_the_feeds(site: Site) -> None:
    found = feeds.discover(ask(site.url + "/")[2], site.url + "/")
    assert {feed.url for feed in found} >= set(site.feeds.values())


def test_what_is_not_there_is_answered_404(site: Site) -> None:
    for path in ("/lentera/tidak-ada", "/media/../lentera.toml", "/media/%2e%2e/site.py", "/lentera/feed.xml?x=1"):
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
    with Site() as site:
        page = ask(f"{site.url}/lentera/{paper('lentera')['article'][0]['slug']}")[2].decode()
    assert '<time datetime="2026-08-17T09:50:00+07:00">17 Agustus 2026, 09.50 WIB' in page


def test_structured_data_of_the_pages_can_be_read(site: Site) -> None:
    for path, (_, _, body) in site.answers.items():
        if match := re.search(rb'ld\+json">(.*?)</script>', body, re.DOTALL):
            assert json.loads(match[1])["author"]["name"], path


def test_the_files_that_ship_stay_small() -> None:
    media = list((FOLDER / "media").iterdir())
    assert len(media) >= 10
    assert all(file.stat().st_size <= 17_000 for file in media)
    assert sum(file.stat().st_size for file in Path(FOLDER).rglob("*") if file.is_file()) < 260_000
