"""One at a time across all processes and machines: named leases in the database."""

from datetime import datetime

from sqlalchemy import String, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import UtcDateTime, db_now
from app.core.db import Base


class NamedLease(Base):
    """Who does a job that only one process at a time may do."""

    __tablename__ = "named_leases"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


def hold(session: Session, name: str, holder: str, seconds: float) -> bool:
    """Take or renew the lease `name` for `seconds`; False while another holder's has not ended."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(NamedLease).values(name=name, holder=holder, until=db_now(-1)).on_conflict_do_nothing())
    taken = session.execute(
        update(NamedLease)
        .where(NamedLease.name == name, or_(NamedLease.holder == holder, NamedLease.until < db_now()))
        .values(holder=holder, until=db_now(seconds))
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]
