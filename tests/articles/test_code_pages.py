"""Code in the markup of today's platforms: each block with its lines, blanks and language, without buttons and numbers."""

from __future__ import annotations

import re
from html import escape

import pytest

from bacatui.articles import extract
from bacatui.document import Code, Listing, Paragraph, plain, read, walk

PROSE = (
    "The night desk keeps a small program beside the lamp, and every evening somebody asks what it does with the cards.",
    "It reads the drawer once, counts what is left in there, and prints the number on a strip of paper for the porter.",
    "In the second year we wrote it anew, because the old one could not count beyond ninety-nine cards in one night.",
)
CODE = "def count(drawer):\n    total = 0\n\n    for card in drawer:\n        if total < 99:\n            total += 1\n    return total"
LINES = CODE.split("\n")


def spans(text: str) -> str:
    """A line as highlighters write it: words in spans, blanks before and between them."""
    return re.sub(
        r"[a-z_]+|&lt;",
        lambda match: f'<span class="n">{match[0]}</span>',
        escape(text, quote=False),
    )


def filled(form: str) -> str:
    """SPANS and CODE: the whole; PLAIN: without markup; [[…]]: once for each line, with {html}, {bare} and its number {n}."""
    form = re.sub(
        r"\[\[(.*?)\]\]",
        lambda m: "".join(
            m[1].format(n=n, html=spans(line), bare=escape(line)) for n, line in enumerate(LINES, 1)
        ),
        form,
        flags=re.DOTALL,
    )
    return form.replace("SPANS", spans(CODE)).replace("CODE", escape(CODE, quote=False))


