"""The text gate: whatever goes in, nothing that a terminal obeys comes out, and real letters stay."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bacatui.articles.web_page import parse
from bacatui.text import sanitize
from tests.cost import ends_within

CONTROLS = st.sampled_from(
    [
        "\x1b[31m",
        "\x1b]52;c;QQ==\x07",
        "\x1b]8;;https://x.example/\x1b\\",
        "\x1bP$q\x1b\\",
        "\x9b2J",
        "\x9d0;x\x9c",
        "\x1b",
        "\x07",
        "\x00",
    ]
    + [
        "\u202e",
        "\u2066",
        "\u200d",
        "\u200c",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\ufffe",
        "\U000e0041",
        "\u2028",
        "\r",
        "\n",
        "\t",
        "\v",
    ]
    + ["a", " ", "é", "ب", "क", "日", "👩", "👩\u200d🚀", "\u0301" * 12, "&#27;", "<b>", "]"]
)
WILD = st.text(alphabet=st.characters(), max_size=60) | st.lists(CONTROLS, max_size=20).map("".join)


def forbidden(text: str, lines: bool = False) -> list[str]:
    return [
        f"U+{ord(c):04X}"
        for c in text
        if (unicodedata.category(c) in {"Cc", "Cs"} and not (lines and c == "\n"))
        or 0x202A <= ord(c) <= 0x202E
        or 0x2066 <= ord(c) <= 0x2069
        or (ord(c) & 0xFFFE) == 0xFFFE
        or 0xFDD0 <= ord(c) <= 0xFDEF
        or c in "\u2028\u2029\ufeff"
        or 0xE0000 <= ord(c) <= 0xE007F
    ]


@given(WILD)
def test_no_forbidden_character_leaves_the_gate(text: str) -> None:
    assert forbidden(sanitize.clean(text)) == []
    assert forbidden(sanitize.clean(text, lines=True), lines=True) == []
    assert forbidden(sanitize.title(text)) == []


@given(WILD)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for lines in (False, True):
        once = sanitize.clean(text, lines=lines)
        assert sanitize.clean(once, lines=lines) == once


@given(WILD, st.integers(1, 12))
def test_limits_hold(text: str, limit: int) -> None:
    assert len(sanitize.clean(text, limit)) <= limit


@given(WILD)
def test_cleaned_lines_are_safe_to_draw(text: str) -> None:
    assert sanitize.is_safe(sanitize.clean(text))


@given(st.text(alphabet=st.sampled_from("a\u0301\u0308\u20e0\u0489 "), max_size=60))
def test_combining_marks_are_capped(text: str) -> None:
    run = 0
    for char in sanitize.clean(text):
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        assert run <= sanitize.MARKS_PER_LETTER


@given(
    st.text(
        alphabet=st.characters(categories=["L", "Nd"], exclude_characters="\u180e"), max_size=40
    )
)
def test_letters_of_every_script_pass_unchanged(text: str) -> None:
    assert sanitize.clean(text) == text
    assert sanitize.title(text) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("the \x1b[31mprinter\x1b[0m to", "the printer to"),
        ("gone\x07\x9b2J and", "gone and"),
        ("\x1b]8;;https://evil.example/\x1b\\Klik di sini\x1b]8;;\x1b\\", "Klik di sini"),
        ("\x1b]0;left open, and the text goes on", "0;left open, and the text goes on"),
        ("a\x9dlone windows-1252 byte", "alone windows-1252 byte"),
        ("folded\u202e it\u202c,", "folded it,"),
        ("naïve café “kutip”", "naïve café “kutip”"),
        ("می‌خواهم", "می‌خواهم"),
        ("👩‍🚀 👨‍👩‍👧", "👩‍🚀 👨‍👩‍👧"),
        ("a\u200db", "ab"),
        ("  two\t words \r\n", "two words"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert sanitize.clean(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (
            "[/] [@click=app.quit]Baca[/] [link=file:///x]",
            "[/] [@click=app.quit]Baca[/] [link=file:///x]",
        ),
        ("<b>Bold</b> and <more> vector<int>", "Bold and <more> vector<int>"),
        ("Q&amp;A &lt;i&gt;now&lt;/i&gt;", "Q&A now"),
        ("R&amp;amp;D", "R&D"),
        ("AT&T", "AT&T"),
        ("&#27;[2J&#x9b;2Jtext&#99999999999999999999;", "›2Jtext\ufffd"),
        ("x < y and y > z", "x < y and y > z"),
        ("<script>alert(1)</script>News", "News"),
        ("<!-- <script> -->News<script>'<!--'</script> today", "News today"),
        ("Satu<br/>dua<p>tiga</p>", "Satu dua tiga"),
        ('safe<applet code="a.class"></applet> words', "safe words"),
        ('safe<embed src="/a"> words', "safe words"),
        ('safe<meta http-equiv="Refresh" content="0; URL=/a"> words', "safe words"),
        ('safe<link rel="stylesheet" href="/a.css"> words', "safe words"),
        ('safe<frameset rows="*"><frame src="/a"></frameset> words', "safe words"),
        ("What <meta> and <link/> are, and </frame>", "What <meta> and <link/> are, and </frame>"),
        ("<link in the chain", "<link in the chain"),
        ("safe<!--", "safe"),
        ("safe <!--more", "safe"),
        ("Why <!-- opens a comment", "Why <!-- opens a comment"),
        ("&#" + "1" * 5000 + ";", "\ufffd"),
    ],
)
def test_title(raw: str, shown: str) -> None:
    assert sanitize.title(raw) == shown


@pytest.mark.parametrize(
    "piece", ["<!--", "<link a=", "<link ", "<link =", "<script>", "</style>", "<b <"]
)
def test_titles_that_are_made_to_take_long_do_not(piece: str) -> None:
    with ends_within(5):
        sanitize.title(piece * 200_000)
        sanitize.title("<link " + piece[-1] * 500_000)


@pytest.mark.parametrize(
    ("raw", "base", "absolute"),
    [
        ("https://Example.COM/a b?q=ü#f", "", "https://example.com/a%20b?q=%C3%BC#f"),
        ("/path", "https://example.com/dir/", "https://example.com/path"),
        ("//cdn.example/x", "https://example.com/", "https://cdn.example/x"),
        ("java\tscript:alert(1)", "https://example.com/", ""),
        ("data:text/html,x", "", ""),
        ("file:///etc/passwd", "", ""),
        ("https://user:secret@example.com/x", "", "https://example.com/x"),
        ("http://bücher.example/", "", "http://xn--bcher-kva.example/"),
        ("http://[::1]:8000/x", "", "http://[::1]:8000/x"),
        ("https://feed.example/\x1b]52;c;QQ==\x07", "", "https://feed.example/"),
        ("https://feed.example/a\nb", "", "https://feed.example/ab"),
        ("http://x:99999/", "", ""),
        ("relative", "", ""),
        ("http://", "", ""),
    ],
)
def test_url(raw: str, base: str, absolute: str) -> None:
    assert sanitize.url(raw, base) == absolute


@given(WILD)
def test_urls_are_printable_ascii_or_empty(text: str) -> None:
    for candidate in (text, "http://example.com/" + text, "https://" + text):
        out = sanitize.url(candidate, "https://base.example/")
        assert out.isascii() and (not out or out.isprintable()) and " " not in out
        assert out == "" or out.startswith(("http://", "https://"))
        assert sanitize.url(out) == out


def test_a_joiner_between_marks_does_not_hide_a_pile() -> None:
    text = "a" + "\u0300" * 8 + "\u200c\u0300"
    assert sanitize.clean(text) == "a" + "\u0300" * 8


def test_joiners_and_marks_made_to_uncover_each_other_end_at_once() -> None:
    text = "a" + "\u0301" * 8 + "\ufe0f\u200d" * 100_000
    once = sanitize.clean(text)
    assert sanitize.clean(once) == once


def test_a_sequence_spelled_in_references_goes_as_a_whole() -> None:
    spelled = "".join(f"&#{ord(c)};" for c in "\x1b]0;taken over\x07")
    assert sanitize.title(f"A{spelled}B") == "AB"
    assert sanitize.source(f"A{spelled}B &#60;b&#62; &amp;") == "AB &#60;b&#62; &amp;"
    assert sanitize.source("A&#27;&#93;0;taken over&#7;B") == "AB"


def test_references_to_what_is_no_character_are_spelled_out_for_the_gate() -> None:
    for reference in ("&#xFFFE;", "&#65535;", "&#x0ffff", "&#xfffe;&#27;[31m"):
        assert sanitize.source(f"a{reference} b") == "a b"
    assert sanitize.bare("&#xFFFD; &#65533; &#655350;") == "&#xFFFD; &#65533; &#655350;"


@pytest.mark.parametrize(
    "text",
    [
        "&#\u202a27;",
        "&\u200b#27;",
        "&#2\u206a7;",
        "&#&#27;27;",
        "&#&#x1b;&#27;27;7;",
        "&#x\ufeff1B;",
    ],
)
def test_a_reference_put_together_by_what_is_taken_out_is_none(text: str) -> None:
    found = sanitize.source(f"<p>a{text}[31mred</p>")
    assert sanitize.is_safe(found) and sanitize.is_safe(parse(found).text_content()), found


@given(
    st.lists(
        st.sampled_from(
            [
                "&#",
                "&",
                "#",
                "27",
                "2",
                "7",
                ";",
                "x",
                "1b",
                "\x1b",
                "\u202a",
                "&#27;",
                "&#8234;",
                "[",
            ]
        )
    )
)
@example(["&#", "x", "&#", "1b"])  # what is left of it spells a line end
def test_no_reference_spells_a_control(parts: list[str]) -> None:
    found = sanitize.source("".join(parts)).replace("\n", " ")
    decoded = (
        parse(f"<p>a{found}</p>").text_content().replace("\u202a", "")
    )  # which `clean` takes out
    assert sanitize.is_safe(found) and sanitize.is_safe(decoded)
