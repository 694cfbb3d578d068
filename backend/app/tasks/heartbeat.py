"""Signs of life of workers: a lease in the database that a living worker renews."""

from sqlalchemy import select, update

from app.core import singleton
from app.core.clock import db_now
from app.core.db import transaction
from app.core.singleton import NamedLease

PREFIX = "worker:"


def beat(worker: str, seconds: float) -> None:
    """This worker is alive, and will say so again within `seconds`."""
    with transaction() as session:
        singleton.hold(session, f"{PREFIX}{worker}"[:60], worker[:64], seconds)


def stop(worker: str) -> None:
    """This worker goes away on purpose."""
    with transaction() as session:
        session.execute(update(NamedLease).where(NamedLease.name == f"{PREFIX}{worker}"[:60]).values(until=db_now(-1)))


def alive() -> list[str]:
    """Names of the workers that gave a sign of life lately."""
    living = select(NamedLease.holder).where(
        NamedLease.name.startswith(PREFIX, autoescape=True), NamedLease.until > db_now()
    )
    with transaction(read_only=True) as session:
        return sorted(session.scalars(living))
