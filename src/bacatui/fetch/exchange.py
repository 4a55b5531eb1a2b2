"""What is asked, what comes back, and what can go wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bacatui.i18n import N_, _
from bacatui.model import FetchState


class Kind(StrEnum):
    """What is expected at the address: sets the Accept header and the size limit."""

    FEED = "feed"
    PAGE = "page"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a request conditional, byte for byte as the server gave it (RFC 9110, 13.1)."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def of(cls, state: FetchState) -> Validators:
        return cls(state.etag, state.last_modified)

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to get. `headers` and `auth` (user, password) go to the origin of `url` only.

    `trusted` is the address that the reader chose, and on whose behalf this one is asked: an address inside
    this machine or network is reached only where it shares the origin of that. Empty: only public addresses.
    """

    url: str
    kind: Kind = Kind.FEED
    validators: Validators = Validators()
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    trusted: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: 200 with its decoded body, or 304 without one."""

    url: str
    final_url: str
    permanent_url: str  # the last address that permanent redirects alone lead to; `url` where there were none
    status: int
    body: bytes
    content_type: str
    validators: Validators  # to be sent next time: those of a 200, or the asked ones renewed by a 304
    max_age: int | None  # seconds that the answer stays fresh by its own word
    received: int  # bytes of body on the wire
    seconds: float


class Reason(StrEnum):
    """Why an exchange failed; the value is stored and compared, never shown."""

    URL = "url"  # no http(s) address
    REFUSED = "refused"  # an address inside this machine or network that the reader did not choose
    NETWORK = "network"  # this machine has no network now
    HOST = "host"  # no such name
    CONNECT = "connect"
    PROXY = "proxy"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"  # reset, cut off, or no HTTP
    TOO_BIG = "too-big"
    ENCODING = "encoding"
    REDIRECT = "redirect"
    STATUS = "status"
    WAITING = "waiting"  # the host asked to be left in peace for a while
    TYPE = "type"  # something else than what was asked for


_SENTENCES = {
    Reason.URL: N_("This is no web address that can be fetched."),
    Reason.REFUSED: N_(
        "The address leads into this machine or its network and was not chosen by you, so it was refused."
    ),
    Reason.NETWORK: N_("There is no network now. It is asked again at the next sync."),
    Reason.HOST: N_("The host {host} was not found."),
    Reason.CONNECT: N_("No connection to {host}."),
    Reason.PROXY: N_("The proxy does not let us through to {host}."),
    Reason.TLS: N_("The certificate of {host} is not valid: {detail}"),
    Reason.TIMEOUT: N_("{host} took too long to answer."),
    Reason.BROKEN: N_("The answer of {host} broke off or was no HTTP."),
    Reason.TOO_BIG: N_("The answer of {host} is too big."),
    Reason.ENCODING: N_("The answer of {host} is packed in a way that cannot be read."),
    Reason.REDIRECT: N_("{host} redirects in a circle or to nowhere."),
    Reason.WAITING: N_("{host} asked to be left in peace for now."),
    Reason.TYPE: N_("{host} sent something else: {detail}"),
}
_STATUSES = {
    304: N_("{host} says that nothing changed, but nothing is known yet."),
    401: N_("{host} wants a user name and password."),
    403: N_("{host} refuses to answer us."),
    404: N_("{host} has nothing at this address (404)."),
    410: N_("{host} says that this is gone for good (410)."),
    429: N_("{host} asks us to come less often (429)."),
    451: N_("{host} may not show this for legal reasons (451)."),
}


class FetchError(Exception):
    """An exchange that gave nothing. `str(error)` is one sentence for the reader.

    `retry_after` is in seconds where the host named a time, or has to be given one; `waits_on` then says for
    what: a host name, or the URL alone for addresses that are not public.
    """

    def __init__(
        self, reason: Reason, host: str = "", *, status: int = 0, detail: str = "",
        retry_after: int | None = None, waits_on: str = "",
    ) -> None:  # fmt: skip
        self.reason, self.status, self.retry_after, self.waits_on = reason, status, retry_after, waits_on
        if reason is Reason.STATUS:
            sentence = _STATUSES.get(status, N_("{host} answered with an error ({status})."))
        else:
            sentence = _SENTENCES[reason]
        super().__init__(_(sentence).format(host=host, status=status, detail=detail))

    @property
    def reached(self) -> bool:
        """True where the host itself failed, and so has to be left in peace for a while."""
        return self.reason not in {
            Reason.URL, Reason.REFUSED, Reason.NETWORK, Reason.HOST, Reason.CONNECT, Reason.PROXY, Reason.WAITING,
        }  # fmt: skip
