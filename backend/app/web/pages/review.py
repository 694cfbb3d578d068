"""Reviewing the steps of a workflow, the doubtful ones first.

Every button is a form that posts and is led back here; with scripts, only the part that changed is fetched.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.core.errors import AppError
from app.labeling import access, runs
from app.labeling.models import ACTIVE
from app.recordings import editing
from app.tasks.publishing import publish
from app.web import guide_view, review_view
from app.web.edit_words import done_words
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.review_view import Draft
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.web.wording import address
from app.workflows import label_history, proposals, steps
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.errors import MayNotChange, StepNotFound, VersionConflict, WorkflowNotFound

router = APIRouter(prefix="/workflows/{workflow_id}/review")

Version = Annotated[int, Form()]
FieldLabel = Annotated[str, Form(max_length=2_000)]
Instruction = Annotated[str, Form(max_length=10_000)]


@router.get("")
def show_review(
    request: Request,
    workflow_id: int,
    visitor: SignedIn,
    *,
    step: int | None = None,
    done: Annotated[str, Query(max_length=20)] = "",
    was: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """The review, looking at `step`, else at the most doubtful. `done`, `was`: what was just done, to which number."""
    return show(request, workflow_id, visitor, step, said=done_words(done, was))


@router.post("/{step_id}/save")
def save(
    request: Request,
    workflow_id: int,
    step_id: int,
    visitor: SentOurForm,
    version: Version,
    *,
    field_label: FieldLabel = "",
    instruction: Instruction = "",
) -> Response:
    """Write a person's words; who was too late gets both texts."""
    draft = Draft(field_label, instruction)
    changes = StepChanges(label=LabelChanges(field_label=field_label, instruction=instruction))
    return _decide(
        request,
        workflow_id,
        step_id,
        visitor,
        lambda session: editing.change(session, workflow_id, step_id, visitor.actor, version=version, changes=changes),
        done="saved",
        draft=draft,
    )


@router.post("/{step_id}/accept")
def accept(
    request: Request,
    workflow_id: int,
    step_id: int,
    visitor: SentOurForm,
    version: Version,
    *,
    n: Annotated[int | None, Form()] = None,
) -> Response:
    """Accept the proposal `n`, or, without one, the words as they stand."""
    if n is None:
        return _decide(
            request,
            workflow_id,
            step_id,
            visitor,
            lambda session: steps.confirm(session, workflow_id, step_id, visitor.actor, version=version),
            done="confirmed",
        )
    return _decide(
        request,
        workflow_id,
        step_id,
        visitor,
        lambda session: proposals.accept(session, workflow_id, step_id, n, visitor.actor, version=version),
        done="accepted",
    )


@router.post("/{step_id}/reject")
def reject(
    request: Request, workflow_id: int, step_id: int, visitor: SentOurForm, n: Annotated[int, Form()]
) -> Response:
    """Keep the person's words."""
    return _decide(
        request,
        workflow_id,
        step_id,
        visitor,
        lambda session: proposals.reject(session, workflow_id, step_id, n, visitor.actor),
        done="rejected",
    )


@router.post("/{step_id}/reuse")
def reuse(
    request: Request,
    workflow_id: int,
    step_id: int,
    visitor: SentOurForm,
    version: Version,
    *,
    label: Annotated[int, Form()],
) -> Response:
    """Make words that the step once had a person's own."""

    def write(session: Session) -> None:
        past = label_history.of_step(session, workflow_id, step_id, visitor.actor)
        found = next((each.label for each in past if each.label.id == label), None)
        if found is None:
            raise StepNotFound(_("These words are not of this step."))
        words = LabelChanges(field_label=found.field_label, instruction=found.instruction)
        changes = StepChanges(label=words)
        editing.change(session, workflow_id, step_id, visitor.actor, version=version, changes=changes)

    return _decide(request, workflow_id, step_id, visitor, write, done="saved")


@router.post("/{step_id}/remove")
def remove(request: Request, workflow_id: int, step_id: int, visitor: SentOurForm, version: Version) -> Response:
    """Take the step out of the workflow."""
    return _decide(
        request,
        workflow_id,
        step_id,
        visitor,
        lambda session: steps.remove(session, workflow_id, step_id, visitor.actor, version=version),
        done="removed",
    )


