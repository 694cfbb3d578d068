"""What a person writes between the recorded steps: notes, tips, warnings, headings, and steps with a picture."""

import textwrap
from typing import Literal

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.config import get_settings
from app.core.errors import InvalidInput
from app.recordings import editing
from app.recordings.masking import mask_text
from app.recordings.schema import GivenLabel
from app.storage import service as storage
from app.storage.service import Upload
from app.storage.store import get_store
from app.workflows import order
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.content import Action, NoteKind, StepContent, WorkflowName
from app.workflows.labels import MAX_INSTRUCTION

Kind = Literal["note", "tip", "warning", "step", "heading"]

SHORT_NAME = 60

_NAME: TypeAdapter[str] = TypeAdapter(WorkflowName)


class NothingWritten(InvalidInput):
    """Write what the reader should see."""


class NothingBelow(InvalidInput):
    """A heading needs a step that stands below it."""


def take_in(data: bytes) -> Upload:
    """A picture for a step, checked and in the store: the slow part, to be done before the transaction."""
    settings = get_settings()
    return storage.take_in(
        get_store(), data, max_bytes=settings.max_screenshot_bytes, max_pixels=settings.max_screenshot_pixels
    )


def insert(
    session: Session,
    workflow_id: int,
    actor: Actor,
    *,
    kind: Kind,
    text: str,
    after: int | None,
    picture: Upload | str | None = None,
) -> int:
    """Put it behind a step (None: at the beginning); the step's number. A heading is that of the step that follows."""
    _, present = order.open_for_change(session, workflow_id, actor)
    place = 0 if after is None else order.place_of(present, after) + 1
    words = _checked(text)
    if kind == "heading":
        if place == len(present):
            raise NothingBelow
        step = order.find(session, workflow_id, present[place])
        head(session, workflow_id, actor, step.id, version=step.version, text=words)
        return step.id
    content = StepContent(
        action=Action.NOTE, note_kind=kind, value=words, screenshot_id=_shown(session, actor, picture)
    )
    label = GivenLabel(field_label=_short(words), instruction=words)
    return editing.add(session, workflow_id, actor, content, position=place + 1, words=label).step.id


def rewrite(
    session: Session,
    workflow_id: int,
    actor: Actor,
    step_id: int,
    *,
    version: int,
    kind: NoteKind,
    text: str,
    picture: Upload | str | None = None,
) -> int:
    """Give a note other words, another kind and, if there is one, another picture."""
    words = _checked(text)
    changes = StepChanges(note_kind=kind, value=words, label=LabelChanges(field_label=_short(words), instruction=words))
    if picture:
        changes = changes.model_copy(update={"screenshot_id": _shown(session, actor, picture)})
        changes.model_fields_set.add("screenshot_id")
    editing.change(session, workflow_id, step_id, actor, version=version, changes=changes)
    return step_id


def head(session: Session, workflow_id: int, actor: Actor, step_id: int, *, version: int, text: str) -> None:
    """Put a heading above a step; no words: take it away."""
    try:
        changes = StepChanges(heading=" ".join(text.split()) or None)
    except ValidationError:
        raise InvalidInput("A heading has at most 200 characters, and no signs that cannot be seen.") from None
    editing.change(session, workflow_id, step_id, actor, version=version, changes=changes)


def name(text: str) -> str:
    """A name for a workflow, checked."""
    try:
        return _NAME.validate_python(text)
    except ValidationError:
        raise InvalidInput("A name has between 1 and 200 characters, and no signs that cannot be seen.") from None


def _checked(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise NothingWritten(field="text")
    if len(words) > MAX_INSTRUCTION:
        raise InvalidInput(
            f"This has {len(words):,} characters; at most {MAX_INSTRUCTION:,} are allowed.", field="text"
        )
    try:
        GivenLabel(field_label="-", instruction=words)
    except ValidationError:
        raise InvalidInput("This holds signs that cannot be seen.", field="text") from None
    return mask_text(words)[0]


def _short(words: str) -> str:
    return textwrap.shorten(words, SHORT_NAME, placeholder="…")[:SHORT_NAME]


def _shown(session: Session, actor: Actor, picture: Upload | str | None) -> str | None:
    if isinstance(picture, Upload):
        return storage.record(session, get_store(), picture, owner_id=actor.user_id)[0].id
    return picture
