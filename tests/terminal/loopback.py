"""A loopback server of given answers, for the real program to talk to."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(exchange: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer requests by `exchange` while the block runs; yields the host with its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), exchange)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def answering(answers: Mapping[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serve path → (content type, body) while the block runs; yields the address without a slash at its end."""

    class Exchange(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = answers.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serving(Exchange) as host:
        yield f"http://{host}"
