"""Whether what a feed leads to may lie inside this machine or network: decided when it is chosen,
and kept with it.

A feed's setting `network` holds the decision (see `model.Network`). Without one, an address that
itself says where it lies is taken at its word, since it was typed or imported so, and any other is
public until the user says otherwise. The feed of saved pages holds, in `inside`, the origins of the
pages that lay inside when they were saved.
"""

from collections.abc import Mapping

from bacatui.fetch import origin, says_inside
from bacatui.i18n import _
from bacatui.model import Network
from bacatui.text import sanitize


def trusted(settings: Mapping[str, str], url: str, page: str = "") -> str:
    """What `Request.trusted` is for all that is fetched for the feed at `url`; without one, for the
    saved `page`.
    """
    if url:
        decision = settings.get("network") or (Network.INSIDE if _says_inside(url) else "")
        return url if decision == Network.INSIDE else ""
    is_inside = _says_inside(page) or origin_of(page) in settings.get("inside", "").split()
    return page if is_inside else ""


def of_link(url: str, trusted: str) -> Network:
    """The decision for a feed that a page names; `trusted` is on whose behalf the page was asked."""
    return Network.INSIDE if trusted and origin_of(trusted) == origin_of(url) else Network.PUBLIC


def after_move(settings: Mapping[str, str], url: str, target: str) -> str:
    """The decision for a feed that follows a redirect from `url` to `target`: never from public to
    inside.

    One that lies inside stays so on its own origin; elsewhere it is decided anew ("").
    """
    if not trusted(settings, url):
        return Network.PUBLIC
    return Network.INSIDE if origin_of(url) == origin_of(target) else ""


def refusal(url: str, host: str) -> str:
    """Why a feed was not asked, and how the user allows it."""
    said = _(
        "{host} now leads into your own network (perhaps the login page of a Wi-Fi), so it was not asked; what came is"
        " kept. If it is yours: bacatui add --inside {url}"
    )
    return said.format(host=host, url=url)


def origin_of(url: str) -> str:
    """The origin of `url` as text."""
    scheme, host, port = origin(sanitize.url(url))
    return f"{scheme}://{host}:{port}"


def _says_inside(url: str) -> bool:
    return says_inside(origin(sanitize.url(url))[1])
