"""Deciding about what a model proposes beside words that a person wrote."""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from app.core.db import transaction
from app.web.visitors import SentOurForm
from app.workflows import proposals

router = APIRouter(prefix="/workflows/{workflow_id}")

Decision = Literal["accept", "reject"]

DECIDE = {"accept": proposals.accept, "reject": proposals.reject}
DECIDE_ALL = {"accept": proposals.accept_all, "reject": proposals.reject_all}

_ANCHOR = re.compile(r"(step|note)-\d{1,19}")


@router.post("/steps/{step_id}/proposals/{n}/{decision}")
def decide(
    workflow_id: int,
    step_id: int,
    n: int,
    decision: Decision,
    visitor: SentOurForm,
    *,
    anchor: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Accept or reject one, and come back to its step."""
    with transaction() as session:
        DECIDE[decision](session, workflow_id, step_id, n, visitor.actor)
    place = f"#{anchor}" if _ANCHOR.fullmatch(anchor) else ""
    return RedirectResponse(f"/workflows/{workflow_id}{place}", 303)


@router.post("/proposals/{decision}")
def decide_all(workflow_id: int, decision: Decision, visitor: SentOurForm) -> Response:
    """Accept the newest of each step, or reject all."""
    with transaction() as session:
        DECIDE_ALL[decision](session, workflow_id, visitor.actor)
    return RedirectResponse(f"/workflows/{workflow_id}", 303)
