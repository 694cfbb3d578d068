"""What endpoints ask for: who acts, and the body as bytes within its limit."""

from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO

from fastapi import Depends, Request, Security
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import UploadFile

from app.accounts import service as accounts
from app.accounts import session_cookie, sessions, tokens
from app.accounts.actor import Actor
from app.accounts.permissions import Scope, require
from app.api.errors import UnsupportedMediaType, request_id
from app.core.db import single_query, transaction
from app.core.errors import Forbidden, InvalidInput, Unauthenticated
from app.core.same_origin import is_same_origin

CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

bearer = HTTPBearer(auto_error=False, bearerFormat="wp_…", description="An API token.")


class SessionCookie(APIKeyCookie):
    """The cookie that the dashboard sets. Its name changes with the settings, not with what is written about it."""

    async def __call__(self, request: HTTPConnection) -> str | None:
        return request.cookies.get(session_cookie.name())


cookie = SessionCookie(
    name="wp_session", auto_error=False, description="The dashboard's session; changes need X-CSRF-Token."
)


class ForgedRequest(Forbidden):
    """This change did not come from one of our pages: send the session's X-CSRF-Token, or use an API token."""


def find_actor(request: Request, credentials: HTTPAuthorizationCredentials | None, session_secret: str | None) -> Actor:
    """Who sent `request`: the API token's person, else the session's. A token that is no good is not overlooked."""
    origin = {"request_id": request_id(request), "address": client_address(request)}
    if credentials is not None:
        with single_query() as session:
            actor = tokens.actor_of(session, credentials.credentials, **origin)
    elif session_secret is not None:
        if request.method not in SAFE_METHODS:
            check_not_forged(request, session_secret, request.headers.get(CSRF_HEADER))
        with single_query() as session:
            actor = sessions.actor_of(session, session_secret, **origin)
    else:
        actor = None
    if actor is None:
        raise Unauthenticated
    request.state.actor = actor
    if actor.needs_touch:
        with transaction() as session:
            accounts.touch(session, actor)
    return actor


def check_not_forged(request: Request, session_secret: str, given: str | None) -> None:
    """Refuse a change that another site made the person's browser send."""
    if not is_same_origin(request.headers) or not sessions.is_csrf_token(session_secret, given or ""):
        raise ForgedRequest


def client_address(request: Request) -> str | None:
    """The address that the request came from, as the server saw it."""
    return request.client.host if request.client else None


def _acting(scope: Scope | None) -> object:
    def find(
        request: Request,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
        session_secret: Annotated[str | None, Security(cookie)],
    ) -> Actor:
        actor = find_actor(request, credentials, session_secret)
        if scope is not None:
            require(actor, scope)
        return actor

    return Depends(find)


Anybody = Annotated[Actor, _acting(None)]
"""Whoever is known here, whatever their token allows."""
Reader = Annotated[Actor, _acting("read")]
Editor = Annotated[Actor, _acting("write")]
Admin = Annotated[Actor, _acting("admin")]


async def read_body(request: Request) -> bytes:
    """The JSON body; how much of it is read is bounded by `middleware.BodyLimit`."""
    if _media_type(request) not in {"application/json", ""}:
        raise UnsupportedMediaType
    return await request.body()


JsonBody = Annotated[bytes, Depends(read_body)]


async def read_file(request: Request, _: Editor) -> AsyncIterator[BinaryIO]:
    """The form's `file`, on disk if it is large. Nothing is read of what a stranger sends."""
    if _media_type(request) != "multipart/form-data":
        raise UnsupportedMediaType('Send the file as a form: "multipart/form-data" with a field "file".')
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InvalidInput(
                'The form has no file in its field "file".', fields=[{"field": "file", "problem": "is missing"}]
            )
        yield file.file


SentFile = Annotated[BinaryIO, Depends(read_file, scope="function")]

FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
"""For the OpenAPI document: FastAPI would read a file that it knows of before it asks who sends it."""


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
