"""Table: exports that take a while, made in the background and fetched when they are done.

An export: `waiting → done | failed`; the file lies in the screenshot store until it expires.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import UtcDateTime, now
from app.core.db import Base, Json


class ExportJob(Base):
    __tablename__ = "export_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    workflow_ids: Mapped[list[int]] = mapped_column(Json)
    format: Mapped[str] = mapped_column(String(20))
    state: Mapped[Literal["waiting", "done", "failed"]] = mapped_column(String(20), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    """Of `total`: what a progress bar shows."""
    total: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """On the database's clock; while a worker is at it, when it counts as lost."""
    problem: Mapped[str | None] = mapped_column(Text)
    """Why it failed, in words for a person."""
    blob: Mapped[str | None] = mapped_column(String(200))
    filename: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "user_id", "id"), Index(None, "state", "due_at"), {"sqlite_autoincrement": True})
