"""Deliveries from the event to the receiver, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from app.accounts.actor import Actor
from app.core.clock import db_now, now
from app.core.config import get_settings
from app.core.db import transaction
from app.labeling import outcomes, runs
from app.labeling.models import RunState
from app.webhooks import outbox, sending
from app.webhooks import service as webhooks
from app.webhooks.errors import AddressRefused, DeliveryNotFound, InvalidWebhook, WebhookNotFound
from app.webhooks.models import Webhook, WebhookDelivery
from app.webhooks.sending import Answer
from app.workflows import service as workflows
from app.workflows.changes import WorkflowChanges
from app.workflows.models import WorkflowStatus
from benchmarks import plans
from tests.labeling.recordings import record
from tests.webhooks.conftest import deliveries
from tests.webhooks.receiver import Receiver, receiving

SECONDS = 20


def tell(name: str = "A guide") -> None:
    with transaction() as session:
        outbox.tell(session, "workflow.published", lambda: {"workflow": {"name": name}})


def make_due() -> None:
    with transaction() as session:
        session.execute(update(WebhookDelivery).values(due_at=db_now(-1)))


def end(names: list[str], state: RunState) -> int:
    run = record(names)
    with transaction() as session:
        outcomes.end(session, run.run_id, run.workflow_id, state, "Because of the secret 4111.")
    return run.workflow_id


def test_what_is_rolled_back_is_not_told(webhook: Webhook) -> None:
    assert webhook.id

    def fail() -> None:
        with transaction() as session:
            outbox.tell(session, "workflow.published", dict)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert deliveries() == []


def test_nobody_is_told_of_what_they_do_not_listen_to(webhook: Webhook, admin: Actor, receiver: Receiver) -> None:
    with transaction() as session:
        webhooks.change(session, webhook.id, admin, events=["run.needs_attention"])
    tell()
    assert deliveries() == []
    assert sending.send_due(SECONDS) == 0
    assert receiver.got == []


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (RunState.SUCCEEDED, "workflow.labelled"),
        (RunState.PARTIAL, "workflow.labelled"),
        (RunState.FAILED, "run.needs_attention"),
        (RunState.NEEDS_ATTENTION, "run.needs_attention"),
    ],
)
def test_the_end_of_a_labelling_is_told_in_numbers(
    webhook: Webhook, receiver: Receiver, state: RunState, event: str
) -> None:
    workflow_id = end(["Save 4111 1111 1111 1111"], state)
    assert sending.send_due(SECONDS) == 1
    (got,) = receiver.got
    assert got.is_signed_with(webhook.secret)
    assert got.headers["webhook-id"] == deliveries()[0].message_id
    assert got.payload.keys() == {"type", "timestamp", "data"}
    assert got.payload["type"] == event
    assert got.payload["data"]["workflow"] == {
        "id": workflow_id,
        "name": "Create a contact",
        "status": "processing" if state is RunState.NEEDS_ATTENTION else got.payload["data"]["workflow"]["status"],
        "visibility": "team",
        "steps": 1,
        "url": f"{get_settings().base_url}/workflows/{workflow_id}",
    }
    assert got.payload["data"]["run"].keys() == {"id", "state", "total_steps", "steps_labeled", "steps_failed"}
    assert got.payload["data"]["run"]["state"] == state
    for secret in (b"4111", b"crm.example", b"Save"):
        assert secret not in got.body, "neither what was recorded nor why it failed"


def test_a_cancelled_labelling_is_not_told(webhook: Webhook, editor: Actor) -> None:
    assert webhook.id
    run = record(["Save"])
    assert editor
    with transaction() as session:
        runs.cancel(session, run.run_id)
    assert deliveries() == []


def test_publishing_is_told_once(webhook: Webhook, admin: Actor) -> None:
    assert webhook.id
    workflow_id = record(["Save"]).workflow_id
    with transaction() as session:
        workflows.mark_draft(session, workflow_id)
    for changes in (
        WorkflowChanges(name="Another"),
        WorkflowChanges(status=WorkflowStatus.PUBLISHED),
        WorkflowChanges(status=WorkflowStatus.PUBLISHED),
        WorkflowChanges(name="A third"),
    ):
        with transaction() as session:
            workflows.update(session, workflow_id, admin, changes=changes)
    (told,) = deliveries()
    assert told.event == "workflow.published"
    assert told.payload["data"]["workflow"]["name"] == "Another"


def test_ten_wake_ups_at_once_send_once(webhook: Webhook, receiver: Receiver) -> None:
    assert webhook.id
    tell()
    with ThreadPoolExecutor(10) as pool:
        tries = sum(pool.map(lambda _: sending.send_due(SECONDS), range(10)))
    assert (tries, len(receiver.got)) == (1, 1)
    assert [each.state for each in deliveries()] == ["delivered"]


def test_a_failed_try_is_made_again_later_under_the_same_name(webhook: Webhook, receiver: Receiver) -> None:
    receiver.statuses = [500, 204]
    tell()
    assert sending.send_due(SECONDS) == 1
    (told,) = deliveries()
    assert (told.state, told.tries, told.status) == ("waiting", 1, 500)
    assert told.problem == "The receiver answered 500; anything from 200 to 299 counts as delivered."
    assert sending.send_due(SECONDS) == 0, "it is not due yet"
    make_due()
    assert sending.send_due(SECONDS) == 1
    (told,) = deliveries()
    assert (told.state, told.tries, told.status, told.problem) == ("delivered", 2, 204, None)
    assert told.delivered_at
    first, second = receiver.got
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert second.is_signed_with(webhook.secret)


def test_pauses_between_tries_grow_to_about_a_day_and_are_never_the_same() -> None:
    assert len(sending.RETRY_SECONDS) == 7
    assert list(sending.RETRY_SECONDS) == sorted(sending.RETRY_SECONDS)
    assert 20 * 3_600 < sum(sending.RETRY_SECONDS) < 28 * 3_600
    found = {sending._pause_before_next(3) for _ in range(50)}
    assert len(found) > 40
    assert all(240 <= seconds <= 360 for seconds in found)


def fail_for_good(receiver: Receiver, count: int = 1) -> None:
    for _ in range(count):
        tell()
        for _ in range(8):
            receiver.statuses.append(503)
            make_due()
            sending.send_due(SECONDS)


def test_after_eight_tries_a_delivery_is_given_up(webhook: Webhook, receiver: Receiver) -> None:
    assert webhook.id
    fail_for_good(receiver)
    (told,) = deliveries()
    assert (told.state, told.tries, told.status) == ("given_up", 8, 503)
    make_due()
    assert sending.send_due(SECONDS) == 0


def test_a_webhook_that_never_arrives_is_paused_and_says_why(
    webhook: Webhook, receiver: Receiver, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_GIVEN_UP", 2)
    fail_for_good(receiver)
    tell()
    assert sending.send_due(SECONDS) == 1, "one that arrives in between makes good"
    fail_for_good(receiver, 2)
    with transaction() as session:
        found = webhooks.get(session, webhook.id, admin)
        assert found.paused_at
        assert found.paused_because == (
            "2 deliveries in a row could not be made, each tried for a day. "
            "Last: The receiver answered 503; anything from 200 to 299 counts as delivered."
        )
    tell()
    assert len(deliveries()) == 4, "a paused webhook is told nothing"
    with transaction() as session:
        again = webhooks.change(session, webhook.id, admin, paused=False)
        assert (again.paused_at, again.paused_because, again.given_up) == (None, None, 0)
    tell()
    assert sending.send_due(SECONDS) == 1


def test_gone_pauses_at_once_and_gives_up_what_waits(webhook: Webhook, receiver: Receiver, admin: Actor) -> None:
    receiver.statuses = [500, 410]
    tell("first")
    sending.send_due(SECONDS)
    tell("second")
    assert sending.send_due(SECONDS) == 1
    assert [(each.state, each.status) for each in deliveries()] == [("given_up", 500), ("given_up", 410)]
    assert deliveries()[0].problem == "The webhook was paused before this was delivered."
    with transaction() as session:
        assert "410 Gone" in (webhooks.get(session, webhook.id, admin).paused_because or "")


def test_a_redirect_counts_as_failed_and_says_what_to_do(webhook: Webhook, receiver: Receiver) -> None:
    assert webhook.id
    receiver.statuses, receiver.headers = [302], {"Location": "https://other.example/"}
    tell()
    sending.send_due(SECONDS)
    assert "a redirect: these are not followed" in (deliveries()[0].problem or "")


def test_an_address_that_is_no_longer_allowed_is_not_sent_to(
    webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert webhook.id
    monkeypatch.setenv("WEBHOOK_ALLOWED_HOSTS", "")
    get_settings.cache_clear()
    tell()
    sending.send_due(SECONDS)
    (told,) = deliveries()
    assert (told.state, told.status) == ("waiting", None)
    assert "nothing is sent into this server's own network" in (told.problem or "")
    assert receiver.got == []


def test_a_try_whose_worker_died_is_made_again_when_its_time_is_over(webhook: Webhook, receiver: Receiver) -> None:
    assert webhook.id
    tell()
    with transaction() as session:
        dead = sending.claim(session, 30)
        assert dead
    assert sending.send_due(SECONDS) == 0, "somebody is at it"
    make_due()
    assert sending.send_due(SECONDS) == 1
    with transaction() as session:
        sending.record(session, dead, Answer(500, "It comes back from the dead."))
    (told,) = deliveries()
    assert (told.state, told.tries, told.problem) == ("delivered", 2, None)
    assert len(receiver.got) == 1


def test_what_an_earlier_try_brought_is_not_written_over_a_later_one(webhook: Webhook, receiver: Receiver) -> None:
    assert webhook.id
    receiver.statuses = [503]
    tell()
    with transaction() as session:
        slow = sending.claim(session, 30)
        assert slow
    make_due()
    sending.send_due(SECONDS)
    with transaction() as session:
        sending.record(session, slow, Answer(500, "It comes late."))
    (told,) = deliveries()
    assert (told.state, told.tries, told.status) == ("waiting", 2, 503)


def test_one_receiver_that_hangs_does_not_hold_up_the_others(
    webhook: Webhook, receiver: Receiver, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_TIMEOUT_SECONDS", "5")
    get_settings.cache_clear()
    receiver.gate = threading.Event()
    assert webhook.id
    for number in range(6):
        tell(f"to the one that hangs {number}")
    with receiving() as other, ThreadPoolExecutor(1) as pool:
        with transaction() as session:
            webhooks.create(session, admin, url=other.url, events=["run.needs_attention"])
        end(["Save"], RunState.NEEDS_ATTENTION)
        sent = pool.submit(sending.send_due, SECONDS)
        assert other.arrived.acquire(timeout=SECONDS), "the last one that was due arrives while the first ones hang"
        for _ in range(sending.EACH_AT_ONCE):
            assert receiver.arrived.acquire(timeout=SECONDS)
        sent.result()
    assert len(receiver.got) == sending.EACH_AT_ONCE, "after a failure it is left alone"


def test_send_again_and_a_test_reach_a_paused_webhook_too(webhook: Webhook, receiver: Receiver, admin: Actor) -> None:
    fail_for_good(receiver)
    with transaction() as session:
        webhooks.change(session, webhook.id, admin, paused=True)
        again = webhooks.send_again(session, webhook.id, deliveries()[0].id, admin)
        assert (again.state, again.problem) == ("waiting", None)
        webhooks.send_test(session, webhook.id, admin)
    receiver.got.clear()
    assert sending.send_due(SECONDS) == 2
    assert {got.payload["type"] for got in receiver.got} == {"workflow.published", "webhook.test"}
    assert [each.state for each in deliveries()] == ["delivered", "delivered"]


def test_a_delivery_of_another_webhook_is_not_found(webhook: Webhook, admin: Actor) -> None:
    tell()
    with transaction() as session:
        other = webhooks.create(session, admin, url=webhook.url, events=webhooks.EVENTS)
        for webhook_id, delivery_id in ((other.id, deliveries()[0].id), (webhook.id, 2**62), (webhook.id, 2**70)):
            with pytest.raises(DeliveryNotFound):
                webhooks.send_again(session, webhook_id, delivery_id, admin)
        for webhook_id in (0, -1, 2**62, 2**70):
            with pytest.raises(WebhookNotFound):
                webhooks.get(session, webhook_id, admin)


@pytest.mark.parametrize("events", [[], ["nothing"], ["workflow.published", "webhook.test"]])
def test_events_are_those_that_there_are(webhook: Webhook, admin: Actor, events: list[str]) -> None:
    with transaction() as session, pytest.raises(InvalidWebhook):
        webhooks.change(session, webhook.id, admin, events=events)


def test_addresses_are_looked_at_when_they_are_entered(webhook: Webhook, admin: Actor) -> None:
    with transaction() as session:
        with pytest.raises(AddressRefused):
            webhooks.create(session, admin, url="https://10.0.0.1/", events=webhooks.EVENTS)
        with pytest.raises(AddressRefused):
            webhooks.change(session, webhook.id, admin, url="https://user@hooks.example/")


def test_deleting_takes_the_log_along(webhook: Webhook, admin: Actor) -> None:
    tell()
    with transaction() as session:
        webhooks.remove(session, webhook.id, admin)
    assert deliveries() == []


def test_deliveries_are_kept_for_thirty_days(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert webhook.id
    tell()
    with transaction() as session:
        assert webhooks.purge(session) == 0
        monkeypatch.setattr(webhooks, "now", lambda: now() + timedelta(days=31))
        assert webhooks.purge(session) == 1


def test_what_is_due_is_looked_up_in_the_index_of_what_waits(webhook: Webhook) -> None:
    row: dict[str, Any] = {
        "webhook_id": webhook.id, "event": "workflow.published", "payload": {}, "state": "delivered", "tries": 1,
        "due_at": now(), "created_at": now(),
    }  # fmt: skip
    with transaction() as session:
        session.execute(insert(WebhookDelivery), [{**row, "message_id": str(number)} for number in range(3_000)])
        session.execute(text("ANALYZE"))
        lines = "\n".join(plans.explain(session, select(outbox.EARLIEST_DUE), {}))
        assert "ix_webhook_deliveries_waiting" in lines, lines
