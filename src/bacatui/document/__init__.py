"""The document: an article as a short sequence of typed blocks, with one function per way out.

A document has no place for escape codes, scripts, styles or positions: what cannot be said in these blocks
cannot reach the screen. Inline text is a flat tuple of `Run`s, so that a renderer never recurses for it.

`to_html` writes a clean minimal HTML that is also well-formed XML, which is what the store keeps; `read`
turns it back lazily, block by block, so that the first screen of a long article is there before its end
has been looked at. `Builder` is the one place where tags become blocks; `articles` drives it with a web
page's elements, `read` with our own.
"""

from bacatui.document.blocks import *  # noqa: F403
from bacatui.document.build import Builder as Builder
from bacatui.document.read import read as read
from bacatui.document.write import escape as escape
from bacatui.document.write import to_html as to_html
from bacatui.document.write import to_markdown as to_markdown
from bacatui.document.write import to_text as to_text
from bacatui.document.write import with_lead as with_lead
