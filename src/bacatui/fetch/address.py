"""Which addresses a request may reach.

What a public feed or page chose must never connect to this machine or its network, and the check is made on
the resolved address that the connection then goes to, so that a name server cannot answer twice. Ranges:
IANA special-purpose registries (RFC 6890 and its updates); `ipaddress.is_global` calls too much global.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED_4: Final = tuple(
    ipaddress.IPv4Network(block)
    for block in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    ]
)
_OPEN_6: Final = ipaddress.IPv6Network("2000::/3")  # all that is assigned for global unicast
_CLOSED_6: Final = tuple(
    ipaddress.IPv6Network(block)
    for block in [
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "3ffe::/16",
    ]  # Teredo, ORCHID, documentation, 6to4
)
_INSIDE_NAMES: Final = ("localhost", "local", "internal", "home.arpa", "lan", "intranet", "corp")


def is_public(ip: IP) -> bool:
    """True where `ip` lies on the open Internet; addresses that embed another one are judged by that."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        return ip in _OPEN_6 and not any(ip in block for block in _CLOSED_6)
    return not any(ip in block for block in _CLOSED_4)


def literal(host: str) -> IP | None:
    """The address that `host` spells, in any spelling that a resolver accepts (127.1, 0x7f000001); None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except (OSError, UnicodeError):
        return None


def is_inside_name(host: str) -> bool:
    """True for a name that by convention stands for this machine or network, whatever a resolver says."""
    host = host.rstrip(".").lower()
    return host.startswith(("ip6-localhost", "ip6-loopback")) or any(
        host == name or host.endswith("." + name) for name in _INSIDE_NAMES
    )


def port_of(url: str) -> int:
    """The port that `url` means, in words or by its scheme."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port (RFC 6454): what credentials belong to."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").rstrip("."), port_of(url)


async def resolve(host: str, port: int) -> Sequence[IP]:
    """All addresses of `host`, in the resolver's order. Raises OSError (socket.gaierror).

    Looked up in a thread of its own: a resolver that hangs holds up neither other lookups nor the program's end.
    """
    spelled = literal(host)
    if spelled is not None:
        return (spelled,)
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[IP]] = loop.create_future()

    def settle(found: list[IP] | OSError) -> None:
        if answer.done():
            return
        if isinstance(found, OSError):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def look_up() -> None:
        found: list[IP] | OSError
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
        except OSError as error:
            found = error
        except (UnicodeError, ValueError) as error:
            found = socket.gaierror(socket.EAI_NONAME, str(error))
        try:
            loop.call_soon_threadsafe(settle, found)
        except RuntimeError:  # the loop has ended meanwhile: nobody waits for the answer
            return

    threading.Thread(target=look_up, name="resolve", daemon=True).start()
    return tuple(dict.fromkeys(await answer))
