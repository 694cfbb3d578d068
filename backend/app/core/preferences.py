"""What admins chose on the page of settings; it stands above the environment and holds for every process at once."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import UtcDateTime, now
from app.core.config import Settings, get_settings
from app.core.db import Base, Json
from app.core.errors import InvalidInput

CHOOSABLE = frozenset(
    {
        "claude_model",
        "click_verb",
        "label_budget_usd_per_day",
        "label_budget_usd_per_month",
        "labeler",
        "openai_model",
        "openai_vision",
        "unused_screenshot_hours",
    }
)
"""Settings that may be chosen while everything runs: those that are read anew for each piece of work."""


class Preference(Base):
    """One setting's value as it was chosen."""

    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
    user_id: Mapped[int | None] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def settings(session: Session) -> Settings:
    """The settings as they hold now: the environment's, and above them what was chosen."""
    chosen: dict[str, Any] = dict(session.execute(select(Preference.name, Preference.value)).all())
    known = {name: _adapter(name).validate_python(value) for name, value in chosen.items() if name in CHOOSABLE}
    return get_settings().model_copy(update=known)


def choose(session: Session, name: str, value: Any, *, user_id: int | None) -> None:
    """Choose a value. Raises InvalidInput."""
    if name not in CHOOSABLE:
        raise InvalidInput(f"{name} cannot be chosen here.", field=name)
    try:
        kept = _adapter(name).dump_python(_adapter(name).validate_python(value), mode="json")
    except ValidationError as error:
        raise InvalidInput(f"{name}: {error.errors()[0]['msg']}", field=name) from None
    session.merge(Preference(name=name, value=kept, user_id=user_id, updated_at=now()))


def leave(session: Session, name: str) -> None:
    """Let the environment's value hold again."""
    session.execute(delete(Preference).where(Preference.name == name))


def _adapter(name: str) -> TypeAdapter[Any]:
    field = Settings.model_fields[name]
    return TypeAdapter(field.rebuild_annotation())
