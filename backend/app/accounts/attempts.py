"""Limits on guessing passwords, by account and by network address."""

import hashlib
import ipaddress
import math
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.errors import TooManyAttempts
from app.accounts.models import SignInAttempt
from app.core.clock import now
from app.core.config import get_settings
from app.core.turns import take_turn

WINDOW = timedelta(minutes=1)


def begin(session: Session, email: str, address: str | None) -> list[int]:
    """Count a sign-in as failed before its password is looked at, so that tries made at once are counted too.

    Returns what to `forget` if it succeeds. Raises `TooManyAttempts` with `retry_after` in seconds; a refused try is
    not counted, so that waiting helps.
    """
    subjects = _subjects(email, address)
    for subject in subjects:
        take_turn(session, subject)
        if wait := _seconds_to_wait(session, subject):
            raise TooManyAttempts(retry_after=wait)
    attempts = [SignInAttempt(subject=subject, at=now()) for subject in subjects]
    session.add_all(attempts)
    session.flush()
    return [attempt.id for attempt in attempts]


def forget(session: Session, attempt_ids: list[int]) -> None:
    """Uncount a sign-in that succeeded, and only that one: signing in buys no further guesses."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(attempt_ids)))


def _seconds_to_wait(session: Session, subject: str) -> int:
    limit = get_settings().sign_in_attempts_per_minute
    moment = now()
    newest = session.scalars(
        select(SignInAttempt.at)
        .where(SignInAttempt.subject == subject, SignInAttempt.at > moment - WINDOW)
        .order_by(SignInAttempt.at.desc())
        .limit(limit)
    ).all()
    if len(newest) < limit:
        return 0
    return max(1, math.ceil((newest[-1] + WINDOW - moment).total_seconds()))


def _subjects(email: str, address: str | None) -> list[str]:
    # Hashed, because people type a password into the wrong field.
    hashed = hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
    return [f"email:{hashed}"] + ([f"address:{_network(address)}"] if address else [])


def _network(address: str) -> str:
    """The address; of IPv6 the /64, which one customer has whole."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))
