"""The one table of what a reader can do, and with which keys.

Footer, help, palette, `bacatui keys`, docs and the check of remapped keys derive from `COMMANDS`. A key is
written as the reader would say it: one character, or a name such as `enter`, `pageup`, `ctrl+d`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bacatui.i18n import N_, _

ANYWHERE: Final = "feeds list article"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a reader can do. `keys` are separated by blanks; none means palette only."""

    id: str
    keys: str
    title: str  # a short verb phrase, English until it is shown
    group: str
    panes: str = ANYWHERE  # where it does something
    hint: str = ""  # one or two words for the status line, where the command deserves a place there


MOVE, READ, MARK, SYNC, FIND, LINKS, TEXT, FEEDS, APP = (
    N_("Moving"),
    N_("Reading on"),
    N_("Marking"),
    N_("Syncing"),
    N_("Finding"),
    N_("Links and files"),
    N_("The article"),
    N_("Feeds"),
    N_("bacatui"),
)

COMMANDS: Final = (
    Command("down", "j down", N_("Move or scroll down"), MOVE, hint=N_("move")),
    Command("up", "k up", N_("Move or scroll up"), MOVE),
    Command("top", "g home", N_("Go to the top"), MOVE),
    Command("bottom", "G end", N_("Go to the end"), MOVE),
    Command("half-down", "ctrl+d", N_("Half a page down"), MOVE),
    Command("half-up", "ctrl+u", N_("Half a page up"), MOVE),
    Command("page-down", "pagedown", N_("A page down"), MOVE),
    Command("page-up", "pageup backspace", N_("A page up"), MOVE),
    Command("open", "enter l right", N_("Open, or go into the next pane"), MOVE, hint=N_("open")),
    Command("back", "h left", N_("Back to the pane before"), MOVE),
    Command("close", "escape", N_("Close the nearest thing"), MOVE),
    Command("next-pane", "tab", N_("Next pane"), MOVE),
    Command("previous-pane", "shift+tab", N_("Previous pane"), MOVE),
    Command("read-on", "space", N_("Page, and on to the next unread at the end"), READ, hint=N_("read on")),
    Command("next-unread", "n", N_("Next unread, or next match while finding"), READ, hint=N_("next unread")),
    Command("previous-unread", "p", N_("Previous unread, or match"), READ),
    Command("next-entry", "J", N_("Next entry, from inside the article too"), READ),
    Command("previous-entry", "K", N_("Previous entry"), READ),
    Command("next-feed", "]", N_("Next feed with unread entries"), READ),
    Command("previous-feed", "[", N_("Previous feed with unread entries"), READ),
    Command("newest", ".", N_("Jump to what has just arrived"), READ),
    Command("toggle-read", "m", N_("Mark as read or unread"), MARK),
    Command("read-list", "A", N_("Mark all in this list as read"), MARK),
    Command("read-older", "M", N_("Mark this and older ones as read"), MARK),
    Command("bookmark", "b", N_("Bookmark, and keep for ever"), MARK, hint=N_("bookmark")),
    Command("tags", "t", N_("Tags"), MARK, "list article"),
    Command("note", "", N_("Write a note"), MARK, "list article"),
    Command("select", "v", N_("Select a range"), MARK, "list article"),
    Command("mute", "", N_("Mute: mark what fits a search as read"), MARK),
    Command("undo", "U", N_("Undo"), MARK),
    Command("redo", "ctrl+r", N_("Redo"), MARK),
    Command("sync-feed", "r", N_("Sync this feed"), SYNC),
    Command("sync-all", "R", N_("Sync all feeds"), SYNC, hint=N_("sync")),
    Command("cancel-sync", "ctrl+x", N_("Stop the sync"), SYNC),
    Command("retry", "!", N_("Try again what failed"), SYNC),
    Command("search", "/", N_("Search everything; find, in the article"), FIND, hint=N_("search")),
    Command("filter", "F", N_("Narrow this list"), FIND, "feeds list"),
    Command("sort", "S", N_("Newest, oldest, by feed, best match"), FIND, "feeds list"),
    Command("hide-read", "L", N_("Hide or show what is read"), FIND, "feeds list"),
    Command("bookmarks", "B", N_("Bookmarks"), FIND),
    Command("latest", "", N_("Latest news"), FIND),
    Command("unread", "", N_("Unread only"), FIND),
    Command("save-search", "", N_("Keep this search in the feeds pane"), FIND, "feeds list"),
    Command("browser", "o", N_("Open in the browser"), LINKS, "list article"),
    Command("browser-read", "O", N_("Open in the browser and mark as read"), LINKS, "list article"),
    Command("links", "u", N_("List the links"), LINKS, "list article", N_("links")),
    Command("hints", "f", N_("Follow a link by letters"), LINKS, "list article"),
    Command("copy-link", "y", N_("Copy the link"), LINKS, "list article"),
    Command("copy-markdown", "Y", N_("Copy the link as Markdown"), LINKS, "list article"),
    Command("save", "s", N_("Save to a file"), LINKS, "list article"),
    Command("pipe", "|", N_("Pipe to a command"), LINKS, "list article"),
    Command("enclosure", "e", N_("Play or open the enclosure"), LINKS, "list article"),
    Command("comments", "c", N_("Open the comments"), LINKS, "list article"),
    Command("save-page", "", N_("Save a page by its address"), LINKS),
    Command("feed-text", "x", N_("Cleaned article or the feed's own text"), TEXT, "list article"),
    Command("show-cuts", "X", N_("Show what cleaning took out"), TEXT, "list article"),
    Command("keep-block", "w", N_("Keep such a block on this site after all"), TEXT, "list article"),
    Command("cut-block", "W", N_("Cut such a block on this site from now on"), TEXT, "list article"),
    Command("about", "i", N_("About this entry or feed"), TEXT),
    Command("zen", "z", N_("Only the article"), TEXT),
    Command("wider-text", "+", N_("Longer lines"), TEXT),
    Command("narrower-text", "-", N_("Shorter lines"), TEXT),
    Command("sideways-left", "<", N_("Code and tables to the left"), TEXT, "list article"),
    Command("sideways-right", ">", N_("Code and tables to the right"), TEXT, "list article"),
    Command("pager", "", N_("Read in the pager"), TEXT, "list article"),
    Command("editor", "", N_("Open in the editor"), TEXT, "list article"),
    Command("add", "a", N_("Add a feed or site"), FEEDS, hint=N_("add")),
    Command("packs", "", N_("Starter packs"), FEEDS),
    Command("edit-feed", "E", N_("Rename, move or set up this feed"), FEEDS),
    Command("delete", "D", N_("Unsubscribe"), FEEDS),
    Command("pack", "P", N_("Pack a reading list for so many minutes"), FEEDS),
    Command("narrower-list", "{", N_("Narrower list"), APP),
    Command("wider-list", "}", N_("Wider list"), APP),
    Command("density", "d", N_("One or two rows for an entry"), APP),
    Command("theme", "", N_("Choose a theme"), APP),
    Command("unplug", "", N_("Pull the plug on the demo's site"), APP),
    Command("help", "?", N_("Help"), APP, hint=N_("help")),
    Command("palette", "ctrl+p", N_("All commands"), APP),
    Command("suspend", "ctrl+z", N_("Suspend"), APP),
    Command("quit", "q ctrl+q", N_("Quit"), APP),
)
# What the coach tells of, one after another, until the reader has done it.
COACHED: Final = ("open", "read-on", "bookmark", "undo", "search", "links", "sync-all", "help")
BY_ID: Final = {command.id: command for command in COMMANDS}

