"""The command line as argparse knows it, made from the table of commands and options in grammar.toml."""

import argparse
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from bacatui.cli.call import Refusal
from bacatui.i18n import _

_TABLE = tomllib.loads((Path(__file__).parent / "grammar.toml").read_text("utf-8"))
COMMANDS: dict[str, dict[str, str]] = _TABLE["commands"]
OPTIONS: dict[str, str] = _TABLE["options"]
VALUES: dict[str, str] = _TABLE["values"]


class _Parser(argparse.ArgumentParser):
    """argparse that refuses in one line."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{self.prog.removeprefix('bacatui').strip()}: {message}".removeprefix(": "))


def parser(only: str = "") -> argparse.ArgumentParser:
    """The whole command line; `only` that of one command, where the others are not needed."""
    vars(argparse)["_"] = _  # so that its own words are in the reader's language too
    about = _("Read the news in the terminal, with the network off too. Without a command the app opens.")
    root = _Parser("bacatui", description=about, allow_abbrev=False)
    root.add_argument("--home", metavar="DIR", help=_("keep everything under DIR instead of the usual folders"))
    root.add_argument("--version", "-V", action="store_true", help=_("the version"))
    root.set_defaults(run="about:version")
    commands = root.add_subparsers(dest="command", metavar=_("COMMAND"), title=_("commands"))
    for name in [only] if only in COMMANDS else COMMANDS:
        told = COMMANDS[name]
        command = commands.add_parser(name, help=_(told["help"]), description=_(told["help"]), allow_abbrev=False)
        command.set_defaults(run=told["run"])
        for argument in told["takes"].split():
            _add(command, argument)
    return root


def _add(command: argparse.ArgumentParser, argument: str) -> None:
    """One argument of the table, as argparse wants it."""
    name, value = (re.split("[=:]", argument, maxsplit=1) + [""])[:2]
    how: dict[str, Any] = {}
    shape = re.sub(r"[\[\]…]", "", value)
    if shape.islower() and "|" in shape:
        how["choices"] = shape.split("|")
    elif shape:
        how |= {"metavar": shape, "type": int if shape == "N" else str}
    if name.startswith("--"):
        command.add_argument(name, help=_(OPTIONS[name]), **(how or {"action": "store_true"}))
    else:
        many = {"[…]": "*", "…": "+", "[]": "?"}.get("".join(c for c in value if c in "[…]"))
        command.add_argument(name, nargs=many, help=_(VALUES[shape]) if shape in VALUES else None, **how)


def take_home(words: Sequence[str]) -> tuple[list[str], str | None]:
    """The command line without `--home DIR`, which may stand anywhere before a `--`, and the folder."""
    rest, folder, left = [], None, list(words)
    while left and left[0] != "--":
        name, equals, value = left.pop(0).partition("=")
        if name != "--home":
            rest.append(name + equals + value)
            continue
        folder = value if equals else left.pop(0) if left else ""
        if not folder:
            raise Refusal(_("--home needs a folder."))
    return rest + left, folder


def settle(words: Sequence[str]) -> list[str]:
    """Options first, then the rest behind a `--`: so `-word` in a QUERY is a word, wherever it stands."""
    takes = COMMANDS[words[0]]["takes"] if words[0] in COMMANDS else ""
    if "QUERY" not in takes and "words:" not in takes:
        return list(words)
    with_value = re.findall(r"(--[a-z-]+)=", takes)
    options, rest, left = list[str](), list[str](), list(words[1:])
    while left and left[0] != "--":
        word = left.pop(0)
        (options if word.startswith("--") or word == "-h" else rest).append(word)
        if word in with_value and left:
            options.append(left.pop(0))
    return [words[0], *options, "--", *rest, *left[1:]]
