"""What `--help` says, at 80 columns and in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bacatui import i18n
from bacatui.cli.grammar import COMMANDS, usage
from tests.cli.conftest import Run


@pytest.fixture(params=i18n.LANGUAGES)
def language(
    request: pytest.FixtureRequest, home: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setenv("LANGUAGE", request.param)
    yield request.param
    i18n.use("en")


def entries(lines: list[str]) -> list[list[str]]:
    """What stands under a heading: the lines of each name."""
    found = list[list[str]]()
    for line in lines:
        if re.match(r"  \S", line):
            found.append([])
        found[-1].append(line)
    return found


def test_the_commands_stand_in_five_groups_a_line_each(run: Run, language: str) -> None:
    parts = [part.splitlines() for part in run("--help").out.split("\n\n")]
    about, said, *groups, _options, _more = parts
    assert len(about) <= 2
    assert said == [i18n._("Usage: {line}").format(line=i18n._("bacatui [--home DIR] [COMMAND]"))]
    assert [group[0] for group in groups] == [f"{i18n._(told)}:" for told in dict.fromkeys(
        told["group"] for told in COMMANDS.values()
    )]  # fmt: skip
    assert len(groups) == 5
    assert [line.split()[0] for group in groups for line in group[1:]] == list(COMMANDS)
    assert all(len(line) <= 80 for part in parts for line in part)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_text_in_the_help_of_a_command_is_longer_than_two_lines(
    run: Run, language: str, name: str
) -> None:
    about, said, *groups = [part.splitlines() for part in run(name, "--help").out.split("\n\n")]
    assert len(about) <= 2
    assert " ".join(line.strip() for line in said).endswith(usage(name))
    told = [entry for group in groups for entry in entries(group[1:])]
    beside = [entry for entry in told if re.match(r"  \S.*\S  +\S", entry[0])]
    assert all(len(entry) <= 2 for entry in beside)
    assert all(
        len(entry) <= 3 for entry in told
    )  # a long name has a line of its own above the text
    assert all(len(line) <= 80 for part in (about, said, *groups) for line in part)


def test_the_examples_of_the_help_can_be_carried_out(run: Run) -> None:
    import shlex

    for line, _does in [*COMMANDS["mute"]["examples"], *COMMANDS["searches"]["examples"]]:
        assert run(*shlex.split(line)[1:]).code == 0, line
    assert (run("mute").out, run("searches").out) == ("ads (hidden): sponsored OR promo\n", "")
