"""What may be reached and what not: by table, by spelling, and by name."""

from __future__ import annotations

import ipaddress
import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacatui.fetch import Client, FetchError, Reason, Request, address
from bacatui.text import sanitize
from tests.corpora import OWN, SHARED

TABLES = [OWN / "addresses.json", *SHARED.glob("bench/ssrf_addresses.json")]


@pytest.mark.parametrize(
    "ip", ["1.1.1.1", "9.255.255.255", "11.0.0.0", "172.32.0.0", "192.169.0.0", "2606:4700::1111"]
)
def test_the_open_internet_is_public(ip: str) -> None:
    assert address.is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize(
    "ip",
    ["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "192.168.9.9", "224.0.0.1",
     "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
     "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "5f00::1"],
)  # fmt: skip
def test_special_addresses_are_not_public(ip: str) -> None:
    assert not address.is_public(ipaddress.ip_address(ip))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_private_or_loopback(ip: address.IP) -> None:
    if address.is_public(ip) and getattr(ip, "ipv4_mapped", None) is None:
        assert not (
            ip.is_loopback
            or ip.is_link_local
            or ip.is_multicast
            or ip.is_unspecified
            or ip.is_reserved
        )


@pytest.mark.parametrize("table", [json.loads(file.read_text("utf-8")) for file in TABLES])
async def test_every_address_of_the_table_is_judged_right(table: dict[str, list[str]]) -> None:
    assert [ip for ip in table["public"] if not address.is_public(ipaddress.ip_address(ip))] == []
    assert [ip for ip in table["refuse"] if address.is_public(ipaddress.ip_address(ip))] == []
    async with Client() as client:
        for url in table["refuse_spellings"]:
            with pytest.raises(FetchError) as caught:
                await client.get(Request(url))
            assert caught.value.reason in {Reason.REFUSED, Reason.METADATA, Reason.URL}, url


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "169.254.169.254.", "169.254.43518", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
     "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]",
     "[fd00:ec2::254]", "[fd00:ec2:0:0::0254]", "100.100.100.200", "[::ffff:6464:64c8]", "168.63.129.16"],
)  # fmt: skip
async def test_where_clouds_keep_secrets_is_never_asked_whoever_chose_it(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://{host}/latest/meta-data/"
    for proxy in ("", "http://127.0.0.1:1"):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        async with Client() as client:
            with pytest.raises(FetchError) as caught:
                await client.get(Request(url, trusted=url))
            assert caught.value.reason is Reason.METADATA
            assert not await client.routes.allows(url, url) and not await client.routes.is_inside(
                url
            )


async def test_a_name_of_where_clouds_keep_secrets_is_never_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = socket.getaddrinfo
    url, found = "http://rumah.test/", "fd00:ec2::254"
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **named: real(found, *more, **named)
    )
    for trusted in (url, ""):
        async with Client() as client:
            with pytest.raises(FetchError) as caught:
                await client.get(Request(url, trusted=trusted))
            assert caught.value.reason is Reason.METADATA


@pytest.mark.parametrize(
    "ip", ["169.254.169.253", "93.184.216.34", "fd00:ec2::1", "::1", "2001:4860:4860::8888"]
)
def test_other_addresses_hold_no_secrets_of_clouds(ip: str) -> None:
    assert not address.is_metadata(ipaddress.ip_address(ip))


def test_a_user_name_is_not_taken_for_a_host() -> None:
    for disguise in (
        "127.0.0.1%2f@",
        "127.0.0.1:80\\@",
        "127.0.0.1:80%5C@",
        "bank.example\\@",
        "a%2Fb:c@",
    ):
        assert sanitize.url(f"http://{disguise}example.com/") == ""
    assert sanitize.url("//127.0.0.1%2f@example.com/", "http://example.org/") == ""
    assert sanitize.url("http://me@mail.example:p%2fss@example.com/") == "http://example.com/"
    assert sanitize.url("http://example.com/http://a%2fb@c") == "http://example.com/http://a%2fb@c"
    assert sanitize.url("http:\\\\example.com\\a") == "http://example.com/a"


@pytest.mark.parametrize(
    "host", ["localhost", "a.localhost", "nas.local", "metadata.google.internal", "ip6-localhost"]
)
def test_inside_names_are_known_without_a_resolver(host: str) -> None:
    assert address.is_inside_name(host)
    assert not address.is_inside_name(host + ".example.com")


def test_an_address_may_say_itself_that_it_is_inside() -> None:
    for host in ("localhost", "nas.local", "192.168.1.1", "127.1", "::1", "0x7f000001"):
        assert address.says_inside(host)
    for host in ("example.com", "93.184.216.34", "2606:4700::1111", "nas", ""):
        assert not address.says_inside(host)
