"""A new recording that was taken over, noted so that all of it can be undone at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.storage.models import Screenshot
from app.workflows import edits, labels, order, removing, steps
from app.workflows.content import StepContent
from app.workflows.errors import CannotUndo
from app.workflows.labels import NewLabel
from app.workflows.models import Label, LabelSource, Step, Workflow
from app.workflows.rerecording.likeness import Change
from app.workflows.rerecording.models import RerecordedStep, Rerecording, RerecordingState


@dataclass(slots=True)
class Applied:
    """What became of the steps, by their numbers."""

    before: Sequence[int] = ()
    """Their order."""
    after: Sequence[int] = ()
    changed: list[dict[str, Any]] = field(default_factory=list)
    """Something was taken over into them; what undoing that needs to know."""
    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    unlabelled: list[int] = field(default_factory=list)
    """Changed ones that show no person's words, and whose words are wrong now: for a model to label."""

    @property
    def touched(self) -> list[int]:
        """All of them."""
        return [*(each["step"] for each in self.changed), *self.added, *self.removed]

    @property
    def reworded(self) -> list[int]:
        """Those of which something else is to be said by the rules."""
        return [*(each["step"] for each in self.changed if each["because"]), *self.added]

    def note(
        self,
        step: Step,
        before: Mapping[str, Any],
        marked_before: Mapping[str, Any],
        label: Label | None,
        because: Sequence[Change],
    ) -> None:
        """This step is as it was recorded anew; `label`: that it showed before."""
        after = steps.recorded(step)
        different = [name for name, value in before.items() if value != after[name]]
        self.changed.append(
            {
                "step": step.id,
                "before": {name: before[name] for name in different},
                "after": {name: after[name] for name in different},
                "because": list(because),
                "label": label.id if label else None,
                "marked": dict(marked_before),
            }
        )


def marked(step: Step) -> dict[str, Any]:
    """Which of its labels is doubtful, and why."""
    return {"stale_label_id": step.stale_label_id, "stale_because": step.stale_because}


def record(session: Session, workflow: Workflow, actor: Actor, rerecording: Rerecording, applied: Applied) -> None:
    """Note the edit."""
    edits.record(
        session,
        workflow,
        actor,
        "recording_applied",
        rerecording=rerecording.id,
        steps=applied.touched,
        changed=applied.changed,
        added=applied.added,
        removed=applied.removed,
        before=list(applied.before),
        after=list(applied.after),
    )


@edits.undoes("recording_applied")
def _undo(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    present = set(order.ids(session, workflow.id))
    _require_untouched(session, facts["changed"], present)
    _require_pictures(session, facts["changed"])
    if added := [step_id for step_id in facts["added"] if step_id in present]:
        removing.take_out(session, workflow.id, added)
    removing.put_back(session, workflow.id, facts["removed"])
    for change in facts["changed"]:
        _change_back(session, session.get_one(Step, change["step"]), change)
    order.arrange(session, workflow.id, _as_before(order.ids(session, workflow.id), facts["before"]))
    order.changed(session, workflow)
    _reopen(session, actor, facts["rerecording"])


def _require_untouched(session: Session, changes: Sequence[dict[str, Any]], present: Collection[int]) -> None:
    for change in changes:
        if change["step"] not in present:
            raise CannotUndo("A step that the new recording changed was removed since. Put it back first.")
        now = steps.recorded(session.get_one(Step, change["step"]))
        if any(now[name] != value for name, value in change["after"].items()):
            raise CannotUndo("Somebody has changed a step since that the new recording changed: undo that first.")


def _require_pictures(session: Session, changes: Sequence[dict[str, Any]]) -> None:
    """They stay there until the transaction ends."""
    wanted = {change["before"].get("screenshot_id") for change in changes} - {None}
    here = select(Screenshot.id).where(Screenshot.id.in_(wanted)).with_for_update(read=True, key_share=True)
    if set(session.scalars(here)) != wanted:
        raise CannotUndo("The pictures that the steps had before were erased: they are kept as long as removed steps.")


def _change_back(session: Session, step: Step, change: dict[str, Any]) -> None:
    restored = StepContent.model_validate(steps.recorded(step) | change["before"])
    steps.write(session, step, steps.row_values(restored, step.position) | change["marked"])
    if not change["because"] or change["label"] is None:
        return
    before, shown = session.get(Label, change["label"]), labels.shown(session, [step.id]).get(step.id)
    if before is None or shown is None or shown.id == before.id:
        return
    if shown.source != LabelSource.HUMAN:
        labels.add(session, {step.id: _again(before)})
        shown = labels.shown(session, [step.id])[step.id]
    if (shown.field_label, shown.instruction) != (before.field_label, before.instruction):
        # Words that came after the new recording stay, and are about it: somebody should look at them.
        steps.write(session, step, {"stale_label_id": shown.id, "stale_because": change["because"]})


def _again(label: Label) -> NewLabel:
    return NewLabel(
        label.field_label,
        label.instruction,
        label.confidence,
        LabelSource(label.source),
        label.model,
        label.prompt_version,
        user_id=label.user_id,
        flags=label.flags,
    )


def _as_before(present: Sequence[int], before: Sequence[int]) -> list[int]:
    """Steps that came since stay behind what they stand behind."""
    here, known = set(present), set(before)
    wanted = [step_id for step_id in before if step_id in here]
    for place, step_id in enumerate(present):
        if step_id not in known:
            wanted.insert(wanted.index(present[place - 1]) + 1 if place else 0, step_id)
    return wanted


def _reopen(session: Session, actor: Actor, rerecording_id: int) -> None:
    """It waits again for somebody to decide, if it is still kept."""
    rerecording = session.get(Rerecording, rerecording_id)
    if rerecording is None:
        return
    rerecording.state, rerecording.decided_at = RerecordingState.OPEN, None
    of_it = update(RerecordedStep).where(RerecordedStep.rerecording_id == rerecording_id)
    session.execute(of_it.values(replaced_screenshot_id=None))
    where = f"workflow:{rerecording.workflow_id}"
    audit.record(session, actor, "rerecording_reopened", where, rerecording=rerecording_id)
