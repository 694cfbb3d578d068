"""Who sees a workflow, and the links by which it is read without an account."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import users
from app.accounts.models import Role
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.guides.model import without_secrets
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.workflows import service as workflows
from app.workflows import shares, views
from app.workflows.changes import WorkflowChanges
from app.workflows.models import Share, Visibility
from app.workflows.shares import InvalidShare

router = APIRouter(prefix="/workflows/{workflow_id}/share")

Lasts = Literal["1", "7", "30", "date", "never"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form for a new link says."""

    name: str = ""
    lasts: Lasts = "30"
    until: str = ""
    embed_origins: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the list."""

    share: Share
    state: shares.State
    views: int
    by: str


@dataclass(frozen=True, slots=True)
class Made:
    """A link that was just made: its address is never shown again."""

    share: Share
    url: str


NOTHING_WANTED = Wanted()


@router.get("")
def show_sharing(request: Request, workflow_id: int, visitor: SignedIn) -> Response:
    """Who sees it, and its links."""
    return _page(request, workflow_id, visitor)


@router.post("")
def make_link(
    request: Request,
    workflow_id: int,
    visitor: SentOurForm,
    *,
    name: Annotated[str, Form(max_length=200)] = "",
    lasts: Annotated[Lasts, Form()] = "30",
    until: Annotated[str, Form(max_length=20)] = "",
    embed_origins: Annotated[str, Form(max_length=8_000)] = "",
) -> Response:
    """Make a link and show it: this page alone has its address, so that no other has to carry it."""
    wanted = Wanted(name, lasts, until, embed_origins)
    try:
        with transaction() as session:
            share, secret = shares.create(
                session,
                workflow_id,
                visitor.actor,
                name=name,
                expires_at=_end(lasts, until),
                embed_origins=embed_origins.split(),
            )
    except InvalidInput as error:
        return _page(request, workflow_id, visitor, status_code=422, problem=error, wanted=wanted)
    return _page(request, workflow_id, visitor, status_code=201, made=Made(share, shares.url(secret)))


@router.post("/visibility")
def choose_visibility(
    workflow_id: int, visitor: SentOurForm, visibility: Annotated[Visibility, Form()] = Visibility.TEAM
) -> Response:
    """Keep it to oneself, or let the team see it."""
    with transaction() as session:
        workflows.update(session, workflow_id, visitor.actor, changes=WorkflowChanges(visibility=visibility))
    return RedirectResponse(f"/workflows/{workflow_id}/share", 303)


@router.post("/{share_id}/revoke")
def revoke_link(workflow_id: int, share_id: int, visitor: SentOurForm) -> Response:
    """End a link."""
    with transaction() as session:
        shares.revoke(session, share_id, visitor.actor)
    return RedirectResponse(f"/workflows/{workflow_id}/share#links", 303)


def _end(lasts: Lasts, until: str) -> datetime | None:
    """When the link ends: after so many days, or with the end of a day."""
    if lasts == "never":
        return None
    if lasts != "date":
        return now() + timedelta(days=int(lasts))
    try:
        return datetime.combine(date.fromisoformat(until) + timedelta(days=1), time(), UTC)
    except (ValueError, OverflowError):
        raise InvalidShare(_("Choose the last day on which the link works."), field="until") from None


def _page(
    request: Request,
    workflow_id: int,
    visitor: Visitor,
    *,
    status_code: int = 200,
    made: Made | None = None,
    problem: InvalidInput | None = None,
    wanted: Wanted = NOTHING_WANTED,
) -> Response:
    actor = visitor.actor
    with transaction(read_only=True) as session:
        workflow = workflows.get(session, workflow_id, actor)
        found = shares.listed(session, workflow_id, actor)
        counted = views.by_share(session, workflow_id)
        names = {user_id: users.get(session, user_id).name for user_id in {share.created_by for share in found}}
        days = views.by_day(session, workflow_id)
    links = [
        Link(share, shares.state(share), counted.get(share.id, 0), names[share.created_by])
        for share in sorted(found, key=lambda share: shares.state(share) != "works")
    ]
    context: dict[str, Any] = {"workflow": workflow, "links": links, "days": days, "views": sum(counted.values())}
    return render(
        request,
        "share.html",
        visitor,
        status_code=status_code,
        title=without_secrets(workflow.name),
        may_choose=workflow.owner_id == actor.user_id or actor.role == Role.ADMIN,
        today=now().date().isoformat(),
        made=made,
        problem=problem,
        wanted=wanted,
        **context,
    )
