"""The polite client: few connections, a pause between two starts on one host, a deadline and a size
limit for all.

One httpx transport with a single connection is a lane; lanes share one TLS context. (One pool for
all would cost six times the CPU: it walks every connection for every request.) Transports know no
cookies, redirects or environment, so that nothing happens here which is not written here.
"""

from __future__ import annotations

import asyncio
import errno
import re
import ssl
import sys
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from bacatui import __version__, clock
from bacatui.fetch import address, body, headers
from bacatui.fetch.exchange import FetchError, Reason, Reply, Request, Resource
from bacatui.fetch.route import CONNECT, NOBODY, Hop, Origin, Routes, chosen_origin
from bacatui.text import sanitize

if TYPE_CHECKING:
    import httpx

LANES: Final = 32  # exchanges at once
HOST_LANES: Final = 2
HOST_PAUSE: Final = 1.0  # seconds between two starts on one host
DEADLINE: Final = (
    44.0  # seconds for a whole exchange, redirects included, waiting for its turn excluded
)
HOPS: Final = 10
LIMITS: Final = {
    Resource.FEED: 16 << 20,
    Resource.PAGE: 16 << 20,
    Resource.PICTURE: 5 << 20,
}  # bytes, unpacked
HOME_PAGE: Final = "https://pypi.org/project/bacatui/"
_ACCEPT: Final = {
    Resource.FEED: "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    Resource.PAGE: "text/html, application/xhtml+xml, */*;q=0.5",
    Resource.PICTURE: "image/*",
}
_UNWANTED: Final = {
    Resource.FEED: re.compile("(?!)"),
    Resource.PAGE: re.compile("(?:audio|video|image|font)/", re.IGNORECASE),
    Resource.PICTURE: re.compile("(?!image|application|binary).+/", re.IGNORECASE),
}
_NO_NETWORK: Final = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}
_Redirect = tuple[int, str]  # status and target


@dataclass(eq=False)
class _Lane:
    transport: httpx.AsyncHTTPTransport
    origin: Origin | None = None  # where its connection may still be open
    is_warm: bool = (
        False  # that connection was used before, and may have been closed at the other end
    )


@dataclass(eq=False)
class _HostLimit:
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HOST_LANES))
    start: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0


class Client:
    """Async context manager; one for a whole sync, so that its manners hold for the whole of it.

    `contact` is put into the User-Agent instead of the project's page. `waits` maps what asked to
    be left in peace (a host, or a URL that is not public) to the time until then; the client keeps
    it up to date.
    """

    def __init__(self, contact: str = "", waits: Mapping[str, datetime] | None = None) -> None:
        self.waits: dict[str, datetime] = dict(waits or {})
        shown = contact if contact.isascii() and contact.isprintable() else ""
        self.agent = f"bacatui/{__version__} (+{shown or HOME_PAGE})"
        self._host_limits: dict[str, _HostLimit] = {}
        self._lanes: dict[str, list[_Lane]] = {}
        self._room = asyncio.Semaphore(LANES)
        self._tls: asyncio.Future[ssl.SSLContext] | None = None
        self.routes = Routes()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for lane in [lane for lanes in self._lanes.values() for lane in lanes]:
            await lane.transport.aclose()
        self._lanes.clear()

    async def get(self, request: Request) -> Reply:
        """Make one exchange. Raises FetchError, and nothing else but cancellation."""
        spent, is_permanent, seen = 0.0, True, set[str]()
        url = permanent = sanitize.url(request.url).partition("#")[0]
        own, chosen, is_inside = address.origin(url), chosen_origin(request.trusted), False
        while url not in seen and len(seen) <= HOPS:
            seen.add(url)
            started = time.monotonic()
            is_first = len(seen) == 1
            hop = await (
                self.routes.find(url, chosen) if is_first else self.routes.follow(url, chosen)
            )
            spent += time.monotonic() - started
            if is_first:
                is_inside = not hop.is_public
                chosen = chosen if is_inside else NOBODY  # no public address leads inside
            async with self._turn(hop) as lane:
                started = time.monotonic()
                answer = await self._ask(
                    hop, lane, request, self._headers(hop, request, own), DEADLINE - spent
                )
                spent += time.monotonic() - started
            if isinstance(answer, Reply):
                return replace(answer, permanent_url=permanent, is_inside=is_inside)
            status, url = answer
            is_downgrade = hop.url.startswith("https:") and url.startswith("http:")
            is_permanent = is_permanent and status in {301, 308} and not is_downgrade
            permanent = url if is_permanent else permanent
        raise FetchError(Reason.REDIRECT, urlsplit(url).hostname or "")

    @asynccontextmanager
    async def _turn(self, hop: Hop) -> AsyncIterator[_Lane]:
        """Wait for a free slot of the host and of the client.

        Raises FetchError where the host asked meanwhile not to be asked for a time.
        """
        limit = self._host_limits.setdefault(
            hop.host if hop.is_public or not hop.ips else str(hop.ips[0]), _HostLimit()
        )
        async with limit.slots:
            async with limit.start:
                await asyncio.sleep(max(0.0, limit.next_start - time.monotonic()))
                self._check_wait(hop)
                await self._room.acquire()
                limit.next_start = time.monotonic() + (0.0 if hop.is_loopback else HOST_PAUSE)
            try:
                lane = await self._lane(hop)
                try:
                    yield lane
                finally:
                    self._lanes[hop.proxy or hop.origin[0]].append(lane)
            finally:
                self._room.release()

    def _check_wait(self, hop: Hop) -> None:
        until = self.waits.get(hop.waits_on)
        rest = round((until - clock.now()).total_seconds()) if until else 0
        if (
            0 < rest <= headers.LONGEST_WAIT + 86_400
        ):  # a longer one comes from a clock that was set back
            raise FetchError(Reason.WAITING, hop.host, retry_after=rest, waits_on=hop.waits_on)

    async def _lane(self, hop: Hop) -> _Lane:
        """A lane for this hop alone; one that may still be connected is preferred."""
        lanes = self._lanes.setdefault(hop.proxy or hop.origin[0], [])
        lane = next(
            (lane for lane in lanes if lane.origin == hop.origin), lanes[0] if lanes else None
        )
        if lane is None:
            lane = await self._open(hop)
        else:
            lanes.remove(lane)
            if lane.origin != hop.origin and hop.origin[0] == "https":
                await (
                    lane.transport.aclose()
                )  # what was verified for one name must not serve another there
        lane.is_warm, lane.origin = lane.origin == hop.origin, hop.origin
        return lane

    async def _open(self, hop: Hop) -> _Lane:
        if (
            "httpx" not in sys.modules
        ):  # which takes longer than a key may wait, its command line most of it
            sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
            await asyncio.to_thread(import_module, "httpx")
        import httpx

        if (
            find_spec("sniffio") is None
        ):  # httpcore looks for it at every step, and finding nothing is slow
            sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
        if (
            hop.origin[0] == "http" and not hop.proxy
        ):  # never speaks TLS, and this context trusts nobody
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:
            if self._tls is None:
                self._tls = asyncio.ensure_future(asyncio.to_thread(httpx.create_ssl_context))
            tls = await asyncio.shield(self._tls)
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=5.0)
        try:
            return _Lane(
                httpx.AsyncHTTPTransport(
                    verify=tls, limits=limits, proxy=hop.proxy or None, trust_env=False
                )
            )
        except (
            ImportError,
            ValueError,
            httpx.InvalidURL,
        ) as error:  # SOCKS wants a package; or no URL at all
            raise FetchError(Reason.PROXY, hop.host) from error

    async def _ask(
        self, hop: Hop, lane: _Lane, request: Request, sent: dict[str, str], seconds: float
    ) -> Reply | _Redirect:
        """One request on one connection. Raises FetchError."""
        import httpx

        try:
            async with asyncio.timeout(max(seconds, 0)):
                response = await self._send(hop, lane, sent)
                try:
                    return await self._read(hop, response, request)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise FetchError(Reason.TIMEOUT, hop.host) from error
        except body.BodyError as error:
            raise FetchError(error.reason, hop.host) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
            raise _explained(error, hop.host) from error

    async def _send(self, hop: Hop, lane: _Lane, sent: dict[str, str]) -> httpx.Response:
        """Send to the very addresses that were checked, one after the other, until one takes the
        connection.

        The name still stands in the Host header, and TLS still verifies it (SNI). A connection that
        the other end has closed meanwhile is tried once more, afresh.
        """
        import httpx

        parts = urlsplit(hop.url)
        extensions = {
            "timeout": httpx.Timeout(DEADLINE, connect=CONNECT).as_dict(),
            "sni_hostname": hop.host,
        }
        hosts = [f"[{ip}]" if ip.version == 6 else str(ip) for ip in hop.ips[:3]]
        netlocs = [f"{host}:{hop.origin[2]}" for host in hosts] or [parts.netloc]
        while True:
            target = parts._replace(netloc=netlocs[0], fragment="").geturl()
            try:
                asked = httpx.Request("GET", target, headers=sent, extensions=extensions)
                return await lane.transport.handle_async_request(asked)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                del netlocs[0]
                if not netlocs:
                    raise
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                if not lane.is_warm:
                    raise
            lane.is_warm = False

    def _headers(self, hop: Hop, request: Request, own: Origin) -> dict[str, str]:
        sent = {
            "Host": urlsplit(hop.url).netloc,
            "User-Agent": self.agent,
            "Accept": _ACCEPT[request.kind],
        }
        sent["Accept-Encoding"] = body.ACCEPTED
        if hop.origin == own:
            if request.auth is not None:
                sent["Authorization"] = (
                    "Basic " + b64encode(":".join(request.auth).encode()).decode()
                )
            sent |= headers.own(request.headers)
        if request.validators.etag:
            sent["If-None-Match"] = request.validators.etag
        if request.validators.last_modified:
            sent["If-Modified-Since"] = request.validators.last_modified
        return sent

    async def _read(
        self, hop: Hop, response: httpx.Response, request: Request
    ) -> Reply | _Redirect:
        status, given, asked = response.status_code, response.headers, request.validators
        if status in {301, 302, 303, 307, 308}:
            return status, _target(hop, given.raw)
        kind, brought = (
            sanitize.clean(given.get("content-type", ""), 200),
            headers.validators(given.raw),
        )
        reply = Reply(
            request.url, hop.url, hop.url, status, b"", kind, brought, headers.max_age(given)
        )
        if status == 304 and (asked.etag or asked.last_modified):
            etag, modified = (
                brought.etag or asked.etag,
                brought.last_modified or asked.last_modified,
            )
            return replace(reply, validators=replace(brought, etag=etag, last_modified=modified))
        if status != 200:
            wait = headers.retry_after(status, given, clock.now())
            if wait is not None:
                self.waits[hop.waits_on] = clock.now() + timedelta(seconds=wait)
            waits_on = hop.waits_on if wait else ""
            raise FetchError(
                Reason.STATUS, hop.host, status=status, retry_after=wait, waits_on=waits_on
            )
        if _UNWANTED[request.kind].match(kind):
            raise FetchError(Reason.TYPE, hop.host, detail=kind.partition(";")[0])
        limit, length = LIMITS[request.kind], given.get("content-length", "")
        if length.isdigit() and int(length[:18]) > limit:
            raise body.BodyError(Reason.TOO_BIG)
        whole, received = await body.collect(
            response.aiter_raw(), given.get("content-encoding", ""), limit
        )
        return replace(reply, body=whole, received=received)


def _target(hop: Hop, raw: Sequence[tuple[bytes, bytes]]) -> str:
    """Where a redirect leads (RFC 3986, 5).

    Raises FetchError where that is no web address, or a disguised one.
    """
    location = next((value for name, value in raw if name.lower() == b"location"), b"").strip()
    is_plain = location and not re.search(rb"[\x00-\x1f\x7f]", location)
    target = (
        sanitize.url(location.decode("utf-8", "replace"), hop.url).partition("#")[0]
        if is_plain
        else ""
    )
    if not target:
        raise FetchError(Reason.REDIRECT, hop.host)
    return target


def _explained(error: Exception, host: str) -> FetchError:
    """An error of httpx in our terms, by what lies under it."""
    import httpx

    kinds: dict[Reason, Any] = {
        Reason.URL: (httpx.InvalidURL, httpx.UnsupportedProtocol),
        Reason.PROXY: httpx.ProxyError,
        Reason.CONNECT: (httpx.ConnectError, httpx.ConnectTimeout),
        Reason.TIMEOUT: httpx.TimeoutException,
    }
    reason = next(
        (reason for reason, kind in kinds.items() if isinstance(error, kind)), Reason.BROKEN
    )
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError):
            why = getattr(below, "verify_message", "") or below.reason or "TLS"
            return FetchError(Reason.TLS, host, detail=sanitize.clean(str(why), 200))
        if isinstance(below, OSError) and below.errno in _NO_NETWORK:
            return FetchError(Reason.NETWORK, host)
        below = below.__cause__ or below.__context__
    return FetchError(reason, host)