@router.post("/{step_id}/relabel")
def relabel(workflow_id: int, step_id: int, visitor: SentOurForm) -> Response:
    """Let a model label this step anew; the answer arrives while one looks at it."""
    with transaction() as session:
        run = access.request(session, workflow_id, visitor.actor, step_ids=[step_id], mode="interactive")
        item = next(each for each in guide_view.build(session, workflow_id, visitor.actor).steps
                    if each.guide.id == step_id)  # fmt: skip
    publish(run.id, workflow_id, runs.PRIORITIES[run.mode])
    return _led_to(workflow_id, step_id, "relabelled", item.guide.number)


@router.post("/{step_id}/check")
def check(
    request: Request,
    workflow_id: int,
    step_id: int,
    visitor: SentOurForm,
    *,
    field_label: FieldLabel = "",
    instruction: Instruction = "",
) -> Response:
    """How words that are being typed will look, and what the style says of them. Nothing is written."""
    with transaction(read_only=True) as session:
        page = guide_view.build(session, workflow_id, visitor.actor)
        item = next((each for each in page.steps if each.guide.id == step_id), None)
        if item is None:
            raise StepNotFound
        checked = review_view.check(field_label, instruction, page, item)
    return render(request, "_checked.html", visitor, checked=checked, variables=page.variables)


def show(
    request: Request,
    workflow_id: int,
    visitor: Visitor,
    step_id: int | None = None,
    *,
    said: str | None = None,
    draft: Draft | None = None,
    conflict: bool = False,
    trouble: str | None = None,
    status_code: int = 200,
) -> Response:
    """The review as an answer: the whole page, or, for htmx, the part that changes."""
    with transaction(read_only=True) as session:
        page = review_view.build(session, workflow_id, visitor.actor, step_id, draft)
        run = runs.newest(session, workflow_id)
        active = run is not None and run.state in ACTIVE
    only_part = request.headers.get("hx-request-type") == "partial"
    answer = render(
        request,
        "_review.html" if only_part else "review.html",
        visitor,
        status_code=status_code,
        page=page,
        focus=page.focus,
        active=active,
        said=said,
        draft=draft,
        conflict=conflict,
        trouble=trouble,
    )
    if only_part:
        at = str(page.focus.item.guide.id) if page.focus else None
        answer.headers["HX-Replace-Url"] = address(f"/workflows/{workflow_id}/review", step=at)
    return answer


def _decide(
    request: Request,
    workflow_id: int,
    step_id: int,
    visitor: Visitor,
    decide: Callable[[Session], object],
    *,
    done: str,
    draft: Draft | None = None,
) -> Response:
    """Do it, and lead to the next step that nobody checked; what went wrong is said beside the step."""
    try:
        with transaction() as session:
            queue = review_view.ordered(guide_view.build(session, workflow_id, visitor.actor).steps)
            number = next((item.guide.number for item in queue if item.guide.id == step_id), None)
            decide(session)
            after = {item.guide.id: item for item in guide_view.build(session, workflow_id, visitor.actor).steps}
            left = [after.get(item.guide.id, item) for item in queue]
            following = review_view.following(left, step_id)
    except (WorkflowNotFound, MayNotChange):
        raise
    except VersionConflict as conflict:
        trouble = None if draft else _("Somebody changed this step meanwhile. Look at it again.")
        return show(
            request, workflow_id, visitor, step_id, draft=draft, conflict=draft is not None, trouble=trouble,
            status_code=conflict.status_code,
        )  # fmt: skip
    except AppError as error:
        return show(
            request, workflow_id, visitor, step_id, draft=draft, trouble=error.detail, status_code=error.status_code
        )
    return _led_to(workflow_id, following, done, number)


def _led_to(workflow_id: int, step_id: int | None, done: str, number: int | None) -> Response:
    at, was = (None if each is None else str(each) for each in (step_id, number))
    return RedirectResponse(address(f"/workflows/{workflow_id}/review", step=at, done=done, was=was), 303)
