"""Answers as no server should give them: each ends in a body or in one sentence, soon, and the next request works."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bacatui.fetch import Client, FetchError, Reason, Reply, Request, Validators
from bacatui.fetch import client as client_room
from tests.fetch.server import FEED, Asked, Server, answer
from tests.waiting import LONGEST

HEAD = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(FEED)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n%s\r\n" % (len(FEED), FEED)
DEFLATED = gzip.compress(FEED)

READABLE = {
    "early hints first": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HEAD + LENGTH + FEED,
    "continue twice first": b"HTTP/1.1 100 Continue\r\n\r\n" * 2 + HEAD + LENGTH + FEED,
    "trailers after the chunks": HEAD + CHUNKED + CHUNK + b"0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n",
    "chunks with extensions": HEAD + CHUNKED + b'%x;a="b"\r\n%s\r\n0\r\n\r\n' % (len(FEED), FEED),
    "no words for the status": b"HTTP/1.1 200\r\n" + LENGTH + FEED,
    "an unknown header without value": HEAD + b"X-Empty:\r\n" + LENGTH + FEED,
    "plain text called gzip": HEAD + b"Content-Encoding: gzip\r\n" + LENGTH + FEED,
    "the same length twice": HEAD + LENGTH[:-2] + LENGTH + FEED,
    "a protocol to come": b"HTTP/3.7 200 OK\r\n" + LENGTH + FEED,
    "gzip in capitals": HEAD
    + b"Content-Encoding: GZIP\r\nContent-Length: %d\r\n\r\n" % len(DEFLATED)
    + DEFLATED,
}
BROKEN = {
    "two lengths": HEAD + b"Content-Length: 1\r\n" + LENGTH + FEED,
    "a negative length": HEAD + b"Content-Length: -5\r\n\r\n" + FEED,
    "a length of words": HEAD + b"Content-Length: long\r\n\r\n" + FEED,
    "two layers of gzip": HEAD
    + b"Content-Encoding: gzip, gzip\r\nContent-Length: 20\r\n\r\n"
    + b"x" * 20,
    "a chunk without a size": HEAD + CHUNKED + b"\r\n\r\n",
    "a name with a blank": HEAD + b"Bad Name: x\r\n" + LENGTH + FEED,
    "a status of letters": b"HTTP/1.1 OK 200\r\n" + LENGTH + FEED,
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
    "a 304 that nobody asked for": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "a partial answer": b"HTTP/1.1 206 Partial Content\r\n" + LENGTH + FEED,
}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        yield running


async def outcome(server: Server, client: Client) -> Reply | FetchError:
    """What becomes of one request; afterwards the same client must get a sound answer."""
    try:
        async with asyncio.timeout(LONGEST):
            reply: Reply | FetchError = await client.get(
                Request(server.url + "/x", trusted=server.url)
            )
    except FetchError as error:
        reply = error
        assert str(error).isprintable()
    server.answers["/sound"] = answer(FEED)
    assert (await client.get(Request(server.url + "/sound", trusted=server.url))).body == FEED
    return reply


def closing(*parts: bytes, pause: float = 0.0):  # type: ignore[no-untyped-def]
    """An answer in parts, after which the server closes its end."""

    async def write(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        writer.close()

    return write


@pytest.mark.parametrize("name", READABLE)
async def test_an_odd_answer_is_read(server: Server, name: str) -> None:
    server.answers["/x"] = closing(READABLE[name])
    async with Client() as client:
        reply = await outcome(server, client)
    assert isinstance(reply, Reply), reply
    assert reply.body == FEED


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_answer_is_one_sentence(server: Server, name: str) -> None:
    server.answers["/x"] = closing(BROKEN[name])
    async with Client() as client:
        assert isinstance(await outcome(server, client), FetchError)


async def test_a_body_without_a_length_ends_with_the_connection(server: Server) -> None:
    server.answers["/x"] = closing(
        HEAD + b"Connection: close\r\n\r\n", FEED[:40], FEED[40:], pause=0.02
    )
    async with Client() as client:
        reply = await outcome(server, client)
    assert isinstance(reply, Reply) and reply.body == FEED


async def test_a_body_or_a_chunk_that_stops_short_is_no_answer(server: Server) -> None:
    for parts in (
        (HEAD + LENGTH, FEED[:-9]),
        (HEAD + CHUNKED, CHUNK[:-9]),
        (HEAD + CHUNKED, CHUNK),
        (HEAD[:9],),
    ):
        server.answers["/x"] = closing(*parts)
        async with Client() as client:
            error = await outcome(server, client)
        assert isinstance(error, FetchError) and error.reason is Reason.BROKEN, parts


async def test_headers_without_end_are_cut_off(server: Server) -> None:
    async def write(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        for number in range(200_000):
            writer.write(b"X-%d: %s\r\n" % (number, b"x" * 200))
            await writer.drain()

    server.answers["/x"] = write
    async with Client() as client:
        assert isinstance(await outcome(server, client), FetchError)


async def test_hints_without_end_and_headers_in_drops_end_at_the_deadline(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hints(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    async def drops(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        for number in range(1_000):
            writer.write(HEAD[number : number + 1] or b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    monkeypatch.setattr(client_room, "DEADLINE", 0.5)
    for write in (hints, drops):
        server.answers["/x"] = write
        async with Client() as client:
            error = await outcome(server, client)
        assert isinstance(error, FetchError) and error.reason is Reason.TIMEOUT


async def test_a_bomb_in_small_chunks_stops_at_the_limit(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(bytes(40 << 20))
    chunks = [
        b"%x\r\n%s\r\n" % (len(part), part)
        for at in range(0, len(packed), 500)
        if (part := packed[at : at + 500])
    ]
    server.answers["/x"] = closing(
        HEAD + b"Content-Encoding: gzip\r\n" + CHUNKED, *chunks, b"0\r\n\r\n"
    )
    async with Client() as client:
        error = await outcome(server, client)
    assert isinstance(error, FetchError) and error.reason is Reason.TOO_BIG


async def test_a_redirect_to_tls_on_a_plain_port_is_told(server: Server) -> None:
    server.answers["/x"] = answer(b"", 302, Location=server.url.replace("http:", "https:") + "/y")
    async with Client() as client:
        assert isinstance(await outcome(server, client), FetchError)


async def test_a_304_keeps_what_was_asked_with_where_it_brings_nothing(server: Server) -> None:
    server.answers["/x"] = closing(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    async with Client() as client:
        asked = Validators('W/"a"', "Mon, 01 Jul 2024 08:00:00 GMT")
        reply = await client.get(Request(server.url + "/x", validators=asked, trusted=server.url))
    assert (reply.status, reply.validators) == (304, asked)


def answering(name: str, *addresses: str) -> Callable[..., list[Any]]:
    """What a resolver says when it knows one name, with these addresses in this order."""
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        if host != name:
            return real(host, port, *args, **more)
        return [row for address in addresses for row in real(address, port, *args, **more)]

    return look_up


@pytest.mark.parametrize("first", ["127.0.0.9", "::1"])
async def test_of_several_addresses_one_that_refuses_is_passed_over(
    server: Server, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("two.example", first, "127.0.0.1"))
    server.answers["/"] = HEAD + LENGTH + FEED
    url = f"http://two.example:{server.port}/"
    async with Client() as client:
        for _ in range(2):
            assert (await client.get(Request(url, trusted=url))).body == FEED
    assert server.asked[0].headers["host"] == f"two.example:{server.port}"


async def test_one_inside_address_among_public_ones_is_enough_to_refuse(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        socket, "getaddrinfo", answering("mixed.example", "93.184.216.34", "127.0.0.1")
    )
    async with Client() as client:
        with pytest.raises(FetchError) as caught:
            await client.get(
                Request(f"http://mixed.example:{server.port}/", trusted="http://other.example/")
            )
    assert caught.value.reason is Reason.INSIDE and server.asked == []


async def test_an_address_of_the_sixth_version_is_spoken_to() -> None:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
    async with Server({"/": HEAD + LENGTH + FEED}, host="::1") as server, Client() as client:
        url = f"http://[::1]:{server.port}/"
        reply = await client.get(Request(url, trusted=url))
        assert (reply.body, server.asked[0].headers["host"]) == (FEED, f"[::1]:{server.port}")
