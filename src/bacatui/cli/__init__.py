"""The command line (DESIGN 8): one file per family of commands, and this door.

Nothing here imports Textual; what a command needs is imported when it runs, because start-up is a budget.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from bacatui import config, i18n, paths
from bacatui.cli.call import Call, OpenApp
from bacatui.cli.grammar import COMMANDS, parser, settle, take_home
from bacatui.cli.output import Refusal, prepare, tell
from bacatui.i18n import _

__all__ = ["parser", "run"]


def run(argv: Sequence[str] | None = None, open_app: OpenApp | None = None) -> int:
    """Do what the command line says; returns the exit code. Every failure is one line on stderr.

    `open_app` opens the app, which this room does not know; without it, or without a terminal, `bacatui` alone
    prints the latest news.
    """
    prepare()
    home = None
    try:
        words, folder = take_home(sys.argv[1:] if argv is None else argv)
        home = paths.home(folder)
        settings, notices = config.load(home.settings)
        i18n.use(settings.language)
        if not words and open_app and sys.stdin and sys.stdin.isatty() and sys.stdout.isatty():
            return open_app(home, settings, notices, None)
        for notice in notices:
            tell(notice)
        code = _run(words or ["list", "--limit", "30"], home, settings, open_app)
        sys.stdout.flush()
        return code
    except Refusal as refusal:
        tell(str(refusal))
        return refusal.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # who read from us has gone: that is how `| head` ends, not a failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except SystemExit as end:  # argparse after --help
        return int(end.code or 0)
    except OSError as error:
        tell(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
        return 3
    except Exception as error:
        return _unexpected(error, home)


def _run(words: list[str], home: paths.Home, settings: config.Settings, open_app: OpenApp | None) -> int:
    names = [name for name, *_rest in COMMANDS]
    if not words[0].startswith("-") and words[0] not in names:
        near = difflib.get_close_matches(words[0], names, 1)
        said = _("there is no command {name}; did you mean {near}?") if near else _(
            "there is no command {name}; bacatui --help names them all.")  # fmt: skip
        raise Refusal(said.format(name=words[0], near=near[0] if near else ""))
    known = words[0] if words[0] in names else ""
    args = parser(known).parse_args(settle(words))
    if not args.command and not args.version:
        raise Refusal(_("bacatui --help names the commands."))
    module, function = args.run.split(":")
    return int(getattr(import_module(f"bacatui.cli.{module}"), function)(Call(home, settings, args, open_app)))


def _unexpected(error: Exception, home: paths.Home | None) -> int:
    """A fault of ours: one line for the reader, the rest into the log."""
    import traceback

    tell(_("something went wrong ({error}); nothing that was stored is lost.").format(error=repr(error)))
    with suppress(OSError):
        if home is not None:
            paths.make_private(home.log.parent)
            home.log.touch(0o600)
            with home.log.open("a", encoding="utf-8") as log:
                log.write("".join(traceback.format_exception(error)))
    return 3
