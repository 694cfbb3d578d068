"""Tables: workflows, their steps, every label that a step ever had; folders and tags; what was edited and removed."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, Text, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import UtcDateTime, now
from app.core.db import Base, Json
from app.workflows.content import Action, NoteKind, ValueKind

DOUBTFUL = 0.6
"""Confidence below which a person should look at a label."""


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


def _where(condition: TextClause) -> dict[str, Any]:
    """An index over some rows only."""
    return {"sqlite_where": condition, "postgresql_where": condition}


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
    folder_id: Mapped[int | None] = mapped_column()
    """The folder it lies in. Without a foreign key: SQLite would have to copy the table to get one."""
    site: Mapped[str | None] = mapped_column(String(255))
    """Host of the first page, in lower case."""
    variables: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """What a reader fills in, `content.Variable`s without their empty fields; None: nothing."""
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it lies in the trash: nobody sees it there, until it is put back or erased."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (
        Index(None, "owner_id", "id"),
        Index(None, "status", "id"),
        Index(None, "folder_id", "id"),
        Index(None, "site", "id"),
        Index(None, "updated_at", "id"),
        Index(None, "name", "id"),
        Index("ix_workflows_deleted", "deleted_at", "id", **_where(text("deleted_at IS NOT NULL"))),
        {"sqlite_autoincrement": True},
    )


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
    note_kind: Mapped[NoteKind | None] = mapped_column(String(10))
    """What a `note` is; None: a plain note, or no note."""
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
    stale_label_id: Mapped[int | None] = mapped_column()
    """The label that was shown when a newer recording changed the step: as long as it is, it may be wrong."""
    stale_because: Mapped[list[str] | None] = mapped_column(Json)
    """What had changed then: `rerecording.likeness.Change`s."""

    __table_args__ = (
        Index(None, "workflow_id", "position"),
        Index("ix_steps_failed", "workflow_id", **_where(text("label_state = 'failed'"))),
        Index("ix_steps_stale", "workflow_id", **_where(text("stale_label_id IS NOT NULL"))),
        {"sqlite_autoincrement": True},
    )


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

    __table_args__ = (
        Index("ix_labels_doubtful", "step_id", **_where(text(f"confidence < {DOUBTFUL}"))),
        Index("ix_labels_of_people", "step_id", **_where(text("source = 'human'"))),
    )


class ProposalDecision(Base):
    """What a person decided about a label: about a model's that was proposed beside a person's, or that one's own
    words do not count any more (`withdrawn`: the edit was undone).
    """

    __tablename__ = "proposal_decisions"

    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)
    decision: Mapped[Literal["accepted", "rejected", "withdrawn"]] = mapped_column(String(10))
    user_id: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Folder(Base):
    """A drawer of the library. A workflow lies in one or in none."""

    __tablename__ = "folders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = ({"sqlite_autoincrement": True},)


class WorkflowTag(Base):
    """A word by which a workflow is found; a workflow has any number of them."""

    __tablename__ = "workflow_tags"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(50), primary_key=True)
    """In lower case."""

    __table_args__ = (Index(None, "tag", "workflow_id"),)


class Edit(Base):
    """One thing that a person did to a workflow, with what it takes to undo it. See `workflows.edits`."""

    __tablename__ = "edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column()
    """Without a foreign key: what was done stays done, whoever did it."""
    what: Mapped[str] = mapped_column(String(40))
    """The kind: a name in `workflows.edits.UNDO`."""
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    """What undoing needs to know."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "workflow_id", "id"), {"sqlite_autoincrement": True})


class RemovedStep(Base):
    """A step that a person removed, kept for a while so that it can be put back with all its labels."""

    __tablename__ = "removed_steps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The step's own number."""
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"), index=True)
    screenshot_id: Mapped[str | None] = mapped_column(ForeignKey("screenshots.id"), index=True)
    step: Mapped[dict[str, Any]] = mapped_column(Json)
    """The other columns of its row."""
    labels: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """The rows of its labels, with what was decided about them."""
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


class Share(Base):
    """A link by which a workflow is read without an account. See `workflows.shares`."""

    __tablename__ = "shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(12))
    """The first characters of the secret, by which a person knows it again."""
    name: Mapped[str | None] = mapped_column(String(100))
    """For whom it is."""
    embed_origins: Mapped[list[str] | None] = mapped_column(Json)
    """Origins whose pages may show the guide in a frame; None: none."""
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = ({"sqlite_autoincrement": True},)


class WorkflowViews(Base):
    """How often a workflow was opened on a day: a number, and nothing about who opened it."""

    __tablename__ = "workflow_views"

    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    """In UTC, as `2026-11-24`."""
    share_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """By which link; 0: by somebody who is signed in."""
    views: Mapped[int] = mapped_column()
