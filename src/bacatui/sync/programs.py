"""The user's own commands: those that run after a sync, and those that print a feed's password.

A command is a list of arguments that no shell sees, and what a feed wrote reaches it on standard
input only. A feed's settings hold `user`, and either `password_command` or nothing, which means the
system's keyring; never the password.
"""

import asyncio
import json
import shlex
from collections.abc import Mapping, Sequence
from importlib import import_module
from subprocess import DEVNULL, PIPE
from typing import Any
from urllib.parse import unquote, urlsplit

from bacatui import shapes
from bacatui.config import Settings
from bacatui.i18n import _
from bacatui.store import Reader
from bacatui.sync.events import Failure, Report

MOST = 500  # entries that are handed over after one sync
SECONDS = 30.0  # that one run may take


async def run_hooks(settings: Settings, read: Reader, report: Report, new: Sequence[int]) -> None:
    """Run what the settings name, each with JSON; a command that fails is written into the report,
    once.
    """
    for view in read.views(new[:MOST]) if settings.on_new_entry else ():
        if not view.mark.is_read and (
            error := await _why(settings.on_new_entry, shapes.entry(view))
        ):
            report.errors.append(Failure(0, "on_new_entry", "", error))
            break
    if settings.after_sync and (error := await _why(settings.after_sync, report.to_dict())):
        report.errors.append(Failure(0, "after_sync", "", error))


async def _why(command: Sequence[str], document: dict[str, Any]) -> str:
    """Why the command failed, in one sentence; "" where it did not."""
    try:
        code, _printed = await _run(command, json.dumps(document).encode())
    except TimeoutError:
        return _("{command} took too long and was stopped.").format(command=command[0])
    except (OSError, ValueError) as error:
        return _("{command} could not be run: {why}").format(command=command[0], why=error)
    return (
        _("{command} ended with code {code}.").format(command=command[0], code=code) if code else ""
    )


async def _run(
    command: Sequence[str], given: bytes = b"", *, reads: bool = False
) -> tuple[int, bytes]:
    """Its exit code, and what it printed where that is read.

    Raises OSError, ValueError, TimeoutError.
    """
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE if reads else DEVNULL, stderr=DEVNULL
    )
    try:
        printed, _nothing = await asyncio.wait_for(process.communicate(given), SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, printed or b""


def typed(url: str) -> tuple[str, str] | None:
    """The user and password that stand in an address as the user typed it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None


def keep(user: str, password: str, url: str) -> bool:
    """Put a password into the keyring; False where there is none that works (the `keyring` extra)."""
    return _keyring("set_password", f"{user}@{url}", password) is not None


async def password(settings: Mapping[str, str], url: str) -> tuple[str, str] | None:
    """User and password for the feed at `url`; None where it needs none, or none can be had."""
    user, command = settings.get("user", ""), settings.get("password_command", "")
    if not user:
        return None
    if not command:
        found = await asyncio.to_thread(_keyring, "get_password", f"{user}@{url}")
        return (user, found) if found else None
    try:
        code, printed = await _run(shlex.split(command), reads=True)
    except (OSError, ValueError, TypeError):  # TimeoutError among them
        return None
    return None if code else (user, printed.decode("utf-8", "replace").split("\n")[0])


def _keyring(act: str, *words: str) -> str | None:
    """None where it does not know, is missing, locked or broken: many kinds of error, one meaning."""
    try:
        return getattr(import_module("keyring"), act)("bacatui", *words) or ""
    except Exception:
        return None
