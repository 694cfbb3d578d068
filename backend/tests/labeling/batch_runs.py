"""Runs whose calls go to the provider as one batch, and what became of them."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from app.core.clock import db_now
from app.core.db import transaction
from app.labeling import service
from app.labeling.models import LabelingBatch, LabelingRun, ModelCall, Spend
from app.labeling.service import Outcome
from app.workflows.models import LabelSource
from tests.doubles.claude import ClaudeDouble
from tests.labeling.recordings import Recorded, labels_of, record

TEN = [f"Button {letter}" for letter in "ABCDEFGHIJ"]
LONG = [f"Button {number}" for number in range(25)]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where what happens at the provider matters, not which database it is written to."""


def calls() -> list[ModelCall]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.id)))


def batches() -> list[LabelingBatch]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(LabelingBatch).order_by(LabelingBatch.id)))


def outcomes() -> list[str]:
    return [call.outcome for call in calls()]


def spent() -> float:
    with transaction(read_only=True) as session:
        return max(session.scalars(select(Spend.usd)), default=0.0)


def submitted(double: ClaudeDouble) -> list[int]:
    """How many requests each batch had that got there."""
    return [len(body["requests"]) for body in double.bodies("batch_create")]


def work(run: Recorded) -> Outcome:
    """As the reconciler has it done when the run has rested."""
    with transaction() as session:
        session.execute(update(LabelingRun).where(LabelingRun.id == run.run_id).values(due_at=db_now()))
    return service.label_run(run.run_id)


def hand_over(names: Sequence[str] = TEN) -> Recorded:
    """A run whose batch is at the provider's."""
    run = record(names, mode="batch")
    assert service.label_run(run.run_id) is Outcome.GIVEN_BACK
    return run


def ended(double: ClaudeDouble, names: Sequence[str] = TEN) -> Recorded:
    """A run whose batch has ended, and that nobody has looked at since."""
    run = hand_over(names)
    double.end_batches()
    return run


def names_of(step_ids: Sequence[int]) -> list[str]:
    return [labels_of(step_id, LabelSource.AI)[0].field_label for step_id in step_ids]
