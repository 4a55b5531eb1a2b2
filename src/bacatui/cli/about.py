"""demo, config, keys, completions, version."""

import os
import sys
import tempfile
import threading
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from shutil import rmtree

import bacatui
from bacatui import config as settings_file
from bacatui import paths
from bacatui.cli.call import Call, Refusal, say, tell
from bacatui.i18n import _

DEMO_SETTINGS = 'newest_unread = 100\nremap = { unplug = "I" }\n'  # all of it is new; one key pulls the plug


def demo(call: Call) -> int:
    """A reader's first look, on a home that is thrown away afterwards.

    On a terminal the app opens at once and syncs, with a key that pulls the site's plug or puts it back; without one
    the home is synced first, and read with the site gone.
    """
    from bacatui.cli import run
    from bacatui.demo import PAPERS, Site, paper

    with Site() as site:
        if call.args.serve:
            say(_("The demo site answers at {url} until you press Ctrl+C. Its feeds:").format(url=site.url))
            say("\n".join(site.feeds.values()))
            sys.stdout.flush()
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
            return 0
        folder = tempfile.mkdtemp(prefix="bacatui-demo-")
        home, words = paths.home(folder), ("--home", folder)
        try:
            paths.make_private(home.config)
            home.settings.write_text(DEMO_SETTINGS, "utf-8")
            on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                papers = zip(map(paper, PAPERS), site.feeds.values(), strict=True)
                codes = [run([*words, "add", url, "--folder", its["folder"], "--no-sync"]) for its, url in papers]
                codes += [] if on_terminal else [run([*words, "sync"])]
            if 130 in codes:  # interrupted
                return 130
            if call.open_app and on_terminal:
                return call.open_app(home, *settings_file.load(home.settings), site.toggle)
            site.close()
            run([*words, "list"])
            say()
            return run([*words, "read", "1", "--plain"])
        finally:
            if call.args.keep:
                tell(_("Kept. To read on: bacatui --home {folder}").format(folder=folder))
            else:
                rmtree(folder, ignore_errors=True)


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
