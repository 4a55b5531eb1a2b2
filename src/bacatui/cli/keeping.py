"""offline, doctor, backup, restore, demo, config, keys, version."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import bacatui
from bacatui import config as settings_file
from bacatui import paths
from bacatui.cli.call import Call, out_path, refused
from bacatui.cli.grammar import parser
from bacatui.cli.output import Refusal, emit, say, tell
from bacatui.i18n import _
from bacatui.model import Offline


def offline(call: Call) -> int:
    """`--check` fails where an unread or bookmarked entry cannot be read with the network off."""
    with call.store() as store:
        report = store.read.offline()
    missing = [(row, reason) for row, reason in report.missing if str(row.offline) in {"failed", "pending"}]
    if call.args.json:
        shape = [
            {"id": row.id, "title": row.title, "offline": str(row.offline), "reason": reason}
            for row, reason in report.missing
        ]
        emit({str(state): getattr(report, state) for state in Offline} | {"missing": shape})
    else:
        readable, total = report.ready + report.partial, report.ready + report.partial + report.failed + report.pending
        say(_("{n} of {m} unread and bookmarked articles readable offline, {failed} failed, {pending} pending").format(
            n=readable, m=total, failed=report.failed, pending=report.pending))  # fmt: skip
    if not call.args.check:
        return 0
    for row, reason in missing:
        tell(f"{row.id}  {row.title} ({row.feed_title}): {reason or row.offline}")
    return 1 if missing else 0


def doctor(call: Call) -> int:
    from bacatui.store import doctor

    with call.store() as store:
        findings = doctor(store)
    if call.args.json:
        emit({"findings": [{"name": f.name, "good": f.is_good, "text": f.text} for f in findings]})
    else:
        say("\n".join(f"{_('good') if f.is_good else _('FAULT')}: {f.name}: {f.text}" for f in findings))
    return 0 if all(f.is_good for f in findings) else 1


def backup(call: Call) -> int:
    target = out_path(call, call.args.file)
    with call.store() as store:
        store.write.backup(target).result()
    say(_("Written: {file}").format(file=target))
    return 0


def restore(call: Call) -> int:
    from bacatui.store import StoreDamaged, StoreError, StoreForeign, restore

    source = Path(call.args.file).expanduser().absolute()
    if not os.access(source, os.R_OK):
        raise Refusal(_("{file} cannot be read.").format(file=source))
    try:
        say(restore(call.home.store, source))
    except (StoreForeign, StoreDamaged) as error:
        raise Refusal(str(error)) from error
    except StoreError as error:
        raise refused(error) from error
    return 0


def demo(call: Call) -> int:
    from bacatui.cli import reading
    from bacatui.demo import run

    def show(home: paths.Home, on_plug: Callable[[], bool] | None) -> int:
        settings, notices = settings_file.load(home.settings)
        if on_plug is not None and call.open_app is not None:
            return call.open_app(home, settings, notices, on_plug)
        reading.list_entries(Call(home, settings, parser("list").parse_args(["list"])))
        say("")
        return reading.read(Call(home, settings, parser("read").parse_args(["read", "1", "--plain"])))

    return run(show, keep=call.args.keep, serve=call.args.serve)


def config(call: Call) -> int:
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
    return 0


def keys(call: Call) -> int:
    from bacatui import commands

    keymap, faults = commands.keymap(call.settings.keys, call.settings.remap)
    for fault in faults:
        tell(fault)
    for command in commands.COMMANDS:
        say(f"{commands.shown(keymap[command.id]):<18} {command.id:<17} {_(command.title)}")
    return 0


def completions(call: Call) -> int:
    """The script for a shell, as `make docs` made it from the table of commands."""
    say((Path(__file__).parent / "shells" / call.args.shell).read_text("utf-8").rstrip("\n"))
    return 0


def version(call: Call) -> int:
    say(f"bacatui {bacatui.__version__}")
    return 0
