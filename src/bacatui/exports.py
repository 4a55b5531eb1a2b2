"""Articles as files: Markdown, plain text, HTML with pictures inside, JSON, and the bookmarks of every browser."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bacatui import document, sanitize
from bacatui.document import escape
from bacatui.i18n import when
from bacatui.shapes import Reading, headed
from bacatui.store import Reader

Inline = Callable[[str], str]
HEADS = Path(__file__).parent / "heads"
ENDINGS = {"markdown": "md", "netscape": "html", "text": "txt"}


def form_of(path: Path) -> str:
    """The form that the name of a file asks for; Markdown where it says nothing."""
    return {".html": "html", ".htm": "html", ".json": "json", ".txt": "text"}.get(path.suffix.lower(), "markdown")


def render(form: str, readings: Iterable[Reading], inline: Inline) -> Iterator[str]:
    """The parts of one file, entry by entry, so that memory does not grow with it."""
    write, between, tail = {
        "markdown": (_markdown, "\n---\n\n", ""), "text": (_text, "\n\n\n", ""), "html": (_html, "", ""),
        "json": (_json, ",\n", "\n]}\n"), "netscape": (_netscape, "", ""),
    }[form]  # fmt: skip
    head = HEADS / form
    yield head.read_text("utf-8") if head.exists() else ""
    for n, reading in enumerate(readings):
        yield (between if n else "") + write(reading, inline)
    yield tail


def _json(reading: Reading, inline: Inline) -> str:
    return json.dumps(reading.shape(), ensure_ascii=False)


def _text(reading: Reading, inline: Inline) -> str:
    told = (_about(reading), reading.row.url, reading.row.note, reading.article.lead)
    return document.to_text(headed(reading.row.title, told, reading.blocks), captions=True, markers=True) + "\n"


def _about(reading: Reading) -> str:
    article, row = reading.article, reading.row
    return ", ".join(filter(None, [row.feed_title, when.date(row.sort_at), article.byline or row.author, *row.tags]))


def _markdown(reading: Reading, inline: Inline) -> str:
    title = document.to_markdown((document.Paragraph((document.Run(reading.row.title),)),))
    note = "> " + reading.row.note.replace("\n", "\n> ") if reading.row.note else ""
    link = f"<{reading.row.url}>" if reading.row.url else ""
    parts = [
        f"# {title}",
        _about(reading),
        link,
        note,
        reading.article.lead,
        document.to_markdown(document.read(reading.html)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _html(reading: Reading, inline: Inline) -> str:
    title, url = escape(reading.row.title), escape(reading.row.url)
    parts = [f'<h1><a href="{url}">{title}</a></h1>' if url else f"<h1>{title}</h1>"]
    said = (("about", _about(reading)), ("note", reading.row.note), ("lead", reading.article.lead))
    parts += [f'<p class="{name}">{escape(text)}</p>' for name, text in said if text]
    return "\n".join(["<article>", *parts, inline(reading.html), "</article>", ""])


def _netscape(reading: Reading, inline: Inline) -> str:
    if not reading.row.url:
        return ""
    moment = reading.row.bookmarked_at or reading.row.sort_at
    tags = f' TAGS="{escape(",".join(reading.row.tags))}"' if reading.row.tags else ""
    note = f"<DD>{escape(reading.row.note)}\n" if reading.row.note else ""
    head = f'<DT><A HREF="{escape(reading.row.url)}" ADD_DATE="{int(moment.timestamp())}"{tags}>'
    return f"{head}{escape(reading.row.title)}</A>\n{note}"


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


def name(reading: Reading, form: str) -> str:
    """A file name of ours: the title has no say but for its letters."""
    words = re.sub(r"[\W_]+", "-", reading.row.title.lower())[:50].strip("-") or "entry"
    return f"{reading.row.id}-{words}.{ENDINGS.get(form, form)}"
