"""What an outsider tried: inputs of kinds that the first cases do not have. Sizes are the least that show the fault."""

from __future__ import annotations

import gzip
import json
from itertools import cycle, islice
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tests.hostile.cases import (
    HTML,
    JSON,
    RSS,
    WORDS,
    Case,
    _item,
    _json,
    _paper,
    _rss,
    _stub,
    _titled,
)

ADDRESSES = (
    "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html;base64,PHg+", "vbscript:x", "smb://x/y", "\\\\evil.example\\x",
    "//evil.example/x", "http:evil.example", "http:\\\\evil.example", "https://user:pass@evil.example/", "https://feed.example@evil.example/",
    "https://feed.example\\@evil.example/", "https://evil.example?@feed.example", "http://[::ffff:127.0.0.1]/", "http://0x7f.1/",
    "http://2130706433/", "http://017700000001/", "http://①②⑦.⓪.⓪.①/", "http://localhost。/", "http://xn--/", "http://\u202eelpmaxe.moc/",
    "http://x.example:0/", "http://x.example:65536/", "http://x.example:８０/", "http://x..example/", "http://" + "a" * 64 + ".example/",
    "http://x.example/" + "a" * 9_000, "http://x.example/%1b%5d0;BAJAK%07", "http://x.example/[red]", "http://x.example/$(id)", "-oProxyCommand=id",
    "--help", "|id", "exec:id", "filter:id:x", "http://x.example /a b", "about:blank", "blob:http://x/", "http://]", "http://[fe80::1%25eth0]/",
    "CANARY/x", "http://faß.example/", "http://a\u00adb.example/",
)  # fmt: skip
DATES = (
    "0000-00-00", "0001-01-01T00:00:00Z", "99999-01-01", "-2024-01-01", "9999-12-31T23:59:59+14:00", "2024-02-30", "2024-01-01T25:61:61Z",
    "Mon, 00 Jan 0000 00:00:00 GMT", "1" * 300, "-1", "99999999999999", "2024-01-01T00:00:00+99:99", "２０２４-０１-０１", "2024年99月99日",
    "2024-W54-9", "1e10", " " * 50_000 + "2024-01-01", "(" * 5_000,
)  # fmt: skip
ODD: tuple[Any, ...] = (None, True, -1, 1.5, "", [], {}, [[]], [{}], {"a": 1}, "x" * 100)
FIELDS = (
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "date_published", "authors",
    "author", "tags", "language", "attachments",
)  # fmt: skip


Expect = dict[str, Any]


def _page(
    body: str, head: str = "", expect: Expect | None = None
) -> tuple[bytes, str, Expect, dict[str, bytes]]:
    feed, pages = _stub(_paper(head, body))
    return feed, RSS, {"entries": 1, "max_seconds": 40, "max_rss_mb": 600} | (expect or {}), pages


