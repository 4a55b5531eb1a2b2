"""Text that looks like news: words of three languages, drawn as often as in life (Zipf's law).

The commonest words are real ones; the long tail is made of the language's own syllables. Sentences are drawn once
into a pool, from which articles are put together, so that a million articles take minutes, not hours.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

COMMON = {
    "id": """
        yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada
        mereka lebih telah adalah kata oleh tahun orang sudah atau saat seperti kami bagi hari harus kepada
        sebagai dia sangat menjadi kota daerah pemerintah warga harga pasar banyak masih baru hingga antara
        dapat rumah sekolah jalan air laut anak petani nelayan desa kabupaten provinsi kepala rapat program
        pembangunan masyarakat ekonomi hukum polisi hujan banjir jembatan pelabuhan kapal beras cabai minyak
        listrik rupiah persen juta pekan lalu besok pagi malam""",
    "en": """
        the of and to in a is that it was for on are with as his they at be this from have or by one had not
        but what all were when we there can an your which their said if do will each about how up out them
        then she many some so these would other into has more her two like him see time could no make than
        first been its who now people over did down only way find use may water long little very after words
        called just where most know market minister report percent million company government city school
        river weather price season match coast bridge""",
    "ja": """
        日本 政府 経済 東京 会社 市場 発表 今年 問題 世界 社会 研究 大学 選手 試合 電車 天気
        予報 地震 地方 計画 教育 文化 技術 開発 生活 情報 新聞 時間 自然
        環境 交通 料理
        旅行 音楽 映画 写真 野球 都市 農業 漁業 港 船 海 山""",
}
_SYLLABLES = {
    "id": """
        ba be bi bu da di du ga ka ke ki ku la le lu ma me mi mu na ni pa pe pu ra ri ru sa se su ta ti tu
        wa ya ngan kan ran tan an ung is al""",
    "en": """
        al an ar ber ble con der di en er est ex fi for gra ing ion ish ka lan li man ment mor ner on or pel
        per qua ra ris sen ster tan ter tion ur ver wick""",
    "ja": "新 高 長 北 南 東 西 大 小 中 本 田 川 島 村 町 国 語 道 店 家 車 石 木 花 春 夏 秋 冬 光",
}
SHARE = {"id": 60, "en": 30, "ja": 10}
RARE = "zyzzyva"  # in one title of five hundred, so that a search has a known answer


@dataclass(frozen=True)
class Language:
    """One language's sentences."""

    code: str
    sentences: list[str]
    words: list[int]  # how many words each sentence has
    titles: list[str]


def languages(seed: int = 1, vocabulary: int = 20_000, pool: int = 6_000) -> dict[str, Language]:
    """The three languages, the same for the same seed."""
    return {
        code: _language(code, random.Random(f"{seed}{code}"), vocabulary, pool) for code in SHARE
    }


def _language(code: str, chance: random.Random, vocabulary: int, pool: int) -> Language:
    common, syllables = COMMON[code].split(), _SYLLABLES[code].split()
    tail: dict[str, None] = {}
    while len(tail) < vocabulary - len(common):
        tail["".join(chance.choices(syllables, k=chance.choice((2, 2, 3, 3, 4))))] = None
    words = [*common, *tail]
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    gap, stop = ("", "。") if code == "ja" else (" ", ".")

    def phrase(least: int, most: int) -> tuple[str, int]:
        chosen = chance.choices(words, cum_weights=weights, k=chance.randint(least, most))
        text = gap.join(chosen)
        return text[0].upper() + text[1:], len(chosen)

    sentences = [phrase(6, 24) for _ in range(pool)]
    titles = [phrase(4, 11)[0] for _ in range(pool)]
    return Language(
        code, [text + stop for text, _ in sentences], [count for _, count in sentences], titles
    )
