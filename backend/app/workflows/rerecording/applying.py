"""What a person chose of a new recording taken over, as one edit."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import labels, order, removing, steps
from app.workflows.content import Page, StepContent, Target
from app.workflows.models import LabelSource, Step
from app.workflows.rerecording import choices, comparing, storing, undoing
from app.workflows.rerecording.choices import Decided, Wanted
from app.workflows.rerecording.comparing import Row
from app.workflows.rerecording.models import RerecordingState
from app.workflows.rerecording.undoing import Applied


def apply(session: Session, workflow_id: int, actor: Actor, rerecording_id: int, wanted: Wanted) -> Applied:
    """Take over what was chosen. If that is nothing, the recording is dismissed.

    Raises `RerecordingDecided`, `ComparisonOutdated`, `NoSuchRow`, `TooManySteps`.
    """
    workflow, before = order.open_for_change(session, workflow_id, actor)
    _, rerecording = comparing.find(session, workflow_id, actor, rerecording_id)
    storing.require_open(rerecording)
    comparison = comparing.build(session, workflow, rerecording)
    decided = choices.decide(comparison, wanted)
    applied = Applied(before=before)
    coming = [each for each in decided if each.taken and each.row.kind == "added"]
    applied.removed = [each.row.old.step.id for each in decided if each.taken and each.row.old and not each.row.new]
    order.require_room(session, workflow_id, len(coming) - len(applied.removed))
    for each in decided:
        if each.taken:
            _change(session, each, applied)
    if applied.removed:
        removing.take_out(session, workflow_id, applied.removed)
    made = {each.row.key: _add(session, workflow_id, actor, each) for each in coming}
    applied.added = list(made.values())
    applied.after = _order(decided, made, comparison.notes, before)
    order.arrange(session, workflow_id, applied.after)
    if not applied.touched and applied.after == before:
        storing.close(session, rerecording, actor, RerecordingState.DISMISSED)
        return applied
    order.changed(session, workflow)
    storing.close(session, rerecording, actor, RerecordingState.APPLIED)
    undoing.record(session, workflow, actor, rerecording, applied)
    return applied


def _change(session: Session, decided: Decided, applied: Applied) -> None:
    """Take over what was recorded anew into the step that is there; its labels stay."""
    row = decided.row
    if row.old is None or row.new is None or row.content is None:
        return
    step, label = row.old.step, row.old.label
    content = row.content if decided.new_picture else _with_picture_of(steps.content(step), row.content)
    before, shown_before, picture = steps.recorded(step), undoing.marked(step), step.screenshot_id
    if _is_the_same(before, content):
        return
    values: dict[str, Any] = steps.row_values(content, step.position)
    if row.outdates_words and label is not None and label.source != LabelSource.RULES:
        because = dict.fromkeys([*(row.old.stale or ()), *row.changes])
        values |= {"stale_label_id": label.id, "stale_because": list(because)}
    steps.write(session, step, values)
    if step.screenshot_id != picture:
        row.new.replaced_screenshot_id = picture
    applied.note(step, before, shown_before, label, row.changes)
    if row.outdates_words and (label is None or label.source != LabelSource.HUMAN):
        applied.unlabelled.append(step.id)


def _is_the_same(before: Mapping[str, Any], content: StepContent) -> bool:
    """But for the time at which it was recorded."""
    now = content.model_dump(mode="json")
    return all(now[field] == value for field, value in before.items() if field != "timestamp")


def _with_picture_of(old: StepContent, new: StepContent) -> StepContent:
    """The picture stays, and with it everything that says where something is in it."""
    target = new.target
    if target is not None:
        target = target.model_copy(update={"box": (old.target or Target()).box})
    page: Page = new.page.model_copy(update={"viewport": old.page.viewport})
    kept = {"screenshot_id": old.screenshot_id, "sensitive_regions": old.sensitive_regions}
    return new.model_copy(update={**kept, "target": target, "page": page})


def _add(session: Session, workflow_id: int, actor: Actor, decided: Decided) -> int:
    """Put the step at the end for now; its number."""
    row = decided.row
    if row.new is None or row.content is None:
        raise ValueError(f"there is nothing to add in row {row.key}")
    content = row.content if decided.new_picture else row.content.model_copy(update={"screenshot_id": None})
    count, heading = len(order.ids(session, workflow_id)), row.new.heading
    source = LabelSource.HUMAN if heading else None
    values = steps.row_values(content, count + 1)
    step = Step(workflow_id=workflow_id, **values, heading=heading, heading_source=source)
    session.add(step)
    session.flush()
    if words := row.new.by_person:
        labels.add(session, {step.id: labels.by_person(user_id=actor.user_id, **words)})
    return step.id


def _order(
    decided: Sequence[Decided], made: Mapping[str, int], first: Sequence[int], before: Sequence[int]
) -> list[int]:
    """All steps: as they were recorded anew, notes behind what they stood behind; what shall not move, where it was."""
    after, staying = list(first), []
    for each in decided:
        row = each.row
        if row.moved and not each.taken:
            staying.append(row)
            continue
        stays = row.old is not None and (row.new is not None or not each.taken)
        here = [row.old.step.id] if row.old and stays else [made[row.key]] if row.key in made else []
        after += [*here, *row.notes]
    for row in sorted(staying, key=lambda row: before.index(_id(row))):
        known = set(after)
        ahead = [step_id for step_id in before[: before.index(_id(row))] if step_id in known]
        at = after.index(ahead[-1]) + 1 if ahead else 0
        after[at:at] = [_id(row), *row.notes]
    return after


def _id(row: Row) -> int:
    return row.old.step.id if row.old else 0
