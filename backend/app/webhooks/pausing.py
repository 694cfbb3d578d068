"""A paused webhook is told nothing: what happens meanwhile is not kept for it, what waited is given up."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.webhooks.models import Webhook, WebhookDelivery

WAITED = "The webhook was paused before this was delivered."


def pause(session: Session, webhook: Webhook, because: str | None) -> None:
    """Stop. `because`: in words; None: a person wanted it."""
    if webhook.paused_at is None:
        webhook.paused_at = now()
        webhook.paused_because = because and because[:300]
    waits = (WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == "waiting")
    session.execute(update(WebhookDelivery).where(*waits).values(state="given_up", problem=WAITED))
    session.flush()


def resume(session: Session, webhook: Webhook) -> None:
    """Go on, with what happens from now on."""
    webhook.paused_at = webhook.paused_because = None
    webhook.given_up = 0
    session.flush()
