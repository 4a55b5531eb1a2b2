"""Commands that hand entries to the browser, clipboard, files or programs, or change the article."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import webbrowser
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from textual.app import SuspendNotSupported

from bacatui import document, exports, paths
from bacatui.i18n import _
from bacatui.model import Article, Entry, Kind
from bacatui.model.entry_view import EntryView
from bacatui.store import Reader
from bacatui.text import sanitize
from bacatui.text.urls import host
from bacatui.tui.commands import marking
from bacatui.tui.desk import CommandError
from bacatui.tui.main import MainScreen


def entries_of(main: MainScreen) -> list[EntryView]:
    """The highlighted entries. Raises CommandError if there is none."""
    return main.read.views(marking.ids_here(main))


def entry_of(main: MainScreen) -> Entry:
    """The one highlighted entry. Raises CommandError if there is none."""
    return main.read.views([marking.entry_here(main)])[0].entry


def bring_article(main: MainScreen) -> int:
    """Load the highlighted entry into the article pane, even if that is hidden; returns its id.

    Raises CommandError if there is none.
    """
    entry = marking.entry_here(main)
    if entry != main.shown:
        main.feed_text = False
        main.show_entry(entry)
    return entry


def show_article(main: MainScreen) -> int:
    """The same, and make sure that the article pane is on the screen."""
    entry = bring_article(main)
    if main.is_narrow:
        main.go_to("article")
    return entry


async def open_url(main: MainScreen, url: str, command: Sequence[str] = ()) -> None:
    """Open an http(s) address in the browser, or with `command`, without a shell."""
    url, command = sanitize.url(url), command or main.app.settings.opener
    if not url:
        raise CommandError(_("There is no address to open."))
    if command:
        quiet = subprocess.DEVNULL
        call = partial(
            subprocess.Popen, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        await asyncio.to_thread(call, [*command, url])
    else:
        try:
            found = await asyncio.to_thread(webbrowser.get)
        except webbrowser.Error:
            said = _("No browser was found. The setting opener can name one; y copies the link.")
            raise CommandError(said) from None
        if type(found) is webbrowser.GenericBrowser:  # lynx or w3m, which need the terminal
            with main.app.suspend():
                found.open(url)
        else:
            main.run_worker(lambda: found.open(url), thread=True, group="browser")
    main.say(_("Opened {host}.").format(host=host(url)))


async def browser(main: MainScreen, *, marking_read: bool = False) -> None:
    """Open the entries here in the browser, at most 20; optionally mark them as read."""
    entries = [view.entry for view in entries_of(main)[:20]]
    for entry in entries:
        await open_url(main, entry.url)
    if marking_read:
        await marking.set_read(main, [entry.id for entry in entries], True, quiet=True)


async def links(main: MainScreen) -> None:
    """List the links of the article, each with the host it really leads to; Enter offers actions."""
    bring_article(main)
    found = await main.reader.links()
    if not found:
        raise CommandError(_("This article has no links."))
    shown = [(f"{number:>3}  {text}", host) for number, text, _url, host in found]
    hint = _("a number or a word finds · Enter opens · Esc to leave it")
    if chosen := await main.choose(_("Links"), shown, hint=hint, value=""):
        await offer(main, found[chosen[0]][2], _trusted(main))


def _trusted(main: MainScreen) -> str:
    """Whose request a link of the article here counts as: see `fetch.Request`."""
    from bacatui.sync import network

    entry = entries_of(main)[0].entry
    feed = main.read.feed(entry.feed_id)
    return network.trusted(feed.settings, feed.url, entry.url) if feed else ""


async def offer(main: MainScreen, url: str, trusted: str | None = None) -> None:
    """Offer what can be done with an address; for a pasted one, subscribing comes first.

    `trusted`: on whose behalf a link is fetched (see `fetch.Request`); None for a pasted address.
    """
    ways: list[tuple[str, str, tuple[str | None, ...]]] = [
        (_("Open in the browser"), "open-url", ()),
        (_("Copy"), "app.copy_to_clipboard", ()),
        (_("Keep the page as a bookmark"), "save-page", (trusted,)),
        (_("Subscribe"), "add", (trusted,)),
    ]
    if trusted is None:
        ways.reverse()
    if chosen := await main.choose(url, [(way, "") for way, _act, _more in ways]):
        _way, act, more = ways[chosen[0]]
        main.do(act, url, *more)


async def save_page(main: MainScreen, url: str = "", trusted: str | None = None) -> None:
    """Save a page in the library, as a bookmark; without a network the next sync fetches it.

    `trusted`: on whose behalf a link of an article is fetched (see `fetch.Request`).
    """
    url = url or await main.ask(_("Address of the page to keep"), "https://") or ""
    if url := sanitize.url(url):
        main.say(_("Keeping {host}.").format(host=host(url)))
        session = await main.app.session()
        if trusted is not None and not await session.allows(url, trusted):
            said = _(
                "{host} lies in your own network, where links do not lead; "
                "a pasted address is kept."
            )
            raise CommandError(said.format(host=host(url)))
        kept = await session.save(url, trusted)
        main.changed()
        fault, said = (main.read.article(kept) or Article()).error, _("Kept among the bookmarks.")
        late = _("{fault} It stays a bookmark; a later sync tries again.")
        main.say(late.format(fault=fault) if fault else said)


def hints(main: MainScreen) -> None:
    """Label the links on the screen, to open one by typing its label."""
    bring_article(main)
    main.go_to("article")
    if not main.reader.size.area:  # it has no size yet, but is about to be shown
        main.reader.ask_when_shown("hints")
    elif not main.reader.open_hints():
        raise CommandError(_("No link is on the screen."))


def copy_link(main: MainScreen, *, markdown: bool = False) -> None:
    """Copy selected text, else the addresses of the entries here, one a line."""
    text = main.reader.selected_text() if main.pane == "article" else ""
    for view in () if text else entries_of(main):
        title, url = view.title.replace("[", "\\[").replace("]", "\\]"), view.entry.url
        link = f"[{title}](<{url}>)" if markdown else url
        text += ("\n" if text else "") + link if url else ""
    if not text:
        raise CommandError(_("There is no address to copy."))
    main.app.copy_to_clipboard(text)


def written(main: MainScreen, ids: Iterable[int], form: str = "markdown") -> str:
    """The articles of entries as one text in a format of `exports`. Safe in any thread."""

    def write(read: Reader) -> str:
        views = filter(None, map(read.view, ids))
        return "".join(exports.render(form, views, exports.inliner(read, main.app.home.pictures)))

    return main.app.store.ask(write)


def _write_new(path: Path, text: str) -> None:
    try:
        exports.write(path, [text], is_new=True)
    except FileExistsError:
        raise CommandError(
            _("{path} is there already; it was left as it is.").format(path=path)
        ) from None


async def save(main: MainScreen) -> None:
    """Ask for a path and write the entries here to a new file."""
    ids = marking.ids_here(main)
    title = main.list.row_of(ids[0]).title.casefold()
    name = "".join(c if c.isalnum() else "-" for c in title)[:60].strip("-") or "article"
    hint = _("the ending decides: .md, .html or .txt")
    if answer := await main.ask(_("Save as"), f"~/{name}.md", hint):
        path = Path(os.path.expanduser(answer))  # noqa: ASYNC240, PTH111 - only reads $HOME
        text = await asyncio.to_thread(written, main, ids, exports.form_of(path))
        await asyncio.to_thread(_write_new, path, text)
        main.say(_("Saved as {path}.").format(path=path))


async def pipe(main: MainScreen) -> None:
    """Ask for a program and give it the entries here as text on standard input."""
    ids = marking.ids_here(main)
    if answer := await main.ask(_("Pipe this article to")):
        try:
            text = await asyncio.to_thread(written, main, ids)
            main.say(await asyncio.to_thread(_piped, answer, text))
        except (ValueError, subprocess.TimeoutExpired) as error:
            raise CommandError(str(error)) from None


def _piped(command: str, text: str) -> str:
    out, err = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(
        shlex.split(command),
        input=text,
        stdout=out,
        stderr=err,
        timeout=60,
        check=False,
        text=True,
        errors="replace",
    )
    return sanitize.clean(done.stdout, 200) or _("Done (exit code {code}).").format(
        code=done.returncode
    )


async def enclosure(main: MainScreen) -> None:
    """Open an enclosure of the entry with the player of the settings."""
    found = entry_of(main).enclosures
    if not found:
        raise CommandError(_("This entry has no enclosure."))
    shown = [(one.title or one.url, one.type) for one in found]
    if at := await main.choose(_("Enclosures"), shown) if len(found) > 1 else [0]:
        await open_url(main, found[at[0]].url, main.app.settings.player)


async def comments(main: MainScreen) -> None:
    """Open the page of comments of the entry."""
    if not (url := entry_of(main).comments):
        raise CommandError(_("This entry has no page of comments."))
    await open_url(main, url)


def pager(main: MainScreen, name: str, variables: str, usual: str) -> None:
    """Open the article in the user's pager or editor; the app is suspended meanwhile.

    `name` is the setting with the command, `variables` are the environment variables to try after
    it, and `usual` is the default.
    """
    import tempfile

    chosen = next(filter(None, map(os.environ.get, variables.split())), usual)
    command, text = (
        getattr(main.app.settings, name) or shlex.split(chosen),
        written(main, marking.ids_here(main)),
    )
    with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        try:
            with main.app.suspend():
                subprocess.run([*command, file.name], check=False)
        except SuspendNotSupported:
            main.say(_("This terminal cannot be given to another program."))


def feed_text(main: MainScreen) -> None:
    """Switch between the cleaned article and the feed's own text."""
    article = main.read.article(marking.entry_here(main))
    if article is None or article.kind is Kind.FEED:
        raise CommandError(_("There is only the feed's own text."))
    entry = show_article(main)
    main.feed_text = not main.feed_text
    main.show_entry(entry)
    main.say(_("The feed's own text.") if main.feed_text else _("The cleaned article."))


