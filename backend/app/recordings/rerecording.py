"""A workflow's task recorded again: it comes in as any recording does, and what is taken over of it is labelled."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core import preferences
from app.core.db import transaction
from app.core.errors import Conflict, InvalidInput
from app.labeling import runs
from app.labeling.models import LabelingRun
from app.labeling.rules.derive import derive_labels
from app.recordings import importing
from app.recordings import service as recordings
from app.recordings.service import Prepared
from app.workflows import finding, labels, search, steps
from app.workflows.content import StepContent
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from app.workflows.rerecording import applying, storing
from app.workflows.rerecording.choices import Wanted
from app.workflows.rerecording.models import Rerecording
from app.workflows.rerecording.undoing import Applied


class OneRecordingNeeded(InvalidInput):
    """The file holds several recordings: which of them is this workflow's task is not known. Send it alone."""


class LabellingUnderWay(Conflict):
    """The steps are being labelled just now. Wait until that is done, or stop it, then take the recording over."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of the steps, and the run that labels what is new; the caller publishes it."""

    applied: Applied
    run: LabelingRun | None


def store(session: Session, actor: Actor, workflow_id: int, prepared: Prepared) -> Rerecording:
    """Keep a new recording beside the workflow until somebody decides about it."""
    finding.get(session, workflow_id, actor, for_change=True)
    recordings.check_screenshots(session, actor, prepared.recording)
    new = [
        storing.NewStep(
            content=StepContent.model_validate({name: getattr(step, name) for name in StepContent.model_fields}),
            by_rules=by_rules,
            by_person=next(iter(recordings.in_a_persons_words(step, actor)), None),
            heading=step.heading,
        )
        for step, by_rules in zip(prepared.recording.steps, prepared.labels, strict=True)
    ]
    return storing.add(session, workflow_id, actor, new, prepared.warnings)


def store_file(actor: Actor, workflow_id: int, data: bytes) -> int:
    """The same of a file in any known format, in transactions of its own; the new recording's number."""
    with transaction() as session:
        finding.get(session, workflow_id, actor, for_change=True)
    with importing.taken_in(data) as file:
        if len(file.prepared) != 1:
            raise OneRecordingNeeded
        with transaction() as session:
            (prepared,) = file.record(session, actor)
            new = store(session, actor, workflow_id, prepared)
            new.warnings = list(file.warnings) or None
            return new.id


def apply(session: Session, workflow_id: int, actor: Actor, rerecording_id: int, wanted: Wanted) -> TakenOver:
    """Take over what was chosen. The rules label it at once; a model only what is new, or shows no person's words."""
    finding.get(session, workflow_id, actor, for_change=True)
    if runs.active(session, workflow_id):
        raise LabellingUnderWay
    applied = applying.apply(session, workflow_id, actor, rerecording_id, wanted)
    _label_by_rules(session, workflow_id, applied.reworded)
    unlabelled = [*applied.unlabelled, *applied.added]
    if not unlabelled:
        return TakenOver(applied, None)
    return TakenOver(applied, runs.request(session, workflow_id, step_ids=unlabelled, requested_by=actor.user_id))


def _label_by_rules(session: Session, workflow_id: int, step_ids: list[int]) -> None:
    """Told apart from their neighbours, as those are now."""
    views = steps.listed(session, workflow_id)
    click_verb = preferences.settings(session).click_verb
    derived = derive_labels([steps.content(view.step) for view in views], click_verb=click_verb)
    new = {
        view.step.id: NewLabel(found.field_label, found.instruction, found.confidence, LabelSource.RULES)
        for view, found in zip(views, derived, strict=True)
        if view.step.id in set(step_ids)
    }
    labels.add(session, new)
    search.index(session, [workflow_id])
