"""A bucket that is missing, refuses, is full or does not answer; and a process that was forked."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.core.config import Settings
from app.storage.store import StorageFull, StorageUnavailable, open_store
from tests.storage.conftest import in_bucket


def test_a_missing_bucket_is_not_a_missing_picture(s3_endpoint: str) -> None:
    store = open_store(in_bucket("no-such-bucket", s3_endpoint))
    for call in (lambda: store.get("ab/one"), lambda: store.put("ab/one", b"x"), store.check):
        with pytest.raises(StorageUnavailable, match="no such screenshot bucket"):
            call()


def test_a_server_that_is_not_there_is_unavailable() -> None:
    store = open_store(in_bucket("bucket", "http://127.0.0.1:9"))
    with pytest.raises(StorageUnavailable, match="did not answer"):
        store.check()


def test_the_prefix_is_part_of_every_address(s3_settings: Settings) -> None:
    open_store(s3_settings).put("ab/one", b"x")
    bucket = s3_settings.storage_url.split("/")[2]
    whole = open_store(s3_settings.model_copy(update={"storage_url": f"s3://{bucket}"}))
    assert [blob.key for blob in whole.list()] == ["some/prefix/ab/one"]


class Refusing(BaseHTTPRequestHandler):
    """Answers everything with the server's status and code."""

    protocol_version = "HTTP/1.1"
    answer: tuple[int, str]

    def refuse(self) -> None:
        status, code = self.answer
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = f"<Error><Code>{code}</Code></Error>".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET = do_DELETE = do_POST = refuse  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def refusing(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a server that refuses everything in one way."""
    handler = type("Handler", (Refusing,), {"answer": request.param})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("refusing", "error", "words"),
    [
        ((507, "XMinioStorageFull"), StorageFull, "full"),
        ((403, "AccessDenied"), StorageUnavailable, "refuses our access key"),
        ((500, "InternalError"), StorageUnavailable, "did not answer"),
    ],
    indirect=["refusing"],
)
def test_each_refusal_says_what_to_do(refusing: str, error: type[Exception], words: str) -> None:
    store = open_store(in_bucket("bucket", refusing))
    with pytest.raises(error, match=words):
        store.put("ab/one", b"x")


FORK = """
import os, signal, sys
from app.core.config import get_settings
from app.storage.store import StorageUnavailable, get_store

parent = get_store()
if sys.argv[1] == "used":
    parent.put("ab/parent", b"x")
child = os.fork()
if child == 0:
    signal.alarm(20)
    try:
        get_store().put("ab/child", b"x")
        print(get_store().get("ab/child"), flush=True)
    except StorageUnavailable as error:
        print(error, flush=True)
    os._exit(0)
_, status = os.waitpid(child, 0)
parent.put("ab/parent", b"x")
print(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.parametrize(("before", "said"), [("opened", "b'x'"), ("used", "This process was forked from one that")])
def test_a_forked_child_works_or_says_why_not_and_never_hangs(
    s3_settings: Settings, before: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("storage_url", "s3_endpoint_url"):
        monkeypatch.setenv(name.upper(), str(getattr(s3_settings, name)))
    for name in ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK, before], capture_output=True, text=True, check=True, timeout=60
    )
    child, status = ran.stdout.splitlines()
    assert child.startswith(said)
    assert status == "0"
