"""What people did to labels, noted so that it can be undone: their words are withdrawn, their decisions forgotten."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.workflows import edits, search
from app.workflows.errors import CannotUndo
from app.workflows.models import Label, LabelSource, ProposalDecision, Step, Workflow


def record(
    session: Session,
    workflow: Workflow,
    actor: Actor,
    what: str,
    step_ids: Collection[int],
    *,
    decided: Collection[int] = (),
    wrote: bool = True,
) -> None:
    """Note an edit of these steps' labels. `wrote`: their newest human ones are new; `decided`: about these labels."""
    facts = {
        "steps": sorted(step_ids),
        "labels": newest_of_people(session, step_ids) if wrote else [],
        "decided": sorted(decided),
    }
    edits.record(session, workflow, actor, what, **facts)


def newest_of_people(session: Session, step_ids: Collection[int]) -> list[int]:
    """Number of the newest label that a person wrote, of each of these steps."""
    newest = select(func.max(Label.id)).where(Label.step_id.in_(step_ids), Label.source == LabelSource.HUMAN)
    return sorted(session.scalars(newest.group_by(Label.step_id)))


def withdraw(session: Session, step_ids: Collection[int], label_ids: Collection[int], actor: Actor) -> None:
    """From now on these words of a person do not count. Raises `CannotUndo` if their step was removed."""
    wanted = (Label.id.in_(label_ids), Label.step_id.in_(step_ids), Label.source == LabelSource.HUMAN)
    here = set(session.scalars(select(Label.id).where(*wanted)))
    if here != set(label_ids):
        raise CannotUndo("A step that this changed was removed since. Put it back first.")
    moment = now()
    rows = [
        {"label_id": label_id, "decision": "withdrawn", "user_id": actor.user_id, "created_at": moment}
        for label_id in label_ids
    ]
    if rows:
        session.execute(insert(ProposalDecision), rows)


@edits.undoes("label_changed")
@edits.undoes("label_confirmed")
@edits.undoes("proposal_accepted")
@edits.undoes("proposals_accepted")
@edits.undoes("proposal_rejected")
@edits.undoes("proposals_rejected")
def _take_back(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    withdraw(session, facts["steps"], facts["labels"], actor)
    session.execute(delete(ProposalDecision).where(ProposalDecision.label_id.in_(facts["decided"])))
    here = (Step.id.in_(facts["steps"]), Step.workflow_id == workflow.id)
    session.execute(update(Step).where(*here).values(version=Step.version + 1))
    workflow.updated_at = now()
    session.flush()
    search.index(session, [workflow.id])
