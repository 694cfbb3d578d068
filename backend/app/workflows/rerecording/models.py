"""Tables: new recordings of workflows that are there already, and their steps."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import UtcDateTime, now
from app.core.db import Base, Json


class RerecordingState(StrEnum):
    """`open` (waits for a person) → `applied` (something of it was taken over) or `dismissed` (nothing was)."""

    OPEN = "open"
    APPLIED = "applied"
    DISMISSED = "dismissed"


class Rerecording(Base):
    """A workflow's task recorded again: proposed, until a person decides what is taken over."""

    __tablename__ = "rerecordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column()
    """Who sent it. Without a foreign key, like that of an edit."""
    state: Mapped[RerecordingState] = mapped_column(String(10), default=RerecordingState.OPEN)
    warnings: Mapped[list[str] | None] = mapped_column(Json)
    """What could not be taken over of the recording itself, and what was masked in it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    __table_args__ = (Index(None, "workflow_id", "id"), {"sqlite_autoincrement": True})


class RerecordedStep(Base):
    """A step of a new recording. It holds its picture, and that in whose place it came: an undo wants it back."""

    __tablename__ = "rerecorded_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    rerecording_id: Mapped[int] = mapped_column(ForeignKey("rerecordings.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    """From 1, in the order in which it was recorded."""
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    """`content.StepContent` without its empty fields and its picture."""
    screenshot_id: Mapped[str | None] = mapped_column(ForeignKey("screenshots.id"), index=True)
    replaced_screenshot_id: Mapped[str | None] = mapped_column(ForeignKey("screenshots.id"), index=True)
    """The picture that the workflow's step had before it took over this one's."""
    by_rules: Mapped[dict[str, Any]] = mapped_column(Json)
    """What the rules say of it: `field_label`, `instruction`."""
    by_person: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The same in the words of a person, which an imported guide carries."""
    heading: Mapped[str | None] = mapped_column(String(200))
    """Of the section that begins with it, from an imported guide."""

    __table_args__ = (Index(None, "rerecording_id", "position"), {"sqlite_autoincrement": True})
