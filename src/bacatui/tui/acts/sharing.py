"""Links and files: to the browser, the clipboard, a file, a pipe, the player; and how the article is shown."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from textual.app import SuspendNotSupported

from bacatui import document, sanitize
from bacatui.i18n import _
from bacatui.model import Entry
from bacatui.shapes import Reading, headed
from bacatui.tui.acts import marking
from bacatui.tui.main import CommandError, MainScreen
from bacatui.tui.reading import host


def entry_of(main: MainScreen) -> Entry | None:
    entry_id = main.list.entry_id
    return None if entry_id is None else main.read.entry(entry_id)


def open_url(main: MainScreen, url: str, command: Sequence[str] = ()) -> None:
    """An address to the browser or player, as one argument, without a shell; only http and https."""
    url, command = sanitize.url(url), command or main.app.settings.opener
    if not url:
        raise CommandError(_("There is no address to open."))
    if command:
        quiet = subprocess.DEVNULL
        subprocess.Popen([*command, url], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    else:
        main.run_worker(lambda: webbrowser.open(url), thread=True, group="browser")
    main.say(_("Opened {host}.").format(host=host(url)))


async def browser(main: MainScreen, *, marking_read: bool = False) -> None:
    ids, main.list.range_from = main.list.chosen_ids()[:20], None
    entries = [entry for entry in map(main.read.entry, ids) if entry is not None and entry.url]
    for entry in entries:
        open_url(main, entry.url)
    if marking_read:
        await marking.set_read(main, [entry.id for entry in entries], True, quiet=True)


async def links(main: MainScreen) -> None:
    """The numbered list of links, with the host that each really leads to: open, or keep the page."""
    main.follow()
    found = main.reader.links()
    if not found:
        raise CommandError(_("This article has no links."))
    shown = [(f"{number:>3}  {text}", host) for number, text, _url, host in found]
    hint = _("a number or a word finds · Enter opens · Esc to leave it")
    if chosen := await main.choose(_("Links"), shown, hint=hint, value=""):
        await offer(main, found[chosen[0]][2])


async def offer(main: MainScreen, url: str) -> None:
    ways = {
        _("Open in the browser"): "open-url",
        _("Keep the page as a bookmark"): "save-page",
        _("Copy"): "app.copied",
        _("Subscribe"): "add",
    }
    if chosen := await main.choose(url, [(way, "") for way in ways]):
        main.do([*ways.values()][chosen[0]], url)


async def save_page(main: MainScreen, url: str = "") -> None:
    """Any page into the library, as a bookmark; with no network it waits for the next sync."""
    url = url or await main.ask(_("Address of the page to keep"), "https://") or ""
    if url := sanitize.url(url):
        main.say(_("Keeping {host}.").format(host=host(url)))
        await (await main.app.session()).save(url)
        main.changed()
        main.say(_("Kept among the bookmarks."))


def hints(main: MainScreen) -> None:
    main.follow()
    main.go_to("article")
    if not main.reader.open_hints():
        raise CommandError(_("No link is on the screen."))


def copy_link(main: MainScreen, *, markdown: bool = False) -> None:
    if text := main.reader.selected_text():
        main.app.copied(text)
    elif (entry := entry_of(main)) is not None and entry.url:
        title = entry.title.replace("[", "\\[").replace("]", "\\]")
        main.app.copied(f"[{title}](<{entry.url}>)" if markdown else entry.url)


def written(main: MainScreen, entry_id: int, form: str = ".md") -> str:
    """An article as Markdown, HTML or plain text, by the ending of a file's name."""
    reading = Reading.of(main.read, entry_id)
    if reading is None:
        raise CommandError(_("This entry is gone."))
    row, article = reading.row, reading.article
    by = " · ".join(filter(None, (article.byline or row.author, row.feed_title, row.url)))
    blocks = headed(row.title, (by, article.lead), reading.blocks)
    if form in {".html", ".htm"}:
        title = document.escape(row.title)
        return f'<!doctype html><meta charset="utf-8"><title>{title}</title>\n{document.to_html(blocks)}\n'
    return (document.to_text if form == ".txt" else document.to_markdown)(blocks) + "\n"


