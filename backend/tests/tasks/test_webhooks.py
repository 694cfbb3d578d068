"""Webhooks over a real broker, by real workers that die, to a real receiver."""

import threading
from collections.abc import Iterator

import pytest

from app.accounts.actor import Actor
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.tasks.publishing import tell_of_news
from app.tasks.webhooks import deliver
from app.webhooks import outbox
from app.webhooks import service as webhooks
from app.webhooks.models import Webhook
from tests.labeling.recordings import record
from tests.services import Broker, StartWorker, wait_until
from tests.webhooks.conftest import deliveries
from tests.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def allowed_for_workers(queue_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    assert queue_settings.redis_url
    monkeypatch.setenv("WEBHOOK_ALLOW_HTTP", "true")
    monkeypatch.setenv("WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")
    get_settings.cache_clear()
    return get_settings()


@pytest.fixture
def receiver(allowed_for_workers: Settings) -> Iterator[Receiver]:
    assert allowed_for_workers
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhook(receiver: Receiver, admin: Actor) -> Webhook:
    with transaction() as session:
        return webhooks.create(session, admin, url=receiver.url, events=webhooks.EVENTS)


def tell() -> None:
    with transaction() as session:
        outbox.tell(session, "workflow.published", lambda: {"workflow": {"name": "A guide"}})


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    start_worker: StartWorker, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_TIMEOUT_SECONDS", "8")
    receiver.gate = threading.Event()
    first = start_worker(app="app.celery_app")
    tell()
    tell_of_news()
    assert receiver.arrived.acquire(timeout=60), "the first try is under way"
    first.kill()
    receiver.gate.set()
    assert [(each.state, each.tries) for each in deliveries()] == [("waiting", 1)]
    start_worker(app="app.celery_app")
    wait_until(lambda: deliveries()[0].state == "delivered", "the reconciler of another worker has it sent again")
    one, two = receiver.got
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert two.is_signed_with(webhook.secret)


def test_a_message_that_comes_ten_times_sends_once(
    start_worker: StartWorker, webhook: Webhook, receiver: Receiver, broker: Broker
) -> None:
    assert webhook.id
    tell()
    for _ in range(10):
        deliver.apply_async(ignore_result=True)
    with broker.client() as client:
        assert client.llen("celery") == 10
        start_worker("--concurrency=3", app="app.celery_app")
        wait_until(lambda: not client.llen("celery") and not client.hlen("unacked"), "all ten messages were worked on")
    assert len(receiver.got) == 1
    assert [(each.state, each.tries) for each in deliveries()] == [("delivered", 1)]


def test_without_any_message_the_reconciler_finds_what_is_due(
    start_worker: StartWorker, webhook: Webhook, receiver: Receiver
) -> None:
    assert webhook.id
    tell()
    start_worker(app="app.celery_app")
    assert receiver.arrived.acquire(timeout=60)


def test_the_end_of_a_labelling_is_told(start_worker: StartWorker, webhook: Webhook, receiver: Receiver) -> None:
    assert webhook.id
    run = record(["Save"])
    start_worker()
    assert receiver.arrived.acquire(timeout=60)
    assert receiver.got[0].payload["type"] == "workflow.labelled"
    assert receiver.got[0].payload["data"]["run"]["id"] == run.run_id
