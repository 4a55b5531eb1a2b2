"""The language of a text is told where the text tells it, and nowhere else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacatui.articles import extract
from bacatui.text.language import language_of
from bacatui.work.jobs import parse_feed
from tests.text import DECLARATION, paragraphs

NEWS = {
    "id": "Polisi menangkap tiga pelaku karena mencuri mobil milik warga di Bekasi, Senin. Menurut kepala kantor, mereka "
    "sudah beberapa kali melakukan hal itu, dan uang yang dicuri tidak bisa kembali. Warga berharap hal tersebut usai.",
    "ms": "Polis menahan tiga suspek kerana mencuri kereta milik penduduk di Klang pada hari Isnin. Beliau berkata mereka "
    "telah melakukan perkara itu beberapa kali dan wang yang dicuri tidak boleh dikembalikan, manakala mangsa selamat.",
    "de": "Die Polizei hat am Montag drei Männer festgenommen, die ein Auto gestohlen haben sollen. Sie waren nach der Tat "
    "auf der Flucht und sind nun wieder in Haft, wie eine Sprecherin sagte. Von dem Geld ist nichts mehr da.",
    "tr": "Polis, pazartesi günü bir arabayı çalan üç kişiyi yakaladı. Daha önce de birçok kez aynı suçu işledikleri için "
    "aranan kişiler için soruşturma sürüyor. Olay ile ilgili bir açıklama ise henüz yok, ama çok kişi bu konuda konuştu.",
    "ru": "Полиция в понедельник задержала трёх человек, которые угнали машину. Они были в розыске, но после этого их не "
    "могли найти в течение года. Как он сказал, это было не в первый раз, и из денег уже ничего не осталось.",
    "uk": "Поліція в понеділок затримала трьох людей, які викрали машину. Вони були у розшуку, але після цього їх не "
    "могли знайти протягом року. Як він сказав, це було не вперше, та з грошей вже нічого не залишилося.",
    "fa": "پلیس روز دوشنبه سه نفر را که خودرویی را دزدیده بودند بازداشت کرد. او گفت که این افراد پیش از این نیز چند بار این "
    "کار را کرده بودند و از پول چیزی باقی نمانده است، اما تا این ساعت برای آن دادگاهی در نظر گرفته نشده است.",
    "ar": "اعتقلت الشرطة يوم الاثنين ثلاثة رجال بعد أن سرقوا سيارة في المدينة. وكان هذا في عام مضى من قبل، كما قال الذي "
    "تحدث عن ذلك، ولم يبق من المال شيء حتى الآن، وقد كانت هذه المرة هي الثانية على ما يبدو في هذا الحي.",
    "vi": "Cảnh sát đã bắt giữ ba người vào thứ hai vì ăn trộm một chiếc xe hơi của người dân trong thành phố.",
    "he": "המשטרה עצרה ביום שני שלושה גברים שגנבו מכונית בעיר הגדולה.",
}
ORIGIN = "https://a.example/"


@pytest.mark.parametrize(
    "language", [*sorted(NEWS), "en", "zh", "ja", "ko", "th", "lo", "km", "my"]
)
def test_a_text_tells_its_language(language: str) -> None:
    text = NEWS.get(language) or DECLARATION[language]
    assert language_of(text) == language
    assert language_of(unicodedata.normalize("NFD", text)) == language


@pytest.mark.parametrize(
    "text",
    [
        "", "Hello", "BI tahan suku bunga", "2024-07-01 12:00", "https://a.example/der/die/das", "東京都", "北京", "\ufffd", "ー",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore "
        "magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo.",
        "for (int i = 0; i < n; i++) { total += values[i]; } return total / n; // printf the result in main",
        # Croatian, Bosnian and Serbian are not told apart; Yiddish is not Hebrew
        "Svako ljudsko biće rađa se slobodno i jednako u dostojanstvu i pravima. Ona su obdarena razumom i sviješću i "
        "treba da jedno prema drugome postupaju u duhu bratstva, i da se ne pravi razlika na osnovu koje je to država.",
        "יעדער מענטש װערט געבױרן פֿרײַ און גלײַך אין כּבֿוד און רעכט",
        f"{NEWS['de'][:150]} {NEWS['ru'][:150]}",
    ],
)  # fmt: skip
def test_what_tells_no_language_has_none(text: str) -> None:
    assert language_of(text) == ""


@pytest.mark.parametrize("language", ["en", "zh", "ja", "th", "ko"])
def test_a_feed_and_a_page_that_name_no_language_have_that_of_their_text(language: str) -> None:
    whole = paragraphs(language)
    item = (
        f"<item><title>1</title><guid>1</guid><description><![CDATA[{whole}]]></description></item>"
    )
    feed = parse_feed(
        f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>".encode(), ""
    )
    assert (feed.language, feed.entries[0].language) == (language, language)
    html = f"<html{{}}><body><article><h1>x</h1>{whole}</article></body></html>"
    assert extract(html.format(""), ORIGIN).language == language
    assert extract(html.format(" lang='nl'"), ORIGIN).language == "nl", (
        "what the page says is its own"
    )


@given(st.text(max_size=60))
def test_any_text_has_one_answer(text: str) -> None:
    assert language_of(text).isascii()


def test_an_entry_that_names_its_language_keeps_it() -> None:
    entry = f"<entry xml:lang='id'><title>1</title><id>1</id><content>{DECLARATION['en']}</content></entry>"
    feed = parse_feed(
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='ms'>{entry}</feed>".encode(), ""
    )
    assert (feed.language, feed.entries[0].language) == ("ms", "id")
