"""A recording goes to a server: once, whatever the network does to the answers."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from app.accounts import tokens
from app.accounts.actor import Actor
from app.browser import uploading
from app.browser.errors import UploadFailed
from app.browser.recording import Recording
from app.core.db import transaction
from app.workflows.content import Action, Page, StepContent, Target
from app.workflows.models import Step, Workflow
from tests.browser.host.png import png

Fault = str
"""What happens to a request: `refuse` (503 before the server hears of it), `lose` (the answer, after it worked)."""


@contextmanager
def between(server: str, faults: list[Fault]) -> Iterator[str]:
    """A way to the server that has these faults, one a request, and none afterwards."""
    to = urlsplit(server).netloc

    class Way(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fault = faults.pop(0) if faults else "none"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if fault == "refuse":
                self.send_error(503)
                return
            connection = http.client.HTTPConnection(to)
            connection.request("POST", self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if fault == "lose":
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Nothing."""

    way = ThreadingHTTPServer(("127.0.0.1", 0), Way)
    thread = threading.Thread(target=way.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{way.server_port}"
    finally:
        way.shutdown()
        way.server_close()
        thread.join()


@pytest.fixture
def recording() -> Recording:
    recording = Recording("Try")
    for name in ("First", "Second"):
        target = Target(tag="button", role="button", name=name)
        recording.put(name, StepContent(action=Action.CLICK, target=target, page=Page(url="http://a.test/")))
        recording.show(name, png(len(name)))
    return recording


@pytest.fixture
def token(actor: Actor) -> str:
    with transaction() as session:
        return tokens.create(session, actor, name="Try", scopes=["write"])[1]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "FIRST_WAIT_SECONDS", 0)


def test_a_server_that_is_not_there(recording: Recording) -> None:
    with pytest.raises(UploadFailed, match="cannot be reached"):
        recording.upload("http://127.0.0.1:1", "wp_x")


def test_a_wrong_token_is_tried_once_and_never_told(recording: Recording, server: str) -> None:
    with pytest.raises(UploadFailed, match="401") as failed:
        recording.upload(server, "wp_canary")
    assert "canary" not in str(failed.value)


@pytest.mark.parametrize("fault", ["refuse", "lose"])
@pytest.mark.parametrize("request_number", range(3))
def test_it_is_there_once(recording: Recording, server: str, token: str, fault: Fault, request_number: int) -> None:
    faults = ["none"] * request_number + [fault, fault]
    with between(server, faults) as way:
        first = recording.upload(way, token)
        again = recording.upload(way, token)
    assert first == again
    with transaction() as session:
        assert session.query(Workflow).count() == 1
        shown = [step.screenshot_id for step in session.query(Step).order_by(Step.position)]
    assert None not in shown
    assert len(set(shown)) == 2
