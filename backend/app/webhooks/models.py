"""Tables: who is told of what, and every telling.

A delivery: `waiting → delivered`, or `given_up` after too many tries; a row is written in the transaction of what it
tells of, so that nothing is told that did not happen, and nothing that happened is forgotten.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import UtcDateTime, now
from app.core.db import Base, Json

Event = Literal["workflow.labelled", "workflow.published", "run.needs_attention", "webhook.test"]


class Webhook(Base):
    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2_000))
    secret: Mapped[str] = mapped_column(String(100))
    """With which what is sent is signed: it has to be readable here."""
    events: Mapped[list[str]] = mapped_column(Json)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_because: Mapped[str | None] = mapped_column(String(300))
    """In words for a person; None: a person paused it."""
    given_up: Mapped[int] = mapped_column(default=0)
    """Deliveries that were given up on since the last one that arrived."""

    __table_args__ = ({"sqlite_autoincrement": True},)


class WebhookDelivery(Base):
    __tablename__ = "webhook_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event: Mapped[Event] = mapped_column(String(40))
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    """By which the receiver knows a repetition."""
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[Literal["waiting", "delivered", "given_up"]] = mapped_column(String(20), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """On the database's clock; while a try is under way, when it counts as lost."""
    status: Mapped[int | None] = mapped_column()
    """Of the last answer."""
    problem: Mapped[str | None] = mapped_column(Text)
    """Of the last try, in words for a person."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "webhook_id", "id"),
        Index(
            "ix_webhook_deliveries_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        {"sqlite_autoincrement": True},
    )
