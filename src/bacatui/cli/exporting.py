"""export: feeds, bookmarks and entries as files that other programs read, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bacatui import document, sanitize
from bacatui.cli.call import Call, out_path, scope_of
from bacatui.cli.output import Refusal, say, tell
from bacatui.cli.reading import rows_of
from bacatui.document import escape
from bacatui.feeds import Subscription, write_opml
from bacatui.i18n import _, ngettext, when
from bacatui.model import Feed, Scope, ScopeKind
from bacatui.shapes import Reading

if TYPE_CHECKING:
    from bacatui.store import Reader

Readings = Iterable[Reading]
FORMS = {".md": "markdown", ".html": "html", ".htm": "html", ".json": "json"}
ENDINGS = {"markdown": ".md", "html": ".html", "json": ".json"}


def take_out(call: Call) -> int:
    """Write feeds or entries to one file, or into a folder, one file an entry; `-` is standard output."""
    *words, target = call.args.words
    what, path = call.args.what, out_path(call, target) if target != "-" else Path("-")
    if words and what != "entries":
        raise Refusal(_("export {what} takes one FILE.").format(what=what))
    with call.store() as store:
        if what == "opml":
            listed = [_subscription(feed) for feed in store.read.feeds() if feed.url]
            _write(path, [write_opml(listed, "bacatui").decode("utf-8")])
            count = len(listed)
        else:
            scope = Scope(ScopeKind.BOOKMARKS) if what == "bookmarks" else scope_of(words)
            ids = [row.id for row in rows_of(store.read, scope)]
            readings = (reading for id in ids if (reading := Reading.of(store.read, id)))
            form = call.args.format or FORMS.get(path.suffix.lower(), "markdown")
            inline = partial(_inline, store.read, call.home.pictures)
            if not target.endswith("/") and not path.is_dir():
                _write(path, _render(form, readings, inline))
            elif form == "netscape":
                _write(path / "bookmarks.html", _render(form, readings, inline))
            else:
                for reading in readings:
                    _write(path / _name(reading, form), _render(form, [reading], inline))
            count = len(ids)
    if target != "-":
        tell(ngettext("{n} written to {file}", "{n} written to {file}", count).format(n=count, file=path))
    return 0


def _subscription(feed: Feed) -> Subscription:
    kept = {name.removeprefix("opml:"): text for name, text in feed.settings.items() if name.startswith("opml:")}
    return Subscription(feed.url, feed.title, feed.folder, feed.site, attributes=kept)


def _render(form: str, readings: Readings, inline: Callable[[str], str]) -> Iterator[str]:
    """The parts of one file, entry by entry, so that memory does not grow with it."""
    match form:
        case "json":
            yield '{"entries": ['
            for n, reading in enumerate(readings):
                yield (",\n" if n else "\n") + json.dumps(reading.shape(), ensure_ascii=False)
            yield "\n]}\n"
        case "netscape" | "html":
            yield (Path(__file__).parent / "heads" / form).read_text("utf-8")
            yield from (_html(reading, inline) if form == "html" else _netscape(reading) for reading in readings)
        case _:
            for n, reading in enumerate(readings):
                yield ("\n---\n\n" if n else "") + _markdown(reading)


def _about(reading: Reading) -> str:
    article, row = reading.article, reading.row
    return ", ".join(filter(None, [row.feed_title, when.date(row.sort_at), article.byline or row.author, *row.tags]))


def _markdown(reading: Reading) -> str:
    title = document.to_markdown((document.Paragraph((document.Run(reading.row.title),)),))
    note = "> " + reading.mark.note.replace("\n", "\n> ") if reading.mark.note else ""
    link = f"<{reading.entry.url}>" if reading.entry.url else ""
    parts = [f"# {title}", _about(reading), link, note, reading.article.lead, document.to_markdown(reading.blocks)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _html(reading: Reading, inline: Callable[[str], str]) -> str:
    title, url = escape(reading.row.title), escape(reading.entry.url)
    parts = [f'<h1><a href="{url}">{title}</a></h1>' if url else f"<h1>{title}</h1>"]
    said = (("about", _about(reading)), ("note", reading.mark.note), ("lead", reading.article.lead))
    parts += [f'<p class="{name}">{escape(text)}</p>' for name, text in said if text]
    return "\n".join(["<article>", *parts, inline(reading.article.html), "</article>", ""])


def _netscape(reading: Reading) -> str:
    if not reading.entry.url:
        return ""
    moment = reading.mark.bookmarked_at or reading.row.sort_at
    tags = f' TAGS="{escape(",".join(reading.row.tags))}"' if reading.row.tags else ""
    note = f"<DD>{escape(reading.mark.note)}\n" if reading.mark.note else ""
    head = f'<DT><A HREF="{escape(reading.entry.url)}" ADD_DATE="{int(moment.timestamp())}"{tags}>'
    return f"{head}{escape(reading.row.title)}</A>\n{note}"


def _inline(read: Reader, folder: Path, html: str) -> str:
    """`html` with each stored picture inside it; the others keep their addresses."""

    def data(match: re.Match[str]) -> str:
        stored = read.picture(sanitize.decode(match[2]))
        try:
            body = (folder / stored.path).read_bytes() if stored and stored.path else b""
        except OSError:
            body = b""
        if not stored or not body:
            return match[0]
        return f"{match[1]}data:image/{stored.format.lower()};base64,{b64encode(body).decode()}{match[3]}"

    return re.sub(r'(<img src=")([^"]*)(")', data, html)


def _name(reading: Reading, form: str) -> str:
    """A file name of ours: the title has no say but for its letters."""
    words = re.sub(r"[\W_]+", "-", reading.row.title.lower())[:50].strip("-") or "entry"
    return f"{reading.row.id}-{words}{ENDINGS[form]}"


def _write(path: Path, parts: Iterable[str]) -> None:
    """The whole file or none of it, the folder made where only it is missing. Refuses what the disk refuses."""
    if str(path) == "-":
        say("".join(parts).rstrip("\n"))
        return
    temporary = path.with_name(f".{path.name[:50]}-{os.getpid()}")
    try:
        if path.parent.parent.is_dir():
            path.parent.mkdir(exist_ok=True)
        with temporary.open("x", encoding="utf-8") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise Refusal(f"{path}: {error.strerror}") from error
