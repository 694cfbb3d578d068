"""A gate before the server, at which a test shuts, holds, spoils or loses what goes through."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PATIENCE_SECONDS = 30
PASSED_ON = ("authorization", "content-type", "idempotency-key", "accept")

Spoil = Callable[[str], tuple[int, str] | None]
"""Of a path: the answer to give in the server's stead."""


@dataclass
class Hold:
    """A request that waits: before the server has it, or after, its answer in hand. Let go, it is lost."""

    nth: int
    when: str
    reached: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)

    def here(self, nth: int, when: str) -> bool:
        if (self.nth, self.when) != (nth, when):
            return False
        self.reached.set()
        self.lost.wait(PATIENCE_SECONDS)
        return True


@dataclass
class Gate:
    server: str
    port: int = 0
    is_open: bool = True
    hold: Hold | None = None
    spoil: Spoil = lambda _path: None
    uploads: list[str] = field(default_factory=list)
    """Paths of what was posted, in order."""
    bodies: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def holding(self, nth: int, when: str) -> Hold:
        """The nth thing that is posted from now on."""
        self.uploads.clear()
        self.hold = Hold(nth, when)
        return self.hold


@contextmanager
def before(server: str) -> Iterator[Gate]:
    gate = Gate(server)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass(None)

        def do_POST(self) -> None:
            gate.uploads.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gate.bodies.append(body)
            self._pass(len(gate.uploads) - 1, body)

        def _pass(self, nth: int | None, body: bytes | None = None) -> None:
            hold = gate.hold if nth is not None else None
            if not gate.is_open or (hold and nth is not None and hold.here(nth, "before")):
                self._lose()
                return
            status, content_type, answer = self._ask(body)
            if hold and nth is not None and hold.here(nth, "after"):
                self._lose()
                return
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _ask(self, body: bytes | None) -> tuple[int, str, bytes]:
            spoiled = gate.spoil(self.path)
            if spoiled:
                return spoiled[0], "application/json", spoiled[1].encode()
            headers = {name: self.headers[name] for name in PASSED_ON if self.headers[name]}
            with closing(http.client.HTTPConnection(urlsplit(gate.server).netloc, timeout=PATIENCE_SECONDS)) as behind:
                behind.request(self.command, self.path, body, headers)
                answer = behind.getresponse()
                return answer.status, answer.headers.get_content_type(), answer.read()

        def _lose(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gate.port = proxy.server_address[1]
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    yield gate
    proxy.shutdown()
    proxy.server_close()
