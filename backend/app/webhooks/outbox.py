"""What is to be told is written in the transaction in which it happens; somebody sends it after the commit."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from app.core.clock import db_now, now
from app.core.secret_tokens import new_id
from app.webhooks.models import Event, Webhook, WebhookDelivery


def tell(session: Session, event: Event, about: Callable[[], dict[str, Any]]) -> int:
    """Note a delivery for each webhook that wants to know; how many. `about`: asked only if there is one.

    It holds numbers, names, counts and addresses of pages: never a recorded value, never the text of a step.
    """
    listening = select(Webhook.id, Webhook.events).where(Webhook.paused_at.is_(None))
    wanted = [webhook_id for webhook_id, events in session.execute(listening) if event in events]
    if wanted:
        add(session, wanted, event, about())
    return len(wanted)


def add(session: Session, webhook_ids: Iterable[int], event: Event, data: dict[str, Any]) -> list[int]:
    """New deliveries that are due at once; their numbers."""
    payload = {"type": event, "timestamp": now().isoformat(), "data": data}
    rows = [
        {
            "webhook_id": webhook_id,
            "event": event,
            "message_id": f"msg_{new_id()}",
            "payload": payload,
            "state": "waiting",
            "tries": 0,
            "created_at": now(),
        }
        for webhook_id in webhook_ids
    ]
    return list(session.connection().execute(_INSERT, rows).scalars())


def is_anything_due(session: Session) -> bool:
    """Whether a delivery waits whose time has come; one look at an index that holds nothing but waiting ones."""
    return bool(session.scalar(select(EARLIEST_DUE)))


_DELIVERIES: Table = WebhookDelivery.__table__  # type: ignore[assignment]  # a Table, typed as FromClause
_INSERT = insert(_DELIVERIES).values(due_at=db_now()).returning(_DELIVERIES.c.id)

WAITING = text("webhook_deliveries.state = 'waiting'")
"""Written out, or databases would not know that the index of these rows alone will do."""

_earliest = select(func.min(WebhookDelivery.due_at)).where(WAITING).scalar_subquery()
EARLIEST_DUE = _earliest <= db_now()
