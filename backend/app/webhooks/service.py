"""Webhooks as admins see them: made, changed, paused, tried out, and what was sent."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import cast, get_args
from urllib.parse import urlsplit

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.accounts.permissions import require
from app.core.clock import db_now, now
from app.core.config import get_settings
from app.core.pages import LARGEST_ID, Page, cursor_after, id_before
from app.webhooks import destinations, outbox, pausing, signing
from app.webhooks.errors import DeliveryNotFound, InvalidWebhook, TooManyWebhooks, WebhookNotFound
from app.webhooks.models import Event, Webhook, WebhookDelivery

MOST = 50
KEPT = timedelta(days=30)
MAX_PAGE = 100

TEST: Event = "webhook.test"
EVENTS: tuple[Event, ...] = tuple(event for event in get_args(Event) if event != TEST)
"""What a webhook may listen to."""


def create(session: Session, actor: Actor, *, url: str, events: Collection[str]) -> Webhook:
    """A new webhook; its `secret` is to be shown this once. Raises `InvalidWebhook`."""
    require(actor, "admin")
    if len(session.scalars(select(Webhook.id)).all()) >= MOST:
        raise TooManyWebhooks
    webhook = Webhook(
        url=_checked_url(url), events=_checked_events(events), secret=signing.new_secret(), created_by=actor.user_id
    )
    webhook.given_up = 0
    session.add(webhook)
    session.flush()
    audit.record(session, actor, "webhook_created", _subject(webhook), host=_host(url), events=webhook.events)
    return webhook


def list_(session: Session, actor: Actor) -> Sequence[Webhook]:
    """All of them, oldest first."""
    require(actor, "admin")
    return session.scalars(select(Webhook).order_by(Webhook.id)).all()


def get(session: Session, webhook_id: int, actor: Actor, *, for_change: bool = False) -> Webhook:
    """The webhook, or `WebhookNotFound`; `for_change` locks its row."""
    require(actor, "admin")
    known = 0 < webhook_id <= LARGEST_ID
    webhook = session.get(Webhook, webhook_id, with_for_update=True if for_change else None) if known else None
    if webhook is None:
        raise WebhookNotFound
    return webhook


def change(
    session: Session,
    webhook_id: int,
    actor: Actor,
    *,
    url: str | None = None,
    events: Collection[str] | None = None,
    paused: bool | None = None,
) -> Webhook:
    """Change what is not None. Raises `InvalidWebhook`."""
    webhook = get(session, webhook_id, actor, for_change=True)
    if url is not None:
        webhook.url = _checked_url(url)
    if events is not None:
        webhook.events = _checked_events(events)
    if paused:
        pausing.pause(session, webhook, None)
    elif paused is False:
        pausing.resume(session, webhook)
    session.flush()
    is_paused, host = webhook.paused_at is not None, _host(webhook.url)
    audit.record(
        session, actor, "webhook_changed", _subject(webhook), host=host, events=webhook.events, paused=is_paused
    )
    return webhook


def renew_secret(session: Session, webhook_id: int, actor: Actor) -> Webhook:
    """Sign with a new `secret` from now on; it is to be shown this once."""
    webhook = get(session, webhook_id, actor, for_change=True)
    webhook.secret = signing.new_secret()
    session.flush()
    audit.record(session, actor, "webhook_secret_renewed", _subject(webhook))
    return webhook


def remove(session: Session, webhook_id: int, actor: Actor) -> None:
    """Delete a webhook and the log of its deliveries."""
    webhook = get(session, webhook_id, actor, for_change=True)
    audit.record(session, actor, "webhook_deleted", _subject(webhook), host=_host(webhook.url))
    session.execute(delete(Webhook).where(Webhook.id == webhook_id))  # its deliveries: by the database


def deliveries(
    session: Session, webhook_id: int, actor: Actor, *, limit: int = 50, cursor: str | None = None
) -> Page[WebhookDelivery]:
    """What was sent, or is to be, the newest first."""
    get(session, webhook_id, actor)
    limit = max(1, min(limit, MAX_PAGE))
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if cursor is not None:
        query = query.where(WebhookDelivery.id < id_before(cursor))
    found = session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(limit + 1)).all()
    more = cursor_after(found[limit - 1].id) if len(found) > limit else None
    return Page(list(found[:limit]), more)


def send_test(session: Session, webhook_id: int, actor: Actor) -> WebhookDelivery:
    """Something harmless to try the receiver with, even of a paused webhook."""
    webhook = get(session, webhook_id, actor, for_change=True)
    data = {"webhook": {"id": webhook.id}, "message": "This is a test."}
    (delivery_id,) = outbox.add(session, [webhook.id], TEST, data)
    return session.get_one(WebhookDelivery, delivery_id)


def send_again(session: Session, webhook_id: int, delivery_id: int, actor: Actor) -> WebhookDelivery:
    """Send a delivery now, whatever became of it. The receiver knows a repetition by its `message_id`."""
    get(session, webhook_id, actor, for_change=True)
    mine = (WebhookDelivery.id == min(delivery_id, LARGEST_ID), WebhookDelivery.webhook_id == webhook_id)
    found = session.scalar(
        update(WebhookDelivery)
        .where(*mine)
        .values(state="waiting", due_at=db_now(), status=None, problem=None, delivered_at=None)
        .returning(WebhookDelivery.id)
    )
    if found is None:
        raise DeliveryNotFound
    return session.get_one(WebhookDelivery, found, populate_existing=True)


def purge(session: Session) -> int:
    """Remove deliveries that have had their time; how many."""
    statement = delete(WebhookDelivery).where(WebhookDelivery.created_at < now() - KEPT)
    return cast("CursorResult[object]", session.execute(statement)).rowcount


def _checked_url(url: str) -> str:
    url = url.strip()
    destinations.read(url, get_settings())
    return url


def _checked_events(events: Collection[str]) -> list[str]:
    if not events or not set(events) <= set(EVENTS):
        raise InvalidWebhook(f"Choose one or more events: {', '.join(EVENTS)}.", field="events")
    return [event for event in EVENTS if event in events]


def _subject(webhook: Webhook) -> str:
    return f"webhook:{webhook.id}"


def _host(url: str) -> str:
    """All of an address that the audit trail keeps: its path may be a secret."""
    return urlsplit(url).hostname or ""
