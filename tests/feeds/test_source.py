"""Bytes to text: every encoding that feeds are written in, and no codec that they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacatui.feeds.source import decode, harmless
from tests.cost import ends_within
from tests.feeds.build import first, item, rss

TEXTS = {
    "utf-8": "Kafé — naïve", "windows-1252": "Kafé “kutip” – naïve", "iso-8859-1": "Kafé naïve ñ", "us-ascii": "Kafe",
    "shift_jis": "日本語のニュース", "euc-jp": "日本語のニュース", "iso-2022-jp": "日本語のニュース", "gb2312": "中文新闻标题",
    "gbk": "中文新闻标题镕", "gb18030": "中文新闻标题𠀀", "big5": "中文新聞標題", "euc-kr": "한국어 뉴스", "koi8-r": "Русские новости",
    "windows-1251": "Русские новости", "iso-8859-5": "Русские новости", "iso-8859-8": "חדשות בעברית", "windows-1255": "חדשות",
    "windows-1256": "أخبار عربية", "iso-8859-6": "أخبار", "tis-620": "ข่าวไทย", "windows-1254": "Türkçe haber ığş", "iso-8859-9": "ığş",
    "windows-1250": "Žluťoučký kůň", "iso-8859-2": "Žluťoučký kůň", "iso-8859-15": "€ŠšŽž", "windows-1258": "tiê", "utf-16": "UTF-16 ✓",
    "utf-16-le": "Berita", "utf-16-be": "Berita", "utf-32": "UTF-32 ✓",
}  # fmt: skip


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_declared_encoding_is_understood(encoding: str) -> None:
    source = rss(
        item(TEXTS[encoding]), declaration=f'<?xml version="1.0" encoding="{encoding}"?>\n'
    )
    assert first_title(source.encode(encoding)) == TEXTS[encoding]


@pytest.mark.parametrize("encoding", [name for name in TEXTS if not name.startswith("utf-16-")])
def test_the_media_type_may_say_it_instead(encoding: str) -> None:
    body = rss(item(TEXTS[encoding])).encode(encoding)
    assert (
        first_title(body, f'application/rss+xml; charset="{encoding.upper()}"') == TEXTS[encoding]
    )


def first_title(body: bytes, content_type: str = "") -> str:
    from bacatui.feeds import parse

    return parse(body, "https://feed.example/", content_type).entries[0].title


def test_utf_8_is_recognised_whatever_is_said_about_it() -> None:
    body = rss(
        item("Kafé 日本"), declaration='<?xml version="1.0" encoding="iso-8859-1"?>'
    ).encode()
    assert first_title(body, "text/xml; charset=us-ascii") == "Kafé 日本"


def test_bytes_that_fit_nothing_are_windows_1252_one_by_one() -> None:
    good, bad = rss(item("Kafé") + item("MARK")).encode().split(b"MARK")
    body = good + "Naïve “x”".encode("windows-1252") + bad
    assert "Kafé" in decode(body) and "Naïve “x”" in decode(body)
    assert "<" not in decode(b"\xc0\xbc\xe0\x80\xbc")


@pytest.mark.parametrize(
    "name",
    [
        "zlib_codec",
        "rot13",
        "idna",
        "punycode",
        "unicode_escape",
        "undefined",
        "utf-7",
        "x-bogus",
        "utf\0-8",
        "\xff\xfe",
    ],
)
def test_names_that_are_no_text_encodings_are_not_obeyed(name: str) -> None:
    body = rss(
        item("A\\x1b]0;+ADw-script"), declaration=f'<?xml version="1.0" encoding="{name}"?>'
    ).encode("latin-1")
    assert decode(body, f"application/xml; charset={name}").endswith(
        rss(item("A\\x1b]0;+ADw-script"))
    )


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    for start in (b"", b"<?xml encoding='shift_jis'?>", b"\xff\xfe", b"\xef\xbb\xbf"):
        assert isinstance(decode(start + body, content_type), str)


def test_what_feedparser_chokes_on_is_defused() -> None:
    notes: list[str] = []
    attributes = " ".join(f'a{n}="1"' for n in range(5_000))
    long = "a@" + "a." * 20_000
    source = harmless(
        f"<rss><e {attributes}/><item><author>{long}!</author><title>&#xD800;&#99999999999;&#60;&amp;#{'9' * 5000};</title></item></rss>",
        notes,
    )
    assert len(source) < 1_000 and "a4999" not in source and notes
    assert "\ufffd\ufffd&#60;\ufffd" in source


def test_authors_made_against_patterns_cost_nothing() -> None:
    bad = "".join(
        f"<item><title>x & y</title><author>{'a@' + 'a.' * 20_000}!</author></item>"
        for _ in range(5)
    )
    with ends_within(1):
        assert first(rss(bad)).title == "x & y"
