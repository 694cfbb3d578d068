"""A workflow's task recorded again: the file comes in, both recordings stand side by side, a person chooses."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.accounts import users
from app.core.db import transaction
from app.core.errors import AppError
from app.guides import made_files
from app.guides.model import without_secrets
from app.labeling.runs import PRIORITIES
from app.recordings import rerecording
from app.tasks.publishing import publish
from app.web import compare_view
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.workflows.rerecording import comparing, hiding, storing
from app.workflows.rerecording.choices import Choice, Wanted
from app.workflows.rerecording.comparing import Comparison, Row
from app.workflows.rerecording.errors import ComparisonOutdated, RerecordingDecided

router = APIRouter(prefix="/workflows/{workflow_id}/recordings")

Keys = Annotated[list[str], Form(max_length=20_000)]
Chosen = Annotated[list[str], Query(max_length=2_000)]
SAID_IN_THE_PAGE = frozenset({409, 413, 422})
"""Errors that a person can do something about there."""


@router.get("")
def show_recordings(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """How to record again, and what was."""
    return _list(request, workflow_id, visitor)


@router.post("")
def take_in(request: Request, workflow_id: int, visitor: SentOurForm, file: Annotated[bytes, File()] = b"") -> Response:
    """A file with a new recording."""
    try:
        number = rerecording.store_file(visitor.actor, workflow_id, file)
    except AppError as error:
        if error.status_code not in SAID_IN_THE_PAGE:
            raise
        return _list(request, workflow_id, visitor, trouble=error)
    return RedirectResponse(f"/workflows/{workflow_id}/recordings/{number}", 303)


@router.get("/{recording_id}")
def show_comparison(
    request: Request,
    workflow_id: int,
    recording_id: int,
    visitor: SignedIn,
    *,
    kept: Chosen = [],  # noqa: B006 - never changed
    looked: Chosen = [],  # noqa: B006
) -> Response:
    """Old and new side by side."""
    return _compare(request, workflow_id, recording_id, visitor, kept=kept, looked=looked)


@router.post("/{recording_id}/apply")
def take_over(
    request: Request,
    workflow_id: int,
    recording_id: int,
    visitor: SentOurForm,
    *,
    basis: Annotated[str, Form(max_length=64)] = "",
    everything: Annotated[bool, Form()] = False,
    take: Keys = [],  # noqa: B006
    picture: Keys = [],  # noqa: B006
) -> Response:
    """What is ticked, or everything; held pictures only where somebody said that they looked."""
    try:
        with transaction() as session:
            comparison = comparing.compare(session, workflow_id, visitor.actor, recording_id)
            if basis != comparison.basis:
                raise ComparisonOutdated
            rows = {row.key: row for row in comparison.rows}
            chosen = [row for key, row in rows.items() if everything or key in set(take)]
            wanted = Wanted(basis, "old", [_choice(row, picture) for row in chosen])
            done = rerecording.apply(session, workflow_id, visitor.actor, recording_id, wanted)
    except AppError as error:
        if error.status_code not in SAID_IN_THE_PAGE:
            raise
        looked, all_kept = picture, None if everything else take
        return _compare(request, workflow_id, recording_id, visitor, taken=all_kept, looked=looked, trouble=error)
    if done.run:
        publish(done.run.id, workflow_id, PRIORITIES[done.run.mode])
    return RedirectResponse(f"/workflows/{workflow_id}", 303)


def _choice(row: Row, looked: Sequence[str]) -> Choice:
    step_id, position = (row.old.step.id if row.old else None), (row.new.position if row.new else None)
    return Choice(step_id, position, "new", "new" if row.key in looked else None)


@router.post("/{recording_id}/hide")
def hide_the_same(
    request: Request,
    workflow_id: int,
    recording_id: int,
    visitor: SentOurForm,
    *,
    at: Annotated[int | None, Form()] = None,
    take: Keys = [],  # noqa: B006
    picture: Keys = [],  # noqa: B006
) -> Response:
    """What is hidden in old pictures, in the new one of step `at`, else in all. The choices that were made stay."""
    try:
        if at is None:
            hiding.hide_all(visitor.actor, workflow_id, recording_id, outdate=made_files.outdate)
        else:
            hiding.hide(visitor.actor, workflow_id, recording_id, at, outdate=made_files.outdate)
    except AppError as error:
        if error.status_code not in SAID_IN_THE_PAGE:
            raise
        return _compare(request, workflow_id, recording_id, visitor, taken=take, looked=picture, trouble=error)
    with transaction(read_only=True) as session:
        rows = comparing.compare(session, workflow_id, visitor.actor, recording_id).rows
    here = f"/workflows/{workflow_id}/recordings/{recording_id}"
    made = {"kept": [row.key for row in rows if row.key not in set(take)], "looked": list(picture)}
    place = next((f"#row-{row.key.replace(':', '-')}" for row in rows if row.new and row.new.position == at), "")
    return RedirectResponse(f"{here}?{urlencode(made, doseq=True)}{place}", 303)


@router.post("/{recording_id}/dismiss")
def dismiss(workflow_id: int, recording_id: int, visitor: SentOurForm) -> Response:
    """Keep everything as it is."""
    with transaction() as session:
        storing.dismiss(session, workflow_id, visitor.actor, recording_id)
    return RedirectResponse(f"/workflows/{workflow_id}", 303)


def _list(request: Request, workflow_id: int, visitor: Visitor, trouble: AppError | None = None) -> Response:
    with transaction(read_only=True) as session:
        found = comparing.listed(session, workflow_id, visitor.actor)
        workflow = comparing.workflow_of(session, workflow_id, visitor.actor)
        names = users.names(session, {each.user_id for each in found if each.user_id})
    return render(
        request,
        "record_again.html",
        visitor,
        status_code=trouble.status_code if trouble else 200,
        workflow=workflow,
        title=without_secrets(workflow.name),
        recordings=found,
        names=names,
        trouble=trouble.detail if trouble else None,
    )


def _compare(
    request: Request,
    workflow_id: int,
    recording_id: int,
    visitor: Visitor,
    *,
    kept: Sequence[str] = (),
    taken: Sequence[str] | None = None,
    looked: Sequence[str] = (),
    trouble: AppError | None = None,
) -> Response:
    """`taken`: the rows that were ticked, where they were sent; else all are but the `kept` ones."""
    with transaction(read_only=True) as session:
        comparison = comparing.compare(session, workflow_id, visitor.actor, recording_id)
        if taken is not None:
            kept = [row.key for row in comparison.rows if row.key not in set(taken)]
        page = compare_view.build(session, comparison, names=_names(session, comparison), kept=kept, looked=looked)
    if trouble is None and comparison.rerecording.state != "open":
        trouble = RerecordingDecided()
    return render(
        request,
        "compare.html",
        visitor,
        status_code=trouble.status_code if trouble and request.method == "POST" else 200,
        page=page,
        trouble=trouble.detail if trouble else None,
    )


def _names(session: Session, comparison: Comparison) -> dict[int, str]:
    sender = comparison.rerecording.user_id
    return dict(users.names(session, {sender} if sender else set()))
