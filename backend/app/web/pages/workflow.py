"""A workflow as a guide, and its labelling as it goes on."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.labeling import access, runs
from app.labeling.models import ACTIVE, RunState
from app.tasks.publishing import publish
from app.web import guide_view
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn

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


@router.get("")
def show_workflow(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """The guide."""
    with transaction(read_only=True) as session:
        page = guide_view.build(session, workflow_id, visitor.actor)
        run = _run(session, workflow_id)
    return render(request, "workflow.html", visitor, page=page, run=run, exports=_exports())


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


def _exports() -> list[tuple[str, str, str]]:
    return [
        ("markdown", _("Markdown"), _("Text for wikis and repositories")),
        ("zip", _("Zip"), _("Text, pictures and data; can be imported again")),
        ("json", _("JSON"), _("For programs")),
    ]
