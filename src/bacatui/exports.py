"""Articles as files: Markdown, plain text, HTML with pictures inside, JSON, and the bookmarks of
every browser.
"""

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bacatui import document
from bacatui.document import escape
from bacatui.i18n import when
from bacatui.model.entry_view import EntryView
from bacatui.shapes import blocks_of, headed, whole_entry, with_lead
from bacatui.store import Reader
from bacatui.text import sanitize

Inline = Callable[[str], str]
HEADS = Path(__file__).parent / "heads"
ENDINGS = {"markdown": "md", "netscape": "html", "text": "txt"}


def write(path: Path, parts: Iterable[str], *, is_new: bool = False) -> None:
    """The whole file, for this user alone, or none of it; a link gives way to it, and what that
    leads to stays.

    Raises OSError; FileExistsError where with `is_new` something is there already.
    """
    temporary = path.with_name(f".{path.name[:50]}-{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if not is_new:
            temporary.replace(path)
            return
        try:
            os.link(temporary, path)
        except PermissionError:  # a file system without links
            if os.path.lexists(path):
                raise FileExistsError(path) from None
            temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)


def form_of(path: Path) -> str:
    """The form that the name of a file asks for; Markdown where it says nothing."""
    return {".html": "html", ".htm": "html", ".json": "json", ".txt": "text"}.get(
        path.suffix.lower(), "markdown"
    )


def render(form: str, views: Iterable[EntryView], inline: Inline) -> Iterator[str]:
    """The parts of one file, entry by entry, so that memory does not grow with it."""
    write, between, tail = {
        "markdown": (_markdown, "\n---\n\n", ""),
        "text": (_text, "\n\n\n", ""),
        "html": (_html, "", ""),
        "json": (_json, ",\n", "\n]}\n"),
        "netscape": (_netscape, "", ""),
    }[form]
    head = HEADS / form
    yield head.read_text("utf-8") if head.exists() else ""
    for n, view in enumerate(views):
        yield (between if n else "") + write(view, inline)
    yield tail


def _json(view: EntryView, inline: Inline) -> str:
    return json.dumps(whole_entry(view), ensure_ascii=False)


def _text(view: EntryView, inline: Inline) -> str:
    told = (_about(view), view.entry.url, view.mark.note, view.lead)
    whole = headed(view.title, told, blocks_of(view))
    return document.to_text(whole, captions=True, markers=True) + "\n"


def _about(view: EntryView) -> str:
    facts = [view.entry.feed_title, when.date(view.day), view.byline, *view.mark.tags]
    return ", ".join(filter(None, facts))


def _markdown(view: EntryView, inline: Inline) -> str:
    title = document.to_markdown((document.Paragraph((document.Run(view.title),)),))
    note = "> " + view.mark.note.replace("\n", "\n> ") if view.mark.note else ""
    link = f"<{view.entry.url}>" if view.entry.url else ""
    blocks = document.read(with_lead(view)) if view.html else blocks_of(view)
    parts = [f"# {title}", _about(view), link, note, view.lead, document.to_markdown(blocks)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _html(view: EntryView, inline: Inline) -> str:
    title, url = escape(view.title), escape(view.entry.url)
    parts = [f'<h1><a href="{url}">{title}</a></h1>' if url else f"<h1>{title}</h1>"]
    said = (("about", _about(view)), ("note", view.mark.note), ("lead", view.lead))
    parts += [f'<p class="{name}">{escape(text)}</p>' for name, text in said if text]
    html = with_lead(view) if view.html else document.to_html(blocks_of(view))
    return "\n".join(["<article>", *parts, inline(html), "</article>", ""])


def _netscape(view: EntryView, inline: Inline) -> str:
    if not view.entry.url:
        return ""
    moment = view.mark.bookmarked_at or view.entry.sort_at
    tags = f' TAGS="{escape(",".join(view.mark.tags))}"' if view.mark.tags else ""
    note = f"<DD>{escape(view.mark.note)}\n" if view.mark.note else ""
    head = f'<DT><A HREF="{escape(view.entry.url)}" ADD_DATE="{int(moment.timestamp())}"{tags}>'
    return f"{head}{escape(view.title)}</A>\n{note}"


def inliner(read: Reader, folder: Path) -> Inline:
    """What puts each stored picture into the HTML; the others keep their addresses."""

    def data(match: re.Match[str]) -> str:
        stored = read.picture(sanitize.decode(match[2]))
        try:
            body = (folder / stored.path).read_bytes() if stored and stored.path else b""
        except OSError:
            body = b""
        if not stored or not body:
            return match[0]
        return f"{match[1]}data:image/{stored.format.lower()};base64,{b64encode(body).decode()}{match[3]}"

    return lambda html: re.sub(r'(<img src=")([^"]*)(")', data, html)


def name(view: EntryView, form: str) -> str:
    """A file name of ours: the title has no say but for its letters."""
    words = re.sub(r"[\W_]+", "-", view.title.lower())[:50].strip("-") or "entry"
    return f"{view.entry.id}-{words}.{ENDINGS.get(form, form)}"
