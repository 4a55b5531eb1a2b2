"""What an empty list says: why it is empty, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bacatui.i18n import _
from bacatui.model import Feed, Scope, ScopeKind
from bacatui.store import Reader


@dataclass(frozen=True, slots=True)
class Reason:
    """Lines to show in an empty list.

    `told` names only keys that work in every pane; `here` is shown if the list has the focus.
    """

    told: tuple[str, ...]
    here: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """A list that shows nothing. `key` gives the key of a command, as it is shown."""

    read: Reader
    scope: Scope
    key: Callable[[str], str]
    hides_read: bool
    asked: Collection[int] | None  # the feeds that are being synced; None: all
    tally: Callable[[], str]  # what is left elsewhere, or what was read today

    @property
    def is_search(self) -> bool:
        """Whether the list shows the hits of a search or a filter."""
        return bool(self.scope.filter) or self.scope.kind is ScopeKind.SEARCH

    def reason(self) -> Reason:
        """Why the list is empty."""
        feeds = self.read.feeds()
        if (
            self.hides_read
            and self.scope.kind is not ScopeKind.UNREAD
            and self.read.first(self.scope, 1)
        ):
            why = (
                (_("Nothing unread was found."),)
                if self.is_search
                else (self.tally(), self._more(feeds))
            )
            return Reason((*why, _("{key} shows what is read.").format(key=self.key("hide-read"))))
        if self.is_search:
            more = _("Fewer letters find more; {key} goes back.").format(key=self.key("close"))
            return Reason((_("Nothing found."), more))
        if self.scope.kind is ScopeKind.BOOKMARKS:
            how = _("{key}, in any other list, keeps an entry here for ever.").format(
                key=self.key("bookmark")
            )
            return Reason((_("No bookmarks yet."), how))
        if not feeds:
            add = _("{key} adds a feed or a site.").format(key=self.key("add"))
            return Reason(
                (_("Nothing here yet."), add),
                _("{key} shows starter packs.").format(key=self.key("open")),
            )
        mine = self._of_scope(feeds)
        return (
            Reason((self.tally(), self._more(mine)))
            if any(feed.entries for feed in mine)
            else self._none_came(mine)
        )

    def _of_scope(self, feeds: list[Feed]) -> list[Feed]:
        """The feeds whose entries belong in the list."""
        kind, key = self.scope.kind, self.scope.key
        if kind is ScopeKind.FEED:
            return [feed for feed in feeds if str(feed.id) == key]
        if kind is ScopeKind.FOLDER:
            return [
                feed for feed in feeds if feed.folder == key or feed.folder.startswith(f"{key}/")
            ]
        return feeds

    def _are_asked(self, feeds: list[Feed]) -> bool:
        return self.asked is None or any(feed.id in self.asked for feed in feeds)

    def _more(self, feeds: list[Feed]) -> str:
        if self._are_asked(feeds):
            return _("The feeds are being asked.")
        return _("{key} asks the feeds for more.").format(key=self.key("sync-all"))

    def _none_came(self, feeds: list[Feed]) -> Reason:
        """Why no entry has ever come from these feeds."""
        are_asked, sync = self._are_asked(feeds), self.key("sync-all")
        if not (feeds and all(feed.error for feed in feeds)):
            if are_asked:
                return Reason((_("The first entries are on their way."),))
            return Reason((_("Nothing has come yet."), _("{key} asks the feeds.").format(key=sync)))
        if len(feeds) == 1:
            return Reason((_("Nothing has come yet."), feeds[0].error))
        again = _("Is the network there? {key} asks again.").format(key=sync)
        where = _("{key} leads to the feeds, where {about} says what is wrong with one.")
        where = where.format(key=self.key("back"), about=self.key("about"))
        return Reason(
            (_("No feed has answered yet."), self._more(feeds) if are_asked else again), where
        )
