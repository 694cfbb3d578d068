"""Putting steps in order, adding and removing them. Every form leads back to the list, which says what was done."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, Response
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling.models import LabelingRun
from app.labeling.runs import PRIORITIES
from app.recordings import handwritten, restructuring
from app.tasks.publishing import publish
from app.web import editor_view
from app.web.editor_forms import Act, OneStep, StepIds, Version, Words, do, do_prepared
from app.web.editor_view import Opened
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn
from app.workflows import arranging, copying, merging, order, removing
from app.workflows.content import NoteKind

router = APIRouter(prefix="/workflows/{workflow_id}/edit")


@router.get("")
def show(
    request: Request,
    workflow_id: int,
    visitor: SignedIn,
    *,
    opened: Annotated[Opened | None, Query(alias="open")] = None,
    at: int = 0,
    done: int | None = None,
) -> Response:
    """The list; with `open` and `at` a form in it, with `done` what was just done."""
    with transaction(read_only=True) as session:
        at_step = (opened, at) if opened else None
        page = editor_view.build(session, workflow_id, visitor.actor, opened=at_step, done=done)
    return render(request, "edit.html", visitor, page=page)


@router.post("/order")
def put_in_order(
    request: Request, workflow_id: int, visitor: SentOurForm, step: StepIds, *, version: Version = None
) -> Response:
    """All steps in this order."""

    def act(session: Session, actor: Actor) -> None:
        arranging.reorder(session, workflow_id, actor, step, version=version)

    return do(request, workflow_id, visitor, act)


@router.post("/move")
def move(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    step: StepIds,
    *,
    by: Annotated[int, Form(ge=-1, le=1)] = 0,
    after: Annotated[int | None, Form()] = None,
    version: Version = None,
) -> Response:
    """One step up or down; or the chosen ones behind another (0: to the beginning)."""

    def act(session: Session, actor: Actor) -> int:
        if by:
            arranging.nudge(session, workflow_id, actor, step[0], by=by, version=version)
        else:
            arranging.move(session, workflow_id, actor, step, after=after or None, version=version)
        return step[0]

    return do(request, workflow_id, visitor, act)


@router.post("/remove")
def remove(
    request: Request, workflow_id: int, visitor: SentOurForm, step: StepIds, *, version: Version = None
) -> Response:
    """The chosen steps go; their neighbour is where to come back to."""

    def act(session: Session, actor: Actor) -> int | None:
        workflow, present = order.open_for_change(session, workflow_id, actor, version, {"step_ids": step})
        places = sorted(order.place_of(present, step_id) for step_id in step)
        removing.remove(session, workflow, actor, step)
        left = [step_id for step_id in present if step_id not in set(step)]
        return left[min(places[0], len(left) - 1)] if left else None

    return do(request, workflow_id, visitor, act)


@router.post("/duplicate")
def duplicate(
    request: Request, workflow_id: int, visitor: SentOurForm, step: OneStep, *, version: Version = None
) -> Response:
    """A copy behind the step."""
    return do(
        request,
        workflow_id,
        visitor,
        lambda session, actor: copying.duplicate(session, workflow_id, actor, step, version=version),
    )


@router.post("/merge")
def merge(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    step: StepIds,
    *,
    keep: Annotated[merging.Keep, Form()] = "last",
    version: Version = None,
) -> Response:
    """Steps in a row become one."""
    return do(
        request,
        workflow_id,
        visitor,
        lambda session, actor: merging.merge(session, workflow_id, actor, step, keep_picture=keep, version=version),
    )


@router.post("/insert")
def insert(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    *,
    after: Annotated[int, Form()] = 0,
    kind: Annotated[handwritten.Kind, Form()] = "note",
    text: Words = "",
    picture: Annotated[bytes, File()] = b"",
    screenshot_id: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """A note, a tip, a warning, a step by hand, or a heading above the step that follows."""
    opened: tuple[Opened, int] = ("insert", after)

    def prepare() -> Act:
        shot = handwritten.take_in(picture) if picture else screenshot_id or None
        return lambda session, actor: handwritten.insert(
            session, workflow_id, actor, kind=kind, text=text, after=after or None, picture=shot
        )

    return do_prepared(request, workflow_id, visitor, prepare, opened=opened)


@router.post("/note")
def change_note(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    step: OneStep,
    *,
    version: Annotated[int, Form()],
    kind: Annotated[NoteKind, Form()] = "note",
    text: Words = "",
    picture: Annotated[bytes, File()] = b"",
    screenshot_id: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Other words, another kind, another picture."""
    opened: tuple[Opened, int] = ("note", step)

    def prepare() -> Act:
        shot = handwritten.take_in(picture) if picture else screenshot_id or None
        return lambda session, actor: handwritten.rewrite(
            session, workflow_id, actor, step, version=version, kind=kind, text=text, picture=shot
        )

    return do_prepared(request, workflow_id, visitor, prepare, opened=opened)


@router.post("/heading")
def change_heading(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    step: OneStep,
    *,
    version: Annotated[int, Form()],
    text: Words = "",
) -> Response:
    """The heading above a step; no words: none."""

    def act(session: Session, actor: Actor) -> int:
        handwritten.head(session, workflow_id, actor, step, version=version, text=text)
        return step

    return do(request, workflow_id, visitor, act, opened=("heading", step))


@router.post("/split")
def split(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    step: OneStep,
    *,
    name: Words = "",
    version: Version = None,
) -> Response:
    """This step and all after it become a workflow of their own."""
    runs: list[tuple[LabelingRun, int]] = []

    def act(session: Session, actor: Actor) -> None:
        other, run = restructuring.split(
            session, workflow_id, actor, before_step_id=step, name=handwritten.name(name), version=version
        )
        runs.extend([(run, other.id)] if run else [])

    answer = do(request, workflow_id, visitor, act, opened=("split", step))
    _publish(runs)
    return answer


@router.post("/append")
def append(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    *,
    other: Annotated[list[int], Form()] = [],  # noqa: B006 - a form's default is never changed
    imported: Annotated[bool, Form()] = False,
    after: Annotated[int, Form()] = 0,
    file: Annotated[bytes, File()] = b"",
) -> Response:
    """Another workflow's steps, or those of a file, behind a step (0: at the end).

    `imported`: the other ones were imported for this alone, and go afterwards.
    """
    done: list[restructuring.Appended] = []

    def prepare() -> Act:
        actor, behind = visitor.actor, after or None
        if file:
            done.extend(restructuring.append_file(actor, workflow_id, file, after_step_id=behind))
        else:
            done.extend(
                restructuring.append_all(
                    actor, workflow_id, [number for number in other if number], after_step_id=behind, take_over=imported
                )
            )
        return lambda _session, _actor: done[0].step_ids[0] if done else None

    answer = do_prepared(request, workflow_id, visitor, prepare)
    _publish([(each.run, workflow_id) for each in done if each.run])
    return answer


def _publish(runs: list[tuple[LabelingRun, int]]) -> None:
    for run, workflow_id in runs:
        publish(run.id, workflow_id, PRIORITIES[run.mode])
