"""Completions for bash, zsh and fish, and the man page, from the same table as the command line itself."""

from __future__ import annotations

import argparse

import bacatui
from bacatui.cli.call import Call
from bacatui.cli.grammar import parser
from bacatui.cli.output import say
from bacatui.i18n import _

Commands = dict[str, tuple[str, argparse.ArgumentParser]]


def completions(call: Call) -> int:
    say({"bash": bash, "zsh": zsh, "fish": fish, "man": man}[call.args.shell](commands()))
    return 0


def commands() -> Commands:
    """Each command with its line of help and its parser."""
    (group,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return {choice.dest: (choice.help or "", group.choices[choice.dest]) for choice in group._choices_actions}


def _words(command: argparse.ArgumentParser) -> list[str]:
    """What can stand behind a command: its options and fixed choices."""
    actions = [a for a in command._actions if a.dest != "help"]
    choices = [str(c) for a in actions if not a.option_strings for c in a.choices or ()]
    return [name for a in actions for name in a.option_strings] + choices


def bash(known: Commands) -> str:
    cases = "\n".join(f"        {name}) words={' '.join(_words(c))!r} ;;" for name, (_about, c) in known.items())
    return f"""_bacatui() {{
    local words={" ".join(known)!r} word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do case $word in
{cases}
    esac; done
    COMPREPLY=($(compgen -W "$words --home" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _bacatui bacatui"""


def zsh(known: Commands) -> str:
    names = "\n".join(f"        {_quoted(f'{name}:{about}')}" for name, (about, _c) in known.items())
    cases = "\n".join(f"        {name}) words=({' '.join(_words(c))}) ;;" for name, (_about, c) in known.items())
    return f"""#compdef bacatui
_bacatui() {{
    local -a commands=(
{names}
    ) words_before=("${{words[@]:1:$((CURRENT - 2))}}")
    local word; local -a words
    for word in $words_before; do case $word in
{cases}
        *) continue ;;
    esac; compadd -- $words --home; _files; return; done
    _describe command commands; compadd -- --home
}}
compdef _bacatui bacatui"""


def fish(known: Commands) -> str:
    lines = [
        "complete -c bacatui -l home -r -d " + _quoted(_("keep everything under DIR instead of the usual folders"))
    ]
    for name, (about, command) in known.items():
        lines.append(f"complete -c bacatui -n __fish_use_subcommand -f -a {name} -d {_quoted(about)}")
        seen = f"complete -c bacatui -n '__fish_seen_subcommand_from {name}'"
        for action in command._actions:
            choices = " ".join(map(str, action.choices or ()))
            if action.option_strings and action.dest != "help":
                takes = f" -x -a '{choices}'" if choices else " -r" if action.nargs != 0 else ""
                lines.append(f"{seen} -l {action.option_strings[0][2:]}{takes} -d {_quoted(action.help or '')}")
            elif choices:
                lines.append(f"{seen} -f -a '{choices}'")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "’") + "'"


def man(known: Commands) -> str:
    """The manual page, in man(7)."""
    lines = [f'.TH BACATUI 1 "" "bacatui {bacatui.__version__}"', ".SH NAME"]
    lines += ["bacatui \\- " + _roff(_("a newsreader for the terminal that reads on with the network off"))]
    lines += [".SH SYNOPSIS", ".B bacatui", "[\\-\\-home DIR] [COMMAND]", ".SH COMMANDS"]
    for about, command in known.values():
        usage = command.format_usage().partition(": ")[2].replace("[-h] ", "").replace("[-h]", "")
        lines += [".TP", ".B " + _roff(" ".join(usage.split())), _roff(about)]
        for action in command._actions:
            if action.option_strings and action.dest != "help":
                lines += [".RS", ".TP", ".B " + _roff(action.option_strings[0]), _roff(action.help or ""), ".RE"]
    lines += [
        ".SH EXIT STATUS",
        _roff(_("0 done; 1 done with failures; 2 wrong use; 3 nothing could be done; 130 interrupted.")),
    ]
    return "\n".join(lines)


def _roff(text: str) -> str:
    return text.replace("\\", "\\\\").replace("-", "\\-")
