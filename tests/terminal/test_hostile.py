"""What a feed wrote stands on the screen letter for letter, without its controls, and does nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.corpora import SHARED
from tests.hostile.runner import Sitting
from tests.terminal.driver import BACATUI, Terminal, environment, run
from tests.terminal.loopback import answering

WORDS = " ".join(["Kalimat ini cukup panjang supaya isinya bukan sekadar cuplikan."] * 20)
# As its publisher wrote it, and as it has to be shown.
TITLES = [
    ("[/] menutup apa saja", "[/] menutup apa saja"),
    ("[@click=app.quit]Baca[/] sekarang", "[@click=app.quit]Baca[/] sekarang"),
    ("[link=file:///etc/passwd]klik[/link]", "[link=file:///etc/passwd]klik[/link]"),
    ("[bold red]tebal[/bold red] \\[ miring", "[bold red]tebal[/bold red] \\[ miring"),
    ("Merah \x1b[31mmenyala\x1b[0m padam", "Merah menyala padam"),
    ("Judul \x1b]0;dibajak\x07jendela", "Judul jendela"),
    ("Salin \x1b]52;c;cm0gLXJmIC8=\x1b\\ini", "Salin ini"),
    ("Satu \x9b2Jlayar \x9d0;x\x9cbersih", "Satu layar bersih"),
    ("Uang \u202e000.001\u202c rupiah \u2066dan\u2069 sen", "Uang 000.001 rupiah dan sen"),
    ("Bel\x07 mundur\x08\x08 maju\x0e dan\x7f diam", "Bel mundur maju dan diam"),
    ("$(reboot) `reboot` %s %n {0} {title}", "$(reboot) `reboot` %s %n {0} {title}"),
    ("Lebar 漢字 e\u0301 👩\u200d🌾 akhir", "Lebar 漢字 é 👩"),  # pyte stops drawing at a joiner
    ("vector<int> <more> & C", "vector<int> <more> & C"),
]


def feed(titles: list[str], body: str) -> bytes:
    """JSON Feed, which can carry every character there is."""
    items = [
        {"id": str(n), "title": title, "url": f"http://127.0.0.1:9/{n}", "date_published": "2026-11-01T00:00:00Z",
         "authors": [{"name": title}], "content_html": f"<p>{body}</p><p>{title}</p><pre>{title}</pre>"}
        for n, title in enumerate(titles)
    ]  # fmt: skip
    document = {"version": "https://jsonfeed.org/version/1.1", "title": titles[0], "items": items}
    return json.dumps(document).encode()


def subscribed(home: Path, titles: list[str]) -> None:
    with answering({"/feed.json": ("application/feed+json", feed(titles, WORDS))}) as url:
        status, out, err = run("add", f"{url}/feed.json", home=home)
        assert status == 0, out + err


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("hostile")
    subscribed(home, [title for title, _ in TITLES])
    yield home


def test_titles_are_printed_letter_for_letter_without_their_controls(hostile_home: Path) -> None:
    status, out, _ = run("list", "--json", home=hostile_home)
    assert status == 0
    printed = [entry["title"] for entry in json.loads(out)["entries"]]
    assert len(printed) == len(TITLES)
    for _, shown in TITLES:
        assert [title for title in printed if normalize("NFC", title).startswith(shown)]
    assert all(char.isprintable() or char == "\u200d" for title in printed for char in title)


@pytest.mark.slow
def test_titles_stand_on_the_screen_letter_for_letter_and_do_nothing(hostile_home: Path) -> None:
    with Terminal(home=hostile_home, columns=160, rows=50) as terminal:
        terminal.wait_for("menutup apa saja", 20)
        screen = terminal.quiet()
        for _, shown in TITLES:
            assert shown in normalize("NFC", screen)
        for key in (
            "\r",
            *("J" for _ in TITLES),
            "i",
            "\x1b",
            "u",
            "\x1b",
            "/",
            "a",
            "\x1b",
            "\x1b",
            "?",
            "\x1b",
        ):
            terminal.send(key)
            terminal.quiet(
                0.15 if key == "\x1b" else 0.03
            )  # a key within 100 ms of Esc is an Alt key to Textual
        assert terminal.status is None, terminal.screen()
        for key in (
            "q",
            "q",
            "\x1b",
            "q",
            "\x1b",
            "q",
        ):  # on a busy machine an Esc and what follows may have met
            if terminal.status is None:
                terminal.send(key)
                terminal.quiet(0.15)
        assert terminal.wait_for_end() == 0
    assert "👩\u200d🌾 akhir".encode() in terminal.raw
    assert b"dibajak" not in terminal.raw
    assert b"\x1b]52" not in terminal.raw
    assert b"Traceback" not in terminal.raw


def keyed(home: Path) -> Sitting:
    """What the program wrote while most of its views were looked at."""
    with Terminal(home=home) as terminal:
        terminal.wait_for("help")
        terminal.quiet()
        for key in (
            "j",
            "j",
            "\r",
            "J",
            "J",
            " ",
            "i",
            "\x1b",
            "u",
            "\x1b",
            "/",
            "a",
            "\x1b",
            "\x1b",
            "?",
            "\x1b",
            "G",
            "g",
        ):
            terminal.send(key)
            terminal.quiet(0.15 if key == "\x1b" else 0.03)
        for _ in range(6):
            if terminal.status is None:
                terminal.send("\x1b")
                terminal.quiet(0.15)
                terminal.send("q")
                terminal.quiet(0.15)
        return Sitting(terminal.raw, terminal.wait_for_end(), [])


@pytest.mark.slow
def test_the_guard_of_every_byte_finds_nothing_that_a_harmless_feed_would_not_write(
    hostile_home: Path, tmp_path: Path
) -> None:
    subscribed(tmp_path, [f"Judul biasa nomor {n}" for n in range(len(TITLES))])
    harmless, hostile = keyed(tmp_path), keyed(hostile_home)
    assert {
        kind: around for kind, around in hostile.kinds.items() if kind not in harmless.kinds
    } == {}
    assert (harmless.status, hostile.status) == (0, 0)


GUARD = SHARED / "bench/pty_guard.py"
if GUARD.is_file():

    @pytest.mark.slow
    def test_the_guard_beside_the_checkout_finds_nothing_either(
        hostile_home: Path, tmp_path: Path
    ) -> None:
        subscribed(tmp_path, [f"Judul biasa nomor {n}" for n in range(len(TITLES))])
        keys = r"~2 j j \r J J ~0.5 \x20 i \e u \e / a \e \e ? \e G g ~1 q ~1 q ~1 \e ~1 q"

        def judge(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, str(GUARD), "--keys", keys, "--delay", "0.2", "--seconds", "20", *options, "--", *BACATUI],
                env=environment(home), capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip

        judge(tmp_path, "--save-baseline", str(tmp_path / "baseline.json"))
        judged = judge(hostile_home, "--baseline", str(tmp_path / "baseline.json"))
        verdict = json.loads(judged.stdout)
        assert verdict["violations"] == {}
        assert not verdict["traceback"]
        assert verdict["ended"], verdict
        assert judged.returncode == 0
