"""Tables: screenshots, and what is still to be erased of those that are gone."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import UtcDateTime, now
from app.core.db import Base, Json
from app.core.secret_tokens import new_id


class Screenshot(Base):
    """One picture of one person. Its bytes lie in the store under `blob`, which no other row has."""

    __tablename__ = "screenshots"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, default=new_id)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the bytes that were sent; what is stored was encoded anew."""
    blob: Mapped[str] = mapped_column(String(100), index=True)
    """Key of the original in the store: the SHA-256 of what is stored, and the id."""
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    bytes: Mapped[int] = mapped_column()
    """Size of what is stored."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    hidden: Mapped[list[list[int]] | None] = mapped_column(Json)
    """Where a person had it painted over: left, top, right, bottom in its pixels. An empty list: it was, and nobody
    wrote down where. None: it is as it was sent."""

    __table_args__ = (UniqueConstraint("owner_id", "sha256"),)


class Erasure(Base):
    """Bytes in the store that must go, with everything made of them. See `storage.erasing`."""

    __tablename__ = "erasures"

    blob: Mapped[str] = mapped_column(String(200), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
