"""Many workflows at once, and where one of them lies."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import transaction
from app.guides import jobs
from app.labeling import access
from app.labeling.models import LabelingRun
from app.labeling.runs import PRIORITIES
from app.tasks.publishing import publish, publish_export, tell_of_news
from app.web import notices
from app.web.notices import Did, going_to
from app.web.rendering import render
from app.web.returning import own_page
from app.web.visitors import SentOurForm, SignedIn
from app.workflows import bulk, folders, tags, trash
from app.workflows import service as workflows
from app.workflows.changes import WorkflowChanges
from app.workflows.models import Workflow, WorkflowStatus

router = APIRouter()

Ids = Annotated[list[int] | None, Form(alias="id", max_length=bulk.MOST)]
Folder = Annotated[str, Form(max_length=20)]
Tags = Annotated[str, Form(alias="tags", max_length=3_000)]
Next = Annotated[str, Form(alias="next")]
Do = Callable[[Session, int, Actor], Any]


@router.post("/bulk")
def do_to_many(
    visitor: SentOurForm,
    do: Annotated[Did, Form()],
    *,
    ids: Ids = None,
    folder: Folder = "",
    typed_tags: Tags = "",
    next_: Next = "/",
) -> Response:
    """Do this to each of the selected workflows, and say what was done and what was refused."""
    handled = bulk.each(visitor.actor, ids or [], _doing(do, folder, typed_tags))
    for one in handled:
        if isinstance(one.done, LabelingRun):
            publish(one.done.id, one.workflow_id, PRIORITIES["bulk"])
    tell_of_news()
    return going_to(next_, notices.about(do, handled))


@router.post("/bulk/export")
def export_many(
    visitor: SentOurForm,
    *,
    ids: Ids = None,
    format_: Annotated[str, Form(alias="format", max_length=20)] = "markdown",
    next_: Next = "/",
) -> Response:
    """Export the selected workflows into one file, which is made in the background."""
    if not ids:
        return going_to(next_, notices.Notice(did="publish"))
    with transaction() as session:
        job = jobs.request(session, visitor.actor, ids, format_)
    publish_export(job.id)
    return going_to(f"/exports/{job.id}")


@router.get("/workflows/{workflow_id}/organise")
def show_organising(request: Request, workflow_id: int, visitor: SignedIn, next: str = "/") -> Response:  # noqa: A002
    """Folder and tags of one workflow."""
    with transaction(read_only=True) as session:
        workflow = workflows.get(session, workflow_id, visitor.actor)
        return render(
            request,
            "organise.html",
            visitor,
            workflow=workflow,
            tags=tags.of(session, [workflow.id]).get(workflow.id, []),
            known_tags=tags.known(session, visitor.actor),
            folders=folders.listed(session),
            next=own_page(next),
        )


@router.post("/workflows/{workflow_id}/organise")
def organise(
    workflow_id: int,
    visitor: SentOurForm,
    *,
    folder: Folder = "",
    typed_tags: Tags = "",
    next_: Next = "/",
) -> Response:
    """Put it into a folder, and give it exactly these tags."""
    changes = WorkflowChanges(folder_id=_number(folder), tags=tags.parse(typed_tags))
    with transaction() as session:
        workflows.update(session, workflow_id, visitor.actor, changes=changes)
    return going_to(next_)


def _doing(do: Did, folder: str, typed_tags: str) -> Do:
    """What is done to each one."""
    wanted = tags.parse(typed_tags) if do in {"tag", "untag"} else []
    doing: dict[Did, Do] = {
        "label": lambda session, number, actor: access.request(session, number, actor, step_ids=None, mode="bulk"),
        "publish": _changing(WorkflowChanges(status=WorkflowStatus.PUBLISHED)),
        "archive": _changing(WorkflowChanges(status=WorkflowStatus.ARCHIVED)),
        "folder": _changing(WorkflowChanges(folder_id=_number(folder))),
        "tag": lambda session, number, actor: tags.add(session, _to_change(session, number, actor), wanted),
        "untag": lambda session, number, actor: tags.remove(session, _to_change(session, number, actor), wanted),
        "trash": access.trash,
        "restore": trash.restore,
        "erase": trash.erase,
    }
    return doing[do]


def _changing(changes: WorkflowChanges) -> Do:
    return lambda session, number, actor: workflows.update(session, number, actor, changes=changes)


def _to_change(session: Session, workflow_id: int, actor: Actor) -> Workflow:
    return workflows.get(session, workflow_id, actor, for_change=True)


def _number(text: str) -> int | None:
    """Of a folder; None: in none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else None
