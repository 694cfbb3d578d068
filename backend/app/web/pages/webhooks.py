"""Settings: programs that are told of what happens here. For admins."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.permissions import require
from app.core.db import transaction
from app.tasks.publishing import send_deliver
from app.web.i18n import gettext as _
from app.web.rendering import render
from app.web.visitors import SentOurForm, SignedIn, Visitor
from app.webhooks import service as webhooks
from app.webhooks.errors import InvalidWebhook, TooManyWebhooks

PATH = "/settings/webhooks"
PARTIAL = "partial"

router = APIRouter(prefix=PATH)

Text = Annotated[str, Form(max_length=4_000)]
Chosen = Annotated[list[str], Form()]
Action = Literal["pause", "resume", "secret", "test", "delete"]


def _words() -> dict[str, tuple[str, str]]:
    """What each event means, for people."""
    return {
        "workflow.labelled": (_("Labelled"), _("A labelling is done: the workflow is ready for review.")),
        "workflow.published": (_("Published"), _("Somebody published a workflow.")),
        "run.needs_attention": (_("Needs attention"), _("A labelling failed or was given up on.")),
        "webhook.test": (_("Test"), ""),
    }


@router.get("")
def show_webhooks(request: Request, visitor: SignedIn) -> Response:
    """All of them, and a form for another."""
    return _list(request, visitor)


@router.post("")
def create_webhook(
    request: Request,
    visitor: SentOurForm,
    *,
    url: Text = "",
    event: Chosen = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Make one. Its secret is on the page that answers, and nowhere else."""
    require(visitor.actor, "admin")
    try:
        with transaction() as session:
            made = webhooks.create(session, visitor.actor, url=url, events=event)
    except (InvalidWebhook, TooManyWebhooks) as error:
        return _list(request, visitor, status_code=error.status_code, problem=error.detail, url=url, chosen=event)
    return _one(request, visitor, made.id, status_code=201, secret=made.secret)


@router.get("/{webhook_id}")
def show_webhook(request: Request, webhook_id: int, visitor: SignedIn, cursor: str | None = None) -> Response:
    """One of them, with the log of what was sent."""
    return _one(request, visitor, webhook_id, cursor=cursor)


@router.post("/{webhook_id}")
def change_webhook(
    request: Request,
    webhook_id: int,
    visitor: SentOurForm,
    *,
    url: Text = "",
    event: Chosen = [],  # noqa: B006 - as above
) -> Response:
    """Another address, other events."""
    try:
        with transaction() as session:
            webhooks.change(session, webhook_id, visitor.actor, url=url, events=event)
    except InvalidWebhook as error:
        return _one(request, visitor, webhook_id, status_code=error.status_code, problem=error.detail, url=url)
    return RedirectResponse(f"{PATH}/{webhook_id}", 303)


@router.post("/{webhook_id}/{action}")
def act(request: Request, webhook_id: int, action: Action, visitor: SentOurForm) -> Response:
    """Pause, resume, make a new secret, send a test, delete."""
    actor, secret = visitor.actor, None
    with transaction() as session:
        if action == "delete":
            webhooks.remove(session, webhook_id, actor)
        elif action == "test":
            webhooks.send_test(session, webhook_id, actor)
        elif action == "secret":
            secret = webhooks.renew_secret(session, webhook_id, actor).secret
        else:
            webhooks.change(session, webhook_id, actor, paused=action == "pause")
    if secret is not None:
        return _one(request, visitor, webhook_id, secret=secret)
    if action == "test":
        send_deliver()
    return RedirectResponse(PATH if action == "delete" else f"{PATH}/{webhook_id}", 303)


@router.post("/{webhook_id}/deliveries/{delivery_id}/again")
def send_again(webhook_id: int, delivery_id: int, visitor: SentOurForm) -> Response:
    """Send a delivery once more."""
    with transaction() as session:
        webhooks.send_again(session, webhook_id, delivery_id, visitor.actor)
    send_deliver()
    return RedirectResponse(f"{PATH}/{webhook_id}", 303)


def _list(
    request: Request,
    visitor: Visitor,
    *,
    status_code: int = 200,
    problem: str | None = None,
    url: str = "",
    chosen: list[str] | None = None,
) -> Response:
    with transaction(read_only=True) as session:
        found = webhooks.list_(session, visitor.actor)
    return render(
        request,
        "webhooks.html",
        visitor,
        status_code=status_code,
        webhooks=found,
        events=webhooks.EVENTS,
        event_words=_words(),
        here="webhooks",
        problem=problem,
        url=url,
        chosen=webhooks.EVENTS if chosen is None else chosen,
    )


def _one(
    request: Request,
    visitor: Visitor,
    webhook_id: int,
    *,
    status_code: int = 200,
    cursor: str | None = None,
    problem: str | None = None,
    secret: str | None = None,
    url: str | None = None,
) -> Response:
    with transaction(read_only=True) as session:
        webhook = webhooks.get(session, webhook_id, visitor.actor)
        page = webhooks.deliveries(session, webhook_id, visitor.actor, limit=25, cursor=cursor)
    partial = request.headers.get("hx-request-type") == PARTIAL
    return render(
        request,
        "_deliveries.html" if partial else "webhook.html",
        visitor,
        status_code=status_code,
        webhook=webhook,
        deliveries=page.items,
        next_cursor=page.next_cursor,
        under_way=cursor is None and any(each.state == "waiting" and each.tries < 2 for each in page.items),
        events=webhooks.EVENTS,
        event_words=_words(),
        here="webhooks",
        problem=problem,
        secret=secret,
        url=webhook.url if url is None else url,
    )
