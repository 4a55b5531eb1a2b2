"""Boilerplate rules: each with an example that is its test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bacatui.articles import RuleError, fragment, load_rules, rule_errors, rule_for
from bacatui.articles.rules import Rule, compiled, read_rules
from bacatui.articles.text_blocks import TextBlock
from bacatui.text import tokens

PACKAGE = load_rules()
PROSE = "".join(
    f"<p>Number {n}: the river rose after midnight, and the people of the lower villages carried what they could.</p>"
    for n in range(9)
)


def cuts_of(html: str) -> list[str]:
    article = fragment(f"<div>{PROSE}{html}</div>", "https://example.org/", "Nothing", PACKAGE)
    return [cut.by for cut in article.cuts]


def test_the_packages_rules_can_all_be_read() -> None:
    assert PACKAGE.errors == ()
    assert len({rule.id for rule in PACKAGE.all}) == len(PACKAGE.all) > 40


@pytest.mark.parametrize("rule", PACKAGE.all, ids=lambda rule: rule.id)
def test_a_rule_cuts_its_example(rule: Rule) -> None:
    assert rule.example, "a rule without an example is not tried"
    assert rule.id in cuts_of(rule.example)


@pytest.mark.parametrize(
    "rule", [rule for rule in PACKAGE.all if rule.spares], ids=lambda rule: rule.id
)
def test_a_rule_spares_what_only_looks_like_it(rule: Rule) -> None:
    assert cuts_of(rule.spares) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("(?-i:ADA) kabar .*", "ADA Kabar dari Ambon"), ("(?-i:[^A-Z]{3}) kabar", "ada KABAR"), (r"(\w)\1 kabar", "Aa kabar"),
        (r"\x41da kabar", "ada kabar"), ("[Z-a]da kabar", "ada kabar"), ("(?-i:Ada(?!K)).*", "Ada kabar"),
        ("(?s:ada.kabar)", "Ada kabar"), ("(?P<names>Ada) kabar", "ADA kabar"), ("[Ɓ-Ƅ]da kabar", "Ƅda kabar"),
    ],
)  # fmt: skip
def test_whatever_a_rule_is_written_like_the_short_way_knows_its_lines(
    pattern: str, line: str
) -> None:
    rule = Rule("x.y", "cut", matches=pattern)
    other = Rule("x.z", "cut", matches="lain dari (?-i:Yang) lain")
    assert list(compiled([rule, other]).suspects(["Bukan itu", line])) == [line]
    assert re.fullmatch(pattern, line, re.IGNORECASE)


def test_a_pattern_is_tried_only_where_a_word_is_that_it_needs() -> None:
    rules = compiled(
        [
            Rule("x.y", "cut", matches=".{0,60}kabar.{0,60}", holds=("surat",)),
            Rule("x.z", "cut", matches="lain"),
        ]
    )
    known = ["Surat kabar pagi", "Lain"]
    assert list(rules.suspects(["Kabar pagi", *known])) == [
        "Kabar pagi",
        *known,
    ]  # the long way judges each alone
    assert list(rules.suspects(["Kabar pagi", "Lain"])) == ["Lain"]
    named = [
        rules.labelled(TextBlock(None, "para", 0, text=text, words=tokens(text)), "")
        for text in ("Kabar pagi", *known)
    ]
    assert [rule and rule.id for rule in named] == [None, "x.y", "x.z"]


@pytest.mark.parametrize(
    "rule", [rule for rule in PACKAGE.all if rule.matches], ids=lambda rule: rule.id
)
def test_a_pattern_that_may_begin_anywhere_says_which_words_it_needs(rule: Rule) -> None:
    assert rule.holds or not rule.matches.startswith(".")


def test_a_label_takes_the_links_after_it() -> None:
    html = '<h4>Baca juga</h4><ul><li><a href="/a">Judul pertama yang panjang</a></li><li><a href="/b">Judul kedua</a></li></ul><p>Air surut sore itu.</p>'
    article = fragment(f"<div>{PROSE}{html}</div>", title="x", rules=PACKAGE)
    assert "Judul" not in article.text
    assert article.text.endswith("Air surut sore itu.")


def test_an_end_label_is_no_end_where_prose_follows() -> None:
    article = fragment(f"<div>{PROSE}<h3>Komentar</h3>{PROSE}</div>", title="x", rules=PACKAGE)
    assert article.text.count("midnight") == 18 - 9 + 9


def test_names_of_labelled_lines_go_to_the_byline() -> None:
    article = fragment(
        f"<div>{PROSE}<p>Reporter : Ngatirin/rel</p></div>", title="x", rules=PACKAGE
    )
    assert article.byline == "Ngatirin"
    assert "Ngatirin" not in article.text


def test_the_readers_own_rules_are_read_after_the_packages_and_change_the_version(
    tmp_path: Path,
) -> None:
    (tmp_path / "mine.toml").write_text(
        rule_for("example.org", "Kabar kilat: mampir ya", keep=False, where="div.x > p"), "utf-8"
    )
    (tmp_path / "broken.toml").write_text("[[rule]\n", "utf-8")
    rules = load_rules(tmp_path)
    assert [error.split(":")[0] for error in rules.errors] == ["broken.toml"]
    assert rule_errors(tmp_path) == rules.errors and rule_errors(tmp_path / "none") == ()
    assert rules.version != PACKAGE.version
    html = f"<div>{PROSE}<p>Kabar kilat: singgah sebentar</p></div>"
    assert "Kabar" not in fragment(html, "https://www.example.org/x", "t", rules).text
    assert "Kabar" in fragment(html, "https://other.example/x", "t", rules).text


def test_a_keep_rule_overrides_the_packages() -> None:
    keep = read_rules(rule_for("example.org", "Baca juga", keep=True), "mine")
    rules = compiled([*PACKAGE.all, *keep])
    html = f'<div>{PROSE}<p>Baca juga: <a href="/x">Judul</a></p></div>'
    assert "Judul" in fragment(html, "https://example.org/", "t", rules).text


@pytest.mark.parametrize(
    "text",
    [
        '[[rule]]\nid = "A b"',
        '[[rule]]\nid = "a"',
        '[[rule]]\nid = "a"\nmatches = "("',
        '[[rule]]\nid = "a"\nstarts = "x"',
        "rule = 1",
        "x =",
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(text: str) -> None:
    with pytest.raises(RuleError, match=r"\w+"):
        read_rules(text, "mine")


def test_a_rule_whose_names_may_be_missing_finds_none() -> None:
    rules = compiled(
        read_rules(
            '[[rule]]\nid = "a"\ndoes = "byline"\nmatches = "(?:by (?P<names>.+)|unsigned)"', "mine"
        )
    )
    assert "unsigned" not in fragment(f"<div>{PROSE}<p>unsigned</p></div>", "", "t", rules).text


def test_a_label_in_turkish_capitals_is_known() -> None:
    assert cuts_of('<p>İLGİLİ HABER: <a href="/x">Değirmen yeniden dönüyor</a></p>') == [
        "europe.east"
    ]


def test_a_pattern_may_be_written_in_parts() -> None:
    (whole,) = read_rules("[[rule]]\nid = 'x'\nmatches = 'one|two'", "mine")
    (parts,) = read_rules("[[rule]]\nid = 'x'\nmatches = ['one|', 'two']", "mine")
    assert whole == parts
