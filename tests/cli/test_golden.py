"""One golden file per command guards the shape of its JSON. BACATUI_GOLDEN=1 writes them anew: look at the diff."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Site, rss

GOLDEN = Path(__file__).parent / "golden"
COMMANDS = {
    "list": ("list", "--json"),
    "search": ("search", "air", "--json"),
    "read": ("read", "3", "--json", "--why"),
    "feeds": ("feeds", "--json"),
    "offline": ("offline", "--json"),
    "doctor": ("doctor", "--json"),
}


def check(name: str, out: str) -> None:
    path, shape = (
        GOLDEN / f"{name}.json",
        json.dumps(json.loads(out), indent=2, ensure_ascii=False) + "\n",
    )
    if os.environ.get("BACATUI_GOLDEN"):
        path.write_text(shape, "utf-8")
    assert shape == path.read_text("utf-8")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("name", COMMANDS)
def test_the_json_of_a_command_keeps_its_shape(run: Run, name: str) -> None:
    out = run(*COMMANDS[name]).out
    check(name, re.sub(r'(/[^"\s]*)?/home/', "/home/", out))


def test_the_json_of_open_keeps_its_shape(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = "".join(
        f"<p>Paragraph {n} of a page that says one thing after another, at some length.</p>"
        for n in range(9)
    )
    page.write_text(
        f"<html><head><title>A page</title></head><body><article><h1>A page</h1>{text}</article></body></html>"
    )
    check("open", run("open", str(page), "--json").out)


def test_the_json_of_sync_keeps_its_shape(run: Run, site: Site) -> None:
    site.pages["/feed"] = (
        "application/rss+xml",
        rss(site, ("/a", "One", "Text. " * 130), ("/b", "Two", "Words. " * 130)),
    )
    run("add", f"{site.url}/feed", "--no-sync")
    run("add", f"{site.url}/gone", "--no-sync")
    out = run("sync", "--json").out
    out = re.sub(r'"seconds": [\d.]+', '"seconds": 0', re.sub(r'"bytes": \d+', '"bytes": 0', out))
    check("sync", out.replace(site.url, "http://site"))
