"""Sending what is due.

    waiting ── claim (counts the try) ──▶ a try is under way until `due_at`
      ▲                                    ├─ 2xx ─────────────────▶ delivered
      ├── again later, with jitter ────────┤
      │                                    └─ too often, or 410 ───▶ given_up
      └── the worker died: `due_at` comes

- A claim is one conditional UPDATE on the database's clock: however many messages wake however many workers, each try
  is made once. What a try brought is written only if no later one began.
- A worker that dies between sending and writing it down makes the receiver get the same message again, with the same
  `webhook-id`.
- One receiver that hangs holds two threads of a worker at the most, and after a failure it is left alone until the next
  wake-up: the others do not wait for it.
"""

import time
from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import SystemRandom
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import db_now, now
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.webhooks import signing, wire
from app.webhooks.models import Webhook, WebhookDelivery
from app.webhooks.outbox import WAITING
from app.webhooks.pausing import pause

log = structlog.get_logger(__name__)

MINUTE, HOUR = 60, 3_600
RETRY_SECONDS = (10, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 15 * HOUR)
"""Before the second try, the third …: eight tries in about a day."""
JITTER = 0.2
GONE = 410
MOST_GIVEN_UP = 5
"""Deliveries in a row, each tried for a day, after which a webhook is paused."""
AT_ONCE = 8
EACH_AT_ONCE = 2
SLACK_SECONDS = 5

_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a delivery, as it was claimed."""

    delivery_id: int
    webhook_id: int
    number: int
    url: str
    secret: str
    message_id: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a try brought; `status` None: no answer came, for this `problem`."""

    status: int | None
    problem: str | None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send_due(seconds: float, resolver: wire.Resolve = wire.resolve) -> int:
    """Send what is due, several at once, for no longer than about this time; how many tries were made."""
    settings, until = get_settings(), time.monotonic() + seconds
    under_way, left_alone, lock = Counter[int](), set[int](), Lock()

    def work() -> int:
        made = 0
        while time.monotonic() < until:
            with lock:
                busy = {webhook for webhook, count in under_way.items() if count >= EACH_AT_ONCE}
                one = _claim(settings, left_alone | busy)
                if one is None:
                    return made
                under_way[one.webhook_id] += 1
            answer = _send(one, settings, resolver)
            with lock:
                under_way[one.webhook_id] -= 1
                if not answer.delivered:
                    left_alone.add(one.webhook_id)
            _finish(one, answer)
            made += 1
        return made

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks") as pool:
        return sum(each.result() for each in [pool.submit(work) for _ in range(AT_ONCE)])


def claim(session: Session, seconds: float, but: Collection[int] = ()) -> Try | None:
    """Take the delivery that is due longest, for this time; `but`: webhooks that are left alone."""
    delivery = WebhookDelivery
    due = (
        select(delivery.id)
        .where(WAITING, delivery.due_at <= select(db_now()).scalar_subquery())
        .where(delivery.webhook_id.not_in(but))
        .order_by(delivery.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.execute(
        update(delivery)
        .where(delivery.id == due.scalar_subquery(), delivery.state == "waiting", delivery.due_at <= db_now())
        .values(tries=delivery.tries + 1, due_at=db_now(seconds))
        .returning(delivery.id, delivery.webhook_id, delivery.tries, delivery.message_id, delivery.payload)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    webhook = session.get_one(Webhook, row.webhook_id)
    return Try(row.id, row.webhook_id, row.tries, webhook.url, webhook.secret, row.message_id, row.payload)


def record(session: Session, one: Try, answer: Answer) -> None:
    """Write down what a try brought. Does nothing if a later one began, or the delivery is gone."""
    webhook = session.get(Webhook, one.webhook_id, with_for_update=True)
    if webhook is None:
        return
    last = answer.status == GONE or one.number > len(RETRY_SECONDS)
    values: dict[str, Any] = {"status": answer.status, "problem": answer.problem}
    if answer.delivered:
        values |= {"state": "delivered", "delivered_at": now()}
    elif last:
        values |= {"state": "given_up"}
    else:
        values |= {"due_at": db_now(_pause_before_next(one.number))}
    mine = (WebhookDelivery.id == one.delivery_id, WebhookDelivery.tries == one.number)
    waits = WebhookDelivery.state == "waiting"
    done = session.execute(update(WebhookDelivery).where(*mine, waits).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        return
    if answer.delivered:
        webhook.given_up = 0
    elif last:
        webhook.given_up += one.number <= len(RETRY_SECONDS) + 1  # not those that a person sent again
        _pause_if_hopeless(session, webhook, answer)
    session.flush()


def _pause_if_hopeless(session: Session, webhook: Webhook, answer: Answer) -> None:
    if answer.status == GONE:
        pause(session, webhook, "The receiver answered 410 Gone: it wants no more of these.")
    elif webhook.given_up >= MOST_GIVEN_UP:
        last = f" Last: {answer.problem}" if answer.problem else ""
        pause(
            session, webhook, f"{webhook.given_up} deliveries in a row could not be made, each tried for a day.{last}"
        )


def _pause_before_next(number: int) -> float:
    return RETRY_SECONDS[number - 1] * _random.uniform(1 - JITTER, 1 + JITTER)


def _claim(settings: Settings, but: Collection[int]) -> Try | None:
    with transaction() as session:
        return claim(session, settings.webhook_timeout_seconds + SLACK_SECONDS, but)


def _finish(one: Try, answer: Answer) -> None:
    with transaction() as session:
        record(session, one, answer)
    log.info(
        "webhook_tried",
        webhook_id=one.webhook_id,
        delivery_id=one.delivery_id,
        number=one.number,
        status=answer.status,
        delivered=answer.delivered,
    )


def _send(one: Try, settings: Settings, resolver: wire.Resolve) -> Answer:
    body = signing.body_of(one.payload)
    signed = signing.headers(one.secret, one.message_id, int(now().timestamp()), body)
    try:
        status = wire.post(one.url, body, signed, settings, resolver)
    except wire.NotSent as error:
        return Answer(None, str(error))
    return Answer(status, None if 200 <= status < 300 else _explained(status))


def _explained(status: int) -> str:
    if 300 <= status < 400:
        return f"The receiver answered {status}, a redirect: these are not followed. Enter the address it leads to."
    if status == GONE:
        return "The receiver answered 410 Gone: it wants no more of these."
    return f"The receiver answered {status}; anything from 200 to 299 counts as delivered."
