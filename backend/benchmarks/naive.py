"""The endpoint that one writes first: FastAPI parses the body, the ORM adds the rows, `.delay()` sends the message.

No sign-in, no masking, no labels, no audit trail. What `benchmarks.ingest` compares with.
"""

from celery import Celery
from fastapi import FastAPI
from sqlalchemy.orm import Session

import app.accounts.models
import app.storage.models  # noqa: F401 - the tables that steps and workflows refer to
from app.core.config import get_settings
from app.core.db import get_engine
from app.recordings.schema import RecordingIn
from app.workflows.models import Step, Workflow

celery = Celery("naive", broker=get_settings().redis_url, backend=get_settings().redis_url)
web = FastAPI()


@celery.task(name="naive.label")
def label(workflow_id: int) -> int:
    """Never run here: only the sending is measured."""
    return workflow_id


@web.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


@web.post("/api/v1/workflows", status_code=201)
def create(recording: RecordingIn) -> dict[str, int]:
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
        return {"id": workflow.id}