PAGES = {  # platform: language, form
    "Hugo, Chroma in a table": ("python", '<div class="highlight"><div class="chroma"><table class="lntable"><tr><td class="lntd"><pre tabindex="0" class="chroma"><code>[[<span class="lnt" id="hl-0-{n}"><a class="lnlinks" href="#hl-0-{n}">{n}</a>\n</span>]]</code></pre></td>'
        '<td class="lntd"><pre tabindex="0" class="chroma"><code class="language-python" data-lang="python">[[<span class="line"><span class="cl">{html}\n</span></span>]]</code></pre></td></tr></table></div></div>'),
    "Hugo, Chroma with numbers in line": ("python", '<div class="highlight"><pre tabindex="0" style="color:#f8f8f2"><code class="language-python" data-lang="python">[[<span style="display:flex;"><span style="white-space:pre;-webkit-user-select:none;user-select:none;margin-right:0.4em;padding:0 0.4em 0 0.4em;color:#7f7f7f">{n}</span><span>{html}\n</span></span>]]</code></pre></div>'),
    "Hugo, Chroma numbers by class": ("python", '<div class="highlight"><pre tabindex="0" class="chroma"><code class="language-python" data-lang="python">[[<span class="line"><span class="ln">{n}</span><span class="cl">{html}\n</span></span>]]</code></pre></div>'),
    "Astro, Expressive Code": ("python", '<div class="expressive-code"><figure class="frame has-title not-content"><figcaption class="header"><span class="title">lamp.py</span></figcaption><pre data-language="python" tabindex="0"><code>[[<div class="ec-line"><div class="gutter"><div class="ln" aria-hidden="true">{n}</div></div><div class="code">{html}</div></div>]]</code></pre><div class="copy"><div aria-live="polite"></div><button title="Copy to clipboard" data-copied="Copied!"><div></div></button></div></figure></div>'),
    "VitePress, Shiki": ("python", '<div class="language-python vp-adaptive-theme line-numbers-mode"><button title="Copy Code" class="copy"></button><span class="lang">python</span><pre class="shiki shiki-themes github-light github-dark vp-code" tabindex="0"><code>[[<span class="line">{html}</span>\n]]</code></pre><div class="line-numbers-wrapper" aria-hidden="true">[[<span class="line-number">{n}</span><br>]]</div></div>'),
    "Prism with toolbar and rows": ("python", '<div class="code-toolbar"><pre class="line-numbers language-python" tabindex="0"><code class="language-python">SPANS<span aria-hidden="true" class="line-numbers-rows">[[<span></span>]]</span></code></pre><div class="toolbar"><div class="toolbar-item"><span>Python</span></div><div class="toolbar-item"><button class="copy-to-clipboard-button" type="button"><span>Copy</span></button></div></div></div>'),
    "GitHub": ("python", '<div class="highlight highlight-source-python notranslate position-relative overflow-auto" dir="auto"><pre>SPANS</pre><div class="zeroclipboard-container"><clipboard-copy aria-label="Copy" class="ClipboardButton btn" value="CODE" tabindex="0" role="button"><svg></svg></clipboard-copy></div></div>'),
    "GitLab": ("python", '<div class="gl-relative markdown-code-block js-markdown-code"><pre data-sourcepos="9:1-15:3" data-canonical-lang="python" class="code highlight js-syntax-highlight language-python" v-pre="true"><code>[[<span id="LC{n}" class="line" lang="python">{html}</span>\n]]</code></pre><copy-code><button aria-label="Copy to clipboard"></button></copy-code></div>'),
    "GitHub, a file": ("", '<div class="blob-wrapper"><table class="highlight tab-size js-file-line-container" data-tab-size="4">[[<tr><td id="L{n}" class="blob-num js-line-number" data-line-number="{n}"></td><td id="LC{n}" class="blob-code blob-code-inner js-file-line">{html}</td></tr>\n]]</table></div>'),
    "a gist in a page": ("python", '<div id="gist123" class="gist"><div class="gist-file" translate="no"><div class="gist-data"><div class="js-gist-file-update-container"><div class="file-box"><div class="Box-body p-0 blob-wrapper data type-python"><div class="js-check-bidi"><table class="highlight tab-size">[[<tr><td id="file-lamp-py-L{n}" class="blob-num js-line-number js-blob-rnum" data-line-number="{n}"></td><td id="file-lamp-py-LC{n}" class="blob-code blob-code-inner js-file-line">{html}</td></tr>\n]]</table></div></div></div></div></div><div class="gist-meta"><a href="https://gist.github.com/x/1/raw">view raw</a> <a href="https://gist.github.com/x/1">lamp.py</a> hosted with ❤ by <a href="https://github.com">GitHub</a></div></div></div>'),
    "Medium": ("", '<pre class="oz pa pb pc"><span id="4ab1" class="pq nr fq pn b">[[{html}<br>]]</span></pre>'),
    "Medium, old": ("", '<pre name="a1" id="a1" class="graf graf--pre graf-after--p">[[{bare}<br>]]</pre>'),
    "dev.to": ("python", '<div class="highlight js-code-highlight">\n<pre class="highlight python"><code>SPANS\n</code></pre>\n<div class="highlight__panel js-actions-panel"><div class="highlight__panel-action js-fullscreen-code-action"><svg xmlns="http://www.w3.org/2000/svg" class="highlight-action"><title>Enter fullscreen mode</title></svg><svg><title>Exit fullscreen mode</title></svg></div></div></div>'),
    "Stack Overflow": ("python", '<pre class="lang-py s-code-block"><code class="hljs language-python">SPANS\n</code></pre>'),
    "Docusaurus": ("python", '<div class="language-python codeBlockContainer_Ckt0 theme-code-block" style="--prism-color:#393A34"><div class="codeBlockTitle_Ktv7">lamp.py</div><div class="codeBlockContent_biex"><pre tabindex="0" class="prism-code language-python codeBlock_bY9V thin-scrollbar"><code class="codeBlockLines_e6Vv">[[<span class="token-line" style="color:#393A34"><span class="token plain">{html}</span><br></span>]]</code></pre><div class="buttonGroup__atx"><button type="button" aria-label="Copy code to clipboard" class="clean-btn"><span class="copyButtonIcons_eSgA" aria-hidden="true">Copy</span></button></div></div></div>'),
    "Sphinx with numbers in line": ("python", '<div class="literal-block-wrapper docutils container" id="id1"><div class="code-block-caption"><span class="caption-text">lamp.py</span><a class="headerlink" href="#id1" title="Link to this code">¶</a></div><div class="highlight-python notranslate"><div class="highlight"><pre id="codecell1"><span></span>[[<span class="linenos">{n}</span>{html}\n]]</pre><button class="copybtn o-tooltip--left" data-tooltip="Copy" data-clipboard-target="#codecell1"><svg></svg></button></div></div></div>'),
    "MkDocs Material": ("python", '<div class="language-python highlight"><span class="filename">lamp.py</span><pre id="__code_0"><span></span><button class="md-clipboard md-icon" title="Copy to clipboard"></button><code>[[<a id="__codelineno-0-{n}" name="__codelineno-0-{n}" href="#__codelineno-0-{n}"></a>{html}\n]]</code></pre></div>'),
    "MkDocs Material with a table": ("python", '<div class="language-python highlight"><table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre><span></span>[[<span class="normal">{n}</span>\n]]</pre></div></td><td class="code"><div><pre id="__code_1"><span></span><code>SPANS\n</code></pre></div></td></tr></table></div>'),
    "Confluence": ("python", '<div class="code panel pdl conf-macro output-block" data-hasbody="true" data-macro-name="code"><div class="codeHeader panelHeader pdl"><b>lamp.py</b></div><div class="codeContent panelContent pdl"><pre class="syntaxhighlighter-pre" data-syntaxhighlighter-params="brush: python; gutter: true; theme: Confluence" data-theme="Confluence">CODE</pre></div></div>'),
    "Confluence, shown": ("python", '<div class="code panel pdl"><div class="codeContent panelContent pdl"><div><div class="syntaxhighlighter sh-confluence nogutter python"><table border="0" cellpadding="0" cellspacing="0"><tbody><tr><td class="code"><div class="container" title="Hint: double-click to select code">[[<div class="line number{n} index{n} alt1"><code class="python plain">{html}</code></div>]]</div></td></tr></tbody></table></div></div></div></div>'),
    "Blogger, prettyprint": ("", '<pre class="prettyprint linenums prettyprinted"><ol class="linenums">[[<li class="L{n}"><span class="pln">{html}</span></li>]]</ol></pre>'),
    "Blogger, a box with breaks": ("", '<div style="background: #f0f3f3; border-width: .1em .1em .1em .8em; overflow: auto; padding: .2em .6em;"><pre style="line-height: 125%; margin: 0;">SPANS\n</pre></div>'),
    "Ghost": ("python", '<figure class="kg-card kg-code-card kg-card-hascaption"><pre><code class="language-python">CODE</code></pre><figcaption>lamp.py</figcaption></figure>'),
    "Gatsby with marked lines": ("python", '<div class="gatsby-highlight has-highlighted-lines" data-language="python"><pre style="counter-reset: linenumber NaN" class="language-python line-numbers"><code class="language-python">[[<span class="gatsby-highlight-code-line">{html}</span>]]</code><span aria-hidden="true" class="line-numbers-rows" style="white-space: normal;">[[<span></span>]]</span></pre></div>'),
    "Qiita": ("python", '<div class="code-frame" data-lang="python"><div class="code-lang"><span class="bold">lamp.py</span></div><div class="highlight"><pre><code>SPANS\n</code></pre></div></div>'),
    "Zenn": ("python", '<div class="code-block-container"><div class="code-block-filename-container"><span class="code-block-filename">lamp.py</span></div><pre class="language-python"><code class="language-python code-line" data-line="4">SPANS\n</code></pre></div>'),
    "Asciidoctor": ("python", '<div class="listingblock"><div class="title">lamp.py</div><div class="content"><pre class="highlightjs highlight"><code class="language-python hljs" data-lang="python">SPANS</code></pre></div></div>'),
    "Notion": ("python", '<pre id="1f2e" class="code"><code class="language-Python" style="white-space:pre-wrap;word-break:break-all">CODE</code></pre>'),
    "WordPress, Enlighter shown": ("", '<div class="enlighter-default enlighter-v-standard enlighter-t-enlighter"><div class="enlighter-toolbar"><div class="enlighter-btn enlighter-btn-raw"></div></div><div class="enlighter-code"><div class="enlighter enlighter-hover">[[<div class=""><div><span class="enlighter-text">{html}</span></div></div>]]</div><pre class="enlighter-raw">CODE</pre></div></div>'),
    "WordPress, Urvanov": ("", '<div class="urvanov-syntax-highlighter-syntax crayon-theme-classic" data-settings=" minimize scroll"><div class="crayon-plain-wrap"><textarea class="crayon-plain print-no">CODE</textarea></div><div class="urvanov-syntax-highlighter-main"><table class="crayon-table"><tr class="urvanov-syntax-highlighter-row"><td class="crayon-nums" data-settings="show"><div class="urvanov-syntax-highlighter-nums-content">[[<div class="crayon-num" data-line="{n}">{n}</div>]]</div></td><td class="urvanov-syntax-highlighter-code"><div class="crayon-pre">[[<div class="crayon-line" id="c-{n}">{html}</div>]]</div></td></tr></table></div></div>'),
    "Rust's books": ("python", '<pre><div class="buttons"><button class="fa fa-copy clip-button" title="Copy to clipboard" aria-label="Copy to clipboard"></button></div><code class="language-python hljs">SPANS\n</code></pre>'),
    "Discourse": ("python", '<pre data-code-wrap="python" class="codeblock-buttons"><div class="code-wrap"><code class="hljs language-python">SPANS\n</code><div class="codeblock-button-wrapper"><button class="btn copy-cmd">Copy</button></div></div></pre>'),
}  # fmt: skip


