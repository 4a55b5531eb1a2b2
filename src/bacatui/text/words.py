"""Words, in scripts that write blanks between them and in those that do not."""

import math
import re
import sys
from typing import Final

# Scripts without blanks between words: the ranges of their letters, and how many letters stand for one word. Measured
# on the Universal Declaration of Human Rights: its letters in Chinese, Japanese, Thai, Lao, Burmese and Khmer for each
# word of the English one. So a text counts as many words as its translation, and takes as many minutes.
_SCRIPTS: Final = {
    "Han": ("\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f", 1.5),
    "kana": ("\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f", 3.5),
    "Thai": ("\u0e01-\u0e7f", 5.0),
    "Lao": ("\u0e80-\u0eff", 5.5),
    "Burmese": ("\u1000-\u109f", 8.0),
    "Khmer": ("\u1780-\u17ff", 6.0),
}
UNSPACED: Final = "".join(
    letters for letters, _per_word in _SCRIPTS.values()
)  # as it stands inside [ and ]
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_LETTERS: Final = tuple(
    (re.compile(f"[{letters}]"), per_word) for letters, per_word in _SCRIPTS.values()
)
_BETWEEN_BLANKS: Final = re.compile(
    r"[^\W_]\S*"
)  # a sign alone, as the full stop between two Chinese words, is none
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
    """How many words `text` has, whatever its script.

    What stands between blanks is one word; where there are no blanks, letters are counted by their script's measure.
    """
    if text.isascii() or not _UNSPACED.search(text):
        return len(text.split())
    count = 0.0
    for letters, per_word in _LETTERS:
        text, found = letters.subn(" ", text)
        count += found / per_word
    return len(_BETWEEN_BLANKS.findall(text)) + math.ceil(count)


def tokens(text: str) -> list[str]:
    """Words in lower case, and letters of scripts without blanks: to be compared, not to be counted."""
    return list(map(sys.intern, _TOKEN.findall(_lower(text))))


def first_token(text: str) -> str:
    """The first of them, or ""."""
    return match[0] if (match := _TOKEN.search(_lower(text))) else ""


def terms(text: str) -> set[str]:
    """What `text` is about: its longer words; in scripts without blanks, groups of letters as long as such a word."""
    found = {word for word in _WORD.findall(_lower(text)) if len(word) > 3}
    for run in _RUN.findall(text):
        size = 3 if run[0] > "\u2e80" else 6  # Han and kana; the scripts of Thai and its neighbours
        found.update(run[at : at + size] for at in range(len(run) - size + 1))
    return found


def _lower(text: str) -> str:
    """In lower case, in which the Turkish İ is one letter, as i is."""
    return text.lower().replace("i̇", "i") if "İ" in text else text.lower()


def is_cut_off(text: str) -> bool:
    """Whether `text` says at its end that there is more of it elsewhere."""
    end = text[-80:].rstrip(_AFTER)
    return end.endswith(("…", "...")) or end.rstrip(_AFTER + ".").lower().endswith(_LEADS_ON)
