"""One workflow made into two."""

from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.addresses import first_site
from app.workflows import edits, order, removing, search, service
from app.workflows.errors import CannotUndo, NothingBefore, TooManySteps, WorkflowNotFound
from app.workflows.models import LabelSource, LabelState, Step, Workflow, WorkflowStatus, WorkflowTag

_COPIED = ("owner_id", "language", "visibility", "folder_id", "variables")


def split(
    session: Session, workflow_id: int, actor: Actor, *, before_step_id: int, name: str, version: int | None = None
) -> tuple[Workflow, list[int]]:
    """Move a step and all after it into a new workflow of the same owner, with all their labels.

    Returns it, and the steps that a model was still to label: no run waits for them any more.
    """
    workflow, present = order.open_for_change(session, workflow_id, actor, version, {"before_step_id": before_step_id})
    place = order.place_of(present, before_step_id)
    if place == 0:
        raise NothingBefore
    moved = present[place:]
    other = _second_half(session, workflow, moved, name)
    unlabelled = select(Step.id).where(Step.id.in_(moved), Step.label_state == LabelState.PENDING)
    waiting = list(session.scalars(unlabelled))
    _move(session, moved, other.id)
    removing.release(session, moved)
    search.index(session, [other.id])
    order.changed(session, workflow)
    edits.record(session, workflow, actor, "workflow_split", other=other.id, steps=moved)
    audit.record(session, actor, "workflow_split", f"workflow:{workflow_id}", into=other.id, steps=len(moved))
    return other, waiting


@edits.undoes("workflow_split")
def _join(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    """Whatever the second half holds now comes back, and its workflow goes."""
    try:
        other = service.get(session, facts["other"], actor, for_change=True)
    except WorkflowNotFound:
        raise CannotUndo("The workflow that was split off was deleted, or you may not see it any more.") from None
    if other.status in {WorkflowStatus.PUBLISHED, WorkflowStatus.ARCHIVED} or other.visibility != workflow.visibility:
        raise CannotUndo("The workflow that was split off was published, archived or hidden after that.")
    back = order.ids(session, other.id)
    try:
        order.require_room(session, workflow.id, len(back))
    except TooManySteps as error:
        raise CannotUndo(f"There is no room for the steps: {error.detail}") from None
    _move(session, back, workflow.id)
    removing.release(session, back)
    search.remove(session, [other.id])
    session.expunge(other)
    session.execute(delete(Workflow).where(Workflow.id == facts["other"]))
    order.changed(session, workflow)


def _second_half(session: Session, workflow: Workflow, moved: list[int], name: str) -> Workflow:
    pages = session.scalars(select(Step.page).where(Step.id.in_(moved)).order_by(Step.position))
    addresses = [page.get("url") for page in pages]
    other = Workflow(
        name=name,
        name_source=LabelSource.HUMAN,
        description_source=LabelSource.HUMAN,
        starting_url=addresses[0],
        site=first_site(*addresses),
        status=WorkflowStatus.DRAFT,
        **{field: getattr(workflow, field) for field in _COPIED},
    )
    session.add(other)
    session.flush()
    tags = session.scalars(select(WorkflowTag.tag).where(WorkflowTag.workflow_id == workflow.id)).all()
    if tags:
        session.execute(insert(WorkflowTag), [{"workflow_id": other.id, "tag": tag} for tag in tags])
    return other


def _move(session: Session, step_ids: list[int], workflow_id: int) -> None:
    """To the end of another workflow."""
    if not step_ids:
        return
    count = len(order.ids(session, workflow_id))
    rows = [
        {"id": step_id, "workflow_id": workflow_id, "position": place}
        for place, step_id in enumerate(step_ids, count + 1)
    ]
    session.execute(update(Step), rows)
