"""A small site of a test's own pages, on two origins."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FIRST = """<!doctype html><title>First</title><body style="margin:0;background:#cfc">
<button id="one">One</button> <button id="two">Two</button> <label>Name <input id="name"></label>
<label>Password <input id="password" type="password"></label> <a id="away" href="/second">Second page</a>
"""
SECOND = (
    """<!doctype html><title>Second</title><body style="margin:0;background:#fcc"><button id="three">Three</button>"""
)
PAGES = {"/": FIRST, "/second": SECOND}


@dataclass
class Site:
    port: int
    pages: dict[str, str] = field(default_factory=lambda: dict(PAGES))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def elsewhere(self) -> str:
        """The same pages on another origin."""
        return f"http://localhost:{self.port}/"

    def reset(self) -> None:
        self.pages.clear()
        self.pages.update(PAGES)


@contextmanager
def running() -> Iterator[Site]:
    site = Site(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path.partition("?")[0])
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()
