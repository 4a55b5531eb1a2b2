"""A feed whose name server lies, in a network of its own: `unshare -Urn python rebinding.py FOLDER`.

Prints as JSON, after each step, how many connections each address has had that lies inside, or where a cloud keeps
its secrets; every step is a process of its own on one library. The addresses are real ones, and exist here alone.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.resolver import Names

SOURCE = Path(__file__).parents[2] / "src"
PUBLIC, HOME = "93.184.216.34", "192.168.1.1"
SECRETS = ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")
INSIDE = ("127.0.0.1", "10.0.0.1", HOME, "fd12::1", *SECRETS)
ITEM = "<item><title>{0}</title><link>http://kabar.test/{0}</link><description>Singkat …</description></item>"
FEED = f'<rss version="2.0"><channel><title>Kabar</title>{"".join(map(ITEM.format, ("satu", "dua")))}</channel></rss>'
# The sync as the app has it done: in a child.
CHILD = """
import asyncio, os
from bacatui import config, paths
from bacatui.sync import SyncProcess
async def all():
    async for _event in SyncProcess(paths.home(os.environ["BACATUI_HOME"]), config.Settings()).sync(retry=True):
        pass
asyncio.run(all())
"""
connections: Counter[str] = Counter()


class Site(BaseHTTPRequestHandler):
    """The feed, a page and its picture; the rest is out of order while it is public, and would be there inside."""

    def do_GET(self) -> None:
        is_public = self.request.getsockname()[0] == PUBLIC
        body = {"/feed": FEED, "/satu": "<article>" + "<p>Kapal berlabuh di dermaga baru pagi ini.</p>" * 20
                + "<figure><img src='/foto.png'></figure></article>"}.get(self.path, "")  # fmt: skip
        self.send_response(200 if body or not is_public else 503)
        self.send_header(
            "Content-Type", "application/rss+xml" if self.path == "/feed" else "text/html"
        )
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


def serve(address: str) -> None:
    """Answer on port 80 of `address`, which this network gets, and count who connects."""
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    size = "128" if ":" in address else "32"
    if address != "127.0.0.1":
        subprocess.run(
            [
                "ip",
                "address",
                "add",
                f"{address}/{size}",
                "dev",
                "lo",
                *["nodad"] * (size == "128"),
            ],
            check=True,
        )

    class Server(ThreadingHTTPServer):
        address_family = kind

        def get_request(self) -> tuple[socket.socket, object]:
            connections[address] += 1
            return super().get_request()

    threading.Thread(target=Server((address, 80), Site).serve_forever, daemon=True).start()


def main() -> None:
    folder = Path(sys.argv[1])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (PUBLIC, *INSIDE):
        serve(address)
    names = Names(folder / "names")
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "BACATUI_HOME": str(folder / "home"), "LANG": "C.UTF-8",
           "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), **names.environment(SOURCE)}  # fmt: skip

    def run(*words: str) -> str:
        command = words if words[0] == "-c" else ("-m", "bacatui", *words)
        done = subprocess.run(
            [sys.executable, *command], env=env, capture_output=True, text=True, check=False
        )
        return f"{done.returncode} {done.stdout}{done.stderr}"

    def seen() -> dict[str, int]:
        return {address: connections[address] for address in INSIDE if connections[address]}

    told: dict[str, object] = {}
    names.say(kabar_test=PUBLIC)
    told["added"] = (
        run("add", "http://kabar.test/feed"),
        run("save", "http://kabar.test/simpan"),
        connections[PUBLIC],
    )
    for address in INSIDE:
        names.say(kabar_test=address)
        told[f"sync {address}"] = run("sync"), run("-c", CHILD), seen()
    for address in SECRETS:
        names.say(kabar_test=address)
        told[f"chosen {address}"] = (
            run("add", "--inside", "http://kabar.test/feed"), run("save", "http://kabar.test/lagi"),
            run("open", "http://kabar.test/satu"), run("add", f"http://[{address}]/" if ":" in address else address),
            seen(),
        )  # fmt: skip
    names.say(kabar_test=HOME)
    told["allowed"] = (
        run("add", "--inside", "http://kabar.test/feed"),
        run("save", "http://kabar.test/lagi"),
        seen(),
    )
    print(json.dumps(told))


if __name__ == "__main__":
    main()
