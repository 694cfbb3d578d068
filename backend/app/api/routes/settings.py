"""Settings that may be chosen while everything runs."""

from collections.abc import Sequence

from fastapi import APIRouter

from app.api.deps import Admin
from app.api.settings_schemas import ChoiceRead, SettingsChange, SettingsRead
from app.core.config import get_settings
from app.core.db import transaction
from app.labeling import choices
from app.labeling.choices import Choice

router = APIRouter(tags=["settings"])


@router.get("/settings")
def read_settings(actor: Admin) -> SettingsRead:
    """What holds now, and whether the environment says so or an admin chose it."""
    with transaction(read_only=True) as session:
        return _read(choices.listed(session, actor))


@router.patch("/settings")
def change_settings(wanted: SettingsChange, actor: Admin) -> SettingsRead:
    """Choose values, or let the environment hold again; all or nothing, for every process, from the next work on."""
    with transaction() as session:
        return _read(choices.change(session, actor, values=wanted.values, leave=wanted.leave))


def _read(found: Sequence[Choice]) -> SettingsRead:
    items = [ChoiceRead.model_validate(choice) for choice in found]
    return SettingsRead(items=items, keys=choices.keys(get_settings()))
