"""The Python API: `extract` and `parse_feed`, with no effect that the caller can see.

Both run in a worker process under a deadline, so that they end for any bytes, whatever those do to
a parser.
"""

from bacatui.model import Article, FeedError, Kind, ParsedFeed


def extract(html: str | bytes, url: str = "") -> Article:
    """The article on a web page (or in plain text), without anything of the page around it.

    Never raises for any content: where there is no article, `kind` is NONE and `error` says why.
    """
    from bacatui.work import WorkError, call

    body, kind = html, ""
    if isinstance(body, str):
        body, kind = body.encode("utf-8", "replace"), "text/html; charset=utf-8"
    try:
        return call("extract", body, url=url, content_type=kind)  # type: ignore[no-any-return]
    except WorkError as error:
        return Article(url=url, kind=Kind.NONE, error=str(error))


def parse_feed(body: bytes, url: str = "", content_type: str = "") -> ParsedFeed:
    """The feed in `body`: RSS, Atom, RDF or JSON Feed. Raises FeedError only.

    `url`: where it came from, for relative links; `content_type`: as the server gave it, for its
    charset.
    """
    from bacatui.work import WorkError, call

    try:
        return call("parse_feed", body, url=url, content_type=content_type)  # type: ignore[no-any-return]
    except WorkError as error:
        raise FeedError(str(error)) from error
