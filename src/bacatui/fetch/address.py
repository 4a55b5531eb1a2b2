"""Which addresses a request may reach.

What a public feed or page chose must never connect to this machine or its network, and the check is
made on the resolved address that the connection then goes to, so that a name server cannot answer
twice. Ranges: IANA special-purpose registries (RFC 6890 and its updates); `ipaddress.is_global`
calls too much global.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED: Final = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3ffe::/16 3fff::/20
"""  # of IPv6, only 2000::/3 is global unicast; in it Teredo, ORCHID, documentation, 6to4 and 6bone
_BLOCKS: Final = tuple(map(ipaddress.ip_network, _CLOSED.split()))
_INSIDE_NAMES: Final = (
    ".localhost",
    ".local",
    ".internal",
    ".home.arpa",
    ".lan",
    ".intranet",
    ".ip6-localhost",
    ".ip6-loopback",
)


_SECRETS: Final = """
169.254.169.254 fd00:ec2::254 fd20:ce::254 169.254.170.2 169.254.170.23 fd00:ec2::23
100.100.100.200 192.0.0.192 168.63.129.16
"""  # AWS and nearly all others, Google, containers of AWS; Alibaba, Oracle, Azure
_METADATA: Final = frozenset(map(ipaddress.ip_address, _SECRETS.split()))


def is_metadata(ip: IP) -> bool:
    """True where a cloud hands the secrets of its machines to whoever asks from inside.

    Of IPv6, also what carries such an IPv4 address: mapped, translated (NAT64), or 6to4.
    """
    if isinstance(ip, ipaddress.IPv4Address):
        return ip in _METADATA
    carried = (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF), ip.sixtofour)
    return ip in _METADATA or not _METADATA.isdisjoint(carried)


def is_public(ip: IP) -> bool:
    """True where `ip` lies on the open Internet; an IPv4 address mapped into IPv6 is judged as
    itself.
    """
    inner = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return is_public(inner) if inner is not None else not any(ip in block for block in _BLOCKS)


def literal(host: str) -> IP | None:
    """The address that `host` spells, in any way that a resolver accepts (127.1, 0x7f000001); None
    for a name.
    """
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    with suppress(OSError, UnicodeError):
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    return None


def is_inside_name(host: str) -> bool:
    """True for a name that by convention stands for this machine or network, whatever a resolver
    says.
    """
    return f".{host}".endswith(_INSIDE_NAMES)


def says_inside(host: str) -> bool:
    """True where `host` itself says that it lies inside this machine or network; a resolver may
    know more.
    """
    spelled = literal(host)
    return is_inside_name(host) or (spelled is not None and not is_public(spelled))


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port (RFC 6454): what credentials belong to."""
    parts = urlsplit(url)
    return (
        parts.scheme,
        parts.hostname or "",
        parts.port or (443 if parts.scheme == "https" else 80),
    )


async def resolve(host: str, port: int) -> Sequence[IP]:
    """All addresses of `host`, in the resolver's order.

    Raises OSError (socket.gaierror) or UnicodeError.

    Looked up in a thread of its own: a resolver that hangs holds up neither other lookups nor the
    program's end.
    """
    answer: Future[list[Any]] = Future()
    answer.set_running_or_notify_cancel()

    def look_up() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=look_up, name="resolve", daemon=True).start()
    rows = await asyncio.wrap_future(answer)
    return tuple(dict.fromkeys(ipaddress.ip_address(row[4][0].partition("%")[0]) for row in rows))
