"""list, search, read, open: from the store to the terminal, linear and without boxes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bacatui import clock, document, shapes
from bacatui.cli.call import Call, entry_id, no_entry, scope_of
from bacatui.cli.output import Refusal, emit, emit_list, say, tell, wrapped
from bacatui.document import Document
from bacatui.i18n import N_, _, when
from bacatui.model import Article, Kind, Offline, Row, Scope

if TYPE_CHECKING:
    from bacatui.store import Reader

SCREENFUL = 50  # entries that a plain list shows unless told otherwise
PAGE = 200
MOST = 16 << 20  # bytes of a page that are looked at, as from the network
STANDING = {
    Offline.PENDING: (N_("pending"), N_("The article is not fetched yet; this is the feed's own text.")),
    Offline.FAILED: (N_("failed"), N_("The article could not be fetched; this is the feed's own text.")),
    Offline.PARTIAL: (N_("partly offline"), N_("A picture of this article could not be fetched.")),
}


def rows_of(read: Reader, scope: Scope, limit: int | None = None) -> Iterator[Row]:
    """The rows of a scope, newest first, page by page."""
    if limit is not None and limit <= PAGE:
        yield from read.first(scope, limit)
        return
    ids = read.ids(scope)[:limit]
    for at in range(0, len(ids), PAGE):
        yield from read.rows(ids[at : at + PAGE])


def _entries(read: Reader, scope: Scope, limit: int | None) -> Iterator[dict[str, Any]]:
    for row in rows_of(read, scope, limit):
        if (entry := read.entry(row.id)) is not None:
            yield shapes.entry(row, entry, read.mark(row.id))


def list_entries(call: Call) -> int:
    limit = call.args.limit
    if limit is not None and limit < 0:
        raise Refusal(_("--limit takes no number below zero."))
    scope = scope_of(call.args.query)
    with call.store() as store:
        if call.args.json:
            emit_list("entries", _entries(store.read, scope, limit))
            return 0
        now, shown = clock.now(), 0
        for row in rows_of(store.read, scope, SCREENFUL if limit is None else limit):
            say(_line(row, now))
            shown += 1
        if not shown and limit != 0:
            subscribed = bool(store.read.feeds())
            tell(_("nothing found.") if subscribed else _("nothing is subscribed yet; bacatui add URL begins."))
        elif limit is None and (left := store.read.count(scope).entries - shown) > 0:
            tell(_("{n} more; --limit shows them.").format(n=left))
    return 0


def search(call: Call) -> int:
    if not "".join(call.args.query).strip():
        raise Refusal(_("search needs words to look for."))
    return list_entries(call)


def _line(row: Row, now: datetime) -> str:
    """One entry as one line of words, exceptions last: a screen reader says what an eye would see."""
    facts = [row.feed_title, when.ago(row.sort_at, now)]
    facts += [when.minutes(row.minutes)] if row.minutes else []
    facts += [] if row.is_read else [_("unread")]
    facts += [_("bookmarked")] if row.is_bookmarked else []
    facts += [_(STANDING[row.offline][0])] if row.offline in STANDING else []
    return f"{row.id:>5}  {row.title} ({', '.join([*facts, *row.tags])})"


def read(call: Call) -> int:
    with call.store() as store:
        reading = shapes.Reading.of(store.read, entry_id(store.read, call.args.id))
    if reading is None:
        raise no_entry(call.args.id)
    article = replace(reading.article, title=reading.row.title)
    if call.args.json:
        _emit(call, reading.shape(), article)
        return 0
    notice = _(STANDING[reading.row.offline][1]) if reading.row.offline in STANDING else ""
    if article.kind is Kind.PAYWALL:
        notice = _("The rest of this article is for subscribers.")
    notice = " ".join(filter(None, (notice, article.error)))
    _print(call, article, reading.blocks, [reading.row.feed_title, when.date(reading.row.sort_at)], notice)
    return 0


def open_page(call: Call) -> int:
    source = call.args.source
    is_web = source.startswith(("http://", "https://"))
    article = call.online(lambda session, _store: session.open_page(source)) if is_web else _from_file(source)
    blocks = tuple(document.read(article.html))
    if call.args.json:
        _emit(call, shapes.page(article, blocks), article)
    elif article.text:
        facts = [article.site, when.date(article.published) if article.published else ""]
        _print(call, article, blocks, facts, article.error)
    if not article.text:
        raise Refusal(article.error or _("no text was found on that page."), 1)
    return 0


def _from_file(source: str) -> Article:
    from bacatui import work

    try:
        if source == "-":
            body = sys.stdin.buffer.read(MOST)
        else:
            with Path(source).open("rb") as file:
                body = file.read(MOST)
    except OSError as error:
        raise Refusal(f"{source}: {error.strerror}") from error
    try:
        article = work.call("extract", body, url="", content_type="")
    except work.WorkError as error:
        raise Refusal(str(error), 1) from error
    assert isinstance(article, Article)
    return article


def _emit(call: Call, shape: dict[str, Any], article: Article) -> None:
    emit(shape | ({"extractor": article.extractor, "cuts": shapes.cuts(article)} if call.args.why else {}))


def _print(call: Call, article: Article, blocks: Document, facts: list[str], notice: str) -> None:
    """An article in the form that was asked for, headed by what is known about it."""
    minutes = when.minutes(max(1, round(document.count_words(article.text) / 230)))
    said = ", ".join(filter(None, [*facts, article.byline, minutes]))
    if call.args.html:
        paragraphs = "".join(f"<p>{document.escape(line)}</p>\n" for line in (said, notice, article.lead) if line)
        say(f"<h1>{document.escape(article.title)}</h1>\n{paragraphs}{article.html}")
    elif call.args.markdown:
        say("\n\n".join(filter(None, [f"# {article.title}", said, notice, article.lead, document.to_markdown(blocks)])))
    else:
        text = document.to_text(blocks, captions=True, markers=True) or article.text
        whole = "\n\n".join(filter(None, [article.title, said, notice, article.lead, text]))
        width = min(call.settings.measure, max(20, shutil.get_terminal_size().columns - 2))
        say(whole if call.args.plain else wrapped(whole, width))
    if call.args.why:
        say("\n" + (_("Cut from the page:") if article.cuts else _("Nothing was cut from the page.")))
        for cut in shapes.cuts(article):
            say(f"- {cut['by']}: {cut['text']}")
