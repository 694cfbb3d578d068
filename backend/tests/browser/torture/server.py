"""Serves the torture pages: slowly where the address asks for it, with a second origin, and takes forms.

`?wait=300` answers after so many milliseconds. What is posted comes back as a receipt. The same server is two origins,
127.0.0.1 and localhost.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, parse_qsl, urlsplit

PAGES = Path(__file__).parent.parent / "pages"
_TYPES = {".html": "text/html", ".js": "text/javascript"}
_LONGEST_WAIT_MILLISECONDS = 2_000
_RECEIPT = """<!doctype html><html lang="en"><title>Receipt</title>
<h1>Thank you</h1><p>We received: <output id="state">{}</output></p><p><a href="/{}">Back to the form</a></p></html>"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if wait := parse_qs(address.query).get("wait"):
            time.sleep(min(int(wait[0]), _LONGEST_WAIT_MILLISECONDS) / 1_000)
        file = PAGES / address.path.strip("/")
        if file.suffix not in _TYPES or not file.is_relative_to(PAGES) or not file.is_file():
            self._answer(404, b"No such page")
            return
        self._answer(200, file.read_bytes(), _TYPES[file.suffix])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = ", ".join(f"{name} = {value}" for name, value in parse_qsl(body))
        origin = urlsplit(self.headers.get("Referer") or "").path.strip("/")
        self._answer(200, _RECEIPT.format(escape(told), escape(origin)).encode())

    def _answer(self, status: int, body: bytes, kind: str = "text/html") -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Nothing: a test says what it needs to say."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of an answer is none."""


@contextmanager
def serving_pages() -> Iterator[str]:
    """The first origin; the second is the same with `localhost`."""
    server = _Server(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
