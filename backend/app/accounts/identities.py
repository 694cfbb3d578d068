"""Whose account it is that somebody signs in to at a provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.accounts import audit, users
from app.accounts.errors import EmailTaken, InvalidPerson, SignInRefused
from app.accounts.models import Identity, Role, User
from app.core.clock import now
from app.core.config import Settings

ASK = "Ask an admin of this server."


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of a person. `email` is None unless the provider vouches for it."""

    issuer: str
    subject: str
    email: str | None
    name: str | None
    unverified_email: bool = False

    @classmethod
    def read(cls, issuer: str, claims: dict[str, Any]) -> Claims:
        """From the claims of an ID token that was checked."""
        email = claims.get("email") if isinstance(claims.get("email"), str) else None
        told = claims.get("email_verified")
        verified = told is True or told == "true"  # some providers send a string
        name = claims.get("name") if isinstance(claims.get("name"), str) else None
        return cls(
            issuer, claims["sub"], email if verified else None, name, unverified_email=bool(email and not verified)
        )


def person_of(session: Session, claims: Claims, settings: Settings) -> User:
    """The person who is known under this identity, else the one with this address, else a new one if that is wished.

    Raises `SignInRefused`, with words that say what to do.
    """
    _check_domain(claims, settings)
    person = _known(session, claims) or _linked(session, claims, settings)
    if person.disabled_at is not None:
        raise SignInRefused(f"Your account here was disabled. {ASK}")
    return person


def _known(session: Session, claims: Claims) -> User | None:
    known = (Identity.issuer == claims.issuer, Identity.subject == claims.subject)
    return session.scalar(select(User).join(Identity, Identity.user_id == User.id).where(*known))


def _linked(session: Session, claims: Claims, settings: Settings) -> User:
    """Whoever has the address from now on signs in as the provider's person, whatever becomes of the address there."""
    if claims.email is None:
        why = "did not confirm that the email address is yours" if claims.unverified_email else "told no email address"
        raise SignInRefused(f"The provider {why}, so it is not known who you are here. {ASK}")
    person = users.by_email(session, claims.email) or _new(session, claims, settings)
    if person.disabled_at is not None:
        return person
    values = {"issuer": claims.issuer, "subject": claims.subject, "user_id": person.id, "created_at": now()}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(Identity).values(values).on_conflict_do_nothing())
    audit.record(session, None, "identity_linked", f"user:{person.id}", issuer=claims.issuer)
    return person


def _new(session: Session, claims: Claims, settings: Settings) -> User:
    if not settings.oidc_create_people:
        raise SignInRefused(f"Nobody here has the email address {claims.email}. {ASK}")
    email = claims.email or ""
    name = "".join(each for each in claims.name or "" if each.isprintable()).strip()[:200] or email.partition("@")[0]
    try:
        return users.create(session, email=email, name=name[:200], role=Role(settings.oidc_create_people), by=None)
    except InvalidPerson as error:
        raise SignInRefused(f"The provider sent something that cannot be used here: {error.detail} {ASK}") from None
    except EmailTaken:
        raise SignInRefused("Somebody with this email address was added just now. Try again.") from None


def _check_domain(claims: Claims, settings: Settings) -> None:
    allowed = {each.strip().lower().removeprefix("@") for each in settings.oidc_allowed_domains.split(",")} - {""}
    domain = (claims.email or "").rpartition("@")[2].lower()
    if allowed and domain not in allowed:
        raise SignInRefused(f"Only people with an email address of {', '.join(sorted(allowed))} may sign in here.")
