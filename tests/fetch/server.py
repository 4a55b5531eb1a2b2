"""A loopback server that answers as a test tells it, byte for byte, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Contoh</title><link>http://a.example/</link>'
    b"<description>d</description><item><title>Satu</title><link>http://a.example/1</link>"
    b"<description>isi</description></item></channel></rss>"
)


@dataclass
class Asked:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    at: float
    connection: int


Answer = bytes | Callable[[Asked, asyncio.StreamWriter], Awaitable[bytes | None]]


def answer(body: bytes = FEED, status: int = 200, **headers: str) -> bytes:
    """A whole answer with its length; header names are written with underscores."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Server:
    """`answers` maps a path to bytes, or to a coroutine that makes them or writes by itself and gives None."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    open_now: int = 0
    most_open: int = 0
    connections: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(
            self._connection, self.host, self.port, ssl=self.tls
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        me = self.connections
        try:
            while await self._one(reader, writer, me):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, me: int
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = {
            k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)
        }
        asked = Asked(method, target, headers, asyncio.get_running_loop().time(), me)
        self.asked.append(asked)
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            made = self.answers.get(target.partition("?")[0], answer(b"", 404))
            data = made if isinstance(made, bytes) else await made(asked, writer)
            if data is None:
                return False
            writer.write(data)
            await writer.drain()
            return b"Connection: close" not in data
        finally:
            self.open_now -= 1
