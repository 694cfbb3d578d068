"""A receiver of webhooks: a real HTTP server that writes down what it gets and answers as it was told."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def payload(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed_with(self, secret: str) -> bool:
        """Checked as a receiver would, from the specification, not with our own code."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        mac = hmac.digest(base64.b64decode(secret.split("_", 1)[1]), signed, hashlib.sha256)
        return self.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


@dataclass
class Receiver:
    """What it got, and what it answers."""

    port: int
    got: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """Of the next answers; then 200."""
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b"ok"
    gate: threading.Event | None = None
    """No answer comes before it is set."""
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"


def _handler(receiver: list[Receiver]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = receiver[0]
            body = self.rfile.read(int(self.headers["content-length"]))
            status = told.statuses.pop(0) if told.statuses else 200
            told.got.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            told.arrived.release()
            if told.gate:
                told.gate.wait(60)
            try:
                self.send_response(status)
                for name, value in told.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(told.answer)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on this machine."""
    known: list[Receiver] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(known))
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is what is tested
    known.append(Receiver(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield known[0]
    finally:
        if known[0].gate:
            known[0].gate.set()
        server.shutdown()
        thread.join()
        server.server_close()
