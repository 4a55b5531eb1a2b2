"""The README tells the truth: its commands are those that CI runs, its keys and links exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bacatui import commands
from bacatui.cli.about import DEMO_SETTINGS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)


def test_the_first_two_commands_make_the_environment_and_end_in_the_demo_and_the_suite() -> None:
    assert COMMANDS[0].endswith(".venv/bin/bacatui demo")
    assert COMMANDS[1].endswith(".venv/bin/python -m pytest")
    assert all(
        command.startswith("python3 -m venv --without-pip .venv && ") for command in COMMANDS[:2]
    )


def test_ci_runs_the_test_command_of_the_readme_letter_for_letter() -> None:
    assert COMMANDS[1] in (ROOT / ".ci/run").read_text("utf-8")


def test_each_key_of_the_readme_is_bound_to_a_command() -> None:
    keys = [
        key
        for cell in re.findall(r"^\| (`.*?) \|", README, re.MULTILINE)
        for key in re.findall(r"`(.+?)`", cell)
    ]
    demo = tomllib.loads(DEMO_SETTINGS.format(language="en"))["remap"].values()
    bound = {key for command in commands.COMMANDS for key in command.keys.split()} | {*demo}
    assert len(keys) >= 3
    assert [key for key in keys if key not in bound] == []


def test_each_page_and_picture_that_the_readme_names_is_there() -> None:
    linked = re.findall(r"\]\(([^)]+)\)", README)
    assert [
        link for link in linked if not link.startswith("http") and not (ROOT / link).exists()
    ] == []


def test_each_target_of_make_that_the_readme_names_is_there() -> None:
    targets = re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make (\w+)`", README)) <= set(targets)
