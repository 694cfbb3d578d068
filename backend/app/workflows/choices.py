"""What a list of workflows can be narrowed down to, as far as a person may see it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.workflows import leaps
from app.workflows.models import Workflow
from app.workflows.visibility import visible


def sites(session: Session, actor: Actor, *, limit: int = 200) -> list[str]:
    """Hosts of workflows that `actor` may see, in order."""
    return leaps.distinct(
        session,
        Workflow.site,
        lambda site: select(Workflow.id).where(Workflow.site == site, visible(actor)),
        limit=limit,
    )


def owners(session: Session, actor: Actor, *, limit: int = 200) -> dict[int, str]:
    """Number and name of people who have a workflow that `actor` may see, by name."""
    theirs = select(Workflow.id).where(Workflow.owner_id == User.id, visible(actor)).correlate(User)
    rows = session.execute(
        select(User.id, User.name).where(leaps.any_of(theirs)).order_by(User.name, User.id).limit(limit)
    )
    return dict(rows.all())