def page_of(middle: str) -> str:
    title = "The program beside the lamp"
    one, two, three = (f"<p>{text}</p>" for text in PROSE)
    return f"<!doctype html><html lang=en><title>{title}</title><body><main><article><h1>{title}</h1>{one}{two}{middle}{three}</article></main>"


@pytest.mark.parametrize(("language", "form"), PAGES.values(), ids=PAGES)
def test_a_platforms_code_keeps_its_text_and_language(language: str, form: str) -> None:
    article = extract(page_of(filled(form)), "https://loose.example/lamp")
    blocks = list(walk(read(article.html)))
    assert [block for block in blocks if isinstance(block, Code)] == [Code(CODE, language)]
    assert not any(isinstance(block, Listing) for block in blocks)
    told = {plain(block.runs) for block in blocks if isinstance(block, Paragraph)}
    assert set(PROSE) <= told and told - set(PROSE) <= {"lamp.py"}


EXACT = {
    "a session with prompts": ("pycon", '<div class="highlight-pycon notranslate"><div class="highlight"><pre id="codecell0"><span></span><span class="gp">&gt;&gt;&gt; </span><span class="kn">import</span> <span class="nn">lamp</span>\n<span class="gp">&gt;&gt;&gt; </span><span class="n">lamp</span><span class="o">.</span><span class="n">count</span><span class="p">()</span>\n<span class="go">11</span>\n</pre><button class="copybtn" data-tooltip="Copy"></button></div></div>',
        ">>> import lamp\n>>> lamp.count()\n11"),
    "a shell": ("console", '<pre class="console"><code class="language-console"><span class="hljs-meta">$ </span>lamp --count\n11 cards\n<span class="hljs-meta"># </span>poweroff\n</code></pre>', "$ lamp --count\n11 cards\n# poweroff"),
    "samp with breaks": ("", "<p><samp>$ lamp --count<br>11 cards<br>$ _</samp></p>", "$ lamp --count\n11 cards\n$ _"),
    "a diff": ("diff", '<div class="language-diff highlighter-rouge"><div class="highlight"><pre class="highlight"><code><span class="gd">-    return total\n</span><span class="gi">+    return total + 1\n</span> # end\n</code></pre></div></div>', "-    return total\n+    return total + 1\n # end"),
    "a drawing": ("", "<pre>\n +------+      +------+\n | lamp |----->| card |\n +------+      +------+\n</pre>", " +------+      +------+\n | lamp |----->| card |\n +------+      +------+"),
    "one line": ("bash", '<pre><code class="language-bash">npm install lamp</code></pre>', "npm install lamp"),
    "tabs": ("bash", '<div class="tabs-container"><ul role="tablist" aria-orientation="horizontal" class="tabs"><li role="tab" tabindex="0" aria-selected="true" class="tabs__item tabs__item--active">npm</li><li role="tab" tabindex="-1" class="tabs__item">Yarn</li></ul><div class="margin-top--md"><div role="tabpanel"><div class="language-bash codeBlockContainer_x"><pre class="prism-code language-bash"><code><span class="token-line">npm install lamp<br></span></code></pre></div></div><div role="tabpanel" hidden=""><div class="language-bash codeBlockContainer_x"><pre class="prism-code language-bash"><code><span class="token-line">yarn add lamp<br></span></code></pre></div></div></div></div>', "npm install lamp"),
    "a notebook": ("ipython3", '<div class="jp-Cell jp-CodeCell jp-Notebook-cell"><div class="jp-Cell-inputWrapper"><div class="jp-InputArea jp-Cell-inputArea"><div class="jp-InputPrompt jp-InputArea-prompt">In [1]:</div><div class="jp-CodeMirrorEditor jp-Editor jp-InputArea-editor" data-type="inline"><div class="cm-editor cm-s-jupyter"><div class="highlight hl-ipython3"><pre><span></span><span class="kn">import</span> <span class="nn">lamp</span>\n<span class="n">lamp</span><span class="o">.</span><span class="n">count</span><span class="p">()</span>\n</pre></div></div></div></div></div><div class="jp-Cell-outputWrapper"><div class="jp-OutputArea jp-Cell-outputArea"><div class="jp-OutputArea-child"><div class="jp-OutputPrompt jp-OutputArea-prompt">Out[1]:</div><div class="jp-RenderedText jp-OutputArea-output" data-mime-type="text/plain"><pre>11</pre></div></div></div></div></div>', "import lamp\nlamp.count()"),
    "an old notebook": ("ipython3", '<div class="cell border-box-sizing code_cell rendered"><div class="input"><div class="prompt input_prompt">In&nbsp;[1]:</div><div class="inner_cell"><div class="input_area"><div class=" highlight hl-ipython3"><pre><span></span>lamp.count()\n</pre></div></div></div></div><div class="output_wrapper"><div class="output"><div class="output_area"><div class="prompt output_prompt">Out[1]:</div><div class="output_text output_subarea output_execute_result"><pre>11</pre></div></div></div></div></div>', "lamp.count()"),
    "tabs inside lines": ("make", '<pre><code class="language-make">all:\n\tlamp --count\n\n\n.PHONY: all\n</code></pre>', "all:\n    lamp --count\n\n\n.PHONY: all"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "form", "text"), EXACT.values(), ids=EXACT)
def test_sessions_drawings_and_notebooks_are_told_as_they_are(
    language: str, form: str, text: str
) -> None:
    blocks = list(walk(read(extract(page_of(form), "https://loose.example/lamp").html)))
    codes = [block for block in blocks if isinstance(block, Code)]
    assert codes[0] == Code(text, language)
    assert [block.text for block in codes[1:]] in ([], ["11"], ["yarn add lamp"])
    told = [plain(block.runs) for block in blocks if isinstance(block, Paragraph)]
    assert [each for each in told if each not in ("In [1]:", "Out[1]:", "npm", "Yarn")] == list(
        PROSE
    )
