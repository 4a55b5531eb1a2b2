"""The demo site: papers of our own, their feeds and pages, on a loopback port of their own.

A paper is `site/KEY.toml`: its own fields, and one `[[article]]` for each article with `slug`,
`title`, `author`, `age` (minutes before the site was started) and `body` (HTML, in which
`<!--page-->` parts its pages and nothing after `<!--end-->` is of the article any more), and where
it has them:

- `lead`, `summary`, `language`, `cover` (a file of `site/media`), `updated` (minutes, as `age`);
- `extra`: XML of its own in the feed; `full`: the feed carries the whole text;
- `status`: what its page answers;
- `front`: the first article that users of its language see;
- `only`: the one language whose users get it.

What all articles of a paper share may stand among the paper's own fields. All of these are names
for the templates beside it; `page` names the template of the pages, where it is not `KEY.html`.
"""

import threading
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from string import Template
from typing import Any

from bacatui import clock
from bacatui.paths import HERE

FOLDER = HERE / "demo" / "site"
PAPERS = (
    "lentera",
    "courier",
    "meridian",
    "teluk",
    "papan",
    "kilas",
    "briefs",
    "sound",
    "toolshed",
    "kebun",
    "kamus",
    "baris",
)
WIB = timezone(timedelta(hours=7))
TEASERS = 8  # on a page, the newest of its paper
FRONT = 2  # minutes: the age of the first article
LATER = 600  # minutes by which articles in another language than the user's are older
_HTML = "text/html; charset=utf-8"
_USUAL = {"lead": "", "cover": "", "extra": "", "summary": "", "full": False, "status": 200}
_SHARED = ("language", "author", "section", "page", "full")
_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}


@cache
def paper(key: str) -> dict[str, Any]:
    """A paper as its file has it; its articles newest first, each with what all of them share."""
    fields = tomllib.loads((FOLDER / f"{key}.toml").read_text("utf-8"))
    shared = {"page": f"{key}.html"} | {name: fields[name] for name in _SHARED if name in fields}
    articles = sorted((_USUAL | shared | one for one in fields["article"]), key=_by_age)
    return {"full_text": "auto"} | fields | {"key": key, "article": articles}


def _by_age(article: dict[str, Any]) -> int:
    return int(article["age"])


class Site(ThreadingHTTPServer):
    """The site while it answers, for users of one language; close it, or use it with `with`."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.started = clock.now().replace(microsecond=0)
        self.asked: list[
            tuple[str, int]
        ] = []  # path and status of every answer, for those who test with it
        self.port = 0
        self._plug()
        self.url = f"http://127.0.0.1:{self.port}"
        self.feeds = {paper(key)["title"]: f"{self.url}/{key}/feed.xml" for key in PAPERS}
        self.answers = dict(self._answers())  # path: status, content type, body

    def _plug(self) -> None:
        super().__init__(("127.0.0.1", self.port), _Exchange)
        self.port, self.is_plugged = self.server_address[1], True
        threading.Thread(
            target=self.serve_forever, args=(0.05,), name="demo-site", daemon=True
        ).start()

    def close(self) -> None:
        """Stop answering; may be called twice."""
        if self.is_plugged:
            self.is_plugged = False
            self.shutdown()
            self.server_close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def toggle(self) -> bool:
        """Pull the plug, or put it back; True where the site answers afterwards."""
        self.close() if self.is_plugged else self._plug()
        return self.is_plugged

    def articles(self, key: str) -> list[dict[str, Any]]:
        """The articles of a paper, newest first, as users of this language get them."""
        own = self.language
        there = [one for one in paper(key)["article"] if one.get("only", own) == own]
        return sorted((one | {"age": self._age(one)} for one in there), key=_by_age)

    def _age(self, article: dict[str, Any]) -> int:
        if article["language"] != self.language:
            return int(article["age"]) + LATER
        return FRONT if "front" in article else int(article["age"])

    def _answers(self) -> Iterator[tuple[str, tuple[int, str, bytes]]]:
        for file in (FOLDER / "media").iterdir():
            yield f"/media/{file.name}", (200, guess_type(file.name)[0] or "", file.read_bytes())
        front = ""
        for key in PAPERS:
            articles = [self._values(paper(key), article) for article in self.articles(key)]
            latest = "".join(_render("teaser.html", article) for article in articles[:TEASERS])
            for article in articles:
                for number, part in enumerate(article["body"].split("<!--page-->"), 1):
                    page = _render(article["page"], article | {"part": part, "latest": latest})
                    path = f"/{key}/{article['slug']}" + (f"?page={number}" if number > 1 else "")
                    yield path, (int(article["status"]), _HTML, page.encode())
            kind, entries = (
                articles[0]["feed"],
                "".join(_render(f"{a['feed']}-entry.xml", a) for a in articles),
            )
            feed = _render(f"{kind}.xml", articles[0] | {"entries": entries})
            yield f"/{key}/feed.xml", (200, f"application/{kind}+xml; charset=utf-8", feed.encode())
            front += latest
        feeds = "".join(_render("feed-link.html", paper(key)) for key in PAPERS)
        yield "/", (200, _HTML, _render("front.html", {"feeds": feeds, "latest": front}).encode())

    def _values(self, paper: dict[str, Any], article: dict[str, Any]) -> dict[str, str]:
        """What the templates may name, ready for HTML and XML."""
        local = self._minutes_ago(article["age"])
        changed = self._minutes_ago(article.get("updated", article["age"]))
        month = _MONTHS[article["language"]].split()[local.month - 1]
        body, extra = (article[name].replace('="/', f'="{self.url}/') for name in ("body", "extra"))
        cover = (
            f'<meta property="og:image" content="{self.url}/media/{article["cover"]}">'
            if article["cover"]
            else ""
        )
        facts = paper | article | {"article": ""}
        return {name: escape(str(value)) for name, value in facts.items()} | {
            "paper": escape(paper["title"]),
            "site": self.url,
            "link": f"{self.url}/{paper['key']}/{article['slug']}",
            "body": body,
            "extra": extra,
            "cover": cover,
            "content": escape(body) if article["full"] else "",
            "iso": local.isoformat(),
            "rfc822": format_datetime(local),
            "updated": changed.isoformat(),
            "day": f"{local.day} {month} {local.year}",
            "hour": f"{local:%H.%M}",
        }

    def _minutes_ago(self, minutes: int) -> datetime:
        return (self.started - timedelta(minutes=minutes)).astimezone(WIB)


class _Exchange(BaseHTTPRequestHandler):
    """One request and its answer; the connection closes after it, so that a pulled plug is felt at
    once.
    """

    server: Site

    def do_GET(self) -> None:
        missing = (
            404,
            _HTML,
            b"<!doctype html><title>404</title><p>Halaman tidak ditemukan. Page not found.",
        )
        status, kind, body = self.server.answers.get(self.path, missing)
        etag, changed = (
            f'"{sha256(body).hexdigest()[:16]}"',
            format_datetime(self.server.started, usegmt=True),
        )
        known = self.headers.get("If-None-Match")
        if status == 200 and (
            etag == known or (not known and changed == self.headers.get("If-Modified-Since"))
        ):
            status, body = 304, b""
        self.server.asked.append((self.path, status))
        self.send_response(status)
        headers = {
            "ETag": etag,
            "Last-Modified": changed,
            "Content-Type": kind,
            "Content-Length": str(len(body)),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal belongs to the user."""


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text("utf-8"))


def _render(template: str, values: dict[str, str]) -> str:
    return _template(template).substitute(values)
