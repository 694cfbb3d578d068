"""Whether anything was lost or doubled, as the database has it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, SelectBase, func, select
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.labeling.models import ACTIVE, LabelingChunk, LabelingRun, ModelCall, RunState
from app.workflows.models import Label, LabelState, Step, Workflow


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the recordings that were accepted."""

    lost: int
    """Accepted, and not there, or not labelled to the last step by a run that succeeded."""
    doubled: int
    """Workflows stored or labelled twice, steps with two labels of one source, chunks counted twice."""
    steps: int
    labels: int
    taken_up_again: int
    """Runs that more than one worker, or one more than once, had to take up."""
    worker_deaths: int
    """Leases that ended without a word, since each run last got on."""
    slowest_seconds: float
    """From a run's beginning to its end."""
    extra_calls: int | None
    """Answered calls of the model beyond one for each chunk; None: there is no model."""


def open_runs(engine: Engine) -> int:
    """Runs that are not over."""
    with transaction(engine=engine, read_only=True) as session:
        return session.scalar(select(func.count()).where(LabelingRun.state.in_(ACTIVE))) or 0


def judge(engine: Engine, accepted: Mapping[int, str], answered: int | None) -> Judged:
    """`accepted`: number → name; `answered`: calls that the model answered, by its own ledger."""
    run = LabelingRun
    with transaction(engine=engine, read_only=True) as session:
        took = [end - begin for begin, end in session.execute(select(run.created_at, run.finished_at)) if end]
        chunks = _count(session, select(LabelingChunk.id))
        return Judged(
            lost=len(accepted.keys() - _labelled(session)),
            doubled=_doubled(session),
            steps=_count(session, select(Step.id)),
            labels=_count(session, select(Label.id)),
            taken_up_again=_count(session, select(run.id).where(run.attempts > 1)),
            worker_deaths=int(session.scalar(select(func.sum(run.worker_deaths))) or 0),
            slowest_seconds=round(max((span.total_seconds() for span in took), default=0.0), 1),
            extra_calls=None if answered is None else answered - chunks,
        )


def _labelled(session: Session) -> set[int]:
    """Workflows of which a run succeeded and every step is labelled."""
    open_steps = select(Step.workflow_id).where(Step.label_state != LabelState.LABELLED)
    succeeded = select(LabelingRun.workflow_id).where(
        LabelingRun.state == RunState.SUCCEEDED, LabelingRun.steps_labeled == LabelingRun.total_steps
    )
    return set(session.scalars(succeeded)) - set(session.scalars(open_steps))


def _doubled(session: Session) -> int:
    named = select(Workflow.name).group_by(Workflow.name).having(func.count() > 1)
    run_twice = select(LabelingRun.workflow_id).group_by(LabelingRun.workflow_id).having(func.count() > 1)
    labelled = select(Label.step_id, Label.source).group_by(Label.step_id, Label.source).having(func.count() > 1)
    counted = select(LabelingRun.id).where(LabelingRun.steps_labeled > LabelingRun.total_steps)
    booked = (
        select(ModelCall.chunk_id)
        .where(ModelCall.chunk_id.is_not(None), ModelCall.outcome == "answered")
        .group_by(ModelCall.chunk_id)
        .having(func.count() > 1)
    )
    stored = _count(session, named) + _count(session, run_twice)
    return stored + _count(session, labelled) + _count(session, counted) + _count(session, booked)


def _count(session: Session, query: SelectBase) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
