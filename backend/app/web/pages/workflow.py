"""A workflow as a guide, and its labelling as it goes on."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.labeling import access, runs
from app.labeling.models import ACTIVE, RunState
from app.recordings.editing import mask_changes
from app.tasks.publishing import publish, tell_of_news
from app.web import guide_view
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.workflows import service as workflows
from app.workflows.changes import WorkflowChanges
from app.workflows.errors import VersionConflict
from app.workflows.models import WorkflowStatus

router = APIRouter(prefix="/workflows/{workflow_id}")


@dataclass(frozen=True, slots=True)
class RunView:
    """The newest run, as far as a reader cares."""

    active: bool
    waiting: bool
    stalled: bool
    """Its worker has gone; another one takes it over soon."""
    done: int
    total: int
    trouble: str | None


@dataclass(frozen=True, slots=True)
class About:
    """Title and purpose as somebody sent them."""

    name: str
    description: str


@router.get("")
def show_workflow(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """The guide."""
    return _show(request, workflow_id, visitor)


@router.post("/about")
def change_about(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    version: Annotated[int, Form()],
    *,
    name: Annotated[str, Form(max_length=2_000)] = "",
    description: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Change title and purpose; who was too late gets both texts."""
    mine = About(" ".join(name.split()), description.replace("\r\n", "\n").strip())
    try:
        with transaction() as session:
            workflow = workflows.get(session, workflow_id, visitor.actor, for_change=True)
            sent = {"name": mine.name, "description": mine.description or None}
            changes = WorkflowChanges(
                **{field: sent[field] for field in sent if sent[field] != getattr(workflow, field)}
            )
            workflows.update(session, workflow_id, visitor.actor, version=version, changes=mask_changes(changes))
    except ValidationError:
        trouble = _("Title or purpose cannot be used: empty, too long, or with characters that cannot be seen.")
        return _show(request, workflow_id, visitor, mine=mine, trouble=trouble, status_code=422)
    except VersionConflict as conflict:
        return _show(request, workflow_id, visitor, mine=mine, conflict=True, status_code=conflict.status_code)
    return RedirectResponse(f"/workflows/{workflow_id}", 303)


@router.post("/status")
def change_status(workflow_id: int, visitor: SentOurForm, status: Annotated[WorkflowStatus, Form()]) -> Response:
    """Publish, archive, or back to draft."""
    with transaction() as session:
        workflows.update(session, workflow_id, visitor.actor, changes=WorkflowChanges(status=status))
    tell_of_news()
    return RedirectResponse(f"/workflows/{workflow_id}", 303)


@router.get("/live")
def show_what_changed(
    request: Request, workflow_id: int, visitor: SignedIn, step: Annotated[list[int] | None, Query()] = None
) -> Response:
    """The parts of the guide that labelling changes: its state, and the texts of the named steps, else of all."""
    with transaction(read_only=True) as session:
        page = guide_view.build(session, workflow_id, visitor.actor)
        run = _run(session, workflow_id)
    texts = [item for item in page.steps if step is None or item.guide.id in step]
    return render(request, "_live.html", visitor, page=page, run=run, texts=texts)


@router.post("/label")
def relabel(workflow_id: int, visitor: SentOurForm) -> Response:
    """Label all steps anew; a run that is under way is joined."""
    with transaction() as session:
        run = access.request(session, workflow_id, visitor.actor, step_ids=None, mode="interactive")
    publish(run.id, workflow_id, runs.PRIORITIES[run.mode])
    return RedirectResponse(f"/workflows/{workflow_id}", 303)


@router.post("/labeling/cancel")
def cancel(workflow_id: int, visitor: SentOurForm) -> Response:
    """Stop the run that is under way; what is labelled stays."""
    with transaction() as session:
        access.cancel(session, workflow_id, visitor.actor)
    return RedirectResponse(f"/workflows/{workflow_id}", 303)


def _show(
    request: Request,
    workflow_id: int,
    visitor: Visitor,
    *,
    mine: About | None = None,
    conflict: bool = False,
    trouble: str | None = None,
    status_code: int = 200,
) -> Response:
    with transaction(read_only=True) as session:
        page = guide_view.build(session, workflow_id, visitor.actor)
        run = _run(session, workflow_id)
    return render(
        request,
        "workflow.html",
        visitor,
        status_code=status_code,
        page=page,
        run=run,
        moves=_moves(WorkflowStatus(page.workflow.status)),
        mine=mine,
        conflict=conflict,
        trouble=trouble,
    )


def _moves(status: WorkflowStatus) -> list[tuple[WorkflowStatus, str]]:
    """Where a person may take the workflow from here, in the words of a button."""
    words = {
        WorkflowStatus.PUBLISHED: _("Publish"),
        WorkflowStatus.ARCHIVED: _("Archive"),
        WorkflowStatus.DRAFT: _("Back to draft"),
    }
    possible = () if status == WorkflowStatus.PROCESSING else workflows.NEXT[status]
    return [(move, word) for move, word in words.items() if move in possible]


def _run(session: Session, workflow_id: int) -> RunView | None:
    run = runs.newest(session, workflow_id)
    if run is None:
        return None
    return RunView(
        active=run.state in ACTIVE,
        waiting=run.state == RunState.QUEUED,
        stalled=bool(run.stalled),
        done=run.steps_labeled,
        total=run.total_steps,
        trouble=_trouble(run.state, run.reason) if run.acknowledged_at is None else None,
    )


def _trouble(state: RunState, reason: str | None) -> str | None:
    said = {
        RunState.PARTIAL: _("Some steps could not be labelled anew and keep the labels they had."),
        RunState.FAILED: _("The steps could not be labelled anew and keep the labels they had."),
        RunState.NEEDS_ATTENTION: _("Labelling was given up; the steps keep the labels they had."),
        RunState.CANCELLED: _("Labelling was stopped; what was done by then is kept."),
    }.get(state)
    return f"{said} {reason}" if said and reason and state != RunState.CANCELLED else said
