"""Which labelers there are, and which one the settings ask for."""

from collections.abc import Callable
from functools import lru_cache

import structlog

from app.core.config import Settings
from app.labeling.protocol import Labeler, PermanentLabelError
from app.labeling.rules.labeler import RuleLabeler

log = structlog.get_logger(__name__)

LABELERS: dict[str, Callable[[Settings], Labeler]] = {"rules": lambda _: RuleLabeler()}


def choose(settings: Settings) -> Labeler:
    """A labeler for one run. Raises PermanentLabelError if the one that is asked for is not there."""
    name = settings.labeler
    if name == "auto":
        name = "claude" if settings.anthropic_api_key else "rules"
        if name not in LABELERS:
            _say_once(name)
            name = "rules"
    if name not in LABELERS:
        raise PermanentLabelError(
            f"LABELER={name} is not available in this version. Set LABELER=rules (or auto), restart the worker, retry."
        )
    return LABELERS[name](settings)


@lru_cache
def _say_once(name: str) -> None:
    log.warning("labeler_not_available", labeler=name, instead="rules")
