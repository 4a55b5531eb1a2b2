"""Storing what sync brings: new, changed and known entries; the user's marks stay."""

import sqlite3
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bacatui.model import (
    Article,
    Enclosure,
    FetchState,
    FullText,
    Kind,
    Offline,
    ParsedFeed,
    Scope,
    ScopeKind,
)
from bacatui.store import FeedExists, FeedUnknown, Store, StoredPicture, doctor, intake
from bacatui.store.sql import connect
from bacatui.store.types import Stored
from tests.store.conftest import NOW, document, made, subscribed, synced


def titles(store: Store, scope: Scope | None = None) -> list[str]:
    return [row.title for row in store.read.rows(store.read.ids(scope or Scope()))]


def again(store: Store, feed: int, *entries: object) -> tuple[int, int]:
    stored = store.write.store_feed(feed, document(*entries), synced()).result()  # type: ignore[arg-type]
    return len(stored.new), stored.updated


def test_the_first_sync_leaves_only_the_newest_unread(store: Store) -> None:
    feed = subscribed(store, *(made(n) for n in range(250)), newest=10)
    assert store.read.count(Scope()).entries == 250
    assert store.read.count(Scope(ScopeKind.UNREAD)).entries == 10
    assert titles(store, Scope(ScopeKind.UNREAD)) == [f"Title {n}" for n in range(10)]
    assert [act.author for act in store.read.journal() if act.kind == "read"] == ["sync"]
    assert again(store, feed, *(made(n) for n in range(-15, 250))) == (15, 0)
    assert store.read.count(Scope(ScopeKind.UNREAD)).entries == 25
    assert store.write.undo().result().kind == "subscribe"  # type: ignore[union-attr]


def test_an_interrupted_first_sync_is_still_the_first_sync(store: Store) -> None:
    feed = store.write.add_feed("https://a.example/feed").result()
    store.write.store_feed(
        feed.id, document(*(made(n) for n in range(20, 60))), FetchState()
    ).result()
    store.write.store_feed(feed.id, document(*(made(n) for n in range(60))), synced()).result()
    assert (
        store.read.count(Scope(ScopeKind.UNREAD)).entries == 10 + 10
    )  # those that were newest each time
    assert store.read.count(Scope()).entries == 60


def test_what_has_not_changed_costs_no_write(store: Store, path: Path) -> None:
    feed = subscribed(store, *(made(n) for n in range(30)))
    watcher = sqlite3.connect(path)
    state = store.read.fetch_state(feed)
    store.write.store_feed(feed, document(*(made(n) for n in range(30))), state).result()
    entries = watcher.execute("SELECT count(*), max(id) FROM entry").fetchone()
    assert entries == (30, 30)
    assert again(store, feed, *(made(n) for n in range(30))) == (0, 0)
    assert again(store, feed, made(0, title="Better"), *(made(n) for n in range(1, 30))) == (0, 1)


def test_a_changed_entry_keeps_its_number_its_place_and_its_marks(store: Store) -> None:
    feed = subscribed(store, made(1), made(2))
    row = store.read.first(Scope(), 1)[0]
    store.write.set_read([row.id]).result()
    store.write.set_note(row.id, "Ask Budi").result()
    again(store, feed, made(1, title="Corrected", published=NOW, text="Other words"))
    after = store.read.row(row.id)
    assert (
        after is not None
        and after.title == "Corrected"
        and after.is_read
        and after.sort_at == row.sort_at
    )
    assert store.read.mark(row.id).note == "Ask Budi"
    assert [hit.id for hit in store.read.first(Scope(ScopeKind.SEARCH, "other"), 5)] == [row.id]
    assert not store.read.first(Scope(ScopeKind.SEARCH, '"Body 1"'), 5)


def test_feeds_that_change_all_their_ids_keep_entries_and_marks(store: Store) -> None:
    feed = subscribed(store, *(made(n) for n in range(6)))
    store.write.set_read(Scope()).result()
    renamed = [
        made(n, id=f"tag:new,{n}", link=f"http://a.example/{n}/?utm_source=x#top") for n in range(6)
    ]
    assert again(store, feed, *renamed) == (0, 6)
    assert store.read.count(Scope()).unread == 0
    assert again(store, feed, *renamed, made(-1)) == (1, 0)


