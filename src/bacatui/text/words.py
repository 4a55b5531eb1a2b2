"""Words, in scripts with and without spaces between them."""

import math
import re
import sys
from typing import Final

# Scripts without spaces between words: the ranges of their letters, and how many letters count as
# one word. The number is the ratio of letters in the Universal Declaration of Human Rights, in
# Chinese, Japanese, Thai, Lao, Burmese and Khmer, to words of the English text, so that a text and its
# translation have the same length.
_SCRIPTS: Final = {
    "Han": ("\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f", 1.5),
    "kana": ("\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f", 3.5),
    "Thai": ("\u0e01-\u0e7f", 5.0),
    "Lao": ("\u0e80-\u0eff", 5.5),
    "Burmese": ("\u1000-\u109f", 8.0),
    "Khmer": ("\u1780-\u17ff", 6.0),
}
# The letters of these scripts, to stand between [ and ] in a regular expression.
UNSPACED: Final = "".join(letters for letters, _per_word in _SCRIPTS.values())
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_LETTERS: Final = tuple(
    (re.compile(f"[{letters}]"), per_word) for letters, per_word in _SCRIPTS.values()
)
# A word between spaces. A sign alone, such as a full stop between two Chinese words, is not one.
_BETWEEN_SPACES: Final = re.compile(r"[^\W_]\S*")
_TOKEN: Final = re.compile(f"[{UNSPACED}]|[^\\W{UNSPACED}]+")
_WORD: Final = re.compile(f"[^\\W{UNSPACED}]+")
_RUN: Final = re.compile(f"[{UNSPACED}]+")
# What leads to the rest of a text, at the end of what there is of it.
_LEADS_ON: Final = (
    "read more", "see more", "show more", "read the rest", "continue reading", "keep reading",
    "full story", "full article",
    "selengkapnya", "lebih lanjut", "lanjut baca", "lanjutkan baca", "lanjut membaca",
    "lanjutkan membaca", "baca selanjutnya", "baca seterusnya",
    "weiterlesen", "lire la suite", "leer más", "seguir leyendo", "continuar leyendo",
    "continuar lendo", "continua a leggere", "ler mais", "leia mais", "leggi tutto", "lees verder",
    "читать далее", "читать дальше", "читать полностью", "devamını oku", "đọc tiếp", "اقرأ المزيد",
    "続きを読む", "阅读全文", "阅读更多", "查看全文", "查看更多", "继续阅读", "閱讀全文", "閱讀更多",
    "繼續閱讀", "더보기", "더 보기", "계속 읽기", "อ่านต่อ", "อ่านเพิ่มเติม",
)  # fmt: skip
_AFTER: Final = " \t\n])}>»”」』\"'→:。"  # signs that may stand after that, or after an ellipsis


def count_words(text: str) -> int:
    """How many words `text` has, in any script.

    In scripts without spaces the letters are counted, and divided by the usual length of a word.
    """
    if text.isascii() or not _UNSPACED.search(text):
        return len(text.split())
    count = 0.0
    for letters, per_word in _LETTERS:
        text, found = letters.subn(" ", text)
        count += found / per_word
    return len(_BETWEEN_SPACES.findall(text)) + math.ceil(count)


def tokens(text: str) -> list[str]:
    """The words in lower case, and single letters of scripts without spaces; for comparisons."""
    return list(map(sys.intern, _TOKEN.findall(_lower(text))))


def first_token(text: str) -> str:
    """The first of `tokens`, or ""."""
    return match[0] if (match := _TOKEN.search(_lower(text))) else ""


def terms(text: str) -> set[str]:
    """The words of more than three letters, which say what `text` is about.

    In scripts without spaces they are runs of three letters (Han, kana) or six (Thai and others).
    """
    found = {word for word in _WORD.findall(_lower(text)) if len(word) > 3}
    for run in _RUN.findall(text):
        size = 3 if run[0] > "\u2e80" else 6
        found.update(run[at : at + size] for at in range(len(run) - size + 1))
    return found


def _lower(text: str) -> str:
    """`text` in lower case, where the Turkish İ becomes i, not i with a combining dot."""
    return text.lower().replace("i̇", "i") if "İ" in text else text.lower()


def is_cut_off(text: str) -> bool:
    """Whether `text` ends with an ellipsis or with words such as "read more"."""
    end = text[-80:].rstrip(_AFTER)
    return end.endswith(("…", "...")) or end.rstrip(_AFTER + ".").lower().endswith(_LEADS_ON)
