"""What goes on in the background: who needs attention, what is under way, what it costs."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permissions import require
from app.core import asking, preferences
from app.core.db import transaction
from app.labeling import access, background, usage, window
from app.labeling.access import Handled
from app.labeling.background import Section
from app.labeling.budget import dollars
from app.labeling.models import ParkedFor, RunState
from app.labeling.runs import PRIORITIES
from app.tasks import heartbeat, queue_depth
from app.tasks.publishing import publish
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.run_lines import line
from app.web.visitors import SentOurForm, SignedIn
from app.web.wording import address

router = APIRouter(prefix="/background")

PAGE = 30
FEW = 10
AT_A_TIME = 100
PATIENCE_SECONDS = 2.5

Show = Literal["", "attention", "budget", "active", "over", "failed"]
FILTERS: dict[str, tuple[Section, RunState | None, ParkedFor | None]] = {
    "attention": ("attention", None, None),
    "budget": ("attention", None, "budget"),
    "active": ("active", None, None),
    "over": ("over", None, None),
    "failed": ("over", RunState.FAILED, None),
}

QUESTIONS = {"workers": heartbeat.alive, "messages": queue_depth.waiting_messages}


@router.get("")
def show_work(
    request: Request,
    visitor: SignedIn,
    *,
    show: str = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    retried: int = 0,
    acknowledged: int = 0,
    refused: int = 0,
) -> Response:
    """Everything at a glance, or one kind of runs page by page; while it stands open, its changing part alone."""
    show = show if show in FILTERS else ""
    live = request.headers.get("hx-request-type") == "partial"
    answers = asking.all_of(QUESTIONS, PATIENCE_SECONDS)
    with transaction(read_only=True) as session:
        context = _runs(session, visitor.actor, show, cursor)
        settings = preferences.settings(session)
        context["spending"] = usage.spending(session, settings)
        context["usage"] = None if live else usage.read(session, visitor.actor, window.parse(None, None), settings)
    return render(
        request,
        "_work.html" if live else "work.html",
        visitor,
        **context,
        show=show,
        here=address("/background", show=show, cursor=cursor),
        cursor=cursor,
        filters=_filters(),
        said=_said(retried, acknowledged, refused),
        workers=_or_none(answers["workers"]),
        messages=_or_none(answers["messages"]),
        dollars=dollars,
    )


@router.post("/retry")
def retry(
    visitor: SentOurForm,
    run: Annotated[list[int] | None, Form()] = None,
    every: Annotated[str, Form(max_length=20)] = "",
    show: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Try again those that were ticked, or as many of all that need attention as are handled at a time."""
    require(visitor.actor, "write")
    handled = access.retry_each(visitor.actor, _wanted(visitor.actor, run, every))
    for each in handled:
        # While the broker is away, one wait is enough: the reconciler sends the rest.
        if each.run and not publish(each.run.id, each.run.workflow_id, PRIORITIES[each.run.mode]):
            break
    return _back(show, "retried", handled)


@router.post("/acknowledge")
def acknowledge(
    visitor: SentOurForm,
    run: Annotated[list[int] | None, Form()] = None,
    every: Annotated[str, Form(max_length=20)] = "",
    show: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Say of those that were ticked, or of all, that somebody has seen them."""
    require(visitor.actor, "write")
    handled = access.acknowledge_each(visitor.actor, _wanted(visitor.actor, run, every))
    return _back(show, "acknowledged", handled)


def _wanted(actor: Actor, run: list[int] | None, every: str) -> list[int]:
    if every not in {"attention", "budget"}:
        return list(dict.fromkeys(run or []))[:AT_A_TIME]
    with transaction(read_only=True) as session:
        page = access.waiting_for_a_person(session, actor, parked_for=FILTERS[every][2], limit=AT_A_TIME, cursor=None)
    return page.items


def _back(show: str, done: str, handled: list[Handled]) -> Response:
    refused = sum(each.error is not None for each in handled)
    query = {"show": show if show in FILTERS else "", done: len(handled) - refused, "refused": refused}
    return RedirectResponse(f"/background?{urlencode({name: value for name, value in query.items() if value})}", 303)


def _runs(session: Session, actor: Actor, show: str, cursor: str | None) -> dict[str, Any]:
    """The sections that are shown, and where the list goes on."""
    found: dict[str, Any] = {"attention": None, "active": None, "over": None, "active_count": 0, "next_cursor": None}
    if show:
        section, state, parked_for = FILTERS[show]
        page = background.listed(session, actor, section, state=state, parked_for=parked_for, limit=PAGE, cursor=cursor)
        return found | {section: [line(seen) for seen in page.items], "next_cursor": page.next_cursor}
    under_way, count = background.under_way(session, actor, limit=FEW)
    return found | {
        "attention": [line(seen) for seen in background.listed(session, actor, "attention", limit=PAGE).items],
        "active": [line(seen) for seen in under_way],
        "active_count": count,
        "over": [line(seen) for seen in background.listed(session, actor, "over", limit=FEW).items],
    }


def _or_none(answer: Any) -> Any:
    return None if isinstance(answer, Exception) else answer


def _said(retried: int, acknowledged: int, refused: int) -> list[str]:
    said = []
    if retried > 0:
        said.append(_("Retried: %(count)s.") % {"count": retried})
    if acknowledged > 0:
        said.append(_("Acknowledged: %(count)s.") % {"count": acknowledged})
    if refused > 0:
        said.append(_("Not possible any more: %(count)s.") % {"count": refused})
    return said


def _filters() -> list[tuple[str, str]]:
    return [
        ("", _("Overview")),
        ("attention", _("Needs attention")),
        ("budget", _("Waits for budget")),
        ("active", _("Under way")),
        ("over", _("Finished")),
        ("failed", _("Failed")),
    ]
