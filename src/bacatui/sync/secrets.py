"""Names and passwords of feeds: from the system's keyring, or from a command of the reader's; never in the store.

A feed's settings hold `user`, and either `password_command` (a command line that prints the password; it is
split into arguments, and no shell sees it) or nothing, which means the keyring.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Mapping
from importlib import import_module
from urllib.parse import unquote, urlsplit

from bacatui.sync.kit import run_command

_SERVICE = "bacatui"


def typed(url: str) -> tuple[str, str] | None:
    """The user and password that stand in an address as the reader typed it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None


def keep(user: str, password: str, url: str) -> bool:
    """Put a password into the keyring; False where there is none that works (the `keyring` extra)."""
    try:
        import_module("keyring").set_password(_SERVICE, f"{user}@{url}", password)
    except Exception:  # a missing package, a locked or broken keyring: many kinds, one meaning
        return False
    return True


async def of(settings: Mapping[str, str], url: str) -> tuple[str, str] | None:
    """User and password for the feed at `url`; None where it needs none, or none can be had."""
    user, command = settings.get("user", ""), settings.get("password_command", "")
    if not user:
        return None
    if command:
        password = await _printed(command)
    else:
        password = await asyncio.to_thread(_from_keyring, user, url)
    return None if password is None else (user, password)


async def _printed(command: str) -> str | None:
    try:
        code, printed = await run_command(shlex.split(command), reads=True)
    except (OSError, ValueError, TypeError):  # TimeoutError among them
        return None
    return None if code else printed.decode("utf-8", "replace").split("\n")[0]


def _from_keyring(user: str, url: str) -> str | None:
    try:
        return import_module("keyring").get_password(_SERVICE, f"{user}@{url}") or None
    except Exception:
        return None
