"""list, search, read, open: from the store to the terminal, linear and without boxes."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bacatui import clock, document, shapes
from bacatui.cli.call import Call, Refusal, emit, entry_id, no_entry, say, scope_of, tell, wrapped
from bacatui.document import Document
from bacatui.i18n import _, ngettext, when
from bacatui.model import Article, Offline, Row, reading_minutes
from bacatui.model.entry_view import OFFLINE_NAMES, EntryView
from bacatui.store import typing
from bacatui.text import count_words

T = TypeVar("T")
SCREENFUL = 50  # entries that a plain list shows unless told otherwise
PAGE = 200
MOST = 16 << 20  # bytes of a page that are looked at, as from the network


def pages(some: Callable[[Sequence[int]], list[T]], ids: Sequence[int]) -> Iterator[T]:
    """What `some` reads of these entries, page by page, so that memory does not grow with it."""
    for at in range(0, len(ids), PAGE):
        yield from some(ids[at : at + PAGE])


def list_entries(call: Call) -> None:
    """Print the entries that a query finds, newest first, as lines or as JSON."""
    limit, scope = call.args.limit, scope_of(call.args.query)
    if limit is not None and limit < 0:
        raise Refusal(_("--limit takes a number of 0 or more."))
    with call.store() as store:
        if call.args.json:
            listed = pages(store.read.views, store.read.ids(scope, limit=limit))
            emit("entries", map(shapes.entry, listed))
            return
        now, ids = clock.now(), store.read.ids(scope, limit=SCREENFUL if limit is None else limit)
        for row in pages(store.read.rows, ids):
            say(line(row, now))
        if not ids and limit != 0:
            query = " ".join(call.args.query)
            if not store.read.feeds():
                tell(_("no feeds yet; bacatui add URL subscribes to one."))
            elif typing(query) != query and store.read.ids(scope_of([typing(query)]), limit=1):
                tell(
                    _("nothing found; {query} finds words that begin so.").format(
                        query=typing(query)
                    )
                )
            else:
                tell(_("nothing found."))
        elif limit is None and (left := store.read.count(scope).entries - len(ids)) > 0:
            tell(_("{n} more; --limit N shows more at a time.").format(n=left))


def search(call: Call) -> None:
    """The same for a query that must not be empty."""
    if not "".join(call.args.query).strip():
        raise Refusal(_("search needs words to look for."))
    list_entries(call)


def line(row: Row, now: datetime) -> str:
    """One entry as one line of words, exceptions last: a screen reader says what an eye would see."""
    facts = [
        row.feed_title,
        when.ago(row.sort_at, now),
        row.minutes and when.minutes(row.minutes),
        not row.is_read and _("unread"),
        row.is_bookmarked and _("bookmarked"),
        row.offline is not Offline.READY and _(OFFLINE_NAMES[row.offline]),
        *row.tags,
    ]
    return f"{row.id:>5}  {row.title} ({', '.join(str(fact) for fact in facts if fact)})"


def read(call: Call) -> None:
    """Print one entry of the library in the form that was asked for."""
    with call.store() as store:
        view = store.read.view(entry_id(store, call.args.id))
    if view is None:
        raise no_entry(call.args.id)
    facts = [view.entry.feed_title, when.date(view.day)]
    _show(call, view, shapes.blocks_of(view), lambda: shapes.whole_entry(view), facts, view.missing)


def open_page(call: Call) -> None:
    """Print a page, from the web, a file or standard input, without storing it."""
    source = call.args.source
    is_web = source.startswith(("http://", "https://"))
    article = (
        call.online(lambda session, _store: session.open_page(source))
        if is_web
        else _from_file(source)
    )
    blocks = tuple(document.read(article.html))
    if article.text or call.args.json:
        facts = [article.site, when.date(article.published) if article.published else ""]
        _show(call, article, blocks, lambda: shapes.page(article, blocks), facts, article.error)
    if not article.text:
        raise Refusal(article.error or _("no text was found on that page."), 1)


def _from_file(source: str) -> Article:
    from bacatui import api

    try:
        with Path(source).open("rb") if source != "-" else sys.stdin.buffer as file:
            return api.extract(file.read(MOST))
    except OSError as error:
        raise Refusal(f"{source}: {error.strerror}") from error


def _show(
    call: Call,
    article: Article | EntryView,
    blocks: Document,
    shape: Callable[[], dict[str, Any]],
    facts: list[str],
    notice: str,
) -> None:
    """An article in the form that was asked for, headed by what is known about it."""
    if call.args.json:
        why = (
            {"extractor": article.extractor, "cuts": shapes.cuts(article)} if call.args.why else {}
        )
        emit(shape() | why)
        return
    minutes = when.minutes(reading_minutes(count_words(article.text)) or 1)
    said = ", ".join(filter(None, [*facts, article.byline, minutes]))
    whole = shapes.headed(article.title, (said, notice, article.lead), blocks)
    if call.args.html:
        say(document.to_html(whole))
    elif call.args.markdown:
        say(document.to_markdown(whole))
    else:
        text = document.to_text(whole, captions=True, markers=True)
        text += f"\n\n{article.text}" if article.text and not blocks else ""
        width = min(call.settings.measure, max(20, shutil.get_terminal_size().columns - 2))
        say(text if call.args.plain else wrapped(text, width))
    if call.args.why:
        said = ngettext(
            "{n} block that is not the article's text was cut from the page:",
            "{n} blocks that are not the article's text were cut from the page:",
            len(article.cuts),
        )
        nothing = _("Nothing was cut from the page.")
        say("\n" + (said.format(n=len(article.cuts)) if article.cuts else nothing))
        for cut in shapes.cuts(article):
            say(f"- {cut['by']}: {cut['text']}")
