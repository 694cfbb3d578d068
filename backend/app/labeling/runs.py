"""Runs as people see them: asked for, looked at, cancelled, retried, acknowledged. What workers do: `leases`."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from app.core import logging
from app.core.clock import db_now, now
from app.core.config import get_settings
from app.core.errors import Conflict, NotFound
from app.labeling import outcomes, turns
from app.labeling.models import ACTIVE, LabelingChunk, LabelingRun, Mode, ParkedFor, RunState
from app.workflows import service as workflows
from app.workflows.models import LabelState, Step, Workflow

PRIORITIES: dict[Mode, int] = {"interactive": 0, "normal": 3, "bulk": 6, "batch": 6}
"""Of messages: 0 goes first. A person who waits for one step goes before an import of hundreds of workflows."""


PUBLISH_SECONDS = 5
"""In which the door that queued a run publishes it, or gives up."""


_RUNS: Table = LabelingRun.__table__  # type: ignore[assignment]  # a Table, typed as FromClause
_NEW = {
    "state": RunState.QUEUED,
    "attempts": 0,
    "worker_deaths": 0,
    "steps_labeled": 0,
    "steps_failed": 0,
    "calls": 0,
    "input_tokens": 0,
    "output_tokens": 0,
    "cost_usd": 0.0,
}
_INSERT = insert(_RUNS).values(due_at=db_now(PUBLISH_SECONDS), **_NEW).returning(_RUNS.c.id)


class RunNotFound(NotFound):
    """There is no labelling run with this number, or you may not see its workflow."""


class RunNotRetryable(Conflict):
    """This run cannot be retried: it is under way, or has nothing left to do."""


class RunNotAcknowledgeable(Conflict):
    """Only a run that needs attention can be acknowledged."""


def queue(
    session: Session,
    workflow_id: int,
    *,
    total_steps: int,
    mode: Mode = "normal",
    step_ids: Sequence[int] | None = None,
    requested_by: int | None = None,
    task_id: str | None = None,
    published: bool = True,
) -> LabelingRun:
    """A new run of a workflow that has no active one, as the database has it, not tied to the session.

    The door publishes it after the commit, so it counts as published; if no worker has it by then, the reconciler looks
    for its message. `published=False`: the reconciler is to send the first one.
    """
    values = {
        "workflow_id": workflow_id,
        "total_steps": total_steps,
        "mode": mode,
        "step_ids": None if step_ids is None else list(step_ids),
        "requested_by": requested_by,
        "request_id": logging.request_id(),
        "task_id": task_id,
        "created_at": (moment := now()),
        "published_at": moment if published else None,
    }
    run_id = session.connection().execute(_INSERT, values).scalar_one()
    return LabelingRun(id=run_id, **_NEW, **values)


def request(
    session: Session,
    workflow_id: int,
    *,
    step_ids: Sequence[int] | None = None,
    mode: Mode = "normal",
    requested_by: int | None = None,
    task_id: str | None = None,
    published: bool = True,
) -> LabelingRun:
    """The active run of this workflow if there is one, else a new one for these steps (None: all of them)."""
    session.execute(select(Workflow.id).where(Workflow.id == workflow_id).with_for_update(key_share=True))
    if run := active(session, workflow_id):
        return run
    asked = select(Step.id).where(Step.workflow_id == workflow_id)
    if step_ids is not None:
        asked = asked.where(Step.id.in_(step_ids))
    found = session.scalars(asked.order_by(Step.position)).all()
    workflows.mark_processing(session, workflow_id)
    return queue(
        session,
        workflow_id,
        total_steps=len(found),
        mode=mode,
        step_ids=None if step_ids is None else found,
        requested_by=requested_by,
        task_id=task_id,
        published=published,
    )


def get(session: Session, run_id: int) -> LabelingRun:
    """The run, or RunNotFound."""
    run = session.get(LabelingRun, run_id, populate_existing=True)
    if run is None:
        raise RunNotFound
    return run


def newest(session: Session, workflow_id: int) -> LabelingRun | None:
    """The last run of a workflow."""
    return session.scalars(
        select(LabelingRun).where(LabelingRun.workflow_id == workflow_id).order_by(LabelingRun.id.desc()).limit(1)
    ).first()


def active(session: Session, workflow_id: int) -> LabelingRun | None:
    """The run of a workflow that waits or is under way; there is at most one."""
    return session.scalars(
        select(LabelingRun).where(LabelingRun.workflow_id == workflow_id, LabelingRun.state.in_(ACTIVE))
    ).first()


def active_among(session: Session, workflow_ids: Collection[int]) -> dict[int, LabelingRun]:
    """The active runs of these workflows, by workflow."""
    found = select(LabelingRun).where(LabelingRun.workflow_id.in_(workflow_ids), LabelingRun.state.in_(ACTIVE))
    return {run.workflow_id: run for run in session.scalars(found)}


def by_task(session: Session, task_id: str) -> LabelingRun | None:
    """The run that this task made when it was delivered before."""
    return session.scalars(select(LabelingRun).where(LabelingRun.task_id == task_id)).first()


def cancel(session: Session, run_id: int) -> LabelingRun:
    """Stop a run: a waiting one at once, one under way within a chunk; a finished one stays as it is."""
    run = _locked(session, run_id)
    if run.state == RunState.QUEUED:
        outcomes.end(session, run.id, run.workflow_id, RunState.CANCELLED, outcomes.CANCELLED)
    elif run.state == RunState.RUNNING:
        _set(session, run_id, cancel_requested_at=now())
    return get(session, run_id)


def retry(session: Session, run_id: int) -> LabelingRun:
    """Go on with a run that was given up on, or make a new one for what failed; done chunks are not sent again."""
    run = _locked(session, run_id)
    if run.state in ACTIVE or active(session, run.workflow_id):
        raise RunNotRetryable
    if run.state == RunState.NEEDS_ATTENTION:
        if run.parked_for == "spend_limit":
            turns.lift_spend_limit(session)
        _go_on(session, run_id)
        return get(session, run_id)
    unfinished = Step.label_state != LabelState.LABELLED
    if run.state == RunState.PARTIAL:
        unfinished = Step.label_state == LabelState.FAILED
    steps = session.scalars(select(Step.id).where(Step.workflow_id == run.workflow_id, unfinished)).all()
    if not steps:
        raise RunNotRetryable
    return request(session, run.workflow_id, step_ids=steps, mode=run.mode, requested_by=run.requested_by)


def wake(session: Session, run_id: int, parked_for: ParkedFor) -> bool:
    """Queue a run again that is still parked for this; False: somebody was faster, or another run goes on."""
    run = _locked(session, run_id)
    parked = (run.state, run.parked_for) == (RunState.NEEDS_ATTENTION, parked_for)
    if not parked or active(session, run.workflow_id):
        return False
    _go_on(session, run_id)
    return True


def acknowledge(session: Session, run_id: int) -> LabelingRun:
    """Keep the labels as they are: the run leaves the list, its workflow is ready for review."""
    run = _locked(session, run_id)
    if run.state != RunState.NEEDS_ATTENTION:
        raise RunNotAcknowledgeable
    _set(session, run_id, acknowledged_at=now(), parked_for=None, parked_usd=None)
    workflows.mark_draft(session, run.workflow_id)
    return get(session, run_id)


def reason(run: LabelingRun) -> str | None:
    """Why it stands where it stands; of one whose worker has gone, what happens next."""
    if not run.stalled:
        return run.reason
    seconds = get_settings().reconcile_seconds
    return f"Its worker has gone without a word. Another one takes it over within {seconds:.0f} seconds."


def facts(run: LabelingRun) -> dict[str, Any]:
    """A run as it is shown: JSON-ready, times in ISO 8601."""
    begun = run.started_at
    return {
        "id": run.id,
        "workflow_id": run.workflow_id,
        "state": str(run.state),
        "stalled": bool(run.stalled),
        "reason": reason(run),
        "mode": run.mode,
        "attempts": run.attempts,
        "total_steps": run.total_steps,
        "steps_labeled": run.steps_labeled,
        "steps_failed": run.steps_failed,
        "wait_seconds": round(((begun or run.finished_at or now()) - run.created_at).total_seconds(), 3),
        "run_seconds": round(((run.finished_at or now()) - begun).total_seconds(), 3) if begun else None,
        "calls": run.calls,
        "input_tokens": run.input_tokens,
        "output_tokens": run.output_tokens,
        "cost_usd": run.cost_usd,
        "created_at": run.created_at.isoformat(),
        "started_at": begun.isoformat() if begun else None,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "acknowledged_at": run.acknowledged_at.isoformat() if run.acknowledged_at else None,
    }


def _go_on(session: Session, run_id: int) -> None:
    """Queue a run again that was given up on, and forgive what was tried in vain."""
    _set(
        session,
        run_id,
        state=RunState.QUEUED,
        reason=None,
        worker_deaths=0,
        due_at=db_now(),
        finished_at=None,
        acknowledged_at=None,
        parked_for=None,
        cancel_requested_at=None,
    )
    pending = (LabelingChunk.run_id == run_id, LabelingChunk.state == "pending")
    session.execute(update(LabelingChunk).where(*pending).values(attempts=0))


def _locked(session: Session, run_id: int) -> LabelingRun:
    """The run with its workflow's row locked, then its own (see `leases`)."""
    workflow_id = get(session, run_id).workflow_id
    session.execute(select(Workflow.id).where(Workflow.id == workflow_id).with_for_update(key_share=True))
    run = session.get(LabelingRun, run_id, populate_existing=True, with_for_update=True)
    if run is None:
        raise RunNotFound
    return run


def _set(session: Session, run_id: int, **values: Any) -> None:
    session.execute(update(LabelingRun).where(LabelingRun.id == run_id).values(**values))
