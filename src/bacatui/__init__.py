"""bacatui: a library that knows feeds and articles, and a terminal newsreader that shows them.

The Python API is `extract`, `parse_feed`, `FeedError`, `Article` and `ParsedFeed`; nothing of it is
loaded before it is asked for (PEP 562), so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bacatui.api import extract, parse_feed
    from bacatui.model import Article, FeedError, ParsedFeed

__version__ = "0.1.0"
__all__ = ["Article", "FeedError", "ParsedFeed", "__version__", "extract", "parse_feed"]

_HOMES = {
    "extract": "api",
    "parse_feed": "api",
    "Article": "model",
    "FeedError": "model",
    "ParsedFeed": "model",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
