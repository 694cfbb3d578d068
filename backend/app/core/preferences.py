"""What admins chose on the page of settings; it stands above the environment and holds for every process at once."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import validation
from app.core.clock import UtcDateTime, now
from app.core.config import Settings, get_settings
from app.core.db import Base, Json, single_query
from app.core.errors import InvalidInput

log = structlog.get_logger(__name__)

CHOOSABLE = frozenset(
    {
        "claude_model",
        "click_verb",
        "guide_language",
        "label_budget_usd_per_day",
        "label_budget_usd_per_month",
        "labeler",
        "openai_model",
        "openai_vision",
        "removed_step_days",
        "trash_days",
        "unused_screenshot_hours",
    }
)
"""Settings that may be chosen while everything runs: those that are read anew for each piece of work."""

LONGEST_TEXT = 200

_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Preference(Base):
    """One setting's value as it was chosen."""

    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
    user_id: Mapped[int | None] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def settings(session: Session) -> Settings:
    """The settings as they hold now: the environment's, and above them what was chosen."""
    return _above(get_settings(), dict(session.execute(_ALL).all()))


def current() -> Settings:
    """The same, for who has no transaction open."""
    with single_query() as session:
        return settings(session)


def chosen(session: Session) -> dict[str, Preference]:
    """What was chosen, by whom and when."""
    return {row.name: row for row in session.scalars(select(Preference).where(Preference.name.in_(CHOOSABLE)))}


def choose(session: Session, name: str, value: Any, *, user_id: int | None) -> None:
    """Choose a value. Raises InvalidInput."""
    if name not in CHOOSABLE:
        raise InvalidInput(f"{name} cannot be chosen here.", field=name)
    session.merge(Preference(name=name, value=checked(name, value), user_id=user_id, updated_at=now()))
    session.flush()


def checked(name: str, value: Any) -> Any:
    """The value as it is kept. Raises InvalidInput."""
    try:
        kept = _adapter(name).dump_python(_adapter(name).validate_python(value), mode="json")
    except ValidationError as error:
        raise InvalidInput(f"{name.upper()} {_problem(error)}.", field=name) from None
    if isinstance(kept, float) and not math.isfinite(kept):
        raise InvalidInput(f"{name.upper()} is not a finite number.", field=name)
    if isinstance(kept, str) and (len(kept) > LONGEST_TEXT or _INVISIBLE.search(kept)):
        raise InvalidInput(f"{name.upper()} has at most {LONGEST_TEXT} visible characters.", field=name)
    return kept


def leave(session: Session, name: str) -> None:
    """Let the environment's value hold again."""
    session.execute(delete(Preference).where(Preference.name == name))


_ALL = select(Preference.name, Preference.value)


def _above(environment: Settings, values: Mapping[str, Any]) -> Settings:
    known = {}
    for name, value in values.items():
        if name not in CHOOSABLE:
            continue
        try:
            known[name] = _adapter(name).validate_python(value)
        except ValidationError:  # another version's: nothing may stand still for it
            log.warning("preference_not_understood", setting=name)
    return environment.model_copy(update=known) if known else environment


def _problem(error: ValidationError) -> str:
    return "; ".join(dict.fromkeys(each["problem"] for each in validation.fields(validation.details(error))))


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(Settings.model_fields[name].rebuild_annotation())
