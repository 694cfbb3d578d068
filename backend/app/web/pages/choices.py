"""Settings: who names the steps and how, what it may cost, how long things are kept."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from app.core import preferences
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import AppError
from app.core.preferences import CHOOSABLE
from app.labeling import choices, prices, registry
from app.labeling.protocol import PermanentLabelError, TransientLabelError
from app.web.complaints import explained
from app.web.fields import BUDGET, LABELLING, RETENTION, Field, fields, parsed
from app.web.rendering import render
from app.web.visitors import AdminSentOurForm, SignedInAdmin, Visitor

router = APIRouter(prefix="/settings/labelling")


@router.get("")
def show_choices(request: Request, visitor: SignedInAdmin, done: str = "") -> Response:
    """What holds now, and where it comes from."""
    return _page(request, visitor, done=done == "saved")


@router.post("")
async def change_choices(request: Request, visitor: AdminSentOurForm) -> Response:
    """Choose what was changed in the form; what was left as it is keeps its source."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    return await run_in_threadpool(_change, request, visitor, form)


def _change(request: Request, visitor: Visitor, form: Mapping[str, str]) -> Response:
    leave = [name for name in (form.get("leave"),) if name]
    try:
        with transaction() as session:
            present = preferences.settings(session)
            values = {} if leave else parsed(form, present)
            choices.change(session, visitor.actor, values=values, leave=leave)
    except AppError as error:
        return _page(request, visitor, error=error, given=form)
    return RedirectResponse("/settings/labelling?done=saved", 303)


@router.post("/check")
def check_connection(request: Request, visitor: AdminSentOurForm) -> Response:
    """Ask the provider whether it is there and takes the key; it costs nothing."""
    settings = preferences.current()
    try:
        model = registry.check(settings)
    except (PermanentLabelError, TransientLabelError) as error:
        return _page(request, visitor, checked=(False, error.reason))
    return _page(request, visitor, checked=(True, model or ""))


def _page(
    request: Request,
    visitor: Visitor,
    *,
    done: bool = False,
    error: AppError | None = None,
    given: Mapping[str, str] | None = None,
    checked: tuple[bool, str] | None = None,
) -> Response:
    with transaction(read_only=True) as session:
        found = {choice.name: choice for choice in choices.listed(session, visitor.actor)}
        settings = preferences.settings(session)
    shown = fields(found, given or {})
    context: dict[str, Any] = {
        "labelling": _of(shown, LABELLING),
        "budget": _of(shown, BUDGET),
        "retention": _of(shown, RETENTION),
        "labeler": registry.name(settings),
        "models": prices.known("anthropic"),
        "keys": choices.keys(get_settings()),
        "openai_address": settings.openai_base_url,
        "wrong": error.facts.get("field") if error else None,
        "problem": explained(error) if error else None,
    }
    status = error.status_code if error else 200
    return render(
        request,
        "settings_labelling.html",
        visitor,
        status_code=status,
        here="labelling",
        done=done,
        checked=checked,
        **context,
    )


def _of(shown: Mapping[str, Field], names: tuple[str, ...]) -> list[Field]:
    return [shown[name] for name in names if name in CHOOSABLE]
