"""One at a time across all processes and machines: named leases in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, String, func, or_, select
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
    values = {"holder": holder, "until": db_now(seconds)}
    taken = (
        insert(NamedLease)
        .values(name=name, **values)
        .on_conflict_do_update(
            index_elements=[NamedLease.name],
            set_=values,
            where=or_(NamedLease.holder == holder, NamedLease.until < db_now()),
        )
        .returning(NamedLease.name)
    )
    return session.scalar(taken) is not None


def is_free(name: str) -> ColumnElement[bool]:
    """Whether nobody holds it at the moment, as a part of a query."""
    until = select(NamedLease.until).where(NamedLease.name == name).scalar_subquery()
    return func.coalesce(until < db_now(), True)
