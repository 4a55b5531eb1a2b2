"""OPML 1.0 and 2.0 (opml.org/spec2): lists of subscriptions, read tolerantly, written strictly.

Folders nest; a folder's path has its names joined by `/` (one inside a name becomes U+2215, and back). Nothing
in a list is ever run or fetched: what other readers would execute (`|cmd`, exec:, filter:) is refused by name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from bacatui.document import escape
from bacatui.feeds.source import BODY_LIMIT, decode
from bacatui.i18n import _
from bacatui.model import FeedError
from bacatui.text import sanitize

_DEPTH: Final = 8  # folders deeper than this are flattened
_SLASH: Final = "\u2215"
_TOKEN = re.compile(
    r"""<(outline|opml)\b((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>|<(/)outline\s*>|<title>([^<]{0,1000})</title>""",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""(?<![\w:.\-])([A-Za-z_][\w:.\-]*+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAME = re.compile(r"[A-Za-z_][\w:.\-]*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_OURS: Final = (
    "text",
    "title",
    "xmlurl",
    "htmlurl",
    "filtercmd",
)  # the last would be run by newsboat


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed in a list. `attributes`: what else its outline says, for the way back out."""

    url: str
    title: str = ""
    folder: str = ""
    site: str = ""
    tags: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What a list holds, each feed once; nothing is subscribed by reading it."""

    feeds: tuple[Subscription, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # what, and why not
    searches: tuple[tuple[str, str], ...] = ()  # title and QUERY of query feeds
    title: str = ""


def read_opml(data: bytes) -> Subscriptions:
    """The subscriptions in `data`; what cannot be taken is in `refused`. Raises FeedError for what is no OPML."""
    if len(data) > BODY_LIMIT:
        raise FeedError(_("The list is larger than {n} MB.").format(n=BODY_LIMIT >> 20))
    closed, end, rest = decode(data).rpartition("-->")
    source = (
        _COMMENT.sub("", closed + end) + rest
    )  # so that no comment is looked for that never ends
    if re.search(r"<!(?:DOCTYPE|ENTITY)", source, re.IGNORECASE):
        raise FeedError(_("The list declares entities (DOCTYPE), which is not allowed."))
    if not re.search(r"<opml\b", source, re.IGNORECASE):
        raise FeedError(_("This is not an OPML file."))
    title, folders, spaces = "", list[str](), dict[str, str]()
    found: dict[str, Subscription] = {}
    refused: list[tuple[str, str]] = []
    for tag, inside, closed, end, headline in _TOKEN.findall(source):
        attrs = {name: _said(a or b) for name, a, b in _ATTRIBUTE.findall(inside)}
        low = {name.lower(): text for name, text in attrs.items()}
        is_feed = "xmlurl" in low or low.get("type", "").lower() in {"include", "link"}
        if end:
            del folders[-1:]
        elif headline:
            title = title or sanitize.title(unescape(headline))
        elif tag.lower() == "opml":
            spaces = {name: text for name, text in attrs.items() if name.startswith("xmlns:")}
        elif tag:
            if is_feed:
                prefixes = {"xmlns:" + name.partition(":")[0] for name in attrs}
                used = {name: text for name, text in spaces.items() if name in prefixes}
                _take(attrs | used, low, "/".join(filter(None, folders[:_DEPTH])), found, refused)
            if not closed:
                name = low.get("text") or low.get("title", "")
                folders.append("" if is_feed else sanitize.name(name).replace("/", _SLASH))
    return Subscriptions(tuple(found.values()), tuple(refused), title=title)


def _said(value: str) -> str:
    """An attribute as text; a password in an address is not taken over, not even as a title."""
    return sanitize.without_password(sanitize.clean(unescape(value), 4_000))


def _take(attrs: dict[str, str], low: dict[str, str], folder: str, found: dict[str, Subscription],
          refused: list[tuple[str, str]]) -> None:  # fmt: skip
    raw = low.get("xmlurl") or low.get("url", "")
    name = sanitize.title(low.get("title") or low.get("text") or raw)
    address = web_address(raw)
    if "xmlurl" not in low:
        refused.append((name, _("A list inside a list is not followed.")))
    elif not address:
        refused.append((name, _("Only addresses with http and https are taken.")))
    else:
        rest = {
            k: text
            for k, text in attrs.items()
            if k.lower() not in _OURS and (k, text.lower()) != ("type", "rss")
        }
        title, site = name if name != raw else "", sanitize.url(low.get("htmlurl", ""))
        found.setdefault(same(address), Subscription(address, title, folder, site, attributes=rest))


def web_address(text: str) -> str:
    """`text` as an http(s) address, or "" for anything else that it may be; `feed:` is only a way of saying http."""
    text = re.sub(r"^feed:(?=https?:)|^feed:(?=//)", "", text.strip())
    text = "http:" + text if text.startswith("//") else text
    return sanitize.url(text) if text[:8].lower().startswith(("http://", "https://")) else ""


def same(address: str) -> str:
    """What two addresses of one feed have in common: scheme, `www.`, a last slash and the host's case do not count."""
    parts = urlsplit(address)
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def write_opml(feeds: Iterable[Subscription], title: str = "") -> bytes:
    """An OPML 2.0 document: folders as outlines in the order of their first feed, every attribute kept."""
    spaces: dict[str, str] = {}
    tree: dict[str, Any] = {}
    for at, feed in enumerate(feeds):
        node = tree
        for name in filter(None, feed.folder.split("/")):
            node = node.setdefault("/" + name, {})
        node[str(at)] = feed
        spaces |= {
            name: text for name, text in feed.attributes.items() if name.startswith("xmlns:")
        }
    head = f"  <head>\n    <title>{escape(sanitize.clean(title))}</title>\n  </head>\n  <body>"
    top = f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"{_written(spaces)}>'
    return "\n".join([top, head, *_outlines(tree, "    "), "  </body>\n</opml>\n"]).encode()


def _outlines(tree: dict[str, Any], pad: str) -> Iterator[str]:
    for key, node in tree.items():
        if isinstance(node, Subscription):
            name = node.title or node.url
            known = {
                "type": "rss",
                "text": name,
                "title": name,
                "xmlUrl": node.url,
                "htmlUrl": node.site,
            }
            theirs = {
                key: text for key, text in node.attributes.items() if not key.startswith("xmlns:")
            }
            rest = {key: text for key, text in theirs.items() if key.lower() not in _OURS}
            yield f"{pad}<outline{_written(known | rest)}/>"
        else:
            name = key[1:].replace(_SLASH, "/")
            yield f"{pad}<outline{_written({'text': name, 'title': name})}>"
            yield from _outlines(node, pad + "  ")
            yield f"{pad}</outline>"


def _written(attrs: dict[str, str]) -> str:
    fit = ((name, text) for name, text in attrs.items() if text and _NAME.fullmatch(name))
    return "".join(f' {name}="{escape(sanitize.clean(text))}"' for name, text in fit)
