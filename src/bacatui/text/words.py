"""Words, in scripts that write blanks between them and in those that do not."""

import math
import re
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
UNSPACED: Final = "".join(letters for letters, _per_word in _SCRIPTS.values())  # as it stands inside [ and ]
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_LETTERS: Final = tuple((re.compile(f"[{letters}]"), per_word) for letters, per_word in _SCRIPTS.values())
_BETWEEN_BLANKS: Final = re.compile(r"[^\W_]\S*")  # a sign alone, as the full stop between two Chinese words, is none


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
