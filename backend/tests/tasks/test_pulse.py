"""A worker's pulse stops with its consumer and with its pool."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.celery_app import celery_app
from app.commands.doctor import command as doctor
from app.core.config import Settings, get_settings
from app.tasks import heartbeat
from app.tasks.pulse import PoolWatch, Pulse
from tests.services import Broker, StartWorker, wait_until

NOTHING: set[str] = set()
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_pool_without_children_is_stuck() -> None:
    watch = PoolWatch(60, 360)
    assert watch.stuck(children=0, waiting=NOTHING, active=NOTHING, moment=0) == "no child of the pool is alive"
    assert watch.stuck(children=1, waiting=NOTHING, active=NOTHING, moment=1) is None
    assert watch.stuck(children=None, waiting=NOTHING, active=NOTHING, moment=1) is None


def test_a_task_that_a_free_child_does_not_take_up_is_noticed() -> None:
    watch = PoolWatch(60, 360)
    for moment in (0, 60):
        assert watch.stuck(children=2, waiting={"a"}, active={"b"}, moment=moment) is None
    assert watch.stuck(children=2, waiting={"a"}, active={"b"}, moment=61) == "a free child does not take up its task"


def test_a_task_may_wait_while_all_are_busy() -> None:
    watch = PoolWatch(60, 360)
    for moment in (0, 100, 200):
        assert watch.stuck(children=1, waiting={"a"}, active={"b"}, moment=moment) is None
    assert watch.stuck(children=1, waiting={"a"}, active=NOTHING, moment=210) is None, "it counts from when one is free"


def test_a_task_past_its_time_limit_is_noticed() -> None:
    watch = PoolWatch(60, 360)
    assert watch.stuck(children=1, waiting=NOTHING, active={"b"}, moment=0) is None
    found = watch.stuck(children=1, waiting=NOTHING, active={"b"}, moment=361)
    assert found == "a task runs past its time limit"


@on_sqlite
def test_a_stuck_worker_touches_nothing(settings: Settings) -> None:
    pulse = Pulse()
    path = heartbeat.file_of(settings, "worker1@here")
    assert path is not None
    pulse.beat("worker1@here", "no child of the pool is alive")
    assert not pulse.is_fresh()
    assert not path.exists()
    pulse.beat("worker1@here", None)
    assert pulse.is_fresh()
    assert path.exists()
    pulse.end()
    assert not path.exists()


@on_sqlite
def test_a_folder_that_cannot_be_written_to_stops_no_worker(settings: Settings) -> None:
    settings.data_dir.parent.mkdir(exist_ok=True)
    settings.data_dir.write_text("a file")
    pulse = Pulse()
    pulse.beat("worker1@here", None)
    assert pulse.is_fresh()


@on_sqlite
def test_the_probe_tells_dead_from_waiting(settings: Settings) -> None:
    assert settings.redis_url == "redis://127.0.0.1:1/0", "nothing answers there"
    assert CliRunner().invoke(doctor, ["--worker"]).exit_code == 1
    path = heartbeat.file_of(settings, f"worker1@{socket.gethostname()}")
    assert path is not None
    path.parent.mkdir(parents=True)
    path.touch()
    assert CliRunner().invoke(doctor, ["--worker"]).exit_code == 0
    assert CliRunner().invoke(doctor, ["--worker", "another@here"]).exit_code == 1
    old = time.time() - 1_000
    os.utime(path, (old, old))
    waits = CliRunner().invoke(doctor, ["--worker"])
    assert (waits.exit_code, "waits for the broker" in waits.output) == (0, True)


@pytest.fixture
def quick_pulse(queue_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the files."""
    monkeypatch.setenv("WORKER_HEARTBEAT_SECONDS", "0.2")
    get_settings.cache_clear()
    return queue_settings.data_dir / "workers"


@on_sqlite
def test_a_worker_whose_child_hangs_looks_dead_until_it_goes_on(quick_pulse: Path, start_worker: StartWorker) -> None:
    worker = start_worker()
    wait_until(heartbeat.alive, "the row")
    wait_until(lambda: "succeeded in" in worker.log.read_text(), "the cleaning at its start has ended")
    (child,) = worker.children()
    os.kill(child, signal.SIGSTOP)
    celery_app.send_task("tests.fails_for_good")
    wait_until(lambda: not heartbeat.alive(), "the row ends")
    (sign,) = heartbeat.signs_here(get_settings(), None)
    assert sign.path.parent == quick_pulse.resolve()
    wait_until(lambda: heartbeat.signs_here(get_settings())[0].stale, "the file is stale")
    assert CliRunner().invoke(doctor, ["--worker"]).exit_code == 1
    os.kill(child, signal.SIGCONT)
    wait_until(heartbeat.alive, "alive again")
    wait_until(lambda: not heartbeat.signs_here(get_settings())[0].stale, "touched again")
    assert "worker_is_stuck" in worker.log.read_text()


@on_sqlite
@pytest.mark.usefixtures("quick_pulse")
def test_a_worker_without_a_broker_consumes_nothing_and_does_not_say_otherwise(
    start_worker: StartWorker, broker: Broker
) -> None:
    worker = start_worker()
    wait_until(heartbeat.alive, "the row")
    broker.kill()
    wait_until(lambda: not heartbeat.alive(), "the row ends")
    broker.start()
    wait_until(heartbeat.alive, "it consumes again")
    worker.process.send_signal(signal.SIGTERM)
    worker.process.wait(30)
    assert heartbeat.signs_here(get_settings()) == [], "it left on purpose"