def test_positional_guids_are_new_entries_each_day(store: Store) -> None:
    feed = subscribed(store, *(made(n, id=str(n)) for n in range(3)))
    store.write.set_read(Scope()).result()
    tomorrow = [made(n + 10, id=str(n)) for n in range(2)] + [made(0, id="2")]
    assert again(store, feed, *tomorrow) == (2, 1)  # two new ones; the old first one is now third
    assert store.read.count(Scope()).entries == 5
    assert store.read.count(Scope()).unread == 2
    assert again(store, feed, *tomorrow) == (0, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # the title is made of the text, and was made otherwise
        ({"title": "Hello @bob , see this !"}, {"title": "Hello @bob, see this!"}),
        ({"title": "Hello @bob , see…"}, {"title": "Hello @bob, see this…"}),
        # the publisher's title was not found before, or tags stood in it
        ({"title": "Hello @bob, see this!"}, {"title": "A title of its own"}),
        ({"title": "Judulsatu"}, {"title": "Judul satu"}),
        # another of the publisher's texts is taken for the text, or one is found now
        ({"title": "t", "content": "<p>Caption</p>", "text": "Caption"}, {"title": "t"}),
        (
            {"title": "t", "content": "", "text": "", "published": None},
            {"title": "t", "published": None},
        ),
    ],
)
def test_what_is_made_of_an_entry_without_guid_and_link_may_change(
    store: Store, before: dict[str, object], after: dict[str, object]
) -> None:
    own: dict[str, object] = {
        "content": "<p>Hello @bob, see this!</p>",
        "text": "Hello @bob, see this!",
    }
    bare: dict[str, object] = {"id": "", "link": "", "has_guid": False}
    feed = subscribed(store, made(1, **bare | own | before), made(2))
    [number] = [row.id for row in store.read.first(Scope(), 9) if row.title == before["title"]]
    store.write.set_bookmark([number]).result()
    assert again(store, feed, made(1, **bare | own | after), made(2)) == (0, 1)
    assert store.read.entry(number).title == after["title"]  # type: ignore[union-attr]
    assert store.read.mark(number).bookmarked_at
    assert again(store, feed, made(1, **bare | own | after), made(2)) == (0, 0)


def test_entries_without_guid_and_link_that_say_the_same_are_told_apart(store: Store) -> None:
    bare: dict[str, object] = {"id": "", "link": "", "has_guid": False}
    feed = subscribed(
        store, made(3, **bare, content="<p>More on our site</p>", text="More on our site")
    )
    other = made(2, **bare, content="<p>More on our site</p>", text="More on our site")
    assert again(store, feed, other) == (1, 0), (
        "the same text, with another title of its publisher's"
    )
    weather = [
        made(n, **bare | {"title": "Weather", "content": f"<p>{n}</p>", "text": str(n)})
        for n in (1, 0)
    ]
    assert again(store, feed, weather[0]) == (1, 0)
    assert again(store, feed, weather[1]) == (1, 0), (
        "the same title, on another day with another text"
    )


def test_an_id_that_becomes_a_link_keeps_its_entry(store: Store) -> None:
    address = "https://a.example/notes/7"
    feed = subscribed(store, made(1, id=address, link="", title="Hello @bob , see this !"), made(2))
    [number] = [row.id for row in store.read.first(Scope(), 9) if row.title.startswith("Hello")]
    assert again(
        store, feed, made(1, id=address, link=address, title="Hello @bob, see this!"), made(2)
    ) == (0, 1)
    assert store.read.entry(number).url == address  # type: ignore[union-attr]


def test_one_link_for_all_entries_never_swallows_a_new_one(store: Store) -> None:
    feed = subscribed(store, made(1, link="https://a.example/"))
    assert again(
        store, feed, made(2, link="https://a.example/"), made(1, link="https://a.example/")
    ) == (1, 0)
    assert again(store, feed, made(3, link="https://a.example/")) == (1, 0)


def test_a_document_that_repeats_itself_stores_each_entry_once(store: Store) -> None:
    twin = made(1, id="same")
    feed = subscribed(
        store, twin, made(2, id="same"), twin, made(3, id="", link="", has_guid=False)
    )
    assert store.read.count(Scope()).entries == 3
    assert again(
        store, feed, twin, made(2, id="same"), made(3, id="", link="", has_guid=False)
    ) == (0, 0)


def test_latest_is_ordered_by_what_the_reader_can_have_seen(store: Store) -> None:
    feed = subscribed(
        store,
        made(1, title="future", published=NOW + timedelta(days=3)),
        made(2, title="none", published=None),
        made(3, title="old at first", published=NOW - timedelta(days=400)),
        made(4, title="yesterday", published=NOW - timedelta(days=1)),
    )
    assert titles(store) == ["future", "none", "yesterday", "old at first"]
    again(store, feed, made(9, title="late", published=NOW - timedelta(days=90)))
    assert titles(store)[0] == "late"
    row = store.read.first(Scope(), 1)[0]
    assert row.published == NOW - timedelta(days=90) and row.sort_at == NOW


