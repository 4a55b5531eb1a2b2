"""Any number of RSS feeds on loopback, for timing a sync: `python -m benchmarks.feed_server ENTRIES`.

Prints its port. Answers `/feed/N.xml` on 127.0.0.1 … 127.0.0.50, with validators, 304 where they match, and
`/stats` (requests, of them 304, bytes). Ends with its standard input. `/revise` makes every feed new.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from benchmarks.vocabulary import Language, languages

HOSTS = [f"127.0.0.{n}" for n in range(1, 51)]


def url(port: int, number: int) -> str:
    """Where feed `number` stands."""
    return f"http://{HOSTS[number % len(HOSTS)]}:{port}/feed/{number}.xml"


class FeedServer:
    """The feeds, made when they are first asked for, and what was asked."""

    def __init__(self, entries: int) -> None:
        self.entries, self.revision = entries, 1
        self.spoken: dict[str, Language] = languages()
        self.stats = {"requests": 0, "unchanged": 0, "bytes": 0}
        self.made: dict[int, bytes] = {}

    def feed(self, number: int) -> bytes:
        """One RSS 2.0 document with whole articles of 200 to 500 words."""
        chance, language = random.Random(f"{number}-{self.revision}"), self.spoken["en" if number % 3 else "id"]
        items = []
        for at in range(self.entries):
            picked = [chance.randrange(len(language.sentences)) for _ in range(chance.randint(14, 34))]
            body = "".join(f"<p>{escape(language.sentences[n])}</p>" for n in picked)
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
            self.made = {number: self.feed(number) for number in self.made}  # now, not while keys are timed
            return "200 OK", b""
        if not path.startswith("/feed/"):
            return "404 Not Found", b""
        self.stats["requests"] += 1
        if f'"{path}-{self.revision}"' in head:
            self.stats["unchanged"] += 1
            return "304 Not Modified", b""
        number = int(path[6:].partition(".")[0])
        body = self.made[number] = self.made.get(number) or self.feed(number)
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
