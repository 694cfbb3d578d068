"""Health and metrics while parts are away: what can be known is told, and soon."""

import signal
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.api.metrics import StandingCollector
from app.core.config import Settings, get_settings
from app.core.db import get_engine, transaction
from app.tasks import heartbeat
from tests.labeling.recordings import record
from tests.services import Broker, wait_until

SOON_SECONDS = 8
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def metrics(client: TestClient) -> dict[str, float]:
    began = time.monotonic()
    lines = client.get("/metrics").text.splitlines()
    assert time.monotonic() - began < SOON_SECONDS
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def parts(client: TestClient) -> dict[str, str]:
    answer = client.get("/health/ready").json()
    return {name: part["state"] for name, part in answer["parts"].items()}


def test_without_a_broker_the_rows_are_told_all_the_same(client: TestClient) -> None:
    record(["Save"])
    found = metrics(client)
    assert found['workflow_platform_part_up{part="broker"}'] == 0
    assert found['workflow_platform_part_up{part="database"}'] == 1
    assert found['workflow_platform_runs{state="queued"}'] == 1
    assert not [name for name in found if "queue_messages" in name]


@on_sqlite
def test_a_broker_that_hangs_delays_nobody_for_long(
    queue_settings: Settings, broker: Broker, client: TestClient
) -> None:
    assert queue_settings.redis_url == broker.url
    broker.signal(signal.SIGSTOP)
    found = metrics(client)
    assert found['workflow_platform_part_up{part="broker"}'] == 0
    assert found['workflow_platform_runs{state="queued"}'] == 0
    assert parts(client)["broker"] == "down"
    broker.signal(signal.SIGCONT)


@on_sqlite
def test_every_priority_and_what_is_unacknowledged_is_counted(
    queue_settings: Settings, broker: Broker, client: TestClient
) -> None:
    assert queue_settings.redis_url
    with broker.client() as redis:
        redis.lpush("ai_labeling", "a")
        redis.lpush("ai_labeling\x06\x166", "b", "c")
        redis.lpush("celery\x06\x163", "d")
        redis.hset("unacked", "tag", "e")
        found = metrics(client)
        redis.flushall()
    depths = {name: value for name, value in found.items() if "queue_messages" in name}
    assert len(depths) == 8
    assert depths['workflow_platform_queue_messages{priority="0",queue="ai_labeling"}'] == 1
    assert depths['workflow_platform_queue_messages{priority="6",queue="ai_labeling"}'] == 2
    assert depths['workflow_platform_queue_messages{priority="3",queue="celery"}'] == 1
    assert found["workflow_platform_unacked_messages"] == 1


def test_without_its_tables_it_is_not_ready(client: TestClient) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "run `workflow-platform migrate`" in answer.json()["parts"]["migrations"]["detail"]
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert parts(client)["migrations"] == "ok", "an older program beside a newer database, during a deploy"


def test_worker_and_reconciler_are_named(client: TestClient) -> None:
    assert parts(client)["worker"] == "down"
    heartbeat.beat("worker1@here", 30)
    wait_until(lambda: parts(client)["reconciler"] == "ok")
    found = parts(client)
    assert list(found) == ["database", "migrations", "broker", "storage", "worker", "reconciler"]
    assert found["worker"] == "ok"
    assert metrics(client)["workflow_platform_workers"] == 1


@on_sqlite
def test_without_a_database_the_broker_is_told(client: TestClient, settings: Settings) -> None:
    with get_engine().begin() as connection:
        connection.execute(text("DROP TABLE tallies"))
    found = metrics(client)
    assert settings.database_url
    assert "workflow_platform_data_dir_free_bytes" in found
    assert not [name for name in found if name.startswith("workflow_platform_runs")]


def test_the_disk_is_told_before_anything_is_stored(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "not" / "yet"))
    monkeypatch.setenv("STORAGE_URL", f"{settings.storage}-elsewhere")
    get_settings.cache_clear()
    told = [metric for metric in StandingCollector().collect() if metric.name.endswith("data_dir_free_bytes")]
    assert told[0].samples[0].value > 0