def test_entries_without_dates_stand_in_the_order_of_the_document(store: Store) -> None:
    subscribed(store, *(made(n, published=None) for n in range(150)))
    assert titles(store) == [f"Title {n}" for n in range(150)]


def test_sync_is_denied_writes_to_what_the_reader_owns(store: Store, path: Path) -> None:
    subscribed(store, made(1))
    db = connect(path, "sync")
    for sql in (
        "INSERT INTO mark (entry) VALUES (1)",
        "UPDATE mark SET read_at = NULL",
        "DELETE FROM mark",
        "DELETE FROM tag",
        "INSERT INTO tag VALUES ('x', 1)",
        "DELETE FROM journal",
        "UPDATE mark SET note = ''",
        "DROP TABLE mark",
    ):
        with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited"):
            db.execute(sql)
    db.execute("UPDATE entry SET words = 3")


def test_everything_the_publisher_wrote_comes_back(store: Store) -> None:
    entry = made(
        1,
        summary="Short",
        language="id",
        comments="https://a.example/1#c",
        enclosures=(Enclosure("https://a.example/a.mp3", "audio/mpeg", 5, "Sound"),),
        categories=("Ekonomi", "Bisnis"),
        updated=NOW,
        is_stub=True,
    )
    feed = subscribed(store, entry)
    found = store.read.entry(1)
    assert found is not None
    assert (found.feed_id, found.guid, found.title, found.url, found.author) == (
        feed,
        entry.id,
        entry.title,
        entry.link,
        entry.author,
    )
    assert (found.published, found.updated, found.first_seen) == (entry.published, NOW, NOW)
    assert (found.html, found.text, found.summary, found.language) == (
        entry.content,
        entry.text,
        "Short",
        "id",
    )
    assert (found.comments, found.enclosures, found.categories) == (
        entry.comments,
        entry.enclosures,
        entry.categories,
    )
    assert found.is_stub and found.feed_title == "A feed"
    assert (
        store.read.entry(99) is None
        and store.read.row(99) is None
        and store.read.article(99) is None
    )


def test_an_article_is_stored_searched_and_counted(store: Store) -> None:
    subscribed(store, made(1, is_stub=True), made(2, is_stub=True))
    assert [w.entry_id for w in store.read.wanted_articles(10)] == [2, 1]
    store.write.set_bookmark([1]).result()
    assert [w.entry_id for w in store.read.wanted_articles(10)] == [1, 2]
    article = Article(
        title="T",
        byline="A, B",
        published=NOW,
        lead="L",
        text="kapal " * 460,
        html="<p>kapal</p>",
        kind=Kind.GALLERY,
        lead_image="",
    )
    store.write.store_article(1, article, Offline.READY).result()
    assert store.read.article(1) == article
    row = store.read.row(1)
    assert (
        row is not None and row.words == 460 and row.minutes == 2 and row.offline is Offline.READY
    )
    assert store.read.count(Scope()).minutes == 3
    assert [r.id for r in store.read.first(Scope(ScopeKind.SEARCH, "kapal"), 5)] == [1]
    assert [w.entry_id for w in store.read.wanted_articles(10)] == [2]
    assert store.read.wanted_articles(10, ids=[1]) == []


def test_a_page_that_fails_never_takes_the_place_of_one_that_was_had(store: Store) -> None:
    subscribed(store, made(1, is_stub=True))
    store.write.store_article(1, Article(error="The page answered 500."), Offline.FAILED).result()
    report = store.read.offline()
    assert (report.counts[Offline.FAILED], report.missing[0][0].id, report.missing[0][1]) == (
        1,
        1,
        "The page answered 500.",
    )
    assert store.read.wanted_articles(9) == []
    assert [w.attempts for w in store.read.wanted_articles(9, retry_before=NOW + timedelta(1))] == [
        1
    ]
    store.write.store_article(
        1, Article(text="All of it", html="<p>All of it</p>"), Offline.READY
    ).result()
    store.write.store_article(1, Article(error="Gone."), Offline.FAILED).result()
    article = store.read.article(1)
    assert article is not None and article.text == "All of it"
    assert store.read.offline().counts[Offline.READY] == 1


