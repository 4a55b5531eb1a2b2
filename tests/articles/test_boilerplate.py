"""Lines of furniture that stand in articles as paragraphs of their own, without a class or a link to know them by."""

from __future__ import annotations

import pytest

from bacatui.articles import extract, fragment

WITHIN_ID = """
Baca juga: Pompa Air Kecamatan Mogok Lagi
Baca juga:
BACA JUGA:
[Gambas:Video 20detik]
[Gambas:Instagram]
[Gambas:Youtube]
ADVERTISEMENT
Advertisement
- Advertisement -
Iklan
IKLAN
SCROLL TO CONTINUE WITH CONTENT
Scroll untuk lanjut membaca
Gulir ke bawah untuk lanjut membaca
Geser untuk melanjutkan membaca
Loading...
loading
Halaman: 1 2 3
Halaman 1 dari 3
Halaman selanjutnya
Selanjutnya →
Artikel berlanjut setelah iklan
Konten ini bekerja sama dengan Kabar Desa
Dengarkan artikel ini
Baca tanpa iklan
Lihat Foto
Perbesar
Foto: Budi Laksana/Kabar Desa
Ilustrasi banjir. (Foto: Antara)
Simak Video "Detik-detik Air Masuk ke Gang"
Video: Detik-detik Air Masuk ke Gang
Tonton video di bawah ini:
Saksikan video berikut ini:
Ikuti terus perkembangannya di Google News Kabar Desa
Follow Google News kami
Jangan lupa follow akun media sosial kami
Klik di sini untuk bergabung di grup WhatsApp
Gabung grup Telegram "Kabar Desa Update", caranya klik link https://t.me/kabar
Download aplikasi Kabar Desa di Play Store
Unduh aplikasi kami
Berlangganan newsletter kami
Dapatkan update berita pilihan setiap hari dari Kabar Desa
Lihat semua
Tampilkan lainnya
Bagikan artikel ini
Share
Copy link
Salin tautan
0 Komentar
Komentar (3)
Tulis komentar
Laporkan
Kirim
""".strip().split("\n")
AFTER_ID = """
Penulis: Rina Wahyuni
Editor: Sari Dewi
Reporter: Rina Wahyuni
Reporter : Rina / Editor : Sari
Pewarta : Rina Wahyuni
Editor : Sari Dewi
(rwn/sar)
(*)
(**)
***
(Antara)
(ant)
[rwn]
(rwn)
(A-12)
(tribun-medan.com)
(Tribun-Medan.com)
*/rwn
(red)
(Red)
(adv)
Sumber: Antara
Sumber : Kompas.com
Laporan: Rina
Wartawan: Rina Wahyuni
Kontributor: Rina
Uploader: Budi
Copyright © 2024 Kabar Desa
Copyright ANTARA 2024
© 2024 PT Kabar Desa
Tags: banjir, tanggul
Tag: banjir
Topik: banjir
#banjir #tanggul
Kata kunci: banjir
Artikel ini telah tayang di TribunDesa.com dengan judul Jaga Tanggul Semalaman
Artikel ini sudah tayang di Kabar Desa
Berita ini sudah tayang di Kabar Desa dengan judul lain
Baca berita lainnya di Google News
Simak berita selengkapnya di kabardesa.id
Cek berita dan artikel lainnya di Google News dan WhatsApp Channel
Ikuti saluran Kabar Desa di WhatsApp Channel
Follow WhatsApp Channel Kabar Desa untuk update berita terbaru setiap hari
Dapatkan informasi terkini lewat saluran kami
Bagaimana menurut Anda? Tulis di kolom komentar
Silakan beri komentar di bawah ini
Komentar Anda
Isi artikel ini menjadi tanggung jawab penulis
Dilarang mengutip tanpa izin
Editor: Sari Dewi Sumber: Antara
Penulis: Rina | Editor: Sari
Teks: Rina Wahyuni
Foto: Budi
Penulis Rina Wahyuni
Editor Sari Dewi
Oleh: Rina Wahyuni
Oleh Rina Wahyuni
Diterbitkan oleh: Rina Wahyuni
Dibaca 214 kali
Views: 214
214 views
Post Views: 214
Jumlah pembaca: 214
Sebelumnya Karung Pasir Habis
Navigasi pos
Tinggalkan Balasan
Like this: Like Loading…
Suka ini: Suka Memuat...
Terima kasih telah membaca artikel ini
Penyunting: Sari
Baca Lebih Lanjut di sini
Lihat artikel lainnya
Hak cipta dilindungi undang-undang
Sertai saluran Telegram kami
Layari portal kami
Muat turun aplikasi kami
Kongsi artikel ini
Ikuti kami di media sosial
Langgan surat berita kami
BERNAMA
– Bernama
- AFP
-- BERNAMA
– Sinar Harian
Dapatkan berita terkini di aplikasi Sinar
Klik sini untuk baca
Baca seterusnya
Tayangan: 214
Rep: Rina Wahyuni / Red: Sari
""".strip().split("\n")
WITHIN_EN = """
Read more: Harbour bridge closed for a third week
RELATED ARTICLES
Related stories
Advertisement
ADVERTISEMENT
Article continues below advertisement
Story continues below
Story continues below advertisement
Continue reading below
Scroll down for more
This article continues below
Sign up for our daily newsletter
Sign up here
Subscribe to our newsletter to get the latest news in your inbox every morning
Get the Loose Ends app
Download our app
Enter your email
Email address
By signing up, you agree to our terms
Click here to subscribe
Follow us on Facebook
Follow Loose Ends on X and Instagram
Like us on Facebook
Join the conversation
Share this article
Share on Facebook
Tweet
Copy link
Print
0 comments
12 Comments
View comments
Image:
Image source, Getty Images
Image caption, The lamp at noon
Getty Images
Photo: Ida Holm
(Photo: Ida Holm/Loose Ends)
Photo by Ida Holm
Credit: AP
View this post on Instagram
A post shared by Loose Ends (@looseends)
Watch the video below
Listen to this article
4 min
5 min read
Loading video
Video player
This video can not be played
To play this video you need to enable JavaScript in your browser.
Media caption, The lamp
Skip advertisement
Supported by
Sponsored
Promoted
Most read
Top stories
Loading...
Show more
Read full story
Open image in gallery
View gallery
1 of 5
Next
Previous
Close
Save
Gift this article
Expand
""".strip().split("\n")
AFTER_EN = """
By Ida Holm
Reporting by Ida Holm; Editing by Tom Ashby
Additional reporting by Tom Ashby
Edited by Tom Ashby
Editing by: Tom Ashby
– AFP
- Reuters
— AP
-- Bernama
(Reuters)
Reuters contributed to this report.
With inputs from agencies
(With inputs from PTI)
(ANI)
Our Standards: The Thomson Reuters Trust Principles.
The Associated Press contributed to this report.
© 2024 Loose Ends
Copyright 2024 Loose Ends. All rights reserved.
All rights reserved
Tags: lamp, card
Topics: lamp
Filed under: lamp
Posted in: News
Published in Dawn, September 2nd, 2024
Originally published on Loose Ends
This article was originally published in The Lamp.
This article first appeared on Loose Ends
First published: 2 September 2024
Published: 2 September 2024
Last updated: 2 September 2024
Updated 2 Sep 2024
Have a tip? Email us
Contact the author: ida@looseends.example
ida@looseends.example
Follow Ida Holm on Twitter: @ida
@idaholm
You may also like
More from Loose Ends
What to read next
Leave a comment
Comments are closed.
Comments
Post a comment
Thanks for reading!
Thank you for reading
Like this article? Subscribe
Support our journalism
Donate
Become a member
About the author
Do you have a story? Get in touch
Send us a letter
Back to top
Return to homepage
Report a typo
Report an error
Like this: Like Loading…
Share this: Facebook X
#lamp #card
***
###
ENDS
– ENDS –
-30-
Notes to editors:
Read the full article on Loose Ends
Source: Loose Ends
Previous post: Bridge
Next post: Harbour
Print this page
Load more
Was this article helpful?
Rate this article
""".strip().split("\n")