def more() -> tuple[Case, ...]:
    """Twenty and some, each a kind of its own."""
    either: Expect = {"outcome": "either"}
    forbid: Expect = {"forbid": ["\x1b]0;", "\x1b[6n", "\x1bP", "\x1b_"]}
    declared = '<?xml version="1.0" encoding="{}"?>'
    said = b"A@B"
    fetched = "".join(
        f"<{tag} {name}='CANARY'></{tag}>"
        for tag, name in (
            ("object", "data"), ("embed", "src"), ("video", "poster"), ("audio", "src"), ("input type=image", "src"), ("link rel=stylesheet", "href"),
            ("link rel=amphtml", "href"), ("link rel=icon", "href"), ("body", "background"), ("portal", "src"), ("form", "action"),
        )
    )  # fmt: skip
    links = "".join(
        f"<a href={quoteattr(one)}>kata {n}</a><img src={quoteattr(one)}>"
        for n, one in enumerate(ADDRESSES)
    )
    enclosures = "".join(
        f"<enclosure url='https://x.example/{n}' length='{size}' type='[red]'/>" for n, size in enumerate(("-1", "1e308", "NaN", "９", "9" * 5_000))
    )  # fmt: skip
    odd = [
        dict(zip(FIELDS, islice(cycle(ODD), at, None), strict=False)) for at in range(len(ODD) * 2)
    ]
    many = "".join(f" xmlns:n{n}='urn:{n}'" for n in range(20_000))
    return (
        Case("each-control", _titled(*(f"A{chr(c)}B" for c in (*range(32), *range(127, 160)) if chr(c) not in "\t\n\r")), JSON, forbid),
        Case("open-sequences", _titled("A\x1b]0;sisa judul", "B\x1b[", "C\x1bP sisa", "\x1b[38;2;1;2", "\x90sisa"), JSON,
             {"titles": {"0": "A0;sisa judul", "1": "B"}, **forbid}),
        Case("endless-graphemes", _titled("👨" + "\u200d👩" * 2_000, "🇮🇩" * 2_000, "क" + "\u094d\u0937" * 2_000, "A" + "\ufe0f" * 3_000), JSON),
        Case("unseen-letters", _titled("A\u034fB", "A\u3164B", "A\U0001d173B", "A\U0001bca0B", "\u2800", "A" + "\U000e0100" * 200 + "B"), JSON),
        Case("code-and-question", _titled("'; DROP TABLE mark; --", '" OR ""="', "title:x AND", "NEAR(a b)", "*", "{x} %(y)s $z `w`"), JSON,
             {"titles": {"0": "'; DROP TABLE mark; --", "3": "NEAR(a b)", "5": "{x} %(y)s $z `w`"}}),
        Case("bytes-of-no-letters", _rss(_item("A@B", "x")).replace(said, b"A\xed\xa0\xbd\xed\xb8\x80\xc0\x9b]0;x\xc0\x87\xe0\x80\x9b[6nB"), RSS, forbid),
        Case("escapes-of-a-charset", _rss(_item("A@B", "x"), top=declared.format("iso-2022-jp")).replace(said, b"\x1b$B$\x1b]0;x\x07\x1b(J\x1b[6n"), RSS,
             either | forbid),
        Case("charset-of-shifts", _rss(_item("A+ABs-]0;x+AAc-B", "+ABs-[6n"), top=declared.format("utf-7")), RSS, either | forbid),
        Case("charset-of-mainframes", _rss(_item("Judul", "x"), top=declared.format("cp037")).decode().encode("cp037"), RSS, either),
        Case("packed-twice", gzip.compress(gzip.compress(_rss(_item("A", "x")))), RSS, either),
        Case("asks-for-more", _rss(_item("A", "<xi:include href='CANARY'/>"), top="<?xml-stylesheet href='CANARY'?>",
             head="<cloud domain='CANARY'/><docs>CANARY</docs><next href='CANARY'/>"), RSS, {"entries": 1}),
        Case("many-namespaces", _rss(f"<item{many}><title>A</title></item>"), RSS, either),
        Case("comments-without-end", b"<!--" * 100_000 + _rss(_item("<!--" * 50_000, "<!--" * 50_000)), RSS, either | {"max_seconds": 15}),
        Case("items-in-items", _rss("<item>" * 10_000 + "<title>A</title>" + "</item>" * 10_000), RSS, either | {"max_seconds": 15}),
        Case("one-guid-for-all", _rss(*(_item(f"Judul {n}", "isi", rest="<guid>sama</guid>") for n in range(40))), RSS, {"entries": 40}),
        Case("every-type-everywhere", _json(*odd), JSON, either),
        Case("no-such-day", _rss(*(_item(f"D{n}", "x", rest=f"<pubDate>{one}</pubDate><guid>{n}</guid>") for n, one in enumerate(DATES)), head="<ttl>-5</ttl>"),
             RSS, {"entries": len(DATES)}),
        Case("odd-enclosures", _rss(_item("A", "x", rest=enclosures)), RSS, {"entries": 1}),
        Case("more-addresses", _rss(_item("A", f"<p>{WORDS * 15}</p>{links}"), *(_item(f"B{n}", "x", escape(one)) for n, one in enumerate(ADDRESSES))),
             RSS, {"entries": 1 + len(ADDRESSES), "max_seconds": 15}),
        Case("page-of-lines", *_page("<p>" + "x<br>" * 60_000)),
        Case("page-of-one-word", *_page("<p>" + "漢" * 200_000)),
        Case("page-of-styles", *_page("<p>" + "<b>x</b>y " * 30_000)),
        Case("page-of-columns", *_page("<table><tr>" + "<td>x</td>" * 40_000 + "<tr><td colspan=999999999 rowspan=999999999>y</table>")),
        Case("page-of-lists", *_page("<ul><li>" * 5_000 + "x" + "<blockquote>" * 5_000 + "y")),
        Case("page-that-changes-its-meaning", *_page(
            "<svg></p><style><a id=\"</style><img src=CANARY onerror=x>\">a</svg><math><mtext><table><mglyph><style><!--</style>"
            "<img title=\"--&gt;&lt;img src=CANARY&gt;\"></math><noscript><p title=\"</noscript><img src=CANARY>\"><template><img src=CANARY></template>"
            "<xmp>&#27;]0;x&#7;</xmp><plaintext>sisa <b>", expect=forbid)),
        Case("page-that-fetches", *_page(
            fetched + "<style>@import url(CANARY)</style><iframe srcdoc='&lt;img src=CANARY&gt;'></iframe><picture><source srcset='CANARY 1x'></picture>",
            "<base href='CANARY'><meta property=og:image content=CANARY><link rel=canonical href=CANARY><link rel=prefetch href=CANARY>")),
        Case("page-that-says-much-of-itself", *_page("<p>x</p>", "<meta name=author content='A&#27;]0;x&#7;'><meta property=og:site_name content='&#x9b;6n'>"
             + "<meta property=og:title content=x>" * 20_000 + f"<script type=application/ld+json>{'[' * 50_000}</script><script type=application/ld+json>"
             + json.dumps({"@type": "NewsArticle", "headline": {"a": [1]}, "author": [[[{"name": ["\x1b]0;x\x07"]}]]], "datePublished": 1e300}) + "</script>",
             expect=forbid)),
        Case("page-in-frames", b"<frameset><frame src=CANARY><noframes><img src=CANARY></noframes></frameset>", HTML, {"outcome": "notfeed"}),
    )  # fmt: skip
