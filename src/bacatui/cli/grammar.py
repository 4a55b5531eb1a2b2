"""The command line as argparse knows it, made from the table of commands and options in
grammar.toml.
"""

import argparse
import re
import shutil
import textwrap
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from bacatui.cli.call import Refusal
from bacatui.i18n import N_, _

_TABLE = tomllib.loads((Path(__file__).parent / "grammar.toml").read_text("utf-8"))
COMMANDS: dict[str, dict[str, Any]] = _TABLE["commands"]
OPTIONS: dict[str, str] = _TABLE["options"]
VALUES: dict[str, str] = _TABLE["values"]
ABOUT = N_(
    "Read the news in the terminal, also with the network off. Without a command, the app opens."
)
_GLUE = "\N{NO-BREAK SPACE}"
PRINT_HELP = N_("Print this help")
GLOBAL = {  # what stands before any command, and what it does
    "--home DIR": N_("Keep everything under DIR instead of the usual folders"),
    "-V, --version": N_("Print the version"),
    "-h, --help": PRINT_HELP,
}


class _Parser(argparse.ArgumentParser):
    """argparse that refuses in one line, and whose help is ours: of one command, or of all of them."""

    def __init__(self, prog: str | None = None, **settings: Any) -> None:
        super().__init__(prog, add_help=False, allow_abbrev=False, **settings)

    @property
    def command_name(self) -> str:
        return self.prog.removeprefix("bacatui").strip()

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{self.command_name}: {message}".removeprefix(": "))

    def format_help(self) -> str:
        parts = _help_of(self.command_name) if self.command_name else _help_of_all()
        return "\n\n".join(filter(None, parts)) + "\n"


def _help_of_all() -> Iterator[str]:
    """The parts of `bacatui --help`."""
    yield _filled(_(ABOUT))
    yield _usage(_("bacatui [--home DIR] [COMMAND]"))
    for group in dict.fromkeys(told["group"] for told in COMMANDS.values()):
        here = (
            (name, _(told["help"])) for name, told in COMMANDS.items() if told["group"] == group
        )
        yield _listed(_(group), here, 13)
    yield _listed(_("Options"), ((name, _(told)) for name, told in GLOBAL.items()), 13)
    yield _filled(_("bacatui COMMAND --help says more about a command."))


def _help_of(name: str) -> Iterator[str]:
    """The parts of `bacatui NAME --help`."""
    told = COMMANDS[name]
    arguments, options = dict[str, str](), dict[str, str]()
    for argument in told["takes"].split():
        word, shape = _parted(argument)
        if word.startswith("--"):
            options[f"{word} {shape}".rstrip()] = _(OPTIONS[word])
        elif shape in VALUES:
            arguments[shape] = _(VALUES[shape])
    options["-h, --help"] = _(PRINT_HELP)
    examples = {line: _(does) for line, does in told.get("examples", ())}
    yield _filled(about(name))
    yield _usage(usage(name, between=_GLUE))
    for title, lines in ((_("Arguments"), arguments), (_("Options"), options)):
        yield _listed(title, lines.items(), min(20, max(map(len, lines), default=0)))
    yield _listed(_("Examples"), examples.items(), max(map(len, examples), default=0))


def _filled(text: str, indent: str = "", begin: str = "") -> str:
    width = max(40, shutil.get_terminal_size().columns - 1)
    return textwrap.fill(
        text,
        width,
        initial_indent=begin,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _usage(line: str) -> str:
    return _filled(_("Usage: {line}").format(line=line), "    ").replace(_GLUE, " ")


def _listed(title: str, lines: Iterable[tuple[str, str]], column: int) -> str:
    """Names under a title, each with what is told of it beside it; "" where there are none."""
    rows, gap = list[str](), " " * (column + 4)
    for name, told in lines:
        has_room = len(name) <= column
        rows += [] if has_room else [f"  {name}"]
        rows.append(_filled(told, gap, f"  {name:<{column}}  " if has_room else gap))
    return "\n".join([f"{title}:", *rows]) if rows else ""


def about(name: str) -> str:
    """What a command does, in whole sentences."""
    told = COMMANDS[name]
    return f"{_(told['help'])}. {_(told.get('more', ''))}".rstrip()


def usage(name: str, between: str = " ") -> str:
    """The command with all that it takes, on one line; `between` stands between an option and its
    value.
    """
    takes = COMMANDS[name]["takes"].split()
    shown = [
        f"[{a.replace('=', between)}]" if a.startswith("--") else a.partition(":")[2] for a in takes
    ]
    return " ".join(["bacatui", name, *shown])


def parser(only: str = "") -> argparse.ArgumentParser:
    """The whole command line; `only` that of one command, where the others are not needed."""
    vars(argparse)["_"] = _  # so that its own words are in the user's language too
    root = _Parser("bacatui")
    root.add_argument("--home", metavar="DIR")
    root.add_argument("--version", "-V", action="store_true")
    root.add_argument("-h", "--help", action="help")
    root.set_defaults(run="about:version")
    commands = root.add_subparsers(dest="command", parser_class=_Parser)
    for name in [only] if only in COMMANDS else COMMANDS:
        command = commands.add_parser(name, help=_(COMMANDS[name]["help"]))
        command.set_defaults(run=COMMANDS[name]["run"])
        command.add_argument("-h", "--help", action="help")
        for argument in COMMANDS[name]["takes"].split():
            _add(command, argument)
    return root


def _parted(argument: str) -> tuple[str, str]:
    """Name and bare shape of an argument of the table."""
    name, value = (re.split("[=:]", argument, maxsplit=1) + [""])[:2]
    return name, re.sub(r"[\[\]…]", "", value)


def _add(command: argparse.ArgumentParser, argument: str) -> None:
    """One argument of the table, as argparse wants it."""
    name, shape = _parted(argument)
    how: dict[str, Any] = {}
    if shape.islower() and "|" in shape:
        how["choices"] = shape.split("|")
    elif shape:
        how |= {"metavar": shape, "type": _number if shape == "N" else str}
    if name.startswith("--"):
        command.add_argument(name, help=_(OPTIONS[name]), **(how or {"action": "store_true"}))
    else:
        many = {"[…]": "*", "…": "+", "[]": "?"}.get("".join(c for c in argument if c in "[…]"))
        command.add_argument(name, nargs=many, **how)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("{text} is not a whole number").format(text=text)
        ) from error


def take_home(words: Sequence[str]) -> tuple[list[str], str | None]:
    """The command line without `--home DIR`, which may stand anywhere before a `--`, and the
    folder.
    """
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
    """Options first, then the rest behind a `--`: so `-word` in a QUERY is a word, wherever it
    stands.
    """
    takes = COMMANDS[words[0]]["takes"] if words[0] in COMMANDS else ""
    if "QUERY" not in takes:
        return list(words)
    with_value = re.findall(r"(--[a-z-]+)=", takes)
    options, rest, left = list[str](), list[str](), list(words[1:])
    while left and left[0] != "--":
        word = left.pop(0)
        (options if word.startswith("--") or word == "-h" else rest).append(word)
        if word in with_value and left:
            options.append(left.pop(0))
    return [words[0], *options, "--", *rest, *left[1:]]
