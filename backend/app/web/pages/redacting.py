"""Painting over what a picture must not show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import transaction
from app.guides import made_files
from app.storage.frames import scale_of
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.workflows import redaction, redaction_proposals
from app.workflows import service as workflows
from app.workflows.content import Box
from app.workflows.errors import MayNotChange
from app.workflows.redaction import NothingToHide, On, Wanted
from app.workflows.redaction_proposals import Picture, Proposed

router = APIRouter(prefix="/workflows/{workflow_id}/steps/{step_id}")

MOST = 200
Percent = Annotated[list[float], Form(max_length=MOST)]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A row of the form: in percent of the picture, and why it is proposed."""

    left: float
    top: float
    width: float
    height: float
    why: str | None = None
    use: bool = False


@router.get("/redact")
def show_picture(
    request: Request,
    workflow_id: int,
    step_id: int,
    visitor: SignedIn,
    *,
    hidden: Annotated[int | None, Query(ge=0)] = None,
    kept: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The picture, what could be hidden in it, and what was hidden just now."""
    return _page(request, visitor, workflow_id, step_id, hidden=hidden, kept=kept)


@router.post("/redact")
def hide(
    request: Request,
    workflow_id: int,
    step_id: int,
    visitor: SentOurForm,
    *,
    left: Percent,
    top: Percent,
    width: Percent,
    height: Percent,
    use: Annotated[list[int] | None, Form(max_length=MOST)] = None,
    on: Annotated[On, Form()] = "step",
    screenshot: Annotated[str | None, Form(max_length=64)] = None,
) -> Response:
    """Paint over the rectangles that are ticked, for good."""
    drawn = [
        Rectangle(*edges, use=at in (use or ())) for at, edges in enumerate(zip(left, top, width, height, strict=False))
    ]
    boxes = [_fraction(each) for each in drawn if each.use]
    wanted = Wanted([box for box in boxes if box], "fraction", on, screenshot)
    try:
        done = redaction.redact(visitor.actor, workflow_id, step_id, wanted, outdate=made_files.outdate)
    except NothingToHide:
        return _page(request, visitor, workflow_id, step_id, drawn=drawn)
    query = f"hidden={len(set(done.pictures.values()))}&kept={done.kept_elsewhere}"
    return RedirectResponse(f"/workflows/{workflow_id}/steps/{step_id}/redact?{query}", 303)


def _page(
    request: Request,
    visitor: Visitor,
    workflow_id: int,
    step_id: int,
    *,
    drawn: Sequence[Rectangle] | None = None,
    hidden: int | None = None,
    kept: int = 0,
) -> Response:
    with transaction(read_only=True) as session:
        workflow = workflows.get(session, workflow_id, visitor.actor)
        if not visitor.actor.may("write"):
            raise MayNotChange
        picture = redaction_proposals.look(session, workflow_id, step_id, visitor.actor)
    # After something was hidden, nothing is proposed of what may be just that.
    proposed = [] if hidden is not None else [_proposed(picture, each) for each in picture.proposed]
    return render(
        request,
        "redact.html",
        visitor,
        status_code=200 if drawn is None else 422,
        workflow=workflow,
        picture=picture,
        rectangles=[each for each in proposed if each] if drawn is None else drawn,
        nothing=drawn is not None,
        hidden=hidden,
        kept=kept,
    )


def _proposed(picture: Picture, proposed: Proposed) -> Rectangle | None:
    """In percent, with a little room around it: boxes are rounded, letters overhang. None: it lies outside."""
    shot, box, margin = picture.screenshot, proposed.box, 2.0
    across = 100 * scale_of(shot.width, picture.viewport) / shot.width
    down = 100 * scale_of(shot.width, picture.viewport) / shot.height
    left, top = max(0.0, (box.x - margin) * across), max(0.0, (box.y - margin) * down)
    right, bottom = (
        min(100.0, (box.x + box.width + margin) * across),
        min(100.0, (box.y + box.height + margin) * down),
    )
    if right <= left or bottom <= top:
        return None
    why = _why(proposed)
    if proposed.step_id != picture.step.id:
        why = _("%(reason)s, at step %(number)s") % {"reason": why, "number": proposed.position}
    return Rectangle(round(left, 2), round(top, 2), round(right - left, 2), round(bottom - top, 2), why)


def _why(proposed: Proposed) -> str:
    return {
        "marked": _("Marked by the recorder"),
        "entered": _("A field with what was entered"),
        "email": _("An email address"),
        "phone number": _("A phone number"),
        "card number": _("A card number"),
        "IBAN": _("A bank account"),
        "token": _("A token"),
        "password": _("A password"),
        "private key": _("A key"),
    }[proposed.reason]


def _fraction(drawn: Rectangle) -> Box | None:
    """What a form may send, as far as it can be a part of a picture."""
    edges = (drawn.left, drawn.top, drawn.width, drawn.height)
    if not all(0 <= edge <= 100 for edge in edges) or not (drawn.width and drawn.height):  # not a number is not, either
        return None
    return Box(x=drawn.left / 100, y=drawn.top / 100, width=drawn.width / 100, height=drawn.height / 100)
