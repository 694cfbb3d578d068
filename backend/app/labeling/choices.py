"""What admins choose while everything runs, and where each value comes from: the environment, or who chose it when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.permissions import require
from app.core import preferences
from app.core.config import Settings, get_settings
from app.core.errors import InvalidInput
from app.core.preferences import CHOOSABLE
from app.core.validation import printable


class KeyMissing(InvalidInput):
    """There is no ANTHROPIC_API_KEY in the environment of this server: without it Claude cannot be asked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting as it holds now."""

    name: str
    value: Any
    environment: Any
    """What holds when nothing is chosen."""
    chosen: bool
    chosen_by: str | None
    """The person's name; None: nobody, or they are gone."""
    chosen_at: datetime | None


def listed(session: Session, actor: Actor) -> Sequence[Choice]:
    """All of them, by name."""
    require(actor, "admin")
    present, environment, rows = preferences.settings(session), get_settings(), preferences.chosen(session)
    people = {row.user_id for row in rows.values() if row.user_id is not None}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(people))).all())
    return [
        Choice(
            name=name,
            value=getattr(present, name),
            environment=getattr(environment, name),
            chosen=row is not None,
            chosen_by=names.get(row.user_id or 0) if row else None,
            chosen_at=row.updated_at if row else None,
        )
        for name in sorted(CHOOSABLE)
        for row in (rows.get(name),)
    ]


def change(
    session: Session, actor: Actor, *, values: Mapping[str, Any], leave: Collection[str] = ()
) -> Sequence[Choice]:
    """Choose the values, and let the environment hold again for the names in `leave`.

    It holds from the next piece of work on, for every process. Raises InvalidInput, which names the field.
    """
    require(actor, "admin")
    if unknown := {*values, *leave} - CHOOSABLE:
        name = min(unknown)
        raise InvalidInput(f"{printable(name)} cannot be chosen here.", field=printable(name))
    if values.get("labeler") == "claude" and not keys(get_settings())["anthropic_api_key"]:
        raise KeyMissing(field="labeler")
    before = preferences.settings(session)
    for name in leave:
        preferences.leave(session, name)
    for name, value in values.items():
        preferences.choose(session, name, value, user_id=actor.user_id)
    after = preferences.settings(session)
    for name in sorted({*values, *leave}):
        old, new = getattr(before, name), getattr(after, name)
        source = "chosen" if name in values else "environment"
        audit.record(session, actor, "setting_changed", f"setting:{name}", old=old, new=new, source=source)
    return listed(session, actor)


def keys(settings: Settings) -> dict[str, bool]:
    """Whether each key is set; the keys themselves stay in the environment."""
    return {name: bool(getattr(settings, name)) for name in ("anthropic_api_key", "openai_api_key")}
