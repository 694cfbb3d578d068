"""What became of something that was done, carried in a cookie to the page that is shown next, which says it once."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.orm import Session

from app.accounts import session_cookie
from app.accounts.actor import Actor
from app.web.i18n import gettext as _
from app.web.i18n import ngettext
from app.web.returning import own_page
from app.workflows import service as workflows
from app.workflows.bulk import Handled

COOKIE = "wp_notice"
SECONDS = 60
MOST_REASONS = 5
LONGEST_REASON = 200
NAMED = 3
"""So many are named of those that were left out."""
MAX_NEXT = 2_000

Did = Literal["label", "publish", "archive", "folder", "tag", "untag", "trash", "restore", "erase"]
Ids = Annotated[list[int], Field(max_length=200)]


class Notice(BaseModel):
    """What was done to which workflows, and which were left out for what reason."""

    did: Did
    done: Ids = []
    refused: Annotated[dict[str, Ids], Field(max_length=MOST_REASONS)] = {}


def about(did: Did, handled: Sequence[Handled[Any]]) -> Notice:
    """What became of each of them."""
    refused: dict[str, list[int]] = {}
    for one in handled:
        if one.error is not None:
            reasons = list(refused)
            reason = one.error.detail[:LONGEST_REASON]
            if len(reasons) >= MOST_REASONS and reason not in refused:
                reason = reasons[-1]
            refused.setdefault(reason, []).append(one.workflow_id)
    return Notice(did=did, done=[one.workflow_id for one in handled if one.error is None], refused=refused)


def said(notice: Notice) -> str:
    """`3 workflows deleted`."""
    count = len(notice.done)
    words = {
        "label": ngettext("%(num)s workflow is labelled again", "%(num)s workflows are labelled again", count),
        "publish": ngettext("%(num)s workflow published", "%(num)s workflows published", count),
        "archive": ngettext("%(num)s workflow archived", "%(num)s workflows archived", count),
        "folder": ngettext("%(num)s workflow moved", "%(num)s workflows moved", count),
        "tag": ngettext("%(num)s workflow tagged", "%(num)s workflows tagged", count),
        "untag": ngettext("Tag taken from %(num)s workflow", "Tag taken from %(num)s workflows", count),
        "trash": ngettext("%(num)s workflow deleted", "%(num)s workflows deleted", count),
        "restore": ngettext("%(num)s workflow put back", "%(num)s workflows put back", count),
        "erase": ngettext("%(num)s workflow deleted for good", "%(num)s workflows deleted for good", count),
    }
    return words[notice.did] % {"num": count} if count or notice.refused else _("Select some workflows first")


def going_to(path: str, notice: Notice | None = None) -> RedirectResponse:
    """The way to a page of ours, which says this."""
    answer = RedirectResponse(own_page(path), 303)
    if notice is not None:
        text = base64.urlsafe_b64encode(notice.model_dump_json(exclude_defaults=True).encode()).decode()
        answer.set_cookie(COOKIE, text, max_age=SECONDS, **session_cookie.rules())
    return answer


def read(request: Request) -> Notice | None:
    """What is to be said, if something is."""
    try:
        text = base64.b64decode(request.cookies.get(COOKIE, ""), altchars=b"-_", validate=True)
        return Notice.model_validate_json(text) if text else None
    except (binascii.Error, ValueError, ValidationError):
        return None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in words."""

    notice: Notice
    text: str
    refused: Sequence[tuple[str, str]]
    """Reasons, each with the names of those that were left out for it."""


def shown(session: Session, request: Request, actor: Actor) -> Told | None:
    """What is to be said to `actor`."""
    notice = read(request)
    if notice is None:
        return None
    ids = [number for left_out in notice.refused.values() for number in left_out]
    names = {workflow.id: workflow.name for workflow in workflows.among(session, ids, actor)} if ids else {}
    refused = [(reason, _named(left_out, names)) for reason, left_out in notice.refused.items()]
    return Told(notice, said(notice), refused)


def _named(ids: Sequence[int], names: Mapping[int, str]) -> str:
    """`“Refund an order”, “Create a contact” and 3 more`."""
    known = [f"“{names[number]}”" for number in ids if number in names][:NAMED]
    listing = ", ".join(known)
    more = len(ids) - len(known)
    if not more:
        return listing
    if not known:
        return ngettext("%(num)s workflow", "%(num)s workflows", more) % {"num": more}
    return _("%(names)s and %(num)s more") % {"names": listing, "num": more}


def forget(response: Response) -> None:
    """It was said."""
    response.delete_cookie(COOKIE, **session_cookie.rules())
