"""The user's settings: one frozen dataclass, and the commented TOML file that is made from it.

The dataclass is the only place where a setting is named, described, bounded and given its default;
the file, the check of the file, `bacatui config` and `docs/settings.md` derive from it.
"""

import difflib
import json
import os
import tomllib
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from bacatui.i18n import LANGUAGES, N_, _

MIB = 1 << 20


def _setting(
    default: Any, about: str, least: int = 0, most: int = 1 << 40, among: tuple[str, ...] = ()
) -> Any:
    return field(
        default=default, metadata={"about": about, "least": least, "most": most, "among": among}
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose. Commands are lists of arguments: no shell ever sees them."""

    language: str = _setting("", N_("en or id; empty: as the system says"), among=("", *LANGUAGES))
    theme: str = _setting("", N_("name of a theme; empty: dark or light as the terminal says"))
    density: str = _setting(
        "two", N_("rows of an entry in the list: one or two"), among=("one", "two")
    )
    measure: int = _setting(72, N_("widest line of an article, in columns"), 20, 200)
    pictures: bool = _setting(True, N_("fetch pictures and show them"))
    articles: bool = _setting(True, N_("fetch the page where a feed gives only a teaser"))
    sync_on_start: bool = _setting(True, N_("ask the feeds that are due when bacatui opens"))
    sync_interval: int = _setting(
        30, N_("minutes between syncs while bacatui is open; 0: only when asked"), 0, 10_080
    )
    newest_unread: int = _setting(10, N_("how many entries of a new feed start unread"), 0, 10_000)
    articles_per_sync: int = _setting(1_000, N_("pages fetched in one sync at most"))
    pictures_per_entry: int = _setting(20, N_("pictures fetched for one entry at most"))
    picture_bytes: int = _setting(5 * MIB, N_("largest picture that is kept, in bytes"))
    sync_bytes: int = _setting(
        500 * MIB, N_("pages and pictures fetched in one sync at most, in bytes")
    )
    keep_days: int = _setting(90, N_("days that a read entry stays; 0: for ever"))
    keep_count: int = _setting(0, N_("read entries kept in each feed at most; 0: no limit"))
    keep_bytes: int = _setting(0, N_("size of the library at most, in bytes; 0: no limit"))
    contact: str = _setting(
        "", N_("an address that sites can write to, sent with each request; may stay empty")
    )
    opener: tuple[str, ...] = _setting((), N_("command that opens a link; empty: the system's own"))
    player: tuple[str, ...] = _setting((), N_("command that plays an enclosure; empty: the opener"))
    pager: tuple[str, ...] = _setting((), N_("command that shows long text; empty: $PAGER"))
    editor: tuple[str, ...] = _setting(
        (), N_("command that edits a file; empty: $VISUAL or $EDITOR")
    )
    after_sync: tuple[str, ...] = _setting(
        (), N_("command run after each sync, its report as JSON on stdin")
    )
    on_new_entry: tuple[str, ...] = _setting(
        (), N_("command run for each new entry, the entry as JSON on stdin")
    )
    keys: str = _setting("default", N_("set of keys"), among=("default", "newsboat", "arrows"))
    remap: dict[str, str] = field(
        default_factory=dict,
        metadata={"about": N_('keys of your own: command = "key key"; see bacatui keys')},
    )


def load(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings in `path`, and one sentence for each thing in it that could not be taken.

    A file that is missing is no fault; one that cannot be read leaves every default in place.
    """
    try:
        values = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError) or not os.access(
            path.parent, os.X_OK
        ):
            return Settings(), ()  # a home that is closed to us is told of by the store
        why = str(getattr(error, "strerror", None) or error).splitlines()[0]
        said = _("{file} could not be read, so the defaults hold: {why}")
        return Settings(), (said.format(file=path, why=why),)
    known, taken, notices = {f.name: f for f in fields(Settings)}, {}, []
    for name, value in values.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            said = (
                _("{file}: no setting is named {name}; did you mean {near}?")
                if near
                else _("{file}: no setting is named {name}; bacatui config lists them all.")
            )
            notices.append(said.format(file=path.name, name=name, near=near[0] if near else ""))
            continue
        try:
            taken[name] = _checked(known[name], value)
        except ValueError as error:
            said = _("{file}: {name} {fault}; its default holds.")
            notices.append(said.format(file=path.name, name=name, fault=error))
    return Settings(**taken), tuple(notices)


def default_of(setting: Field[Any]) -> Any:
    """What holds where the file says nothing."""
    return getattr(Settings(), setting.name)


def _checked(setting: Field[Any], value: Any) -> Any:
    default, facts = default_of(setting), setting.metadata
    if isinstance(default, tuple):
        if (
            not isinstance(value, list)
            or not all(isinstance(part, str) for part in value)
            or "" in value[:1]
        ):
            raise ValueError(_('must be a list of words such as ["mpv", "--no-video"]'))
        return tuple(value)
    if isinstance(default, dict):
        if not isinstance(value, dict) or not all(isinstance(keys, str) for keys in value.values()):
            raise ValueError(_('must be a table of lines such as sync = "ctrl+r"'))
        return dict(value)
    if type(value) is not type(default):
        kinds = {
            bool: _("must be true or false"),
            int: _("must be a whole number"),
            str: _("must be text in quotes"),
        }
        raise ValueError(kinds[type(default)])
    if isinstance(value, int) and not facts["least"] <= value <= facts["most"]:
        raise ValueError(_("must lie between {least} and {most}").format(**facts))
    if facts["among"] and value not in facts["among"]:
        raise ValueError(
            _("must be one of {names}").format(names=", ".join(filter(None, facts["among"])))
        )
    return value


def to_toml(settings: Settings, *, defaults_off: bool = False) -> str:
    """The settings as a commented file; with `defaults_off`, what stands at its default is
    commented out.
    """
    change = _("Settings of bacatui. Remove the # before a line to change it.")
    lines = [f"# {change if defaults_off else _('Settings of bacatui')}\n"]
    for setting in fields(Settings):
        value = getattr(settings, setting.name)
        lines.append(f"# {_(setting.metadata['about'])}")
        if isinstance(value, dict):
            lines.append(f"[{setting.name}]")
            lines += [f"{json.dumps(name)} = {json.dumps(keys)}" for name, keys in value.items()]
        else:
            off = "#" if defaults_off and value == default_of(setting) else ""
            lines.append(f"{off}{setting.name} = {json.dumps(value, ensure_ascii=False)}\n")
    return "\n".join([*lines, ""])
