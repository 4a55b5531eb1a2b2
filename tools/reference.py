"""What is written once and needed elsewhere: `make docs`.

From the tables of commands, settings and keys come docs/cli.md, settings.md, keys.md, the completions for each
shell, and the man page. `--check` writes nothing and fails when one of them is stale.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from bacatui import commands, config  # noqa: E402
from bacatui.cli import parser  # noqa: E402
from bacatui.cli.grammar import ABOUT, COMMANDS, GLOBAL, about, usage  # noqa: E402

Known = dict[str, tuple[str, argparse.ArgumentParser]]


def known() -> Known:
    """Each command with its line of help and its parser."""
    (group,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return {
        choice.dest: (choice.help or "", group.choices[choice.dest])
        for choice in group._choices_actions
    }


def options(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """The options of a command, without --help."""
    return [a for a in command._actions if a.option_strings and a.dest != "help"]


def choices(command: argparse.ArgumentParser) -> list[str]:
    """The fixed words that can stand behind a command."""
    return [str(c) for a in command._actions if not a.option_strings for c in a.choices or ()]


def words(command: argparse.ArgumentParser) -> str:
    """What a shell may offer behind a command."""
    return " ".join([*choices(command), *(a.option_strings[0] for a in options(command)), "--home"])


def grouped() -> dict[str, list[str]]:
    """The commands of each group."""
    groups = dict.fromkeys(told["group"] for told in COMMANDS.values())
    return {
        group: [name for name, told in COMMANDS.items() if told["group"] == group]
        for group in groups
    }


def examples(name: str) -> str:
    """Lines to type, each with what it does behind it."""
    lines = COMMANDS[name]["examples"]
    widest = max(len(line) for line, _does in lines)
    return (
        "\n".join(["```sh", *(f"{line:<{widest}}  # {does}" for line, does in lines), "```"]) + "\n"
    )


def bash(all_known: Known) -> str:
    """Completion for bash."""
    cases = "\n".join(
        f"            {name}) words='{words(c)}' ;;" for name, (_about, c) in all_known.items()
    )
    return f"""# bash completion for bacatui: bacatui completions bash > ~/.local/share/bash-completion/completions/bacatui
