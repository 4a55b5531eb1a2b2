"""mark and undo."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("library")


def read_ids(run: Run) -> list[int]:
    return sorted(e["id"] for e in run("list", "is:read", "--json").json["entries"])


def test_bare_numbers_are_entries_and_anything_else_is_a_query(run: Run) -> None:
    assert run("mark", "read", "1", "2").code == 0
    assert read_ids(run) == [1, 2]
    assert run("mark", "unread", "kereta").code == 0
    assert read_ids(run) == [2]
    assert run("mark", "read", '"1"').err == "bacatui: nothing found.\n"


def test_a_query_with_a_minus_marks_the_rest(run: Run) -> None:
    assert run("mark", "read", "-beras").code == 0
    assert len(read_ids(run)) == 3


def test_one_unknown_number_marks_nothing(run: Run) -> None:
    assert run("mark", "read", "1", "99").code == 2
    assert read_ids(run) == []


def test_bookmarks_come_and_go(run: Run) -> None:
    run("mark", "bookmark", "2")
    assert [e["id"] for e in run("list", "is:bookmarked", "--json").json["entries"]] == [2]
    run("mark", "unbookmark", "2")
    assert run("list", "is:bookmarked", "--json").json == {"entries": []}


def test_undo_takes_back_in_order_and_names_what_it_took_back(run: Run) -> None:
    run("mark", "read", "1", "2")
    run("mark", "bookmark", "3")
    assert "bookmark" in run("undo").out
    assert "read" in run("undo").out
    assert read_ids(run) == []


def test_undo_list_numbers_what_was_done_and_one_of_it_can_be_taken_back(run: Run) -> None:
    run("mark", "read", "1")
    run("mark", "bookmark", "3")
    acts = run("undo", "--list").out.splitlines()
    assert "bookmarked" in acts[0]
    assert "marked read" in acts[1]
    run("undo", acts[1].split()[0])
    assert read_ids(run) == []
    assert run("list", "is:bookmarked", "--json").json["entries"]


def test_a_state_that_does_not_exist_is_wrong_use(run: Run) -> None:
    assert run("mark", "liked", "1").code == 2
    assert run("mark", "read").code == 2


def test_undo_list_says_in_the_readers_language_who_did_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("mark", "read", "1")
    assert "  you  " in run("undo", "--list").out
    monkeypatch.setenv("LANGUAGE", "id")
    assert "  Anda  " in run("undo", "--list").out
    monkeypatch.setenv("LANGUAGE", "en")
    run("version")


def test_a_mute_rule_shows_what_it_would_match_before_it_is_kept_and_spares_bookmarks(
    run: Run,
) -> None:
    run("mark", "bookmark", "2")
    matched = run("mute", "rice", "beras OR kereta OR banjir", "--dry-run").out
    assert ("Kereta" in matched, "Banjir" in matched, "Harga beras" in matched) == (
        True,
        True,
        False,
    )
    assert run("mute", "rice", "nowhere", "--dry-run").err == "bacatui: nothing found.\n"
    nothing = run("mute")
    assert (nothing.out, "bacatui mute NAME QUERY makes one" in nothing.err) == ("", True)
    assert run("mute", "rice", "-banjir", "feed:Mimbar", "--hide").code == 0
    assert run("mute").out == "rice (hidden): -banjir feed:Mimbar\n"
    assert (
        run("mute", "bad", "is:sideways").code
        == run("mute", "bad", "is:sideways", "--dry-run").code
        == 2
    )
    run("undo")
    assert run("mute").out == ""


def test_a_saved_search_is_kept_listed_and_taken_away(run: Run) -> None:
    assert run("searches", "Rice", "beras").code == 0
    assert run("searches", "banjir").code == 0
    assert run("searches").out == "banjir: banjir\nRice: beras\n"
    assert "Banjir" in run("searches", "banjir", "--dry-run").out
    run("undo")
    run("undo")
    assert run("searches").out == ""


def test_what_is_so_already_is_no_act_that_an_undo_could_take_back(run: Run) -> None:
    number = run("list").out.split()[0]
    run("mark", "read", number)
    again = run("mark", "read", number)
    assert again.code == 0 and "nothing was changed" in again.err and "undo" not in again.err


def test_undo_names_a_number_that_it_does_not_know(run: Run) -> None:
    done = run("undo", "999")
    assert (done.code, "there is no change 999" in done.err) == (0, True)


def test_undo_list_signs_what_was_taken_back(run: Run) -> None:
    number = run("list").out.split()[0]
    run("mark", "bookmark", number)
    assert "(taken back)" not in run("undo", "--list").out.splitlines()[0]
    run("undo")
    assert run("undo", "--list").out.splitlines()[0].endswith("(taken back)")


@pytest.mark.parametrize("command", ["mute", "searches"])
def test_a_name_alone_shows_what_is_kept_under_it_and_an_empty_query_lets_it_go(
    run: Run, command: str
) -> None:
    assert run(command, "Rice", "beras").code == 0
    assert run(command, "Rice").out == "Rice: beras\n"
    assert (
        run(command, "Rice", "--dry-run").out == run(command, "--dry-run", "any", "beras").out != ""
    )
    done = run(command, "Rice", "")
    assert (done.code, "undo" in done.out, run(command).out) == (0, True, "")
    assert run("undo").code == 0
    assert run(command).out == "Rice: beras\n"
    assert run(command, "Unknown", "").code == 2


def test_offline_says_of_what_it_counts_and_what_it_leaves_out(run: Run) -> None:
    assert (
        run("offline").out
        == "unread: 2 of 4 readable offline, 1 of them partly, 1 failed, 1 pending\n"
    )
    run("mark", "bookmark", "3")
    run("mark", "read", "3", "4")
    assert run("offline").out == (
        "unread and bookmarked: 2 of 3 readable offline, 1 of them partly, 1 failed; 1 read one fetched when opened\n"
    )
    run("mark", "unbookmark", "3")
    run("mark", "read", "1", "2", "4")
    assert run("offline").out == "1 read one fetched when opened\n"
