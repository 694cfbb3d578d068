"""Tables: workflows, their steps, and every label that a step ever had."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import UtcDateTime, now
from app.core.db import Base, Json
from app.workflows.content import Action, ValueKind


class WorkflowStatus(StrEnum):
    """`processing` (being labelled) → `draft` (ready for review) → `published` → `archived`."""

    PROCESSING = "processing"
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Visibility(StrEnum):
    """`private`: its owner and admins; `team`: everyone who can sign in."""

    PRIVATE = "private"
    TEAM = "team"


class LabelState(StrEnum):
    """`rules` (labelled at ingest) → `pending` (in a run) → `labelled` or `failed` (keeps the label it had)."""

    RULES = "rules"
    PENDING = "pending"
    LABELLED = "labelled"
    FAILED = "failed"


class LabelSource(StrEnum):
    """Who wrote a label."""

    RULES = "rules"
    AI = "ai"
    HUMAN = "human"


class Workflow(Base):
    __tablename__ = "workflows"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    starting_url: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(35))
    """BCP 47; None: that of the recorded pages."""
    name_source: Mapped["LabelSource"] = mapped_column(String(10), default="human", server_default="human")
    """Who gave the name: a model may only replace one that the rules made up."""
    description_source: Mapped["LabelSource"] = mapped_column(String(10), default="human", server_default="human")
    status: Mapped[WorkflowStatus] = mapped_column(String(20), default=WorkflowStatus.PROCESSING)
    visibility: Mapped[Visibility] = mapped_column(String(20), default=Visibility.TEAM)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (Index(None, "owner_id", "id"), Index(None, "status", "id"), {"sqlite_autoincrement": True})


class Step(Base):
    __tablename__ = "steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    """From 1, without gaps."""
    version: Mapped[int] = mapped_column(default=1)
    action: Mapped[Action] = mapped_column(String(20))
    timestamp: Mapped[datetime | None] = mapped_column(UtcDateTime)
    target: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """`content.Target` without its empty fields."""
    value: Mapped[str | None] = mapped_column(Text)
    value_kind: Mapped[ValueKind | None] = mapped_column(String(20))
    page: Mapped[dict[str, Any]] = mapped_column(Json)
    """`content.Page` without its empty fields."""
    screenshot_id: Mapped[str | None] = mapped_column(ForeignKey("screenshots.id"), index=True)
    label_state: Mapped[LabelState] = mapped_column(String(20), default=LabelState.RULES)
    sensitive_regions: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """`content.Box`es of the picture that no model may see; None: none."""
    heading: Mapped[str | None] = mapped_column(String(200))
    """Of the section that begins with this step."""
    heading_source: Mapped[LabelSource | None] = mapped_column(String(10))

    __table_args__ = (Index(None, "workflow_id", "position"), {"sqlite_autoincrement": True})


class Label(Base):
    """One label, never changed and never replaced. Which one a step shows: `workflows.labels.shown`."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("steps.id", ondelete="CASCADE"), index=True)
    field_label: Mapped[str] = mapped_column(String(200))
    instruction: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float | None] = mapped_column()
    """0 to 1, from evidence; None: not judged, or written by a person."""
    source: Mapped[LabelSource] = mapped_column(String(10))
    model: Mapped[str | None] = mapped_column(String(100))
    prompt_version: Mapped[str | None] = mapped_column(String(40))
    run_id: Mapped[int | None] = mapped_column(index=True)
    """The run that made it. Without a foreign key: labels are never changed, whatever becomes of the run."""
    user_id: Mapped[int | None] = mapped_column()
    """The person who wrote it."""
    flags: Mapped[list[str] | None] = mapped_column(Json)
    """What a reviewer should look at, as codes (`not_on_page`, `style:long`, …); None: nothing."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ProposalDecision(Base):
    """What a person decided about a label that a model proposed beside a person's."""

    __tablename__ = "proposal_decisions"

    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)
    decision: Mapped[Literal["accepted", "rejected"]] = mapped_column(String(10))
    user_id: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
