"""TLS verifies the name, although the connection is made to the address that was checked."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bacatui.fetch import Client, FetchError, Reason, Request
from bacatui.fetch import client as client_room
from tests.fetch.server import Server, answer

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for the name localhost, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


@pytest.fixture
async def server(certificate: tuple[Path, Path]) -> AsyncIterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    async with Server({"/": answer()}, host="localhost", tls=context) as running:
        yield running


async def reason(client: Client, url: str) -> Reason:
    with pytest.raises(FetchError) as caught:
        await client.get(Request(url, trusted=url))
    assert str(caught.value).isprintable()
    return caught.value.reason


async def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server) -> None:
    async with Client() as client:
        assert await reason(client, server.url + "/") is Reason.TLS
    assert server.asked == []


async def test_the_name_is_verified_and_not_the_address(
    server: Server, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    async with Client() as client:
        for _ in range(2):
            assert (await client.get(Request(server.url + "/", trusted=server.url))).status == 200
        assert server.asked[0].headers["host"] == f"localhost:{server.port}"
        assert await reason(client, f"https://127.0.0.1:{server.port}/") in {
            Reason.TLS,
            Reason.CONNECT,
        }


async def test_from_https_to_http_is_followed_but_never_written_down(
    server: Server, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr("bacatui.fetch.address.is_public", lambda ip: True)
    async with Server({"/": answer()}, host="localhost") as plain, Client() as client:
        server.answers["/"] = answer(
            b"", 301, Location=plain.url.replace("localhost", "127.0.0.1") + "/"
        )
        if plain.url.startswith("http://localhost"):
            monkeypatch.setattr("bacatui.fetch.address.is_inside_name", lambda host: False)
        url = server.url + "/"
        reply = await client.get(Request(url, trusted=url))
        assert (reply.permanent_url, reply.final_url.startswith("http://127")) == (url, True)


async def test_from_http_over_https_back_to_http_only_the_first_step_is_written_down(
    server: Server, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr("bacatui.fetch.address.is_public", lambda ip: True)
    monkeypatch.setattr("bacatui.fetch.address.is_inside_name", lambda host: False)
    async with Server(host="localhost") as plain, Client() as client:
        plain.answers = {"/": answer(b"", 301, Location=server.url + "/"), "/end": answer()}
        server.answers["/"] = answer(b"", 301, Location=plain.url + "/end")
        request = Request(plain.url + "/", auth=("ani", "rahasia"), trusted=plain.url + "/")
        reply = await client.get(request)
    assert (reply.permanent_url, reply.final_url) == (server.url + "/", plain.url + "/end")
    assert "authorization" not in server.asked[0].headers


async def test_tls_spoken_to_a_port_without_it_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_room, "CONNECT", 0.5)
    async with Server() as plain, Client() as client:
        assert await reason(client, f"https://127.0.0.1:{plain.port}/") in {
            Reason.CONNECT,
            Reason.TLS,
        }
