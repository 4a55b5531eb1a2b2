"""Pages as the software makes them that most of the web is written with: the article, and nothing of the page."""

from __future__ import annotations

import pytest

from bacatui.articles import extract

TITLE = "The card under the lamp"
ONE, TWO, THREE, FOUR = (
    "The clerk typed the number twice and waited for the printer to wake, and nothing moved except the fan above the door.",
    "She wrote the total on a card, folded it, and put it under the lamp where anyone who wanted to could look at it.",
    "By evening the card was gone, the lamp stood a hand to the left, and three people had keys to the room on the landing.",
    "Only one of them had ever asked what the total was, and he had left the building before noon, or so the porter said.",
)
P1, P2, P3, P4 = (f"<p>{text}</p>" for text in (ONE, TWO, THREE, FOUR))
NAME, DATE = "Ida Holm", "2024-09-02"
META = (
    f"<title>{TITLE} – Loose Ends</title><meta property=og:title content='{TITLE}'><meta property=og:site_name content='Loose Ends'>"
    f"<meta property=article:published_time content={DATE}T05:40:00Z><meta name=author content='{NAME}'>"
)
CARDS = "".join(
    f"<article><h3><a href=/{n}>{name}</a></h3></article>"
    for n, name in enumerate(("Fan", "Porter", "Two keys"))
)

