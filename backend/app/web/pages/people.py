"""Settings: people and their roles."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import links, users
from app.accounts.models import Role
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import AppError
from app.web.complaints import explained
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import AdminSentOurForm, SignedInAdmin, Visitor

router = APIRouter(prefix="/settings/people")


@router.get("")
def show_people(request: Request, visitor: SignedInAdmin) -> Response:
    """Everybody, the disabled too."""
    return _page(request, visitor)


@router.post("")
def add_person(
    request: Request,
    visitor: AdminSentOurForm,
    name: Annotated[str, Form(max_length=1_000)] = "",
    email: Annotated[str, Form(max_length=1_000)] = "",
    role: Annotated[str, Form(max_length=20)] = Role.EDITOR,
) -> Response:
    """Add somebody, and show the link that lets them in."""
    given = {"name": name, "email": email, "role": _role(role)}
    try:
        with transaction() as session:
            person = users.create(session, email=email, name=name, role=_role(role), by=visitor.actor)
            link = links.hand_out(session, person.id, by=visitor.actor)
    except AppError as error:
        return _page(request, visitor, error=error, given=given)
    return _page(request, visitor, link=(person.name, link))


@router.post("/{user_id}/role")
def change_role(
    request: Request, user_id: int, visitor: AdminSentOurForm, role: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Give somebody another role."""
    try:
        with transaction() as session:
            users.change_role(session, user_id, _role(role), by=visitor.actor)
    except AppError as error:
        return _page(request, visitor, error=error)
    return _back(user_id)


@router.post("/{user_id}/disable")
def disable_person(request: Request, user_id: int, visitor: AdminSentOurForm) -> Response:
    """Shut somebody out."""
    try:
        with transaction() as session:
            users.disable(session, user_id, by=visitor.actor)
    except AppError as error:
        return _page(request, visitor, error=error)
    return _back(user_id)


@router.post("/{user_id}/enable")
def enable_person(user_id: int, visitor: AdminSentOurForm) -> Response:
    """Let somebody in again."""
    with transaction() as session:
        users.enable(session, user_id, by=visitor.actor)
    return _back(user_id)


@router.post("/{user_id}/link")
def hand_out_link(request: Request, user_id: int, visitor: AdminSentOurForm) -> Response:
    """Show a link that signs somebody in once."""
    try:
        with transaction() as session:
            link = links.hand_out(session, user_id, by=visitor.actor)
            name = users.get(session, user_id).name
    except AppError as error:
        return _page(request, visitor, error=error)
    return _page(request, visitor, link=(name, link))


@router.post("/{user_id}/reset")
def reset_password(request: Request, user_id: int, visitor: AdminSentOurForm) -> Response:
    """Forget somebody's password, sign them out everywhere, and show a link that lets them in again."""
    try:
        with transaction() as session:
            users.forget_password(session, user_id, by=visitor.actor)
            link = links.hand_out(session, user_id, by=visitor.actor)
            name = users.get(session, user_id).name
    except AppError as error:
        return _page(request, visitor, error=error)
    return _page(request, visitor, link=(name, link))


def _page(
    request: Request,
    visitor: Visitor,
    *,
    error: AppError | None = None,
    given: dict[str, str] | None = None,
    link: tuple[str, str] | None = None,
) -> Response:
    with transaction(read_only=True) as session:
        people = users.list_(session)
    return render(
        request,
        "settings_people.html",
        visitor,
        status_code=error.status_code if error else 200,
        here="people",
        people=people,
        roles=_roles(),
        problem=explained(error) if error else None,
        wrong=error.facts.get("field", "email") if error and given else None,
        given=given or {"name": "", "email": "", "role": Role.EDITOR},
        link=link,
        minutes=get_settings().sign_in_link_minutes,
    )


def _back(user_id: int) -> Response:
    return RedirectResponse(f"/settings/people#person-{user_id}", 303)


def _role(asked: str) -> Role:
    return Role(asked) if asked in set(Role) else Role.VIEWER


def _roles() -> list[tuple[Role, str, str]]:
    return [
        (Role.VIEWER, _("Viewer"), _("reads what the team shares")),
        (Role.EDITOR, _("Editor"), _("records, edits and publishes, too")),
        (Role.ADMIN, _("Admin"), _("sees everything, manages people and settings")),
    ]
