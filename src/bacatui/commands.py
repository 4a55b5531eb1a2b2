"""The one table of what a user can do, and with which keys: commands.toml."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bacatui.i18n import _


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a user can do. `title` and `group` are English until they are shown."""

    id: str
    group: str
    title: str
    keys: str = ""
    panes: str = "feeds list article"
    hint: str = ""
    act: str = ""
    given: dict[str, Any] = field(default_factory=dict, hash=False)


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
COMMANDS: Final = tuple(
    Command(name, group, **told)
    for group, commands in _TABLE["commands"].items()
    for name, told in commands.items()
)
BY_ID: Final = {command.id: command for command in COMMANDS}
COACHED: Final[tuple[str, ...]] = tuple(_TABLE["coached"])
TOURED: Final[tuple[str, ...]] = (*_TABLE["toured"], *COACHED)  # in the demo
PRESETS: Final[dict[str, dict[str, str]]] = _TABLE["presets"]

_SHOWN: dict[str, str] = _TABLE["shown"]
_NAMES = {*_SHOWN, "delete", "insert", *(f"f{n}" for n in range(1, 25))}


def is_key(key: str) -> bool:
    """True where `key` names a key that a terminal can send."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    named = name in _NAMES or (len(name) == 1 and name.isprintable() and not name.isspace())
    return named and name != "," and set(modifiers) <= {"ctrl", "shift", "alt"}


def keymap(
    preset: str = "default", remap: Mapping[str, str] | None = None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The keys of every command under a preset and the user's own choices, and one sentence for
    each fault.

    The user's choice wins a clash: the other command loses that key, and is told of.
    """
    chosen = {command.id: command.keys for command in COMMANDS} | PRESETS.get(preset, {})
    problems = []
    own: dict[str, str] = {}
    for name, keys in (remap or {}).items():
        bad = [key for key in keys.split() if not is_key(key)]
        if name not in BY_ID:
            near = difflib.get_close_matches(name, BY_ID, 1)
            said = (
                _("No command is named {name}; did you mean {near}?")
                if near
                else _("No command is named {name}.")
            )
            problems.append(said.format(name=name, near=near[0] if near else ""))
        elif bad:
            problems.append(
                _("{key} is no key, so {name} keeps its own.").format(key=bad[0], name=name)
            )
        else:
            own[name] = keys
    order = [*own, *(name for name in chosen if name not in own)]
    chosen |= own
    owner: dict[str, str] = {}
    for name in order:
        kept = []
        for key in chosen[name].split():
            first = owner.setdefault(key, name)
            if first == name:
                kept.append(key)
            else:
                said = _("{key} stands for both {first} and {name}; {first} has it.")
                problems.append(said.format(key=key, first=first, name=name))
        chosen[name] = " ".join(dict.fromkeys(kept))
    return chosen, tuple(problems)


def shown(keys: str, most: int = 9) -> str:
    """Keys as the user sees them: `enter l` as "Enter l"."""
    return " ".join(_SHOWN.get(key, key) for key in keys.split()[:most])
