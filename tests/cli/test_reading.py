"""list, search and read, on a library without a network."""

from __future__ import annotations

import pytest

from bacatui.model import Article, FetchState, Offline
from bacatui.store import Store
from tests.cli.conftest import Run, entry, parsed

pytestmark = pytest.mark.usefixtures("library")


def titles(run: Run, *words: str) -> list[str]:
    return [entry["title"] for entry in run("list", "--json", *words).json["entries"]]


def test_list_prints_one_line_of_words_for_each_entry_newest_first(run: Run) -> None:
    done = run("list")
    lines = done.out.splitlines()
    assert (done.code, len(lines)) == (0, 4)
    assert (
        lines[0]
        .split(maxsplit=1)[1]
        .startswith("Banjir surut di Medan (Mimbar, 1 h ago, 1 min, unread")
    )
    assert "failed" in lines[2]
    assert "pending" in lines[3]
    assert not any(character in done.out for character in "│─┌●★")


def test_a_word_with_a_minus_needs_no_double_dash_wherever_it_stands(run: Run) -> None:
    assert titles(run, "-beras", "feed:Mimbar") == titles(run, "feed:Mimbar", "-beras")
    assert "Harga beras turun" not in titles(run, "-beras")
    assert len(titles(run, "-beras")) == 3


def test_a_query_narrows_list_and_search_alike(run: Run) -> None:
    assert titles(run, "beras") == ["Harga beras turun"]
    assert [e["title"] for e in run("search", "beras", "--json").json["entries"]] == [
        "Harga beras turun"
    ]
    assert run("list", "nowhere").err == "bacatui: nothing found.\n"
    assert run("list", "bera").err == "bacatui: nothing found; bera* finds words that begin so.\n"


def test_a_bare_number_is_a_word_to_list_and_search(run: Run) -> None:
    assert titles(run, "1") == []


def test_limit_takes_the_newest(run: Run) -> None:
    assert titles(run, "--limit", "2") == titles(run)[:2]
    assert titles(run, "--limit", "0") == []
    assert run("list", "--limit", "-3").code == 2


def test_a_bad_query_is_wrong_use_told_in_one_line(run: Run) -> None:
    done = run("list", "is:sideways")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_search_without_words_is_wrong_use(run: Run) -> None:
    assert run("search").code == 2
    assert run("search", "").code == 2


def test_read_prints_title_facts_lead_and_text(run: Run) -> None:
    done = run("read", "3")
    assert done.out.split("\n\n")[:4] == [
        "Banjir surut di Medan",
        "Mimbar, 4 May 2026, Ngatirin, 1 min",
        "Partly offline: a picture is missing.",
        "Pagi.",
    ]


def test_read_wraps_unless_plain_is_asked_for(run: Run) -> None:
    assert max(map(len, run("read", "2").out.splitlines())) <= 72
    assert max(map(len, run("read", "2", "--plain").out.splitlines())) > 400


def test_read_wraps_by_cells_between_wide_characters_and_keeps_punctuation_with_its_word() -> None:
    from bacatui.cli.call import wrapped

    rows = wrapped("日本語の新聞、記事を読む。 A word " + "ไทย" * 9, 12).split("\n")
    assert rows[:3] == ["日本語の新", "聞、記事を読", "む。 A word"]
    assert "".join("".join(rows).split()) == "日本語の新聞、記事を読む。Aword" + "ไทย" * 9
    assert wrapped("• one two three\n\nx", 9) == "• one two\n  three\n\nx"


def test_json_of_any_size_is_whole(run: Run, library: Store) -> None:
    html = f"<p>{'kata ' * 450_000}</p>"
    library.write.store_article(
        1, Article(text=html[3:-4].strip(), html=html), Offline.READY
    ).result()
    assert len(run("read", "1", "--json").json["text"]) > 2_000_000


def test_read_says_why_the_article_is_missing_and_shows_the_feeds_text(run: Run) -> None:
    out = run("read", "1").out
    assert "The page answered 500." in " ".join(out.split())
    assert "Singkat" in out


def test_read_gives_markdown_and_html(run: Run) -> None:
    assert "Air [surut](<https://x.example/>)." in run("read", "3", "--markdown").out
    assert '<a href="https://x.example/">surut</a>' in run("read", "3", "--html").out


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "1e3", "9" * 40, "²", ""])
def test_an_unknown_number_is_wrong_use(run: Run, number: str) -> None:
    done = run("read", number)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_the_store_is_shown_clean_even_where_it_was_written_by_another_hand(
    run: Run, library: Store
) -> None:
    import sqlite3

    from bacatui import paths

    with sqlite3.connect(paths.home().store) as other:
        other.execute(
            "UPDATE entry SET title = ? WHERE id = 4", ("a\x1b]0;owned\x07b\x9b31mc\u202ed",)
        )
    out = run("list").out
    assert "\x1b" not in out
    assert "\x9b" not in out
    assert "\u202e" not in out


def test_markdown_keeps_a_headline_as_it_is_written(run: Run, library: Store) -> None:
    feed = library.write.add_feed("https://marks.example/rss").result()
    stored = library.write.store_feed(
        feed.id, parsed(entry(9, "Why *args and [links] _matter_", "Short.")), FetchState()
    ).result()
    said = run("read", str(stored.new[0]), "--markdown").out
    assert said.startswith(r"# Why \*args and \[links\] \_matter\_" + "\n")
