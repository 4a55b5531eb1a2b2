"""The table of commands, its presets, and what is said of a reader's own keys."""

from __future__ import annotations

import pytest

from bacatui import commands


@pytest.mark.parametrize("preset", commands.PRESETS)
def test_a_preset_has_no_clash_and_only_real_keys(preset: str) -> None:
    keys, problems = commands.keymap(preset)
    assert problems == ()
    assert all(commands.is_key(key) for text in keys.values() for key in text.split())
    assert set(keys) == set(commands.BY_ID)


def test_ids_are_unique_and_presets_name_commands() -> None:
    assert len(commands.BY_ID) == len(commands.COMMANDS)
    assert all(name in commands.BY_ID for preset in commands.PRESETS.values() for name in preset)


def test_each_key_that_users_know_by_heart_does_what_they_expect() -> None:
    keys, _ = commands.keymap()
    owner = {key: name for name, text in keys.items() for key in text.split()}
    said = {
        "j": "down", "k": "up", "g": "top", "G": "bottom", "ctrl+d": "half-down", "space": "read-on", "l": "open",
        "h": "back", "n": "next-unread", "p": "previous-unread", "J": "next-entry", "K": "previous-entry",
        "]": "next-feed", "[": "previous-feed", "m": "toggle-read", "A": "read-list", "M": "read-older", "U": "undo",
        "ctrl+r": "redo", "b": "bookmark", "B": "bookmarks", "t": "tags", "r": "sync-feed", "R": "sync-all",
        "ctrl+x": "cancel-sync", "!": "retry", "/": "search", "F": "filter", "S": "sort", "L": "hide-read", "v": "select",
        "o": "browser", "O": "browser-read", "u": "links", "f": "hints", "y": "copy-link", "Y": "copy-markdown",
        "x": "feed-text", "X": "show-cuts", "i": "about", "z": "zen", "+": "wider-text", "-": "narrower-text",
        "<": "sideways-left", ">": "sideways-right", "a": "add", "E": "edit-feed", "D": "delete", "P": "pack", "s": "save",
        "|": "pipe", "e": "enclosure", "c": "comments", ".": "newest", "{": "narrower-list", "}": "wider-list",
        "d": "density", "?": "help", "ctrl+p": "palette", "q": "quit", "ctrl+q": "quit", "ctrl+z": "suspend",
    }  # fmt: skip
    assert {key: owner.get(key) for key in said} == said


def test_a_key_of_ones_own_replaces_the_others() -> None:
    keys, problems = commands.keymap("default", {"undo": "ctrl+y"})
    assert keys["undo"] == "ctrl+y"
    assert problems == ()


def test_the_reader_wins_a_clash_and_is_told() -> None:
    keys, problems = commands.keymap("default", {"undo": "j"})
    assert keys["undo"] == "j"
    assert keys["down"] == "down"
    assert len(problems) == 1 and "undo" in problems[0] and "down" in problems[0]


def test_two_keys_of_ones_own_that_clash_are_told() -> None:
    keys, problems = commands.keymap("default", {"undo": "ctrl+y", "redo": "ctrl+y"})
    assert (keys["undo"], keys["redo"]) == ("ctrl+y", "")
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("remap", "word"),
    [
        ({"bokmark": "b"}, "bookmark"),
        ({"undo": "not-a-key!!"}, "not-a-key!!"),
        ({"redo": "ctrl+"}, "ctrl+"),
    ],
)
def test_a_fault_is_one_sentence_and_changes_nothing(remap: dict[str, str], word: str) -> None:
    keys, problems = commands.keymap("default", remap)
    assert keys == commands.keymap()[0]
    assert len(problems) == 1 and word in problems[0]


def test_keys_are_shown_as_one_says_them() -> None:
    assert commands.shown("enter l right") == "Enter l →"
    assert commands.shown("enter l right", 1) == "Enter"
