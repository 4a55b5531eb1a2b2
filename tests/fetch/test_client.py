"""One exchange against a real loopback server: manners, limits, and failures that stay values."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import socket
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from bacatui.fetch import Client, FetchError, Reason, Reply, Request, Resource, Validators, address
from bacatui.fetch import client as client_room
from tests.cost import ends_within
from tests.fetch.server import FEED, Asked, Server, answer
from tests.waiting import eventually

zipped = partial(gzip.compress, mtime=0)  # the same bytes at any time: they name a test


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as running:
        yield running


def ask(server: Server, path: str = "/", **fields: object) -> Request:
    return Request(server.url + path, trusted=server.url, **fields)  # type: ignore[arg-type]


async def fails(client: Client, request: Request) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await asyncio.wait_for(client.get(request), 20)
    assert str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value


async def test_a_feed_comes_with_its_validators_and_a_304_renews_them(
    server: Server, client: Client
) -> None:
    server.answers["/"] = answer(
        FEED, ETag='W/"a b"', Last_Modified="1 Juli 2024 jam 8", Cache_Control="max-age=7200"
    )
    reply = await client.get(ask(server))
    assert (reply.status, reply.body, reply.max_age) == (200, FEED, 7200)
    assert reply.validators == Validators('W/"a b"', "1 Juli 2024 jam 8")
    assert reply.permanent_url == reply.final_url == server.url + "/"
    server.answers["/"] = answer(b"", 304, ETag='"new"')
    reply = await client.get(ask(server, validators=reply.validators))
    assert (reply.status, reply.body) == (304, b"")
    assert reply.validators == Validators('"new"', "1 Juli 2024 jam 8")
    sent = server.asked[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a b"', "1 Juli 2024 jam 8")


async def test_requests_say_who_asks_and_carry_nothing_else(server: Server, client: Client) -> None:
    server.answers["/"] = answer(FEED, Set_Cookie="id=1; Path=/")
    for _ in range(2):
        await client.get(ask(server))
    assert {frozenset(asked.headers) for asked in server.asked} == {
        frozenset({"host", "user-agent", "accept", "accept-encoding"})
    }
    assert server.asked[0].headers["user-agent"].startswith("bacatui/")
    assert "(+http" in server.asked[0].headers["user-agent"]
    assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"
    assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, Reason.STATUS), (410, Reason.STATUS), (204, Reason.STATUS), (304, Reason.STATUS)],
)
async def test_a_status_that_gives_nothing_is_an_error(
    server: Server, client: Client, status: int, reason: Reason
) -> None:
    server.answers["/"] = answer(b"", status)
    error = await fails(client, ask(server))
    assert (error.reason, error.status) == (reason, status)


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [("3600", 3600, 3600), ("-5", 900, 900), ("0", 900, 900), ("nanti", 900, 900), ("9" * 40, 604_800, 604_800),
     ("", 900, 900), ("\u0663600", 900, 900)],
)  # fmt: skip
async def test_retry_after_is_read_capped_and_obeyed(
    server: Server, client: Client, value: str, least: int, most: int
) -> None:
    server.answers["/"] = answer(
        b"", 429, **({"Retry_After": value} if value.isascii() and value else {})
    )
    error = await fails(client, ask(server))
    assert least <= (error.retry_after or 0) <= most
    again = await fails(client, ask(server))
    assert again.reason is Reason.WAITING
    assert len(server.asked) == 1
    server.answers["/other"] = answer()
    await client.get(ask(server, "/other"))  # a loopback host is many: only the URL waits
    async with Client(waits=client.waits) as later:
        assert (await fails(later, ask(server))).reason is Reason.WAITING


async def test_a_wait_that_only_a_clock_set_back_can_explain_is_ignored(server: Server) -> None:
    server.answers["/"] = answer()
    waits = {server.url + "/": datetime.now(UTC) + timedelta(days=400)}
    async with Client(waits=waits) as client:
        assert (await client.get(ask(server))).status == 200


async def test_retry_after_as_a_date_counts_from_the_servers_own_clock(
    server: Server, client: Client
) -> None:
    server.answers["/"] = answer(
        b"", 503, Date="Mon, 01 Jul 2024 08:00:00 GMT", Retry_After="Mon, 01 Jul 2024 09:00:00 GMT"
    )
    assert (await fails(client, ask(server))).retry_after == 3600


async def test_only_a_chain_of_permanent_hops_moves_the_address(
    server: Server, client: Client
) -> None:
    server.answers |= {
        "/a": answer(b"", 301, Location="/b"),
        "/b": answer(b"", 308, Location="c"),
        "/c": answer(b"", 302, Location="/d#part"),
        "/d": answer(),
        "/t": answer(b"", 302, Location="/b"),
    }
    reply = await client.get(ask(server, "/a"))
    assert (reply.permanent_url, reply.final_url) == (server.url + "/c", server.url + "/d")
    reply = await client.get(ask(server, "/t"))
    assert reply.permanent_url == server.url + "/t"


@pytest.mark.parametrize(
    "target",
    ["", "file:///etc/passwd", "ftp://127.0.0.1:1/x", "data:,x", "javascript:alert(1)", "http+unix://%2Fx/y", "//",
     "/" + "a" * 20_000, "/x\x1b[31m", "http://[", "http://127.0.0.1%2f@example.com/", "/start", "http://a:b:c/"],
)  # fmt: skip
async def test_a_redirect_to_nowhere_is_refused(
    server: Server, client: Client, target: str
) -> None:
    server.answers["/start"] = answer(b"", 301, Location=target)
    error = await fails(client, ask(server, "/start"))
    assert error.reason in {Reason.REDIRECT, Reason.BROKEN}


async def test_ten_hops_are_followed_and_not_eleven(server: Server, client: Client) -> None:
    server.answers |= {f"/{n}": answer(b"", 302, Location=f"/{n - 1}") for n in range(1, 12)}
    server.answers["/0"] = answer()
    assert (await client.get(ask(server, "/10"))).status == 200
    server.asked.clear()
    assert (await fails(client, ask(server, "/11"))).reason is Reason.REDIRECT
    assert len(server.asked) == 11


async def test_a_feed_cannot_lead_to_an_address_inside(server: Server, client: Client) -> None:
    async with Server() as inside:
        inside.answers["/"] = answer()
        hosts = [
            "127.0.0.1",
            "localhost",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "0177.0.0.1",
            "127.1",
            "localhost.",
            "0",
        ]
        for host in hosts:
            server.answers["/"] = answer(b"", 302, Location=f"http://{host}:{inside.port}/")
            assert (await fails(client, ask(server))).reason is Reason.REFUSED, host
        assert (await fails(client, Request(inside.url + "/"))).reason is Reason.REFUSED
        assert inside.asked == []


async def test_a_public_address_leads_nowhere_inside_even_where_it_was_trusted(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = address.is_public
    there = ipaddress.ip_address("127.0.0.2")
    monkeypatch.setattr(address, "is_public", lambda ip: ip == there or real(ip))
    server.answers["/"] = answer()
    async with Server(host="127.0.0.2") as outside, Client() as client:
        outside.answers["/"] = answer(b"", 302, Location=server.url + "/")
        error = await fails(client, Request(outside.url + "/", trusted=server.url))
        assert (error.reason, server.asked) == (Reason.REFUSED, [])
        assert (await client.get(ask(server))).is_inside
        outside.answers["/"] = answer()
        assert not (await client.get(Request(outside.url + "/", trusted=outside.url))).is_inside


async def test_names_of_one_loopback_address_on_one_port_are_one_origin(
    server: Server, client: Client
) -> None:
    server.answers["/"] = answer()
    here = f"http://localhost:{server.port}/"
    assert (await client.get(Request(here, trusted=server.url))).status == 200
    assert (await client.get(Request(server.url + "/", trusted=here))).status == 200
    assert server.asked[0].headers["host"] == f"localhost:{server.port}"


async def test_passwords_and_own_headers_stay_with_their_origin(
    server: Server, client: Client
) -> None:
    server.answers |= {"/": answer(b"", 302, Location="/here"), "/here": answer()}
    secret = ask(
        server,
        auth=("user", "pass"),
        headers={"X-Key": "k", "Bad\r\nName": "x", "X-Evil": "a\r\nB: c"},
    )
    await client.get(secret)
    assert all(asked.headers["authorization"] == "Basic dXNlcjpwYXNz" for asked in server.asked)
    assert all(asked.headers["x-key"] == "k" and "b" not in asked.headers for asked in server.asked)
    server.asked.clear()
    server.answers["/"] = answer(b"", 302, Location=f"http://localhost:{server.port}/here")
    await client.get(secret)
    assert server.asked[0].headers["authorization"]
    assert not {"authorization", "x-key"} & set(server.asked[1].headers)


def packed(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "sent"),
    [("gzip", zipped(FEED)), ("GZIP", zipped(FEED)), ("x-gzip", zipped(FEED)), ("gzip", FEED),
     ("gzip", zipped(FEED[:99]) + zipped(FEED[99:])), ("gzip", zipped(FEED) + b"junk" * 99),
     ("deflate", packed(FEED, 15)), ("deflate", packed(FEED, -15)), ("identity", FEED)],
)  # fmt: skip
async def test_what_we_offered_is_unpacked(
    server: Server, client: Client, coding: str, sent: bytes
) -> None:
    async def in_bytes(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nConnection: close\r\n\r\n".encode()
        )
        for at in range(0, len(sent), 7):
            writer.write(sent[at : at + 7])
            await writer.drain()
            await asyncio.sleep(0)

    for made in (answer(sent, Content_Encoding=coding), in_bytes):
        server.answers["/"] = made
        assert (await client.get(ask(server))).body == FEED


@pytest.mark.parametrize(
    ("coding", "sent"),
    [("br", b"\xff" * 400), ("zstd", b"x"), ("gzip, gzip", zipped(zipped(FEED))), ("x-rahasia", FEED),
     ("gzip", zipped(FEED)[:-9]), ("gzip", zipped(FEED)[:-8] + bytes(8)),
     ("deflate", packed(FEED, 15)[:-6])],
)  # fmt: skip
async def test_what_is_packed_otherwise_or_damaged_is_an_error(
    server: Server, client: Client, coding: str, sent: bytes
) -> None:
    server.answers["/"] = answer(sent, Content_Encoding=coding)
    assert (await fails(client, ask(server))).reason is Reason.ENCODING


async def test_a_body_beyond_the_limit_stops_at_once(server: Server, client: Client) -> None:
    bomb = packed(bytes(1 << 27), 31)
    for made in (
        answer(bomb, Content_Encoding="gzip"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
    ):
        server.answers["/"] = made
        with ends_within(5):
            assert (await fails(client, ask(server))).reason is Reason.TOO_BIG

    async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
            await writer.drain()

    server.answers["/"] = endless
    assert (await fails(client, ask(server))).reason is Reason.TOO_BIG


@pytest.mark.parametrize(
    "sent",
    [b"", b"<rss/>", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\nshort",
     b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nConnection: close\r\n\r\nx",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\n",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n",
     b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\nConnection: close\r\n\r\n", b"\x00\x00\x12\x04" + bytes(23)],
)  # fmt: skip
async def test_broken_http_is_an_error(server: Server, client: Client, sent: bytes) -> None:
    async def write(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()

    server.answers["/"] = write
    assert (await fails(client, ask(server))).reason is Reason.BROKEN
    assert len(server.asked) <= 2


async def test_a_connection_that_was_closed_meanwhile_is_opened_again(
    server: Server, client: Client
) -> None:
    async def last(asked: Asked, writer: asyncio.StreamWriter) -> bytes | None:
        if asked.connection == 1 and len(server.asked) == 2:
            return None  # closes without a word
        return answer()

    server.answers["/"] = last
    assert (await client.get(ask(server))).status == (await client.get(ask(server))).status == 200
    assert len(server.asked) == 3


async def test_a_drip_ends_at_the_deadline_and_others_go_on(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_room, "DEADLINE", 1.0)

    async def drip(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.1)

    server.answers |= {"/drip": drip, "/": answer()}
    slow = asyncio.create_task(fails(client, ask(server, "/drip")))
    await eventually(lambda: server.asked)
    await client.get(ask(server))
    assert not slow.done()
    assert (await slow).reason is Reason.TIMEOUT


async def test_a_host_meets_two_requests_at_a_time(server: Server, client: Client) -> None:
    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> bytes:
        await asyncio.sleep(0.02)
        return answer()

    server.answers["/"] = slow
    await asyncio.gather(*(client.get(ask(server, f"/?{n}")) for n in range(20)))
    assert server.most_open == 2
    assert server.connections == 2


async def test_starts_on_one_host_are_a_second_apart_but_not_on_loopback(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only proxied test: what goes through a proxy counts as a host of its own."""
    monkeypatch.setattr(client_room, "HOST_PAUSE", 0.2)
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "")
    server.answers["http://feed.example/x"] = answer()
    async with Client() as client:
        await client.get(
            Request("http://feed.example/x")
        )  # the first start also makes the TLS context
        server.asked.clear()
        await asyncio.gather(*(client.get(Request("http://feed.example/x")) for _ in range(3)))
        starts = [asked.at for asked in server.asked]
        assert all(later - sooner > 0.15 for sooner, later in pairwise(starts))
        assert server.asked[0].target == "http://feed.example/x"
        assert (await fails(client, Request("http://127.0.0.1:1/"))).reason is Reason.REFUSED
        assert (await fails(client, Request("http://localhost/"))).reason is Reason.REFUSED


