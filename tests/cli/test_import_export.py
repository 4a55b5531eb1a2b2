"""export and import, backup and restore: each export is read back."""

from __future__ import annotations

import json
import os
import re
import threading
import xml.etree.ElementTree as ET
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from bacatui import paths
from bacatui.model import Article, Offline
from bacatui.store import Store, StoredPicture
from tests.cli.conftest import Run
from tests.cost import ends_within

PNG = bytes.fromhex("89504e470d0a1a0a")


@pytest.fixture
def bookmarked(library: Store) -> Store:
    library.write.set_bookmark([3, 2]).result()
    library.write.set_tags([3], ["banjir", "kota"]).result()
    library.write.set_note(3, "Baca <lagi>").result()
    return library


def test_opml_goes_out_and_comes_back_with_titles_and_folders(
    run: Run, library: Store, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.opml"
    assert run("export", "opml", str(file)).code == 0
    outlines = [o for o in ET.parse(file).iter("outline") if o.get("xmlUrl")]
    assert {o.get("xmlUrl") for o in outlines} == {
        "https://mimbar.example/rss",
        "https://wide.example/atom",
    }
    other = str(tmp_path / "other")
    assert run("--home", other, "import", str(file), "--dry-run").code == 0
    assert run("--home", other, "feeds", "--json").json == {"feeds": []}
    assert run("--home", other, "import", str(file)).code == 0
    first = run("--home", other, "feeds", "--json").json["feeds"]
    assert {(f["url"], f["folder"]) for f in first} == {
        ("https://mimbar.example/rss", "Indonesia"),
        ("https://wide.example/atom", ""),
    }
    assert "Wide" in {f["title"] for f in first}
    run("--home", other, "import", str(file))
    assert run("--home", other, "feeds", "--json").json["feeds"] == first


OTHERS = {  # a folder and a feed, as each program writes them
    "netnewswire": '<outline text="News &amp; more" title="News &amp; more"><outline text="Bacaan" title="Bacaan" '
    'description="" type="rss" version="RSS" htmlUrl="https://a.example/" xmlUrl="https://a.example/feed"/></outline>',
    "miniflux": '<outline text="News &amp; more"><outline title="Bacaan" text="Bacaan" '
    'xmlUrl="https://a.example/feed" htmlUrl="https://a.example/" type="rss" description="Warta"></outline></outline>',
    "freshrss": '<outline text="News &amp; more"><outline text="Bacaan" type="HTML+XPath" '
    'xmlUrl="https://a.example/feed" htmlUrl="https://a.example/" frss:xPathItem="//div" frss:priority="feed"/></outline>',
    "eilmeldung": '<outline text="News &amp; more" title="News &amp; more" sortOrder="0"><outline text="Bacaan" '
    'title="Bacaan" type="rss" sortOrder="1" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/></outline>',
}


@pytest.mark.parametrize("program", OTHERS)
def test_lists_of_other_readers_come_in_and_go_out_with_all_they_hold(
    run: Run, tmp_path: Path, program: str
) -> None:
    file = tmp_path / "feeds.opml"
    head = '<?xml version="1.0" encoding="UTF-8"?><opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head/>'
    file.write_text(f"{head}<body>{OTHERS[program]}</body></opml>")
    for _again in range(2):
        assert run("import", str(file)).code == 0
        (feed,) = run("feeds", "--json").json["feeds"]
        facts = (feed["url"], feed["site"], feed["folder"], feed["title"])
        assert facts == ("https://a.example/feed", "https://a.example/", "News & more", "Bacaan")
    theirs, ours = (
        next(o for o in ET.fromstring(text).iter("outline") if o.get("xmlUrl"))
        for text in (file.read_text(), run("export", "opml", "-").out)
    )
    assert {**theirs.attrib, "title": "Bacaan"}.items() - {
        ("description", "")
    } <= ours.attrib.items()


def told(run: Run, *ids: int) -> list[dict[str, Any]]:
    return [run("read", str(n), "--json").json for n in ids]


def test_json_holds_what_read_prints(run: Run, bookmarked: Store, tmp_path: Path) -> None:
    file, folder = tmp_path / "b.json", tmp_path / "all"
    assert run("export", "bookmarks", str(file)).code == 0
    assert json.loads(file.read_text("utf-8"))["entries"] == told(run, 3, 2)
    assert run("export", "bookmarks", "--format", "json", f"{folder}/").code == 0
    each = [json.loads(path.read_text("utf-8"))["entries"] for path in sorted(folder.iterdir())]
    assert each == [[one] for one in told(run, 2, 3)]


def read_markdown(text: str) -> dict[str, Any]:
    """Title, facts, address, note, and the rest, of one entry in Markdown."""
    head, facts, link, *rest = text.strip().split("\n\n")
    note = rest.pop(0) if rest[0].startswith("> ") else ""
    return {
        "title": re.sub(r"\\(.)", r"\1", head.removeprefix("# ")),
        "facts": facts.split(", "),
        "url": link.strip("<>"),
        "note": re.sub("^> ?", "", note, flags=re.MULTILINE),
        "body": "\n\n".join(rest),
    }


def test_markdown_reads_back_title_link_tags_note_and_text(
    run: Run, bookmarked: Store, tmp_path: Path
) -> None:
    file, folder = tmp_path / "b.md", tmp_path / "all"
    assert run("export", "bookmarks", str(file)).code == 0
    assert run("export", "bookmarks", f"{folder}/").code == 0
    for parts in (
        file.read_text("utf-8").split("\n---\n\n"),
        [path.read_text("utf-8") for path in sorted(folder.iterdir(), reverse=True)],
    ):
        for back, entry in zip(map(read_markdown, parts), told(run, 3, 2), strict=True):
            assert {key: entry[key] for key in ("title", "url", "note")}.items() <= back.items()
            assert {entry["feed_title"], *entry["tags"]} <= {*back["facts"]}
            assert back["body"] == "\n\n".join(
                filter(None, [entry["lead"], entry["markdown"].strip()])
            )
            assert [link["url"] for link in entry["links"]] == re.findall(
                r"(?<!!)\[[^]]*\]\(<?([^)>]*)>?\)", back["body"]
            )


def test_html_reads_back_articles_with_their_pictures_inside(
    run: Run, bookmarked: Store, home: paths.Home, tmp_path: Path
) -> None:
    home.pictures.mkdir(parents=True)
    (home.pictures / "a.png").write_bytes(PNG)
    bookmarked.write.store_picture(
        StoredPicture("https://x.example/a.png", "a.png", "png", 8, 8, len(PNG))
    ).result()
    file, folder = tmp_path / "b.html", tmp_path / "all"
    assert run("export", "bookmarks", str(file)).code == 0
    assert run("export", "bookmarks", "--format", "html", f"{folder}/").code == 0
    one, many = (
        [
            article
            for path in paths
            for article in html.fromstring(path.read_text("utf-8")).iter("article")
        ]
        for paths in ([file], sorted(folder.iterdir(), reverse=True))
    )
    for back in (one, many):
        for article, entry in zip(back, told(run, 3, 2), strict=True):
            ((title, url),) = ((a.text, a.get("href")) for a in article.findall("h1/a"))
            assert (title, url) == (entry["title"], entry["url"])
            assert (article.findtext("p[@class='note']") or "") == entry["note"]
            assert (article.findtext("p[@class='lead']") or "") == entry["lead"]
            assert " ".join(entry["text"].split()) in " ".join(
                "".join(map(str, article.itertext())).split()
            )
            assert [a.get("href") for a in article.iter("a")][1:] == [
                link["url"] for link in entry["links"]
            ]
            inside = [
                img.get("src", "").removeprefix("data:image/png;base64,")
                for img in article.iter("img")
            ]
            assert [b64decode(data) for data in inside] == [PNG] * len(entry["pictures"])
    assert sum(len(article.findall(".//img")) for article in one) == 1
    assert "<script" not in file.read_text("utf-8")


def test_netscape_goes_out_and_comes_back(run: Run, bookmarked: Store, tmp_path: Path) -> None:
    file = tmp_path / "b.html"
    assert run("export", "bookmarks", str(file), "--format", "netscape").code == 0
    other = str(tmp_path / "other")
    assert (
        "2 bookmarks would be imported; nothing was done."
        in run("--home", other, "import", str(file), "--dry-run").out
    )
    for _again in range(2):
        assert run("--home", other, "import", str(file)).code == 0
        back = run("--home", other, "list", "is:bookmarked", "--json").json["entries"]
        assert {(e["url"], e["title"], tuple(sorted(e["tags"])), e["note"]) for e in back} == {
            (
                "https://mimbar.example/1",
                "Banjir surut di Medan",
                ("banjir", "kota"),
                "Baca <lagi>",
            ),
            ("https://mimbar.example/2", "Harga beras turun", (), ""),
        }
        assert len(back) == 2


def test_bookmarks_of_a_browser_keep_the_day_they_were_made(
    run: Run, library: Store, tmp_path: Path
) -> None:
    file = tmp_path / "b.html"
    made = 'ADD_DATE="1136214245"'
    line = f'<DT><A HREF="https://old.example/" {made}>Old</A>\n<DT><A HREF="https://new.example/">New</A>\n'
    file.write_text(f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n{line}")
    assert run("import", str(file)).code == 0
    out = run("export", "bookmarks", "--format", "netscape", "-").out
    assert made in out
    assert out.count("ADD_DATE") == 2


def test_a_folder_gets_one_file_an_entry_and_a_query_chooses(
    run: Run, bookmarked: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    assert run("export", "entries", "-beras", "feed:Mimbar", f"{folder}/").code == 0
    assert sorted(p.name for p in folder.iterdir()) == [
        "1-kereta-tertunda.md",
        "3-banjir-surut-di-medan.md",
    ]
    assert (
        run("export", "entries", "beras", "--format", "json", "-").json["entries"][0]["title"]
        == "Harga beras turun"
    )


def test_a_title_cannot_choose_where_a_file_goes(run: Run, library: Store, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(paths.home().store) as other:
        other.execute("UPDATE entry SET title = '../../../etc/passwd' WHERE id = 1")
        other.execute("UPDATE entry SET title = '///' WHERE id = 2")
    folder = tmp_path / "out"
    run("export", "entries", f"{folder}/")
    assert {p.name for p in folder.iterdir()} >= {"1-etc-passwd.md", "2-entry.md"}
    assert {p.name for p in tmp_path.iterdir()} == {"home", "out"}


def test_an_export_that_cannot_be_written_leaves_the_old_file(
    run: Run, bookmarked: Store, tmp_path: Path
) -> None:
    refused = run("export", "bookmarks", str(tmp_path / "no/such/folder/b.md"))
    assert (refused.code, refused.err) == (
        2,
        f"bacatui: there is no folder {tmp_path}/no/such/folder.\n",
    )
    assert run("export", "bookmarks", str(paths.home().store)).code == 2
    assert run("backup", str(paths.home().store)).code == 2
    assert run("list").code == 0
    file = tmp_path / "b.md"
    file.write_text("old")
    assert run("export", "bookmarks", "a", str(file)).code == 2
    assert file.read_text() == "old"


def test_a_backup_is_restored_whole(run: Run, bookmarked: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    assert run("backup", str(file)).code == 0
    before = run("list", "--json").out
    run("mark", "unbookmark", "1", "2")
    bookmarked.close()
    assert run("restore", str(file)).code == 0
    assert run("list", "--json").out == before


@pytest.mark.parametrize("body", [None, b"", b"not a database" * 100])
def test_what_is_no_backup_is_refused_and_the_library_stays(
    run: Run, library: Store, tmp_path: Path, body: bytes | None
) -> None:
    library.write.store_article(1, Article(text="Kept."), Offline.READY).result()
    file = tmp_path / "file"
    if body is not None:
        file.write_bytes(body)
    done = run("restore", str(file))
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert run("read", "1", "--json").json["text"] == "Kept."


@pytest.mark.parametrize(
    "body", [None, b"<opml><body><outline xmlUrl=", b"\x00\xff\x00" * 50, b"<html></html>"]
)
def test_what_cannot_be_imported_is_wrong_use_and_changes_nothing(
    run: Run, tmp_path: Path, body: bytes | None
) -> None:
    file = tmp_path / "file"
    if body is not None:
        file.write_bytes(body)
    done = run("import", str(file))
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert run("feeds", "--json").json == {"feeds": []}


def test_a_list_of_saved_pages_is_no_list_of_feeds(run: Run, tmp_path: Path) -> None:
    file = (
        tmp_path / "part_000000.csv"
    )  # as Pocket wrote it: a page whose title was not known has its address there
    page = "https://sail.example/how-to-sail"
    file.write_text(
        f"title,url,time_added,tags,status\n{page},{page},1600000000,boats|sea,unread\n"
    )
    done = run("import", str(file))
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "Pocket" in done.err
    assert run("feeds", "--json").json == {"feeds": []}


@pytest.mark.parametrize(
    "piece", ["<a x>", "<a ", '<a href="https://x.example/">', "<a " + "x" * 20_000 + ">"]
)
def test_bookmarks_that_are_made_to_take_long_do_not(run: Run, tmp_path: Path, piece: str) -> None:
    file = tmp_path / "bookmarks.html"
    kept = '<DT><A HREF="https://feed.example/1">Satu</A>\n'
    file.write_text(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n" + piece * (1_000_000 // len(piece)) + kept
    )
    with ends_within(5):
        assert run("import", str(file)).code == 0
    assert [entry["title"] for entry in run("list", "--json").json["entries"]] == ["Satu"]


def test_a_list_may_come_from_another_program(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    body = b"<opml><body><outline xmlUrl='https://feed.example/'/></body></opml>"
    writer = threading.Thread(target=pipe.write_bytes, args=(body,), daemon=True)
    writer.start()
    assert run("import", str(pipe)).code == 0
    assert [feed["url"] for feed in run("feeds", "--json").json["feeds"]] == [
        "https://feed.example/"
    ]


def test_a_name_too_long_for_a_file_is_an_address_or_wrong_use(run: Run) -> None:
    done = run("add", "x" * 5_000)
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_an_export_goes_into_a_pipe_and_leaves_it_one(
    run: Run, bookmarked: Store, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run("export", "bookmarks", "--format", "json", str(pipe)).code == 0
    assert pipe.is_fifo() and json.loads(os.read(reading, 1 << 20))["entries"]
    os.close(reading)


def test_a_link_that_leads_to_itself_gives_way_to_an_export(
    run: Run, bookmarked: Store, tmp_path: Path
) -> None:
    (tmp_path / "round.md").symlink_to("round.md")
    assert run("export", "bookmarks", str(tmp_path / "round.md")).code == 0
    assert "Banjir" in (tmp_path / "round.md").read_text("utf-8")


def test_an_export_without_a_name_is_refused(run: Run, bookmarked: Store) -> None:
    refused = run(
        "export", "entries", ""
    )  # an empty variable of the shell, and not the folder one is in
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1