def _write_new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:  # never over another file
        file.write(text)


async def save(main: MainScreen) -> None:
    ids = main.list.chosen_ids()
    title = main.list.row_of(ids[0]).title.casefold() if ids else ""
    name = "".join(c if c.isalnum() else "-" for c in title)[:60].strip("-") or "article"
    hint = _("the ending decides: .md, .html or .txt")
    if ids and (answer := await main.ask(_("Save as"), f"~/{name}.md", hint)):
        path = Path(os.path.expanduser(answer))  # noqa: ASYNC240, PTH111 - no more than a look at $HOME
        text = "\n\n".join(written(main, one, path.suffix) for one in ids)
        await asyncio.to_thread(_write_new, path, text)
        main.say(_("Saved as {path}.").format(path=path))


async def pipe(main: MainScreen) -> None:
    row = main.list.row
    if row is not None and (answer := await main.ask(_("Pipe this article to"))):
        try:
            main.say(await asyncio.to_thread(_piped, answer, written(main, row.id)))
        except (ValueError, subprocess.TimeoutExpired) as error:
            raise CommandError(str(error)) from None


def _piped(command: str, text: str) -> str:
    out, err = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(
        shlex.split(command), input=text, stdout=out, stderr=err, timeout=60, check=False, text=True, errors="replace"
    )
    return sanitize.clean(done.stdout, 200) or _("Done (exit code {code}).").format(code=done.returncode)


async def enclosure(main: MainScreen) -> None:
    entry = entry_of(main)
    found = entry.enclosures if entry is not None else ()
    if not found:
        raise CommandError(_("This entry has no enclosure."))
    shown = [(one.title or one.url, one.type) for one in found]
    if at := await main.choose(_("Enclosures"), shown) if len(found) > 1 else [0]:
        open_url(main, found[at[0]].url, main.app.settings.player)


def comments(main: MainScreen) -> None:
    entry = entry_of(main)
    open_url(main, entry.comments if entry is not None else "")


def pager(main: MainScreen, name: str, variables: str, usual: str) -> None:
    """The article in the reader's own pager or editor, the app standing aside meanwhile."""
    import tempfile

    chosen = next(filter(None, map(os.environ.get, variables.split())), usual)
    command = getattr(main.app.settings, name) or shlex.split(chosen)
    if (row := main.list.row) is None:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8") as file:
        file.write(written(main, row.id))
        file.flush()
        try:
            with main.app.suspend():
                subprocess.run([*command, file.name], check=False)
        except SuspendNotSupported:
            main.say(_("This terminal cannot be given to another program."))


def feed_text(main: MainScreen) -> None:
    if (entry := main.list.entry_id) is not None:
        main.feed_text = not main.feed_text
        main.show_entry(entry)
        main.say(_("The feed's own text.") if main.feed_text else _("The cleaned article."))


def show_cuts(main: MainScreen) -> None:
    main.follow()
    main.reader.xray = not main.reader.xray
    main.reader.lay_out()
    told = _("What cleaning took out is shown dimmed; w keeps it."), _("Only the article.")
    main.say(told[not main.reader.xray])


async def keep_block(main: MainScreen, *, keep: bool = True) -> None:
    """A rule of the reader's own: blocks that begin like the first cut one on the screen, or like what is selected."""
    from bacatui.articles import load_rules, reclean, rule_for

    entry, cut = entry_of(main), main.reader.cut_on_screen() if keep else None
    words = document.to_text(document.read(cut.html)) if cut else "" if keep else main.reader.selected_text()
    article = entry and main.read.article(entry.id)
    if not entry or not article or not words.strip():
        raise CommandError(_("Show with X what was cut.") if keep else _("Select the beginning of the block with v."))
    folder = main.app.home.config / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "own.toml").open("a", encoding="utf-8") as file:
        file.write(rule_for(host(article.url or entry.url), words, keep=keep, where=cut.where if cut else ""))
    again = await asyncio.to_thread(lambda: reclean(article, load_rules(folder)))
    await main.done(main.write.store_article(entry.id, again, main.list.row_of(entry.id).offline))
    main.show_entry(entry.id, swap=True)
    main.say(_("From now on: {path}").format(path=folder / "own.toml"))
