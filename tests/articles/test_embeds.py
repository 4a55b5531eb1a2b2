"""Films, sounds, maps and posts in frames: a line that says what there is and leads there, and no word of the text."""

from __future__ import annotations

import pytest

from bacatui.articles import extract, load_rules, reclean
from bacatui.document import read, to_html, to_markdown
from tests.articles.test_structure import PROSE, within


def line(label: str, url: str, more: str = "") -> str:
    return f'<figure class="embed"><a href="{url}">{label}</a>{more}</figure>'


FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("form", "html"),
    [
        ("<div><iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0' title='YouTube video player'></iframe></div>",
         line("Video: youtube.com", FILM)),
        ("<iframe data-src='//www.youtube-nocookie.com/embed/dQw4w9WgXcQ' title='The lamp at night'></iframe>",
         line("Video: youtube.com · The lamp at night", FILM)),
        ("<amp-youtube data-videoid=dQw4w9WgXcQ layout=responsive></amp-youtube>", line("Video: youtube.com", FILM)),
        ("<lite-youtube videoid=dQw4w9WgXcQ></lite-youtube>", line("Video: youtube.com", FILM)),
        ("<object data='https://www.youtube.com/v/dQw4w9WgXcQ'><embed src='https://www.youtube.com/v/dQw4w9WgXcQ'></object>",
         line("Video: youtube.com", FILM)),
        ("<video controls><source src='/film/lamp.mp4'>Your browser shows no films.</video>",
         line("Video", "https://e.org/film/lamp.mp4")),
        ("<iframe src='https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Flamp%2Fvideos%2F7'></iframe>",
         line("Video: facebook.com", "https://www.facebook.com/lamp/videos/7")),
        ("<iframe src='https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/lamp/hum&auto_play=0'></iframe>",
         line("Audio: soundcloud.com", "https://soundcloud.com/lamp/hum")),
        ("<iframe src='https://www.google.com/maps/embed?pb=!1m18'></iframe>",
         line("Map: google.com", "https://www.google.com/maps/embed?pb=!1m18")),
        ("<script src='https://gist.github.com/holm/0a1b2c.js'></script>",
         line("Code: gist.github.com", "https://gist.github.com/holm/0a1b2c")),
        ("<blockquote class=instagram-media data-instgrm-permalink='https://www.instagram.com/p/Cab_12/?utm=1'><p>View this post"
         " on Instagram</p></blockquote>", line("Post: instagram.com", "https://www.instagram.com/p/Cab_12/")),
        ("<figure><iframe src='https://player.vimeo.com/video/12345'></iframe><figcaption>The lamp.</figcaption></figure>",
         line("Video: vimeo.com", "https://vimeo.com/12345", "<br/>The lamp.")),
    ],
)  # fmt: skip
def test_what_stands_in_a_frame_is_named_and_linked(form: str, html: str) -> None:
    assert within(form) == html
    assert to_html(read(html)) == html


@pytest.mark.parametrize(
    "form",
    [
        "<iframe src='https://www.googletagmanager.com/ns.html?id=1'></iframe>",
        "<iframe src='https://ad.doubleclick.net/embed/ads/1'></iframe>",
        "<iframe src='https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fe.org'></iframe>",
        "<iframe src='javascript:void(0)//youtube.com/embed/dQw4w9WgXcQ'></iframe>",
        "<video autoplay muted src='/loop.mp4'></video>",
        "<audio style='display:none' src='/a.mp3'></audio>",
        "<div class=related-videos><iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ'></iframe></div>",
    ],
)
def test_what_counts_or_advertises_is_not_named(form: str) -> None:
    assert within(form) == ""


def test_such_a_line_is_no_text_and_stays_when_the_rules_change() -> None:
    one, two, three, four = (f"<p>{text}</p>" for text in PROSE)
    frame = "<figure><iframe src='https://player.vimeo.com/video/12'></iframe><figcaption>The <b>lamp</b>.</figcaption></figure>"
    article = extract(
        f"<title>The card</title><article>{one}{two}{frame}{three}{four}</article>",
        "https://e.org/a",
    )
    assert article.text == "\n\n".join(PROSE)
    assert "The <strong>lamp</strong>" in article.html
    assert "[Video: vimeo.com](<https://vimeo.com/12>)" in to_markdown(read(article.html))
    assert reclean(article, load_rules()) == article
