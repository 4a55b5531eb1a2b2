"""demo, config, keys, completions, version."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import bacatui
from bacatui import config as settings_file
from bacatui import paths
from bacatui.cli.call import Call, Refusal, say, tell
from bacatui.cli.grammar import parser
from bacatui.i18n import _


def demo(call: Call) -> int:
    from bacatui.cli import reading
    from bacatui.demo import run

    def show(home: paths.Home, on_plug: Callable[[], bool] | None) -> int:
        settings, notices = settings_file.load(home.settings)
        if on_plug is not None and call.open_app is not None:
            return call.open_app(home, settings, notices, on_plug)
        reading.list_entries(Call(home, settings, parser("list").parse_args(["list"])))
        say("")
        reading.read(Call(home, settings, parser("read").parse_args(["read", "1", "--plain"])))
        return 0

    return run(show, keep=call.args.keep, serve=call.args.serve)


def config(call: Call) -> None:
    path = call.home.settings
    if call.args.what == "path":
        say(str(path))
    elif call.args.what != "edit":
        say(settings_file.to_toml(call.settings).rstrip("\n"))
    else:
        import shlex
        import subprocess

        if not path.exists():
            paths.make_private(path.parent)
            path.touch(0o600)
            path.write_text(settings_file.to_toml(call.settings, defaults_off=True), encoding="utf-8")
        chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        command = list(call.settings.editor) or shlex.split(chosen)
        try:
            subprocess.run([*command, str(path)], check=False)
        except OSError as error:
            raise Refusal(f"{command[0]}: {error.strerror}", 1) from error
        for notice in settings_file.load(path)[1]:
            tell(notice)


def keys(call: Call) -> None:
    from bacatui import commands

    keymap, faults = commands.keymap(call.settings.keys, call.settings.remap)
    for fault in faults:
        tell(fault)
    for command in commands.COMMANDS:
        say(f"{commands.shown(keymap[command.id]):<18} {command.id:<17} {_(command.title)}")


def completions(call: Call) -> None:
    """The script for a shell, as `make docs` made it from the table of commands."""
    say((Path(__file__).parent / "shells" / call.args.shell).read_text("utf-8").rstrip("\n"))


def version(call: Call) -> None:
    say(f"bacatui {bacatui.__version__}")