async def test_no_name_and_no_listener_are_told_apart(client: Client) -> None:
    assert (await fails(client, Request("http://nowhere.invalid/"))).reason in {
        Reason.HOST,
        Reason.NETWORK,
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        error = await fails(client, Request(url, trusted=url))
    assert (error.reason, error.reached) == (Reason.CONNECT, False)
    for nonsense in ("", "mailto:a@b", "http://", "http://[::1", "http://a b/", "gopher://x/"):
        assert (await fails(client, Request(nonsense))).reason is Reason.URL


async def test_a_picture_or_page_of_another_type_is_not_downloaded(
    server: Server, client: Client
) -> None:
    server.answers |= {
        "/page": answer(b"x", Content_Type="text/html"),
        "/film": answer(b"x", Content_Type="video/mp4"),
    }
    assert (await fails(client, ask(server, "/page", kind=Resource.PICTURE))).reason is Reason.TYPE
    assert (await fails(client, ask(server, "/film", kind=Resource.PAGE))).reason is Reason.TYPE


async def test_cancelling_leaves_a_client_that_works(server: Server, client: Client) -> None:
    async def never(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server.answers |= {"/never": never, "/": answer()}
    tasks = [asyncio.create_task(client.get(ask(server, "/never"))) for _ in range(4)]
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    replies = [await client.get(ask(server)) for _ in range(4)]
    assert all(isinstance(reply, Reply) for reply in replies)