PAGES = {
    "blogger": f"""{META}<div class='main section'><div class='widget Blog'><div class='blog-posts hfeed'><div class='date-outer'>
        <h2 class='date-header'><span>Monday, September 2, 2024</span></h2><div class='post hentry'><h3 class='post-title entry-title'>{TITLE}</h3>
        <div class='post-body entry-content'><div dir=ltr style='text-align:left'>{ONE}<br/><br/>{TWO}<br/><br/>
        <table class='tr-caption-container' align=center><tbody><tr><td><a href='https://blogger.example/s1600/l.jpg'><img src='https://blogger.example/s320/l.jpg' width=320 height=240></a></td></tr><tr><td class='tr-caption'>The lamp.</td></tr></tbody></table>
        {THREE}<br/><br/>{FOUR}</div></div><div class='post-footer'><div class='post-footer-line'><span class='post-author vcard'>Posted by <span class=fn>{NAME}</span></span>
        <span class='post-timestamp'>at <a href=/p>5:40 AM</a></span></div><div class='post-share-buttons'><a href=#>Email This</a><a href=#>BlogThis!</a></div>
        <div class='post-labels'>Labels: <a href=/l>lamps</a></div></div></div></div></div></div>
        <div class=comments id=comments><h4>No comments:</h4><h4>Post a Comment</h4></div><div class=blog-pager><a href=/n>Newer Post</a> <a href=/>Home</a></div></div>
        <div class=sidebar><div class='widget BlogArchive'><h2>Blog Archive</h2><ul><li><a href=/2024>2024 (12)</a></li></ul></div></div>""",
    "medium": f"""{META}<div><a href=/>Open in app</a><a href=/u>Sign up</a><a href=/i>Sign in</a></div><article><div><section><h1 class=pw-post-title>{TITLE}</h1>
        <div class=speechify-ignore><a rel=author href=/@ida>{NAME}</a> · <a href=#>Follow</a><span>3 min read</span> · <span>Sep 2, 2024</span></div>
        <div class=speechify-ignore><span>12</span><span>Listen</span><span>Share</span></div><figure><img src=https://miro.example/1.jpg width=700 height=400><figcaption>The lamp.</figcaption></figure>
        {P1}{P2}<p class=pw-post-body-paragraph>{THREE}</p>{P4}</section></div></article><div><a href=/tag/office>Office</a><a href=/tag/lamps>Lamps</a></div>
        <div><h2><a href=/@ida>Written by {NAME}</a></h2><p>214 Followers</p><button>Follow</button></div><div><h2>Responses (1)</h2></div><h2>More from {NAME}</h2>{CARDS}<h2>Recommended from Medium</h2>{CARDS}""",
    "substack": f"""{META}<div class=main-menu><a href=/>Loose Ends</a><button>Subscribe</button></div><article class='newsletter-post post'><div class=post-header><h1 class='post-title published'>{TITLE}</h1>
        <h3 class=subtitle>What an office does with a number</h3><div class=byline-wrapper><a href=/@ida>{NAME}</a><div>Sep 02, 2024</div></div><div class=post-ufi><a>12</a><a>3</a><div>Share</div></div></div>
        <div class='available-content'><div class='body markup'>{P1}{P2}<div class='subscription-widget-wrap'><div class=subscription-widget><div class=preamble><p class=cta-caption>Loose Ends is a reader-supported publication. To receive new posts and support my work, consider becoming a free or paid subscriber.</p></div><form><input><button>Subscribe</button></form></div></div>
        {P3}<p class=button-wrapper><a class='button primary' href=/share><span>Share</span></a></p>{P4}</div></div><div class=visibility-check></div><div class='post-footer'><a>12 Likes</a><a href=/restacks>2 Restacks</a></div></article>
        <div class='single-post-section comments-section'><h4>Discussion about this post</h4><div class=comment><p>Lovely piece, thank you.</p></div></div><div class=portable-archive><div>Top</div><div>Latest</div>{CARDS}</div>""",
    "ghost": f"""{META}<main class=gh-main><article class='gh-article post tag-office'><header class='gh-article-header'><a class=gh-article-tag href=/tag/office>Office</a><h1 class=gh-article-title>{TITLE}</h1>
        <p class=gh-article-excerpt>What an office does with a number</p><div class=gh-article-meta><h4 class=gh-article-author-name><a href=/author/ida>{NAME}</a></h4><time datetime={DATE}>Sep 2, 2024</time> <span>— 3 min read</span></div></header>
        <section class='gh-content gh-canvas'>{P1}{P2}<div class='kg-card kg-bookmark-card'><a class=kg-bookmark-container href=https://fan.example/><div class=kg-bookmark-content><div class=kg-bookmark-title>Fans</div></div></a></div>{P3}{P4}
        <div class='kg-card kg-signup-card'><h2>Sign up for Loose Ends</h2><p>No spam. Unsubscribe anytime.</p></div></section></article><div class=gh-comments><h2>Member discussion</h2></div><div class=gh-related>{CARDS}</div></main>""",
    "discourse": f"""{META}<div id=main-outlet><div id=topic-title><h1><a href=/t/1>{TITLE}</a></h1><div class=topic-category><a href=/c/office><span>Office</span></a></div></div>
        <div itemscope itemtype=http://schema.org/DiscussionForumPosting><div id=post_1 class='topic-body crawler-post'><div class=crawler-post-meta><span class=creator itemprop=author itemscope><a itemprop=url href=/u/ida><span itemprop=name>{NAME}</span></a></span>
        <span class=crawler-post-infos><time itemprop=datePublished datetime={DATE}T05:40:00Z>September 2, 2024, 5:40am</time><span itemprop=position>1</span></span></div><div class=post itemprop=text>{P1}{P2}{P3}{P4}</div>
        <div itemprop=interactionStatistic><span>3 Likes</span></div></div></div></div>""",
    "jannah": f"""{META}<div class='container-wrapper post-content'><header class='entry-header-outer'><nav id=breadcrumb><a href=/>Home</a> / <a href=/o>Office</a></nav><div class=entry-header><span class=post-cat-wrap><a class='post-cat tie-cat-1' href=/o>Office</a></span><h1 class='post-title entry-title'>{TITLE}</h1>
        <div class='single-post-meta post-meta'><span class='author-meta'><a href=/author/ida>{NAME}</a></span><span class='date meta-item'>September 2, 2024</span><div class=tie-alignright><span class='meta-comment'>0</span><span class='meta-views'>214</span> <span class='meta-reading-time'>Less than a minute</span></div></div></div></header>
        <div class='entry-content entry clearfix'>{P1}{P2}<div id=inline-related-post class='mag-box mini-posts-box'><div class=container-wrapper><div class='widget-title the-global-title'><div class=the-subtitle>Related Articles</div></div><ul class=posts-list-items><li><h3><a href=/1>Fan above the door</a></h3><span class='date meta-item'>August 1, 2024</span></li></ul></div></div>{P3}{P4}
        <div class='post-bottom-meta post-bottom-tags'><div class=post-bottom-meta-title>Tags</div><span class=tagcloud><a href=/t>lamps</a></span></div></div><div id=share-buttons-bottom class='share-buttons'><a href=#>Facebook</a><a href=#>X</a></div></div>
        <div id=related-posts class='container-wrapper'><div class=mag-box-title><h3>Related Articles</h3></div>{CARDS}</div><div id=comments><h3>Leave a Reply</h3><p>Your email address will not be published.</p></div>""",
    "foxiz": f"""{META}<article class='post type-post status-publish category-office tag-lamps hentry'><header class=single-header><div class=s-cats><a class=p-category href=/o>Office</a></div><h1 class=s-title>{TITLE}</h1><h2 class=s-tagline>What an office does with a number</h2>
        <div class=single-meta><div class=smeta-in><div class=p-meta><span class='meta-el meta-author'>By <a href=/author/ida>{NAME}</a></span></div><div class=smeta-bottom><time class=updated-date>Last updated: September 2, 2024 5:40 am</time></div></div><div class=smeta-extra><div class=t-shared-sec><span>Share</span></div><div class=single-right-meta>2 Min Read</div></div></div></header>
        <div class='s-ct'><div class='e-ct-outer'><div class='entry-content rbct'><div class='ruby-table-contents'><div class='toc-header'>Contents</div><div class=toc-content><a href=#a>The lamp</a></div></div>{P1}{P2}<div class='related-sec related-1'><div class='inner'><div class='block-h'><div class='heading-inner'><h2 class='heading-title'><span>More Read</span></h2></div></div>{CARDS}</div></div>{P3}{P4}</div></div>
        <div class='e-shared-sec entry-sec'><div class=e-shared-header><span>Share This Article</span></div><a href=#>Facebook</a><a href=#>Copy Link</a></div></div></article><div class='comment-box-wrap'><h4>Leave a Comment</h4></div>""",
    "press-release": f"""{META}<form id=aspnetForm><table width=100%><tr><td colspan=2><a href=/>Home</a> | <a href=/news>News</a> | <a href=/contact>Contact</a></td></tr><tr><td width=180 valign=top><table><tr><td><a href=/a>About the ministry</a></td></tr><tr><td><a href=/b>Services</a></td></tr><tr><td><a href=/c>Tenders</a></td></tr></table></td>
        <td valign=top><table width=100%><tr><td class=ctl00_title><h1>{TITLE}</h1></td></tr><tr><td class=date>Date: 02 September 2024</td></tr><tr><td class=body>{P1}{P2}{P3}{P4}</td></tr><tr><td><a href='javascript:print()'>Print</a> <a href=/back>Back</a></td></tr></table></td></tr><tr><td colspan=2>© 2024 Ministry of Lamps. All rights reserved.</td></tr></table></form>""",
    "mediawiki": f"""{META}<div id=content class=mw-body><h1 id=firstHeading class=firstHeading>{TITLE}</h1><div id=bodyContent><div id=siteSub>From Loose Ends</div><div id=jump-to-nav></div><a class=mw-jump-link href=#p>Jump to navigation</a>
        <div id=mw-content-text class=mw-content-ltr><div class=mw-parser-output>{P1}<div id=toc class=toc><div class=toctitle><h2>Contents</h2></div><ul><li><a href=#T>1 Total</a></li><li><a href=#L>2 Later</a></li></ul></div>{P2}{P3}{P4}</div><div class=printfooter>Retrieved from "<a href=/i>https://loose.example/i</a>"</div></div>
        <div id=catlinks class=catlinks>Category: <a href=/c>Lamps</a></div></div></div><div id=mw-navigation><h2>Navigation menu</h2><ul><li><a href=/talk>Talk</a></li></ul></div>""",
    "kadence": f"""{META}<div id=primary class=content-area><article class='entry content-bg single-entry post type-post category-office hentry'><div class=entry-content-wrap><header class='entry-header post-title'><div class=entry-taxonomies><a href=/o>Office</a></div><h1 class=entry-title>{TITLE}</h1><div class='entry-meta'><span class=posted-by><span class=meta-label>By</span><span class='author vcard'><a class='url fn n' href=/author/ida>{NAME}</a></span></span><span class=posted-on><time class=entry-date datetime={DATE}>September 2, 2024</time></span></div></header>
        <div class='entry-content single-content'>{P1}{P2}<div class='wp-block-kadence-tableofcontents kb-table-of-content-nav'><div class=kb-table-of-contents-title-wrap>Table of Contents</div><ul><li><a href=#a>The lamp</a></li></ul></div>{P3}{P4}<div class='sharedaddy sd-sharing-enabled'><h3 class=sd-title>Share this:</h3><ul><li><a href=#>Tweet</a></li></ul></div><div id=jp-relatedposts class=jp-relatedposts><h3><em>Related</em></h3></div></div>
        <footer class=entry-footer><div class=entry-tags><span>Tags:</span><a href=/t>#lamps</a></div></footer></div></article><nav class='navigation post-navigation'><h2 class=screen-reader-text>Post navigation</h2><div class=nav-previous><a href=/p>Previous Two keys</a></div></nav><div class='entry-related'><h2>Similar Posts</h2>{CARDS}</div><div id=comments><h3>Leave a Reply</h3></div></div>""",
    "amp": f"""<html amp>{META}<header class=amp-wp-header><a href=/>Loose Ends</a></header><article class=amp-wp-article><header class=amp-wp-article-header><h1 class=amp-wp-title>{TITLE}</h1><div class='amp-wp-meta amp-wp-byline'><span class='amp-wp-author author vcard'>{NAME}</span></div><div class='amp-wp-meta amp-wp-posted-on'><time datetime={DATE}>2 days ago</time></div></header>
        <figure class=amp-wp-article-featured-image><amp-img src=/l.jpg width=700 height=400></amp-img></figure><div class=amp-wp-article-content>{P1}{P2}<amp-ad width=300 height=250 type=doubleclick></amp-ad>{P3}{P4}</div><footer class=amp-wp-article-footer><div class='amp-wp-meta amp-wp-tax-category'>Categories: <a href=/o>Office</a></div><div class='amp-wp-meta amp-wp-comments-link'><a href=#r>Leave a Comment</a></div></footer></article><footer class=amp-wp-footer><h2>Loose Ends</h2><a href=#top>Back to top</a></footer>""",
}  # fmt: skip


