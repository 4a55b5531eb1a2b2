"""The query language, and the results of queries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bacatui.model import Scope, ScopeKind
from bacatui.store import MATCH_END, MATCH_START, QueryError, Store, typing
from bacatui.store.query import All, Any, Fact, Not, Text, parse
from tests.store.conftest import NOW, made, subscribed


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", None),
        ("harga beras", All((Text("harga"), Text("beras")))),
        ('"harga beras" -mahal', All((Text("harga beras"), Not(Text("mahal"))))),
        ("a OR b c", Any((Text("a"), All((Text("b"), Text("c")))))),
        ("(a OR b) -(c d)", All((Any((Text("a"), Text("b"))), Not(All((Text("c"), Text("d"))))))),
        ('title:"dua kata" author:budi', All((Text("dua kata", "title"), Text("budi", "author")))),
        ('feed:"Mimbar Umum"', Fact("feed", "Mimbar Umum")),
        ("is:Unread", Fact("is", "unread")),
        ("ekon*", Text("ekon", "", True)),
        ("https://a.example/1", Text("https://a.example/1")),
        ("10:30", Text("10:30")),
        ('"2024"', Text("2024")),
        ("or", Text("or")),
    ],
)
def test_a_query_is_read_as_meant(query: str, tree: object) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ('say "so', 4),
        ("a OR", 2),
        ("OR a", 0),
        ("x is:new", 2),
        ("after:soon", 0),
        ("after:2024-13", 0),
        ("feed:", 0),
        ("(a b", 0),
        ("a )", 2),
        ("()", 0),
        ("a titel:b", 2),
        ("(" * 50 + "a" + ")" * 50, 40),
    ],
)
def test_a_query_that_makes_no_sense_says_where(query: str, position: int) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert error.value.position == position
    assert str(position + 1) in str(error.value)


def test_dates_and_ages_are_times_of_the_readers_zone() -> None:
    day = datetime(2024, 5, 31).astimezone()
    assert parse("after:2024-05-31") == Fact("after", int(day.timestamp()))
    assert parse("before:3d", datetime(2024, 6, 3, tzinfo=UTC)) == Fact(
        "before", int(datetime(2024, 5, 31, tzinfo=UTC).timestamp())
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ekon", "ekon*"), ("harga ekon", "harga ekon*"), ("ekon ", "ekon "), ('"ekon', '"ekon'), ("is:unr", "is:unr"),
     ("title:ek", "title:ek*"), ("e", "e"), ("a OR", "a OR"), ("", "")],
)  # fmt: skip
def test_an_unfinished_word_finds_what_begins_so(typed: str, meant: str) -> None:
    assert typing(typed) == meant


@given(st.text(alphabet="ab東京 \"-()*:.!\\%_'OR😀é\x00\udc80", max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_query_or_a_query_error(query: str) -> None:
    store = _shared()
    try:
        for scope in (Scope(ScopeKind.SEARCH, query), Scope(filter=query)):
            rows = store.read.first(scope, 50)
            assert [row.id for row in rows] == list(store.read.ids(scope))[:50]
            assert store.read.count(scope).entries == len(store.read.ids(scope))
            store.read.first(scope, 5, "rank")
    except QueryError as error:
        assert 0 <= error.position <= len(query)


_STORES: list[Store] = []


def _shared() -> Store:
    return _STORES[0]


@pytest.fixture(autouse=True)
def library(store: Store) -> Store:
    subscribed(
        store,
        made(
            1,
            title="Harga beras naik di Medan",
            text="Harga beras di pasar Medan naik lagi. Pedagang café mengeluh.",
        ),
        made(2, title="東京の天気", text="明日の東京は雨でしょう。京都は晴れ。"),
        made(3, title="พยากรณ์อากาศ", text="กรุงเทพมหานครฝนตกหนัก"),
        made(
            4,
            title="Rupiah & dolar",
            text="Rupiah menguat. Bank Indonesia menahan suku bunga.",
            author="Siti Aminah",
        ),
        made(5, title="C++ 😀 release", text='A compiler for C++ and "quotes". İstanbul straße.'),
        made(
            6,
            title="100% naik",
            text="Laba naik seratus persen; under_score.",
            published=NOW - timedelta(days=40),
        ),
    )
    subscribed(
        store, made(7, title="Beras di toko", text="Stok aman"), url="https://b.example/feed"
    )
    store.write.edit_feed(2, title="Mimbar Umum", folder="Daerah/Medan").result()
    store.write.set_tags([7], add=["pangan"]).result()
    _STORES[:] = [store]
    return store


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("beras", ["Harga beras naik di Medan", "Beras di toko"]),
        ("BERAS medan", ["Harga beras naik di Medan"]),
        ('"harga beras"', ["Harga beras naik di Medan"]),
        ('"beras harga"', []),
        ("cafe", ["Harga beras naik di Medan"]),
        ("beras -medan", ["Beras di toko"]),
        ("-beras -naik", ["東京の天気", "พยากรณ์อากาศ", "Rupiah & dolar", "C++ 😀 release"]),
        ("rupiah OR toko", ["Rupiah & dolar", "Beras di toko"]),
        ("(rupiah OR toko) -dolar", ["Beras di toko"]),
        ("ped*", ["Harga beras naik di Medan"]),
        ("title:naik", ["Harga beras naik di Medan", "100% naik"]),
        ("title:pedagang", []),
        ("text:pedagang", ["Harga beras naik di Medan"]),
        ("author:siti", ["Rupiah & dolar"]),
        ("author:siti text:bank", ["Rupiah & dolar"]),
        ("feed:mimbar", ["Beras di toko"]),
        ("feed:2", ["Beras di toko"]),
        ("folder:daerah", ["Beras di toko"]),
        ("folder:Daerah/Medan", ["Beras di toko"]),
        ("folder:Medan", []),
        ("tag:pangan", ["Beras di toko"]),
        ("is:tagged", ["Beras di toko"]),
        ("before:30d", ["100% naik"]),
        ("after:30d beras", ["Harga beras naik di Medan", "Beras di toko"]),
        ("東京", ["東京の天気"]),
        ("京都", ["東京の天気"]),
        ("雨", ["東京の天気"]),
        ("東都", []),
        ("ฝน", ["พยากรณ์อากาศ"]),
        ("title:京都", []),
        ("東京 beras", []),
        ("東京 OR rupiah", ["東京の天気", "Rupiah & dolar"]),
        ("-東京 naik", ["Harga beras naik di Medan", "100% naik"]),
        ("😀", ["C++ 😀 release"]),
        ("100%", ["100% naik"]),
        ("under_score", ["100% naik"]),
        ("rupiah & dolar", ["Rupiah & dolar"]),
        ("...", []),
        ("is:read", []),
        ("is:bookmarked", []),
        ("is:offline beras", ["Harga beras naik di Medan", "Beras di toko"]),
    ],
)
def test_a_query_finds(library: Store, query: str, titles: list[str]) -> None:
    scope = Scope(ScopeKind.SEARCH, query)
    assert [row.title for row in library.read.rows(library.read.ids(scope))] == titles
    assert [row.title for row in library.read.first(scope, 20)] == titles
    assert library.read.count(scope).entries == len(titles)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("beras", "beras"),
        ("cafe", "café"),
        ("ped*", "Pedagang"),
        ('"pasar medan"', "pasar Medan"),
        ("京都", "京都"),
        ("ฝน", "ฝน"),
    ],
)
def test_snippets_show_the_match_as_it_is_written(library: Store, query: str, marked: str) -> None:
    row = library.read.first(Scope(ScopeKind.SEARCH, query), 1)[0]
    assert MATCH_START + marked + MATCH_END in row.snippet
    entry = library.read.entry(row.id)
    plain = row.snippet.replace(MATCH_START, "").replace(MATCH_END, "").strip("…")
    assert entry is not None and plain in entry.text


def test_results_are_newest_first_or_best_first(library: Store) -> None:
    newest = [row.title for row in library.read.first(Scope(ScopeKind.SEARCH, "naik"), 9)]
    best = [
        row.title
        for row in library.read.first(Scope(ScopeKind.SEARCH, "naik medan OR naik"), 9, "rank")
    ]
    assert newest == ["Harga beras naik di Medan", "100% naik"] and set(best) == set(newest)
    assert list(
        library.read.ids(Scope(ScopeKind.SEARCH, "is:unread"), "rank")
    )  # no words: newest first


def test_a_filter_narrows_any_scope(library: Store) -> None:
    assert library.read.count(Scope(ScopeKind.FEED, "1", filter="naik")).entries == 2
    assert library.read.count(Scope(ScopeKind.UNREAD, filter="naik")).entries == 2
    library.write.set_read([6]).result()
    assert library.read.count(Scope(ScopeKind.UNREAD, filter="naik")) != library.read.count(
        Scope(filter="naik")
    )
    assert [
        row.title
        for row in library.read.first(Scope(ScopeKind.FOLDER, "Daerah", filter="beras"), 5)
    ] == ["Beras di toko"]
    assert library.read.first(Scope(ScopeKind.FOLDER, "Daerah", filter="zzz"), 5) == []


@pytest.mark.parametrize("order", ["newest", "oldest", "feed", "title", "longest", "shortest"])
def test_first_rows_are_the_beginning_of_the_sequence(library: Store, order: str) -> None:
    ids = list(library.read.ids(Scope(), order))
    assert sorted(ids) == list(range(1, 8))
    assert [row.id for row in library.read.first(Scope(), 3, order)] == ids[:3]
    assert list(library.read.ids(Scope(), order, unread_only=True)) == ids


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize(
    "scope",
    [Scope(), Scope(ScopeKind.FEED, "1"), Scope(ScopeKind.FOLDER, "Daerah"), Scope(filter="naik")],
)
def test_next_unread_walks_the_list_both_ways(library: Store, order: str, scope: Scope) -> None:
    library.write.set_read([2, 5]).result()
    wanted = [n for n in library.read.ids(scope, order) if n not in {2, 5}]
    walk, at = [], library.read.next_unread(scope, None, order=order)
    while at is not None:
        walk.append(at)
        at = library.read.next_unread(scope, at, order=order)
    assert walk == wanted
    back, at = [wanted[-1]], library.read.next_unread(scope, wanted[-1], back=True, order=order)
    while at is not None:
        back.append(at)
        at = library.read.next_unread(scope, at, back=True, order=order)
    assert back == wanted[::-1]


def test_a_pack_keeps_its_own_order(library: Store) -> None:
    scope = Scope(ScopeKind.PACK, "3,99,1,7,x")
    assert list(library.read.ids(scope)) == [3, 1, 7]
    assert [row.id for row in library.read.first(scope, 2)] == [3, 1]
    assert library.read.count(scope).entries == 3


def test_common_words_are_found_the_same_way_as_rare_ones(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bacatui.store.scopes.FEW", 0)
    for most in (10**6, 1):
        monkeypatch.setattr("bacatui.store.scopes.COMMON", most)
        for query in (
            "naik",
            "naik beras",
            "naik -beras",
            "naik OR rupiah",
            "na*",
            "is:unread naik",
            "-naik",
        ):
            scope = Scope(ScopeKind.SEARCH, query)
            assert [row.id for row in library.read.first(scope, 9)] == list(
                library.read.ids(scope)
            ), query
