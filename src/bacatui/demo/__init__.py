"""A small news site on loopback, with papers of our own, for `bacatui demo` and for tests.

The site is data (`site/*.toml`, one file a paper, `site/*.html` templates, `site/media`), rendered
when it starts. Its articles are fiction; the boilerplate around them is what newspapers really put
there.
"""

from bacatui.demo.library import fill
from bacatui.demo.site import PAPERS, Site, paper

__all__ = ["PAPERS", "Site", "fill", "paper"]
