"""Code in the forms that pages and their highlighters give it: its lines, whole, in one block, and nothing else."""

from __future__ import annotations

import re

import pytest

from bacatui.articles import extract
from bacatui.document import Block, Code, Figure, Paragraph, Table, plain, read

PROSE = (
    "The night desk keeps a small program beside the lamp, and every evening somebody asks what it does with the cards.",
    "It reads the drawer once, counts what is left in there, and prints the number on a strip of paper for the porter.",
    "In the second year we wrote it anew, because the old one could not count beyond ninety-nine cards in one night.",
)
CODE = "def count(drawer):\n    total = 0\n    for card in drawer:\n        total += 1\n    return total"
LINES = CODE.split("\n")


def spans(text: str) -> str:
    return '<span class="k">' + text.replace(" ", '</span> <span class="n">') + "</span>"


def nbsp(text: str) -> str:
    return text.replace("    ", "&nbsp;&nbsp;&nbsp;&nbsp;")


def filled(form: str) -> str:
    """A form with the code in it: as a whole, in spans, its lines apart by breaks, and what is in [[ ]] for each line."""
    form = re.sub(
        r"\[\[(.*?)\]\]",
        lambda m: "".join(
            m[1].format(n=n, html=spans(line), bare=nbsp(line)) for n, line in enumerate(LINES, 1)
        ),
        form,
    )
    numbers = "<br>".join(str(n) for n in range(1, 6))
    for name, text in {
        "CODE": CODE, "SPANS": spans(CODE), "NUMBERS": numbers, "BREAKS": "<br>".join(LINES),
        "FOLDED": "<br />\n".join(map(nbsp, LINES)),
    }.items():  # fmt: skip
        form = form.replace(name, text)
    return form


FORMS = {
    "pre": "<pre>CODE</pre>",
    "pre with code": '<pre><code class="language-python">SPANS</code></pre>',
    "pygments, numbers in a table": '<table class="highlighttable"><tr><td class="linenos"><pre>NUMBERS</pre></td>'
    '<td class="code"><div class="highlight"><pre><span></span>SPANS\n</pre></div></td></tr></table>',
    "rouge, a table in the pre": '<div class="highlight"><pre class="highlight"><code><table class="rouge-table"><tr>'
    '<td class="rouge-gutter gl"><pre class="lineno">NUMBERS</pre></td>'
    '<td class="rouge-code"><pre>SPANS\n</pre></td></tr></table></code></pre></div>',
    "hexo, a figure": '<figure class="highlight python"><table><tr><td class="gutter"><pre>NUMBERS</pre></td>'
    '<td class="code"><pre>[[<span class="line">{html}</span><br>]]</pre></td></tr></table></figure>',
    "SyntaxHighlighter, no pre": '<div class="syntaxhighlighter python"><table><tr><td class="gutter">'
    '[[<div class="line number{n}">{n}</div>]]</td><td class="code"><div class="container">'
    '[[<div class="line number{n}"><code>{bare}</code></div>]]</div></td></tr></table></div>',
    "gist, a row a line": '<div class="gist"><div class="blob-wrapper"><table class="highlight">[[<tr>'
    '<td class="blob-num"></td><td class="blob-code blob-code-inner">{html}</td></tr>]]</table></div></div>',
    "crayon": '<div class="crayon-syntax"><table><tr><td class="crayon-nums">[[<div>{n}</div>]]</td>'
    '<td class="crayon-code"><div class="crayon-pre">[[<div class="crayon-line">{bare}</div>]]</div></td></tr></table></div>',
    "highlight.js with numbers": '<pre><code class="hljs"><table class="hljs-ln">[[<tr><td class="hljs-ln-numbers">{n}</td>'
    '<td class="hljs-ln-line hljs-ln-code">{html}</td></tr>]]</table></code></pre>',
    "prettify, an item a line": '<pre class="prettyprint"><ol class="linenums">[[<li>{html}</li>]]</ol></pre>',
    "a box a line in the pre": "<pre><code>[[<div class=ec-line><div>{html}</div></div>]]</code></pre>",
    "a break a line in the pre": '<pre class="graf">BREAKS</pre>',
    "code with breaks": "<p><code>FOLDED</code></p>",
    "a box named code": '<div class="code">FOLDED</div>',
    "boxes in a box named so": '<div class="codeblock">[[<div class=line>{bare}</div>]]</div>',
    "listing": "<listing>CODE</listing>",
    "a layout table": "<table width='100%'><tr><td><pre>CODE</pre></td></tr></table>",
    "a quote": "<blockquote><pre>CODE</pre></blockquote>",
}


