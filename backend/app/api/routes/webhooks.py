"""Programs that are told of what happens here. For admins."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.deps import Admin
from app.api.forms import Listed
from app.api.webhook_schemas import DeliveryRead, WebhookChange, WebhookRead, WebhookRequest, WebhookSecret
from app.core.db import transaction
from app.tasks.publishing import send_deliver
from app.webhooks import service as webhooks

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.get("")
def list_webhooks(actor: Admin) -> Listed[WebhookRead]:
    """All webhooks, oldest first."""
    with transaction(read_only=True) as session:
        return Listed(items=[WebhookRead.model_validate(each) for each in webhooks.list_(session, actor)])


@router.post("", status_code=201)
def create_webhook(wanted: WebhookRequest, actor: Admin) -> WebhookSecret:
    """Make a webhook. The secret that signs what is sent is in this answer alone."""
    with transaction() as session:
        return WebhookSecret.model_validate(webhooks.create(session, actor, url=wanted.url, events=wanted.events))


@router.patch("/{webhook_id}")
def change_webhook(webhook_id: int, change: WebhookChange, actor: Admin) -> WebhookRead:
    """Change what is sent; what is left out stays. While it is paused nothing is kept for it."""
    with transaction() as session:
        changed = webhooks.change(
            session, webhook_id, actor, url=change.url, events=change.events, paused=change.paused
        )
        return WebhookRead.model_validate(changed)


@router.delete("/{webhook_id}", status_code=204)
def delete_webhook(webhook_id: int, actor: Admin) -> Response:
    """Delete a webhook and the log of its deliveries."""
    with transaction() as session:
        webhooks.remove(session, webhook_id, actor)
    return Response(status_code=204)


@router.post("/{webhook_id}/secret")
def renew_webhook_secret(webhook_id: int, actor: Admin) -> WebhookSecret:
    """Make a new secret, which is in this answer alone; the old one signs nothing any more."""
    with transaction() as session:
        return WebhookSecret.model_validate(webhooks.renew_secret(session, webhook_id, actor))


@router.get("/{webhook_id}/deliveries")
def list_deliveries(
    webhook_id: int,
    actor: Admin,
    limit: Annotated[int, Query(ge=1, le=webhooks.MAX_PAGE)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Listed[DeliveryRead]:
    """What was sent in the last 30 days, or is to be, newest first."""
    with transaction(read_only=True) as session:
        page = webhooks.deliveries(session, webhook_id, actor, limit=limit, cursor=cursor)
    return Listed(items=[DeliveryRead.model_validate(each) for each in page.items], next_cursor=page.next_cursor)


@router.post("/{webhook_id}/test", status_code=202)
def test_webhook(webhook_id: int, actor: Admin) -> DeliveryRead:
    """Send something harmless, to see whether it arrives."""
    with transaction() as session:
        delivery = DeliveryRead.model_validate(webhooks.send_test(session, webhook_id, actor))
    send_deliver()
    return delivery


@router.post("/{webhook_id}/deliveries/{delivery_id}/again", status_code=202)
def send_delivery_again(webhook_id: int, delivery_id: int, actor: Admin) -> DeliveryRead:
    """Send a delivery again, with the same `webhook-id`, whatever became of it."""
    with transaction() as session:
        delivery = DeliveryRead.model_validate(webhooks.send_again(session, webhook_id, delivery_id, actor))
    send_deliver()
    return delivery
