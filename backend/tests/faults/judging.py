"""What database and store say after a fault: half a recording, a row without its picture, a label too many."""

from sqlalchemy import exists, func, select

from app.core.db import transaction
from app.labeling.models import LabelingRun
from app.storage.models import Screenshot
from app.storage.store import BlobStore
from app.workflows.models import Label, Step, Workflow


def workflows() -> list[int]:
    """Numbers of all that there are."""
    with transaction(read_only=True) as session:
        return list(session.scalars(select(Workflow.id).order_by(Workflow.id)))


def halves(steps: int) -> list[int]:
    """Workflows that do not have so many steps, each with a label, and one run over all of them."""
    step, run = Step, LabelingRun
    has_label = exists().where(Label.step_id == step.id)
    labelled = select(func.count()).where(step.workflow_id == Workflow.id, has_label).scalar_subquery()
    runs = select(func.count()).where(run.workflow_id == Workflow.id, run.total_steps == steps).scalar_subquery()
    every = select(func.count()).where(step.workflow_id == Workflow.id).scalar_subquery()
    whole = (every == steps) & (labelled == steps) & (runs == 1)
    with transaction(read_only=True) as session:
        return list(session.scalars(select(Workflow.id).where(~whole)))


def pictures() -> list[str]:
    """Where the store should have those that have a row."""
    with transaction(read_only=True) as session:
        return list(session.scalars(select(Screenshot.blob)))


def without_picture(store: BlobStore) -> list[str]:
    """Rows whose picture is not in the store."""
    return [blob for blob in pictures() if not store.exists(blob)]


def not_labelled_once() -> tuple[int, int]:
    """Steps without a label that a run wrote, and labels beyond one of a step, over the whole database."""
    by_run = select(Label.step_id, func.count().label("labels")).where(Label.run_id.is_not(None))
    counted = by_run.group_by(Label.step_id).subquery()
    with transaction(read_only=True) as session:
        steps = session.scalar(select(func.count()).select_from(Step)) or 0
        with_label, labels = session.execute(
            select(func.count(), func.coalesce(func.sum(counted.c.labels), 0)).select_from(counted)
        ).one()
    return steps - with_label, int(labels) - with_label  # PostgreSQL adds up to a Decimal


def run_states() -> dict[str, int]:
    """How many runs are in which state."""
    with transaction(read_only=True) as session:
        rows = session.execute(select(LabelingRun.state, func.count()).group_by(LabelingRun.state))
        return {str(state): count for state, count in rows}
