"""The polite client: few connections, a pause between two starts on one host, a deadline and a size limit for all.

One httpx transport with a single connection is a lane; lanes share one TLS context. (One pool for all would
cost six times the CPU: it walks every connection for every request.) Transports know no cookies, redirects or
environment, so that nothing happens here which is not written here.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin, urlsplit

from bacatui import __version__, clock, sanitize
from bacatui.fetch import address, body, headers
from bacatui.fetch.exchange import FetchError, Kind, Reason, Reply, Request

if TYPE_CHECKING:
    import httpx

LANES: Final = 32  # exchanges at once
HOST_LANES: Final = 2
HOST_PAUSE: Final = 1.0  # seconds between two starts on one host
DEADLINE: Final = 45.0  # seconds for a whole exchange, redirects included, waiting for its turn excluded
CONNECT: Final = 10.0
HOPS: Final = 10
LIMITS: Final = {Kind.FEED: 16 << 20, Kind.PAGE: 16 << 20, Kind.PICTURE: 5 << 20}  # bytes, unpacked
HOME_PAGE: Final = "https://pypi.org/project/bacatui/"
_ACCEPT: Final = {
    Kind.FEED: "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    Kind.PAGE: "text/html, application/xhtml+xml, */*;q=0.5",
    Kind.PICTURE: "image/*",
}
_NO_NETWORK: Final = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}
_NAMES_LAST: Final = 60.0  # seconds that a resolved name is used again


@dataclass(eq=False)
class _Lane:
    transport: httpx.AsyncHTTPTransport
    origin: tuple[str, str, int] | None = None  # where its connection may still be open
    is_warm: bool = False  # its connection was used before, and may have been closed at the other end


@dataclass(eq=False)
class _Gate:
    """What one host lets through."""

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HOST_LANES))
    next_start: float = 0.0


@dataclass
class _Hop:
    """One request of an exchange: where it goes, and what may go along."""

    url: str
    host: str
    ips: Sequence[address.IP]  # the addresses to connect to; empty where a proxy resolves
    proxy: str
    is_public: bool
    is_loopback: bool
    carries_secrets: bool

    @property
    def waits_on(self) -> str:
        return self.host if self.is_public else self.url


class Client:
    """Async context manager; one for a whole sync, so that its manners hold for the whole of it.

    `contact` is put into the User-Agent instead of the project's page. `waits` maps what asked to be left in
    peace (a host, or a URL that is not public) to the time until then; the client keeps it up to date.
    """

    def __init__(self, contact: str = "", waits: Mapping[str, datetime] | None = None) -> None:
        self.waits: dict[str, datetime] = dict(waits or {})
        contact = contact if contact.isascii() and contact.isprintable() else ""
        self.agent = f"bacatui/{__version__} (+{contact or HOME_PAGE})"
        self._gates: dict[str, _Gate] = {}
        self._names: dict[tuple[str, int], tuple[float, Sequence[address.IP]]] = {}
        self._lanes: dict[str, list[_Lane]] = {}
        self._room = asyncio.Semaphore(LANES)
        self._tls: asyncio.Future[ssl.SSLContext] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        idle = [lane for lanes in self._lanes.values() for lane in lanes]
        self._lanes.clear()
        for lane in idle:
            await lane.transport.aclose()

    async def get(self, request: Request) -> Reply:
        """Make one exchange. Raises FetchError, and nothing else but cancellation."""
        began, spent = time.monotonic(), 0.0
        url = permanent = _checked(request.url)
        is_permanent, seen = True, set[str]()
        while url not in seen and len(seen) <= HOPS:
            seen.add(url)
            started = time.monotonic()
            hop = await self._hop(url, request)
            spent += time.monotonic() - started
            async with self._turn(hop) as lane:
                started = time.monotonic()
                answer = await self._ask(hop, lane, request, DEADLINE - spent)
                spent += time.monotonic() - started
            if isinstance(answer, Reply):
                return replace(answer, permanent_url=permanent, seconds=time.monotonic() - began)
            status, url = answer
            is_downgrade = hop.url.startswith("https:") and url.startswith("http:")
            is_permanent = is_permanent and status in {301, 308} and not is_downgrade
            permanent = url if is_permanent else permanent
        raise FetchError(Reason.REDIRECT, urlsplit(url).hostname or "")

    async def _hop(self, url: str, request: Request) -> _Hop:
        """Find out where `url` leads, and whether it may be asked. Raises FetchError."""
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), address.port_of(url)
        same_origin = address.origin(url) == address.origin(request.url)
        proxy = _proxy(parts.scheme, host, port)
        spelled = address.literal(host)
        ips: Sequence[address.IP] = (spelled,) if spelled else ()
        if not proxy and not ips:
            ips = await self._resolve(host, port)
        is_public = all(address.is_public(ip) for ip in ips) and not address.is_inside_name(host)
        if not is_public:
            ips = await self._chosen(url, ips, request.trusted)
        hop = _Hop(url, host, () if proxy else ips, proxy, is_public, any(ip.is_loopback for ip in ips), same_origin)
        until = self.waits.get(hop.waits_on)
        rest = (until - clock.now()).total_seconds() if until else 0
        if 0 < rest <= headers.LONGEST_WAIT + 86_400:  # a longer one comes from a clock that was set back
            raise FetchError(Reason.WAITING, host, retry_after=round(rest), waits_on=hop.waits_on)
        return hop

    async def _resolve(self, host: str, port: int) -> Sequence[address.IP]:
        known = self._names.get((host, port))
        if known and known[0] > time.monotonic():
            return known[1]
        try:
            async with asyncio.timeout(CONNECT):
                ips = await address.resolve(host, port)
        except TimeoutError:
            raise FetchError(Reason.NETWORK, host) from None
        except OSError as error:
            raise FetchError(Reason.NETWORK if error.errno == socket.EAI_AGAIN else Reason.HOST, host) from error
        if not ips:
            raise FetchError(Reason.HOST, host)
        self._names[host, port] = time.monotonic() + _NAMES_LAST, ips
        return ips

    async def _chosen(self, url: str, ips: Sequence[address.IP], trusted: str) -> Sequence[address.IP]:
        """The inside addresses that `url` may be asked at, because the reader chose their origin.

        All names of one address on one port are one origin (localhost and 127.0.0.1). Raises FetchError.
        """
        trusted = sanitize.url(trusted)
        if trusted and address.origin(url) == address.origin(trusted):
            return ips
        if trusted and ips and address.port_of(url) == address.port_of(trusted):
            own = await self._resolve(urlsplit(trusted).hostname or "", address.port_of(trusted))
            shared = [ip for ip in ips if ip in own]
            if shared and urlsplit(url).scheme == urlsplit(trusted).scheme:
                return shared
        raise FetchError(Reason.REFUSED, urlsplit(url).hostname or "")

    @asynccontextmanager
    async def _turn(self, hop: _Hop) -> AsyncIterator[_Lane]:
        """Wait until the host and the house have room; a lane that may still be connected is preferred."""
        gate = self._gates.setdefault(hop.host if hop.is_public or not hop.ips else str(hop.ips[0]), _Gate())
        async with gate.slots:
            now = time.monotonic()
            start = max(now, gate.next_start)
            gate.next_start = start + (0.0 if hop.is_loopback else HOST_PAUSE)
            if start > now:
                await asyncio.sleep(start - now)
            async with self._room:
                kind = hop.proxy or urlsplit(hop.url).scheme
                lanes = self._lanes.setdefault(kind, [])
                origin = address.origin(hop.url)
                lane = next((lane for lane in lanes if lane.origin == origin), lanes[0] if lanes else None)
                if lane is None:
                    lane = await self._open(hop.proxy, kind)
                else:
                    lanes.remove(lane)
                lane.is_warm, lane.origin = lane.origin == origin, origin
                try:
                    yield lane
                finally:
                    lanes.append(lane)

    async def _open(self, proxy: str, kind: str) -> _Lane:
        import httpx

        if kind == "http":  # never speaks TLS, and this context trusts nobody
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:
            if self._tls is None:
                self._tls = asyncio.ensure_future(asyncio.to_thread(httpx.create_ssl_context))
            tls = await self._tls
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=5.0)
        try:
            return _Lane(httpx.AsyncHTTPTransport(verify=tls, limits=limits, proxy=proxy or None, trust_env=False))
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise FetchError(Reason.PROXY, urlsplit(proxy).hostname or "") from error

    async def _ask(self, hop: _Hop, lane: _Lane, request: Request, seconds: float) -> Reply | tuple[int, str]:
        """One request on one connection: the answer, or the status and target of a redirect. Raises FetchError."""
        import httpx

        try:
            async with asyncio.timeout(max(seconds, 0)):
                response = await self._send(hop, lane, request)
                try:
                    return await self._read(hop, response, request)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise FetchError(Reason.TIMEOUT, hop.host) from error
        except body.TooBigError as error:
            raise FetchError(Reason.TOO_BIG, hop.host) from error
        except body.UnreadableError as error:
            raise FetchError(Reason.ENCODING, hop.host) from error
        except httpx.TimeoutException as error:
            is_connect = isinstance(error, httpx.ConnectTimeout)
            raise FetchError(Reason.CONNECT if is_connect else Reason.TIMEOUT, hop.host) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
            raise _told(error, hop.host) from error

    async def _send(self, hop: _Hop, lane: _Lane, request: Request) -> httpx.Response:
        """Send to the very addresses that were checked, one after the other, until one takes the connection.

        The name still stands in the Host header, and TLS still verifies it (SNI). A connection that the other
        end has closed meanwhile is tried once more, afresh.
        """
        import httpx

        sent = self._headers(hop, request)
        timeouts = httpx.Timeout(DEADLINE, connect=CONNECT).as_dict()
        parts = urlsplit(hop.url)
        tries = [f"[{ip}]" if ip.version == 6 else str(ip) for ip in hop.ips[:3]] or [hop.host]
        if lane.is_warm:
            tries.insert(0, tries[0])
        for left, host in zip(range(len(tries) - 1, -1, -1), tries, strict=True):
            netloc = parts.netloc if hop.proxy else f"{host}:{address.port_of(hop.url)}"
            target = parts._replace(netloc=netloc, fragment="").geturl()
            extensions = {"timeout": timeouts} | ({} if hop.proxy else {"sni_hostname": hop.host})
            try:
                asked = httpx.Request("GET", target, headers=sent, extensions=extensions)
                return await lane.transport.handle_async_request(asked)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if not left:
                    raise
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                if not lane.is_warm:
                    raise
                lane.is_warm = False
        raise AssertionError("unreachable")

    def _headers(self, hop: _Hop, request: Request) -> dict[str, str]:
        sent = {
            "Host": urlsplit(hop.url).netloc,
            "User-Agent": self.agent,
            "Accept": _ACCEPT[request.kind],
            "Accept-Encoding": body.ACCEPTED,
        }
        if hop.carries_secrets:
            if request.auth is not None:
                sent["Authorization"] = "Basic " + b64encode(":".join(request.auth).encode()).decode()
            sent |= headers.own(request.headers)
        if request.validators.etag:
            sent["If-None-Match"] = request.validators.etag
        if request.validators.last_modified:
            sent["If-Modified-Since"] = request.validators.last_modified
        return sent

    async def _read(self, hop: _Hop, response: httpx.Response, request: Request) -> Reply | tuple[int, str]:
        status, given = response.status_code, response.headers
        brought = headers.validators(given.raw)
        if status in {301, 302, 303, 307, 308}:
            return status, _target(hop, given.raw)
        content_type = sanitize.clean(given.get("content-type", ""), 200)
        reply = Reply(request.url, hop.url, hop.url, status, b"", content_type, brought, headers.max_age(given), 0, 0.0)
        if status == 304 and request.validators:
            asked = request.validators
            renewed = replace(
                brought, etag=brought.etag or asked.etag, last_modified=brought.last_modified or asked.last_modified
            )
            return replace(reply, validators=renewed)
        if status != 200:
            raise self._refusal(hop, status, given)
        _check_type(hop, request.kind, content_type)
        limit, length = LIMITS[request.kind], given.get("content-length", "")
        if length.isdigit() and int(length[:18]) > limit:
            raise body.TooBigError
        whole, received = await body.collect(response.aiter_raw(), given.get("content-encoding", ""), limit)
        return replace(reply, body=whole, received=received)

    def _refusal(self, hop: _Hop, status: int, given: Mapping[str, str]) -> FetchError:
        """The error of a status, and the rest that the host wants, which holds for all that is asked of it."""
        wait = headers.retry_after(given, clock.now()) if status in {429, 503} else None
        if status == 429 and wait is None:
            wait = headers.DEFAULT_WAIT
        if wait is None:
            return FetchError(Reason.STATUS, hop.host, status=status)
        self.waits[hop.waits_on] = clock.now() + timedelta(seconds=wait)
        return FetchError(Reason.STATUS, hop.host, status=status, retry_after=wait, waits_on=hop.waits_on)


def _checked(url: str) -> str:
    checked = sanitize.url(url).partition("#")[0]
    if not checked:
        raise FetchError(Reason.URL)
    return checked


def _proxy(scheme: str, host: str, port: int) -> str:
    """The proxy that the environment names for `host` (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY), or ""."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    found = proxies.get(scheme) or proxies.get("all") or ""
    if not found or proxy_bypass(f"{host}:{port}"):
        return ""
    return found if "://" in found else f"http://{found}"


