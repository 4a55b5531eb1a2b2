"""Words are counted alike in scripts with and without blanks between them."""

from __future__ import annotations

import pytest

from bacatui.store import index
from bacatui.text import count_words, is_cut_off
from tests.text import DECLARATION


@pytest.mark.parametrize("language", sorted(DECLARATION))
def test_a_text_counts_about_as_many_words_as_its_english_twin(language: str) -> None:
    twin = len(DECLARATION["en"].split())
    assert 0.75 * twin < count_words(DECLARATION[language]) < 1.35 * twin


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), (" \n ", 0), ("two words", 2), ("Tiga kata – saja", 4), ("한국어는 띄어쓴다", 2),
        ("好", 1), ("ก", 1), ("你好，世界。", 3),
        ("日本語のテキスト and two", 4 + 2), ("OpenAI发布了GPT-5模型", 6),
    ],
)  # fmt: skip
def test_words_are_what_stands_between_blanks_and_letters_by_their_measure(
    text: str, count: int
) -> None:
    assert count_words(text) == count


def test_the_index_knows_the_letters_that_stored_rows_were_indexed_with() -> None:
    """Rows are taken out of the index of pairs by making the pairs again: other letters would damage it."""
    runs = (
        "\u0e01\u0eff \u1000\u109f \u1780\u17ff \u3005\u3007 \u3040\u30ff \u31f0\u31ff \u3400\u4dbf \u4e00\u9fff"
        " \uac00\ud7af \uf900\ufaff \uff66\uff9f \U00020000\U0003134f"
    )
    others = "\u0e00\u0f00 \u0fff\u10a0 \u177f\u1800 \u3004\u3008 \u303f\u3100 \u31ef\u3200 \u33ff\u4dc0 \u4dff\ua000"
    others += " \uabff\ud7b0 \uf8ff\ufb00 \uff65\uffa0 \U0001ffff\U00031350"
    assert index.dense_runs(f"{runs} {others}") == runs.split(" ")


@pytest.mark.parametrize(
    ("text", "is_more"),
    [
        ("The rest is here …", True), ("and so on...", True), ("Lalu [...]", True), ("Lalu (…)”", True),
        ("Read more »", True), ("Baca selengkapnya.", True), ("阅读全文", True), ("……", True), ("続きを読む→", True),
        ("อ่านต่อ", True), ("Hier weiterlesen:", True),
        ("", False), ("That is all.", False), ("He read more. Then he slept.", False), ("全文完。", False),
    ],
)  # fmt: skip
def test_a_text_that_is_cut_off_says_so_at_its_end(text: str, is_more: bool) -> None:
    assert is_cut_off(text) is is_more
