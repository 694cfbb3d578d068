"""Tags: words that people give workflows so as to find them again. Small letters, so that there is one of each."""

from collections.abc import Collection, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.errors import InvalidInput
from app.workflows import leaps
from app.workflows.models import Workflow, WorkflowTag
from app.workflows.visibility import visible

LONGEST = 50
MOST = 50
"""Of one workflow."""


class UnusableTag(InvalidInput):
    """A tag has 1 to 50 characters, and no comma or control character among them."""


class TooManyTags(InvalidInput):
    """A workflow can have 50 tags."""


def clean(tag: str) -> str:
    """The tag as it is kept; ValueError if it cannot be one."""
    kept = " ".join(tag.split()).lower()
    if not 0 < len(kept) <= LONGEST or "," in kept or not kept.isprintable():
        raise ValueError("a tag has 1 to 50 characters, and no comma or control character among them")
    return kept


Tag = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(clean)]


def parse(text: str) -> list[str]:
    """The tags in what a person typed, separated by commas. Raises UnusableTag."""
    try:
        return list(dict.fromkeys(clean(part) for part in text.split(",") if part.strip()))
    except ValueError:
        raise UnusableTag(field="tags") from None


def having(tag: str) -> Select[int]:
    """Numbers of the workflows that have this tag."""
    return select(WorkflowTag.workflow_id).where(WorkflowTag.tag == tag)


def of(session: Session, workflow_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags of each of these workflows, in order; those without any are missing."""
    rows = select(WorkflowTag.workflow_id, WorkflowTag.tag).where(WorkflowTag.workflow_id.in_(workflow_ids))
    found: dict[int, list[str]] = {}
    for workflow_id, tag in session.execute(rows.order_by(WorkflowTag.workflow_id, WorkflowTag.tag)):
        found.setdefault(workflow_id, []).append(tag)
    return found


def put(session: Session, workflow: Workflow, tags: Sequence[str]) -> None:
    """Give a workflow exactly these."""
    before, wanted = set(of(session, [workflow.id]).get(workflow.id, ())), set(tags)
    if len(wanted) > MOST:
        raise TooManyTags(field="tags", limit=MOST)
    if gone := before - wanted:
        rows = (WorkflowTag.workflow_id == workflow.id, WorkflowTag.tag.in_(gone))
        session.execute(delete(WorkflowTag).where(*rows))
    session.add_all(WorkflowTag(workflow_id=workflow.id, tag=tag) for tag in sorted(wanted - before))
    session.flush()


def add(session: Session, workflow: Workflow, tags: Sequence[str]) -> None:
    """Give a workflow these as well."""
    put(session, workflow, [*of(session, [workflow.id]).get(workflow.id, ()), *tags])


def remove(session: Session, workflow: Workflow, tags: Sequence[str]) -> None:
    """Take these from a workflow."""
    put(session, workflow, [tag for tag in of(session, [workflow.id]).get(workflow.id, ()) if tag not in tags])


def known(session: Session, actor: Actor, *, limit: int = 500) -> list[str]:
    """Tags of workflows that `actor` may see, in order."""
    return leaps.distinct(
        session,
        WorkflowTag.tag,
        lambda tag: (
            select(WorkflowTag.tag)
            .join(Workflow, Workflow.id == WorkflowTag.workflow_id)
            .where(WorkflowTag.tag == tag, visible(actor))
        ),
        limit=limit,
    )
