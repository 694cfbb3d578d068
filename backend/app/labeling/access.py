"""Runs as people see and steer them: only those of workflows that they may see, changed only by those who may write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.db import transaction
from app.core.errors import AppError, InvalidInput
from app.core.pages import Page, cursor_after, id_before
from app.labeling import runs
from app.labeling.models import ACTIVE, LabelingRun, Mode, ParkedFor, RunState
from app.labeling.runs import RunNotFound
from app.workflows import service as workflows
from app.workflows import trash as bin_
from app.workflows.errors import WorkflowNotFound
from app.workflows.models import Step, Workflow, WorkflowStatus
from app.workflows.visibility import visible

AT_A_TIME = 200


class NothingToLabel(InvalidInput):
    """These steps are not steps of this workflow."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one of several runs: the run that goes on, or why none does."""

    run_id: int
    run: LabelingRun | None = None
    error: AppError | None = None


def newest(session: Session, workflow_id: int, actor: Actor) -> LabelingRun:
    """The newest run of a workflow; RunNotFound while there was none."""
    workflows.get(session, workflow_id, actor)
    run = runs.newest(session, workflow_id)
    if run is None:
        raise RunNotFound
    return run


def listed(
    session: Session,
    actor: Actor,
    *,
    state: RunState | None = None,
    parked_for: ParkedFor | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[LabelingRun]:
    """Runs, newest first. Those that need attention: without the ones that somebody has acknowledged."""
    query = select(LabelingRun).join(Workflow, Workflow.id == LabelingRun.workflow_id).where(visible(actor))
    if state is not None:
        query = query.where(LabelingRun.state == state)
    if state is RunState.NEEDS_ATTENTION:
        query = query.where(LabelingRun.acknowledged_at.is_(None))
    if parked_for is not None:
        query = query.where(LabelingRun.parked_for == parked_for)
    if cursor is not None:
        query = query.where(LabelingRun.id < id_before(cursor))
    found = list(session.scalars(query.order_by(LabelingRun.id.desc()).limit(limit + 1)))
    more = len(found) > limit
    return Page(found[:limit], cursor_after(found[limit - 1].id) if more else None)


def request(
    session: Session, workflow_id: int, actor: Actor, *, step_ids: Sequence[int] | None, mode: Mode
) -> LabelingRun:
    """Label all steps (None), or these, anew; joins the run that is under way, if one is."""
    workflows.get(session, workflow_id, actor, for_change=True)
    if step_ids is not None:
        here = set(session.scalars(select(Step.id).where(Step.workflow_id == workflow_id)))
        if unknown := sorted(set(step_ids) - here):
            raise NothingToLabel(f"This workflow has no steps with the numbers {unknown[:20]}.", unknown=unknown[:100])
    run = runs.request(session, workflow_id, step_ids=step_ids, mode=mode, requested_by=actor.user_id)
    audit.record(session, actor, "labeling_requested", f"workflow:{workflow_id}", run=run.id)
    return run


def request_all(actor: Actor, *, mode: Mode) -> int:
    """Label every workflow anew that the actor may change and that is not being labelled; how many.

    In transactions of its own, each for some, so that nobody waits for long. The reconciler sends the runs off.
    """
    queued, last = 0, 0
    while True:
        with transaction() as session:
            found = _idle_after(session, actor, last)
            for workflow_id in found:
                runs.request(session, workflow_id, mode=mode, requested_by=actor.user_id, published=False)
            if not found:
                audit.record(session, actor, "labeling_of_everything_requested", runs=queued, mode=mode)
                return queued
        queued, last = queued + len(found), found[-1]


def _idle_after(session: Session, actor: Actor, workflow_id: int) -> Sequence[int]:
    """The next workflows to label: visible, not archived, without an active run."""
    busy = exists(select(LabelingRun.id).where(LabelingRun.workflow_id == Workflow.id, LabelingRun.state.in_(ACTIVE)))
    idle = (visible(actor), Workflow.id > workflow_id, Workflow.status != WorkflowStatus.ARCHIVED, ~busy)
    return session.scalars(select(Workflow.id).where(*idle).order_by(Workflow.id).limit(AT_A_TIME)).all()


def cancel(session: Session, workflow_id: int, actor: Actor) -> LabelingRun:
    """Stop the newest run of a workflow; one that has ended stays as it is."""
    workflows.get(session, workflow_id, actor, for_change=True)
    run = runs.cancel(session, newest(session, workflow_id, actor).id)
    audit.record(session, actor, "labeling_cancelled", f"workflow:{workflow_id}", run=run.id)
    return run


def trash(session: Session, workflow_id: int, actor: Actor) -> Workflow:
    """Put a workflow into the trash; a run under way stops, and one that was given up on does not go on by itself."""
    workflow = bin_.put(session, workflow_id, actor)
    run = runs.newest(session, workflow_id)
    if run is not None and run.state in ACTIVE:
        runs.cancel(session, run.id)
    elif run is not None and run.state == RunState.NEEDS_ATTENTION:
        runs.acknowledge(session, run.id)
    return workflow


def retry(session: Session, run_id: int, actor: Actor) -> LabelingRun:
    """Try again what the run did not label; returns the run that does it."""
    _for_change(session, run_id, actor)
    run = runs.retry(session, run_id)
    audit.record(session, actor, "labeling_retried", f"workflow:{run.workflow_id}", run=run.id)
    return run


def acknowledge(session: Session, run_id: int, actor: Actor) -> LabelingRun:
    """Say that a person has seen why the run was given up on."""
    _for_change(session, run_id, actor)
    run = runs.acknowledge(session, run_id)
    audit.record(session, actor, "labeling_acknowledged", f"workflow:{run.workflow_id}", run=run.id)
    return run


def retry_each(actor: Actor, run_ids: Sequence[int]) -> list[Handled]:
    """`retry` for each, in a transaction of its own: one that cannot be retried does not stop the others."""
    return [_handled(run_id, actor, retry) for run_id in run_ids]


def acknowledge_each(actor: Actor, run_ids: Sequence[int]) -> list[Handled]:
    """`acknowledge` for each, in a transaction of its own."""
    return [_handled(run_id, actor, acknowledge) for run_id in run_ids]


def waiting_for_a_person(
    session: Session, actor: Actor, *, parked_for: ParkedFor | None = None, limit: int, cursor: str | None = None
) -> Page[int]:
    """Numbers of the runs that need attention and that the actor may see, newest first."""
    page = listed(session, actor, state=RunState.NEEDS_ATTENTION, parked_for=parked_for, limit=limit, cursor=cursor)
    return Page([run.id for run in page.items], page.next_cursor)


def _handled(run_id: int, actor: Actor, handle: Callable[[Session, int, Actor], LabelingRun]) -> Handled:
    try:
        with transaction() as session:
            return Handled(run_id, run=handle(session, run_id, actor))
    except AppError as error:
        return Handled(run_id, error=error)


def _for_change(session: Session, run_id: int, actor: Actor) -> None:
    """RunNotFound, too, for a run of a workflow that the actor may not see."""
    run = runs.get(session, workflows.storable(run_id))
    try:
        workflows.get(session, run.workflow_id, actor, for_change=True)
    except WorkflowNotFound:
        raise RunNotFound from None
