"""What was refused to somebody we know goes into the audit trail, although their transaction was undone."""

import structlog
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.db import transaction
from app.core.errors import AppError

log = structlog.get_logger(__name__)


def record(request: Request, error: AppError) -> None:
    """Note the refusal in a transaction of its own. Never raises: the answer matters more.

    Whoever finds out who sent a request, here or for a page, leaves it in `request.state.actor`.
    """
    actor: Actor | None = getattr(request.state, "actor", None)
    if actor is None:
        return
    subject = next((f"{name.removesuffix('_id')}:{value}" for name, value in request.path_params.items()), None)
    try:
        with transaction() as session:
            audit.record(
                session,
                actor,
                "denied",
                subject,
                error=error.name,
                method=request.method,
                path=request.url.path,
            )
    except (SQLAlchemyError, PoolTimeout) as problem:
        log.warning("denial_not_recorded", error=type(problem).__name__)
