"""Where a URL leads, and whether it may be asked: what a name leads to is what is then connected
to.
"""

import asyncio
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.request import getproxies, proxy_bypass

from bacatui.fetch import address
from bacatui.fetch.exchange import LEFT_ALONE, FetchError, Reason
from bacatui.text import sanitize

CONNECT: Final = 10.0  # seconds for a name, and for a connection
NAMES_LAST: Final = 60.0  # seconds that a resolved name is used again
MISSES: Final = (
    8  # names in a row that no resolver could be asked for: then there is no network for a while
)
LOOK_AGAIN: Final = 5.0  # seconds
_UNKNOWN: Final = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
Origin = tuple[str, str, int]  # scheme, host, port
NOBODY: Final[Origin] = ("", "", 0)  # shares its origin with no address


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of an exchange: where it goes, and what may go along."""

    url: str
    origin: Origin
    ips: Sequence[address.IP]  # the addresses to connect to; empty where a proxy resolves
    proxy: str
    is_public: bool
    is_loopback: bool

    @property
    def host(self) -> str:
        """The host of the address."""
        return self.origin[1]

    @property
    def waits_on(self) -> str:
        """What a wait is kept under: the host, or the URL alone where it is not public."""
        return self.host if self.is_public else self.url


class Routes:
    """Ways to hosts, with the names that were looked up lately, and the proxies that the
    environment names.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, int], tuple[float, Sequence[address.IP]]] = {}
        self._misses, self._look_again = 0, 0.0
        self._proxies = getproxies()

    async def allows(self, url: str, trusted: str) -> bool:
        """Whether `url` may be asked on behalf of `trusted` (see Request)."""
        try:
            await self.find(sanitize.url(url), chosen_origin(trusted))
        except FetchError as error:
            return error.reason not in LEFT_ALONE
        return True

    async def is_inside(self, url: str) -> bool:
        """Whether `url` leads inside this machine or network now; False also where that cannot be
        told.
        """
        try:
            return not (await self.find(sanitize.url(url), chosen_origin(url))).is_public
        except FetchError:
            return False

    async def find(self, url: str, chosen: Origin) -> Hop:
        """Where `url` leads; inside, only `chosen` may be asked. Raises FetchError.

        REFUSED where the address itself says that it lies inside, INSIDE where only its resolver
        says so.
        """
        if not url:
            raise FetchError(Reason.URL)
        origin = scheme, host, port = address.origin(url)
        is_inside = address.is_inside_name(host)
        if is_inside and (scheme, port) != (chosen[0], chosen[2]):
            raise FetchError(Reason.REFUSED, host)
        proxy, spelled = self._proxy(scheme, host, port), address.literal(host)
        ips: Sequence[address.IP] = (
            (spelled,) if spelled else () if proxy else await self._resolve(host, port)
        )
        if any(map(address.is_metadata, ips)):
            raise FetchError(Reason.METADATA, host)
        is_public = all(map(address.is_public, ips)) and not is_inside
        if not is_public and origin != chosen:
            ips = await self._chosen(origin, ips, chosen)
        is_loopback = any(ip.is_loopback for ip in ips)
        return Hop(url, origin, () if proxy else ips, proxy, is_public, is_loopback)

    async def follow(self, url: str, chosen: Origin) -> Hop:
        """Where a redirect leads: nobody chose it, whether its name or its resolver leads inside.

        Raises FetchError.
        """
        try:
            return await self.find(url, chosen)
        except FetchError as error:
            if error.reason is Reason.INSIDE:
                raise FetchError(Reason.REFUSED, error.host) from error
            raise

    def _proxy(self, scheme: str, host: str, port: int) -> str:
        """The proxy that the environment names for `host` (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY,
        NO_PROXY), or "".
        """
        found = self._proxies.get(scheme) or self._proxies.get("all") or ""
        if not found or proxy_bypass(f"{host}:{port}"):
            return ""
        return found if "://" in found else f"http://{found}"

    async def _resolve(self, host: str, port: int) -> Sequence[address.IP]:
        until, ips = self._names.get((host, port), (0.0, ()))
        if until > time.monotonic():
            return ips
        if self._misses >= MISSES and time.monotonic() < self._look_again:
            raise FetchError(Reason.NETWORK, host)
        try:
            async with asyncio.timeout(CONNECT):
                ips = await address.resolve(host, port)
        except (OSError, UnicodeError) as error:  # TimeoutError among them
            reason = _reason(error)
            self._misses += reason is Reason.NETWORK
            self._look_again = time.monotonic() + LOOK_AGAIN
            raise FetchError(reason, host) from error
        self._misses, self._names[host, port] = 0, (time.monotonic() + NAMES_LAST, ips)
        return ips

    async def _chosen(
        self, origin: Origin, ips: Sequence[address.IP], chosen: Origin
    ) -> Sequence[address.IP]:
        """Those of the inside addresses `ips` that the origin chosen by the user has, too.

        All names of one address on one port are one origin (localhost and 127.0.0.1). Raises
        FetchError.
        """
        if (origin[0], origin[2]) == (chosen[0], chosen[2]):
            spelled = address.literal(chosen[1])
            own = (spelled,) if spelled else await self._resolve(chosen[1], chosen[2])
            if shared := [ip for ip in ips if ip in own]:
                return shared
        raise FetchError(
            Reason.REFUSED if address.says_inside(origin[1]) else Reason.INSIDE, origin[1]
        )


def _reason(error: OSError | UnicodeError) -> Reason:
    """Why a name was not resolved: HOST where there is no such name, NETWORK where nobody could be
    asked.
    """
    code = error.errno if isinstance(error, socket.gaierror) else None
    if isinstance(error, TimeoutError) or code == socket.EAI_AGAIN:
        return Reason.NETWORK
    return Reason.HOST if isinstance(error, UnicodeError) or code in _UNKNOWN else Reason.RESOLVER


def chosen_origin(trusted: str) -> Origin:
    """The origin whose inside addresses may be reached: see `Request.trusted`."""
    url = sanitize.url(trusted)
    return address.origin(url) if url else NOBODY
