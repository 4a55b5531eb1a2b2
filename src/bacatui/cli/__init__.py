"""The command line: one module for each family of commands.

Nothing here imports Textual. A command imports what it needs when it runs, so that start-up is
fast.
"""

import difflib
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from bacatui import config, i18n, paths
from bacatui.cli.call import Call, OpenApp, Refusal, prepare, tell
from bacatui.cli.grammar import COMMANDS, parser, settle, take_home
from bacatui.i18n import _

__all__ = ["parser", "run"]


def run(argv: Sequence[str] | None = None, open_app: OpenApp | None = None) -> int:
    """Run the command line and return its exit code. Every failure is one line on stderr.

    `open_app` opens the app, which this package may not import. Without it, or without a terminal,
    `bacatui` alone prints the latest entries.
    """
    prepare()
    try:
        words, folder = take_home(sys.argv[1:] if argv is None else argv)
        home = paths.home(folder)
        paths.refuse_strangers(home)
        logging.getLogger("bacatui").handlers = [paths.LogFile(home.log, delay=True)]
        settings, notices = config.load(home.settings)
        i18n.use(settings.language)
        if any((home.config / "rules").glob("*.toml")):
            from bacatui.articles import rule_errors

            notices += rule_errors(home.config / "rules")
        if not words and open_app and sys.stdin and sys.stdin.isatty() and sys.stdout.isatty():
            return open_app(home, settings, notices, None)
        for notice in notices:
            tell(notice)
        words = words or ["list", "--limit", "30"]
        words = [*words[1:2], "--help"] if words[0] == "help" else words
        if not words[0].startswith("-") and words[0] not in COMMANDS:
            near = difflib.get_close_matches(words[0], COMMANDS, 1)
            said = (
                _("there is no command {name}; did you mean {near}?")
                if near
                else _("there is no command {name}; bacatui --help lists them.")
            )
            raise Refusal(said.format(name=words[0], near="".join(near)))
        args, unknown = parser(words[0]).parse_known_args(settle(words))
        if unknown:
            said = _(
                "{command} does not take {words}; bacatui {command} --help says what it takes."
            )
            if words[0] != args.command:
                said = _("{words} cannot stand before a command; bacatui --help lists what can.")
            raise Refusal(said.format(command=args.command, words=" ".join(unknown)))
        if not args.command and not args.version:
            raise Refusal(_("no command is given; bacatui --help lists them."))
        module, function = args.run.split(":")
        command = getattr(import_module(f"bacatui.cli.{module}"), function)
        code = int(command(Call(home, settings, args, open_app)) or 0)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The program that read our output has ended, as `| head` does: no failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except SystemExit as end:  # argparse after --help
        return int(end.code or 0)
    except Exception as error:
        return _explained(error)


def _explained(error: Exception) -> int:
    """One line for the user about what went wrong, and the exit code; a bug in bacatui is logged
    too.
    """
    from bacatui.store import QueryError, StoreError, StoreLocked

    match error:
        case Refusal():
            tell(str(error))
            return error.code
        case QueryError() | StoreError():
            tell(str(error))
            return (
                2 if isinstance(error, QueryError) else 1 if isinstance(error, StoreLocked) else 3
            )
        case OSError():
            tell(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
            return 3
    log = logging.getLogger("bacatui")
    log.error("a fault of ours", exc_info=error)
    files = [handler.baseFilename for handler in log.handlers if isinstance(handler, paths.LogFile)]
    said = _("a fault in bacatui ended this: {error}. What was stored is kept; {log} says more.")
    tell(said.format(error=repr(error), log=" ".join(files)))
    return 3
