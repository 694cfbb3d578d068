"""What a person adds or changes by hand comes in as a recording does: masked, and labelled by the rules."""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core import preferences
from app.core.addresses import clean_address
from app.labeling.rules.derive import derive_labels
from app.recordings.masking import mask_step, mask_text
from app.recordings.schema import GivenLabel
from app.workflows import labels, search, steps
from app.workflows.changes import LabelChanges, StepChanges, WorkflowChanges
from app.workflows.content import StepContent, Variable
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from app.workflows.steps import StepView


def add(
    session: Session,
    workflow_id: int,
    actor: Actor,
    content: StepContent,
    *,
    position: int | None = None,
    words: GivenLabel | None = None,
    heading: str | None = None,
) -> StepView:
    """Add a step at `position` (from 1; None: at the end). The rules label it; `words` are what a person says of it."""
    content, _ = mask_step(content)
    heading = mask_text(heading)[0] if heading else None
    added = steps.add(session, workflow_id, actor, content, position=position, heading=heading)
    _label_by_rules(session, workflow_id, added)
    if words is not None:
        texts = {field: mask_text(getattr(words, field))[0] for field in labels.LIMITS}
        labels.add(session, {added.step.id: labels.by_person(user_id=actor.user_id, **texts)})
        search.index(session, [workflow_id])
    return steps.get(session, workflow_id, added.step.id, actor)


def change(
    session: Session, workflow_id: int, step_id: int, actor: Actor, *, version: int, changes: StepChanges
) -> StepView:
    """Change a step. It is masked again before it is written; if what was recorded changed, the rules label it anew."""
    texts: dict[str, Any] = {"label": _masked(changes.label)} if changes.label else {}
    if changes.heading:
        texts["heading"] = mask_text(changes.heading)[0]
    masked = changes.model_copy(update=texts)
    changed = steps.change(
        session,
        workflow_id,
        step_id,
        actor,
        version=version,
        changes=masked,
        clean=lambda content: mask_step(content)[0],
    )
    if not changes.model_fields_set & set(StepContent.model_fields):
        return changed
    _label_by_rules(session, workflow_id, changed)
    return steps.get(session, workflow_id, step_id, actor)


def _masked(words: LabelChanges) -> LabelChanges:
    texts = {field: mask_text(getattr(words, field))[0] for field in words.model_fields_set}
    return words.model_copy(update=texts)


def mask_changes(changes: WorkflowChanges) -> WorkflowChanges:
    """What a person wrote of a workflow, without secrets."""
    texts: dict[str, Any] = {
        field: mask_text(text)[0]
        for field in changes.model_fields_set & {"name", "description"}
        if (text := getattr(changes, field)) is not None
    }
    if changes.starting_url is not None:
        texts["starting_url"] = clean_address(changes.starting_url)
    if changes.variables is not None:
        texts["variables"] = [without_secrets(variable) for variable in changes.variables]
    return changes.model_copy(update=texts)


def without_secrets(variable: Variable) -> Variable:
    """What is asked of the reader, and the example, masked."""
    texts = {"label": mask_text(variable.label)[0]}
    if variable.example:
        texts["example"] = mask_text(variable.example)[0]
    return variable.model_copy(update=texts)


def _label_by_rules(session: Session, workflow_id: int, view: StepView) -> None:
    """The rules' label for this one step, told apart from those of its neighbours."""
    views = steps.listed(session, workflow_id)
    click_verb = preferences.settings(session).click_verb
    derived = derive_labels([steps.content(other.step) for other in views], click_verb=click_verb)
    for other, found in zip(views, derived, strict=True):
        if other.step.id == view.step.id:
            new = NewLabel(found.field_label, found.instruction, found.confidence, LabelSource.RULES)
            labels.add(session, {other.step.id: new})
