"""Settings: a backup to download."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import StreamingResponse

from app.backups import sending
from app.core.clock import now
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import AppError
from app.web.complaints import explained
from app.web.rendering import render
from app.web.visitors import AdminSentOurForm, SignedInAdmin, Visitor

router = APIRouter(prefix="/settings/backup")


@router.get("")
def show_backup(request: Request, visitor: SignedInAdmin) -> Response:
    """A button, when it was pressed last, and how to restore."""
    return _page(request, visitor)


@router.post("")
def download_backup(
    request: Request, visitor: AdminSentOurForm, allow_missing: Annotated[str, Form(max_length=5)] = ""
) -> Response:
    """The file, while it is written."""
    folder = get_settings().data_dir.resolve()
    try:
        stream = sending.Stream(visitor.actor, folder, allow_missing=bool(allow_missing))
    except AppError as error:
        return _page(request, visitor, error=error)
    name = f"workflow-platform-{now():%Y-%m-%d-%H%M}.tar"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(iter(stream), media_type="application/x-tar", headers=headers)


def _page(request: Request, visitor: Visitor, *, error: AppError | None = None) -> Response:
    with transaction(read_only=True) as session:
        last = sending.last(session, visitor.actor)
    return render(
        request,
        "settings_backup.html",
        visitor,
        status_code=error.status_code if error else 200,
        here="backup",
        last=last,
        problem=explained(error) if error else None,
    )