def test_a_missing_picture_makes_an_entry_partial_until_it_is_there(store: Store) -> None:
    html = '<figure><img src="https://a.example/p.png?a=1&amp;b=2" alt="P"/></figure>'
    subscribed(store, made(1, content=html), made(2, content=html))
    assert [p.url for p in store.read.wanted_pictures(9)] == ["https://a.example/p.png?a=1&b=2"] * 2
    assert store.read.offline().counts[Offline.PARTIAL] == 2
    store.write.want_pictures(False).result()
    assert store.read.offline().counts[Offline.READY] == 2
    store.write.want_pictures(True).result()
    picture = StoredPicture("https://a.example/p.png?a=1&b=2", "ab/cd.png", "png", 10, 20, 99)
    store.write.store_picture(replace(picture, path="", error="404")).result()
    assert store.read.offline().counts[Offline.PARTIAL] == 2 and store.read.wanted_pictures(9) == []
    store.write.store_picture(picture).result()
    assert (
        store.read.offline().counts[Offline.READY] == 2
        and store.read.picture(picture.url) == picture
    )


def test_full_text_of_a_feed_decides_what_is_wanted(store: Store) -> None:
    feed = subscribed(store, made(1), made(2, is_stub=True))
    assert [w.entry_id for w in store.read.wanted_articles(9)] == [1]
    store.write.edit_feed(feed, full_text=FullText.ALWAYS).result()
    assert len(store.read.wanted_articles(9)) == 2
    store.write.edit_feed(feed, full_text=FullText.NEVER).result()
    assert store.read.wanted_articles(9) == [] and store.read.offline().counts[Offline.READY] == 2
    store.write.undo().result()
    assert len(store.read.wanted_articles(9)) == 2


def test_fetch_state_and_schedule_survive(store: Store) -> None:
    feed = subscribed(store, made(1))
    state = FetchState(
        'W/"\u00e9"',
        "Sat",
        "hash",
        "bad",
        "failing",
        "Timed out.",
        3,
        False,
        NOW,
        NOW,
        NOW,
        NOW,
        600,
        "https://b/",
        1,
    )
    store.write.store_state(feed, state).result()
    assert store.read.fetch_state(feed) == state
    assert [f.id for f in store.read.due(NOW)] == [feed]
    assert store.read.due(NOW - timedelta(seconds=1)) == []
    store.write.store_state(feed, replace(state, next_check=NOW + timedelta(days=30))).result()
    assert [f.id for f in store.read.due(NOW)] == [feed]  # the clock was set back
    store.write.store_state(feed, replace(state, status="gone")).result()
    assert store.read.due(NOW) == []
    store.write.set_host_wait("a.example", NOW).result()
    assert store.read.host_waits() == {"a.example": NOW}
    store.write.set_host_wait("a.example", None).result()
    assert store.read.host_waits() == {}


def test_a_feed_that_is_gone_takes_no_entries(store: Store) -> None:
    feed = subscribed(store, made(1))
    store.write.remove_feed(feed).result()
    with pytest.raises(FeedUnknown):
        store.write.store_feed(feed, document(made(2)), synced()).result()
    with pytest.raises(FeedUnknown):
        store.write.edit_feed(77, title="x").result()


def handed_in_together(store: Store, *documents: tuple[int, ParsedFeed]) -> list[Future[Stored]]:
    """Queue documents while the writer is busy, so that all wait when it begins with the first."""
    gate = Event()
    store.write.submit(0, lambda: gate.wait(10))
    futures = [
        store.write.store_feed(feed, parsed, synced(), newest_unread=1)
        for feed, parsed in documents
    ]
    gate.set()
    return futures


