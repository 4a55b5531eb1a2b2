"""Any number of RSS feeds on loopback, for timing a sync: `python -m benchmarks.feed_server ENTRIES`.

Prints its port. Answers on 127.0.0.1 … 127.0.0.50, with validators and 304 where they match:
`/plain/N.xml`, whose entries are bare paragraphs, and `/rich/N.xml`, whose entries are marked up as
real ones are (links, emphasis, a heading, a list, a quote, code, a picture). `/stats` counts requests,
of them 304, and bytes; `/revise` makes every feed new. Ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from benchmarks.vocabulary import Language, languages

HOSTS = [f"127.0.0.{n}" for n in range(1, 51)]


def url(port: int, number: int, kind: str = "plain") -> str:
    """Where feed `number` stands; `kind` is `plain` or `rich`."""
    return f"http://{HOSTS[number % len(HOSTS)]}:{port}/{kind}/{number}.xml"


def plain_body(sentences: Sequence[str]) -> str:
    """The sentences, each a paragraph of its own."""
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


def rich_body(sentences: Sequence[str], chance: random.Random) -> str:
    """The sentences in the markup that blogs and papers use: one structure each, then paragraphs with links."""
    told = [escape(sentence) for sentence in sentences]
    linked = f'<a href="https://example.com/{chance.randrange(1_000)}?a=1&amp;b=2">{told[1]}</a>'
    items = "".join(f"<li>{sentence}</li>" for sentence in told[2:6])
    parts = [
        f"<p>{told[0]} {linked}</p>",
        f"<h2>{told[2][:40]}</h2><ul>{items}</ul>",
        f"<blockquote><p>{told[6]} {told[7]}</p></blockquote>",
        f'<pre><code class="language-python">def f(x):\n    return x &lt; {chance.randrange(99)}\n</code></pre>',
        '<figure><img src="https://example.com/chart.png" alt="Chart" width="640" height="360">'
        f"<figcaption>{told[8]}</figcaption></figure>",
    ]
    for at in range(9, len(told) - 1, 2):
        parts.append(f"<p>{told[at]} <em>{told[at + 1]}</em> <strong>{told[at][:20]}</strong></p>")
    return "".join(parts)


class FeedServer:
    """The feeds, made when they are first asked for, and what was asked."""

    def __init__(self, entries: int) -> None:
        self.entries, self.revision = entries, 1
        self.spoken: dict[str, Language] = languages()
        self.stats = {"requests": 0, "unchanged": 0, "bytes": 0}
        self.made: dict[tuple[str, int], bytes] = {}

    def feed(self, kind: str, number: int) -> bytes:
        """One RSS 2.0 document with whole articles of 200 to 500 words."""
        chance, language = (
            random.Random(f"{number}-{self.revision}"),
            self.spoken["en" if number % 3 else "id"],
        )
        items = []
        for at in range(self.entries):
            picked = [
                chance.randrange(len(language.sentences)) for _ in range(chance.randint(14, 34))
            ]
            sentences = [language.sentences[n] for n in picked]
            body = rich_body(sentences, chance) if kind == "rich" else plain_body(sentences)
            moment = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(minutes=17 * at + number % 13)
            items.append(
                f"<item><title>{escape(chance.choice(language.titles))} {number}.{at}</title>"
                f"<link>http://127.0.0.1:9/{number}/{at}</link>"
                f"<guid isPermaLink='false'>{number}-{at}-{self.revision}</guid>"
                f"<pubDate>{format_datetime(moment)}</pubDate><description>{escape(body)}</description></item>"
            )
        head = f"<title>Paper {number}</title><link>http://127.0.0.1:9/{number}</link><description>News</description>"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The requests of one connection, which stays open between them."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                status, body = self.reply(path, head)
                etag = f'ETag: "{path}-{self.revision}"\r\nLast-Modified: Fri, 20 Nov 2026 00:00:00 GMT\r\n'
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\n{etag}"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
        writer.close()

    def reply(self, path: str, head: str) -> tuple[str, bytes]:
        """Status and body for one request."""
        if path == "/stats":
            return "200 OK", json.dumps(self.stats).encode()
        if path == "/revise":
            self.revision += 1
            self.made = {
                each: self.feed(*each) for each in self.made
            }  # now, not while keys are timed
            return "200 OK", b""
        kind, _, name = path[1:].partition("/")
        if kind not in {"plain", "rich"}:
            return "404 Not Found", b""
        self.stats["requests"] += 1
        if f'"{path}-{self.revision}"' in head:
            self.stats["unchanged"] += 1
            return "304 Not Modified", b""
        wanted = kind, int(name.partition(".")[0])
        body = self.made[wanted] = self.made.get(wanted) or self.feed(*wanted)
        self.stats["bytes"] += len(body)
        return "200 OK", body


async def serve(entries: int) -> None:
    """Answer until standard input ends."""
    site = FeedServer(entries)
    first = await asyncio.start_server(site.answer, HOSTS[0], 0)
    port = first.sockets[0].getsockname()[1]
    for host in HOSTS[1:]:
        await asyncio.start_server(site.answer, host, port)
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
