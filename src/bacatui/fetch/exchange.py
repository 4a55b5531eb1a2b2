"""What is asked, what comes back, and what can go wrong on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bacatui.i18n import N_, _

# What is expected at the address: sets the Accept header and the size limit.
Resource = StrEnum("Resource", "FEED PAGE PICTURE")


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a request conditional, byte for byte as the server gave it (RFC 9110, 13.1)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to get. `headers` and `auth` (user, password) go to the origin of `url` only.

    `trusted` is the address that the user chose, and on whose behalf this one is asked, where that
    may lie inside this machine or network: an address inside is reached only where it shares the
    origin of that, and not by way of a public one. Empty: only public addresses.
    """

    url: str
    kind: Resource = Resource.FEED
    validators: Validators = Validators()
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    trusted: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: 200 with its decoded body, or 304 without one."""

    url: str
    final_url: str
    permanent_url: (
        str  # the last address that permanent redirects alone lead to; `url` where there were none
    )
    status: int
    body: bytes
    content_type: str
    validators: (
        Validators  # to be sent next time: those of a 200, or the asked ones renewed by a 304
    )
    max_age: int | None  # seconds that the answer stays fresh by its own word
    received: int = 0  # bytes of body on the wire
    is_inside: bool = (
        False  # `url` itself, not where it led to, lies inside this machine or network
    )


class Reason(StrEnum):
    """Why an exchange failed, and the sentence that says so."""

    URL = N_("This is not a web address that can be fetched.")
    REFUSED = N_(
        "The address leads into this machine or its network and was not chosen by you, so it was refused."
    )
    INSIDE = N_("{host} leads into this machine or its network now, so it was not asked.")
    METADATA = N_(
        "{host} leads to where clouds keep the secrets of their machines, and is never asked."
    )
    NETWORK = N_("There was no network.")
    HOST = N_("The host {host} was not found.")
    RESOLVER = N_("The address of {host} could not be looked up.")
    CONNECT = N_("No connection to {host}.")
    PROXY = N_("The proxy does not let us through to {host}.")
    TLS = N_("The certificate of {host} is not valid: {detail}")
    TIMEOUT = N_("{host} took too long to answer.")
    BROKEN = N_("The answer of {host} broke off or was not HTTP.")
    TOO_BIG = N_("The answer of {host} is too big.")
    ENCODING = N_("The answer of {host} is compressed in a way that cannot be read.")
    REDIRECT = N_("{host} redirects in a circle or to nowhere.")
    WAITING = N_("{host} asked for a pause, and is asked again later.")
    TYPE = N_("{host} sent a file of another kind: {detail}")
    STATUS = N_("{host} answered with an error ({status}).")


# What we do not ask, whoever would answer; where no host was asked, or none answered; and what no later try can change.
LEFT_ALONE = {Reason.REFUSED, Reason.INSIDE, Reason.METADATA}
UNREACHED = LEFT_ALONE | {
    Reason.URL,
    Reason.NETWORK,
    Reason.HOST,
    Reason.RESOLVER,
    Reason.CONNECT,
    Reason.PROXY,
    Reason.WAITING,
}
LASTING = LEFT_ALONE | {
    Reason.URL,
    Reason.TLS,
    Reason.TOO_BIG,
    Reason.ENCODING,
    Reason.REDIRECT,
    Reason.TYPE,
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
    """An exchange that gave nothing. `str(error)` is one sentence for the user.

    `retry_after` is in seconds where the host named a time, or has to be given one; `waits_on` then
    says for what: a host name, or the URL alone for addresses that are not public.
    """

    def __init__(
        self,
        reason: Reason,
        host: str = "",
        *,
        status: int = 0,
        detail: str = "",
        retry_after: int | None = None,
        waits_on: str = "",
    ) -> None:
        self.reason, self.host, self.status = reason, host, status
        self.retry_after, self.waits_on = retry_after, waits_on
        self.reached = (
            reason not in UNREACHED
        )  # the host itself failed, and so has to be left in peace for a while
        self.answered = self.reached and reason is not Reason.TIMEOUT  # so the network is there
        super().__init__(
            _(_STATUSES.get(status, reason.value)).format(host=host, status=status, detail=detail)
        )
