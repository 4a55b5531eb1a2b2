"""demo, config, keys, completions, version."""

import os
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

import bacatui
from bacatui import config as settings_file
from bacatui import paths
from bacatui.cli.call import Call, Refusal, say, tell
from bacatui.i18n import _, language

if TYPE_CHECKING:
    from bacatui.store import Store
    from bacatui.sync import Session

# All of it is new, its articles come while one reads, and one key pulls the plug.
DEMO_SETTINGS = 'language = "{language}"\nnewest_unread = 100\nremap = {{ unplug = "I" }}\n'


def demo(call: Call) -> int:
    """A user's first look, at a library that is thrown away afterwards.

    On a terminal the app opens on an article in the user's language, with a key that pulls the
    site's plug or puts it back. Without one that article is printed, and what was cut of its page.
    """
    from bacatui.cli import run
    from bacatui.demo import Site, fill

    with Site(language()) as site:
        if call.args.serve:
            say(
                _("The demo site answers at {url} until you press Ctrl+C. Its feeds:").format(
                    url=site.url
                )
            )
            say("\n".join(site.feeds.values()))
            sys.stdout.flush()
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
            return 0
        folder = tempfile.mkdtemp(prefix="bacatui-demo-")
        home = paths.home(folder)
        on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        keeps_all = call.args.keep and not on_terminal

        async def first(session: "Session", store: "Store") -> int:
            number = await fill(session, store, site)
            if keeps_all:
                async for _event in session.sync([]):  # what is missing of any entry
                    pass
            return number

        try:
            paths.make_private(home.config)
            home.settings.write_text(DEMO_SETTINGS.format(language=language()), "utf-8")
            settings, notices = settings_file.load(home.settings)
            number = Call(home, settings, call.args).online(first)
            if call.open_app and on_terminal:
                return call.open_app(home, settings, notices, site.toggle)
            site.close()
            tell(_("This is an article of the demo's site; in a terminal, the app opens on it."))
            return run(["--home", folder, "read", str(number), "--plain", "--why"])
        finally:
            if call.args.keep:
                tell(_("Kept. To read on: bacatui --home {folder}").format(folder=folder))
            else:
                rmtree(folder, ignore_errors=True)


def config(call: Call) -> None:
    """Print the settings or the path of their file, or open it in the editor."""
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
            path.write_text(
                settings_file.to_toml(call.settings, defaults_off=True), encoding="utf-8"
            )
        chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        command = list(call.settings.editor) or shlex.split(chosen)
        try:
            subprocess.run([*command, str(path)], check=False)
        except OSError as error:
            raise Refusal(f"{command[0]}: {error.strerror}", 1) from error
        for notice in settings_file.load(path)[1]:
            tell(notice)


def keys(call: Call) -> None:
    """Print each command with its keys, and what is wrong with remapped ones."""
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
    """Print the version."""
    say(f"bacatui {bacatui.__version__}")
