"""Steps of a workflow: read, added, changed, removed. What concerns several of them is in the files beside this one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.errors import InvalidInput
from app.workflows import edits, labels, noting, order, removing, search, service, undoing_labels
from app.workflows.changes import LabelChanges, StepChanges, sent
from app.workflows.content import SECRET_KINDS, Action, StepContent
from app.workflows.errors import (
    CannotUndo,
    LabelUnusable,
    NotANote,
    StepNotFound,
    UnknownScreenshot,
    VersionConflict,
)
from app.workflows.labels import NewLabel
from app.workflows.models import Label, LabelSource, Step, Workflow
from app.workflows.visibility import usable_screenshots


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as people see it."""

    step: Step
    label: Label | None
    proposals: int
    """Labels of a model that are newer than a person's, say something else, and wait for a decision."""

    @property
    def stale(self) -> list[str] | None:
        """What a newer recording changed since the words that are shown were written; None: nothing."""
        label = self.label
        return self.step.stale_because if label and label.id == self.step.stale_label_id else None


def row_values(content: StepContent, position: int) -> dict[str, Any]:
    """The recorded columns of a step's row; target and page without empty fields, and never the value of a secret."""
    secret = content.value_kind in SECRET_KINDS
    target = content.target
    return {
        "position": position,
        "action": content.action.value,
        "note_kind": content.note_kind,
        "timestamp": content.timestamp,
        "target": None if target is None else target.model_dump(exclude_defaults=True),
        "value": None if secret else content.value,
        "value_kind": content.value_kind,
        "page": content.page.model_dump(exclude_defaults=True),
        "screenshot_id": content.screenshot_id,
        "sensitive_regions": [box.model_dump() for box in content.sensitive_regions or ()] or None,
    }


def content(step: Step) -> StepContent:
    """What was recorded of a step."""
    return StepContent.model_validate({field: getattr(step, field) for field in StepContent.model_fields})


def get(session: Session, workflow_id: int, step_id: int, actor: Actor) -> StepView:
    """One step of a workflow that `actor` may see."""
    service.get(session, workflow_id, actor)
    return _view(session, order.find(session, workflow_id, step_id))


def listed(session: Session, workflow_id: int) -> list[StepView]:
    """All steps of a workflow, in their order."""
    steps = session.scalars(select(Step).where(Step.workflow_id == workflow_id).order_by(Step.position)).all()
    ids = [step.id for step in steps]
    shown, proposals = labels.shown(session, ids), labels.proposals(session, ids)
    return [StepView(step, shown.get(step.id), proposals.get(step.id, 0)) for step in steps]


def add(
    session: Session,
    workflow_id: int,
    actor: Actor,
    content: StepContent,
    *,
    position: int | None = None,
    label: NewLabel | None = None,
    heading: str | None = None,
) -> StepView:
    """Put a step at `position` (None: at the end), with a heading above it; those from there on move down by one."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    count = order.require_room(session, workflow_id, 1)
    if position is not None and not 1 <= position <= count + 1:
        raise InvalidInput(f"position must be between 1 and {count + 1}.", field="position")
    _check_kind(content)
    _check_screenshot(session, actor, content.screenshot_id)
    position = position or count + 1
    order.make_room(session, workflow_id, position, 1)
    source = LabelSource.HUMAN if heading else None
    step = Step(workflow_id=workflow_id, **row_values(content, position), heading=heading, heading_source=source)
    session.add(step)
    session.flush()
    if label:
        labels.add(session, {step.id: label})
    order.changed(session, workflow)
    edits.record(session, workflow, actor, "step_added", step=step.id)
    return _view(session, step)


def change(
    session: Session,
    workflow_id: int,
    step_id: int,
    actor: Actor,
    *,
    version: int,
    changes: StepChanges,
    clean: Callable[[StepContent], StepContent] = lambda content: content,
) -> StepView:
    """Change what was recorded of a step, or its label: a person's words become its newest label.

    `clean` sees the changed step before anything of it is written or answered.
    """
    workflow = service.get(session, workflow_id, actor, for_change=True)
    step = order.find(session, workflow_id, step_id)
    new = sent(changes, StepChanges)
    words: LabelChanges | None = new.pop("label", None)
    above = {field: new.pop(field) for field in ("heading",) if field in new}
    changed = clean(StepContent.model_validate(_fields(content(step)) | new))
    if step.version != version:
        yours = changed.model_dump(mode="json", include=set(new), exclude_unset=True) | above
        raise _conflict(session, step, yours | changes.model_dump(include={"label"}, exclude_unset=True))
    if not changes.model_fields_set & set(StepChanges.model_fields):
        return _view(session, step)
    _check_kind(changed)
    if changed.screenshot_id != step.screenshot_id:
        _check_screenshot(session, actor, changed.screenshot_id)
    rewritten = {step.id: _rewritten(session, step, words, actor)} if words and words.model_fields_set else {}
    before, heading = recorded(step), noting.heading(step)
    if above:
        above["heading_source"] = LabelSource.HUMAN
    write(session, step, row_values(changed, step.position) | above)
    labels.add(session, rewritten)
    _record(session, workflow, step, actor, before, wrote=bool(rewritten))
    noting.record(session, workflow, actor, step, heading)
    _touch(session, workflow)
    return _view(session, step)


def confirm(session: Session, workflow_id: int, step_id: int, actor: Actor, *, version: int | None = None) -> StepView:
    """Say that the words which a step shows are right: they become the person's own. Nothing else changes."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    step = order.find(session, workflow_id, step_id)
    shown = labels.shown(session, [step.id]).get(step.id)
    if version not in (None, step.version):
        raise _conflict(session, step, None)
    if shown is None:
        raise LabelUnusable("This step has no words yet that could be confirmed: write them.")
    if shown.source == LabelSource.HUMAN and shown.id != step.stale_label_id:
        return _view(session, step)
    write(session, step, {})
    labels.add(session, {step.id: labels.by_person(shown.field_label, shown.instruction, actor.user_id)})
    undoing_labels.record(session, workflow, actor, "label_confirmed", [step.id])
    _touch(session, workflow)
    return _view(session, step)


