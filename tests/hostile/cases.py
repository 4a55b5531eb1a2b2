"""Hostile feeds and pages of our own, so that a bare checkout proves what is promised; and those of ../shared, if there.

`expect` speaks the words of the shared cases: `outcome` (feed, error, notfeed, either), `entries`, `titles` {index:
text}, `forbid` (what must never reach the terminal), `max_seconds` and `max_rss_mb` (of one sync; 5 and 200).
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WORDS = "Kalimat ini cukup panjang supaya isinya bukan sekadar cuplikan dari halaman yang lain. "
ESCAPES = (
    "\x1b]0;DIBAJAK\x07", "\x1b]52;c;cm0gLXJmIC8=\x1b\\", "\x1b]8;;https://evil.example/\x1b\\klik\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[H", "\x1b[?1049l", "\x1b[6n", "\x1bc", "\x1bP$q\"p\x1b\\", "\x1b_Gf=100;QQ==\x1b\\", "\x9b2J",
    "\x9d52;c;QQ==\x9c", "\x90tmux;\x9c", "\x1b(0\x0e", "\x07\x08\x08\x7f\x0b\x0c",
)  # fmt: skip
BIDI = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u202c\u2069\u200e\u200f\u061c"
RSS, JSON, HTML = "application/rss+xml", "application/feed+json", "text/html"


@dataclass(frozen=True)
class Case:
    """One input: a feed, or what came instead of one. CANARY in it stands for an address that nobody may ask."""

    id: str
    body: bytes
    kind: str = RSS
    expect: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, bytes] = field(
        default_factory=dict
    )  # paths beside the feed: HERE in the body is their folder


def _item(title: str, body: str, link: str = "", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><description>{escape(body)}</description>{rest}</item>"


def _rss(*items: str, head: str = "", top: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    channel = f"<channel><title>Contoh</title>{head}{''.join(items)}</channel>"
    return f'{top}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">{channel}</rss>'.encode()


def _json(*items: dict[str, Any], **top: Any) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Contoh", "items": items} | top
    ).encode()


def _titled(*titles: str) -> bytes:
    """Each text in every place that is shown: title, author, tag, body, code, table, link, address, enclosure."""
    return _json(
        *(
            {"id": f"{at}", "url": f"https://feed.example/{at}/{title}", "title": title, "authors": [{"name": title}],
             "tags": [title], "attachments": [{"url": f"https://feed.example/{title}.mp3", "mime_type": title}],
             "content_html": f"<p>{WORDS * 20}</p><p>{title}</p><h2>{title}</h2><pre>{title}</pre><table><tr><th>{title}"
             f"</th><td>{title}</td></tr></table><a href='https://x.example/{title}' title='{title}'>{title}</a>"
             f"<img src='https://x.example/{title}' alt='{title}'>"}
            for at, title in enumerate(titles)
        )
    )  # fmt: skip


def _paper(head: str, body: str) -> bytes:
    return (
        f"<html><head><title>Halaman</title>{head}</head><body><article><h1>Halaman</h1>{body}"
        f"{f'<p>{WORDS * 3}</p>' * 4}</article></body></html>"
    ).encode()


def _stub(page: bytes) -> tuple[bytes, dict[str, bytes]]:
    return _rss(_item("Cuplikan", "Ringkas saja …", "HERE/halaman")), {"/halaman": page}


def own() -> tuple[Case, ...]:
    """The twenty and more of ours."""
    said = "".join(ESCAPES)
    references = "".join(f"&#{ord(c)};" for c in said)
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    markup = (
        "[/]",
        "[@click=app.quit]a[/]",
        "[link=file:///etc/passwd]b[/link]",
        "[[c]",
        "[bold",
        "\\[d]",
        "{e} %s $f",
    )
    escapes, flood = (
        _stub(
            _paper(
                f"<meta name='author' content='{references}'>",
                f"<p>{references}{said}</p><script>x</script>a&#2b",
            )
        ),
        _stub(_paper("", "<p " + " ".join(f"a{n}=''" for n in range(50_000)) + f">{WORDS}</p>")),
    )
    deep = _stub(_paper("", "<div>" * 30_000 + WORDS))
    moved = _stub(_paper("<meta http-equiv='refresh' content='0;url=CANARY'><link rel='next' href='CANARY'>",
                         "<img src='CANARY'><iframe src='CANARY'></iframe><a rel='next' href='CANARY'>2</a>"))  # fmt: skip
    forbid = {"forbid": ["DIBAJAK", "cm0gLXJmIC8=", "\x1b[6n", "\x1b_", "\x1bP", "Gf=100"]}
    bodies = "".join(_item(f"Judul {n}", f"<a href='{link}'>x</a><img src='{link}'>", escape(link)) for n, link in enumerate(
        ("javascript:alert(1)", "java\tscript:alert(1)", "file:///etc/passwd", "data:text/html,x", "--version", "CANARY",
         "http://127.0.0.1%2f@feed.example/", "https://bank.example@evil.example/", "https://раураl.example/",
         "$(touch x)", "|sh", "mailto:a@b", "ssh://-oProxyCommand=x/", "http://[::1", "https://x.example:99999/")))  # fmt: skip
    odd: Any = {
        "title": 7,
        "content_html": [1],
        "url": {},
        "authors": "x",
        "tags": [None, {}],
        "attachments": [[]],
    }
    return (
        Case("escapes-referenced", _rss(_item(f"A{references}B", f"C{references}D", rest=f"<dc:creator>{references}E</dc:creator>")),
             expect={"entries": 1, "titles": {"0": "Aklik›2J52;c;QQ==œtmux;œ B"}, **forbid}),
        Case("escapes-escaped-twice", _rss(_item(escape(escape(f"A{references}B")), escape(references))), expect=forbid),
        Case("escapes-raw", _rss(_item(f"A{said}B", said)), expect=forbid),
        Case("escapes-json", _titled(*(f"A{one}B" for one in ESCAPES)), JSON, {"entries": len(ESCAPES), **forbid}),
        Case("escapes-by-charset", _rss(_item(r"A\x1b]0;BAJAK\x07B", r"\x1b[6n"), top='<?xml version="1.0" encoding="unicode_escape"?>'),
             expect=forbid),
        Case("bidi", _titled(f"A{BIDI}B", f"{BIDI}"), JSON, {"entries": 2, "titles": {"0": "AB"}, "forbid": list(BIDI)}),
        Case("invisible", _titled("A\u200b\u2060\ufeff\u00ad\U000e0041\U000e007f\ufff9\ufdd0\U0001ffffB", "\ud83d\ud83d"), JSON,
             {"entries": 2, "titles": {"0": "AB"}}),
        Case("piles-of-marks", _titled("Z" + "\u0335\u0489\u20dd" * 5_000 + "algo"), JSON, {"entries": 1}),
        Case("terminal-markup", _titled(*markup), JSON, {"entries": len(markup), "titles": {str(n): one for n, one in enumerate(markup)}}),
        Case("billion-laughs", _rss(_item("&a9;", "x"), top=f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'),
             expect={"outcome": "either", "max_seconds": 2, "max_rss_mb": 100}),
        Case("outside-entities", _rss(_item("A&f;&h;B", "x"), top='<?xml version="1.0"?><!DOCTYPE x SYSTEM "CANARY" [<!ENTITY f SYSTEM '
             '"file:///etc/passwd"><!ENTITY h SYSTEM "CANARY"><!ENTITY % p SYSTEM "CANARY">%p;]>'), expect={"outcome": "either", "forbid": ["root:"]}),
        Case("deep", _rss(_item("Dalam", "<div>" * 30_000 + WORDS)), expect={"entries": 1}),
        Case("many-attributes", _rss("<item " + " ".join(f"a{n}='1'" for n in range(30_000)) + "><title>A</title></item>"),
             expect={"outcome": "either"}),
        Case("slow-pattern", _rss(_item("Surel", "x", rest=f"<author>{'a' * 60_000}@</author>")), expect={"max_seconds": 2}),
        Case("long-title", _rss(_item("A" * 1_000_000, "x")), expect={"entries": 1}),
        Case("impossible-references", _rss(_item(f"A&#{'9' * 5_000};&#xD800;&#0;B", "&#99999999999999999999;")), expect={"entries": 1}),
        Case("addresses", _rss(bodies, head="<link>CANARY</link><image><url>CANARY</url></image>"), expect={"entries": 15}),
        Case("cut-off", _rss(_item("Satu", "x", "https://feed.example/1"), _item("Dua", "y"))[:-70], expect={"outcome": "either"}),
        Case("login-page", b"<html><body><form><input type=password></form></body></html>", HTML, {"outcome": "notfeed"}),
        Case("odd-types", _json({"id": "a", **odd}, {"id": ["b"]}, odd, authors=3, icon=[]), JSON, {"outcome": "either"}),
        Case("deep-json", b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 200_000, JSON, {"outcome": "either"}),
        Case("a-path", b"/etc/passwd", RSS, {"outcome": "notfeed", "forbid": ["root:"]}),
        Case("page-escapes", escapes[0], expect={"entries": 1, **forbid}, pages=escapes[1]),
        Case("page-attributes", flood[0], expect={"entries": 1, "max_seconds": 40}, pages=flood[1]),
        Case("page-deep", deep[0], expect={"entries": 1, "max_seconds": 40}, pages=deep[1]),
        Case("page-that-leads-inside", moved[0], expect={"entries": 1}, pages=moved[1]),
    )  # fmt: skip


def shared(folder: Path) -> Iterator[Case]:
    """All cases of ../shared: those that bench/hostile.py makes, and what fuzzing found."""
    place = importlib.util.spec_from_file_location("hostile", folder / "bench/hostile.py")
    assert place and place.loader
    made = sys.modules.setdefault("hostile", importlib.util.module_from_spec(place))
    place.loader.exec_module(made)
    for case in made.CASES.values():
        if case.expect.get("outcome") != "opml":
            yield Case(case.id, case.body(), case.ctype, case.expect)
    for path in sorted((folder / "corpus/feeds/fuzz-found").glob("*.xml")):
        yield Case(path.stem, path.read_bytes(), RSS, {"outcome": "either"})
