"""Another picture in place of one, in every step that shows it and in whatever could bring the old one back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.errors import Conflict
from app.storage import service as storage
from app.storage.models import Screenshot
from app.storage.service import Upload
from app.storage.store import BlobStore
from app.workflows import service
from app.workflows.models import Edit, RemovedStep, Step, Workflow
from app.workflows.rerecording.models import RerecordedStep, Rerecording
from app.workflows.visibility import changeable


class PictureChanged(Conflict):
    """The picture was replaced in the meantime, so nothing was hidden: look at it again, then hide what must go."""


class PictureInUse(Conflict):
    """Somebody took this picture into another workflow just now. Try again."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Blobs of rows that are gone, how many workflows keep an old picture, and the ids of the new ones."""

    blobs: Sequence[str]
    kept: int
    new_ids: Collection[str]


def lock(session: Session, actor: Actor, old_ids: Collection[str], workflow_id: int) -> Sequence[Workflow]:
    """The workflows in which `actor` may replace these pictures, locked until the transaction ends.

    Always in the order of their numbers, and before the pictures: two people who hide things at once wait in line.
    """
    affected = {workflow_id, *_showing(session, old_ids, _replaceable(session, actor, old_ids))}
    in_order = select(Workflow).where(Workflow.id.in_(affected)).order_by(Workflow.id)
    locked = session.scalars(
        in_order.with_for_update(key_share=True), execution_options={"populate_existing": True}
    ).all()
    service.get(session, workflow_id, actor, for_change=True)
    return locked


def replace(
    session: Session, blobs: BlobStore, actor: Actor, uploads: Mapping[str, Upload], workflow_ids: Sequence[int]
) -> Replaced:
    """Give the steps of these workflows the new pictures. Old ones that nobody shows any more lose their rows."""
    locking = select(Screenshot).where(Screenshot.id.in_(uploads)).order_by(Screenshot.id).with_for_update()
    old = session.scalars(locking, execution_options={"populate_existing": True}).all()
    if len(old) < len(uploads):
        raise PictureChanged
    if set(_showing(session, uploads, _replaceable(session, actor, uploads))) - set(workflow_ids):
        raise PictureInUse
    new_ids: dict[str, str] = {}
    for screenshot in old:
        row, _ = storage.record(session, blobs, uploads[screenshot.id], owner_id=screenshot.owner_id)
        new_ids[screenshot.id] = row.id
    changed = {was: becomes for was, becomes in new_ids.items() if was != becomes}
    _move(session, changed, workflow_ids)
    kept = set(_showing(session, changed, true()))
    still_shown = set(_shown(session, changed))
    gone = storage.delete(session, [was for was in changed if was not in still_shown])
    return Replaced(gone, len(kept), set(new_ids.values()))


def _replaceable(session: Session, actor: Actor, old_ids: Collection[str]) -> ColumnElement[bool]:
    """Workflows that the actor may change, and any that shows what they themselves uploaded."""
    own = select(Screenshot.id).where(Screenshot.id.in_(old_ids), Screenshot.owner_id == actor.user_id)
    ids = session.scalars(own).all()
    if not ids:
        return changeable(actor)
    return or_(changeable(actor), Workflow.id.in_(_showing(session, ids, true())))


def _showing(session: Session, screenshot_ids: Collection[str], which: ColumnElement[bool]) -> Sequence[int]:
    """Workflows with a step that shows one of these, or one that could bring it back: removed, or recorded anew."""
    found: set[int] = set()
    for table in (Step, RemovedStep):
        query = select(table.workflow_id).join(Workflow, Workflow.id == table.workflow_id)
        found |= set(session.scalars(query.where(table.screenshot_id.in_(screenshot_ids), which).distinct()))
    for column in _OF_NEW_RECORDINGS:
        query = select(Rerecording.workflow_id).join(RerecordedStep, RerecordedStep.rerecording_id == Rerecording.id)
        query = query.join(Workflow, Workflow.id == Rerecording.workflow_id)
        found |= set(session.scalars(query.where(column.in_(screenshot_ids), which).distinct()))
    return sorted(found)


_OF_NEW_RECORDINGS = (RerecordedStep.screenshot_id, RerecordedStep.replaced_screenshot_id)


def _shown(session: Session, screenshot_ids: Collection[str]) -> Sequence[str]:
    shown: list[str] = []
    for column in (Step.screenshot_id, RemovedStep.screenshot_id, *_OF_NEW_RECORDINGS):
        shown += filter(None, session.scalars(select(column).where(column.in_(screenshot_ids))))
    return shown


def _move(session: Session, new_ids: Mapping[str, str], workflow_ids: Sequence[int]) -> None:
    for was, becomes in new_ids.items():
        here = (Step.screenshot_id == was) & Step.workflow_id.in_(workflow_ids)
        session.execute(update(Step).where(here).values(screenshot_id=becomes, version=Step.version + 1))
    removed = RemovedStep.workflow_id.in_(workflow_ids) & RemovedStep.screenshot_id.in_(new_ids)
    for row in session.scalars(select(RemovedStep).where(removed)):
        row.screenshot_id = new_ids[row.screenshot_id or ""]
        row.step = _renamed(row.step, new_ids)
    of_these = select(Rerecording.id).where(Rerecording.workflow_id.in_(workflow_ids))
    for column in _OF_NEW_RECORDINGS:
        shown = RerecordedStep.rerecording_id.in_(of_these) & column.in_(new_ids)
        for recorded in session.scalars(select(RerecordedStep).where(shown)):
            setattr(recorded, column.key, new_ids[getattr(recorded, column.key)])
    for edit in session.scalars(select(Edit).where(Edit.workflow_id.in_(workflow_ids))):
        facts = _renamed(edit.facts, new_ids)
        if facts != edit.facts:
            edit.facts = facts
    session.execute(update(Workflow).where(Workflow.id.in_(workflow_ids)).values(updated_at=now()))
    session.flush()
    session.expire_all()


def _renamed(value: Any, new_ids: Mapping[str, str]) -> Any:
    """The same JSON with the new picture wherever the old one stood: undoing an edit must not look for what is gone."""
    if isinstance(value, str):
        return new_ids.get(value, value)
    if isinstance(value, list):
        return [_renamed(part, new_ids) for part in value]
    if isinstance(value, dict):
        return {key: _renamed(part, new_ids) for key, part in value.items()}
    return value
