"""What language a text is in, where it tells that beyond doubt: by its script, or by the words that are in every text.

Data in `languages.toml`. Better no answer than a wrong one: near relatives, short texts and mixtures stay open.
"""

import math
import re
import tomllib
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from unicodedata import is_normalized, normalize

FIRST: Final = 400  # characters that are looked at; where they leave it open, MORE of them
MORE: Final = 2_000
LETTERS: Final = 200  # of other scripts than the Latin one, that are looked at
FEW: Final = 5  # letters of a script that is one language's own; different words of any other
MANY: Final = 20  # Han letters without any kana between them
AHEAD: Final = (
    12.0  # how far the likeliest language has to be before the next: the odds are e to that
)

# Scripts that write one language, or one that is asked for: where each begins, and what follows where it ends.
_SCRIPTS: Final = (
    (0x370, "el"), (0x400, "Cyrillic"), (0x530, "hy"), (0x590, "he"), (0x600, "Arabic"), (0x780, ""),
    (0x900, "Devanagari"), (0x980, "bn"), (0xA00, "pa"), (0xA80, "gu"), (0xB00, "or"), (0xB80, "ta"), (0xC00, "te"),
    (0xC80, "kn"), (0xD00, "ml"), (0xD80, "si"), (0xE00, "th"), (0xE80, "lo"), (0xF00, ""), (0x1000, "my"),
    (0x10A0, "ka"), (0x1100, "ko"), (0x1200, ""), (0x1780, "km"), (0x1800, ""), (0x1F00, "el"), (0x2000, ""),
    (0x3005, "Han"), (0x3008, ""), (0x3041, "ja"), (0x3100, ""), (0x3400, "Han"), (0xA000, ""), (0xAC00, "ko"),
    (0xD7B0, ""), (0xF900, "Han"), (0xFB00, ""), (0xFB50, "Arabic"), (0xFE00, ""), (0xFE70, "Arabic"), (0xFF00, ""),
    (0x20000, "Han"), (0x32000, ""),
)  # fmt: skip
_STARTS: Final = [start for start, _name in _SCRIPTS]
_NAMES: Final = [name for _start, name in _SCRIPTS]
_BEYOND: Final = re.compile(  # letters of any of them
    "["
    + "".join(
        f"{chr(start)}-{chr(end - 1)}" for (start, name), (end, _n) in pairwise(_SCRIPTS) if name
    )
    + "]"
)
# Letters of other languages that share a script: Yiddish; Assamese and Manipuri; Shan, Mon and Karen.
_OTHERS: Final = {
    "he": "\u05f0\u05f1\u05f2",
    "bn": "ৰৱ",
    "my": "".join(map(chr, (0x1022, 0x1028, *range(0x105A, 0x10A0)))),
}
_VIETNAMESE: Final = re.compile("[ơư\u1ea4-\u1eb7\u1ebe-\u1ec7\u1ed0-\u1ee3\u1ee8-\u1ef1]")
_SIGNS: Final = "!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~«»„“”‚‘’‹›–—…•·¿¡،؛؟۔।"
_TO_BLANKS: Final = str.maketrans(_SIGNS, " " * len(_SIGNS))


def language_of(text: str) -> str:
    """The language of `text` by its code in ISO 639 ("id"); "" where that is not sure."""
    sample = text[:FIRST]
    if not sample.isascii() and not is_normalized("NFC", sample):
        text = normalize("NFC", text[:MORE])
        sample = text[:FIRST]
    script = _script_of(sample)
    if script not in {"", "Cyrillic", "Arabic", "Devanagari"}:
        return "" if script == "?" else script
    return _by_words(sample) or (_by_words(text[:MORE]) if len(text) > FIRST else "")


def _script_of(sample: str) -> str:
    """The language that the script tells, or the name of the script; "" for Latin, "?" where it is open."""
    if sample.isascii():
        return ""
    letters = _BEYOND.findall(sample)
    if not letters or 4 * len(letters) < sum(map(str.isalpha, sample)):
        return ""
    counts = Counter(_NAMES[bisect_right(_STARTS, ord(letter)) - 1] for letter in letters[:LETTERS])
    han, kana = counts.pop("Han", 0), counts.pop("ja", 0)
    if han + kana > counts.total():
        if 10 * kana > han + kana:
            return "ja" if han + kana >= FEW else "?"
        return "zh" if not kana and han >= MANY else "?"
    [(script, count)] = counts.most_common(1)
    if (
        count < FEW
        or count < 0.8 * counts.total()
        or set(letters).intersection(_OTHERS.get(script, ""))
    ):
        return "?"
    return script


def _by_words(sample: str) -> str:
    """The language whose common words make up the sample, well ahead of all others."""
    table, known = _table()
    words = sample.lower().translate(_TO_BLANKS).split()
    if len(words) < FEW:
        return ""
    if not sample.isascii() and 6 * len(list(filter(_VIETNAMESE.search, words))) > len(words):
        return "vi"
    odds: dict[str, float] = {}
    counts = Counter(filter(table.__contains__, words))
    for word, count in counts.items():
        for code, gain in table[word]:
            odds[code] = odds.get(code, 0.0) + gain * min(count, 3)
    if not odds:
        return ""
    code = max(odds, key=odds.__getitem__)
    ahead = odds.pop(code) - max(odds.values(), default=0.0)
    own = known[code]
    hits = [word for word in counts if word in own.words]
    is_sure = (
        ahead >= AHEAD
        and not own.is_unsure
        and sum(len(word) > 1 for word in hits) >= FEW
        and 100 * sum(counts[word] for word in hits) >= own.least * len(words)
    )
    return code if is_sure else ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one language."""

    words: frozenset[str]
    least: int  # per cent of a text's words that are among them, at least
    is_unsure: bool  # not to be told from its nearest relatives


@cache
def _table() -> tuple[dict[str, list[tuple[str, float]]], dict[str, _Known]]:
    """For each word how much it speaks for each language; and the languages by their codes."""
    data = tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))
    unsure, known = data.pop("unsure"), dict[str, _Known]()
    table: dict[str, list[tuple[str, float]]] = {}
    for code, said in data.items():
        words = said["words"].split()
        known[code] = _Known(frozenset(words), said["least"], code in unsure)
        for rank, word in enumerate(words):
            gain = math.log(750 / (rank + 4))  # its share by Zipf's law, against any rare word's
            table.setdefault(word, []).append((code, gain))
    return table, known
