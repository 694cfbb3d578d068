"""Who opens a page, and the proof that a form is one of ours."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Request, Response

from app.accounts import service as accounts
from app.accounts import session_cookie, sessions
from app.accounts.actor import Actor
from app.accounts.permissions import require
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import Forbidden
from app.core.same_origin import is_same_origin


class SignInNeeded(Exception):
    """Nobody is signed in in this browser."""


class ForgedForm(Forbidden):
    """This did not come from a form of ours, or you signed in anew meanwhile. Reload the page and try again."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with a session in this browser."""

    actor: Actor
    secret: str
    renewed: bool
    """The session's end was moved just now, so the cookie's has to move too."""

    @property
    def csrf(self) -> str:
        """What every form of theirs carries."""
        return sessions.csrf_token(self.secret)


def find_visitor(request: Request) -> Visitor | None:
    """Who this browser's session belongs to."""
    secret = request.cookies.get(session_cookie.name())
    if not secret:
        return None
    with transaction(read_only=True) as session:
        actor = sessions.actor_of(session, secret, request_id=request.state.request_id, address=client_address(request))
    if actor is None:
        return None
    request.state.actor = actor
    if actor.needs_touch:
        with transaction() as session:
            accounts.touch(session, actor)
    return Visitor(actor, secret, actor.needs_touch)


def _signed_in(request: Request) -> Visitor:
    visitor = find_visitor(request)
    if visitor is None:
        raise SignInNeeded
    return visitor


SignedIn = Annotated[Visitor, Depends(_signed_in)]


def _admin(visitor: SignedIn) -> Visitor:
    require(visitor.actor, "admin")
    return visitor


SignedInAdmin = Annotated[Visitor, Depends(_admin)]


def _sent_our_form(request: Request, visitor: SignedIn, csrf: Annotated[str, Form()] = "") -> Visitor:
    check_origin(request)
    if not sessions.is_csrf_token(visitor.secret, csrf):
        raise ForgedForm
    return visitor


SentOurForm = Annotated[Visitor, Depends(_sent_our_form)]
"""A signed-in person who pressed a button on one of our pages."""


def _admin_sent_our_form(visitor: SentOurForm) -> Visitor:
    require(visitor.actor, "admin")
    return visitor


AdminSentOurForm = Annotated[Visitor, Depends(_admin_sent_our_form)]


def check_origin(request: Request) -> None:
    """Refuse a form that another site made the browser send; enough where there is no session yet."""
    if not is_same_origin(request.headers):
        raise ForgedForm


def client_address(request: Request) -> str | None:
    """The address that the request came from, as the server saw it."""
    return request.client.host if request.client else None


def keep_signed_in(response: Response, secret: str) -> None:
    """Give the browser the session's secret."""
    max_age = get_settings().session_days * 86_400
    response.set_cookie(session_cookie.name(), secret, max_age=max_age, **session_cookie.rules())


def forget(response: Response) -> None:
    """Take the session's secret from the browser."""
    response.delete_cookie(session_cookie.name(), **session_cookie.rules())