_bacatui() {{
    local words='{" ".join(all_known)} --home --version' word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $word in
{cases}
            *) continue ;;
        esac
        break
    done
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o default -F _bacatui bacatui
"""


def quoted(text: str) -> str:
    """`text` for the three shells alike."""
    return "'" + text.replace("'", "’") + "'"


def zsh(all_known: Known) -> str:
    """Completion for zsh."""
    names = "\n".join(
        f"        {quoted(f'{name}:{told}')}" for name, (told, _c) in all_known.items()
    )
    cases = "\n".join(
        f"            {name}) compadd -- {words(c)}; _files; return ;;"
        for name, (_a, c) in all_known.items()
    )
    return f"""#compdef bacatui
# zsh completion for bacatui: bacatui completions zsh > a folder of $fpath, as _bacatui
_bacatui() {{
    local word; local -a commands
    commands=(
{names}
    )
    for word in ${{words[2,CURRENT-1]}}; do
        case $word in
{cases}
        esac
    done
    _describe command commands
    compadd -- --home --version
}}
if [ "$funcstack[1]" = "_bacatui" ]; then _bacatui "$@"; else compdef _bacatui bacatui; fi
"""


def fish(all_known: Known) -> str:
    """Completion for fish."""
    lines = [
        "# fish completion for bacatui: bacatui completions fish > ~/.config/fish/completions/bacatui.fish"
    ]
    lines.append(f"complete -c bacatui -l home -r -d {quoted(GLOBAL['--home DIR'])}")
    for name, (told, command) in all_known.items():
        lines.append(f"complete -c bacatui -n __fish_use_subcommand -f -a {name} -d {quoted(told)}")
        seen = f"complete -c bacatui -n '__fish_seen_subcommand_from {name}'"
        for action in options(command):
            fixed = " ".join(map(str, action.choices or ()))
            takes = f" -x -a '{fixed}'" if fixed else " -r" if action.nargs != 0 else ""
            lines.append(
                f"{seen} -l {action.option_strings[0][2:]}{takes} -d {quoted(action.help or '')}"
            )
        if choices(command):
            lines.append(f"{seen} -f -a '{' '.join(choices(command))}'")
    return "\n".join(lines) + "\n"


def roff(text: str) -> str:
    """`text` for man(7)."""
    return text.replace("\\", "\\\\").replace("-", "\\-").replace("…", "...")


def man(all_known: Known) -> str:
    """The manual page, in man(7)."""
    lines = ['.TH BACATUI 1 "" bacatui', ".SH NAME"]
    lines += ["bacatui \\- a newsreader for the terminal that reads on with the network off"]
    lines += [".SH SYNOPSIS", ".B bacatui", "[\\-\\-home DIR] [COMMAND]"]
    lines += [".SH DESCRIPTION", roff(ABOUT)]
    for group, names in grouped().items():
        lines.append(f".SH {group.upper()}")
        for name in names:
            lines += [".TP", ".B " + roff(usage(name).removeprefix("bacatui ")), roff(about(name))]
            for action in options(all_known[name][1]):
                lines += [
                    ".RS",
                    ".TP",
                    ".B " + roff(action.option_strings[0]),
                    roff(action.help or ""),
                    ".RE",
                ]
            for line, does in COMMANDS[name].get("examples", ()):
                lines += [".RS", ".TP", roff(line), roff(does), ".RE"]
    lines += [
        ".SH EXIT STATUS",
        "0 done; 1 done with failures; 2 wrong use; 3 nothing could be done; 130 interrupted.",
    ]
    lines += [".SH ENVIRONMENT", ".TP", ".B BACATUI_HOME", roff("the same as --home")]
    return "\n".join(lines) + "\n"


HEAD = "<!-- Made by `make docs` from {source}: change it there. -->\n"

CLI_TAIL = """## What scripts can rely on

- Messages go to stderr, what was asked for to stdout. `--json` prints one JSON document: `{"entries": […]}`, `{"feeds": […]}`, or one object.
- **Exit codes**: 0 done, also when nothing was found or a picture is missing · 1 done with failures, named on stderr; `--check` not met; another sync holds the lock · 2 wrong use: unknown number, bad query, unreadable file · 3 nothing could be done: the library cannot be used, or a newer bacatui wrote it · 130 interrupted.
- **Numbers**: where a command takes `ID|QUERY`, a bare number is an entry; `'"2024"'` is the word. `list` and `search` take a QUERY only.
- **QUERY**: words, `"phrases"`, `-not`, `OR`, `title:` `text:` `author:` `feed:` `folder:` `tag:`, `is:unread` `is:read` `is:bookmarked` `is:offline`, `after:` and `before:` with a date or an age such as `3d`.
- `--home DIR` may stand anywhere on the line, and `BACATUI_HOME` says the same: everything is then under `DIR/config`, `DIR/data`, `DIR/cache`.
- With no terminal on its output, `bacatui` alone prints the latest news and ends.

## With a screen reader

`list`, `search`, `read ID --plain` and `mark` are a linear way of reading: one entry or one paragraph a line, nothing drawn, the state of an entry said in words at its end.
The app draws panes, which a screen reader cannot follow; all that it does for reading has a command:

    bacatui sync                         # ends with one sentence: what is new, and what can be read offline
    bacatui list is:unread --limit 10    # number, title, then feed, age, reading time and state in brackets
    bacatui read 1204 --plain            # headline, where it is from, then one paragraph a line; pictures by their captions
    bacatui mark read 1204               # or: mark bookmark 1204; mark read 'feed:"Kabar Pagi" before:7d'
    bacatui undo                         # says what was taken back; undo --list says all of it, newest first

Messages are single sentences on stderr, without colour or signs of progress where that is no terminal; headings stand alone on
their line, list items begin with a bullet or number, a table's row is one line with tabs between its cells. `read ID --markdown`
says headings and links as such, and `NO_COLOR`, `TERM=dumb` and any width change nothing in what is printed with `--plain`.
"""


def cli_page(all_known: Known) -> str:
    """docs/cli.md"""
    parts = [
        HEAD.format(source="src/bacatui/cli/grammar.toml"),
        "# The command line\n",
        "`bacatui` alone opens the app.\n",
    ]
    for group, names in grouped().items():
        parts.append(f"## {group}\n")
        for name in names:
            parts.append(f"### {name}\n\n```\n{usage(name)}\n```\n{about(name)}\n")
            listed = [
                f"- `{'|'.join(a.option_strings)}`: {a.help}" for a in options(all_known[name][1])
            ]
            parts += ["\n".join(listed) + "\n"] if listed else []
            parts += [examples(name)] if "examples" in COMMANDS[name] else []
    return "\n".join([*parts, CLI_TAIL])


def settings_page() -> str:
    """docs/settings.md"""
    rows = "\n".join(
        f"| `{f.name}` | {f.metadata['about'].replace('|', chr(92) + '|')} | `{json.dumps(config.default_of(f))}` |"
        for f in fields(config.Settings)
    )
    return f"""{HEAD.format(source="src/bacatui/config.py")}
# Settings

`bacatui config edit` writes the file with every setting in it, switched off and explained, and opens it. `bacatui config path` says where it is, `bacatui config` shows what holds now. What the file gets wrong is told in one line, and the default holds.

| setting | means | default |
|---|---|---|
{rows}

Commands are lists of arguments, and no shell sees them: `player = ["mpv", "--no-video"]`. The address or file is added as the last argument.

Keys of your own stand last in the file:

```toml
[remap]
sync-all = "ctrl+r f5"
```
"""


def keys_page() -> str:
    """docs/keys.md"""
    parts = [HEAD.format(source="src/bacatui/commands.toml"), "# Keys\n"]
    for group in dict.fromkeys(command.group for command in commands.COMMANDS):
        parts += [f"## {group}\n", "| keys | does | command |", "|---|---|---|"]
        for command in commands.COMMANDS:
            if command.group == group:
                keys = " ".join(f"`{commands.shown(key)}`" for key in command.keys.split()).replace(
                    "|", "\\|"
                )
                parts.append(f"| {keys or 'palette'} | {command.title} | `{command.id}` |")
        parts.append("")
    return (
        "\n".join(parts)
        + "\nEach key can be given to another command: see `remap` in [settings](settings.md).\n"
    )


def pages() -> dict[Path, str]:
    """Each file that is made, with what belongs in it."""
    all_known, shells = known(), ROOT / "src/bacatui/cli/shells"
    return {
        ROOT / "docs/cli.md": cli_page(all_known),
        ROOT / "docs/settings.md": settings_page(),
        ROOT / "docs/keys.md": keys_page(),
        shells / "bash": bash(all_known),
        shells / "zsh": zsh(all_known),
        shells / "fish": fish(all_known),
        shells / "man": man(all_known),
    }


def main() -> int:
    """Write what changed, or with --check only name it."""
    stale = [
        path
        for path, text in pages().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    for path in stale:
        print(path.relative_to(ROOT))
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path], "utf-8")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
