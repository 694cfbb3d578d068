"""The endpoint that one writes first: FastAPI parses the body, the ORM adds the rows, `.delay()` sends the message, and
FastAPI makes the answer of what the ORM reads back.

It keeps the contract's body and answer, and does without sign-in, masking, labels and audit trail. What
`benchmarks.ingest` compares with.
"""

from datetime import datetime

from celery import Celery
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

import app.accounts.models
import app.storage.models  # noqa: F401 - the tables that steps and workflows refer to
from app.core.config import get_settings
from app.core.db import get_engine
from app.recordings.schema import RecordingIn
from app.workflows.content import Action, Page, Target, ValueKind
from app.workflows.models import LabelState, Step, Workflow, WorkflowStatus

celery = Celery("naive", broker=get_settings().redis_url, backend=get_settings().redis_url)
web = FastAPI()


@celery.task(name="naive.label")
def label(workflow_id: int) -> int:
    """Never run here: only the sending is measured."""
    return workflow_id


@web.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


class StepOut(BaseModel):
    """A step of the answer."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    position: int
    version: int
    action: Action
    timestamp: datetime | None
    target: Target | None
    value: str | None
    value_kind: ValueKind | None
    page: Page
    screenshot_id: str | None
    label_state: LabelState


class WorkflowOut(BaseModel):
    """The answer."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    description: str | None
    starting_url: str | None
    status: WorkflowStatus
    version: int
    created_at: datetime
    updated_at: datetime
    steps: list[StepOut]


@web.post("/api/v1/workflows", status_code=201)
def create(recording: RecordingIn) -> WorkflowOut:
    """Store a recording the plain way."""
    with Session(get_engine()) as session:
        workflow = Workflow(
            owner_id=1,
            name=recording.name,
            description=recording.description,
            starting_url=recording.starting_url,
        )
        session.add(workflow)
        session.flush()
        session.add_all(
            Step(
                workflow_id=workflow.id,
                position=position,
                action=step.action,
                timestamp=step.timestamp,
                target=step.target.model_dump(mode="json") if step.target else None,
                value=step.value,
                value_kind=step.value_kind,
                page=step.page.model_dump(mode="json"),
                screenshot_id=step.screenshot_id,
            )
            for position, step in enumerate(recording.steps, 1)
        )
        session.commit()
        label.delay(workflow.id)
        steps = session.scalars(select(Step).where(Step.workflow_id == workflow.id).order_by(Step.position)).all()
        return WorkflowOut.model_validate({**_columns(workflow), "steps": steps})


def _columns(workflow: Workflow) -> dict[str, object]:
    return {name: getattr(workflow, name) for name in WorkflowOut.model_fields if name != "steps"}