@pytest.mark.parametrize("software", PAGES)
def test_a_page_comes_out_exact_whatever_software_made_it(software: str) -> None:
    article = extract(f"<!doctype html><html lang=en>{PAGES[software]}", "https://loose.example/a")
    assert [text for text in article.text.split("\n\n") if text != "Fans"] == [
        ONE,
        TWO,
        THREE,
        FOUR,
    ]
    assert (article.title, article.byline, str(article.published)[:10]) == (TITLE, NAME, DATE)


def test_a_question_and_its_answers_keep_their_code() -> None:
    """Stack Exchange: the answers are what one came for."""
    code = "<pre class='lang-py s-code-block'><code class=hljs>with open(path) as f:\n    total = sum(map(int, f))</code></pre>"
    post = (
        "<div class=post-layout><div class=votecell><div class=js-vote-count>{}</div></div><div class=postcell><div class='s-prose js-post-body'>{}</div>"
        "<div class=post-menu><a href=#>Share</a> <a href=#>Improve this answer</a> <a href=#>Follow</a></div></div></div>"
    )
    page = (
        f"<!doctype html><html lang=en><title>python - {TITLE} - Stack</title><div id=question-header><h1>{TITLE}</h1></div><div id=mainbar>"
        f"<div class=question id=question>{post.format(12, P1 + P2)}</div><div id=answers><h2>1 Answer</h2><div class=answer>{post.format(31, P3 + code + P4)}</div></div></div>"
        "<div id=sidebar><h4>Related</h4><a href=/q>How do I count keys?</a></div>"
    )
    article = extract(page, "https://stack.example/questions/1")
    assert all(text in article.text for text in (ONE, TWO, THREE, FOUR))
    assert (
        '<pre data-language="py">\nwith open(path) as f:\n    total = sum(map(int, f))</pre>'
        in article.html
    )
    assert not any(
        word in article.text for word in ("Improve this answer", "How do I count keys", "31")
    )


