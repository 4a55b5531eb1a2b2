"""The palette: every command of the table, and the themes."""

from __future__ import annotations

from functools import partial
from typing import cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from bacatui import commands
from bacatui.i18n import _
from bacatui.tui.screens.main import MainScreen


class Commands(Provider):
    """All of `COMMANDS`, those that work in this pane first."""

    async def discover(self) -> Hits:
        main = cast(MainScreen, self.screen)
        for one in sorted(commands.COMMANDS, key=lambda one: main.pane not in one.panes):
            yield DiscoveryHit(
                _(one.title), partial(main.do, one.id), help=commands.shown(main.app.keys[one.id]) or one.id
            )

    async def search(self, query: str) -> Hits:
        matcher, main = self.matcher(query), cast(MainScreen, self.screen)
        for one in commands.COMMANDS:
            title = _(one.title)
            if (score := max(matcher.match(title), matcher.match(one.id))) > 0:
                help_ = commands.shown(main.app.keys[one.id]) or one.id
                yield Hit(score, matcher.highlight(title), partial(main.do, one.id), help=help_)