def test_feeds_that_wait_are_stored_together_and_each_has_its_own_result(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = [store.write.add_feed(f"https://{n}.example/feed").result().id for n in range(4)]
    settled, settle = list[int](), intake.settle

    def counting(db: sqlite3.Connection, ids: list[int]) -> None:
        settled.append(len(ids))
        settle(db, ids)

    monkeypatch.setattr(intake, "settle", counting)
    futures = handed_in_together(
        store, *((feed, document(made(1), made(2), made(3))) for feed in feeds)
    )
    assert [len(future.result().new) for future in futures] == [3] * 4
    assert settled == [12]  # one transaction
    assert all((feed.entries, feed.unread) == (3, 1) for feed in store.read.feeds())
    assert {store.read.fetch_state(feed).etag for feed in feeds} == {'"1"'}
    assert [finding for finding in doctor(store) if not finding.is_good] == []


def test_a_document_that_cannot_be_stored_leaves_those_beside_it_alone(store: Store) -> None:
    good, bad, other = (
        store.write.add_feed(f"https://{n}.example/feed").result().id for n in range(3)
    )
    futures = handed_in_together(
        store, (good, document(made(1))), (bad, document(made(2, title="\ud800"))), (999, document(made(3))),
        (other, document(made(4))), (other, document(made(4), made(5))),
    )  # fmt: skip
    assert [len(futures[n].result().new) for n in (0, 3, 4)] == [1, 1, 1]
    with pytest.raises(UnicodeEncodeError):
        futures[1].result()
    with pytest.raises(FeedUnknown):
        futures[2].result()
    assert [store.read.fetch_state(feed).etag for feed in (good, bad, other)] == ['"1"', "", '"1"']
    assert {feed.id: feed.entries for feed in store.read.feeds()} == {good: 1, bad: 0, other: 2}


def test_feeds_are_found_by_number_address_and_title(store: Store) -> None:
    feed = subscribed(store, made(1))
    store.write.edit_feed(
        feed, title="Mimbar Umum", folder="News/Local", settings={"keep": "5"}
    ).result()
    for text in (str(feed), "https://a.example/feed", "mimbar umum", "Mimbar"):
        assert store.read.find_feed(text).id == feed
    assert store.read.feeds()[0].settings == {"keep": "5"} and store.read.folders() == [
        "News/Local"
    ]
    assert store.read.count(Scope(ScopeKind.FOLDER, "News")).entries == 1
    with pytest.raises(LookupError, match="No feed"):
        store.read.find_feed("Tempo")
    other = store.write.add_feed("https://b.example/feed", title="Mimbar Desa").result()
    with pytest.raises(LookupError, match="More than one"):
        store.read.find_feed("Mimbar")
    with pytest.raises(FeedExists) as error:
        store.write.add_feed("https://b.example/feed").result()
    assert error.value.feed.id == other.id


def test_two_subscriptions_of_one_feed_become_one_with_the_marks_of_both(store: Store) -> None:
    first = subscribed(store, made(1), made(2))
    second = subscribed(store, made(2), made(3), url="https://a.example/other")
    twin = next(
        row.id
        for row in store.read.rows(store.read.ids(Scope(ScopeKind.FEED, str(second))))
        if row.title == "Title 2"
    )
    store.write.set_bookmark([twin]).result()
    act = store.write.merge_feeds(first, second).result()
    assert [feed.id for feed in store.read.feeds()] == [first]
    kept = {
        row.title: row for row in store.read.rows(store.read.ids(Scope(ScopeKind.FEED, str(first))))
    }
    assert set(kept) == {"Title 1", "Title 2", "Title 3"} and kept["Title 2"].is_bookmarked
    assert all(finding.is_good for finding in doctor(store))
    store.write.undo(act.id).result()
    assert (
        len(store.read.feeds()) == 2
        and store.read.count(Scope(ScopeKind.FEED, str(second))).entries == 2
    )


def test_saved_pages_live_in_a_feed_of_their_own(store: Store) -> None:
    page = Article(title="A page", text="All of its words", html="<p>All of its words</p>")
    entry = store.write.save_page("https://x.example/page", "", page, Offline.READY).result()
    later = store.write.save_page("https://x.example/later").result()
    assert store.write.save_page("https://x.example/page").result() == entry
    assert store.read.due(NOW) == [] and [feed.url for feed in store.read.feeds()] == [""]
    assert {row.title for row in store.read.rows([entry, later])} == {
        "A page",
        "https://x.example/later",
    }
    assert len(store.read.ids(Scope(ScopeKind.BOOKMARKS))) == 2
    assert [w.entry_id for w in store.read.wanted_articles(9)] == [later]


def test_a_lead_picture_is_wanted_where_the_text_has_none(store: Store) -> None:
    photo = Enclosure("https://a.example/photo.jpg", "image/jpeg")
    subscribed(
        store, made(1, enclosures=(Enclosure("https://a.example/talk.mp3", "audio/mpeg"), photo))
    )
    assert [each.url for each in store.read.wanted_pictures(9)] == [photo.url]
    lead = "https://a.example/lead.jpg"
    store.write.store_article(
        1, Article(text="t", html="<p>t</p>", lead_image=lead), Offline.READY
    ).result()
    assert [each.url for each in store.read.wanted_pictures(9)] == [lead]
    own = '<p>t</p><figure><img src="https://a.example/own.jpg" alt=""/></figure>'
    store.write.store_article(
        1, Article(text="t", html=own, lead_image=lead), Offline.READY
    ).result()
    assert [each.url for each in store.read.wanted_pictures(9)] == ["https://a.example/own.jpg"]
