"""Links by which a workflow is read without an account.

Who may change a workflow may share it, and sees and revokes all of its links: of a team's workflow every editor, of a
private one its owner, and admins. A link is for a private workflow as good as for another, which is what links are
for; it rests while the workflow lies in the trash. It belongs to the workflow: it does not end with the account of
the person who made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.clock import now
from app.core.config import get_settings
from app.core.errors import InvalidInput, NotFound
from app.core.secret_tokens import digest, new_secret
from app.storage.models import Screenshot
from app.workflows import origins, pictures, service
from app.workflows.errors import MayNotChange
from app.workflows.models import Share, Step, Workflow
from app.workflows.pictures import StepPicture

SHOWN_OF_SECRET = 6
LONGEST_NAME = 100
MOST_LINKS = 500
"""Of one workflow, the revoked ones too: who needs more of them needs another tool."""

State = Literal["works", "expired", "revoked"]


class ShareNotFound(NotFound):
    """There is no link with this number, or you may not see it."""


class LinkDead(NotFound):
    """This link does not work any more."""


class InvalidShare(InvalidInput):
    """A link cannot be made like this."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to."""

    share: Share
    workflow: Workflow


def create(
    session: Session,
    workflow_id: int,
    actor: Actor,
    *,
    name: str | None = None,
    expires_at: datetime | None = None,
    embed_origins: Sequence[str] = (),
) -> tuple[Share, str]:
    """A link, and its secret, which is shown this once. `name`: for whom it is; no `expires_at`: until it is revoked.

    Raises `InvalidShare`, `origins.InvalidOrigin`.
    """
    workflow = service.get(session, workflow_id, actor, for_change=True)
    _check_end(expires_at)
    name = (name or "").strip() or None
    if name and len(name) > LONGEST_NAME:
        raise InvalidShare(f"A link's name has at most {LONGEST_NAME} characters.", field="name")
    if len(_of(session, workflow_id)) >= MOST_LINKS:
        raise InvalidShare(f"A workflow has at most {MOST_LINKS} links.", limit=MOST_LINKS)
    allowed = origins.parsed(embed_origins)
    secret = new_secret()
    share = Share(
        workflow_id=workflow.id,
        secret_hash=digest(secret),
        prefix=secret[:SHOWN_OF_SECRET],
        name=name,
        embed_origins=allowed or None,
        created_by=actor.user_id,
        expires_at=expires_at,
    )
    session.add(share)
    session.flush()
    subject = f"workflow:{workflow.id}"
    audit.record(session, actor, "share_created", subject, share=share.id, expires_at=expires_at, embed_origins=allowed)
    return share, secret


def url(secret: str) -> str:
    """The address to give away."""
    return f"{get_settings().base_url}/s/{secret}"


def listed(session: Session, workflow_id: int, actor: Actor) -> Sequence[Share]:
    """All links of a workflow, also those that work no more, the newest first; for who may make some."""
    service.get(session, workflow_id, actor)
    if not actor.may("write"):
        raise MayNotChange
    return _of(session, workflow_id)


def revoke(session: Session, share_id: int, actor: Actor) -> Share:
    """End a link; again is harmless. Raises `ShareNotFound`, also if the actor may not see its workflow."""
    share = session.get(Share, service.storable(share_id))
    if share is None:
        raise ShareNotFound
    try:
        service.get(session, share.workflow_id, actor)
    except NotFound as error:
        raise ShareNotFound from error
    service.get(session, share.workflow_id, actor, for_change=True)
    if share.revoked_at is None:
        share.revoked_at = now()
        session.flush()
        audit.record(session, actor, "share_revoked", f"workflow:{share.workflow_id}", share=share.id)
    return share


def state(share: Share) -> State:
    """Whether it works."""
    if share.revoked_at is not None:
        return "revoked"
    return "expired" if share.expires_at is not None and share.expires_at <= now() else "works"


def open_(session: Session, secret: str) -> Opened:
    """What a link leads to.

    Raises `LinkDead` for whatever reason, after the same one query: nobody learns that there was such a link.
    """
    found = session.execute(
        select(Share, Workflow)
        .join(Workflow, Workflow.id == Share.workflow_id)
        .where(
            Share.secret_hash == digest(secret),
            Share.revoked_at.is_(None),
            or_(Share.expires_at.is_(None), Share.expires_at > now()),
            Workflow.deleted_at.is_(None),
        )
    ).first()
    if found is None:
        raise LinkDead
    return Opened(*found)


def picture(session: Session, secret: str, screenshot_id: str, *, position: int) -> StepPicture:
    """A screenshot as the step at this position shows it. Raises `LinkDead` if that step shows another or none."""
    workflow = open_(session, secret).workflow
    step = session.scalar(
        select(Step).where(
            Step.workflow_id == workflow.id,
            Step.position == service.storable(position),
            Step.screenshot_id == screenshot_id,
        )
    )
    if step is None:
        raise LinkDead
    return pictures.of_step(session.get_one(Screenshot, screenshot_id), step)


def _of(session: Session, workflow_id: int) -> Sequence[Share]:
    return session.scalars(select(Share).where(Share.workflow_id == workflow_id).order_by(Share.id.desc())).all()


def _check_end(expires_at: datetime | None) -> None:
    if expires_at is None:
        return
    if expires_at.tzinfo is None:
        raise InvalidShare("The end of a link needs a time zone.", field="expires_at")
    if expires_at <= now():
        raise InvalidShare("The end of a link lies in the past.", field="expires_at")
