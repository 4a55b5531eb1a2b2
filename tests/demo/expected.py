"""What a user should see of each article of the demo site, told from its source alone."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from bacatui.demo.site import PAPERS, Site

_CUT = re.compile(r"<!--cut-->.*?<!--/cut-->|<!--end-->.*?(?=<!--page-->|\Z)|<img[^>]*>", re.DOTALL)
_CAPTION = re.compile(r"<figcaption>.*?</figcaption>|<p class=\"caption\">.*?</p>", re.DOTALL)
_NOTE_LINK = re.compile(r'<a href="#r\d+">.*?</a>')
_INLINE = re.compile(r"</?(?:a|b|em|strong|code|sup|i)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")


def published(site: Site) -> dict[str, dict[str, Any]]:
    """Every article of the site's feeds, by its title."""
    return {article["title"]: article for key in PAPERS for article in site.articles(key)}


def words(article: dict[str, Any]) -> list[str]:
    """The words of the text, in order: captions only in a gallery, nothing of the page around it."""
    html = _CUT.sub("", article["body"])
    if article.get("kind") != "gallery":
        html = _CAPTION.sub("", html)
    html = _INLINE.sub("", _NOTE_LINK.sub("", html))
    return unescape(_TAG.sub(" ", html)).split()
