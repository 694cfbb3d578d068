"""The limiter that the settings ask for: one for each model, shared by all workers."""

import structlog
from sqlalchemy.orm import Session

from app.core import preferences
from app.core.config import Settings
from app.labeling.limiter import Limiter, LimiterUnavailable
from app.labeling.rates import Limits

log = structlog.get_logger(__name__)


def limits(settings: Settings) -> Limits:
    """What the settings hold all calls of a model to."""
    return Limits(
        settings.label_requests_per_minute,
        settings.label_input_tokens_per_minute,
        settings.label_output_tokens_per_minute,
        settings.label_calls_in_flight,
    )


def limiter(settings: Settings, labeler: str, model: str | None) -> Limiter:
    """Of the calls that this labeler makes of this model."""
    return Limiter(settings.redis_url, f"{labeler}:{model}", limits(settings))


def lift_spend_limit(session: Session) -> None:
    """A person says that there is money again: the next call finds out."""
    settings = preferences.settings(session)
    try:
        limiter(settings, "claude", settings.claude_model).unblock()
    except LimiterUnavailable as error:
        log.warning("spend_limit_not_lifted", error=str(error))
