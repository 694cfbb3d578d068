"""Workflows split and joined: what a model was still to label is labelled where it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling import runs
from app.labeling.models import LabelingRun
from app.recordings import importing
from app.recordings.masking import mask_text
from app.workflows import appending, splitting
from app.workflows import service as workflows
from app.workflows.errors import CannotAppend
from app.workflows.models import Workflow


@dataclass(frozen=True, slots=True)
class Appended:
    """The new steps, and the run that labels what is not labelled of them; the caller publishes it."""

    step_ids: list[int]
    run: LabelingRun | None


def split(
    session: Session, workflow_id: int, actor: Actor, *, before_step_id: int, name: str, version: int | None = None
) -> tuple[Workflow, LabelingRun | None]:
    """The new workflow, and the run that labels what is not labelled of it; the caller publishes it."""
    other, waiting = splitting.split(
        session, workflow_id, actor, before_step_id=before_step_id, name=mask_text(name)[0], version=version
    )
    return other, _label(session, other.id, actor, waiting)


def append(
    session: Session,
    workflow_id: int,
    actor: Actor,
    other_id: int,
    *,
    after_step_id: int | None = None,
    version: int | None = None,
) -> Appended:
    """Copy another workflow's steps to the end, or behind a step."""
    added, unlabelled = appending.append(
        session, workflow_id, actor, other_id, after_step_id=after_step_id, version=version
    )
    return Appended(added, _label(session, workflow_id, actor, unlabelled))


def append_file(actor: Actor, workflow_id: int, data: bytes, *, after_step_id: int | None = None) -> list[Appended]:
    """Add every recording of a file, one behind the other, in transactions of its own."""
    with transaction() as session:
        workflows.get(session, workflow_id, actor, for_change=True)
    imported = importing.import_file(actor, data)
    others = [one.workflow_id for one in imported.ingested]
    return append_all(actor, workflow_id, others, after_step_id=after_step_id, take_over=True)


def append_all(
    actor: Actor,
    workflow_id: int,
    other_ids: Sequence[int],
    *,
    after_step_id: int | None = None,
    take_over: bool = False,
) -> list[Appended]:
    """Add several, one behind the other; `take_over`: they were imported for this alone, and are deleted."""
    if not other_ids:
        raise CannotAppend("Choose a workflow or a file to add.")
    done: list[Appended] = []
    with transaction() as session:
        for other_id in other_ids:
            added = append(session, workflow_id, actor, other_id, after_step_id=after_step_id)
            if take_over:
                workflows.delete(session, other_id, actor)
            after_step_id = added.step_ids[-1]
            done.append(added)
    return done


def _label(session: Session, workflow_id: int, actor: Actor, step_ids: list[int]) -> LabelingRun | None:
    """One that is under way is joined."""
    if not step_ids:
        return None
    return runs.request(session, workflow_id, step_ids=step_ids, requested_by=actor.user_id)
