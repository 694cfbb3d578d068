"""What other programs are told of a workflow: numbers, its name, where its page is. No step's words, no value."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.config import get_settings
from app.webhooks import outbox
from app.workflows.models import Step, Workflow


def about(session: Session, workflow_id: int) -> dict[str, Any]:
    """The workflow as it stands."""
    kept = (Workflow.id, Workflow.name, Workflow.status, Workflow.visibility)
    row = session.execute(select(*kept).where(Workflow.id == workflow_id)).mappings().one()
    steps = session.scalar(select(func.count()).where(Step.workflow_id == workflow_id))
    return {"workflow": {**row, "steps": steps, "url": f"{get_settings().base_url}/workflows/{workflow_id}"}}


def tell_published(session: Session, workflow_id: int) -> None:
    """It was published just now."""
    outbox.tell(session, "workflow.published", lambda: about(session, workflow_id))
