"""Bytes, dates and names, as pages write them."""

from __future__ import annotations

import pytest

from bacatui.articles import extract
from bacatui.articles.dates import read_date
from bacatui.articles.web_page import decode, file_type, parse, prune, source_of
from bacatui.model import Kind


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        ("é".encode(), "", "é"),
        ("“é”".encode("cp1252"), "text/html; charset=iso-8859-1", "“é”"),
        (
            b"<meta charset=windows-1251>" + "Привет".encode("cp1251"),
            "",
            "<meta charset=windows-1251>Привет",
        ),
        ("日本語".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語"),
        (b"\xef\xbb\xbfa", "charset=latin-1", "a"),
        ("añb".encode("utf-16-le").join([b"\xff\xfe", b""]), "", "añb"),
        ("é".encode(), "charset=iso-8859-1", "é"),
        (b"\xe9 caf\xe9", "charset=no-such-thing", "é café"),
    ],
)
def test_bytes_are_decoded_as_browsers_do_it(body: bytes, header: str, text: str) -> None:
    assert decode(body, header) == text


def test_text_below_the_depth_that_the_parser_stops_at_is_not_lost() -> None:
    tree = parse(
        source_of("<p>before</p>" + "<div>" * 900 + "deep" + "</div>" * 900 + "<p>after</p>")[0]
    )
    assert " ".join(tree.text_content().split()) == "before deep after"
    tree = parse(source_of("<div>" * 300 + "<p>before</p><a<p>after</p>")[0])
    assert " ".join(tree.text_content().split()) == "before after"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2022-11-15T18:40:00+07:00", "2022-11-15T18:40:00+07:00"),
        ("2025-03-02", "2025-03-02T00:00:00+00:00"),
        ("Selasa, 21 Januari 2025, 17:45 WIB", "2025-01-21T17:45:00+07:00"),
        ("Senin, Juli 1, 2024", "2024-07-01T00:00:00+00:00"),
        ("21/01/2025, 17.45 WITA", "2025-01-21T17:45:00+08:00"),
        ("4 November 2025", "2025-11-04T00:00:00+00:00"),
        ("November 4th, 2025 3:05 pm", "2025-11-04T15:05:00+00:00"),
        ("18. März 2024", "2024-03-18T00:00:00+00:00"),
        ("18 de noviembre de 2024", "2024-11-18T00:00:00+00:00"),
        ("2024年5月6日", "2024-05-06T00:00:00+00:00"),
        ("2024-09-02 05:40 WIB", "2024-09-02T05:40:00+07:00"),
        ("2024-09-02T05:40:00Z", "2024-09-02T05:40:00+00:00"),
        ("September 2, 2024 12:05 AM", "2024-09-02T00:05:00+00:00"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
        ("31 Februari 2024", None),
        ("no date at all", None),
    ],
)
def test_dates_are_read_with_their_zone_and_never_invented(text: str, date: str | None) -> None:
    found = read_date(text)
    assert (found.isoformat() if found else None) == date


def test_a_time_without_a_zone_is_that_of_the_language_s_own_country() -> None:
    head = '<html lang="{}"><meta name="publishdate" content="{}"><p>Air naik.</p>'
    for language, stamp, said in (
        ("id-ID", "2024/09/02 05:40:00", "2024-09-02 05:40:00+07:00"),
        ("ms", "2024-09-02T05:40:00", "2024-09-02 05:40:00+08:00"),
        ("id", "2024-09-02T05:40:00Z", "2024-09-02 05:40:00+00:00"),
        ("id", "2024-09-02", "2024-09-02 00:00:00+00:00"),
        ("en", "2024-09-02T05:40:00", "2024-09-02 05:40:00+00:00"),
    ):
        assert str(extract(head.format(language, stamp)).published) == said


def test_bloggers_pictures_in_tables_are_figures() -> None:
    tree = parse(
        '<table class="tr-caption-container"><tbody><tr><td><a href="/b"><img src="/b.png" width="640"></a></td></tr>'
        '<tr><td class="tr-caption">The board, in June.</td></tr></tbody></table>'
    )
    prune(tree)
    assert [figure.findtext(".//figcaption") for figure in tree.iter("figure")] == [
        "The board, in June."
    ]
    assert tree.find(".//td") is None


@pytest.mark.parametrize("coding", ["utf-8", "shift_jis", "iso-8859-1"])
@pytest.mark.parametrize("lead", ["", "\n ", "\ufeff"])
def test_a_page_with_an_xml_declaration_is_read(coding: str, lead: str) -> None:
    text = "The harbour master counted the boats twice before the fog came in, and once again after it had gone."
    head = f'{lead}<?xml version="1.0" encoding="{coding}"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "">'
    page = f'{head}<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Boats</h1><p>{text}</p><p>{text[::-1]}</p></body></html>'
    body: str | bytes
    for body in (page, page.encode("utf-8" if lead.startswith("\ufeff") else coding)):
        assert extract(body).text.split("\n\n") == [text, text[::-1]]


@pytest.mark.parametrize(
    ("body", "said", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj\n<< /Title (Boats) >>", "application/pdf", "application/pdf"),
        (b"%PDF-1.7\n1 0 obj\n<< /Title (Boats) >>", "text/html", "text/html"),
        (b"\x89PNG\r\n\x1a\n", "", "application/octet-stream"),
        (b"boats\x00\x01\x02", "", "application/octet-stream"),
        (b"boats", "video/mp4", "video/mp4"),
        (b"boats", "application/octet-stream", "application/octet-stream"),
        (b"<html><p>boats", "application/octet-stream", ""),
        (b"<html><p>bo\x00ats", "", ""),
        ("<html><p>boats".encode("utf-16"), "text/html", ""),
        (b"boats, counted twice", "", ""),
        (b"boats, counted twice", "text/plain; charset=utf-8", ""),
        (b'{"boats": 2}', "application/feed+json", ""),
    ],
)
def test_a_file_is_told_from_a_page(body: bytes, said: str, kind: str) -> None:
    assert file_type(body, said) == kind
    article = extract(body, content_type=said)
    assert not kind or (article.kind is Kind.NONE and not article.text and kind in article.error)