@pytest.mark.parametrize(
    ("form", "language"),
    [
        ("<div class=highlight><pre tabindex=0 class=chroma><code class=language-go data-lang=go><span class=line><span class=cl><span class=kn>package</span> <span class=nx>main</span>\n</span></span>"
         "<span class=line><span class=cl>\n</span></span><span class=line><span class=cl><span class=kd>func</span> <span class=nf>main</span><span class=p>()</span> <span class=p>{</span><span class=p>}</span></span></span></code></pre></div>", "go"),
        ("<div class='language-go highlighter-rouge'><div class=highlight><pre class=highlight><code><span class=kn>package</span> <span class=n>main</span>\n\n<span class=k>func</span> <span class=n>main</span><span class=p>()</span> <span class=p>{}</span>\n</code></pre></div></div>", "go"),
        ("<div class=highlight><div class=chroma><table class=lntable><tr><td class=lntd><pre class=chroma><code><span class=lnt>1\n</span><span class=lnt>2\n</span><span class=lnt>3\n</span></code></pre></td><td class=lntd><pre class=chroma><code class=language-go data-lang=go>package main\n\nfunc main() {}</code></pre></td></tr></table></div></div>", "go"),
        ("<figure class='highlight go'><table><tr><td class=gutter><pre><span class=line>1</span><br><span class=line>2</span><br><span class=line>3</span><br></pre></td><td class=code><pre><span class=line>package main</span><br><span class=line></span><br><span class=line>func main() {}</span><br></pre></td></tr></table></figure>", "go"),
        ("<pre class='wp-block-code'><code lang=go class='language-go'>package main<br><br>func main() {}</code></pre>", "go"),
        ("<div class=enlighter-default><pre class=EnlighterJSRAW data-enlighter-language=go>package main\n\nfunc main() {}</pre></div>", "go"),
    ],
)  # fmt: skip
def test_code_keeps_its_lines_whatever_highlighter_set_it(form: str, language: str) -> None:
    page = f"<!doctype html><html lang=en><title>{TITLE}</title><body><main><article><h1>{TITLE}</h1>{P1}{P2}{form}{P3}{P4}</article></main>"
    article = extract(page, "https://loose.example/a")
    said = f' data-language="{language}"' if language else ""
    html = article.html.replace("{ }", "{}")
    assert f"<pre{said}>\npackage main\n\nfunc main() {{}}</pre>" in html
    assert article.text.split("\n\n")[:2] == [ONE, TWO] and article.text.endswith(
        f"{THREE}\n\n{FOUR}"
    )


