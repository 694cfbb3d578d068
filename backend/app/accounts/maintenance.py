"""Housekeeping: rows that have had their time."""

from typing import cast

from sqlalchemy import ColumnElement, CursorResult, delete
from sqlalchemy.orm import Session

from app.accounts import idempotency
from app.accounts.attempts import WINDOW
from app.accounts.models import SignInAttempt, SignInLink, SignInSession
from app.core.clock import now
from app.core.db import Base


def purge_expired(session: Session) -> dict[str, int]:
    """Delete ended sessions and links, attempts that no longer count, old idempotency keys; how many of each."""
    moment = now()
    return {
        "sessions": _delete(session, SignInSession, SignInSession.expires_at <= moment),
        "links": _delete(session, SignInLink, SignInLink.expires_at <= moment),
        "attempts": _delete(session, SignInAttempt, SignInAttempt.at <= moment - WINDOW),
        "idempotency_keys": idempotency.purge(session),
    }


def _delete(session: Session, table: type[Base], condition: ColumnElement[bool]) -> int:
    return cast("CursorResult[object]", session.execute(delete(table).where(condition))).rowcount
