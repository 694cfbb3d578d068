"""The recorder: the extension to download, how to load it, and the token with which it uploads."""

import hashlib
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from app.accounts import tokens
from app.accounts.permissions import Scope
from app.core.clock import now
from app.core.config import get_settings
from app.core.db import transaction
from app.web import extension_zip
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn

router = APIRouter(prefix="/recorder")

SCOPES: tuple[Scope, ...] = ("write",)
"""A recorder sends pictures and recordings; it reads nothing."""

DAYS = 365
MAX_BROWSER = 100


@router.get("")
def show_recorder(request: Request, visitor: SignedIn) -> Response:
    """What it is, the download, and what to do with it."""
    return render(
        request,
        "recorder.html",
        visitor,
        address=get_settings().base_url,
        has_extension=(extension_zip.FOLDER / "manifest.json").is_file(),
    )


@router.get("/extension.zip")
def download_extension(request: Request, visitor: SignedIn) -> Response:  # noqa: ARG001 - only for people with an account
    """The extension, made of this server's files."""
    content = extension_zip.build()
    headers = {
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{extension_zip.NAME}"',
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/token", status_code=201)
def create_recorder_token(
    visitor: SentOurForm, browser: Annotated[str, Form(max_length=MAX_BROWSER)] = ""
) -> JSONResponse:
    """A token for the extension that asks out of this very page; its secret is in this answer alone."""
    name = _("Recorder in %(browser)s") % {"browser": browser.strip() or _("a browser")}
    with transaction() as session:
        token, secret = tokens.create(
            session, visitor.actor, name=name, scopes=SCOPES, expires_at=now() + timedelta(days=DAYS)
        )
        answer = {"id": token.id, "name": token.name, "token": secret}
    return JSONResponse(answer, 201, headers={"Cache-Control": "no-store"})
