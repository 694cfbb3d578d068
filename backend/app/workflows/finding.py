"""The one way to a workflow: only who may see it finds it, only who may write gets it for a change."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.pages import LARGEST_ID
from app.workflows.errors import MayNotChange, WorkflowNotFound
from app.workflows.models import Workflow
from app.workflows.visibility import visible


def storable(number: int) -> int:
    """The number itself if a row can have it, else one that no row has: databases refuse larger ones with an error."""
    return number if 0 < number <= LARGEST_ID else 0


def get(session: Session, workflow_id: int, actor: Actor, *, for_change: bool = False) -> Workflow:
    """The workflow, if `actor` may see it; `for_change` also asks whether they may write, and locks its row."""
    statement = select(Workflow).where(Workflow.id == storable(workflow_id), visible(actor))
    if for_change:
        # Not the stronger FOR UPDATE: rows that point to the workflow may be added meanwhile.
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    workflow = session.scalar(statement)
    if workflow is None:
        raise WorkflowNotFound
    if for_change and not actor.may("write"):
        raise MayNotChange
    return workflow
