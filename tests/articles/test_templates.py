"""Pages in the templates of the news sites of Indonesia and Malaysia, written anew: the article, and nothing of the page.

The story is the same everywhere and stands in `tests/articles/templates/NAME.html` as {1} to {6}; what is to be known
of each page besides is in TRUTH.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bacatui.articles import extract

PAGES = Path(__file__).parent / "templates"
TITLE = "Warga Kampung Baru Jaga Tanggul Semalaman"
STORY = (
    "Warga Kampung Baru berjaga di atas tanggul sejak Minggu petang setelah air sungai naik setinggi lutut orang dewasa.",
    "Ketua rukun warga, Pak Mansur, membagi penjaga menjadi tiga giliran dan meminta anak-anak tidur di balai desa dahulu.",
    "“Kami tidak menunggu perintah. Kalau kentongan dipukul dua kali, semua orang sudah tahu harus ke mana,” kata Mansur.",
    "Petugas kecamatan datang membawa dua ratus karung pasir dan satu pompa, tetapi solarnya baru tiba menjelang tengah malam.",
    "Menurut catatan warga, tanggul itu terakhir diperbaiki sebelas tahun lalu, ketika separuh jalan kampung masih berupa sawah.",
    "Menjelang subuh air turun sejengkal. Beberapa orang pulang untuk sahur, sedangkan yang lain memilih menyeduh kopi sekali lagi.",
)
TRUTH = {  # byline, date
    "detik": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "kompas": ("Rina Wahyuni, Budi Laksana", "2024-09-02 05:40:00+07:00"),
    "tribunnews": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "tempo": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "cnnindonesia": ("CNN Indonesia", "2024-09-02 05:40:00+07:00"),
    "liputan6": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "antaranews": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "republika": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "jpnn": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "okezone": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "sindonews": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "kumparan": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "merdeka": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "suara": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "viva": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "bisnis": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "kontan": ("Rina Wahyuni", "2024-09-02 05:40:00+07:00"),
    "tagdiv": ("Rina Wahyuni", "2024-09-02 05:40:00+08:00"),
    "jnews": ("Rina Wahyuni", "2024-09-02 05:40:00+09:00"),
    "malaysiakini": ("Rina Wahyuni", "2024-09-02 05:40:00+08:00"),
    "bernama": ("", "2024-09-02 05:40:00+08:00"),
    "sinarharian": ("RINA WAHYUNI", "2024-09-02 05:40:00+08:00"),
}


@pytest.mark.parametrize("site", TRUTH)
def test_a_page_of_a_big_site_comes_out_exact(site: str) -> None:
    source = (PAGES / f"{site}.html").read_text("utf-8").replace("{title}", TITLE)
    for number, text in enumerate(STORY, 1):
        source = source.replace(f"{{{number}}}", text)
    article = extract(source, f"https://www.{site}.example/berita/1234/tanggul")
    assert article.text.split("\n\n") == list(STORY)
    assert (article.title, article.byline, str(article.published)) == (TITLE, *TRUTH[site])
