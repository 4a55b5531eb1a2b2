"""What is shown of an entry: which title, whose text, what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bacatui.model import Article, Entry, Kind, Mark, Offline
from bacatui.model.entry_view import TextSource, entry_view, shown_title

SEEN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ENTRY = Entry(
    1, 1, "Warta Teluk", "Morning ferry moves", SEEN, None, SEEN, Offline.READY, 3,
    author="admin", url="https://www.warta.example/1", text="The feed's text.", html="<p>The feed's text.</p>",
)  # fmt: skip
PAGE = Article(
    title="Morning ferry moves to five", byline="Sari Dewi", published=SEEN - timedelta(days=1),
    text="The page's text.", html="<p>The page's text.</p>", lead="In short.",
)  # fmt: skip


def test_the_feeds_title_wins_over_the_pages_headline() -> None:
    assert shown_title("Morning ferry moves", "Ferry news | Warta Teluk") == "Morning ferry moves"


@pytest.mark.parametrize("end", ["…", "...", " […]", " [...]", " (…)"])
def test_a_title_that_the_feed_cut_off_is_completed_by_the_page(end: str) -> None:
    whole = "Morning ferry moves to five o'clock"
    assert shown_title("Morning ferry moves" + end, whole) == whole
    assert shown_title("Another story" + end, whole) == "Another story" + end


def test_a_title_made_of_the_text_or_the_address_gives_way_to_the_headline() -> None:
    assert shown_title("We met at dawn and …", "Dawn", "We met at dawn and left at noon.") == "Dawn"
    assert shown_title("We met.", "Dawn", "We met.") == "Dawn"
    assert shown_title("https://warta.example/1", "Dawn") == "Dawn"
    assert shown_title("https://warta.example/1", "") == "https://warta.example/1"
    assert shown_title("海上の朝", "朝", "海上の朝の話です。") == "海上の朝"


def test_the_page_gives_text_and_byline_and_the_feed_the_time() -> None:
    view = entry_view(replace(ENTRY, published=SEEN), Mark(), PAGE)
    assert (view.text, view.byline, view.lead, view.source) == (
        "The page's text.", "Sari Dewi", "In short.", TextSource.PAGE,
    )  # fmt: skip
    assert view.published == SEEN
    assert entry_view(ENTRY, Mark(), PAGE).published == PAGE.published


def test_an_entry_that_nobody_dates_stands_under_the_day_it_was_first_seen() -> None:
    view = entry_view(ENTRY, Mark())
    assert (view.published, view.day) == (None, SEEN)


def test_without_a_page_the_feeds_text_is_shown_and_without_one_its_summary() -> None:
    assert entry_view(ENTRY, Mark()).source is TextSource.FEED
    bare = replace(ENTRY, text="", html="", summary="In a sentence.")
    view = entry_view(bare, Mark())
    assert (view.text, view.html, view.source) == ("In a sentence.", "", TextSource.SUMMARY)


def test_the_feeds_own_text_can_be_asked_for_and_brings_no_cuts_of_the_page() -> None:
    view = entry_view(ENTRY, Mark(), PAGE, feed_text=True)
    assert (view.text, view.lead, view.cuts, view.kind) == ("The feed's text.", "", (), Kind.FEED)


@pytest.mark.parametrize(
    ("offline", "article", "said"),
    [
        (Offline.READY, PAGE, ""),
        (Offline.PENDING, None, "opening it in the app fetches the article"),
        (
            Offline.PENDING,
            Article(error="No connection."),
            "No connection. Only the feed's own text so far",
        ),
        (Offline.FAILED, Article(error="No connection."), "missing: No connection."),
        (Offline.FAILED, None, "missing: the page could not be read."),
        (Offline.PARTIAL, PAGE, "a picture is missing"),
        (Offline.PARTIAL, replace(PAGE, kind=Kind.PAYWALL), "subscribers of warta.example"),
        (Offline.READY, replace(PAGE, kind=Kind.NONE), "no article"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(
    offline: Offline, article: Article | None, said: str
) -> None:
    missing = entry_view(replace(ENTRY, offline=offline), Mark(), article).missing
    assert said in missing
    assert bool(said) == bool(missing)