def _target(hop: _Hop, raw: Sequence[tuple[bytes, bytes]]) -> str:
    """Where a redirect leads (RFC 3986, 5). Raises FetchError where to is no web address, or is a disguised one."""
    location = next((value for name, value in raw if name.lower() == b"location"), b"").strip()
    if not location or re.search(rb"[\x00-\x1f\x7f]", location):
        raise FetchError(Reason.REDIRECT, hop.host)
    try:
        joined = urljoin(hop.url, location.decode("utf-8", "replace"))
        user = urlsplit(joined).netloc.rpartition("@")[0]
    except ValueError:
        raise FetchError(Reason.REDIRECT, hop.host) from None
    target = sanitize.url(joined).partition("#")[0]
    if not target or re.search(r"[%./\\]", user):  # http://127.0.0.1%2f@elsewhere/
        raise FetchError(Reason.REDIRECT, hop.host)
    return target


def _check_type(hop: _Hop, kind: Kind, content_type: str) -> None:
    main = content_type.partition("/")[0].lower()
    wrong = main not in {"", "image", "application", "binary"} if kind is Kind.PICTURE else main in {
        "audio", "video", "image", "font",
    }  # fmt: skip
    if wrong and kind is not Kind.FEED:
        raise FetchError(Reason.TYPE, hop.host, detail=content_type.partition(";")[0])


def _told(error: Exception, host: str) -> FetchError:
    """An httpx error in our terms, by what lies under it."""
    import httpx

    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return FetchError(Reason.URL)
    if isinstance(error, httpx.ProxyError):
        return FetchError(Reason.PROXY, host)
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError):
            why = getattr(below, "verify_message", "") or below.reason or str(below)
            return FetchError(Reason.TLS, host, detail=sanitize.clean(str(why), 200))
        if isinstance(below, OSError) and below.errno in _NO_NETWORK:
            return FetchError(Reason.NETWORK, host)
        below = below.__cause__ or below.__context__
    return FetchError(Reason.CONNECT if isinstance(error, httpx.ConnectError) else Reason.BROKEN, host)