PRESETS: Final[dict[str, dict[str, str]]] = {
    "default": {},
    # Stock newsboat where it has a key for the same thing: its j and k go from feed to feed.
    "newsboat": {
        "down": "down", "up": "up", "next-feed": "j ctrl+n", "previous-feed": "k",
        "top": "home", "bottom": "end", "open": "enter right", "back": "left h",
        "page-up": "pageup backspace", "toggle-read": "N", "bookmark": "ctrl+b", "tags": "ctrl+t",
        "sort": "g G", "hide-read": "l", "sync-all": "R", "quit": "q Q ctrl+q", "palette": ": ctrl+p",
    },
    "arrows": {
        "down": "down", "up": "up", "top": "home", "bottom": "end", "half-down": "ctrl+down", "half-up": "ctrl+up",
        "open": "enter right", "back": "left", "next-entry": "ctrl+right", "previous-entry": "ctrl+left",
    },
}  # fmt: skip

_NAMES = {f"f{n}" for n in range(1, 25)} | {
    "enter", "space", "tab", "escape", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown",
    "up", "down", "left", "right",
}  # fmt: skip
_SHOWN = {
    "enter": "Enter", "space": "Space", "tab": "Tab", "escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "home": "Home", "end": "End", "backspace": "Backspace",
}  # fmt: skip


def is_key(key: str) -> bool:
    """True where `key` names a key that a terminal can send."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    named = name in _NAMES or (len(name) == 1 and name.isprintable() and not name.isspace())
    return named and name != "," and set(modifiers) <= {"ctrl", "shift", "alt"}


def keymap(preset: str = "default", remap: Mapping[str, str] | None = None) -> tuple[dict[str, str], tuple[str, ...]]:
    """The keys of every command under a preset and the reader's own choices, and one sentence for each fault.

    The reader's choice wins a clash: the other command loses that key, and is told of.
    """
    chosen = {command.id: command.keys for command in COMMANDS} | PRESETS.get(preset, {})
    problems = []
    own: dict[str, str] = {}
    for name, keys in (remap or {}).items():
        bad = [key for key in keys.split() if not is_key(key)]
        if name not in BY_ID:
            near = difflib.get_close_matches(name, BY_ID, 1)
            said = _("No command is named {name}; did you mean {near}?") if near else _("No command is named {name}.")
            problems.append(said.format(name=name, near=near[0] if near else ""))
        elif bad:
            problems.append(_("{key} is no key, so {name} keeps its own.").format(key=bad[0], name=name))
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
    """Keys as the reader sees them: `enter l` as "Enter l"."""
    return " ".join(_SHOWN.get(key, key) for key in keys.split()[:most])
