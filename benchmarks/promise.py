"""The promise: the shared articles corpus served on loopback, synced, the server gone, and what cannot be read then.

    python -m benchmarks.promise [FOLDER]

FOLDER holds NAME.html.gz files (default: ../shared/corpus/articles). Pictures lie on hosts that are not there and are
left out. Prints how many articles open, and each that does not, with the reason.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import tempfile
import threading
from html import escape
from pathlib import Path

from tests.fetch.server import Answer, Server, answer
from tests.terminal.driver import BACATUI, environment

from benchmarks.corpora import SHARED, needed

EACH = 40  # pages of one feed


def site(folder: Path, port: int) -> tuple[dict[str, Answer], list[str]]:
    """What the server answers: each page, and feeds that say no more of it than its name; the feeds' paths."""
    pages = sorted(folder.glob("*.html.gz"))
    answers: dict[str, Answer] = {}
    feeds: list[str] = []
    for at in range(0, len(pages), EACH):
        items = ""
        for page in pages[at : at + EACH]:
            name = page.name.removesuffix(".html.gz")
            answers[f"/{name}"] = answer(
                gzip.decompress(page.read_bytes()), Content_Type="text/html"
            )
            items += f"<item><title>{escape(name)}</title><link>http://127.0.0.1:{port}/{escape(name)}</link></item>"
        feeds.append(f"/feed{at}")
        body = f'<rss version="2.0"><channel><title>Pages from {at}</title>{items}</channel></rss>'
        answers[feeds[-1]] = answer(body.encode())
    return answers, feeds


def served(
    folder: Path, is_over: threading.Event, is_up: threading.Event, found: list[str]
) -> None:
    """Serve until it is over."""

    async def serve() -> None:
        async with Server() as server:
            server.answers, paths = site(folder, server.port)
            found.extend(server.url + path for path in paths)
            is_up.set()
            await asyncio.to_thread(is_over.wait)

    asyncio.run(serve())


def main() -> int:
    folder = needed(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "corpus" / "articles")
    home = Path(tempfile.mkdtemp(prefix="bacatui-promise-"))
    (home / "config").mkdir()
    (home / "config/config.toml").write_text("newest_unread = 1000\narticles_per_sync = 2000\n")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [*BACATUI, "--home", str(home), *words]
        return subprocess.run(
            command, env=environment(home), capture_output=True, text=True, check=False
        )

    is_over, is_up, urls = threading.Event(), threading.Event(), list[str]()
    server = threading.Thread(target=served, args=(folder, is_over, is_up, urls))
    server.start()
    is_up.wait()
    outlines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in urls)
    (home / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    print(run("import", str(home / "feeds.opml")).stderr.strip())
    print(run("sync", "--no-pictures").stdout.strip())
    is_over.set()
    server.join()
    missing = json.loads(run("offline", "--check", "--json").stdout)
    rows = json.loads(run("list", "is:unread", "--json").stdout)["entries"]
    empty = [
        row["title"] for row in rows if not run("read", str(row["id"]), "--plain").stdout.strip()
    ]
    print(f"{len(rows)} unread, {len(empty)} open empty {empty[:5]}")
    print(json.dumps(missing, indent=1, ensure_ascii=False)[:6000])
    return 0


if __name__ == "__main__":
    sys.exit(main())