STORY = (
    "Warga Kampung Baru berjaga di atas tanggul sejak Minggu petang setelah air sungai naik setinggi lutut orang dewasa.",
    "Ketua rukun warga, Pak Mansur, membagi penjaga menjadi tiga giliran dan meminta anak-anak tidur di balai desa dahulu.",
    "“Kami tidak menunggu perintah. Kalau kentongan dipukul dua kali, semua orang sudah tahu harus ke mana,” kata Mansur.",
    "Petugas kecamatan datang membawa dua ratus karung pasir dan satu pompa, tetapi solarnya baru tiba menjelang tengah malam.",
    "Menjelang subuh air turun sejengkal. Beberapa orang pulang untuk sahur, sedangkan yang lain memilih menyeduh kopi.",
)


@pytest.mark.parametrize("place", [3, len(STORY)], ids=["within", "after"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_line_of_furniture_is_cut_by_its_words_alone(language: str, place: int) -> None:
    lines = {"id": (WITHIN_ID, AFTER_ID), "en": (WITHIN_EN, AFTER_EN)}[language][
        place == len(STORY)
    ]
    leaked = []
    for line in lines:
        body = [f"<p>{text}</p>" for text in STORY]
        body.insert(place, f"<p>{line}</p>")
        page = f"<html lang={language}><title>Jaga Tanggul</title><article><h1>Jaga Tanggul</h1>{''.join(body)}</article>"
        if extract(page, "https://kabar.example/a").text.split("\n\n") != list(STORY):
            leaked.append(line)
    assert leaked == []


A, B = (
    '<a href="/x">Pompa Air Kecamatan Mogok Lagi</a>',
    '<a href="/y">Karung Pasir Habis di Semua Toko Bangunan</a>',
)


@pytest.mark.parametrize("place", [3, len(STORY)], ids=["within", "after"])
@pytest.mark.parametrize(
    "box",
    [
        f"<h4>Baca Juga:</h4><ul><li>{A}</li><li>{B}</li></ul>",
        f"<p><strong>Baca Juga</strong></p><p>{A}</p><p>{B}</p>",
        f"<div class=penci-ilrelated-posts><div><span>Baca Juga</span></div><ul><li>{A}</li><li>{B}</li></ul></div>",
        f"<table><tr><td>Baca Juga</td></tr><tr><td>{A}</td></tr></table>",
        f"<blockquote class=wp-embedded-content><p>{A}</p></blockquote>",
        '<p>Daftar Isi</p><ul><li><a href="#a">Awal mula tanggul</a></li><li><a href="#b">Akhir cerita</a></li></ul>',
        "<div class=totalpoll><p>Menurut Anda, apakah tanggul perlu diganti?</p><label>Ya</label><label>Tidak</label></div>",
        "<div class=donasi><p>Dukung jurnalisme warga dengan berdonasi lewat rekening kami di bawah ini.</p></div>",
        "<div class=addtoany_share_save_container><div>Bagikan:</div><a href=#>Facebook</a> <a href=#>X</a></div>",
        "<div class='code-block code-block-2'><p>Iklan Sponsor</p><a href=/ad><img src=/ad.jpg width=300></a></div>",
    ],
)
def test_a_box_of_furniture_is_cut_within_and_after_the_story(box: str, place: int) -> None:
    body = [f"<p>{text}</p>" for text in STORY]
    body.insert(place, box)
    page = f"<html lang=id><title>Jaga Tanggul</title><article><h1>Jaga Tanggul</h1>{''.join(body)}</article>"
    assert extract(page, "https://kabar.example/a").text.split("\n\n") == list(STORY)


def test_a_byline_with_a_hyphen_in_its_paper_is_cut() -> None:
    body = "".join(
        f"<p>{text}</p>" for text in (STORY[0], "von Rina Hartati, DESA RAWA-BARU", *STORY[1:])
    )
    page = (
        f"<html lang=de><title>Jaga Tanggul</title><article><h1>Jaga Tanggul</h1>{body}</article>"
    )
    assert extract(page, "https://kabar.example/a").text.split("\n\n") == list(STORY)


def test_the_headline_is_no_standfirst() -> None:
    title = "Warga Berjaga di Atas Tanggul Sejak Minggu Petang"
    head = f"<title>{title}</title><meta name=description content='{title}'>"
    body = "".join(f"<p>{text}</p>" for text in STORY)
    page = f"<html lang=id>{head}<div class=hd><h1>{title}</h1></div><article>{body}</article>"
    article = extract(page, "https://kabar.example/a")
    assert article.lead == ""
    assert article.text.split("\n\n") == list(STORY)


def test_where_a_weblog_files_a_post_is_no_furniture() -> None:
    """WordPress writes categories and tags into the classes of the article itself."""
    classes = "post type-post status-publish category-news tag-sponsored tag-economy hentry"
    first = "The bank lowered its forecast for the coming year, citing shortages of labour and of almost everything else."
    more = "".join(f"<p>{n}. {B}</p>" for n in range(8))
    page = f"<title>The card</title><body><div><article class='{classes}'><h1>The card</h1><p>{first}</p></article><div>{more}</div></div>"
    assert extract(page, "https://e.org/a").text.startswith(first)


def test_a_byline_is_no_standfirst() -> None:
    said = "Posted by Rina Hartati and Budi Laksana of the Kabar Desa team"
    head = f"<title>Jaga Tanggul</title><meta name=author content='Rina Hartati'><meta name=description content='{said}'>"
    body = "".join(f"<p>{text}</p>" for text in STORY)
    page = f"<html lang=en>{head}<article><h1>Jaga Tanggul</h1><p class=byline>{said}</p>{body}</article>"
    assert extract(page, "https://kabar.example/a").lead == ""


PORTER = (
    "The porter counted the cards twice that night, once with the lamp lit and once in the dark, and wrote both down.",
    "“Nobody had asked for the second number,” she said, “and so nobody ever looked for it until the drawer was full.”",
    "Four of the cards were blank, and a fifth had only the outline of a harbour that none of the clerks could place.",
    "In the morning the director came in with a ruler and measured the drawer, which was deeper than the desk itself.",
    "The town paid for a new lamp in the spring, and the old one went to the school, where it has stood in the hall since.",
)


def told(form: str, title: str = "Cards in a drawer") -> list[str]:
    """The text of an article with `form` in its middle."""
    paragraphs = [f"<p>{text}</p>" for text in PORTER]
    source = f"<title>{title}</title><main><article><h1>{title}</h1>{''.join(paragraphs[:3])}{form}{''.join(paragraphs[3:])}"
    return extract(source, "https://e.org/a").text.split("\n\n")


@pytest.mark.parametrize(
    "form",
    [
        "<blockquote>Nobody had asked for the second number</blockquote>",
        "<aside><p>Four of the cards were blank</p><p>Four of the cards were blank</p></aside>",
        "<div class=pullquote><h3>“A fifth had only the outline of a harbour”</h3></div>",
    ],
)
def test_a_quote_that_only_repeats_the_text_is_cut(form: str) -> None:
    assert told(form) == list(PORTER)


def test_a_quote_that_says_more_and_code_that_repeats_stay() -> None:
    assert told(
        "<blockquote>Nobody had asked for the third number, nor for a fourth</blockquote>"
    ) != list(PORTER)
    code = "<div class=highlight><pre>count --cards --twice in the drawer</pre></div>"
    text = "<p>Then run count --cards --twice in the drawer and wait until the lamp is lit, which takes a while.</p>"
    assert "count --cards --twice in the drawer" in told(code + text)


def slideshow(heading: str, number: str = "<span class=n>{}/4</span>") -> str:
    slides = (
        f"<li><h3>{number.format(n)} Harbour {n}</h3><p>{PORTER[4]} {n}</p></li>"
        for n in range(1, 5)
    )
    return f"<div class=show><h2>{heading}</h2><ul>{''.join(slides)}</ul></div>"


def test_a_slideshow_about_other_things_is_cut_and_the_articles_own_stays_without_its_numbers() -> (
    None
):
    assert told(slideshow("Business news in pictures")) == list(PORTER)
    own = told(slideshow("The drawer in pictures"))
    assert len(own) > len(PORTER) and not any("/4" in text for text in own)


def test_numbers_that_count_no_pictures_stay() -> None:
    marks = "".join(
        f"<p>The {name} has <b>{n}/10</b></p>"
        for name, n in (("lamp", 8), ("desk", 7), ("drawer", 9))
    )
    assert [text for text in told(marks) if "/10" in text] == [
        "The lamp has 8/10",
        "The desk has 7/10",
        "The drawer has 9/10",
    ]


@pytest.mark.parametrize(
    "form",
    [
        "<div class=x1><h3>Kotka joka aamu</h3><p>Tilaa kirje, niin saat kortit lampun alle.</p><form><input type=email><p>Kyllä</p></form></div>",
        "<section class=x1><p>朝いちばんの便りを届けます。</p><form><input name=mail_address><button>はい</button></form></section>",
    ],
)
def test_a_box_to_subscribe_is_known_by_its_field_in_any_language(form: str) -> None:
    assert told(form) == list(PORTER)


def test_a_field_for_an_address_takes_no_story_with_it() -> None:
    page = f"<title>Cards in it</title><form><h1>Cards in it</h1><p>{PORTER[0]}</p><input type=email><p>{PORTER[1]}</p></form>"
    assert extract(page).text.split("\n\n") == list(PORTER[:2])


def test_a_short_line_over_the_headline_is_cut() -> None:
    text = "".join(f"<p>{each}</p>" for each in PORTER)
    page = f"<title>Cards in a drawer</title><article><header><span>Night desk</span><h1>Cards in a drawer</h1></header>{text}"
    assert extract(page).text.split("\n\n") == list(PORTER)


@pytest.mark.parametrize("lead", ["<p class=lead>{}</p>", "<div class=standfirst><p>{}</p></div>"])
def test_a_standfirst_that_repeats_the_first_paragraph_is_told_once(lead: str) -> None:
    text = "".join(f"<p>{each}</p>" for each in PORTER)
    page = f"<title>Cards in a drawer</title><article><h1>Cards in a drawer</h1>{lead.format(PORTER[0])}{text}"
    article = extract(page)
    assert (article.lead, article.text.split("\n\n")) == ("", list(PORTER))


def test_a_call_to_action_that_the_story_needs_stays() -> None:
    call = "<div class=call-to-action><p>You do not need permission to put back cards that have fallen from the drawer.</p></div>"
    assert len(told(call)) == len(PORTER) + 1


def test_a_line_about_the_author_ends_the_article_and_one_that_opens_it_stays() -> None:
    text = "".join(f"<p>{each}</p>" for each in PORTER)
    bio = "<p>Ida Holm is a correspondent who writes of lamps and of drawers for the night desk of the town.</p>"
    page = "<title>Cards in a drawer</title><meta name=author content='Ida Holm'><article><h1>Cards in a drawer</h1>{}{}{}"
    assert extract(page.format("", text, bio)).text.split("\n\n") == list(PORTER)
    assert "correspondent" in extract(page.format(bio, text, "")).text


def test_a_first_paragraph_that_is_marked_up_otherwise_is_not_lost() -> None:
    opening = f"<div><strong>HARBOUR</strong>: {PORTER[0]}</div>"
    text = "".join(f"<p>{each}</p>" for each in PORTER[1:])
    page = f"<title>Cards in a drawer</title><div class=w><article><h1>Cards in a drawer</h1><div class=entry>{opening}{text}</div></article>"
    assert extract(page).text.split("\n\n") == [f"HARBOUR: {PORTER[0]}", *PORTER[1:]]


def test_a_class_that_names_what_is_said_of_a_text_takes_no_sentence_of_it() -> None:
    first = f"<div class=article-meta><p>{PORTER[4]}</p></div><div class=article-meta><p>12 March, night desk</p></div>"
    article = fragment(first + "".join(f"<p>{each}</p>" for each in PORTER[:4]))
    assert article.text.split("\n\n") == [PORTER[4], *PORTER[:4]]
