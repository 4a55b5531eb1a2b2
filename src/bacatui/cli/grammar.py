"""The table of commands and their options, from which parsing, help, completions, man page and docs derive."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from bacatui.cli.output import Refusal
from bacatui.i18n import N_, _

# name, module:function, arguments, help; in the order of a reader's first days. Arguments are written as in the
# contract (DESIGN 8): `--flag`, `--option=VALUE`, `name:METAVAR`, `…` for many, brackets for what may be left out,
# small letters with bars for a choice.
COMMANDS = (
    ("add", "subscribing:add", "sources:URL|FILE… --folder=F --title=T --full-text=auto|always|never --no-sync",
     N_("subscribe to feeds: by the address of a feed or site, or from a file")),
    ("remove", "subscribing:remove", "feed:FEED", N_("unsubscribe; undo brings everything back")),
    ("feeds", "subscribing:feeds", "--json", N_("the feeds, with what is unread")),
    ("sync", "subscribing:sync", "feeds:[FEED…] --due --json --no-articles --no-pictures",
     N_("ask all feeds for news, or those that are named, and make it readable offline")),
    ("list", "reading:list_entries", "query:[QUERY…] --limit=N --json", N_("the latest entries")),
    ("search", "reading:search", "query:QUERY… --limit=N --json", N_("find entries by their words")),
    ("read", "reading:read", "id:ID --plain --markdown --html --json --why", N_("print the article of an entry")),
    ("open", "reading:open_page", "source:FILE|URL|- --plain --markdown --html --json --why",
     N_("print any page, clean; nothing is stored")),
    ("mark", "marking:mark", "state:read|unread|bookmark|unbookmark query:ID|QUERY…",
     N_("mark entries, by number or by QUERY")),
    ("undo", "marking:undo", "act:[N] --list", N_("take back the last thing that was done, or number N of the list")),
    ("save", "marking:save", "url:URL", N_("put any page into the library, bookmarked")),
    ("import", "importing:bring_in", "file:FILE --dry-run",
     N_("take over OPML, newsboat's urls or cache.db, or browser bookmarks")),
    ("export", "exporting:take_out", "what:opml|bookmarks|entries words:FILE|FOLDER… "
     "--format=markdown|html|json|netscape",
     N_("write feeds, bookmarks or entries to a file or folder; for entries a QUERY stands before it")),
    ("offline", "keeping:offline", "--check --json", N_("what can be read with the network off")),
    ("doctor", "keeping:doctor", "--json", N_("look for faults in the library, and mend what can be mended")),
    ("backup", "keeping:backup", "file:FILE", N_("write the whole library to one file")),
    ("restore", "keeping:restore", "file:FILE", N_("take the library from a backup; the present one is kept")),
    ("demo", "keeping:demo", "--serve --keep", N_("try bacatui with a small news site on this machine")),
    ("config", "keeping:config", "what:[show|path|edit]", N_("the settings")),
    ("keys", "keeping:keys", "", N_("the keys of the app")),
    ("completions", "keeping:completions", "shell:bash|zsh|fish|man",
     N_("completions for a shell, or the man page")),
    ("version", "keeping:version", "", N_("the version")),
)  # fmt: skip

OPTIONS = {
    "--check": N_("name what is missing, and fail if anything is"),
    "--dry-run": N_("say what would be done, and do nothing"),
    "--due": N_("only the feeds whose time has come"),
    "--folder": N_("put the feeds into this folder"),
    "--format": N_("form of the file; else as its name says"),
    "--full-text": N_("whether the pages of entries are fetched: where the feed has only a teaser, always, never"),
    "--html": N_("as HTML"),
    "--json": N_("as one JSON document"),
    "--keep": N_("leave the demo's library, and say where"),
    "--limit": N_("at most N entries"),
    "--list": N_("what was done, newest first"),
    "--markdown": N_("as Markdown"),
    "--no-articles": N_("leave out the pages of entries"),
    "--no-pictures": N_("leave out pictures"),
    "--no-sync": N_("subscribe now, ask the feed later"),
    "--plain": N_("one paragraph a line"),
    "--serve": N_("serve the site alone"),
    "--title": N_("your own title for the feed"),
    "--why": N_("also what was cut from the page, and by which rule"),
}


class _Parser(argparse.ArgumentParser):
    """argparse that refuses in one line."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{self.prog.removeprefix('bacatui').strip()}: {message}".removeprefix(": "))


def parser(only: str = "") -> argparse.ArgumentParser:
    """The command line as argparse knows it; `only` one command of it, where the others are not needed."""
    vars(argparse)["_"] = _  # so that its own words are in the reader's language too
    about = _("Read the news in the terminal, with the network off too. Without a command the app opens.")
    root = _Parser("bacatui", description=about, allow_abbrev=False)
    root.add_argument("--home", metavar="DIR", help=_("keep everything under DIR instead of the usual folders"))
    root.add_argument("--version", "-V", action="store_true", help=_("the version"))
    root.set_defaults(run="keeping:version")
    commands = root.add_subparsers(dest="command", metavar=_("COMMAND"), title=_("commands"))
    for name, function, arguments, help in COMMANDS:
        if not only or name == only:
            command = commands.add_parser(name, help=_(help), description=_(help), allow_abbrev=False)
            command.set_defaults(run=function)
            for argument in arguments.split():
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
        how["metavar"] = shape
        how["type"] = int if shape == "N" else str
    if name.startswith("--"):
        command.add_argument(name, help=_(OPTIONS[name]), **(how or {"action": "store_true"}))
    else:
        many = {"[…]": "*", "…": "+", "[]": "?"}.get("".join(c for c in value if c in "[…]"))
        command.add_argument(name, nargs=many, **how)


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
    arguments = next((arguments for name, _run, arguments, _help in COMMANDS if words and name == words[0]), "")
    if "QUERY" not in arguments and "words:" not in arguments:
        return list(words)
    with_value = re.findall(r"(--[a-z-]+)=", arguments)
    options, rest, left = list[str](), list[str](), list(words[1:])
    while left and left[0] != "--":
        word = left.pop(0)
        (options if word.startswith("--") or word == "-h" else rest).append(word)
        if word in with_value and left:
            options.append(left.pop(0))
    return [words[0], *options, "--", *rest, *left[1:]]