def _record(
    session: Session, workflow: Workflow, step: Step, actor: Actor, before: dict[str, Any], *, wrote: bool
) -> None:
    """Note a change with what undoing it needs: the fields as they were and are, the labels as they were."""
    now_ = recorded(step)
    changed = {field: value for field, value in before.items() if value != now_[field]}
    if not changed:
        if wrote:
            undoing_labels.record(session, workflow, actor, "label_changed", [step.id])
        return
    facts = {
        "steps": [step.id],
        "before": changed,
        "after": {field: now_[field] for field in changed},
        "labels": undoing_labels.newest_of_people(session, [step.id]) if wrote else [],
        "rules": _newest_of_rules(session, step.id),
    }
    what = "note_changed" if step.action == Action.NOTE else "step_changed"
    edits.record(session, workflow, actor, what, **facts)


@edits.undoes("note_changed")
@edits.undoes("step_changed")
def _change_back(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    try:
        step = order.find(session, workflow.id, facts["steps"][0])
    except StepNotFound:
        raise CannotUndo("This step was removed since. Put it back first.") from None
    current = recorded(step)
    if any(current[field] != value for field, value in facts["after"].items()):
        raise CannotUndo("Somebody has changed the same of this step since: what they did stays.")
    restored = StepContent.model_validate(current | facts["before"])
    if restored.screenshot_id != step.screenshot_id:
        try:
            _check_screenshot(session, actor, restored.screenshot_id)
        except UnknownScreenshot:
            raise CannotUndo("The picture that this step had is gone.") from None
    undoing_labels.withdraw(session, facts["steps"], facts["labels"], actor)
    write(session, step, row_values(restored, step.position))
    if facts["rules"] and facts["rules"] != _newest_of_rules(session, step.id):
        by_rules = session.get_one(Label, facts["rules"])
        old = NewLabel(by_rules.field_label, by_rules.instruction, by_rules.confidence, flags=by_rules.flags)
        labels.add(session, {step.id: old})
    _touch(session, workflow)


def recorded(step: Step) -> dict[str, Any]:
    """What was recorded of a step, as JSON."""
    return content(step).model_dump(mode="json")


def _newest_of_rules(session: Session, step_id: int) -> int | None:
    of_rules = select(func.max(Label.id)).where(Label.step_id == step_id, Label.source == LabelSource.RULES)
    return session.scalar(of_rules)


def remove(session: Session, workflow_id: int, step_id: int, actor: Actor, *, version: int | None = None) -> None:
    """Take a step out; those after it move up by one. With `version`, only if it still has that one."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    step = order.find(session, workflow_id, step_id)
    if version not in (None, step.version):
        raise _conflict(session, step, None)
    removing.remove(session, workflow, actor, [step.id])


def _view(session: Session, step: Step) -> StepView:
    shown, proposals = labels.shown(session, [step.id]), labels.proposals(session, [step.id])
    return StepView(step, shown.get(step.id), proposals.get(step.id, 0))


def _fields(content: StepContent) -> dict[str, Any]:
    return {field: getattr(content, field) for field in StepContent.model_fields}


def _check_kind(content: StepContent) -> None:
    if content.note_kind is not None and content.action is not Action.NOTE:
        raise NotANote(field="note_kind")


def _check_screenshot(session: Session, actor: Actor, screenshot_id: str | None) -> None:
    if screenshot_id is not None and not session.scalar(usable_screenshots(actor, [screenshot_id])):
        raise UnknownScreenshot(field="screenshot_id")


def write(session: Session, step: Step, values: dict[str, Any]) -> None:
    """Write the row if it still has the version that was read."""
    version = step.version
    statement = update(Step).where(Step.id == step.id, Step.version == version)
    done = session.connection().execute(statement.values(**values, version=version + 1))
    session.refresh(step)
    if not done.rowcount:
        raise _conflict(session, step, None)


def _touch(session: Session, workflow: Workflow) -> None:
    workflow.updated_at = now()
    session.flush()
    search.index(session, [workflow.id])


def _rewritten(session: Session, step: Step, words: LabelChanges, actor: Actor) -> NewLabel:
    before = labels.shown(session, [step.id]).get(step.id)
    texts = {
        field: getattr(words, field) if field in words.model_fields_set else getattr(before, field, "")
        for field in labels.LIMITS
    }
    return labels.by_person(user_id=actor.user_id, **texts)


def _conflict(session: Session, step: Step, yours: dict[str, Any] | None) -> VersionConflict:
    """Both texts: of the fields that were sent, or of the whole step when it was to be removed."""
    shown = labels.shown(session, [step.id]).get(step.id)
    theirs: dict[str, Any] = content(step).model_dump(mode="json")
    theirs["heading"] = step.heading
    theirs["label"] = shown and {field: getattr(shown, field) for field in labels.LIMITS}
    if yours is not None:
        theirs = {field: theirs[field] for field in yours}
    return VersionConflict(yours=yours, theirs=theirs, version=step.version)
