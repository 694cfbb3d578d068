"""What scales workers asks for numbers that there are."""

import re
from typing import Any

import pytest

from app.api import metrics
from app.celery_app import celery_app
from app.core.config import Settings
from tests.deploy.files import DEPLOY, SETTINGS, read_yaml


@pytest.fixture(scope="module")
def scaled() -> Any:
    return read_yaml(DEPLOY / "keda" / "scaledobject.yaml")


@pytest.fixture(scope="module")
def worker() -> Any:
    return read_yaml(DEPLOY / "keda" / "worker.yaml")


@pytest.fixture
def collected(queue_settings: Settings) -> str:
    """What /metrics says beside a database and a broker that answer."""
    assert queue_settings.redis_url
    return metrics.render()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_numbers_that_it_asks_for_exist(scaled: Any, collected: str) -> None:
    names = set(re.findall(r"workflow_platform_\w+(?:\{[^}]*\})?", scaled["spec"]["triggers"][0]["metadata"]["query"]))
    assert names
    assert [name for name in names if not re.search(rf"^{re.escape(name)}[ {{]", collected, re.MULTILINE)] == []


def test_it_scales_the_worker_that_is_beside_it(scaled: Any, worker: Any) -> None:
    assert scaled["spec"]["scaleTargetRef"]["name"] == worker["metadata"]["name"]
    labels = worker["spec"]["template"]["metadata"]["labels"]
    assert worker["spec"]["selector"]["matchLabels"] == labels


def test_a_worker_is_asked_to_do_what_it_can_at_once(scaled: Any, worker: Any) -> None:
    container = worker["spec"]["template"]["spec"]["containers"][0]
    children = next(int(arg.partition("=")[2]) for arg in container["args"] if arg.startswith("--concurrency="))
    runs = Settings.model_fields["label_runs_at_once"].default
    assert int(scaled["spec"]["triggers"][0]["metadata"]["threshold"]) == children * runs
    assert {variable["name"] for variable in container["env"]} <= SETTINGS


def test_a_worker_is_given_the_time_that_a_task_may_take(worker: Any) -> None:
    assert worker["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > celery_app.conf.task_time_limit