def show_cuts(main: MainScreen) -> None:
    """Show what cleaning removed from the article, or hide it again."""
    show_article(main)
    main.reader.xray = not main.reader.xray
    main.reader.lay_out()
    if not main.reader.xray:
        main.say(_("Only the article."))
    elif main.reader.content is not None and not main.reader.content.cuts:
        main.say(_("Nothing was cut from this article."))
    else:
        main.say(_("What cleaning took out is shown dimmed; w keeps it."))


def sideways(main: MainScreen, cells: int) -> None:
    """Scroll code and tables that are too wide to the right by so many cells."""
    show_article(main)
    main.reader.sideways(cells)


async def keep_block(main: MainScreen, *, keep: bool = True) -> None:
    """Add a cleaning rule of the user: keep blocks like the first cut one on the screen.

    With `keep` false, cut blocks that begin like the selected text.
    """
    from bacatui.articles import rule_for

    bring_article(main)
    entry, cut = entry_of(main), main.reader.cut_on_screen() if keep else None
    if cut:
        words = document.to_text(document.read(cut.html))
    else:
        words = "" if keep else main.reader.selected_text()
    article = main.read.article(entry.id)
    if not article or not words.strip():
        raise CommandError(
            _("Show with X what was cut.")
            if keep
            else _("Select the beginning of the block with v.")
        )
    folder = main.app.home.config / "rules"
    for private in (folder.parent, folder):
        paths.make_private(private)
    (folder / "own.toml").touch(0o600)
    with (folder / "own.toml").open("a", encoding="utf-8") as file:
        file.write(
            rule_for(
                host(article.url or entry.url), words, keep=keep, where=cut.where if cut else ""
            )
        )
    await (await main.app.session()).clean_again([entry.id])
    main.show_entry(entry.id, swap=True)
    main.say(_("From now on: {path}").format(path=folder / "own.toml"))
