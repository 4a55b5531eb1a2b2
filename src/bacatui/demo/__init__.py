"""A small news site on loopback, with three papers of our own, and the demonstration that reads it.

The site is data (`site/*.toml`, one file a paper, `site/*.html` templates, `site/pictures`), rendered when it is
asked for. Its articles are fiction; the boilerplate around them is what newspapers really put there.
"""

from bacatui.demo.run import run
from bacatui.demo.site import PAPERS, Site, paper

__all__ = ["PAPERS", "Site", "paper", "run", "serve"]

serve = Site