def blocks_of(form: str, before: int) -> list[Block]:
    body = [f"<p>{text}</p>" for text in PROSE]
    body.insert(before, filled(form))
    page = f"<title>A card under the lamp</title><body><article><h1>A card under the lamp</h1>{''.join(body)}</article>"
    return list(read(extract(page, "https://example.org/a").html))


@pytest.mark.parametrize("before", [0, 2, 3], ids=["first", "within", "last"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_code_is_one_block_with_all_its_lines(form: str, before: int) -> None:
    blocks = blocks_of(form, before)
    inner = [each for block in blocks for each in getattr(block, "blocks", (block,))]
    assert [block.text for block in inner if isinstance(block, Code)] == [CODE]
    assert [plain(block.runs) for block in inner if isinstance(block, Paragraph)] == list(PROSE)


@pytest.mark.parametrize(
    "opening",
    [
        '<pre data-lang="python">', '<pre class="brush: python; gutter: false">', '<pre class="lang-python prettyprint">',
        '<div class="highlight-source-python"><pre>', '<div class="language-python highlighter-rouge"><div><pre>',
    ],
)  # fmt: skip
def test_the_language_of_code_is_told_wherever_it_is_named(opening: str) -> None:
    (block,) = (b for b in blocks_of(f"{opening}CODE</pre></div></div>", 1) if isinstance(b, Code))
    assert block == Code(CODE, "python")


def test_numbers_in_a_table_of_facts_are_no_line_numbers() -> None:
    table = "<table><tr><th>Night<th>Cards</tr><tr><td>Monday<td class=num>12</tr><tr><td>Tuesday<td class=num>9</tr></table>"
    (block,) = (b for b in blocks_of(table, 2) if isinstance(b, Table))
    assert [[plain(cell) for cell in row] for row in block.rows] == [
        ["Night", "Cards"], ["Monday", "12"], ["Tuesday", "9"],
    ]  # fmt: skip


def test_lines_of_a_poem_are_no_code() -> None:
    poem = "<div class=verse><div class=line>The lamp is out,</div><div class=line>the card is gone.</div></div>"
    assert not [b for b in blocks_of(poem, 2) if isinstance(b, Code)]


def test_the_caption_of_a_table_or_of_code_is_kept() -> None:
    table = "<table><tr><th>Night<th>Cards</tr><tr><td>Monday<td>12</tr></table>"
    (block,) = (
        b
        for b in blocks_of(f"<figure>{table}<figcaption>Cards by night</figcaption></figure>", 2)
        if isinstance(b, Table)
    )
    assert plain(block.caption) == "Cards by night"
    code = blocks_of("<figure><figcaption>Listing 1</figcaption><pre>CODE</pre></figure>", 2)
    assert "Listing 1" in [plain(b.runs) for b in code if isinstance(b, Paragraph)]


@pytest.mark.parametrize(
    "source",
    [
        "<p><img src='/1.png' width=600></p><p>Gambar 1: Laci sebelum dibuka.</p>",
        "<div><img src='/1.png' width=600><span>Abbildung 1: Die Schublade von oben.</span></div>",
        "<p><a href='/1'><img src='/1.png' width=600></a><br><em>Fig. 1. The drawer, before it was opened.</em></p>",
    ],
)
def test_a_line_under_a_picture_that_is_labelled_is_its_caption(source: str) -> None:
    blocks = blocks_of(source, 2)
    (figure,) = (b for b in blocks if isinstance(b, Figure))
    assert "1" in plain(figure.caption)
    assert [plain(b.runs) for b in blocks if isinstance(b, Paragraph)] == list(PROSE)