def test_a_letter_in_a_mailing_lists_archive_is_read() -> None:
    """Pipermail sets letters in one `pre`, and says who wrote them in bold."""
    body = "\n\n".join((ONE, TWO, THREE, FOUR))
    page = (
        f"<html><head><title>[lamps] {TITLE}</title></head><body><h1>[lamps] {TITLE}</h1><b>{NAME}</b> <a href='mailto:x'>ida at lamps.example</a><br>"
        f"<i>Mon Sep  2 05:40:00 UTC 2024</i><p><ul><li>Previous message: <a href=1.html>[lamps] Fan</a></li><li>Next message: <a href=2.html>[lamps] Keys</a></li></ul>"
        f"<hr><pre>{body}\n</pre><hr><ul><li>Previous message: <a href=1.html>[lamps] Fan</a></li></ul><a href=/l>More information about the lamps mailing list</a></body></html>"
    )
    article = extract(page, "https://lists.example/pipermail/lamps/2024-September/3.html")
    assert [" ".join(text.split()) for text in article.text.split("\n\n")] == [
        ONE,
        TWO,
        THREE,
        FOUR,
    ]


@pytest.mark.parametrize("name", ["References", "Daftar Pustaka", "参考文献"])
def test_what_an_article_refers_to_is_part_of_it(name: str) -> None:
    """Though nothing but links, as teasers are; those stand under other headings."""
    links = "".join(
        f"<li><a href=https://doi.example/{n}>Holm, I. On lamps, volume {n}</a></li>"
        for n in range(5)
    )
    page = f"<!doctype html><html lang=en>{META}<article><h1>{TITLE}</h1>{P1}{P2}{P3}{P4}<h2>{{}}</h2><ul>{links}</ul></article>"
    assert extract(page.format(name), "https://loose.example/a").html.count("<li>") == 5
    assert (
        extract(page.format("Related articles"), "https://loose.example/a").html.count("<li>") == 0
    )


def test_a_page_without_a_body_tag_is_read_from_its_first_element_on() -> None:
    page = f"<!doctype html><title>{TITLE}</title><meta charset=utf-8><article><h1>{TITLE}</h1>{P1}{P2}{P3}{P4}</article><div>Leave a comment</div>"
    assert extract(page, "https://loose.example/a").text.split("\n\n") == [ONE, TWO, THREE, FOUR]
