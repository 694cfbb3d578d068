"""What the API takes and answers about webhooks."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.forms import Answer
from app.webhooks.destinations import MAX_URL

Url = Annotated[str, Field(min_length=1, max_length=MAX_URL)]
Events = Annotated[
    list[Literal["workflow.labelled", "workflow.published", "run.needs_attention"]], Field(min_length=1, max_length=10)
]


class WebhookRequest(BaseModel):
    """A webhook to make."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    events: Events


class WebhookChange(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    events: Events | None = None
    paused: bool | None = None


class WebhookRead(Answer):
    """A webhook. `paused_because`: why this server paused it; null: it did not, a person did if it is paused."""

    id: int
    url: str
    events: list[str]
    created_at: datetime
    paused_at: datetime | None
    paused_because: str | None


class WebhookSecret(WebhookRead):
    """With the secret that signs what is sent, which is in this answer alone."""

    secret: str


class DeliveryRead(Answer):
    """What was sent, or is to be. `due_at`: when the next try is due, while it waits; `status`: of the last answer."""

    id: int
    event: str
    message_id: str
    payload: dict[str, Any]
    state: Literal["waiting", "delivered", "given_up"]
    tries: int
    due_at: datetime
    status: int | None
    problem: str | None
    created_at: datetime
    delivered_at: datetime | None
