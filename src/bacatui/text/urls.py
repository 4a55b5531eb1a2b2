"""Facts about web addresses."""

from urllib.parse import urlsplit


def host(url: str) -> str:
    """The host of a URL without `www.`; "" where it has none or cannot be parsed."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # an invalid IPv6 address
        return ""
