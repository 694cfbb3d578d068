"""What a model says beside a person's words: shown as a change, accepted or rejected, never taken over by itself.

A proposal is a label of a model that is newer than the newest of a person, says something else, and was not decided
about (`labels.proposed`). Accepting writes its words as the person's own label, which outdates all proposals before it.
Its number is its place among the labels that models gave the step, from 1: labels are never deleted, so it stays.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.clock import now
from app.workflows import differences, labels, search, service, steps, undoing_labels
from app.workflows.differences import Change
from app.workflows.errors import ProposalDecided, ProposalNotFound, ProposalOutdated, VersionConflict
from app.workflows.models import Label, LabelSource, ProposalDecision, Step, Workflow
from app.workflows.steps import StepView

Decision = Literal["accepted", "rejected"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model's label `n` beside the person's that the step shows."""

    n: int
    label: Label
    current: Label

    @property
    def diff(self) -> list[Change]:
        """From the person's sentence to the model's."""
        return differences.between(self.current.instruction, self.label.instruction)


def listed(session: Session, workflow_id: int, step_id: int, actor: Actor) -> list[Proposal]:
    """The proposals of one step, newest first."""
    view = steps.get(session, workflow_id, step_id, actor)
    return of_steps(session, [view.step.id]).get(view.step.id, [])


def of_steps(session: Session, step_ids: Collection[int]) -> dict[int, list[Proposal]]:
    """The proposals of these steps, newest first; a step without any is missing."""
    waiting: dict[int, int] = dict(session.execute(labels.proposed(step_ids)).all())
    if not waiting:
        return {}
    place = func.row_number().over(partition_by=Label.step_id, order_by=Label.id)
    numbered = (
        select(Label.id, place.label("n"))
        .where(Label.step_id.in_(set(waiting.values())), Label.source == LabelSource.AI)
        .subquery()
    )
    rows = select(numbered.c.n, Label).join(numbered, numbered.c.id == Label.id).where(Label.id.in_(waiting))
    shown = labels.shown(session, set(waiting.values()))
    found: dict[int, list[Proposal]] = {}
    for n, label in session.execute(rows.order_by(Label.id.desc())):
        found.setdefault(label.step_id, []).append(Proposal(n, label, shown[label.step_id]))
    return found


def accept(
    session: Session, workflow_id: int, step_id: int, n: int, actor: Actor, *, version: int | None = None
) -> StepView:
    """Make a proposal's words the person's own. With `version`, only if the step still has that one."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    step = steps.get(session, workflow_id, step_id, actor).step
    proposal = _waiting(session, step.id, n)
    if version not in (None, step.version):
        yours, theirs = ({"label": _words(label)} for label in (proposal.label, proposal.current))
        raise VersionConflict(yours=yours, theirs=theirs, version=step.version)
    _decide(session, [proposal], "accepted", actor)
    _take_over(session, workflow, [proposal], actor)
    _record(session, workflow, actor, "proposal_accepted", [proposal])
    audit.record(session, actor, "proposal_accepted", f"workflow:{workflow_id}", step=step_id, n=n)
    return steps.get(session, workflow_id, step_id, actor)


def reject(session: Session, workflow_id: int, step_id: int, n: int, actor: Actor) -> StepView:
    """Keep the person's words; the proposal is not shown again."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    step = steps.get(session, workflow_id, step_id, actor).step
    proposal = _waiting(session, step.id, n)
    _decide(session, [proposal], "rejected", actor)
    _record(session, workflow, actor, "proposal_rejected", [proposal])
    audit.record(session, actor, "proposal_rejected", f"workflow:{workflow_id}", step=step_id, n=n)
    return steps.get(session, workflow_id, step_id, actor)


def accept_all(session: Session, workflow_id: int, actor: Actor) -> int:
    """Accept the newest proposal of each step; how many those were."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    newest = [of_step[0] for of_step in _of_workflow(session, workflow_id)]
    if newest:
        _decide(session, newest, "accepted", actor)
        _take_over(session, workflow, newest, actor)
        _record(session, workflow, actor, "proposals_accepted", newest)
        audit.record(session, actor, "proposals_accepted", f"workflow:{workflow_id}", steps=len(newest))
    return len(newest)


def reject_all(session: Session, workflow_id: int, actor: Actor) -> int:
    """Reject every proposal of the workflow; how many those were."""
    workflow = service.get(session, workflow_id, actor, for_change=True)
    waiting = [proposal for of_step in _of_workflow(session, workflow_id) for proposal in of_step]
    if waiting:
        _decide(session, waiting, "rejected", actor)
        _record(session, workflow, actor, "proposals_rejected", waiting)
        audit.record(session, actor, "proposals_rejected", f"workflow:{workflow_id}", proposals=len(waiting))
    return len(waiting)


def _of_workflow(session: Session, workflow_id: int) -> Sequence[Sequence[Proposal]]:
    ids = session.scalars(select(Step.id).where(Step.workflow_id == workflow_id)).all()
    return list(of_steps(session, ids).values())


def _waiting(session: Session, step_id: int, n: int) -> Proposal:
    """The proposal with this number, if it still waits; whoever calls has locked the workflow."""
    by_model = select(Label.id).where(Label.step_id == step_id, Label.source == LabelSource.AI).order_by(Label.id)
    label_id = session.scalar(by_model.offset(service.storable(n) - 1).limit(1)) if service.storable(n) else None
    if label_id is None:
        raise ProposalNotFound
    for proposal in of_steps(session, [step_id]).get(step_id, []):
        if proposal.n == n:
            return proposal
    decided = session.get(ProposalDecision, label_id)
    if decided is not None:
        raise ProposalDecided(f"This proposal was {decided.decision} already.", decision=decided.decision)
    raise ProposalOutdated


def _decide(session: Session, proposals: Sequence[Proposal], decision: Decision, actor: Actor) -> None:
    moment = now()
    rows = [
        {"label_id": each.label.id, "decision": decision, "user_id": actor.user_id, "created_at": moment}
        for each in proposals
    ]
    session.execute(insert(ProposalDecision), rows)


def _take_over(session: Session, workflow: Workflow, proposals: Sequence[Proposal], actor: Actor) -> None:
    """At once for all: the search index is made anew a single time."""
    words = {
        each.label.step_id: labels.by_person(each.label.field_label, each.label.instruction, actor.user_id)
        for each in proposals
    }
    labels.add(session, words)
    session.execute(update(Step).where(Step.id.in_(words)).values(version=Step.version + 1))
    workflow.updated_at = now()
    session.flush()
    search.index(session, [workflow.id])


def _record(session: Session, workflow: Workflow, actor: Actor, what: str, proposals: Sequence[Proposal]) -> None:
    step_ids, decided = {each.label.step_id for each in proposals}, [each.label.id for each in proposals]
    undoing_labels.record(session, workflow, actor, what, step_ids, decided=decided, wrote=what.endswith("accepted"))


def _words(label: Label) -> dict[str, str]:
    return {field: getattr(label, field) for field in labels.LIMITS}
