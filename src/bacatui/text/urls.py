"""Facts about web addresses."""

from urllib.parse import urlsplit


def host(url: str) -> str:
    """The host that an address leads to, without `www.`; empty where it leads nowhere."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # half an IPv6 address
        return ""
