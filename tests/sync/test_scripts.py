"""Scripts without blanks between words fare like those with them."""

from __future__ import annotations

import pytest

from bacatui.model import FullText, Kind, Offline, Scope
from tests.fetch.server import Server, answer
from tests.sync.conftest import Library, feed, page
from tests.text import DECLARATION, UNSPACED, paragraphs

LANGUAGES = ("en", *UNSPACED)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_page_on_another_host_is_kept_in_every_script(
    library: Library, server: Server, language: str
) -> None:
    opening = DECLARATION[language].strip()[:60]
    server.answers |= {
        "/feed": answer(feed(server.url, "a", text=opening + " …")),
        "/a": answer(b"", 302, Location=f"http://localhost:{server.port}/moved"),
        "/moved": page("a", paragraphs(language)),
    }
    library.subscribe(server.url + "/feed")
    report, _ = await library.sync()
    assert report.offline[Offline.READY] == 1
    [number] = library.store.read.ids(Scope())
    article = library.store.read.article(number)
    assert article is not None
    assert (article.kind, article.url) == (Kind.ARTICLE, f"http://localhost:{server.port}/moved")
    assert article.text.split("\n\n") == DECLARATION[language].strip().split("\n")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_whole_feed_text_is_partial_in_every_script(
    library: Library, server: Server, language: str
) -> None:
    server.answers["/feed"] = answer(feed(server.url, "a", text=paragraphs(language)))
    library.subscribe(server.url + "/feed", full_text=FullText.ALWAYS)
    report, _ = await library.sync()
    assert (report.offline[Offline.PARTIAL], report.errors) == (1, [])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_teaser_is_known_as_one_in_every_script(
    library: Library, server: Server, language: str
) -> None:
    teaser = DECLARATION[language].strip().split("\n")[0]
    server.answers |= {
        "/whole": answer(feed(server.url, "a", text=paragraphs(language))),
        "/teasers": answer(feed(server.url, "b", text=teaser)),
        "/b": page("b", paragraphs(language)),
    }
    library.subscribe(server.url + "/whole")
    library.subscribe(server.url + "/teasers")
    await library.sync()
    assert sorted(asked.target for asked in server.asked) == ["/b", "/teasers", "/whole"]
