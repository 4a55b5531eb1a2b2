"""The reader's own commands: run after a sync, and for each new entry that is unread, with JSON on standard input.

A command is a list of arguments that no shell sees, and what a feed wrote reaches it on standard input only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bacatui import shapes
from bacatui.config import Settings
from bacatui.i18n import _
from bacatui.store import Reader
from bacatui.sync.events import Failure, Report
from bacatui.sync.kit import run_command

MOST = 500  # entries that are handed over after one sync


async def run(settings: Settings, read: Reader, report: Report, new: Sequence[int]) -> None:
    """Run what the settings name; a command that fails is written into the report, once."""
    if settings.on_new_entry:
        for row in read.listed(new[:MOST]):
            if not row.is_read and (error := await _run(settings.on_new_entry, shapes.entry(row))):
                report.errors.append(Failure(0, "on_new_entry", "", error))
                break
    if settings.after_sync and (error := await _run(settings.after_sync, report.to_dict())):
        report.errors.append(Failure(0, "after_sync", "", error))


async def _run(command: Sequence[str], document: dict[str, Any]) -> str:
    """Why the command failed, in one sentence; "" where it did not."""
    try:
        code, _printed = await run_command(command, json.dumps(document).encode())
    except TimeoutError:
        return _("{command} took too long and was stopped.").format(command=command[0])
    except (OSError, ValueError) as error:
        return _("{command} could not be run: {why}").format(command=command[0], why=error)
    return _("{command} ended with code {code}.").format(command=command[0], code=code) if code else ""
