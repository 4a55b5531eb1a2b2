"""The catalogues are complete, fresh, and fit the places they are put into."""

from __future__ import annotations

import io
import string

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from tools import i18n as tool

from bacatui import i18n

LANGUAGES = [language for language in i18n.LANGUAGES if language != "en"]


def placeholders(text: str) -> set[str]:
    return {
        name
        for _text, name, _form, _conversion in string.Formatter().parse(text)
        if name is not None
    }


def forms(message: Message) -> tuple[list[str], list[str]]:
    """The English forms of a message, and the translated ones."""
    ids = list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]
    strings = (
        list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]
    )
    return ids, strings


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_what_the_source_makes_of_it(language: str) -> None:
    catalogue = tool.merged(language)
    assert (tool.LOCALE / f"{language}.po").read_bytes() == tool.as_po(catalogue), "run `make i18n`"
    assert (tool.LOCALE / f"{language}.mo").read_bytes() == tool.as_mo(catalogue), "run `make i18n`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    assert tool.gaps(tool.merged(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_what_its_source_names(language: str) -> None:
    catalogue = read_po(io.BytesIO((tool.LOCALE / f"{language}.po").read_bytes()), locale=language)
    for message in catalogue:
        if message.id:
            ids, strings = forms(message)
            wanted = set.union(*map(placeholders, ids))
            assert all(placeholders(s) <= wanted for s in strings), message.id
            assert set.intersection(*map(placeholders, ids)) <= set.union(
                *map(placeholders, strings)
            ), message.id
            assert all(s.strip() == s or ids[0].strip() != ids[0] for s in strings), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_speaks_and_english_comes_back(language: str) -> None:
    try:
        assert i18n.use(language) == language
        assert i18n._("Bookmarks") != "Bookmarks"
    finally:
        i18n.use("en")
    assert i18n._("Bookmarks") == "Bookmarks"
