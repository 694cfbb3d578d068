"""What a labeler proposes for a workflow beside its labels: a name, a description, headings. A person's words stay."""

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.labeling.protocol import ChunkResult
from app.workflows.labels import clean
from app.workflows.models import LabelSource, Step, Workflow

MAX_NAME, MAX_DESCRIPTION, MAX_HEADING = 200, 1_000, 200


def write(session: Session, workflow_id: int, result: ChunkResult) -> None:
    """Take over what nobody has written yet; under the lock of the workflow's row."""
    ai = LabelSource.AI
    here = Workflow.id == workflow_id
    if name := clean(result.name or "")[:MAX_NAME]:
        unnamed = Workflow.name_source == LabelSource.RULES
        session.execute(update(Workflow).where(here, unnamed).values(name=name, name_source=ai))
    if description := clean(result.description or "")[:MAX_DESCRIPTION]:
        empty = Workflow.description.is_(None)
        session.execute(update(Workflow).where(here, empty).values(description=description, description_source=ai))
    for item in result.results:
        if heading := clean(item.heading or "")[:MAX_HEADING]:
            open_ = or_(Step.heading_source.is_(None), Step.heading_source == ai)
            mine = (Step.id == item.step_id, Step.workflow_id == workflow_id)
            session.execute(update(Step).where(*mine, open_).values(heading=heading, heading_source=ai))
