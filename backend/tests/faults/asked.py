"""What worker processes asked the double of the Claude API, and what they booked for it."""

import json
from typing import Any

from sqlalchemy import select

from app.core.db import transaction
from app.labeling import runs
from app.labeling.models import Mode, ModelCall
from app.tasks.publishing import publish
from app.workflows.models import LabelSource
from tests.doubles.claude import ClaudeDouble
from tests.labeling.recordings import Recorded, labels_of

REAL = "app.celery_app"
"""The app of a worker that has nothing of a test's in it."""


START_SECONDS = 120
"""In which a worker has made its first calls, on a machine that has much else to do."""


def send(run: Recorded, mode: Mode = "normal") -> None:
    """Wake a worker for it."""
    assert publish(run.run_id, run.workflow_id, runs.PRIORITIES[mode])


def names_of(body: dict[str, Any]) -> list[str]:
    """Of the controls that a request asks about."""
    document = json.loads(body["messages"][-1]["content"][0]["content"][-1]["text"])
    return [step["target"]["name"] for step in document["steps"]]


def asks_for(name: str, position: int) -> str:
    """What stands in the body of a request for this step alone, and in that for no neighbour of it."""
    head = f'"key":"s01","position":{position},"action":"click","control":"button","target":{{"name":"{name}"'
    return json.dumps(head)[1:-1]


def asked(double: ClaudeDouble) -> list[str]:
    """Control by control, in the order of the calls."""
    return [name for body in double.bodies() for name in names_of(body)]


def ledger() -> list[ModelCall]:
    """Our own."""
    with transaction(read_only=True) as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.id)))


def unlabelled(*recorded: Recorded) -> int:
    """Steps without a label of the model's."""
    return sum(not labels_of(step, LabelSource.AI) for run in recorded for step in run.step_ids)


def labelled_twice(*recorded: Recorded) -> int:
    """Labels of the model's beyond one a step."""
    counts = [len(labels_of(step, LabelSource.AI)) for run in recorded for step in run.step_ids]
    return sum(max(0, count - 1) for count in counts)
